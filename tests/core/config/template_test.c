#include <stdio.h>

#include "base/names.h"
#include "config/template.h"
#include "tree.h"

enum { VARIABLES_MAX = 64 };

/* A scope and an environment over a few variables. */
struct fixture {
    struct tree tree;
    struct names *names;
    stressor_value values[VARIABLES_MAX];
    bool set[VARIABLES_MAX];
    struct template_scope scope;
    struct template_env env;
    stressor_failure failure;
};

static int32_t expand_join(void *plugin, stressor_exec *exec, const stressor_value *args,
                           uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    static char texts[4][256]; /* each lives for some calls more */
    static unsigned calls;
    char *text = texts[calls++ % 4];
    size_t used = 0;
    assert_null(exec);
    if (args[0].as.string.length == 0) {
        failure->text = "the first argument is empty";
        failure->length = strlen(failure->text);
        return -1;
    }
    for (uint32_t i = 0; i < args_count; i++) {
        assert_int_equal(args[i].type, STRESSOR_STRING);
        used += (size_t)snprintf(text + used, sizeof *texts - used, "<%.*s>",
                                 (int)args[i].as.string.length, args[i].as.string.ptr);
    }
    assert_string_equal(plugin, "the plugin");
    *out = stressor_string_n(text, used);
    return 0;
}

static int32_t expand_seven(void *plugin, stressor_exec *exec, const stressor_value *args,
                            uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    (void)plugin;
    (void)exec;
    (void)args;
    (void)args_count;
    (void)failure;
    *out = stressor_int(7);
    return 0;
}

static const char *const join_args[] = {"first", "second", NULL};
static const char *const no_args[] = {NULL};
static const stressor_macro macros[] = {
    {.size = sizeof *macros,
     .kind = STRESSOR_MACRO_RUN_TIME,
     .name = "join",
     .args = join_args,
     .args_required = 1,
     .expand = expand_join},
    {.size = sizeof *macros,
     .kind = STRESSOR_MACRO_RUN_TIME,
     .name = "seven",
     .args = no_args,
     .expand = expand_seven},
    {.size = sizeof *macros, .kind = STRESSOR_MACRO_ACTIVITY, .name = "sleep"}};

static const stressor_macro *find_macro(void *data, const char *name, size_t length, void **plugin)
{
    (void)data;
    *plugin = "the plugin";
    for (size_t i = 0; i < 3; i++)
        if (strlen(macros[i].name) == length && memcmp(macros[i].name, name, length) == 0)
            return &macros[i];
    return NULL;
}

static void offer_macros(void *data, void (*each)(void *to, const char *name), void *to)
{
    (void)data;
    for (size_t i = 0; i < 3; i++)
        each(to, macros[i].name);
}

static const stressor_value *get_variable(void *data, uint32_t slot)
{
    struct fixture *f = data;
    return slot < VARIABLES_MAX && f->set[slot] ? &f->values[slot] : NULL;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    arena_init(&f->tree.arena, 1024, 64u << 20);
    f->tree.diag = diag_new();
    f->names = names_new();
    f->scope = (struct template_scope){.variables = f->names,
                                       .macro = find_macro,
                                       .macro_names = offer_macros,
                                       .diag = f->tree.diag};
    f->env = (struct template_env){
        .variable = get_variable, .data = f, .variables = f->names, .arena = &f->tree.arena};
    *state = f;
    return f->tree.diag != NULL && f->names != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_finish(&f->tree.arena);
    diag_free(f->tree.diag);
    names_free(f->names);
    free(f);
    return 0;
}

#define TEMPLATE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* A YAML text as a value with templates. */
static stressor_value value_of(struct fixture *f, const char *yaml)
{
    stressor_value v;
    struct node *n = tree_read(&f->tree, yaml);
    assert_non_null(n);
    assert_true(template_node_value(&f->scope, &f->tree.arena, n, false, &v));
    return v;
}

static void set_value(struct fixture *f, const char *name, stressor_value v)
{
    int32_t slot = names_add(f->names, name, strlen(name));
    assert_in_range(slot, 0, VARIABLES_MAX - 1);
    f->values[slot] = v;
    f->set[slot] = true;
}

static void set(struct fixture *f, const char *name, const char *yaml)
{
    set_value(f, name, value_of(f, yaml));
}

static const struct template *compile(struct fixture *f, const char *text)
{
    const struct template *t = NULL;
    struct place at = {"s.yaml", 12, 9};
    bool fine = template_compile(&f->scope, &f->tree.arena, &at, text, strlen(text), &t);
    if (!fine)
        fail_msg("'%s' does not compile", text);
    return t;
}

static stressor_value expand(struct fixture *f, const char *text)
{
    const struct template *t = compile(f, text);
    stressor_value v;
    assert_non_null(t);
    if (!template_expand(t, &f->env, &v, &f->failure))
        fail_msg("%.*s", (int)f->failure.length, f->failure.text);
    return v;
}

static void assert_expands(struct fixture *f, const char *text, const char *expected)
{
    stressor_value v = expand(f, text);
    assert_int_equal(v.type, STRESSOR_STRING);
    assert_int_equal(v.as.string.length, strlen(expected));
    assert_memory_equal(v.as.string.ptr, expected, strlen(expected));
}

static void assert_fails(struct fixture *f, const char *text, const char *kind, const char *message)
{
    const struct template *t = compile(f, text);
    stressor_value v;
    assert_non_null(t);
    assert_false(template_expand(t, &f->env, &v, &f->failure));
    assert_string_equal(f->failure.kind, kind);
    assert_int_equal(f->failure.category, STRESSOR_SCRIPT);
    assert_int_equal(f->failure.length, strlen(f->failure.text));
    assert_string_equal(f->failure.text, message);
}

static void text_without_macros_is_no_template(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {"",
                                        "plain",
                                        "5 $",
                                        "$$",
                                        "$('#id')",
                                        "$(a b)",
                                        "$()",
                                        "$( )",
                                        "$(a",
                                        "$ (a)",
                                        "$(a-b)",
                                        "$(.a)",
                                        "$a",
                                        "${a}",
                                        "$(a$)",
                                        ("$(\xe2\x80\x9c"
                                         "a)"),
                                        "$(a\xff)",
                                        "$(\xe2\x82\xac)"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (compile(f, texts[i]) != NULL)
            fail_msg("'%s' became a template", texts[i]);
    assert_int_equal(diag_count(f->tree.diag), 0);
    assert_int_equal(names_count(f->names), 0);
}

static void names_may_hold_letters_digits_dots_and_colons(void **state)
{
    struct fixture *f = *state;
    set(f, "a1_b:c", "one");
    set(f, "\xc3\xa9t\xc3\xa9", "two");
    set(f, "9", "three");
    assert_expands(f, "$(a1_b:c)", "one");
    assert_expands(f, "<$( \xc3\xa9t\xc3\xa9\t)>", "<two>");
    assert_expands(f, "-$(9)", "-three");
}

static void a_macro_alone_keeps_its_type_and_white_space_does_not_count(void **state)
{
    struct fixture *f = *state;
    set(f, "n", "12");
    set(f, "list", "[1, x]");
    stressor_value v = expand(f, "$(n)");
    assert_int_equal(v.type, STRESSOR_INT);
    assert_int_equal(v.as.integer, 12);
    v = expand(f, " \n$( n )\t");
    assert_int_equal(v.type, STRESSOR_INT);
    v = expand(f, "$(list)");
    assert_int_equal(v.type, STRESSOR_LIST);
    assert_int_equal(v.as.list.count, 2);
    assert_expands(f, " $(n).", " 12.");
    assert_expands(f, "$(n)$(n)", "1212");
}

static void inside_text_values_take_their_text_form(void **state)
{
    struct fixture *f = *state;
    set(f, "int", "-9223372036854775808");
    set(f, "zero", "0");
    set(f, "float", "1.0");
    set(f, "yes", "true");
    set(f, "null", "~");
    set(f, "map", "{a: [1, 'x']}");
    set(f, "text", "''");
    assert_expands(f, "[$(int)|$(zero)|$(float)|$(yes)|$(null)|$(map)|$(text)]",
                   "[-9223372036854775808|0|1.0|True|None|{'a': [1, 'x']}|]");
}

static void more_pieces_than_usual_are_fine(void **state)
{
    struct fixture *f = *state;
    set(f, "a", "1");
    struct buf text, expected;
    buf_init(&text, 0);
    buf_init(&expected, 0);
    for (int i = 0; i < 50; i++) {
        buf_printf(&text, "%d:$(a) ", i);
        buf_printf(&expected, "%d:1 ", i);
    }
    assert_expands(f, text.data, expected.data);
    buf_finish(&text);
    buf_finish(&expected);
}

static void a_dotted_name_is_looked_up_whole_and_then_as_a_way(void **state)
{
    struct fixture *f = *state;
    set(f, "user", "{name: ann, auth: {token: t}, 1: one}");
    assert_expands(f, "$(user.name)", "ann");
    assert_expands(f, "<$(user.auth.token)>", "<t>");
    assert_expands(f, "$(user.1)", "one");
    set(f, "user.name", "whole");
    assert_expands(f, "$(user.name)", "whole");
}

static void values_of_the_scenario_are_expanded_again(void **state)
{
    struct fixture *f = *state;
    set(f, "host", "example.org");
    set(f, "port", "80");
    set(f, "base", "http://$(host):$(port)");
    set(f, "users", "{all: ['$(host)', {n: $(port)}], plain: x}");
    set(f, "alias", "$(users)");
    assert_expands(f, "$(base)/x", "http://example.org:80/x");
    stressor_value v = expand(f, "$(users)");
    assert_int_equal(v.type, STRESSOR_MAP);
    assert_int_equal(v.flags, 0);
    const stressor_value *all = value_get(&v, "all", 3);
    assert_memory_equal(value_at(all, 0)->as.string.ptr, "example.org", 11);
    assert_int_equal(value_get(value_at(all, 1), "n", 1)->as.integer, 80);
    assert_expands(f, "$(users.all) $(alias.plain)", "['example.org', {'n': 80}] x");
}

static void data_is_never_scanned_for_macros(void **state)
{
    struct fixture *f = *state;
    set_value(f, "body", stressor_string("$(secret) $seven()"));
    assert_expands(f, "got $(body)", "got $(secret) $seven()");
}

static void unknown_variables_are_named_with_what_is_near(void **state)
{
    struct fixture *f = *state;
    set(f, "user", "{name: ann, auth: [a, b]}");
    set(f, "session_id", "t01");
    assert_fails(f, "Hi $(sesion_id)!", "unknown variable",
                 "unknown variable 'sesion_id' in 'Hi $(sesion_id)!' (s.yaml:12:9); did you mean "
                 "'session_id'?");
    assert_fails(f, "$(usr.name)", "unknown variable",
                 "unknown variable 'usr.name' in '$(usr.name)' (s.yaml:12:9); did you mean "
                 "'user.name'?");
    assert_fails(f, "$(user.nam)", "unknown variable",
                 "unknown variable 'user.nam' in '$(user.nam)' (s.yaml:12:9); did you mean "
                 "'user.name'?");
    assert_fails(f, "$(user.zzz)", "unknown variable",
                 "unknown variable 'user.zzz' in '$(user.zzz)' (s.yaml:12:9); 'user' has no 'zzz'");
    assert_fails(f, "$(user.name.x)", "unknown variable",
                 "unknown variable 'user.name.x' in '$(user.name.x)' (s.yaml:12:9); 'user.name' is "
                 "no map, but text");
    assert_fails(f, "$(qqq)", "unknown variable",
                 "unknown variable 'qqq' in '$(qqq)' (s.yaml:12:9)");
}

static void loops_of_macros_end_with_a_failure(void **state)
{
    struct fixture *f = *state;
    set(f, "a", "$(b)");
    set(f, "b", "x$(a)");
    assert_fails(f, "$(a)", "macro loop",
                 "macros within macros without end in 'x$(a)' (s.yaml:1:1)");
    assert_int_equal(f->env.depth, 0);
    set(f, "list", "[$(list), $(list)]");
    const struct template *t = compile(f, "$(list)");
    stressor_value v;
    assert_false(template_expand(t, &f->env, &v, &f->failure));
    assert_string_equal(f->failure.kind, "macro loop");
}

static void expansion_that_multiplies_is_bounded(void **state)
{
    struct fixture *f = *state;
    char name[8], text[64];
    set(f, "m0", "x");
    for (int i = 1; i < 30; i++) {
        snprintf(name, sizeof name, "m%d", i);
        snprintf(text, sizeof text, "'$(m%d)$(m%d)'", i - 1, i - 1);
        set(f, name, text);
    }
    const struct template *t = compile(f, "$(m29)");
    stressor_value v;
    assert_false(template_expand(t, &f->env, &v, &f->failure));
    assert_string_equal(f->failure.kind, "macro loop");
    assert_contains(f->failure.text, "too many macros within macros");
    /* The bound is one of each expansion, not of their sum. */
    assert_expands(f, "$(m3)", "xxxxxxxx");
    assert_expands(f, "$(m3)", "xxxxxxxx");
}

static void a_text_that_grows_too_long_is_refused(void **state)
{
    struct fixture *f = *state;
    char *big = arena_alloc(&f->tree.arena, 6 << 20);
    assert_non_null(big);
    memset(big, 'x', 6 << 20);
    set_value(f, "big", stressor_string_n(big, 6 << 20));
    assert_fails(f, "$(big)$(big)$(big)", "text too long",
                 "the text grows too long in '$(big)$(big)$(big)' (s.yaml:12:9)");
}

static void secrets_make_the_whole_text_a_secret(void **state)
{
    struct fixture *f = *state;
    stressor_value secret = stressor_string("pw");
    secret.flags = STRESSOR_SECRET;
    set_value(f, "password", secret);
    set(f, "n", "1");
    assert_int_equal(expand(f, "x$(password)").flags, STRESSOR_SECRET);
    assert_int_equal(expand(f, "$(password)").flags, STRESSOR_SECRET);
    assert_int_equal(expand(f, "$join($(password))").flags, STRESSOR_SECRET);
    assert_int_equal(expand(f, "x$(n)").flags, 0);
    struct stressor_builder b;
    builder_init(&b, &f->tree.arena);
    builder_list(&b);
    builder_value(&b, &secret);
    builder_end(&b);
    stressor_value list;
    assert_int_equal(builder_finish(&b, &list), 0);
    set_value(f, "list", list);
    assert_int_equal(expand(f, "x$(list)").flags, STRESSOR_SECRET);
}

static void the_source_of_a_secret_template_is_not_shown(void **state)
{
    struct fixture *f = *state;
    stressor_value v = value_of(f, "hunter2$(nobody)"), out;
    assert_true(value_make_secret(&f->tree.arena, &v));
    assert_false(template_expand_value(&v, &f->env, &out, &f->failure));
    assert_string_equal(f->failure.text, "unknown variable 'nobody' (s.yaml:1:1)");
    set(f, "nobody", "x");
    assert_true(template_expand_value(&v, &f->env, &out, &f->failure));
    assert_int_equal(out.flags, STRESSOR_SECRET);
}

static void functions_get_their_arguments_expanded_as_texts(void **state)
{
    struct fixture *f = *state;
    set(f, "n", "12");
    set(f, "list", "[1, x]");
    assert_expands(f, "$join($(n), 'a, b')", "<12><a, b>");
    assert_expands(f, "x$join( $join(a) , \"$(list)\" )y", "x<<a>><[1, 'x']>y");
    assert_int_equal(expand(f, " $seven() ").type, STRESSOR_INT);
    assert_expands(f, "$seven()$(n)", "712");
}

static void a_failing_function_tells_its_reason_and_place(void **state)
{
    struct fixture *f = *state;
    set(f, "empty", "''");
    assert_fails(f, "$join($(empty))", "macro",
                 "$join: the first argument is empty in '$join($(empty))' (s.yaml:12:9)");
    assert_fails(f, "$join($(none))", "unknown variable",
                 "unknown variable 'none' in '$(none)' (s.yaml:12:9)");
}

static void malformed_calls_of_known_macros_are_mistakes(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"$join()", "$join(first, second) takes at least 1 argument, found 0"},
        {"$join(a, b, c)", "$join(first, second) takes at most 2 arguments, found 3"},
        {"$seven(1)", "$seven() takes 0 arguments, found 1"},
        {"x $join(a", "$join has no closing parenthesis"},
        {"$join($seven(1))", "$seven() takes 0 arguments, found 1"}};
    struct place at = {"s.yaml", 1, 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct template *t;
        at.line = (unsigned)i + 1;
        assert_false(
            template_compile(&f->scope, &f->tree.arena, &at, cases[i][0], strlen(cases[i][0]), &t));
        assert_null(t);
        diag_sort(f->tree.diag);
        assert_int_equal(diag_count(f->tree.diag), i + 1);
        assert_contains(diag_text(f->tree.diag, i), cases[i][1]);
    }
}

static void what_looks_like_a_macro_that_nobody_provides_draws_a_warning(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"$jion(a)", "nobody provides a macro '$jion'; did you mean '$join'?"},
        {"a $jion(a) b", "nobody provides a macro '$jion'; did you mean '$join'?"},
        {" $mystery(a) ", "nobody provides a macro '$mystery'; it is plain text"},
        {"$sleep(3)", "$sleep stands for an activity; here it is plain text"}};
    struct place at = {"s.yaml", 1, 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct template *t;
        at.line = (unsigned)i + 1;
        assert_true(
            template_compile(&f->scope, &f->tree.arena, &at, cases[i][0], strlen(cases[i][0]), &t));
        assert_null(t);
        diag_sort(f->tree.diag);
        assert_int_equal(diag_count(f->tree.diag), i + 1);
        assert_true(diag_is_warning(f->tree.diag, i));
        assert_contains(diag_text(f->tree.diag, i), cases[i][1]);
    }
    assert_null(compile(f, "see $load(x.yaml), $mystery(a) and $sleep(3)"));
    assert_int_equal(diag_count(f->tree.diag), 4);
}

static void nested_calls_have_a_limit(void **state)
{
    struct fixture *f = *state;
    struct buf text;
    struct place at = {"s.yaml", 1, 1};
    const struct template *t;
    buf_init(&text, 0);
    for (int i = 0; i < 1000; i++)
        buf_puts(&text, "$join(");
    buf_puts(&text, "x");
    for (int i = 0; i < 1000; i++)
        buf_puts(&text, ")");
    assert_false(template_compile(&f->scope, &f->tree.arena, &at, text.data, text.length, &t));
    buf_finish(&text);
    assert_contains(tree_message(&f->tree), "macros nested deeper than 32 levels");
}

static void nodes_become_values_whose_texts_are_templates(void **state)
{
    struct fixture *f = *state;
    set(f, "x", "1");
    stressor_value v = value_of(f, "{a: [1, $(x), $$], yes: 2, ~: 3, 0x1: 4}"), out;
    assert_int_equal(v.flags, VALUE_TEMPLATES);
    assert_int_equal(value_get(&v, "true", 4)->as.integer, 2);
    assert_int_equal(value_get(&v, "null", 4)->as.integer, 3);
    assert_int_equal(value_get(&v, "0x1", 3)->as.integer, 4);
    const stressor_value *list = value_get(&v, "a", 1);
    assert_int_equal(list->flags, VALUE_TEMPLATES);
    assert_int_equal(value_at(list, 1)->flags, VALUE_TEMPLATE);
    assert_int_equal(value_at(list, 2)->flags, 0);
    assert_true(template_expand_value(&v, &f->env, &out, &f->failure));
    assert_int_equal(out.flags, 0);
    assert_int_equal(value_at(value_get(&out, "a", 1), 1)->as.integer, 1);
}

static void keys_raw_texts_and_data_are_not_templates(void **state)
{
    struct fixture *f = *state;
    stressor_value v = value_of(f, "{$(x): 1}");
    assert_int_equal(v.flags, 0);
    struct node *n = tree_read(&f->tree, "[$(x), $(y)]");
    assert_true(template_node_value(&f->scope, &f->tree.arena, n, true, &v));
    assert_int_equal(v.flags, 0);
    n->items[0]->script = true;
    n->items[1]->literal = true;
    assert_true(template_node_value(&f->scope, &f->tree.arena, n, false, &v));
    assert_int_equal(v.flags, 0);
    assert_memory_equal(value_at(&v, 0)->as.string.ptr, "$(x)", 4);
}

static void every_mistake_in_a_value_is_recorded(void **state)
{
    struct fixture *f = *state;
    struct node *n = tree_read(&f->tree, "- $join()\n- {a: $seven(1)}\n");
    stressor_value v;
    assert_false(template_node_value(&f->scope, &f->tree.arena, n, false, &v));
    assert_int_equal(v.type, STRESSOR_LIST);
    diag_sort(f->tree.diag);
    assert_int_equal(diag_count(f->tree.diag), 2);
    assert_contains(diag_text(f->tree.diag, 0), "s.yaml:1:3: error: $join");
    assert_contains(diag_text(f->tree.diag, 1), "s.yaml:2:7: error: $seven");
}

static void place_and_source_are_kept(void **state)
{
    struct fixture *f = *state;
    char text[] = "a $(b)";
    const struct template *t = compile(f, text);
    memset(text, '?', sizeof text - 1);
    size_t length;
    assert_string_equal(template_source(t, &length), "a $(b)");
    assert_int_equal(length, 6);
    assert_int_equal(template_place(t)->line, 12);
}

static void running_out_of_memory_is_a_failure(void **state)
{
    struct fixture *f = *state;
    set(f, "a", "some text");
    const struct template *t = compile(f, "a long enough text with $(a) in it");
    struct arena small;
    arena_init(&small, 16, 16);
    f->env.arena = &small;
    stressor_value v;
    assert_false(template_expand(t, &f->env, &v, &f->failure));
    assert_string_equal(f->failure.kind, "out of memory");
    assert_int_equal(f->failure.category, STRESSOR_GENERATOR);
    arena_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEMPLATE_TEST(text_without_macros_is_no_template),
        TEMPLATE_TEST(names_may_hold_letters_digits_dots_and_colons),
        TEMPLATE_TEST(a_macro_alone_keeps_its_type_and_white_space_does_not_count),
        TEMPLATE_TEST(inside_text_values_take_their_text_form),
        TEMPLATE_TEST(more_pieces_than_usual_are_fine),
        TEMPLATE_TEST(a_dotted_name_is_looked_up_whole_and_then_as_a_way),
        TEMPLATE_TEST(values_of_the_scenario_are_expanded_again),
        TEMPLATE_TEST(data_is_never_scanned_for_macros),
        TEMPLATE_TEST(unknown_variables_are_named_with_what_is_near),
        TEMPLATE_TEST(loops_of_macros_end_with_a_failure),
        TEMPLATE_TEST(expansion_that_multiplies_is_bounded),
        TEMPLATE_TEST(a_text_that_grows_too_long_is_refused),
        TEMPLATE_TEST(secrets_make_the_whole_text_a_secret),
        TEMPLATE_TEST(the_source_of_a_secret_template_is_not_shown),
        TEMPLATE_TEST(functions_get_their_arguments_expanded_as_texts),
        TEMPLATE_TEST(a_failing_function_tells_its_reason_and_place),
        TEMPLATE_TEST(malformed_calls_of_known_macros_are_mistakes),
        TEMPLATE_TEST(what_looks_like_a_macro_that_nobody_provides_draws_a_warning),
        TEMPLATE_TEST(nested_calls_have_a_limit),
        TEMPLATE_TEST(nodes_become_values_whose_texts_are_templates),
        TEMPLATE_TEST(keys_raw_texts_and_data_are_not_templates),
        TEMPLATE_TEST(every_mistake_in_a_value_is_recorded),
        TEMPLATE_TEST(place_and_source_are_kept),
        TEMPLATE_TEST(running_out_of_memory_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
