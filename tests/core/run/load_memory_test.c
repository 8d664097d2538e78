/*
 * Loading and compiling while an allocation fails: each in turn, once, and from there on. What
 * comes is a message or a plan, never a crash or a leak. (run_memory_test.c does the same for whole
 * runs.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nomem.h"
#include "recorder.h"
#include "temporary.h"

static const char good[] =
    "file_version: stressor#0\nplugins: [recorder, 'recorder >= 1, < 2']\n"
    "config: {name: all, tag: 5, max_errors: 3, base: &b {a: 1, b: [x, $(deep.er)]}, pause: 1,\n"
    "  watch: [$(name), 5], url: 'http://a:b@c/'}\n"
    "thresholds: ['p95 of \"a pause\" < 1s, abort', count of main > $(pause)]\n"
    "context: {deep: {er: \"$(session_id) and $(user.name)\"}, more: {<<: *b, c: 2}}\n"
    "sessions:\n  count: 2\n  ramp_up_delay: [0, 1ms]\n"
    "  users: [{name: a, password: p, mail: x}, {name: b, password: }]\n"
    "scenario: [{sequence: init}, {sequence: main, repeat: 2}, {sequence: end, duration: 0}]\n"
    "sequences:\n  init: $load(part.yaml)\n  end: []\n  main:\n"
    "    - {activity: Note, text: \"$(deep.er) and $(user.name)\", assert_match: '(?i)a+b*'}\n"
    "    - {activity: $wait($(pause)), name: a pause, monitor: true}\n"
    "    - {activity: Give, value: {a: [1, {b: $(x)}], c: 1.5},\n"
    "       store_json: {one: 'a[0]', two: 'a.[1].b', three: $(deep.er)}, assert_max_time: 1s}\n"
    "    - {activity: Call, type: Note, arguments: {text: $(one)}, mock_result: [1]}\n";

static const char bad[] =
    "file_version: stressor#0\nplugins: [1, recroder, absent, recorder > 1]\nsesions: 1\nconfig: "
    "{name: [1], a: *gone, b: !x 1, c: $load(x)}\n"
    "thresholds: [1, p95 of mian < 1, p95 < 5%, p95 < $(no)]\n"
    "sessions: {users: [1, {name: a}], count: 0, cuont: 1, ramp_up_delay: [2, 1]}\n"
    "scenario: [a, {sequence: mian, repeat: x}]\nsequences:\n  main:\n    - 5\n    - {text: 1}\n"
    "    - {activity: Noet}\n    - {activity: $wait(1, 2)}\n    - {activity: $wiat(1)}\n"
    "    - {activity: Wait, secnds: 1}\n    - {activity: Note, assert_match: '(', text: [1]}\n"
    "    - {activity: Note, store_json: {a: 'x['}, name: \"$uid()\"}\n    - &a {b: 1, b: 2}\n";

static const char broken[] = "file_version: stressor#0\nscenario: {a: [1, 2\n";

static bool has_error(stressor_engine *e)
{
    for (size_t i = 0; i < stressor_mistakes_count(e); i++)
        if (!stressor_mistake_is_warning(e, i) && *stressor_mistake_text(e, i) != '\0')
            return true;
    return false;
}

/* One attempt; false: no allocation was left to fail. */
static bool attempt(struct trial *t, const char *text, const char *folder, long n, bool on)
{
    const char *const overrides[] = {"max_time:5", "tag:6", NULL};
    stressor_load_options o = {.size = sizeof o, .overrides = overrides};
    t->log_length = 0;
    t->log[0] = '\0';
    nomem_here(n, on);
    stressor_plan *plan = stressor_load_memory(t->engine, text, strlen(text), "s.yaml", folder, &o);
    bool failed = nomem_end();
    bool told = has_error(t->engine) || strstr(t->log, "out of memory") != NULL;
    bool right = plan != NULL ? !failed : told;
    stressor_plan_free(plan);
    if (!right)
        print_error("nothing was told of allocation %ld\n", n);
    assert_true(right);
    return failed;
}

static void check(const char *text, bool loads)
{
    char folder[TEMPORARY_SIZE], path[TEMPORARY_PATH];
    static const char part[] = "- {activity: Note, text: &t \"$(deep.er)\"}\n"
                               "- {activity: Note, text: *t}\n";
    struct trial t;
    assert_true(temporary_make(folder));
    temporary_write(temporary_path(folder, "part.yaml", path), part, sizeof part - 1);
    trial_load(&t, text, NULL);
    stressor_plan_free(t.plan);
    t.plan = NULL;
    long n = 0;
    while (attempt(&t, text, folder, n, false) && attempt(&t, text, folder, n, true))
        n++;
    bool loaded = stressor_mistakes_count(t.engine) == 0;
    temporary_remove(folder);
    trial_free(&t);
    assert_true(n > 10);
    assert_int_equal(loaded, loads);
}

/* A run starts, or it is told why not; false: no allocation was left to fail. */
static bool attempt_run(struct trial *t, long n, bool on)
{
    char error[200] = "";
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 3;
    nomem_here(n, on);
    stressor_run *run = stressor_run_start(t->plan, &o, error, sizeof error);
    bool failed = nomem_end();
    bool ended = run == NULL || stressor_run_wait(run, INT64_C(60000000000)) == 1;
    stressor_run_free(run);
    assert_true(ended);
    assert_true(run != NULL || *error != '\0');
    return failed;
}

static void a_run_starts_or_the_want_of_memory_is_told(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t,
               "file_version: stressor#0\nsessions: {count: 5, ramp_up_delay: [0, 1ms]}\n"
               "scenario: [{sequence: main}]\nsequences:\n  main:\n"
               "    - {activity: Note, text: a}\n    - {activity: Block, seconds: 0}\n",
               NULL);
    assert_non_null(t.plan);
    long n = 0;
    while (attempt_run(&t, n, false) && attempt_run(&t, n, true))
        n++;
    trial_free(&t);
    assert_true(n > 5);
}

static void a_scenario_is_compiled_or_the_want_of_memory_is_told(void **state)
{
    (void)state;
    check(good, true);
}

static void mistakes_are_told_or_the_want_of_memory(void **state)
{
    (void)state;
    check(bad, false);
}

static void broken_yaml_is_told_or_the_want_of_memory(void **state)
{
    (void)state;
    check(broken, false);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_is_compiled_or_the_want_of_memory_is_told),
        cmocka_unit_test(mistakes_are_told_or_the_want_of_memory),
        cmocka_unit_test(broken_yaml_is_told_or_the_want_of_memory),
        cmocka_unit_test(a_run_starts_or_the_want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
