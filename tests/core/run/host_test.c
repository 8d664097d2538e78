/*
 * What the host gives to a plugin, and what it refuses: variables, settings, metrics.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <stressor/log.h>

#include "recorder.h"

/* What init and run_open were answered. */
static struct {
    const void *unknown;
    int64_t bytes, again, other_kind, no_kind, no_name, no_unit, last, beyond;
    int32_t status, other_section, no_setting, folder;
    stressor_value colour;
    int64_t slot;
} seen;

static int32_t probe_init(const stressor_host *host, void **data)
{
    static char names[5000][8];
    const uint32_t counter = STRESSOR_METRIC_COUNTER;
    *data = (void *)(uintptr_t)host;
    seen.unknown = host->extension(host, "stressor.nothing/1");
    seen.bytes = host->metric(host, counter, "probe.bytes", "By", "Bytes");
    seen.again = host->metric(host, counter, "probe.bytes", "By", "Bytes");
    seen.other_kind = host->metric(host, STRESSOR_METRIC_HISTOGRAM, "probe.bytes", "By", "");
    seen.no_kind = host->metric(host, 99, "probe.x", "By", "");
    seen.no_name = host->metric(host, counter, NULL, "By", "");
    seen.no_unit = host->metric(host, counter, "probe.x", NULL, "");
    seen.beyond = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names && seen.beyond >= 0; i++) {
        snprintf(names[i], sizeof names[i], "m%zu", i);
        seen.last = seen.beyond;
        seen.beyond = host->metric(host, counter, names[i], "1", "");
    }
    return STRESSOR_OK;
}

static int32_t probe_run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    const stressor_host *host = data;
    stressor_value v;
    *run_data = data;
    seen.status = host->setting(run, "sessions", "colour", &seen.colour);
    seen.other_section = host->setting(run, "config", "colour", &v);
    seen.no_setting = host->setting(run, "sessions", "colours", &v);
    seen.folder = host->open_beneath(plan, "x", 1);
    return STRESSOR_OK;
}

/* Sets the variable `n` to what it was and one more, as the setting of that name takes it. */
static const stressor_arg arg_n = {.size = sizeof arg_n,
                                   .name = "n",
                                   .types = STRESSOR_ARG_INT,
                                   .fallback = "40",
                                   .help = "a number"};

static int32_t count_prepare(stressor_prepare *p)
{
    seen.slot = p->host->variable_slot(p->plan, "n", 1);
    return seen.slot >= 0 ? STRESSOR_OK : STRESSOR_ENOMEM;
}

static int32_t count_start(stressor_exec *x, stressor_result *r)
{
    stressor_value n;
    if (x->host->variable_get_as(x, seen.slot, &arg_n, &n, &r->failure) == STRESSOR_EINVAL)
        return STRESSOR_FAILED;
    n.as.integer++;
    if (x->host->variable_set(x, seen.slot, &n) != STRESSOR_OK)
        return stressor_fail(x, &r->failure, STRESSOR_INTERNAL, "set", "it is not set");
    x->host->metric_record(x->worker, seen.bytes, n.as.integer);
    x->host->metric_record(x->worker, -1, 1);
    x->host->metric_record(x->worker, seen.last + 1, 1);
    return STRESSOR_DONE;
}

static const stressor_activity_type count = {.size = sizeof count,
                                             .name = "Count",
                                             .help = "For tests",
                                             .prepare = count_prepare,
                                             .start = count_start};
static const stressor_activity_type *const types[] = {&count};
static const stressor_arg arg_colour = {
    .size = sizeof arg_colour, .name = "colour", .types = STRESSOR_ARG_STRING, .help = "of it"};
static const stressor_setting colour = {
    .size = sizeof colour, .section = "sessions", .arg = &arg_colour};
static const stressor_setting *const settings[] = {&colour};
static const stressor_plugin probe = {.size = sizeof probe,
                                      .abi_minor = STRESSOR_ABI_MINOR,
                                      .abi_draft = STRESSOR_ABI_DRAFT,
                                      .name = "probe",
                                      .version = "1.0",
                                      .help = "Asks the host",
                                      .activities = types,
                                      .activities_count = 1,
                                      .settings = settings,
                                      .settings_count = 1,
                                      .init = probe_init,
                                      .run_open = probe_run_open};

static const stressor_plugin *probe_entry(void)
{
    return &probe;
}

static void run(struct trial *t, const char *yaml)
{
    static const stressor_plugin_entry plugins[] = {recorder_entry, probe_entry, NULL};
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 1;
    memset(&seen, 0, sizeof seen);
    trial_load_with(t, plugins, yaml, NULL);
    trial_start(t, &o);
    trial_end(t);
}

#define SCENARIO                                                                                   \
    "sessions: {colour: blue}\nscenario: [{sequence: main}]\nsequences:\n  main:\n"                \
    "    - {activity: Count}\n    - {activity: Count}\n    - {activity: Note, text: 'n=$(n)'}\n"

static void metrics_are_registered_once_and_only_so_many(void **state)
{
    (void)state;
    struct trial t;
    run(&t, "file_version: stressor#0\n" SCENARIO);
    assert_null(seen.unknown);
    assert_true(seen.bytes >= 0);
    assert_int_equal(seen.again, seen.bytes);
    assert_int_equal(seen.other_kind, STRESSOR_EINVAL);
    assert_int_equal(seen.no_kind, STRESSOR_EINVAL);
    assert_int_equal(seen.no_name, STRESSOR_EINVAL);
    assert_int_equal(seen.no_unit, STRESSOR_EINVAL);
    assert_true(seen.last > seen.bytes);
    assert_int_equal(seen.beyond, STRESSOR_ELIMIT);
    assert_int_equal(t.snapshot->metrics_count, seen.last + 1);
    assert_string_equal(t.snapshot->metrics[seen.bytes]->name, "probe.bytes");
    assert_int_equal(t.snapshot->metrics[seen.bytes]->value, 41 + 42);
    trial_free(&t);
}

static void settings_of_sessions_are_read_when_a_run_opens(void **state)
{
    (void)state;
    struct trial t;
    run(&t, "file_version: stressor#0\n" SCENARIO);
    assert_int_equal(seen.status, STRESSOR_OK);
    assert_string_equal(seen.colour.as.string.ptr, "blue");
    assert_int_equal(seen.other_section, STRESSOR_EINVAL);
    assert_int_equal(seen.no_setting, STRESSOR_ENOENT);
    assert_int_equal(seen.folder, STRESSOR_EINVAL); /* a scenario from memory has none */
    trial_free(&t);
}

static void a_variable_is_read_as_a_type_and_set_by_its_slot(void **state)
{
    (void)state;
    struct trial t;
    run(&t, "file_version: stressor#0\n" SCENARIO);
    assert_int_equal(t.snapshot->errors, 0);
    assert_int_equal(recorder_count("n=42"), 1);
    trial_free(&t);
    run(&t, "file_version: stressor#0\nconfig: {n: '7', m: 1}\n" SCENARIO);
    assert_int_equal(recorder_count("n=9"), 1);
    trial_free(&t);
    run(&t, "file_version: stressor#0\nconfig: {n: many}\n" SCENARIO);
    assert_int_equal(t.snapshot->errors, 2);
    assert_int_equal(trial_errors(&t, "bad setting"), 2);
    assert_non_null(strstr(t.log, "variable 'n': expected an integer, found text 'many'"));
    trial_free(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_are_registered_once_and_only_so_many),
        cmocka_unit_test(settings_of_sessions_are_read_when_a_run_opens),
        cmocka_unit_test(a_variable_is_read_as_a_type_and_set_by_its_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
