/*
 * What is said of scenarios that cannot be found or read, and of the files that they load.
 */
#include "mistakes.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "temporary.h"

/* clang-format off */
#define HEAD "file_version: stressor#0\n"
#define REST "scenario: [{sequence: main}]\nsequences: {main: []}\n"
/* clang-format on */

enum { NOBODY = 65534 };

struct place_to_write {
    char path[TEMPORARY_SIZE];
    struct trial trial; /* with an engine only */
};

static int make(void **state)
{
    struct place_to_write *w = calloc(1, sizeof *w);
    if (w == NULL)
        return -1;
    *state = w;
    if (!temporary_make(w->path))
        return -1;
    trial_load(&w->trial, "", NULL);
    return 0;
}

static int drop(void **state)
{
    struct place_to_write *w = *state;
    if (seteuid(getuid()) != 0)
        return -1;
    trial_free(&w->trial);
    bool removed = temporary_remove(w->path);
    free(w);
    return removed ? 0 : -1;
}

static void write_text(struct place_to_write *w, const char *name, const char *text, size_t length)
{
    char path[TEMPORARY_PATH];
    temporary_write(temporary_path(w->path, name, path), text, length);
}

/* Loads a file of the folder; `says` without the folder's path, NULL ends it. */
static void check(struct place_to_write *w, const char *name, const char *const *says)
{
    char path[TEMPORARY_PATH], prefix[TEMPORARY_PATH];
    temporary_path(w->path, name, path);
    temporary_path(w->path, "", prefix);
    stressor_plan *plan = stressor_load_file(w->trial.engine, path, NULL);
    bool same = mistakes_are(w->trial.engine, prefix, says) && plan == NULL;
    stressor_plan_free(plan);
    assert_true(same);
}

static void check_text(struct place_to_write *w, const char *text, const char *says)
{
    write_text(w, "s.yaml", text, strlen(text));
    check(w, "s.yaml", (const char *const[]){says, NULL});
}

static void a_scenario_that_is_not_there_is_told_with_what_was_tried(void **state)
{
    struct place_to_write *w = *state;
    char path[TEMPORARY_PATH], expected[2 * TEMPORARY_PATH + 100];
    temporary_path(w->path, "none", path);
    snprintf(expected, sizeof expected,
             "none: error: there is no such scenario: neither '%s' nor '%s.yaml'", path, path);
    check(w, "none", (const char *const[]){expected, NULL});
}

static void a_folder_without_a_scenario_is_told(void **state)
{
    struct place_to_write *w = *state;
    char path[TEMPORARY_PATH];
    temporary_path(w->path, "empty", path);
    assert_int_equal(mkdir(path, 0700), 0);
    check(w, "empty",
          (const char *const[]){"empty: error: this folder holds no scenario.yaml", NULL});
    temporary_path(w->path, "like.yaml", path);
    assert_int_equal(mkdir(path, 0700), 0);
    check(w, "like.yaml",
          (const char *const[]){"like.yaml: error: this folder holds no scenario.yaml", NULL});
}

static void an_unreadable_scenario_is_told_with_the_reason(void **state)
{
    struct place_to_write *w = *state;
    char path[TEMPORARY_PATH];
    write_text(w, "s.yaml", HEAD, strlen(HEAD));
    check(w, "s.yaml/",
          (const char *const[]){"s.yaml/: error: cannot read the scenario: Not a directory", NULL});
    temporary_path(w->path, "s.yaml", path);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(w->path, 0755), 0);
    if (geteuid() == 0) /* who may read everything; the teardown becomes root again */
        assert_int_equal(seteuid(NOBODY), 0);
    check(
        w, "s.yaml",
        (const char *const[]){"s.yaml: error: cannot read the scenario: Permission denied", NULL});
}

static void an_empty_file_and_one_that_is_no_text_are_told(void **state)
{
    struct place_to_write *w = *state;
    check_text(w, "", "s.yaml:1:1: error: the file is empty: expected a map with the *");
    check_text(w, HEAD "config: {name: \xff}\n", "s.yaml:2:16: error: byte 0xff is not UTF-8");
    write_text(w, "s.yaml", "a: \0b", 5);
    check(
        w, "s.yaml",
        (const char *const[]){"s.yaml:1:4: error: character U+0000 is not allowed in YAML", NULL});
}

static void broken_yaml_is_told_with_its_place_and_what_to_do(void **state)
{
    struct place_to_write *w = *state;
    check_text(w, HEAD "config:\n\tname: a\n",
               "s.yaml:3:1: error: not valid YAML: found character that cannot start any token, "
               "while scanning for the next token; it is a tab: indent with spaces");
    check_text(w, HEAD "config:\n  name: @a\n",
               "s.yaml:3:9: error: not valid YAML: found character that cannot start any token, "
               "while scanning for the next token; a text that begins with '@' needs quotes");
    check_text(w, HEAD "config: {\xc3\xa9: 1, name: `a}\n",
               "s.yaml:2:22: error: not valid YAML: found character that cannot start any token, "
               "while scanning for the next token; a text that begins with '`' needs quotes");
    check_text(w, HEAD "sequences: {main: [\n",
               "s.yaml:3:1: error: not valid YAML: did not find expected node content, while "
               "parsing a flow node; the '[' at 2:19 is not closed");
    check_text(w, HEAD "sequences: {main: []\n",
               "s.yaml:3:1: error: not valid YAML: did not find expected ',' or '}', while parsing "
               "a flow mapping that begins at 2:12");
    check_text(w, HEAD "config: {name: 'abc}\n",
               "s.yaml:3:1: error: not valid YAML: found unexpected end of stream, while scanning "
               "a quoted scalar that begins at 2:16");
    check_text(w, HEAD "config:\n  name: a: b\n",
               "s.yaml:3:10: error: not valid YAML: mapping values are not allowed in this "
               "context; a text that holds ': ' needs quotes");
    check_text(w, HEAD "sequences:\n  main:\n    - activity: Note\n     text: a\n",
               "s.yaml:5:6: error: not valid YAML: did not find expected '-' indicator, while "
               "parsing a block collection that begins at 4:5; is the indentation right?");
    check_text(w, HEAD "config: {{a: 1}: 2}\n" REST,
               "s.yaml:2:10: error: a key must be text or a number, found a map; a text that "
               "begins with '{' needs quotes");
    check_text(w, HEAD "config: &x {a: *x}\n" REST,
               "s.yaml:2:16: error: alias 'x' stands inside what it refers to (line 2)");
    check_text(w, HEAD "config: {a: &x 1, b: &x 2}\n" REST,
               "s.yaml:2:22: error: anchor 'x' is taken: it first stands in line 2");
    check_text(w, HEAD REST "---\n" HEAD,
               "s.yaml:4:1: error: a second document begins here; only one is allowed");
    check_text(w, HEAD "config: !!python/object:os.system {}\n" REST,
               "s.yaml:2:9: error: tag '!!python/object:os.system' is not supported; the core ones "
               "are: !!str !!int !!float !!bool !!null !!map !!seq");
}

static void yaml_bombs_are_refused_in_their_line(void **state)
{
    struct place_to_write *w = *state;
    struct buf text;
    buf_init(&text, 0);
    buf_puts(&text, HEAD "config: {x: ");
    for (int i = 0; i < 5000; i++)
        buf_putc(&text, '[');
    check_text(w, text.data, "s.yaml:2:75: error: nested deeper than 64 levels");
    buf_clear(&text);
    buf_puts(&text, HEAD "config:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        buf_printf(&text, "  a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            buf_printf(&text, "*a%d,", i - 1);
        buf_puts(&text, "]\n");
    }
    check_text(w, text.data, "s.yaml:9:16: error: the file is too large here: more than 2000000 *");
    buf_finish(&text);
}

static void what_cannot_be_loaded_is_told_where_it_is_asked_for(void **state)
{
    struct place_to_write *w = *state;
    static const struct {
        const char *call, *says;
    } all[] = {
        {"$load(none.yaml)",
         "cannot load 'none.yaml': there is no such file in the scenario's folder"},
        {"$load(../x.yaml)", "cannot load '../x.yaml': it leaves the scenario's folder"},
        {"$load(/etc/passwd)", "cannot load '/etc/passwd': it leaves the scenario's folder"},
        {"$load(out.yaml)", "cannot load 'out.yaml': it leaves the scenario's folder"},
        {"$load(.)", "cannot load '.': it is a folder"},
        {"$load()", "$load takes the path of a file: $load(users.yaml)"},
        {"$load(x", "$load has no closing parenthesis"},
        {"$load(x) y", "$load must stand alone, but text follows it"},
    };
    char path[TEMPORARY_PATH], text[300], says[300];
    temporary_path(w->path, "out.yaml", path);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        snprintf(text, sizeof text, HEAD "scenario: [{sequence: main}]\nsequences: \"%s\"\n",
                 all[i].call);
        snprintf(says, sizeof says, "s.yaml:3:12: error: %s", all[i].says);
        check_text(w, text, says);
    }
}

static void files_that_load_each_other_are_told_with_the_way(void **state)
{
    struct place_to_write *w = *state;
    char expected[3 * TEMPORARY_PATH];
    write_text(w, "b.yaml", "{x: $load(s.yaml)}\n", 19);
    snprintf(expected, sizeof expected,
             "b.yaml:1:5: error: files that load each other: %s/s.yaml loads %s/b.yaml loads "
             "%s/s.yaml",
             w->path, w->path, w->path);
    check_text(w, HEAD "config: $load(b.yaml)\n" REST, expected);
}

static void mistakes_around_and_inside_of_a_loaded_file_are_all_told(void **state)
{
    struct place_to_write *w = *state;
    static const char main_text[] = "- activity: Noet\n- activity: Note\n  txet: a\n";
    static const char text[] = HEAD "config: {max_errors: x}\ncontext: $load(none.yaml)\n"
                                    "scenario: [{sequence: mian}]\n"
                                    "sequences: {main: $load(main.yaml), end: $load(bad.yaml)}\n";
    static const char *const says[] = {
        "s.yaml:2:22: error: key 'max_errors' of section 'config': expected an integer, found text "
        "'x'",
        "s.yaml:3:10: error: cannot load 'none.yaml': there is no such file in the scenario's "
        "folder",
        "s.yaml:4:23: error: unknown sequence 'mian'; did you mean 'main'?",
        "bad.yaml:2:1: error: not valid YAML: *",
        "main.yaml:1:13: error: unknown activity type 'Noet'; did you mean 'Note'? *",
        "main.yaml:3:3: error: unknown argument 'txet' of Note; did you mean 'text'?",
        NULL};
    write_text(w, "main.yaml", main_text, sizeof main_text - 1);
    write_text(w, "bad.yaml", "[\n", 2);
    write_text(w, "s.yaml", text, sizeof text - 1);
    check(w, "s.yaml", says);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make, drop)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_scenario_that_is_not_there_is_told_with_what_was_tried),
        IN_A_FOLDER(a_folder_without_a_scenario_is_told),
        IN_A_FOLDER(an_unreadable_scenario_is_told_with_the_reason),
        IN_A_FOLDER(an_empty_file_and_one_that_is_no_text_are_told),
        IN_A_FOLDER(broken_yaml_is_told_with_its_place_and_what_to_do),
        IN_A_FOLDER(yaml_bombs_are_refused_in_their_line),
        IN_A_FOLDER(what_cannot_be_loaded_is_told_where_it_is_asked_for),
        IN_A_FOLDER(files_that_load_each_other_are_told_with_the_way),
        IN_A_FOLDER(mistakes_around_and_inside_of_a_loaded_file_are_all_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
