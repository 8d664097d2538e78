#include "config/schema.h"
#include "tree.h"

static stressor_arg good(const char *name)
{
    return (stressor_arg){
        .size = sizeof(stressor_arg), .name = name, .types = STRESSOR_ARG_STRING, .help = "x"};
}

/* Checks a table of one argument. */
static void assert_refused(const stressor_arg *arg, const char *reason)
{
    const stressor_arg *const args[] = {arg};
    struct buf why;
    buf_init(&why, 0);
    bool fine = schema_check(args, 1, NULL, 0, &why);
    bool told = strstr(why.data, reason) != NULL;
    if (!told)
        print_error("%s\n", why.data);
    buf_finish(&why);
    assert_false(fine);
    assert_true(told);
}

static void a_sound_table_passes(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b", NULL};
    static const char *const names[] = {"one", "two", NULL};
    static const stressor_arg_group group = {sizeof group, STRESSOR_GROUP_AT_MOST_ONE, names};
    static const stressor_arg_group *const groups[] = {&group};
    stressor_arg one = good("one"), two = good("two"), three = good("three");
    one.choices = choices;
    one.fallback = "B";
    two.pattern = "[a-z]+";
    two.fallback = "'12'";
    two.pattern = "[0-9]+";
    three.types = STRESSOR_ARG_DURATION | STRESSOR_ARG_LIST;
    three.fallback = "1h30m";
    const stressor_arg *const args[] = {&one, &two, &three};
    struct buf why;
    buf_init(&why, 0);
    assert_true(schema_check(args, 3, groups, 1, &why));
    assert_int_equal(why.length, 0);
    buf_finish(&why);
}

static void defaults_are_read_as_yaml_and_coerced(void **state)
{
    struct tree *t = *state;
    stressor_value v;
    stressor_arg arg = good("x");
    assert_true(schema_fallback(&arg, &t->arena, &v));
    assert_int_equal(v.type, STRESSOR_NULL);
    arg.fallback = "'12'";
    assert_true(schema_fallback(&arg, &t->arena, &v));
    assert_memory_equal(v.as.string.ptr, "12", 2);
    arg.fallback = "12";
    assert_false(schema_fallback(&arg, &t->arena, &v));
    arg.types = STRESSOR_ARG_FLOAT;
    assert_true(schema_fallback(&arg, &t->arena, &v));
    assert_true(v.type == STRESSOR_DOUBLE && v.as.real == 12.0);
    arg.types = STRESSOR_ARG_LIST;
    arg.fallback = "[]";
    assert_true(schema_fallback(&arg, &t->arena, &v));
    assert_int_equal(v.type, STRESSOR_LIST);
    assert_int_equal(v.as.list.count, 0);
}

static void names_must_be_proper_and_unique(void **state)
{
    (void)state;
    stressor_arg bad = good("no space"), twice = good("a"), short_one = good("b");
    const stressor_arg *const args[] = {&twice, &twice};
    struct buf why;
    assert_refused(&bad, "argument 1 has no proper name or size");
    bad.name = "";
    assert_refused(&bad, "argument 1 has no proper name or size");
    short_one.size = 16;
    assert_refused(&short_one, "argument 1 has no proper name or size");
    buf_init(&why, 0);
    assert_false(schema_check(args, 2, NULL, 0, &why));
    assert_string_equal(why.data, "argument 'a' is declared twice");
    buf_finish(&why);
}

static void types_and_limits_must_make_sense(void **state)
{
    (void)state;
    static const char *const none[] = {NULL};
    stressor_arg arg = good("x");
    arg.types = 0;
    assert_refused(&arg, "it takes no type at all");
    arg.types = 0x8000;
    assert_refused(&arg, "a type that this host does not know");
    arg.types = STRESSOR_ARG_DURATION | STRESSOR_ARG_INT;
    assert_refused(&arg, "cannot be told apart");
    arg = good("x");
    arg.keys = STRESSOR_ARG_INT;
    assert_refused(&arg, "its keys must be PATH or XPATH");
    arg = good("x");
    arg.flags = 0x100;
    assert_refused(&arg, "a flag that this host does not know");
    arg = good("x");
    arg.min = 1;
    assert_refused(&arg, "its range is empty");
    arg = good("x");
    arg.choices = none;
    assert_refused(&arg, "its list of choices is empty");
    static const char *const words[] = {"1", "two", NULL};
    arg = good("x");
    arg.choices = words;
    arg.types = STRESSOR_ARG_FLOAT;
    assert_refused(&arg, "one of its choices is no number");
    arg.types = STRESSOR_ARG_LIST;
    arg.items = STRESSOR_ARG_INT;
    assert_refused(&arg, "one of its choices is no number");
    arg = good("x");
    arg.pattern = "(";
    assert_refused(&arg, "its pattern does not compile");
    arg = good("x");
    arg.fallback = "12";
    assert_refused(&arg, "its default '12' is not text");
    arg.fallback = "a";
    arg.flags = STRESSOR_ARG_REQUIRED;
    assert_refused(&arg, "its default is never used");
}

static void groups_must_name_arguments(void **state)
{
    (void)state;
    static const char *const unknown[] = {"x", "y", NULL}, *const single[] = {"x", NULL};
    stressor_arg x = good("x");
    const stressor_arg *const args[] = {&x};
    stressor_arg_group group = {sizeof group, STRESSOR_GROUP_EXACTLY_ONE, unknown};
    const stressor_arg_group *const groups[] = {&group};
    struct buf why;
    buf_init(&why, 0);
    assert_false(schema_check(args, 1, groups, 1, &why));
    assert_string_equal(why.data, "a group names 'y', which is no argument");
    buf_clear(&why);
    group.names = single;
    assert_false(schema_check(args, 1, groups, 1, &why));
    assert_string_equal(why.data, "a group needs two arguments at least");
    buf_clear(&why);
    group.kind = 7;
    assert_false(schema_check(args, 1, groups, 1, &why));
    assert_contains(why.data, "no proper size, kind or names");
    buf_finish(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_table_passes),
        TREE_TEST(defaults_are_read_as_yaml_and_coerced),
        cmocka_unit_test(names_must_be_proper_and_unique),
        cmocka_unit_test(types_and_limits_must_make_sense),
        cmocka_unit_test(groups_must_name_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
