/*
 * What is said of activities that are wrong: types, macros that stand for them, arguments.
 */
#include "mistakes.h"

/* clang-format off */
#define HEAD "file_version: stressor#0\nscenario: [{sequence: main}]\nsequences:\n  main:\n"
#define ACT(TEXT) HEAD "    - activity: " TEXT "\n"
#define NOTE(TEXT) ACT("Note") "      " TEXT "\n"
/* clang-format on */

static void an_activity_is_a_map_that_names_its_type(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "    - Note\n    - [Note]\n    -\n    - 5\n",
         {"5:7: error: item 1 of sequence 'main': expected {activity: TYPE, …}, found text 'Note'",
          "6:7: error: item 2 of sequence 'main': expected {activity: TYPE, …}, found a list "
          "['Note']",
          "7:6: error: item 3 of sequence 'main': expected {activity: TYPE, …}, found null",
          "8:7: error: item 4 of sequence 'main': expected {activity: TYPE, …}, found the integer "
          "5"},
         false},
        {HEAD "    - text: 1\n",
         {"5:7: error: missing key 'activity': expected {activity: TYPE, …}"},
         false},
        {HEAD "    - text: a\n      activty: Note\n",
         {"6:7: error: unknown key 'activty'; did you mean 'activity'?"},
         false},
        {HEAD "    - Note: {text: a}\n",
         {"5:7: error: missing key 'activity': write {activity: Note, …}, the arguments beside "
          "it"},
         false},
        {ACT("") "    - activity: 5\n    - activity: [Note]\n    - activity: ''\n",
         {"5:16: error: key 'activity': expected the name of a type, found null",
          "6:17: error: key 'activity': expected the name of a type, found the integer 5",
          "7:17: error: key 'activity': expected the name of a type, found a list ['Note']",
          "8:17: error: key 'activity': expected the name of a type, found text ''"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void an_unknown_type_is_told_with_the_nearest_and_where_plugins_were_looked_for(void **state)
{
    static const struct mistaken all[] = {
        {ACT("Noet"),
         {"5:17: error: unknown activity type 'Noet'; did you mean 'Note'? (plugins are looked for "
          "in /no/such/folder/stressor/plugins, *"},
         false},
        {ACT("note"),
         {"5:17: error: unknown activity type 'note'; did you mean 'Note'? (plugins are *"},
         false},
        {ACT("Frobnicate"),
         {"5:17: error: unknown activity type 'Frobnicate': no plugin offers it (looked in "
          "/no/such/folder/stressor/plugins, *"},
         false},
        {ACT("\"a\\nb\\e[31m\""),
         {"5:17: error: unknown activity type 'a b [31m': no plugin *"},
         false},
        {ACT("$(x)"),
         {"5:17: error: key 'activity': the type is needed before the run, '$(x)' is no name of "
          "one"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void a_macro_that_stands_for_an_activity_is_called_properly(void **state)
{
    static const struct mistaken all[] = {
        {ACT("$wait("), {"5:17: error: missing ')' in '$wait('"}, false},
        {ACT("$wait(1"), {"5:17: error: missing ')' in '$wait(1'"}, false},
        {ACT("$wait(1) x"),
         {"5:17: error: a macro must stand alone, but text follows it: '$wait(1) x'"},
         false},
        {ACT("$wait()"), {"5:17: error: $wait(seconds) takes 1 argument, found 0"}, false},
        {ACT("$wait(1, 2)"), {"5:17: error: $wait(seconds) takes 1 argument, found 2"}, false},
        {ACT("$wait(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17)"),
         {"5:17: error: too many arguments in '$wait(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17)'"},
         false},
        {ACT("$wiat(1)"), {"5:17: error: unknown macro '$wiat'; did you mean '$wait'?"}, false},
        {ACT("$laod(x)"), {"5:17: error: unknown macro '$laod'; did you mean '$load'?"}, false},
        {ACT("$frobnicate(1)"),
         {"5:17: error: unknown macro '$frobnicate': no plugin offers it"},
         false},
        {ACT("$wait"),
         {"5:17: error: '$wait' is the name of a macro: it is called as $wait(seconds)"},
         false},
        {ACT("$wait(abc)"),
         {"5:17: error: argument 'seconds' of Wait: expected a duration such as 1.5 or 500ms, "
          "found text 'abc'"},
         false},
        {ACT("$wait(-1)"),
         {"5:17: error: argument 'seconds' of Wait: expected a duration that is not negative, "
          "found the integer -1"},
         false},
        {ACT("$wait(1)") "      seconds: 2\n",
         {"6:7: error: argument 'seconds' is given twice: by $wait too"},
         false},
        {ACT("$wait(1)") "      text: 2\n",
         {"6:7: error: unknown argument 'text' of Wait*"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void arguments_are_known_given_and_of_their_types(void **state)
{
    static const struct mistaken all[] = {
        {NOTE("txet: 1"),
         {"6:7: error: unknown argument 'txet' of Note; did you mean 'text'?"},
         false},
        {NOTE("assert_mach: x"),
         {"6:7: error: unknown argument 'assert_mach' of Note; did you mean 'assert_match'?"},
         false},
        {NOTE("zzzz: x"), {"6:7: error: unknown argument 'zzzz' of Note"}, false},
        {ACT("Wait"),
         {"5:7: error: missing argument 'seconds' of Wait (duration): how long"},
         false},
        {ACT("Wait") "      seconds:\n",
         {"6:15: error: missing argument 'seconds' of Wait (duration): how long"},
         false},
        {ACT("Wait") "      seconds: [1]\n",
         {"6:16: error: argument 'seconds' of Wait: expected a duration such as 1.5 or 500ms, "
          "found a list [1]"},
         false},
        {NOTE("text: 12"),
         {"6:13: error: argument 'text' of Note: expected text, found the integer 12; put it in "
          "quotes if it is text"},
         false},
        {HEAD "    - {activity: Note, name: [a], monitor: maybe, ignore_timing: $(x), debug: 3}\n",
         {"5:30: error: argument 'name' of Note: expected text, found a list ['a']",
          "5:44: error: argument 'monitor' of Note: expected true or false, found text 'maybe'",
          "5:66: error: argument 'ignore_timing' of Note is needed before the run: it must not "
          "hold macros",
          "5:79: error: argument 'debug' of Note: expected true or false, found the integer 3"},
         false},
        {NOTE("assert_max_time: soon"),
         {"6:24: error: argument 'assert_max_time' of Note: expected a duration such as 1.5 or "
          "500ms, found text 'soon'"},
         false},
        {NOTE("assert_max_time: -2"),
         {"6:24: error: argument 'assert_max_time' of Note: expected a duration that is not "
          "negative, found the integer -2"},
         false},
        {ACT("Call") "      type: Note\n      arguments: [1]\n",
         {"7:18: error: argument 'arguments' of Call: expected a map, found a list [1]"},
         false},
        {NOTE("text: $uid()"),
         {"6:13: warning: nobody provides a macro '$uid'; it is plain text"},
         true},
        {NOTE("text: a\n      text: b"),
         {"7:7: warning: key 'text' stands here again (first in line 6); the last one counts"},
         true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void a_bad_regex_is_told_with_the_position_in_it(void **state)
{
    static const struct mistaken all[] = {
        {NOTE("assert_match: '(abc'"),
         {"6:21: error: argument 'assert_match' of Note: expected a regular expression, found text "
          "'(abc'; missing closing parenthesis at character 4"},
         false},
        {NOTE("assert_match: 'a{3,1}'"),
         {"6:21: error: argument 'assert_match' of Note: expected a regular expression, found text "
          "'a{3,1}'; numbers out of order in {} quantifier at character *"},
         false},
        {NOTE("assert_match: 12"),
         {"6:21: error: argument 'assert_match' of Note: expected a regular expression, found the "
          "integer 12; put it in quotes if it is text"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void bad_paths_of_stores_are_told_one_by_one(void **state)
{
    static const struct mistaken all[] = {
        {NOTE("store_json: {a: 'x[', b: 'a..b', c: 3, d: 'fine.[0]'}"),
         {"6:23: error: argument 'store_json' of Note: 'a': expected a path such as items[0].id, "
          "found text 'x['; a '[' without its ']'",
          "6:32: error: argument 'store_json' of Note: 'b': expected a path such as items[0].id, "
          "found text 'a..b'; a part of the path is empty",
          "6:43: error: argument 'store_json' of Note: 'c': expected a path such as items[0].id, "
          "found the integer 3; put it in quotes if it is text"},
         false},
        {NOTE("store_json: [a]"),
         {"6:19: error: argument 'store_json' of Note: expected a map of paths, found a list "
          "['a']"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void variables_that_no_macro_can_read_are_warned_of(void **state)
{
    static const struct mistaken all[] = {
        {NOTE("store_json: {'': m, bad name: m, .a: m}"),
         {"6:20: warning: argument 'store_json': no macro can read a variable called ''; expected "
          "letters, digits and _, behind the first also . and :",
          "6:27: warning: argument 'store_json': no macro can read a variable called 'bad name'; *",
          "6:40: warning: argument 'store_json': no macro can read a variable called '.a'; *"},
         true},
        {NOTE("store_json: {a: m, a.b: m, 'x:y': m, 5: m, \xc3\xa9t\xc3\xa9: m}"), {NULL}, true},
        {NOTE("store_json: {}"), {NULL}, true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void what_is_spoilt_by_a_mistake_draws_no_second_one(void **state)
{
    static const struct mistaken all[] = {
        {ACT("*gone"), {"5:17: error: alias 'gone' refers to nothing: *"}, false},
        {ACT("Wait") "      seconds: !!binary abcd\n",
         {"6:16: error: tag '!!binary' is not supported; *"},
         false},
        {NOTE("store_json: {a: *gone}"), {"6:23: error: alias 'gone' refers to *"}, false},
        {NOTE("{a: 1}: 2"), {"6:7: error: a key must be text or a number, found a map*"}, false},
        {NOTE("<<: *gone"), {"6:11: error: alias 'gone' refers to nothing: *"}, false},
        {NOTE("<<: 3"), {"6:11: error: '<<' merges a map or a list of maps, found an *"}, false},
        {NOTE("text: 99999999999999999999"),
         {"6:13: error: '99999999999999999999' reads as a number beyond 64 bits; put it in quotes "
          "if it is text"},
         false},
        {HEAD "    - *gone\n    - {activity: Noet}\n",
         {"5:7: error: alias 'gone' refers to *", "6:18: error: unknown activity type 'Noet'; *"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

/* The list of folders begins with a known one. */
static int known_folders(void **state)
{
    (void)state;
    unsetenv("STRESSOR_PLUGIN_PATH");
    return setenv("XDG_DATA_HOME", "/no/such/folder", 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_activity_is_a_map_that_names_its_type),
        cmocka_unit_test(
            an_unknown_type_is_told_with_the_nearest_and_where_plugins_were_looked_for),
        cmocka_unit_test(a_macro_that_stands_for_an_activity_is_called_properly),
        cmocka_unit_test(arguments_are_known_given_and_of_their_types),
        cmocka_unit_test(a_bad_regex_is_told_with_the_position_in_it),
        cmocka_unit_test(bad_paths_of_stores_are_told_one_by_one),
        cmocka_unit_test(variables_that_no_macro_can_read_are_warned_of),
        cmocka_unit_test(what_is_spoilt_by_a_mistake_draws_no_second_one),
    };
    return cmocka_run_group_tests(tests, known_folders, NULL);
}
