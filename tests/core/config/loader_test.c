#include "config/loader.h"
#include "folder.h"

/* A load-time macro as a plugin offers it: $twice(x) is [x, x]; $twice(bad) fails. */
static int32_t twice(void *plugin, stressor_exec *exec, const stressor_value *args,
                     uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    assert_null(exec);
    assert_int_equal(args_count, 1);
    if (args[0].as.string.length == 3 && memcmp(args[0].as.string.ptr, "bad", 3) == 0) {
        failure->text = "it is bad";
        failure->length = 9;
        return -1;
    }
    struct stressor_builder b;
    builder_init(&b, plugin);
    builder_list(&b);
    builder_value(&b, &args[0]);
    builder_map(&b);
    builder_key(&b, "again", 5);
    builder_value(&b, &args[0]);
    builder_end(&b);
    builder_end(&b);
    return builder_finish(&b, out);
}

static const char *const twice_args[] = {"value", NULL};
static const stressor_macro twice_macro = {.size = sizeof twice_macro,
                                           .kind = STRESSOR_MACRO_LOAD_TIME,
                                           .name = "twice",
                                           .args = twice_args,
                                           .args_required = 1,
                                           .expand = twice};

static const stressor_macro *find_macro(void *data, const char *name, size_t length, void **plugin)
{
    *plugin = data;
    return length == 5 && memcmp(name, "twice", 5) == 0 ? &twice_macro : NULL;
}

/* NULL: there were mistakes. */
static struct node *load_path(struct folder *f, const char *path)
{
    struct template_scope scope = {
        .macro = find_macro, .data = &f->tree.arena, .diag = f->tree.diag};
    struct loader *l = loader_new(&f->tree.arena, f->tree.diag, &scope);
    assert_non_null(l);
    struct node *n = loader_file(l, path);
    loader_free(l);
    return diag_errors(f->tree.diag) == 0 ? n : NULL;
}

static struct node *load(struct folder *f, const char *name)
{
    char path[TEMPORARY_PATH];
    return load_path(f, temporary_path(f->path, name, path));
}

/* The one message, without the folder that it begins with. */
static const char *message(struct folder *f)
{
    const char *text = tree_message(&f->tree);
    size_t length = strlen(f->path);
    return strncmp(text, f->path, length) == 0 ? text + length : text;
}

static void check_stem(struct folder *f, const char *name, const char *stem)
{
    char path[TEMPORARY_PATH];
    snprintf(path, sizeof path, "%s%s%s", f->path, *name != '\0' ? "/" : "", name);
    struct loader *l = loader_new(&f->tree.arena, f->tree.diag, NULL);
    struct node *n = loader_file(l, path);
    bool fine = n != NULL && strcmp(loader_stem(l), stem) == 0 && loader_folder(l) >= 0;
    loader_free(l);
    assert_true(fine);
}

static void a_path_may_lack_its_extension_or_be_a_folder(void **state)
{
    struct folder *f = *state;
    folder_write(f, "load.test.yaml", "a: 1");
    folder_write(f, "shop/scenario.yaml", "a: 1");
    folder_write(f, "both/x", "");
    folder_write(f, "both.yaml", "a: 1");
    check_stem(f, "load.test.yaml", "load.test");
    check_stem(f, "load.test", "load.test");
    check_stem(f, "shop", "shop");
    check_stem(f, "shop/", "shop");
    check_stem(f, "shop/scenario", "scenario");
    check_stem(f, "both", "both");
}

static void a_missing_scenario_is_named_with_what_was_tried(void **state)
{
    struct folder *f = *state;
    char expected[2 * TEMPORARY_PATH];
    assert_null(load(f, "none"));
    snprintf(expected, sizeof expected,
             "/none: error: there is no such scenario: neither '%s/none' nor '%s/none.yaml'",
             f->path, f->path);
    assert_string_equal(message(f), expected);
}

static void an_extension_is_not_added_to_one(void **state)
{
    struct folder *f = *state;
    folder_write(f, "none.yaml.yaml", "a: 1");
    assert_null(load(f, "none.yaml"));
    assert_string_equal(message(f), "/none.yaml: error: there is no such scenario");
}

static void a_folder_without_a_scenario_is_said_to_be_one(void **state)
{
    struct folder *f = *state;
    assert_null(load_path(f, f->path));
    assert_string_equal(message(f), ": error: this folder holds no scenario.yaml");
}

static void load_puts_a_file_in_place(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml",
                 "users: $load(data/users.yaml)\nlist: [1, ' $load( \"two.yaml\" ) ']\n"
                 "same: $load('./data/users.yaml')");
    folder_write(f, "data/users.yaml", "- name: ann\n- $load(two.yaml)\n");
    folder_write(f, "two.yaml", "{x: 2}");
    struct node *n = load(f, "s");
    assert_non_null(n);
    const struct node *users = node_get(n, "users");
    assert_text(node_get(users->items[0], "name"), "ann");
    assert_int_equal(node_get(users->items[1], "x")->scalar.as.integer, 2);
    assert_int_equal(node_get(node_get(n, "list")->items[1], "x")->scalar.as.integer, 2);
    assert_ptr_equal(node_get(n, "same"), users);
    assert_int_equal(n->height, 3);
    assert_contains(users->items[0]->at.file, "/data/users.yaml");
}

static void load_for_a_script_brings_text_without_macros(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml", "- script: $load(a.lua)\n- script: |\n    x = 1\n- other: 1");
    folder_write(f, "a.lua", "[\"$load(none)\"]\n");
    struct node *n = load(f, "s.yaml");
    assert_non_null(n);
    const struct node *script = node_get(n->items[0], "script");
    assert_text(script, "[\"$load(none)\"]\n");
    assert_true(script->script);
    assert_true(script->literal);
    assert_contains(script->at.file, "/a.lua");
    assert_false(node_get(n->items[1], "script")->script);
}

static void mistakes_in_a_loaded_file_name_that_file(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml", "a: $load(dir/bad.yaml)\nb: $load(dir/bad.yaml)\n");
    folder_write(f, "dir/bad.yaml", "x: 1\ny: [");
    assert_null(load(f, "s.yaml"));
    assert_contains(message(f), "/dir/bad.yaml:2:5: error: not valid YAML: ");
}

static void text_before_load_makes_it_literal_and_text_after_is_an_error(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml",
                 "a: see $load(x.yaml)\nb: $load(x.yaml) more\nc: $load(x\n"
                 "d: $env(HOME)/x\ne: $load()\nf: $load(a, b)\ng: $env()\n");
    assert_null(load(f, "s.yaml"));
    static const char *const expected[] = {
        "/s.yaml:2:4: error: $load must stand alone, but text follows it",
        "/s.yaml:3:4: error: $load has no closing parenthesis",
        "/s.yaml:4:4: error: $env must stand alone, but text follows it",
        "/s.yaml:5:4: error: $load takes the path of a file",
        "/s.yaml:6:4: error: $load takes the path of a file",
        "/s.yaml:7:4: error: $env takes the name of a variable"};
    diag_sort(f->tree.diag);
    assert_int_equal(diag_count(f->tree.diag), 6);
    for (size_t i = 0; i < 6; i++)
        assert_contains(diag_text(f->tree.diag, i), expected[i]);
}

static void check_load_refused(const char *path, const char *problem)
{
    void *own = NULL;
    assert_int_equal(folder_setup(&own), 0);
    struct folder *f = own;
    char text[128], expected[256];
    snprintf(text, sizeof text, "a: $load(%s)", path);
    folder_write(f, "s.yaml", text);
    folder_write(f, "folder/x", "");
    symlinkat("/etc/passwd", f->fd, "link");
    int big = openat(f->fd, "big", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bool made = big >= 0 && ftruncate(big, NODE_FILE_MAX + 1) == 0;
    close(big);
    struct node *n = load(f, "s.yaml");
    snprintf(expected, sizeof expected, "/s.yaml:1:4: error: cannot load '%s': %s", path, problem);
    diag_sort(f->tree.diag);
    bool fine =
        made && n == NULL && diag_count(f->tree.diag) == 1 && strcmp(message(f), expected) == 0;
    if (!fine)
        print_error("%s\n", diag_count(f->tree.diag) > 0 ? message(f) : "accepted");
    folder_teardown(&own);
    assert_true(fine);
}

static void what_cannot_be_loaded_is_named_with_the_reason(void **state)
{
    (void)state;
    check_load_refused("none.yaml", "there is no such file in the scenario's folder");
    check_load_refused("../x.yaml", "it leaves the scenario's folder");
    check_load_refused("/etc/passwd", "it leaves the scenario's folder");
    check_load_refused("link", "it leaves the scenario's folder");
    check_load_refused("folder", "it is a folder");
    check_load_refused("big", "it is too large");
}

static void files_that_load_each_other_are_named(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml", "a: $load(b.yaml)");
    folder_write(f, "b.yaml", "$load(c.yaml)");
    folder_write(f, "c.yaml", "[$load(b.yaml)]");
    assert_null(load(f, "s.yaml"));
    char expected[3 * TEMPORARY_PATH];
    snprintf(expected, sizeof expected,
             "/c.yaml:1:2: error: files that load each other: %s/b.yaml loads %s/c.yaml loads "
             "%s/b.yaml",
             f->path, f->path, f->path);
    assert_string_equal(message(f), expected);
}

static void a_scenario_that_loads_itself_is_refused(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml", "a: $load(s.yaml)");
    assert_null(load(f, "s"));
    assert_contains(message(f), "/s.yaml:1:4: error: files that load each other: ");
}

static void files_cannot_add_up_to_a_bomb(void **state)
{
    struct folder *f = *state;
    char name[32], text[256];
    for (int i = 0; i < 8; i++) {
        size_t used = (size_t)snprintf(text, sizeof text, "[");
        for (int k = 0; k < 10; k++)
            used += (size_t)snprintf(text + used, sizeof text - used,
                                     i == 7 ? "x," : "$load(%d.yaml),", i + 1);
        snprintf(text + used, sizeof text - used, "]");
        snprintf(name, sizeof name, "%d.yaml", i);
        folder_write(f, name, text);
    }
    assert_null(load(f, "0"));
    assert_contains(message(f), "the scenario is too large here");
}

static void files_cannot_add_up_to_more_depth(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml",
                 "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[$load(b.yaml)]]]]]]]]]]]]]]]]"
                 "]]]]]]]]]]]]]]]]");
    folder_write(f, "b.yaml", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
    assert_null(load(f, "s"));
    assert_contains(message(f), "/s.yaml:1:33: error: nested deeper than 64 levels");
}

static void env_gives_text_that_is_not_scanned_for_macros(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml",
                 "a: $env(STRESSOR_CONFIG_TEST)\nb: $env(STRESSOR_CONFIG_NONE, $(x) y)\n"
                 "c: $env( STRESSOR_CONFIG_NONE ,)\n");
    assert_int_equal(setenv("STRESSOR_CONFIG_TEST", "12 $(x)", 1), 0);
    struct node *n = load(f, "s");
    unsetenv("STRESSOR_CONFIG_TEST");
    assert_non_null(n);
    assert_text(node_get(n, "a"), "12 $(x)");
    assert_true(node_get(n, "a")->literal);
    assert_text(node_get(n, "b"), "$(x) y");
    assert_false(node_get(n, "b")->literal);
    assert_text(node_get(n, "c"), "");
}

static void an_unset_environment_variable_without_default_is_an_error(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml", "a: $env(STRESSOR_CONFIG_TSET)");
    assert_int_equal(setenv("STRESSOR_CONFIG_TEST", "", 1), 0);
    struct node *n = load(f, "s");
    unsetenv("STRESSOR_CONFIG_TEST");
    assert_null(n);
    assert_string_equal(message(f), "/s.yaml:1:4: error: environment variable "
                                    "'STRESSOR_CONFIG_TSET' is not set; did you mean "
                                    "'STRESSOR_CONFIG_TEST'?");
}

static void a_macro_of_a_plugin_stands_for_its_value(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml", "a: $twice(x)\nactivity: $twice(x)\nb: and $twice(x)\nc: $other(x)");
    struct node *n = load(f, "s");
    assert_non_null(n);
    const struct node *list = node_get(n, "a");
    assert_int_equal(list->count, 2);
    assert_text(list->items[0], "x");
    assert_text(node_get(list->items[1], "again"), "x");
    assert_int_equal(list->at.line, 1);
    assert_text(node_get(n, "activity"), "$twice(x)");
    assert_text(node_get(n, "b"), "and $twice(x)");
    assert_text(node_get(n, "c"), "$other(x)");
}

static void a_failing_macro_of_a_plugin_says_why(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml", "- $twice(bad)\n- $twice(a, b)\n");
    assert_null(load(f, "s"));
    diag_sort(f->tree.diag);
    assert_int_equal(diag_count(f->tree.diag), 2);
    assert_contains(diag_text(f->tree.diag, 0), "/s.yaml:1:3: error: $twice: it is bad");
    assert_contains(diag_text(f->tree.diag, 1),
                    "/s.yaml:2:3: error: $twice(value) takes 1 argument, found 2");
}

static void an_activity_may_be_loaded_but_its_macro_is_left_alone(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml", "- activity: $sleep(0.3)\n- activity: $load(type.yaml)\n");
    folder_write(f, "type.yaml", "Sleep");
    struct node *n = load(f, "s");
    assert_non_null(n);
    assert_text(node_get(n->items[0], "activity"), "$sleep(0.3)");
    assert_text(node_get(n->items[1], "activity"), "Sleep");
}

static void from_memory_there_is_no_folder_unless_one_is_given(void **state)
{
    struct folder *f = *state;
    static const char text[] = "a: $load(x.yaml)";
    folder_write(f, "x.yaml", "1");
    struct loader *l = loader_new(&f->tree.arena, f->tree.diag, NULL);
    struct node *with = loader_memory(l, text, sizeof text - 1, "inline.yaml", f->path);
    bool stem = strcmp(loader_stem(l), "inline") == 0;
    loader_free(l);
    assert_non_null(with);
    assert_true(stem);
    assert_int_equal(node_get(with, "a")->scalar.as.integer, 1);
    l = loader_new(&f->tree.arena, f->tree.diag, NULL);
    struct node *without = loader_memory(l, text, sizeof text - 1, "inline.yaml", NULL);
    int fd = loader_folder(l);
    loader_free(l);
    assert_true(node_get(without, "a")->broken);
    assert_int_equal(fd, -1);
    assert_string_equal(tree_message(&f->tree), "inline.yaml:1:4: error: $load needs a scenario "
                                                "that is a file: there is no folder");
}

static void shared_nodes_are_resolved_once(void **state)
{
    struct folder *f = *state;
    folder_write(f, "s.yaml", "a: &a [$load(x.yaml)]\nb: *a\nc: *a\n");
    folder_write(f, "x.yaml", "[1, 2]");
    struct node *n = load(f, "s");
    assert_non_null(n);
    assert_ptr_equal(node_get(n, "a"), node_get(n, "c"));
    assert_int_equal(node_get(n, "b")->items[0]->count, 2);
    assert_int_equal(n->weight, 1 + 3 * (1 + 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(a_path_may_lack_its_extension_or_be_a_folder),
        FOLDER_TEST(a_missing_scenario_is_named_with_what_was_tried),
        FOLDER_TEST(an_extension_is_not_added_to_one),
        FOLDER_TEST(a_folder_without_a_scenario_is_said_to_be_one),
        FOLDER_TEST(load_puts_a_file_in_place),
        FOLDER_TEST(load_for_a_script_brings_text_without_macros),
        FOLDER_TEST(mistakes_in_a_loaded_file_name_that_file),
        FOLDER_TEST(text_before_load_makes_it_literal_and_text_after_is_an_error),
        cmocka_unit_test(what_cannot_be_loaded_is_named_with_the_reason),
        FOLDER_TEST(files_that_load_each_other_are_named),
        FOLDER_TEST(a_scenario_that_loads_itself_is_refused),
        FOLDER_TEST(files_cannot_add_up_to_a_bomb),
        FOLDER_TEST(files_cannot_add_up_to_more_depth),
        FOLDER_TEST(env_gives_text_that_is_not_scanned_for_macros),
        FOLDER_TEST(an_unset_environment_variable_without_default_is_an_error),
        FOLDER_TEST(a_macro_of_a_plugin_stands_for_its_value),
        FOLDER_TEST(a_failing_macro_of_a_plugin_says_why),
        FOLDER_TEST(an_activity_may_be_loaded_but_its_macro_is_left_alone),
        FOLDER_TEST(from_memory_there_is_no_folder_unless_one_is_given),
        FOLDER_TEST(shared_nodes_are_resolved_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
