/*
 * Showing a plan: while an allocation fails, each in turn, once and from there on; and to a sink
 * that does not take what it is given.
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

static const char scenario[] =
    "file_version: stressor#0\n"
    "config: {name: all, tag: x, details: y, max_errors: 3, watch: [self], warmup: 1}\n"
    "context: {url: 'http://a:b@c/', token: t, deep: [{a: [1, {b: 1.5}]}, \"x\\ny\", \"\\e\"]}\n"
    "sessions: {count: 2, ramp_up_delay: [0, 1ms], users: [{name: a, password: hidden}]}\n"
    "scenario: [{sequence: init}, {sequence: main, repeat: 2}]\n"
    "thresholds: [count of main > 1]\n"
    "sequences:\n  init: []\n  main:\n"
    "    - {activity: Note, text: \"$(url) and $(user.name)\", assert_match: '(?i)a+b*'}\n"
    "    - {activity: $wait($(pause)), name: a pause, monitor: true}\n"
    "    - {activity: Give, value: {a: [1, {b: $(x)}]}, store_json: {one: 'a[0]', two: $(x)},\n"
    "       assert_max_time: 1s, mock_result: [1], debug: yes, ignore_timing: yes}\n";

/* What came, in memory that no trial of memory touches. */
static struct taken {
    char text[16384];
    size_t length;
    size_t most; /* then it takes no more */
} taken;

static int32_t take(void *data, const char *bytes, uint64_t length)
{
    struct taken *t = data;
    if (t->length + length >= sizeof t->text || t->length + length > t->most)
        return STRESSOR_ESYSTEM;
    memcpy(t->text + t->length, bytes, (size_t)length);
    t->length += (size_t)length;
    t->text[t->length] = '\0';
    return 0;
}

static int32_t show(const stressor_plan *plan, size_t most)
{
    taken = (struct taken){.most = most};
    return stressor_plan_show(plan, take, &taken);
}

/* False: no allocation was left to fail. */
static bool attempt(const stressor_plan *plan, const char *whole, long n, bool on)
{
    nomem_here(n, on);
    int32_t status = show(plan, SIZE_MAX);
    bool failed = nomem_end();
    assert_int_equal(status, failed ? STRESSOR_ENOMEM : 0);
    if (!failed)
        assert_string_equal(taken.text, whole);
    assert_null(strstr(taken.text, "hidden"));
    return failed;
}

static void all_is_shown_or_the_want_of_memory_is_returned(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t, scenario, NULL);
    assert_non_null(t.plan);
    assert_int_equal(show(t.plan, SIZE_MAX), 0);
    char *whole = strdup(taken.text);
    assert_non_null(whole);
    assert_non_null(strstr(whole, "url: http://a:***@c/\n"));
    assert_non_null(strstr(whole, "token: \"***\"\n"));
    assert_non_null(strstr(whole, "store_json:\n        one: a[0]\n        two: $(x)\n"));
    long n = 0;
    while (attempt(t.plan, whole, n, false) && attempt(t.plan, whole, n, true))
        n++;
    free(whole);
    trial_free(&t);
    assert_true(n > 5);
}

static void what_the_sink_says_is_returned(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t, scenario, NULL);
    assert_non_null(t.plan);
    assert_int_equal(show(t.plan, 100), STRESSOR_ESYSTEM);
    assert_int_equal(taken.length, 0);
    trial_free(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_shown_or_the_want_of_memory_is_returned),
        cmocka_unit_test(what_the_sink_says_is_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
