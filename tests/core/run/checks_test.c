/*
 * The checks of a place whose arguments hold macros, and those of calls: they are looked at anew
 * for each execution, and what is wrong with them is told then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/value.h"
#include "recorder.h"

#define HEAD                                                                                       \
    "file_version: stressor#0\n"                                                                   \
    "config: {bad: '(', list: [1], path: 'a[1]', never: 0, soon: 10, nowhere: 'a[', what: b+}\n"   \
    "scenario: [{sequence: main}]\nsequences:\n  main:\n"

static void run(struct trial *t, const char *activities)
{
    char yaml[8192];
    assert_true(snprintf(yaml, sizeof yaml, HEAD "%s", activities) < (int)sizeof yaml);
    trial_run(t, yaml);
}

/* The only error is of this kind and says this. */
static void assert_error(const char *activity, const char *kind, const char *text)
{
    struct trial t;
    run(&t, activity);
    assert_int_equal(t.snapshot->errors, 1);
    assert_string_equal(t.snapshot->error_groups[0]->kind, kind);
    if (strstr(t.snapshot->error_groups[0]->example, text) == NULL)
        fail_msg("\"%s\" is not in: %s", text, t.snapshot->error_groups[0]->example);
    trial_free(&t);
}

static void macros_in_checks_are_expanded_for_each_execution(void **state)
{
    (void)state;
    struct trial t;
    run(&t, "    - {activity: Give, value: {a: [1, 7]}, store_json: {x: $(path)},\n"
            "       assert_max_time: $(soon), assert_match: '^{.a.'}\n"
            "    - {activity: Note, text: 'x=$(x)'}\n"
            "    - {activity: Note, text: abbc, assert_match: a$(what)c}\n");
    assert_int_equal(t.snapshot->errors, 0);
    assert_int_equal(recorder_count("x=7"), 1);
    trial_free(&t);
}

static void checks_that_fail_say_what_was_expected(void **state)
{
    (void)state;
    assert_error("    - {activity: Note, text: b, assert_max_time: $(never)}\n", "assert_max_time",
                 "expected to take at most 0");
    assert_error("    - {activity: Note, text: c, assert_match: a$(what)c}\n", "assert_match",
                 "ab+c");
    assert_error("    - {activity: Give, value: 5, store_json: {x: $(path)}}\n", "store_json",
                 "the result is no JSON object or list but");
    assert_error("    - {activity: Give, value: {a: []}, store_json: {x: $(path)}}\n", "store_json",
                 "store_json 'x': ");
}

static void a_nul_does_not_end_what_is_said(void **state)
{
    (void)state;
    assert_error("    - {activity: Note, text: \"\\0a\\0\", assert_match: ZZ}\n", "assert_match",
                 "pattern 'ZZ' not found in '\\x00a\\x00'");
    assert_error("    - {activity: Note, text: b, assert_match: \"ZZ\\0\"}\n", "assert_match",
                 "pattern 'ZZ\\x00' not found in 'b'");
    assert_error("    - {activity: GiveText, text: \"{\\0}\", store_json: {x: a}}\n", "store_json",
                 "text '{\\x00}'; as JSON: line 1, column ");
}

static void what_is_wrong_with_json_is_told(void **state)
{
    (void)state;
    assert_error(
        "    - {activity: GiveText, text: '{\"a\": 1, \"f\": 1e400}', store_json: {x: a}}\n",
        "store_json",
        "the result is no JSON object or list but text '{\"a\": 1, \"f\": 1e400}'; as JSON: "
        "line 1, column 19: a number that is too large near '1e400'");
    assert_error("    - {activity: GiveText, text: '<html>', store_json: {x: a}}\n", "store_json",
                 "the result is no JSON object or list but text '<html>'");
    char deep[2 * VALUE_DEPTH_MAX + 200], *at = deep;
    at += sprintf(at, "    - {activity: GiveText, store_json: {x: a}, text: \"");
    for (int i = 0; i <= VALUE_DEPTH_MAX; i++)
        *at++ = '[';
    for (int i = 0; i <= VALUE_DEPTH_MAX; i++)
        *at++ = ']';
    strcpy(at, "\"}\n");
    assert_error(deep, "store_json", "as JSON: line 1, column 2049: nested deeper than 2048");
}

static void integers_beyond_64_bits_keep_their_digits(void **state)
{
    (void)state;
    struct trial t;
    run(&t,
        "    - {activity: GiveText, text: '{\"u\": 18446744073709551615}', store_json: {u: u}}\n"
        "    - {activity: Note, text: 'u=$(u)'}\n"
        "    - {activity: Give, value: {a: [$(u)]}, assert_match: 'a.: "
        ".18446744073709551615.}'}\n");
    assert_int_equal(t.snapshot->errors, 0);
    assert_int_equal(recorder_count("u=18446744073709551615"), 1);
    trial_free(&t);
}

static void checks_whose_macros_come_to_nonsense_are_errors_of_the_scenario(void **state)
{
    (void)state;
    assert_error("    - {activity: Note, text: b, assert_max_time: $(bad)}\n", "bad argument",
                 "expected a duration");
    assert_error("    - {activity: Note, text: b, assert_match: $(list)}\n", "bad regex",
                 "it is not text");
    assert_error("    - {activity: Note, text: b, assert_match: $(bad)}\n", "bad regex", "(");
    assert_error("    - {activity: Give, value: {a: 1}, store_json: {x: $(list)}}\n", "bad path",
                 "store_json 'x': the path is not text");
    assert_error("    - {activity: Give, value: {a: 1}, store_json: {x: $(nowhere)}}\n", "bad path",
                 "store_json 'x': ");
    assert_error("    - {activity: Note, text: b, assert_match: $(gone)}\n", "unknown variable",
                 "gone");
}

#define CALL(TYPE, ARGS) "    - {activity: Call, type: " TYPE ", arguments: {" ARGS "}}\n"

static void a_call_has_checks_of_its_own(void **state)
{
    (void)state;
    struct trial t;
    run(&t,
        CALL("Give", "value: {a: [1, 7]}, store_json: {x: 'a[1]'}, assert_max_time: 10, "
                     "assert_match: '7', debug: true") "    - {activity: Note, text: 'x=$(x)'}\n");
    assert_int_equal(t.snapshot->errors, 0);
    assert_int_equal(recorder_count("x=7"), 1);
    assert_non_null(strstr(t.log, "Give"));
    assert_non_null(strstr(t.log, "'a': [1, 7]"));
    trial_free(&t);
    assert_error(CALL("Note", "text: b, assert_max_time: 0"), "assert_max_time",
                 "expected to take at most 0");
    assert_error(CALL("Note", "text: b, assert_match: c"), "assert_match", "c");
    assert_error(CALL("Note", "text: b, assert_match: '('"), "bad argument",
                 "Note: argument 'assert_match': ");
    assert_error(CALL("Note", "txt: b"), "bad argument", "unknown argument 'txt' of Note");
    assert_error(CALL("Wait", ""), "bad argument", "Wait: argument 'seconds': it is missing");
}

static void a_type_that_cannot_be_called_is_told(void **state)
{
    (void)state;
    assert_error(CALL("Gone", ""), "refused", "the call was refused");
    assert_error("    - {activity: CallWait, type: Gone, arguments: {}}\n", "unknown activity",
                 "no activity of the type 'Gone' can be called");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(macros_in_checks_are_expanded_for_each_execution),
        cmocka_unit_test(checks_that_fail_say_what_was_expected),
        cmocka_unit_test(a_nul_does_not_end_what_is_said),
        cmocka_unit_test(what_is_wrong_with_json_is_told),
        cmocka_unit_test(integers_beyond_64_bits_keep_their_digits),
        cmocka_unit_test(checks_whose_macros_come_to_nonsense_are_errors_of_the_scenario),
        cmocka_unit_test(a_call_has_checks_of_its_own),
        cmocka_unit_test(a_type_that_cannot_be_called_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
