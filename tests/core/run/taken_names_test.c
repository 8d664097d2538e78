/*
 * A plugin cannot give an activity type an argument that every activity has: one key would mean
 * both.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <stressor/stressor.h>

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    (void)exec;
    (void)result;
    return STRESSOR_DONE;
}

static stressor_arg arg = {.size = sizeof arg, .types = STRESSOR_ARG_ANY};
static const stressor_arg *const args[] = {&arg};
static const stressor_activity_type type = {
    .size = sizeof type, .name = "Taker", .args = args, .args_count = 1, .start = start};
static const stressor_activity_type *const types[] = {&type};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "taker",
                                       .activities = types,
                                       .activities_count = 1};

static const stressor_plugin *entry(void)
{
    return &plugin;
}

static void no_log(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                   uint64_t length)
{
    (void)data;
    (void)level;
    (void)time_wall_ns;
    (void)text;
    (void)length;
}

/* Why the plugin is refused, whose argument has this name; "" when it is not. */
static void attempt(const char *name, char *said, size_t size)
{
    static const stressor_plugin_entry builtins[] = {entry, NULL};
    const stressor_engine_options o = {
        .size = sizeof o, .log = no_log, .builtin_plugins = builtins};
    arg.name = name;
    stressor_engine *e = stressor_engine_new(&o);
    assert_non_null(e);
    const stressor_plugin_entry_info *info = stressor_plugin_at(e, 0);
    assert_non_null(info);
    snprintf(said, size, "%s", info->refused ? info->reason : "");
    stressor_engine_free(e);
}

static void assert_taken(const char *name)
{
    char said[300], expected[300];
    attempt(name, said, sizeof said);
    snprintf(expected, sizeof expected,
             "activity type 'Taker': argument '%s': every activity has one of this name already",
             name);
    assert_string_equal(said, expected);
}

static void each_argument_that_every_activity_has_is_taken(void **state)
{
    char said[300];
    size_t count = 0;
    (void)state;
    assert_taken("activity");
    for (; stressor_common_arg(count) != NULL; count++)
        assert_taken(stressor_common_arg(count)->name);
    assert_true(count > 0);
    attempt("greeting", said, sizeof said);
    assert_string_equal(said, "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_argument_that_every_activity_has_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
