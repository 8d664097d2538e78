#include <math.h>
#include <stdio.h>

#include "base/names.h"
#include "config/schema.h"
#include "tree.h"

enum { ARGS_MAX = 32 };

#define ARG(NAME, ...)                                                                             \
    static const stressor_arg NAME = {.size = sizeof(stressor_arg), .name = #NAME, __VA_ARGS__}

static const char *const verbs[] = {"GET", "POST", "DELETE", NULL};

ARG(url, .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_REQUIRED, .help = "where to go");
ARG(method, .types = STRESSOR_ARG_STRING, .choices = verbs, .fallback = "GET");
ARG(timeout, .types = STRESSOR_ARG_DURATION, .fallback = "1m30s");
ARG(count, .types = STRESSOR_ARG_INT, .min = 1, .max = 10);
ARG(ratio, .types = STRESSOR_ARG_FLOAT);
ARG(verify, .types = STRESSOR_ARG_BOOL, .fallback = "yes");
ARG(status, .types = STRESSOR_ARG_INT | STRESSOR_ARG_LIST, .items = STRESSOR_ARG_INT);
ARG(match, .types = STRESSOR_ARG_REGEX);
ARG(store, .types = STRESSOR_ARG_MAP, .items = STRESSOR_ARG_PATH);
ARG(check, .types = STRESSOR_ARG_MAP, .keys = STRESSOR_ARG_PATH);
ARG(html, .types = STRESSOR_ARG_MAP, .items = STRESSOR_ARG_BOOL | STRESSOR_ARG_REGEX,
    .keys = STRESSOR_ARG_XPATH);
ARG(pauses, .types = STRESSOR_ARG_DURATION | STRESSOR_ARG_LIST, .items = STRESSOR_ARG_DURATION);
ARG(any, .types = STRESSOR_ARG_ANY);
ARG(auth, .types = STRESSOR_ARG_LIST | STRESSOR_ARG_NULL, .flags = STRESSOR_ARG_SECRET);
ARG(password, .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_SECRET);
ARG(code, .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_RAW);
ARG(engine, .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_STATIC);
ARG(base, .types = STRESSOR_ARG_STRING, .pattern = "https?://",
    .pattern_help = "an absolute http:// or https:// URL");
static const char *const versions[] = {"1.1", "2", NULL};
ARG(version, .types = STRESSOR_ARG_FLOAT, .choices = versions);
static const char *const sizes[] = {"8", "16", NULL};
ARG(bits, .types = STRESSOR_ARG_INT | STRESSOR_ARG_LIST, .items = STRESSOR_ARG_INT,
    .choices = sizes);
ARG(offset, .types = STRESSOR_ARG_DURATION, .min = -5, .max = 5);

static const stressor_arg *const args[] = {&url,    &method,  &timeout, &count,    &ratio,  &verify,
                                           &status, &match,   &store,   &check,    &html,   &pauses,
                                           &any,    &auth,    &code,    &password, &engine, &base,
                                           &offset, &version, &bits};
enum { ARGS = sizeof args / sizeof *args };

struct fixture {
    struct tree tree;
    struct names *names;
    struct template_scope scope;
    stressor_value values[ARGS_MAX];
    uint8_t states[ARGS_MAX];
    struct place places[ARGS_MAX];
    struct schema_table table;
    struct node *map;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    arena_init(&f->tree.arena, 1024, 64u << 20);
    f->tree.diag = diag_new();
    f->names = names_new();
    f->scope = (struct template_scope){.variables = f->names, .diag = f->tree.diag};
    f->table = (struct schema_table){args, ARGS, f->values, f->states, f->places};
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

#define SCHEMA_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static bool bind(struct fixture *f, const char *yaml)
{
    f->map = tree_read(&f->tree, yaml);
    assert_non_null(f->map);
    return schema_bind(&f->table, 1, f->map, NULL, SCHEMA_UNKNOWN_ERROR, "GetRequest", &f->scope,
                       &f->tree.arena);
}

static size_t at(const stressor_arg *arg)
{
    for (size_t i = 0; i < ARGS; i++)
        if (args[i] == arg)
            return i;
    fail_msg("no such argument");
    return 0;
}

static const stressor_value *value(struct fixture *f, const stressor_arg *arg, uint32_t type)
{
    assert_int_equal(f->states[at(arg)], STRESSOR_ARG_CONSTANT);
    assert_int_equal(f->values[at(arg)].type, type);
    return &f->values[at(arg)];
}

static void values_come_out_as_the_types_say(void **state)
{
    struct fixture *f = *state;
    assert_false(bind(f,
                      "{url: /x, method: post, timeout: 500ms, count: 3.0, ratio: 2, verify: off, "
                      "status: [200, '404'], match: a+, store: {v: 'items[0].id'}, "
                      "check: {a.b: 1}, html: {//a: true, //b: x}, pauses: [1, 2.5, 1m], "
                      "any: {x: [1, ~]}, auth: ~, base: 'HTTP://x', offset: -1.5}"));
    assert_int_equal(diag_errors(f->tree.diag), 1); /* `base`: a pattern tells letter case apart */
    assert_memory_equal(value(f, &url, STRESSOR_STRING)->as.string.ptr, "/x", 2);
    assert_string_equal(value(f, &method, STRESSOR_STRING)->as.string.ptr, "POST");
    assert_int_equal(value(f, &timeout, STRESSOR_INT)->as.integer, 500000000);
    assert_int_equal(value(f, &count, STRESSOR_INT)->as.integer, 3);
    assert_true(value(f, &ratio, STRESSOR_DOUBLE)->as.real == 2.0);
    assert_int_equal(value(f, &verify, STRESSOR_BOOL)->as.integer, 0);
    const stressor_value *list = value(f, &status, STRESSOR_LIST);
    assert_int_equal(value_at(list, 1)->type, STRESSOR_INT);
    assert_int_equal(value_at(list, 1)->as.integer, 404);
    list = value(f, &pauses, STRESSOR_LIST);
    assert_int_equal(value_at(list, 0)->as.integer, 1000000000);
    assert_int_equal(value_at(list, 1)->as.integer, 2500000000);
    assert_int_equal(value_at(list, 2)->as.integer, 60000000000);
    assert_int_equal(value(f, &any, STRESSOR_MAP)->as.map.count, 1);
    value(f, &auth, STRESSOR_NULL);
    assert_int_equal(value(f, &offset, STRESSOR_INT)->as.integer, -1500000000);
    assert_int_equal(f->states[at(&base)], STRESSOR_ARG_ABSENT);
}

static void numbers_may_be_given_as_text(void **state)
{
    struct fixture *f = *state;
    assert_true(bind(f, "{url: x, count: ' 7 ', ratio: '1e-3', timeout: '2', verify: 'No'}"));
    assert_int_equal(value(f, &count, STRESSOR_INT)->as.integer, 7);
    assert_true(value(f, &ratio, STRESSOR_DOUBLE)->as.real == 1e-3);
    assert_int_equal(value(f, &timeout, STRESSOR_INT)->as.integer, 2000000000);
    assert_int_equal(value(f, &verify, STRESSOR_BOOL)->as.integer, 0);
}

static void numbers_may_have_choices(void **state)
{
    struct fixture *f = *state;
    assert_true(bind(f, "{url: x, version: 1.10, bits: [8, '16', 8.0]}"));
    assert_true(value(f, &version, STRESSOR_DOUBLE)->as.real == 1.1);
    assert_int_equal(value_at(value(f, &bits, STRESSOR_LIST), 1)->as.integer, 16);
    assert_true(bind(f, "{url: x, version: 2, bits: 16}"));
    assert_true(value(f, &version, STRESSOR_DOUBLE)->as.real == 2.0);
}

static void what_is_absent_or_null_takes_the_default_and_the_place_of_the_map(void **state)
{
    struct fixture *f = *state;
    assert_true(bind(f, "url: x\nmethod: ~\n"));
    assert_string_equal(value(f, &method, STRESSOR_STRING)->as.string.ptr, "GET");
    assert_int_equal(value(f, &timeout, STRESSOR_INT)->as.integer, 90000000000);
    assert_int_equal(value(f, &verify, STRESSOR_BOOL)->as.integer, 1);
    assert_int_equal(f->states[at(&count)], STRESSOR_ARG_ABSENT);
    assert_int_equal(f->values[at(&count)].type, STRESSOR_NULL);
    assert_int_equal(f->places[at(&timeout)].line, 1);
    assert_int_equal(f->places[at(&method)].line, 2);
    assert_int_equal(f->places[at(&url)].column, 6);
}

static void an_empty_map_or_none_is_fine_where_nothing_is_required(void **state)
{
    struct fixture *f = *state;
    struct schema_table rest = {args + 1, ARGS - 1, f->values, f->states, f->places};
    assert_true(
        schema_bind(&rest, 1, NULL, NULL, SCHEMA_UNKNOWN_ERROR, "x", &f->scope, &f->tree.arena));
    assert_true(schema_bind(&rest, 1, tree_read(&f->tree, "~"), NULL, SCHEMA_UNKNOWN_ERROR, "x",
                            &f->scope, &f->tree.arena));
    assert_false(schema_bind(&rest, 1, tree_read(&f->tree, "[]"), NULL, SCHEMA_UNKNOWN_ERROR,
                             "section 'sessions'", &f->scope, &f->tree.arena));
    assert_string_equal(tree_message(&f->tree),
                        "s.yaml:1:1: error: section 'sessions' must be a map, found a list");
}

static const char *const mistakes[][2] = {
    {"{ulr: x}", "s.yaml:1:2: error: unknown argument 'ulr' of GetRequest; did you mean 'url'?"},
    {"{}", "s.yaml:1:1: error: missing argument 'url' of GetRequest (text): where to go"},
    {"{url: ~}", "s.yaml:1:7: error: missing argument 'url' of GetRequest (text): where to go"},
    {"{url: 12}", "s.yaml:1:7: error: argument 'url' of GetRequest: expected text, found the "
                  "integer 12; put it in quotes if it is text"},
    {"{url: yes}", "argument 'url' of GetRequest: expected text, found the boolean yes; put"},
    {"{timeout: abc}", "s.yaml:1:11: error: argument 'timeout' of GetRequest: expected a duration "
                       "such as 1.5 or 500ms, found text 'abc'"},
    {"{timeout: -1}", "expected a duration that is not negative, found the integer -1"},
    {"{timeout: .inf}", "expected a duration such as 1.5 or 500ms, found the number .inf"},
    {"{count: yes}", "argument 'count' of GetRequest: expected an integer, found the boolean yes"},
    {"{count: 1.5}", "expected an integer, found the number 1.5"},
    {"{count: 11}", "expected an integer from 1 to 10, found the integer 11"},
    {"{count: ''}", "expected an integer, found text ''"},
    {"{offset: 6}", "expected a duration from -5 to 5 s, found the integer 6"},
    {"{ratio: nan}", "expected a number, found text 'nan'"},
    {"{verify: maybe}", "expected true or false, found text 'maybe'"},
    {"{verify: 1}", "expected true or false, found the integer 1"},
    {"{method: gte}", "expected one of 'GET', 'POST', 'DELETE', found text 'gte'; did you mean "
                      "'GET'?"},
    {"{version: 1.5}", "s.yaml:1:11: error: argument 'version' of GetRequest: expected one of 1.1, "
                       "2, found the number 1.5"},
    {"{version: '3'}", "expected one of 1.1, 2, found text '3'"},
    {"{version: x}", "expected a number, found text 'x'"},
    {"{bits: [8, 12]}", "s.yaml:1:12: error: argument 'bits' of GetRequest: item 2: expected one "
                        "of 8, 16, found the integer 12"},
    {"{base: ftp://x}", "expected an absolute http:// or https:// URL, found text 'ftp://x'"},
    {"{match: '(a'}", "s.yaml:1:9: error: argument 'match' of GetRequest: expected a regular "
                      "expression, found text '(a'; "},
    {"{status: {}}", "expected an integer or a list of integers, found a map {}"},
    {"{status: [200, x]}", "s.yaml:1:16: error: argument 'status' of GetRequest: item 2: expected "
                           "an integer, found text 'x'"},
    {"{store: {a: 'x[', b: y}}", "s.yaml:1:13: error: argument 'store' of GetRequest: 'a': "
                                 "expected a path such as items[0].id, found text 'x['; "},
    {"{check: {'a[': 1}}", "s.yaml:1:10: error: argument 'check' of GetRequest: expected a path "
                           "such as items[0].id, found text 'a['; "},
    {"{html: {//a: 1}}", "'//a': expected true or false or a regular expression, found the "
                         "integer 1"},
    {"{pauses: [1, ~]}", "item 2: expected a duration such as 1.5 or 500ms, found null"},
    {"{password: [a]}", "expected text, found a list ***"},
    {"{engine: $(x)}", "s.yaml:1:10: error: argument 'engine' of GetRequest is needed before the "
                       "run: it must not hold macros"},
};

static void mistakes_say_where_what_was_expected_and_what_was_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        void *own = NULL;
        assert_int_equal(setup(&own), 0);
        struct fixture *f = own;
        bool found = false;
        bool accepted = bind(f, mistakes[i][0]);
        diag_sort(f->tree.diag);
        for (size_t k = 0; k < diag_count(f->tree.diag); k++)
            found |= strstr(diag_text(f->tree.diag, k), mistakes[i][1]) != NULL;
        if (!found)
            print_error("%s: %s\n", mistakes[i][0],
                        diag_count(f->tree.diag) > 0 ? diag_text(f->tree.diag, 0) : "accepted");
        teardown(&own);
        assert_false(accepted);
        assert_true(found);
    }
}

static void all_mistakes_of_a_map_are_told_in_one_go(void **state)
{
    struct fixture *f = *state;
    assert_false(bind(f, "status: [a, 200, b]\ncount: 0\nwhatever: 1\nhtml: {x: '(', y: ')'}\n"));
    diag_sort(f->tree.diag);
    assert_int_equal(diag_count(f->tree.diag), 7);
    assert_contains(diag_text(f->tree.diag, 0), "s.yaml:1:1: error: missing argument 'url'");
    assert_contains(diag_text(f->tree.diag, 1), "s.yaml:1:10: ");
    assert_contains(diag_text(f->tree.diag, 2), "s.yaml:1:18: ");
    assert_contains(diag_text(f->tree.diag, 3), "s.yaml:2:8: ");
    assert_contains(diag_text(f->tree.diag, 4),
                    "s.yaml:3:1: error: unknown argument 'whatever' of GetRequest");
    assert_contains(diag_text(f->tree.diag, 6), "s.yaml:4:19: ");
    for (size_t i = 0; i < ARGS; i++)
        assert_in_range(f->states[i], STRESSOR_ARG_ABSENT, STRESSOR_ARG_TEMPLATE);
}

static void unknown_keys_may_warn_or_be_fine_or_be_skipped(void **state)
{
    struct fixture *f = *state;
    static const char *const skip[] = {"activity", NULL};
    struct node *map = tree_read(&f->tree, "{url: x, activity: 1, verfy: 2}");
    assert_true(schema_bind(&f->table, 1, map, skip, SCHEMA_UNKNOWN_FINE, "section 'config'",
                            &f->scope, &f->tree.arena));
    assert_int_equal(diag_count(f->tree.diag), 0);
    assert_true(schema_bind(&f->table, 1, map, skip, SCHEMA_UNKNOWN_WARN, "section 'sessions'",
                            &f->scope, &f->tree.arena));
    assert_string_equal(tree_message(&f->tree),
                        "s.yaml:1:23: warning: unknown key 'verfy' of section 'sessions' is "
                        "ignored; did you mean 'verify'?");
}

static void several_tables_share_a_map(void **state)
{
    struct fixture *f = *state;
    struct schema_table both[] = {{args, 2, f->values, f->states, f->places},
                                  {args + 2, 2, f->values + 2, f->states + 2, f->places + 2}};
    struct node *map = tree_read(&f->tree, "{count: 2, url: x, cuont: 3}");
    assert_false(
        schema_bind(both, 2, map, NULL, SCHEMA_UNKNOWN_ERROR, "X", &f->scope, &f->tree.arena));
    assert_int_equal(value(f, &count, STRESSOR_INT)->as.integer, 2);
    value(f, &url, STRESSOR_STRING);
    assert_contains(tree_message(&f->tree), "did you mean 'count'?");
}

static void macros_become_templates_and_their_neighbours_are_still_checked(void **state)
{
    struct fixture *f = *state;
    assert_true(bind(f, "{url: /$(x), count: $(n), pauses: [1, $(p)], code: $(raw), "
                        "password: $(pw)}"));
    assert_int_equal(f->states[at(&url)], STRESSOR_ARG_TEMPLATE);
    assert_int_equal(f->values[at(&url)].flags, VALUE_TEMPLATE);
    assert_int_equal(f->states[at(&count)], STRESSOR_ARG_TEMPLATE);
    assert_int_equal(f->states[at(&pauses)], STRESSOR_ARG_TEMPLATE);
    assert_int_equal(f->values[at(&pauses)].flags, VALUE_TEMPLATES);
    assert_int_equal(value_at(&f->values[at(&pauses)], 0)->as.integer, 1);
    assert_memory_equal(value(f, &code, STRESSOR_STRING)->as.string.ptr, "$(raw)", 6);
    assert_int_equal(f->values[at(&password)].flags, VALUE_TEMPLATE | STRESSOR_SECRET);
    assert_false(bind(f, "{url: x, status: [$(a), x]}"));
    assert_contains(tree_message(&f->tree), "item 2: expected an integer, found text 'x'");
}

static void secrets_are_marked_all_through_and_masked_in_messages(void **state)
{
    struct fixture *f = *state;
    assert_true(bind(f, "{url: x, auth: [name, [word]], password: p}"));
    const stressor_value *list = value(f, &auth, STRESSOR_LIST);
    assert_int_equal(list->flags, STRESSOR_SECRET);
    assert_int_equal(value_at(value_at(list, 1), 0)->flags, STRESSOR_SECRET);
    assert_int_equal(value(f, &password, STRESSOR_STRING)->flags, STRESSOR_SECRET);
    stressor_value v = stressor_int(4711);
    struct buf why;
    bool absent;
    buf_init(&why, 0);
    assert_false(schema_coerce(&password, &v, &f->tree.arena, &absent, &why));
    assert_string_equal(why.data,
                        "expected text, found the integer ***; put it in quotes if it is text");
    buf_finish(&why);
}

static void a_numeral_is_the_number_or_the_text_that_is_wanted(void **state)
{
    struct fixture *f = *state;
    struct buf why;
    bool absent;
    const stressor_arg real = {.size = sizeof real, .name = "r", .types = STRESSOR_ARG_FLOAT},
                       whole = {.size = sizeof whole, .name = "i", .types = STRESSOR_ARG_INT},
                       text = {.size = sizeof text, .name = "t", .types = STRESSOR_ARG_STRING};
    stressor_value numeral = stressor_string("18446744073709551615"), v;
    numeral.flags = VALUE_NUMERAL;
    buf_init(&why, 0);
    v = numeral;
    assert_true(schema_coerce(&real, &v, &f->tree.arena, &absent, &why));
    assert_true(v.type == STRESSOR_DOUBLE && v.flags == 0 && v.as.real == 0x1p64);
    v = numeral;
    assert_true(schema_coerce(&text, &v, &f->tree.arena, &absent, &why));
    assert_int_equal(v.as.string.length, 20);
    v = numeral;
    assert_false(schema_coerce(&whole, &v, &f->tree.arena, &absent, &why));
    assert_string_equal(why.data, "expected an integer, found the number 18446744073709551615");
    buf_finish(&why);
}

static void expanded_values_are_coerced_likewise(void **state)
{
    struct fixture *f = *state;
    struct buf why;
    bool absent;
    stressor_value v = stressor_string("250ms");
    buf_init(&why, 0);
    assert_true(schema_coerce(&timeout, &v, &f->tree.arena, &absent, &why));
    assert_false(absent);
    assert_int_equal(v.as.integer, 250000000);
    v = stressor_null();
    assert_true(schema_coerce(&timeout, &v, &f->tree.arena, &absent, &why));
    assert_true(absent);
    v = stressor_null();
    assert_true(schema_coerce(&auth, &v, &f->tree.arena, &absent, &why));
    assert_false(absent);
    v = stressor_null();
    assert_true(schema_coerce(&any, &v, &f->tree.arena, &absent, &why));
    assert_false(absent);
    v = stressor_string("abc");
    v.flags = STRESSOR_SECRET;
    assert_int_equal(why.length, 0);
    assert_false(schema_coerce(&timeout, &v, &f->tree.arena, &absent, &why));
    assert_string_equal(why.data, "expected a duration such as 1.5 or 500ms, found text ***");
    v = stressor_string("12");
    v.flags = STRESSOR_SECRET;
    assert_true(schema_coerce(&ratio, &v, &f->tree.arena, &absent, NULL));
    assert_int_equal(v.flags, STRESSOR_SECRET);
    v = stressor_double((double)NAN);
    assert_false(schema_coerce(&ratio, &v, &f->tree.arena, &absent, NULL));
    buf_finish(&why);
}

static void only_the_first_bad_item_of_an_expanded_list_is_told(void **state)
{
    struct fixture *f = *state;
    struct stressor_builder b;
    struct buf why;
    bool absent;
    stressor_value v, word = stressor_string("x"), good = stressor_string("3");
    builder_init(&b, &f->tree.arena);
    builder_list(&b);
    builder_value(&b, &good);
    builder_value(&b, &word);
    builder_value(&b, &word);
    builder_end(&b);
    assert_int_equal(builder_finish(&b, &v), 0);
    buf_init(&why, 0);
    assert_false(schema_coerce(&status, &v, &f->tree.arena, &absent, &why));
    assert_string_equal(why.data, "item 2: expected an integer, found text 'x'");
    buf_finish(&why);
}

static const char *const one_names[] = {"url", "code", NULL};
static const stressor_arg_group at_most = {sizeof at_most, STRESSOR_GROUP_AT_MOST_ONE, one_names};
static const stressor_arg_group exactly = {sizeof exactly, STRESSOR_GROUP_EXACTLY_ONE, one_names};
static const stressor_arg_group *const groups[] = {&at_most, &exactly};

static void groups_count_what_is_given(void **state)
{
    struct fixture *f = *state;
    struct schema_table *t = &f->table;
    bind(f, "{url: x}");
    assert_true(schema_check_groups(t, groups, 2, f->map, "X", f->tree.diag));
    bind(f, "{url: x, code: ~}");
    assert_true(schema_check_groups(t, groups, 2, f->map, "X", f->tree.diag));
    bind(f, "{url: x, code: y}");
    assert_int_equal(diag_count(f->tree.diag), 0);
    assert_false(schema_check_groups(t, groups, 1, f->map, "X", f->tree.diag));
    assert_string_equal(tree_message(&f->tree), "s.yaml:1:1: error: X takes only one of its "
                                                "arguments 'url', 'code'");
    struct node *none = tree_read(&f->tree, "{method: GET}");
    assert_true(schema_check_groups(t, groups, 1, none, "X", f->tree.diag));
    assert_false(schema_check_groups(t, groups + 1, 1, none, "X", f->tree.diag));
    assert_contains(diag_text(f->tree.diag, 1), "X needs one of the arguments 'url', 'code'");
}

static void types_read_well(void **state)
{
    (void)state;
    static const struct {
        const stressor_arg *arg;
        const char *text;
    } cases[] = {{&status, "integer or list of integers"},
                 {&html, "map of booleans or regular expressions"},
                 {&any, "any value"},
                 {&auth, "list or null"},
                 {&timeout, "duration"},
                 {&store, "map of paths"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        buf_init(&out, 0);
        schema_type_text(cases[i].arg, &out);
        assert_string_equal(out.data, cases[i].text);
        buf_finish(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCHEMA_TEST(values_come_out_as_the_types_say),
        SCHEMA_TEST(numbers_may_be_given_as_text),
        SCHEMA_TEST(numbers_may_have_choices),
        SCHEMA_TEST(what_is_absent_or_null_takes_the_default_and_the_place_of_the_map),
        SCHEMA_TEST(an_empty_map_or_none_is_fine_where_nothing_is_required),
        cmocka_unit_test(mistakes_say_where_what_was_expected_and_what_was_found),
        SCHEMA_TEST(all_mistakes_of_a_map_are_told_in_one_go),
        SCHEMA_TEST(unknown_keys_may_warn_or_be_fine_or_be_skipped),
        SCHEMA_TEST(several_tables_share_a_map),
        SCHEMA_TEST(macros_become_templates_and_their_neighbours_are_still_checked),
        SCHEMA_TEST(secrets_are_marked_all_through_and_masked_in_messages),
        SCHEMA_TEST(a_numeral_is_the_number_or_the_text_that_is_wanted),
        SCHEMA_TEST(expanded_values_are_coerced_likewise),
        SCHEMA_TEST(only_the_first_bad_item_of_an_expanded_list_is_told),
        SCHEMA_TEST(groups_count_what_is_given),
        cmocka_unit_test(types_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
