/*
 * What is said of a scenario whose sections are wrong: everything, in source order, with its
 * place, what was expected, what stands there and the nearest valid name.
 */
#include "mistakes.h"

/* clang-format off */
#define HEAD "file_version: stressor#0\n"
#define REST "scenario: [{sequence: main}]\nsequences: {main: []}\n"
#define SECTIONS                                                                                   \
    "file_version, plugins, config, context, sessions, scenario, sequences, thresholds"
/* clang-format on */

static void the_file_version_is_told_where_it_is_another(void **state)
{
    static const struct mistaken all[] = {
        {"file_version: stressor#7\nfoo: 1\n",
         {"1:15: error: key 'file_version': this stressor reads 'stressor#0', the file is of "
          "version 'stressor#7'"},
         false},
        {"file_version: 0\n" REST,
         {"1:15: error: key 'file_version': expected 'stressor#0', found the integer 0"},
         false},
        {"file_version: [a]\n" REST,
         {"1:15: error: key 'file_version': expected 'stressor#0', found a list ['a']"},
         false},
        {"file_version:\n" REST,
         {"1:14: error: key 'file_version': expected 'stressor#0', found null"},
         false},
        {REST, {"1:1: error: missing key 'file_version' (expected 'stressor#0')"}, false},
        {"file_verison: stressor#0\n" REST,
         {"1:1: error: missing key 'file_version' (expected 'stressor#0')",
          "1:1: error: unknown section 'file_verison'; did you mean 'file_version'?"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void a_file_that_holds_no_map_is_told_what_it_should_hold(void **state)
{
    static const struct mistaken all[] = {
        {"", {"1:1: error: the file is empty: expected a map with the sections " SECTIONS}, false},
        {"# only this\n",
         {"1:1: error: the file is empty: expected a map with the sections " SECTIONS},
         false},
        {"- a\n",
         {"1:1: error: expected a map with the sections " SECTIONS ", found a list ['a']"},
         false},
        {"hello\n",
         {"1:1: error: expected a map with the sections " SECTIONS ", found text 'hello'"},
         false},
        {"!foo {}\n", {"1:1: error: tag '!foo' is not supported; *"}, false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void sections_that_are_unknown_missing_or_of_another_type_are_told(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "senarios: []\n" REST,
         {"2:1: error: unknown section 'senarios'; did you mean 'scenario'?"},
         false},
        {HEAD "zzz: 1\n" REST,
         {"2:1: error: unknown section 'zzz'; expected one of " SECTIONS},
         false},
        {HEAD "5: 1\n" REST, {"2:1: error: unknown section '5'; expected one of " SECTIONS}, false},
        {HEAD,
         {"1:1: error: missing section 'sequences': expected a map",
          "1:1: error: missing section 'scenario': expected a list of {sequence: NAME, …}"},
         false},
        {HEAD "sequences: {}\n",
         {"1:1: error: missing section 'scenario': expected a list of {sequence: NAME, …}"},
         false},
        {HEAD "scenario: [{sequence: main}]\n",
         {"1:1: error: missing section 'sequences': expected a map"},
         false},
        {HEAD "config: [1]\n" REST,
         {"2:9: error: section 'config': expected a map, found a list [1]"},
         false},
        {HEAD "context: abc\n" REST,
         {"2:10: error: section 'context': expected a map, found text 'abc'"},
         false},
        {HEAD "sessions: 5\n" REST,
         {"2:11: error: section 'sessions': expected a map, found the integer 5"},
         false},
        {HEAD "scenario: {sequence: main}\nsequences: {main: []}\n",
         {"2:11: error: section 'scenario': expected a list of {sequence: NAME, …}, found a map "
          "{sequence: 'main'}"},
         false},
        {HEAD "scenario: main\nsequences: {main: []}\n",
         {"2:11: error: section 'scenario': expected a list of {sequence: NAME, …}, found text "
          "'main'"},
         false},
        {HEAD "scenario: [{sequence: main}]\nsequences: []\n",
         {"3:12: error: section 'sequences': expected a map, found a list []"},
         false},
        {HEAD "scenario: [{sequence: main}]\nsequences:\n",
         {"3:11: error: section 'sequences': expected a map, found null"},
         false},
        {HEAD "scenario:\nsequences: {main: []}\n",
         {"2:10: warning: section 'scenario' is empty: nothing will be run"},
         true},
        {HEAD "scenario: []\nsequences: {main: []}\n",
         {"2:11: warning: section 'scenario' is empty: nothing will be run"},
         true},
        {HEAD "config:\ncontext:\nsessions:\n" REST, {NULL}, true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void a_password_is_not_shown_wherever_it_came_to_stand(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "sessions: [{name: a, password: hunter2}]\n" REST,
         {"2:11: error: section 'sessions': expected a map, found a list [{name: 'a', password: "
          "***}]"},
         false},
        {HEAD "sessions: {users: {name: a, password: hunter2}}\n" REST,
         {"2:19: error: key 'users' of section 'sessions': expected a list, found a map ***"},
         false},
        {HEAD "sessions: {users: [{name: a, password: [hunter2]}]}\n" REST,
         {"2:40: error: key 'password' of a user: expected text, found a list"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void settings_of_config_are_checked_and_unknown_ones_allowed_but_for_slips(void **state)
{
    static const struct mistaken all[] = {
        {HEAD
         "config: {max_errors: many, max_time: -1, verbose: 9, name: [1], force_single: 2}\n" REST,
         {"2:22: error: key 'max_errors' of section 'config': expected an integer, found text "
          "'many'",
          "2:38: error: key 'max_time' of section 'config': expected a duration that is not "
          "negative, found the integer -1",
          "2:51: error: key 'verbose' of section 'config': expected an integer from 0 to 5, found "
          "the integer 9",
          "2:60: error: key 'name' of section 'config': expected text, found a list [1]",
          "2:79: error: key 'force_single' of section 'config': expected true or false, found the "
          "integer 2"},
         false},
        {HEAD "config: {max_errors: -1}\n" REST,
         {"2:22: error: key 'max_errors' of section 'config': expected an integer of at least 0, "
          "found the integer -1"},
         false},
        {HEAD "config: {max_errors: $(nope)}\n" REST,
         {"2:22: error: key 'max_errors' of section 'config': unknown variable 'nope' in "
          "'$(nope)'"},
         false},
        {HEAD "config: {limit: 5, max_errors: $(limt)}\n" REST,
         {"2:32: error: key 'max_errors' of section 'config': unknown variable 'limt' in "
          "'$(limt)'; did you mean 'limit'?"},
         false},
        {HEAD "config: {anything: [1], colour: 2}\ncontext: {other: 3}\n" REST, {NULL}, true},
        {HEAD "config: {max_eror: 2}\n" REST,
         {"2:10: warning: 'max_eror' is no setting, and a variable that nothing in the file reads; "
          "did you mean 'max_errors'?"},
         true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void settings_of_sessions_are_checked_and_unknown_ones_warned_of(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "sessions: {count: 0}\n" REST,
         {"2:19: error: key 'count' of section 'sessions': expected an integer from 1 to 10000000, "
          "found the integer 0"},
         false},
        {HEAD "sessions: {count: many, duration: -1}\n" REST,
         {"2:19: error: key 'count' of section 'sessions': expected an integer, found text 'many'",
          "2:35: error: key 'duration' of section 'sessions': expected a duration that is not "
          "negative, found the integer -1"},
         false},
        {HEAD "sessions: {count: 1.5}\n" REST,
         {"2:19: error: key 'count' of section 'sessions': expected an integer, found the number "
          "1.5"},
         false},
        {HEAD "sessions: {cuont: 3}\n" REST,
         {"2:12: warning: unknown key 'cuont' of section 'sessions' is ignored; did you mean "
          "'count'?"},
         true},
        {HEAD "sessions: {zzz: 3}\n" REST,
         {"2:12: warning: unknown key 'zzz' of section 'sessions' is ignored"},
         true},
        {HEAD "sessions: {ramp_up_delay: slow}\n" REST,
         {"2:27: error: key 'ramp_up_delay' of section 'sessions': expected a duration such as 1.5 "
          "or 500ms or a list of durations, found text 'slow'"},
         false},
        {HEAD "sessions: {ramp_up_delay: [1, 2, 3]}\n" REST,
         {"2:27: error: key 'ramp_up_delay' of section 'sessions': expected a duration or [min, "
          "max], found a list [1, 2, 3]"},
         false},
        {HEAD "sessions: {ramp_up_delay: [2, 1]}\n" REST,
         {"2:27: error: key 'ramp_up_delay' of section 'sessions': expected [min, max], the "
          "smaller one first, found a list [2, 1]"},
         false},
        {HEAD "sessions: {ramp_up_delay: [a, -1]}\n" REST,
         {"2:28: error: key 'ramp_up_delay' of section 'sessions': item 1: expected a duration "
          "such as 1.5 or 500ms, found text 'a'",
          "2:31: error: key 'ramp_up_delay' of section 'sessions': item 2: expected a duration "
          "that is not negative, found the integer -1"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void users_need_a_name_and_a_password(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "sessions:\n  users:\n    - a\n    - {name: b}\n    - {password: x}\n"
              "    - {name: [], password: {}}\n    - {name: , password: }\n    -\n" REST,
         {"4:7: error: expected a user as a map with 'name' and 'password', found text",
          "5:7: error: missing key 'password' of a user: expected {name: NAME, password: PASSWORD, "
          "…}",
          "6:7: error: missing key 'name' of a user: expected {name: NAME, password: PASSWORD, …}",
          "7:14: error: key 'name' of a user: expected text, found a list",
          "7:28: error: key 'password' of a user: expected text, found a map",
          "8:14: error: key 'name' of a user: expected text, found null",
          "9:6: error: expected a user as a map with 'name' and 'password', found null"},
         false},
        {HEAD "sessions: {users: a}\n" REST,
         {"2:19: error: key 'users' of section 'sessions': expected a list, found text ***"},
         false},
        {HEAD "sessions: {users: [{name: 12, password: 34}, {name: b, password: }]}\n" REST,
         {NULL},
         true},
        {HEAD "sessions: {users: []}\n" REST, {NULL}, true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void entries_of_the_scenario_are_checked(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "scenario:\n  - main\n  - [main]\n  -\nsequences: {main: []}\n",
         {"3:5: error: item 1 of section 'scenario': expected {sequence: NAME, …}, found text "
          "'main'",
          "4:5: error: item 2 of section 'scenario': expected {sequence: NAME, …}, found a list "
          "['main']",
          "5:4: error: item 3 of section 'scenario': expected {sequence: NAME, …}, found null"},
         false},
        {HEAD "scenario:\n  - {repeat: 3}\n  - {sequence: }\nsequences: {main: []}\n",
         {"3:5: error: missing key 'sequence' of section 'scenario' (text): name of the sequence",
          "4:16: error: missing key 'sequence' of section 'scenario' (text): name of the sequence"},
         false},
        {HEAD "scenario:\n  - {sequence: 3}\n  - {sequence: $(x)}\nsequences: {main: []}\n",
         {"3:16: error: key 'sequence' of section 'scenario': expected text, found the integer 3; "
          "put it in quotes if it is text",
          "4:16: error: key 'sequence' of section 'scenario' is needed before the run: it must not "
          "hold macros"},
         false},
        {HEAD "scenario:\n  - {sequence: mian, repeat: often}\n  - {sequence: zzz}\n"
              "sequences: {main: [], end: []}\n",
         {"3:16: error: unknown sequence 'mian'; did you mean 'main'?",
          "3:30: error: key 'repeat' of section 'scenario': expected an integer, found text "
          "'often'",
          "4:16: error: unknown sequence 'zzz'; there are: main, end"},
         false},
        {HEAD "scenario: [{sequence: main}]\nsequences: {}\n",
         {"2:23: error: unknown sequence 'main': section 'sequences' is empty"},
         false},
        {HEAD "scenario: [{sequence: main, repeat: -1, duration: -2}]\nsequences: {main: []}\n",
         {"2:37: error: key 'repeat' of section 'scenario': expected an integer of at least 0, "
          "found the integer -1",
          "2:51: error: key 'duration' of section 'scenario': expected a duration that is not "
          "negative, found the integer -2"},
         false},
        {HEAD "scenario: [{sequence: main, repaet: 3}]\nsequences: {main: []}\n",
         {"2:29: warning: unknown key 'repaet' of section 'scenario' is ignored; did you mean "
          "'repeat'?"},
         true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void sequences_are_lists_of_activities(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "scenario: []\nsequences:\n  a: {activity: Note}\n  b: Note\n  c: 5\n",
         {"2:11: warning: section 'scenario' is empty: nothing will be run",
          "4:6: error: sequence 'a': expected a list of activities, found a map {activity: "
          "'Note'}",
          "5:6: error: sequence 'b': expected a list of activities, found text 'Note'",
          "6:6: error: sequence 'c': expected a list of activities, found the integer 5"},
         false},
        {HEAD "scenario: []\nsequences:\n  a:\n  b: []\n",
         {"2:11: warning: section 'scenario' is empty: nothing will be run",
          "4:5: warning: sequence 'a' is empty (null)"},
         true},
        {HEAD "scenario: []\nsequences: $laod(main.yaml)\n",
         {"2:11: warning: section 'scenario' is empty: nothing will be run",
          "3:12: error: section 'sequences': expected a map, found text '$laod(main.yaml)'",
          "3:12: warning: nobody provides a macro '$laod'; did you mean '$load'?"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void duplicate_keys_are_warned_of(void **state)
{
    static const struct mistaken all[] = {
        {HEAD REST "scenario: []\n",
         {"4:1: warning: key 'scenario' stands here again (first in line 2); the last one counts",
          "4:11: warning: section 'scenario' is empty: nothing will be run"},
         true},
        {HEAD "scenario: []\nsequences: {'': [], ? : []}\n",
         {"2:11: warning: section 'scenario' is empty: nothing will be run",
          "3:23: error: sequence '' stands here again"},
         false},
        {HEAD "config: {a: 1, a: 2}\n" REST,
         {"2:16: warning: key 'a' stands here again (first in line 2); the last one counts"},
         true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void all_mistakes_are_told_in_one_go_in_source_order(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "sesions: {}\n"
              "config:\n  max_errors: many\n  max_time: $env(STRESSOR_NO_SUCH)\n  tag: *gone\n"
              "sessions:\n  count: 0\n"
              "scenario:\n  - {sequence: mian}\n  - {sequence: main, repeat: x}\n"
              "sequences:\n  main:\n    - activity: Noet\n    - activity: Wait\n"
              "    - activity: $wait(\n    - {activity: Note, text: !!binary abcd}\n",
         {"2:1: error: unknown section 'sesions'; did you mean 'sessions'?",
          "4:15: error: key 'max_errors' of section 'config': expected an integer, found text "
          "'many'",
          "5:13: error: environment variable 'STRESSOR_NO_SUCH' is not set*",
          "6:8: error: alias 'gone' refers to nothing: no anchor &gone before it",
          "8:10: error: key 'count' of section 'sessions': expected an integer from 1 to 10000000, "
          "found the integer 0",
          "10:16: error: unknown sequence 'mian'; did you mean 'main'?",
          "11:30: error: key 'repeat' of section 'scenario': expected an integer, found text 'x'",
          "14:17: error: unknown activity type 'Noet'; did you mean 'Note'? (plugins are *",
          "15:7: error: missing argument 'seconds' of Wait (duration): how long",
          "16:17: error: missing ')' in '$wait('",
          "17:30: error: tag '!!binary' is not supported; *"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

/* `option` is given as -o; what is said of it, or NULL. */
static void check_override(const char *option, const char *says, const char *more)
{
    struct trial t;
    const char *const options[] = {option, NULL}, *const expected[] = {says, more, NULL};
    trial_load(&t, HEAD REST, options);
    bool same = mistakes_are(t.engine, "", expected) && (t.plan == NULL) == (says != NULL);
    trial_free(&t);
    assert_true(same);
}

static void options_of_the_command_line_are_checked_too(void **state)
{
    (void)state;
    check_override("nonsense", "-o: error: expected NAME:VALUE, found 'nonsense'", NULL);
    check_override(":3", "-o: error: expected NAME:VALUE, found ':3'", NULL);
    check_override("max_errors:abc",
                   "-o max_errors:abc: error: key 'max_errors' of section 'config': expected an "
                   "integer, found text 'abc'",
                   NULL);
    check_override("verbose:9",
                   "-o verbose:9: error: key 'verbose' of section 'config': expected an integer "
                   "from 0 to 5, found the integer 9",
                   NULL);
    check_override("dry_run:maybe",
                   "-o dry_run:maybe: error: key 'dry_run' of section 'config': expected true or "
                   "false, found text 'maybe'",
                   NULL);
    check_override(
        "max_errors:0123456789012345678901234567890123456789012345678901234567890123456789x",
        "-o max_errors:01234567890123456789012345678901234567890123456789012…: error: key "
        "'max_errors' of section 'config': expected an integer, found text "
        "'0123456789*",
        NULL);
    check_override("max_time:$(x)",
                   "-o max_time:$(x): error: key 'max_time' of section 'config': unknown variable "
                   "'x' in '$(x)'*",
                   NULL);
}

static void texts_of_config_may_look_like_numbers_on_the_command_line(void **state)
{
    (void)state;
    check_override("tag:2024", NULL, NULL);
    check_override("name:1.50", NULL, NULL);
    check_override("anything:1", NULL, NULL);
}

static void a_setting_whose_macro_gives_null_has_its_default(void **state)
{
    struct trial t;
    (void)state;
    trial_load(&t, HEAD "config: {none: }\nsessions: {count: $(none)}\n" REST, NULL);
    bool one = t.plan != NULL && stressor_plan_sessions(t.plan) == 1;
    trial_free(&t);
    assert_true(one);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_version_is_told_where_it_is_another),
        cmocka_unit_test(a_file_that_holds_no_map_is_told_what_it_should_hold),
        cmocka_unit_test(sections_that_are_unknown_missing_or_of_another_type_are_told),
        cmocka_unit_test(a_password_is_not_shown_wherever_it_came_to_stand),
        cmocka_unit_test(settings_of_config_are_checked_and_unknown_ones_allowed_but_for_slips),
        cmocka_unit_test(settings_of_sessions_are_checked_and_unknown_ones_warned_of),
        cmocka_unit_test(users_need_a_name_and_a_password),
        cmocka_unit_test(entries_of_the_scenario_are_checked),
        cmocka_unit_test(sequences_are_lists_of_activities),
        cmocka_unit_test(duplicate_keys_are_warned_of),
        cmocka_unit_test(all_mistakes_are_told_in_one_go_in_source_order),
        cmocka_unit_test(options_of_the_command_line_are_checked_too),
        cmocka_unit_test(texts_of_config_may_look_like_numbers_on_the_command_line),
        cmocka_unit_test(a_setting_whose_macro_gives_null_has_its_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
