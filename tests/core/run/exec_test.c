/*
 * One execution: common clauses, macros, context, dry run, blocking types, calls.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recorder.h"

#define HEAD "file_version: stressor#0\n"
#define ONE  "scenario: [{sequence: one}]\nsequences:\n  one:\n"

static void check(const char *yaml, const char *notes, uint64_t errors)
{
    struct trial t;
    trial_run(&t, yaml);
    assert_string_equal(recorder_notes(), notes);
    assert_int_equal(t.snapshot->errors, errors);
    trial_free(&t);
}

/* The example of the only error there was. */
static void check_error(const char *yaml, uint32_t category, const char *kind, const char *example)
{
    struct trial t;
    trial_run(&t, yaml);
    assert_int_equal(t.snapshot->error_groups_count, 1);
    const stressor_error_group *g = t.snapshot->error_groups[0];
    assert_int_equal(g->count, 1);
    assert_string_equal(g->kind, kind);
    assert_int_equal(g->category, category);
    if (strstr(g->example, example) == NULL)
        fail_msg("'%s' is not in '%s'", example, g->example);
    trial_free(&t);
}

static void an_error_names_session_sequence_activity_and_place(void **state)
{
    (void)state;
    check_error(HEAD ONE "    - {activity: Note, text: a}\n"
                         "    - {activity: Note, text: b, fail: true}\n",
                STRESSOR_TARGET, "asked", "t01 one/2/Note (test.yaml:6:7): asked to fail");
}

static void macros_take_the_type_of_the_variable_or_insert_its_text(void **state)
{
    (void)state;
    check(HEAD "config: {n: 5, f: 1.0, yes: true, text: hello, deep: {a: [1, {b: x}]}}\n" ONE
               "    - {activity: Give, value: $(n), assert_match: '^5$'}\n"
               "    - {activity: Note, text: 'n=$(n)|f=$(f)|$(text)'}\n"
               "    - {activity: Note, text: '$(deep)'}\n"
               "    - {activity: Note, text: 'd=$(deep)'}\n"
               "    - {activity: Note, text: \"$('#id')\"}\n",
          "t01:n=5|f=1.0|hello t01:d={'a': [1, {'b': 'x'}]} t01:$('#id')", 1);
}

static void macros_in_variables_of_the_file_are_expanded_again(void **state)
{
    (void)state;
    check(HEAD "config: {a: '<$(b)>', b: '[$(c)]'}\ncontext: {c: x}\n" ONE
               "    - {activity: Note, text: 'v=$(a)'}\n",
          "t01:v=<[x]>", 0);
}

static void macros_that_come_from_results_are_data(void **state)
{
    (void)state;
    check(HEAD "config: {secretive: hidden}\n" ONE
               "    - {activity: GiveText, text: '{\"v\": \"$(\\u0073ecretive)\"}',"
               " store_json: {stored: v}}\n"
               "    - {activity: Note, text: 'v=$(stored)'}\n",
          "t01:v=$(secretive)", 0);
}

static void a_loop_of_macros_is_an_error_of_the_activity(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t,
              HEAD "config: {a: 'x$(b)', b: 'y$(a)'}\n" ONE
                   "    - {activity: Note, text: 'v=$(a)'}\n    - {activity: Note, text: ok}\n");
    assert_string_equal(recorder_notes(), "t01:ok");
    assert_int_equal(t.snapshot->errors, 1);
    assert_int_equal(t.snapshot->error_groups[0]->category, STRESSOR_SCRIPT);
    trial_free(&t);
}

static void an_unknown_name_is_an_error_with_its_place_and_a_close_one(void **state)
{
    (void)state;
    check_error(HEAD ONE "    - {activity: Note, text: 'v=$(usr.name)'}\n", STRESSOR_SCRIPT,
                "unknown variable", "usr.name");
    check_error(HEAD ONE "    - {activity: Note, text: 'v=$(usr.name)'}\n", STRESSOR_SCRIPT,
                "unknown variable", "test.yaml:5:30");
    check_error(HEAD "config: {colour: red}\n" ONE "    - {activity: Note, text: 'v=$(color)'}\n",
                STRESSOR_SCRIPT, "unknown variable", "'colour'");
}

static void a_bad_number_from_a_macro_is_an_error_of_the_activity(void **state)
{
    (void)state;
    check_error(HEAD "config: {pause: soon}\n" ONE "    - {activity: $wait($(pause))}\n",
                STRESSOR_SCRIPT, "bad argument", "'seconds'");
}

static void activity_macros_take_positions_and_variables(void **state)
{
    (void)state;
    check(HEAD "config: {pause: 0.001}\n" ONE "    - {activity: $wait(0.001)}\n"
               "    - {activity: $wait($(pause))}\n    - {activity: $wait(1ms), name: x}\n",
          "t01:waiting t01:waited t01:waiting t01:waited t01:waiting t01:waited", 0);
}

static void assert_match_searches_in_many_lines(void **state)
{
    (void)state;
    check(HEAD ONE "    - {activity: GiveText, text: \"a\\nbc\\nd\", assert_match: '^bc$'}\n"
                   "    - {activity: GiveText, text: HELLO, assert_match: '(?i)hel+o'}\n",
          "", 0);
    check_error(HEAD ONE "    - {activity: GiveText, text: abc, assert_match: 'x+'}\n",
                STRESSOR_ASSERTION, "assert_match", "pattern 'x+' not found in 'abc'");
}

static void assert_match_tries_the_body_and_then_the_text_of_its_value(void **state)
{
    (void)state;
    check(HEAD ONE
          "    - {activity: GiveText, text: '{\"a\":true}', assert_match: '\"a\":true'}\n"
          "    - {activity: GiveText, text: '{\"a\":true}', assert_match: \"'a': True\"}\n",
          "", 0);
}

static void a_runaway_pattern_is_a_regex_limit_and_never_no_match(void **state)
{
    (void)state;
    check_error(HEAD ONE
                "    - {activity: GiveText, text: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!, "
                "assert_match: '^(a+)+$'}\n",
                STRESSOR_SCRIPT, "regex limit", "regex limit");
}

static void assert_max_time_is_an_error_when_it_takes_longer(void **state)
{
    (void)state;
    check(HEAD ONE "    - {activity: Give, value: 1, assert_max_time: 10}\n", "", 0);
    check_error(HEAD ONE "    - {activity: Wait, seconds: 20ms, assert_max_time: 1ms}\n",
                STRESSOR_ASSERTION, "assert_max_time", "expected to take at most 1.00 ms");
}

static void all_common_checks_are_evaluated_and_make_one_error(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD ONE "    - {activity: GiveText, text: '{\"b\": 7}', assert_match: 'nix',"
                           " store_json: {a: a, b: b}}\n"
                           "    - {activity: Note, text: 'b=$(b)'}\n");
    assert_int_equal(t.snapshot->errors, 1);
    assert_string_equal(recorder_notes(), "t01:b=7");
    assert_non_null(strstr(t.snapshot->error_groups[0]->example, "pattern 'nix'"));
    assert_non_null(strstr(t.snapshot->error_groups[0]->example, "store_json 'a'"));
    trial_free(&t);
}

static void store_json_follows_paths_and_says_what_there_was(void **state)
{
    (void)state;
    check(HEAD ONE
          "    - {activity: GiveText, text: '{\"r\": {\"items\": [{\"id\": 42}, {\"id\": 1.5}]}}',"
          " store_json: {a: 'r.items.[0].id', b: 'r.items[-1].id', c: r}}\n"
          "    - {activity: Note, text: '$(a)/$(b)/$(c.items)'}\n",
          "t01:42/1.5/[{'id': 42}, {'id': 1.5}]", 0);
    check_error(HEAD ONE "    - {activity: GiveText, text: '{\"name\": 1}',"
                         " store_json: {x: nme}}\n",
                STRESSOR_ASSERTION, "store_json", "'name'");
    check_error(HEAD ONE "    - {activity: GiveText, text: plain, store_json: {x: a}}\n",
                STRESSOR_ASSERTION, "store_json", "the result is no JSON object");
}

static void last_result_is_kept_from_failures_and_reset_by_each_pass(void **state)
{
    (void)state;
    check(HEAD "scenario: [{sequence: one, repeat: 2}]\nsequences:\n  one:\n"
               "    - {activity: Note, text: 'a=$(last_result)'}\n"
               "    - {activity: Give, value: 7}\n"
               "    - {activity: Note, text: 'b=$(last_result)', fail: true}\n"
               "    - {activity: Give, value: $(last_result), assert_match: nix}\n"
               "    - {activity: Note, text: 'c=$(last_result)'}\n"
               "    - {activity: Wait, seconds: 0.001}\n"
               "    - {activity: Note, text: 'd=$(last_result)'}\n",
          "t01:a=None t01:b=7 t01:c=7 t01:waiting t01:waited t01:d=None "
          "t01:a=None t01:b=7 t01:c=7 t01:waiting t01:waited t01:d=None",
          4);
}

static void arguments_and_results_outlive_the_variables_that_they_came_from(void **state)
{
    (void)state;
    check(
        HEAD ONE
        "    - {activity: Give, value: {a: {x: one}, b: two, c: three},\n"
        "       store_json: {v: a, w: b}}\n"
        "    - {activity: Give, value: $(last_result), assert_match: three,\n"
        "       store_json: {last_result: a, x: b, y: c}}\n"
        "    - {activity: Note, text: '$(x) $(y) $(last_result)'}\n"
        "    - {activity: Give, value: [$(v), $(w)], store_json: {v: '[1]', w: '[0].x', z: '[0]'},"
        " debug: true}\n"
        "    - {activity: Note, text: '$(v) $(w) $(z)'}\n"
        "    - {activity: Call, type: Give, store_json: {z: a, u: b}, arguments: {value: {a: $(z),"
        " b: $(y)}, store_json: {z: b, y: a.x}}}\n"
        "    - {activity: Note, text: '$(z) $(u) $(y)'}\n",
        "t01:two three {'x': 'one'} t01:two one {'x': 'one'} t01:{'x': 'one'} three one", 0);
}

static void a_context_is_private_to_its_session(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "sessions: {count: 2}\nconfig: {v: start}\n" ONE
                       "    - {activity: Note, text: 'a=$(v)'}\n"
                       "    - {activity: Give, value: {x: $(session_id)}, store_json: {v: x}}\n"
                       "    - {activity: Wait, seconds: 5ms}\n"
                       "    - {activity: Note, text: 'b=$(v)'}\n");
    assert_int_equal(recorder_count("a=start"), 2);
    assert_non_null(strstr(recorder_notes(), "t01:b=t01"));
    assert_non_null(strstr(recorder_notes(), "t02:b=t02"));
    trial_free(&t);
}

static void a_user_of_the_file_is_kept(void **state)
{
    (void)state;
    check(HEAD "context: {user: me, session_id: mine}\n" ONE
               "    - {activity: Note, text: '$(user)/$(session_id)'}\n",
          "t01:me/mine", 0);
}

static void a_dry_run_mocks_what_would_send_and_runs_the_rest(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.dry_run = 1;
    trial_load(&t,
               HEAD "config: {n: 3}\n" ONE
                    "    - {activity: GiveText, text: x, mock_result: {a: $(n)},"
                    " store_json: {v: a}}\n"
                    "    - {activity: GiveText, text: x, assert_match: '^dummy_result$'}\n"
                    "    - {activity: Note, text: 'v=$(v) $(dry_run)'}\n",
               NULL);
    trial_start(&t, &o);
    trial_end(&t);
    assert_string_equal(recorder_notes(), "t01:v=3 True");
    assert_int_equal(t.snapshot->errors, 0);
    trial_free(&t);
}

static void passwords_are_masked_wherever_they_would_show(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "sessions: {users: [{name: ann, password: canary77}]}\n" ONE
                       "    - {activity: GiveText, text: 'p=$(user.password)', debug: true,"
                       " assert_match: nix}\n"
                       "    - {activity: Give, value: {x: $(user)}, debug: true,"
                       " store_json: {y: z, copy: x.password}}\n"
                       "    - {activity: Give, value: 'is $(copy)', assert_match: none,"
                       " debug: true}\n");
    assert_int_equal(t.snapshot->errors, 3);
    assert_null(strstr(t.log, "canary77"));
    for (uint32_t i = 0; i < t.snapshot->error_groups_count; i++)
        assert_null(strstr(t.snapshot->error_groups[i]->example, "canary77"));
    assert_non_null(strstr(t.log, "***"));
    trial_free(&t);
}

static void what_ignores_timing_is_outside_the_net_figures(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD ONE "    - {activity: Wait, seconds: 30ms}\n"
                           "    - {activity: Wait, seconds: 20ms, ignore_timing: false}\n"
                           "    - {activity: Give, ignore_timing: true}\n");
    assert_int_equal(t.snapshot->activities, 1);
    assert_int_equal(t.snapshot->activities_all, 3);
    assert_true(t.snapshot->net_ns >= 20000000 && t.snapshot->net_ns < 30000000 * 10);
    assert_int_equal(t.snapshot->net_ns, trial_row(&t, "one/2/Wait")->sum_ns);
    const stressor_sequence_row *s = t.snapshot->sequences[0];
    assert_int_equal(s->passes, 1);
    assert_int_equal(s->net_ns, t.snapshot->net_ns);
    assert_true(s->sum_ns >= 50000000);
    trial_free(&t);
}

static void places_that_share_a_name_share_a_row(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "scenario: [{sequence: one, repeat: 3}, {sequence: end}]\nsequences:\n"
                       "  one:\n    - {activity: Give, name: n}\n    - {activity: Note, name: n, "
                       "fail: true, monitor: true}\n  end:\n    - {activity: Give, name: n}\n");
    assert_int_equal(t.snapshot->rows_count, 2);
    const stressor_row *r = t.snapshot->rows[0];
    assert_int_equal(r->count, 6);
    assert_int_equal(r->errors, 3);
    assert_int_equal(stressor_histogram_count(r->total), 6);
    assert_true(r->flags & STRESSOR_ROW_MONITORED);
    assert_int_equal(t.snapshot->rows[1]->phase, STRESSOR_PHASE_END);
    assert_int_equal(t.snapshot->rows[1]->count, 1);
    trial_free(&t);
}

static void blocking_activities_run_side_by_side_on_the_pool(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "sessions: {count: 20}\n" ONE
                       "    - {activity: Block, seconds: 100ms, assert_match: '^blocked$'}\n");
    assert_int_equal(t.snapshot->errors, 0);
    assert_int_equal(trial_row(&t, "one/1/Block")->count, 20);
    assert_true(t.snapshot->elapsed_ns < INT64_C(1500000000)); /* one by one: 2 s */
    assert_true(t.snapshot->resources->pool_threads >= 10);
    trial_free(&t);
}

static void activities_call_activities(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD ONE
              "    - {activity: Call, type: Note, arguments: {text: hi}, assert_match: '^hi$'}\n"
              "    - {activity: Call, type: Wait, arguments: {seconds: 1ms}}\n"
              "    - {activity: CallWait, type: Note, arguments: {text: ho}, assert_match: ho}\n"
              "    - {activity: CallWait, type: Wait, arguments: {seconds: 1ms}}\n");
    assert_string_equal(recorder_notes(), "t01:hi t01:waiting t01:waited t01:ho t01:waiting "
                                          "t01:waited");
    assert_int_equal(t.snapshot->errors, 0);
    assert_int_equal(t.snapshot->activities, 4);
    assert_int_equal(trial_row(&t, "Note")->count, 2);
    assert_true(trial_row(&t, "Note")->flags & STRESSOR_ROW_CALLED);
    trial_free(&t);
}

static uint64_t calls_in(const struct trial *t, const char *name, uint32_t phase)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < t->snapshot->rows_count; i++) {
        const stressor_row *row = t->snapshot->rows[i];
        if (row->phase == phase && strcmp(row->name, name) == 0)
            count += row->count;
    }
    return count;
}

static void a_call_counts_in_the_phase_that_it_is_made_in(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "scenario: [{sequence: init}, {sequence: one, repeat: 3}, {sequence: end}]\n"
                       "sequences:\n"
                       "  init:\n"
                       "    - {activity: Call, type: Note, arguments: {text: a}}\n"
                       "    - {activity: CallWait, type: Note, arguments: {text: b}}\n"
                       "  one:\n"
                       "    - {activity: Call, type: Note, arguments: {text: c}}\n"
                       "  end:\n"
                       "    - {activity: Call, type: Note, arguments: {text: d}}\n");
    assert_int_equal(calls_in(&t, "Note", STRESSOR_PHASE_INIT), 2);
    assert_int_equal(calls_in(&t, "Note", STRESSOR_PHASE_MAIN), 3);
    assert_int_equal(calls_in(&t, "Note", STRESSOR_PHASE_END), 1);
    assert_int_equal(t.snapshot->errors, 0);
    trial_free(&t);
}

static void asking_for_the_checks_again_and_again_takes_no_memory(void **state)
{
    (void)state;
    enum { ITEMS = 8000 }; /* parsed 2,000 times: more than an execution may take */
    size_t room = 2 * ITEMS + 1024;
    char *yaml = malloc(room);
    assert_non_null(yaml);
    int n =
        snprintf(yaml, room, HEAD ONE "    - {activity: Ask, store_json: {a: '[0]'}, text: '[1");
    for (int i = 0; i < ITEMS; i++)
        n += snprintf(yaml + n, room - (size_t)n, ",1");
    snprintf(yaml + n, room - (size_t)n, "]'}\n    - {activity: Note, text: a=$(a)}\n");
    check(yaml, "t01:a=1", 0);
    free(yaml);
    check_error(HEAD ONE "    - {activity: Ask, text: abc, assert_match: x}\n", STRESSOR_ASSERTION,
                "assert_match", "pattern 'x' not found in 'abc'");
}

static void types_that_scripts_may_call_count_among_the_descriptors_needed(void **state)
{
    (void)state;
    static const struct {
        const char *activity;
        uint64_t descriptors; /* of three sessions */
    } all[] = {{"Note, text: a", 0}, {"Stuck", 15}, {"Call, type: Note, arguments: {text: a}", 15}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct trial t;
        char yaml[512];
        snprintf(yaml, sizeof yaml, HEAD "sessions: {count: 3}\n" ONE "    - {activity: %s}\n",
                 all[i].activity);
        trial_load(&t, yaml, NULL);
        assert_non_null(t.plan);
        assert_int_equal(stressor_plan_descriptors(t.plan, 0), all[i].descriptors);
        assert_int_equal(stressor_plan_descriptors(t.plan, 1), all[i].descriptors / 3);
        trial_free(&t);
    }
}

static void the_text_of_a_called_result_stays_a_secret(void **state)
{
    (void)state;
    static const char user[] = HEAD "sessions: {users: [{name: a, password: '{\"k\": 1}'}]}\n" ONE;
    char yaml[1024];
    for (int secret = 0; secret < 2; secret++)
        for (int waits = 0; waits < 2; waits++) {
            snprintf(yaml, sizeof yaml,
                     "%s    - {activity: %s, type: GiveText, arguments: {text: $(user.%s)}}\n",
                     user, waits ? "CallWait" : "Call", secret ? "password" : "name");
            check(yaml, secret ? "t01:secret" : "", 0);
        }
}

static void a_call_is_checked_by_the_schema_and_fails_to_its_caller(void **state)
{
    (void)state;
    check_error(HEAD ONE "    - {activity: Call, type: Note, arguments: {txt: hi}}\n",
                STRESSOR_SCRIPT, "bad argument",
                "unknown argument 'txt' of Note; did you mean 'text'?");
    check_error(HEAD ONE "    - {activity: CallWait, type: Wait}\n", STRESSOR_SCRIPT,
                "bad argument", "'seconds': it is missing");
    check_error(HEAD ONE "    - {activity: Call, type: Nope}\n", STRESSOR_SCRIPT, "refused",
                "refused");
    check_error(HEAD ONE "    - {activity: Call, type: Give, arguments: {value: abc, "
                         "assert_match: x}}\n",
                STRESSOR_ASSERTION, "assert_match", "pattern 'x'");
    check(HEAD ONE "    - {activity: Call, type: GiveText, arguments: {text: '{\"a\": 5}', "
                   "store_json: {stored: a}}}\n    - {activity: Note, text: 's=$(stored)'}\n",
          "t01:s=5", 0);
}

static void a_stop_cancels_what_is_called(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t, HEAD ONE "    - {activity: Call, type: Wait, arguments: {seconds: 1h}}\n", NULL);
    trial_start(&t, NULL);
    assert_true(recorder_wait("waiting", 1));
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    trial_end(&t);
    assert_string_equal(recorder_notes(), "t01:waiting t01:cancelled");
    assert_int_equal(t.snapshot->errors, 0);
    trial_free(&t);
}

static void errors_of_one_kind_are_one_group_however_many(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "scenario: [{sequence: one, repeat: 500}]\nsequences:\n  one:\n"
                       "    - {activity: Note, text: x, fail: true}\n");
    assert_int_equal(t.snapshot->error_groups_count, 1);
    assert_int_equal(t.snapshot->error_groups[0]->count, 500);
    unsigned lines = 0;
    for (const char *p = t.log; (p = strstr(p, "asked to fail")) != NULL; p++)
        lines++;
    assert_int_equal(lines, 10);
    trial_free(&t);
}

static void overrides_set_config_and_context(void **state)
{
    (void)state;
    struct trial t;
    const char *const overrides[] = {"a:7", "b:x:y", "max_errors:1", "c:true", NULL};
    trial_load(&t,
               HEAD "config: {a: 1, max_errors: 0}\ncontext: {b: 2}\n" ONE
                    "    - {activity: Note, text: 'v=$(a)$(b)$(c)', fail: true}\n"
                    "    - {activity: Note, text: never}\n",
               overrides);
    trial_start(&t, NULL);
    trial_end(&t);
    assert_string_equal(recorder_notes(), "t01:v=7x:ytrue");
    assert_int_equal(t.snapshot->errors, 2);
    trial_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_names_session_sequence_activity_and_place),
        cmocka_unit_test(macros_take_the_type_of_the_variable_or_insert_its_text),
        cmocka_unit_test(macros_in_variables_of_the_file_are_expanded_again),
        cmocka_unit_test(macros_that_come_from_results_are_data),
        cmocka_unit_test(a_loop_of_macros_is_an_error_of_the_activity),
        cmocka_unit_test(an_unknown_name_is_an_error_with_its_place_and_a_close_one),
        cmocka_unit_test(a_bad_number_from_a_macro_is_an_error_of_the_activity),
        cmocka_unit_test(activity_macros_take_positions_and_variables),
        cmocka_unit_test(assert_match_searches_in_many_lines),
        cmocka_unit_test(assert_match_tries_the_body_and_then_the_text_of_its_value),
        cmocka_unit_test(a_runaway_pattern_is_a_regex_limit_and_never_no_match),
        cmocka_unit_test(assert_max_time_is_an_error_when_it_takes_longer),
        cmocka_unit_test(all_common_checks_are_evaluated_and_make_one_error),
        cmocka_unit_test(store_json_follows_paths_and_says_what_there_was),
        cmocka_unit_test(last_result_is_kept_from_failures_and_reset_by_each_pass),
        cmocka_unit_test(arguments_and_results_outlive_the_variables_that_they_came_from),
        cmocka_unit_test(a_context_is_private_to_its_session),
        cmocka_unit_test(a_user_of_the_file_is_kept),
        cmocka_unit_test(a_dry_run_mocks_what_would_send_and_runs_the_rest),
        cmocka_unit_test(passwords_are_masked_wherever_they_would_show),
        cmocka_unit_test(what_ignores_timing_is_outside_the_net_figures),
        cmocka_unit_test(places_that_share_a_name_share_a_row),
        cmocka_unit_test(blocking_activities_run_side_by_side_on_the_pool),
        cmocka_unit_test(activities_call_activities),
        cmocka_unit_test(a_call_counts_in_the_phase_that_it_is_made_in),
        cmocka_unit_test(asking_for_the_checks_again_and_again_takes_no_memory),
        cmocka_unit_test(types_that_scripts_may_call_count_among_the_descriptors_needed),
        cmocka_unit_test(the_text_of_a_called_result_stays_a_secret),
        cmocka_unit_test(a_call_is_checked_by_the_schema_and_fails_to_its_caller),
        cmocka_unit_test(a_stop_cancels_what_is_called),
        cmocka_unit_test(errors_of_one_kind_are_one_group_however_many),
        cmocka_unit_test(overrides_set_config_and_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
