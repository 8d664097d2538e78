/*
 * Whether results are trusted, by figures that are made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stressor/plugin.h>

#include "stats/snapshot.h"
#include "stats/trust.h"

#define MS INT64_C(1000000)

/* An empty snapshot, with places for what the tests make up. */
struct made {
    stressor_snapshot *s;
    struct stressor_histogram *net;
    stressor_resources resources;
    stressor_error_group groups[4];
    const stressor_error_group *group_table[4];
    stressor_worker_row workers[3];
    const stressor_worker_row *worker_table[3];
    stressor_process_row process;
    const stressor_process_row *process_table[1];
    stressor_machine machine;
    stressor_process_point process_point;
    const stressor_process_point *process_point_table[1];
    stressor_point point;
    const stressor_point *point_table[1];
};

static void make(struct made *m)
{
    static const struct shard_layout layout;
    struct snapshot_facts facts = {.name = "x"};
    memset(m, 0, sizeof *m);
    m->s = snapshot_merge(NULL, 0, &layout, &facts, NULL);
    m->net = histogram_new();
    assert_non_null(m->s);
    assert_non_null(m->net);
    m->s->net = m->net;
    m->s->resources = &m->resources;
    m->s->machine = &m->machine;
    m->resources.loop_lag_p99_ns = MS;
    m->resources.loop_lag_max_ns = 2 * MS;
}

static const stressor_trust *judge(struct made *m)
{
    assert_true(trust_judge(m->s));
    assert_non_null(m->s->trust);
    return m->s->trust;
}

static void unmake(struct made *m)
{
    snapshot_release(m->s);
    histogram_free(m->net);
}

static void add_group(struct made *m, uint32_t category, const char *kind, uint64_t count)
{
    uint32_t i = m->s->error_groups_count++;
    m->groups[i] = (stressor_error_group){
        .size = sizeof m->groups[i], .category = category, .kind = kind, .count = count};
    m->group_table[i] = &m->groups[i];
    m->s->error_groups = m->group_table;
}

static void a_generator_in_time_is_trusted(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    m.resources.loop_lag_p99_ns = 5 * MS;
    const stressor_trust *t = judge(&m);
    assert_int_equal(t->verdict, STRESSOR_TRUSTED);
    assert_int_equal(t->lateness_p99_ns, 5 * MS);
    assert_int_equal(t->lateness_max_ns, 2 * MS);
    assert_int_equal(t->lateness_limit_ns, 5 * MS);
    assert_int_equal(t->reasons_count, 0);
    assert_int_equal(t->notes_count, 0);
    unmake(&m);
}

static void without_samples_nothing_can_be_said(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    m.resources.loop_lag_p99_ns = m.resources.loop_lag_max_ns = 0;
    assert_int_equal(judge(&m)->verdict, STRESSOR_TRUST_UNKNOWN);
    unmake(&m);
}

static void lateness_is_told_with_figures_and_what_to_do(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    m.resources.loop_lag_p99_ns = 2100 * MS;
    m.resources.loop_lag_max_ns = 2400 * MS;
    const stressor_trust *t = judge(&m);
    assert_int_equal(t->verdict, STRESSOR_UNTRUSTED);
    assert_int_equal(t->reasons_count, 1);
    assert_string_equal(t->reasons[0],
                        "the workers were late by 2.10 s (p99; at most 2.40 s; limit 5.00 ms): "
                        "use fewer sessions, or spread the load over more machines");
    unmake(&m);
}

static void more_workers_are_advised_only_where_they_would_help(void **state)
{
    (void)state;
    static const struct {
        uint32_t workers, cpus;
        uint64_t sessions;
        bool advised;
    } cases[] = {
        {3, 4, 100, true},
        {4, 4, 100, false},
        {8, 4, 100, false},
        {3, 4, 3, false}, /* a session runs on one worker */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made m;
        make(&m);
        m.resources.loop_lag_p99_ns = 2100 * MS;
        m.resources.workers = cases[i].workers;
        m.machine.cpus = cases[i].cpus;
        m.s->sessions_planned = cases[i].sessions;
        const stressor_trust *t = judge(&m);
        assert_int_equal(t->reasons_count, 1);
        assert_int_equal(strstr(t->reasons[0], ": use more workers or fewer sessions, or") != NULL,
                         cases[i].advised);
        unmake(&m);
    }
}

static void long_latencies_bear_more_lateness(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    for (int i = 0; i < 3; i++)
        histogram_record(m.net, 200 * MS); /* the middle of its bucket is 200 ms, off by 0.05 % */
    m.resources.loop_lag_p99_ns = 19 * MS;
    const stressor_trust *t = judge(&m);
    assert_in_range(t->median_ns, 199 * MS, 201 * MS);
    assert_int_equal(t->lateness_limit_ns, t->median_ns / 10);
    assert_int_equal(t->verdict, STRESSOR_TRUSTED);
    m.resources.loop_lag_p99_ns = 21 * MS;
    assert_int_equal(judge(&m)->verdict, STRESSOR_UNTRUSTED);
    unmake(&m);
}

static void failures_of_the_generator_are_told_by_kind(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    add_group(&m, STRESSOR_TARGET, "status 500", 1000);
    add_group(&m, STRESSOR_GENERATOR, "local ports", 70);
    add_group(&m, STRESSOR_GENERATOR, "odd", 1);
    add_group(&m, STRESSOR_GENERATOR, "local ports", 3); /* of another row */
    const stressor_trust *t = judge(&m);
    assert_int_equal(t->verdict, STRESSOR_UNTRUSTED);
    assert_int_equal(t->generator_errors, 74);
    assert_int_equal(t->reasons_count, 2);
    assert_string_equal(t->reasons[0],
                        "73 failures of this machine, not of the target, [local ports]: let "
                        "connections live longer, widen net.ipv4.ip_local_port_range, or spread "
                        "the load over more machines");
    assert_string_equal(t->reasons[1], "1 failure of this machine, not of the target, [odd]: the "
                                       "list of errors says more");
    unmake(&m);
}

static void failures_of_the_generator_need_no_samples_of_lateness(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    m.resources.loop_lag_p99_ns = m.resources.loop_lag_max_ns = 0;
    add_group(&m, STRESSOR_GENERATOR, "descriptors", 2);
    assert_int_equal(judge(&m)->verdict, STRESSOR_UNTRUSTED);
    unmake(&m);
}

static void what_is_nearly_used_up_is_noted_and_no_reason(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    for (int i = 0; i < 3; i++) {
        m.workers[i].cpu_max = i == 0 ? 0.2 : 0.9 + 0.03 * i;
        m.worker_table[i] = &m.workers[i];
    }
    m.s->workers = m.worker_table;
    m.s->workers_count = 3;
    m.machine.cpus = 4;
    m.machine.cpu_max = 3.9;
    m.machine.tcp_sockets = 500;
    m.machine.tcp_time_wait = 400;
    m.machine.local_ports = 1000;
    m.process.descriptors = 10;
    m.process.descriptors_limit = 100;
    m.process_table[0] = &m.process;
    m.s->processes = m.process_table;
    m.s->processes_count = 1;
    m.process_point.descriptors = 81; /* before the end came */
    m.process_point_table[0] = &m.process_point;
    m.point.processes = m.process_point_table;
    m.point.processes_count = 1;
    m.point_table[0] = &m.point;
    m.s->points = m.point_table;
    m.s->points_count = 1;
    const stressor_trust *t = judge(&m);
    assert_int_equal(t->verdict, STRESSOR_TRUSTED);
    assert_int_equal(t->reasons_count, 0);
    assert_int_equal(t->notes_count, 4);
    assert_string_equal(t->notes[0], "2 of 3 workers used more than 90 % of a CPU (most 96 %, in "
                                     "the busiest second)");
    assert_string_equal(t->notes[1],
                        "98 % of this machine's CPUs were busy (in the busiest second)");
    assert_string_equal(t->notes[2],
                        "900 TCP sockets are in use or in TIME_WAIT, and there are 1000 local "
                        "ports for each server (net.ipv4.ip_local_port_range): let connections "
                        "live longer, or widen the range");
    assert_string_equal(t->notes[3],
                        "81 of 100 file descriptors were in use: raise the limit (ulimit -n)");
    m.workers[1].cpu_max = m.workers[2].cpu_max = 0.9;
    m.machine.cpu_max = 3.8;
    m.machine.tcp_sockets = 400;
    m.process_point.descriptors = 80;
    assert_int_equal(judge(&m)->notes_count, 0);
    unmake(&m);
}

static void more_kinds_than_there_is_room_for_are_still_counted(void **state)
{
    (void)state;
    enum { KINDS = 30 };
    struct made m;
    char names[KINDS][4];
    stressor_error_group groups[KINDS];
    const stressor_error_group *table[KINDS];
    make(&m);
    for (int i = 0; i < KINDS; i++) {
        names[i][0] = 'k';
        names[i][1] = (char)('a' + i / 10);
        names[i][2] = (char)('0' + i % 10);
        names[i][3] = '\0';
        groups[i] = (stressor_error_group){
            .size = sizeof *groups, .category = STRESSOR_GENERATOR, .kind = names[i], .count = 2};
        table[i] = &groups[i];
    }
    m.s->error_groups = table;
    m.s->error_groups_count = KINDS;
    const stressor_trust *t = judge(&m);
    assert_int_equal(t->generator_errors, 60);
    assert_int_equal(t->reasons_count, 10);
    unmake(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_generator_in_time_is_trusted),
        cmocka_unit_test(without_samples_nothing_can_be_said),
        cmocka_unit_test(lateness_is_told_with_figures_and_what_to_do),
        cmocka_unit_test(more_workers_are_advised_only_where_they_would_help),
        cmocka_unit_test(long_latencies_bear_more_lateness),
        cmocka_unit_test(failures_of_the_generator_are_told_by_kind),
        cmocka_unit_test(failures_of_the_generator_need_no_samples_of_lateness),
        cmocka_unit_test(what_is_nearly_used_up_is_noted_and_no_reason),
        cmocka_unit_test(more_kinds_than_there_is_room_for_are_still_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
