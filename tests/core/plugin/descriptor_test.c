#include "plugin/descriptor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    (void)exec;
    (void)result;
    return STRESSOR_DONE;
}

static int32_t expand(void *plugin, stressor_exec *exec, const stressor_value *args,
                      uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    (void)plugin;
    (void)exec;
    (void)args;
    (void)args_count;
    (void)failure;
    *out = stressor_null();
    return 0;
}

/* A plugin of one of each, valid until a test spoils it. */
struct sample {
    stressor_arg arg;
    const stressor_arg *args[2];
    stressor_activity_type type;
    const stressor_activity_type *types[2];
    const char *positions[2];
    stressor_macro macro;
    const stressor_macro *macros[2];
    stressor_setting setting;
    const stressor_setting *settings[1];
    stressor_reporter_type reporter;
    const stressor_reporter_type *reporters[1];
    stressor_script_engine engine;
    const stressor_script_engine *engines[1];
    stressor_plugin plugin;
    struct arena arena;
    struct buf why;
};

static int make(void **state)
{
    static struct sample s;
    memset(&s, 0, sizeof s);
    s.arg = (stressor_arg){.size = sizeof s.arg, .types = STRESSOR_ARG_STRING, .name = "whom"};
    s.args[0] = &s.arg;
    s.type = (stressor_activity_type){
        .size = sizeof s.type, .name = "Hello", .args = s.args, .args_count = 1, .start = start};
    s.types[0] = &s.type;
    s.positions[0] = "whom";
    s.macro = (stressor_macro){.size = sizeof s.macro,
                               .kind = STRESSOR_MACRO_ACTIVITY,
                               .name = "hello",
                               .args = s.positions,
                               .args_required = 1,
                               .activity = "Hello"};
    s.macros[0] = &s.macro;
    s.setting = (stressor_setting){.size = sizeof s.setting, .section = "config", .arg = &s.arg};
    s.settings[0] = &s.setting;
    s.plugin = (stressor_plugin){.size = sizeof s.plugin,
                                 .abi_minor = STRESSOR_ABI_MINOR,
                                 .abi_draft = STRESSOR_ABI_DRAFT,
                                 .name = "sample",
                                 .activities = s.types,
                                 .macros = s.macros,
                                 .settings = s.settings,
                                 .activities_count = 1,
                                 .macros_count = 1,
                                 .settings_count = 1};
    arena_init(&s.arena, 4096, 0);
    buf_init(&s.why, 0);
    *state = &s;
    return 0;
}

static int drop(void **state)
{
    struct sample *s = *state;
    arena_finish(&s->arena);
    buf_finish(&s->why);
    return 0;
}

static void assert_refused(struct sample *s, const char *reason)
{
    buf_clear(&s->why);
    assert_null(descriptor_check(&s->plugin, &s->arena, &s->why));
    assert_string_equal(s->why.data, reason);
}

static const stressor_plugin *accepted(struct sample *s)
{
    buf_clear(&s->why);
    const stressor_plugin *d = descriptor_check(&s->plugin, &s->arena, &s->why);
    assert_string_equal(s->why.data, "");
    assert_non_null(d);
    return d;
}

static void a_valid_descriptor_comes_back_whole(void **state)
{
    const stressor_plugin *d = accepted(*state);
    assert_string_equal(d->name, "sample");
    assert_string_equal(d->version, "");
    assert_string_equal(d->activities[0]->args[0]->name, "whom");
    assert_string_equal(d->activities[0]->help, "");
    assert_true(d->activities[0]->start == start);
    assert_string_equal(d->macros[0]->activity, "Hello");
    assert_string_equal(d->settings[0]->arg->name, "whom");
    assert_int_equal(d->reporters_count, 0);
}

static void a_struct_of_older_headers_is_filled_up_with_zero(void **state)
{
    struct sample *s = *state;
    /* What lies behind the end that the size tells must not be read. */
    s->plugin.size = offsetof(stressor_plugin, init);
    s->plugin.init = (int32_t(*)(const stressor_host *, void **))(void (*)(void))start;
    s->type.size = offsetof(stressor_activity_type, cancel);
    s->type.cancel = (void (*)(stressor_exec *))(void (*)(void))start;
    s->arg.size = offsetof(stressor_arg, fallback);
    s->arg.fallback = "not read";
    const stressor_plugin *d = accepted(s);
    assert_true(d->init == NULL);
    assert_true(d->activities[0]->cancel == NULL);
    assert_null(d->activities[0]->args[0]->fallback);
    assert_int_equal(d->size, sizeof *d);
    assert_true(STRESSOR_HAS(d->activities[0], cancel));
}

static void a_struct_of_newer_headers_is_read_as_far_as_it_is_known(void **state)
{
    struct sample *s = *state;
    struct {
        stressor_activity_type known;
        const char *more;
    } newer = {s->type, "unknown"};
    newer.known.size = sizeof newer;
    s->types[0] = &newer.known;
    assert_string_equal(accepted(s)->activities[0]->name, "Hello");
}

static void versions_are_checked_before_all_else(void **state)
{
    struct sample *s = *state;
    s->plugin.name = NULL;
    s->plugin.abi_minor = 7;
    assert_refused(s, "it needs ABI minor 7, this stressor has 1");
    s->plugin.abi_draft = STRESSOR_ABI_DRAFT + 1;
    char reason[160];
    snprintf(reason, sizeof reason,
             "it is made for draft %d of the plugin ABI, which this stressor does not speak; it "
             "has to be built again",
             STRESSOR_ABI_DRAFT + 1);
    assert_refused(s, reason);
    s->plugin.size = 8;
    assert_refused(s, "its descriptor is too small: 8 bytes");
}

static void a_missing_descriptor_is_refused(void **state)
{
    struct sample *s = *state;
    assert_null(descriptor_check(NULL, &s->arena, &s->why));
    assert_string_equal(s->why.data, "its entry returns no descriptor");
}

static void a_struct_that_is_too_small_is_refused(void **state)
{
    struct sample *s = *state;
    char reason[200];
    s->type.size = 16;
    snprintf(reason, sizeof reason,
             "activity type: its struct is too small: 16 bytes, at least %zu are needed",
             offsetof(stressor_activity_type, cancel));
    assert_refused(s, reason);
    s->plugin.size = offsetof(stressor_plugin, macros);
    snprintf(reason, sizeof reason, "its struct is too small: %zu bytes, at least %zu are needed",
             offsetof(stressor_plugin, macros), offsetof(stressor_plugin, init));
    assert_refused(s, reason);
}

static void names_are_checked(void **state)
{
    struct sample *s = *state;
    char longest[DESCRIPTOR_NAME_MAX + 2];
    s->plugin.name = NULL;
    assert_refused(s, "it has no name");
    s->plugin.name = "a/b";
    assert_refused(s, "'a/b' is no name: letters, digits, '-' and '_', at most 100 bytes");
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    s->plugin.name = longest;
    assert_null(descriptor_check(&s->plugin, &s->arena, &s->why));
    longest[DESCRIPTOR_NAME_MAX] = '\0';
    buf_clear(&s->why);
    accepted(s);
    s->plugin.name = "good-name_2";
    accepted(s);
    s->type.name = "";
    assert_refused(s, "activity type: it has no name");
    s->type.name = "Get-Request";
    assert_refused(s, "activity type: 'Get-Request' is no name: letters, digits and '_', no digit "
                      "first, at most 100 bytes");
    s->type.name = "2Request";
    assert_refused(s, "activity type: '2Request' is no name: letters, digits and '_', no digit "
                      "first, at most 100 bytes");
}

static void a_type_needs_a_start_but_no_cancel(void **state)
{
    struct sample *s = *state;
    s->type.cancel = NULL;
    accepted(s);
    s->type.start = NULL;
    assert_refused(s, "activity type 'Hello': it has no function start");
}

static void tables_are_checked(void **state)
{
    struct sample *s = *state;
    s->types[0] = NULL;
    assert_refused(s, "activity type: its table holds NULL");
    s->types[0] = &s->type;
    s->types[1] = &s->type;
    s->plugin.activities_count = 2;
    assert_refused(s, "activity type 'Hello': the plugin has it twice");
    s->plugin.activities_count = UINT32_MAX;
    assert_refused(s, "activity type: a table of 4294967295, more than 1000");
    s->plugin.activities_count = 1;
    s->plugin.activities = NULL;
    assert_refused(s, "activity type: a table of 1 is missing");
    s->plugin.activities = s->types;
    s->type.args = NULL;
    assert_refused(s, "activity type 'Hello': a table of 1 is missing");
    s->type.args = s->args;
    s->arg.name = NULL;
    assert_refused(s, "activity type 'Hello': an argument has no name");
}

static void macros_are_checked(void **state)
{
    struct sample *s = *state;
    s->positions[0] = "who";
    assert_refused(s, "macro 'hello': activity type 'Hello' has no argument 'who'");
    s->macro.activity = "Elsewhere";
    accepted(s);
    s->macro.activity = NULL;
    assert_refused(s, "macro 'hello': it does not say for which activity type it stands");
    s->macro.args_required = 2;
    assert_refused(s, "macro 'hello': it requires 2 arguments and has 1");
    s->macro.args_required = 0;
    s->macro.kind = 9;
    assert_refused(s, "macro 'hello': its kind 9 is unknown");
    s->macro.kind = STRESSOR_MACRO_RUN_TIME;
    assert_refused(s, "macro 'hello': it has no function expand");
    s->macro.kind = STRESSOR_MACRO_LOAD_TIME;
    assert_refused(s, "macro 'hello': it has no function expand");
    s->macro.expand = expand;
    s->macro.args = NULL;
    assert_null(accepted(s)->macros[0]->args[0]);
    s->macro.name = "load";
    assert_refused(s, "macro 'load': this name is stressor's own");
    s->macro.name = "hello";
    s->macros[1] = &s->macro;
    s->plugin.macros_count = 2;
    assert_refused(s, "macro 'hello': the plugin has it twice");
}

static void settings_are_checked(void **state)
{
    struct sample *s = *state;
    s->setting.section = "sequences";
    assert_refused(s, "setting 'whom': its section 'sequences' is unknown; there are 'config' and "
                      "'sessions'");
    s->setting.section = NULL;
    assert_refused(s,
                   "setting 'whom': its section '' is unknown; there are 'config' and 'sessions'");
    s->setting.arg = NULL;
    assert_refused(s, "setting: it has no argument");
}

static int32_t open_reporter(void *plugin, const stressor_control *control, const char *path,
                             void **reporter)
{
    (void)plugin;
    (void)control;
    (void)path;
    (void)reporter;
    return 0;
}

static void reporters_and_engines_need_their_functions(void **state)
{
    struct sample *s = *state;
    s->reporter = (stressor_reporter_type){
        .size = sizeof s->reporter, .kind = "json-lines", .open = open_reporter};
    s->reporters[0] = &s->reporter;
    s->plugin.reporters = s->reporters;
    s->plugin.reporters_count = 1;
    assert_refused(s, "reporter 'json-lines': it has `open` but no `close`");
    s->reporter.open = NULL;
    s->reporter.extension = "jsonl";
    assert_refused(
        s, "reporter 'json-lines': it has neither `open`, nor `render` with an `extension`");
    s->plugin.reporters_count = 0;
    s->engine = (stressor_script_engine){
        .size = sizeof s->engine, .activity = "RunScript", .language = "lua"};
    s->engines[0] = &s->engine;
    s->plugin.engines = s->engines;
    s->plugin.engines_count = 1;
    assert_refused(s, "script engine 'lua': it has no function start");
    s->engine.start = start;
    assert_string_equal(accepted(s)->engines[0]->extension, "");
    s->engine.activity = NULL;
    assert_refused(s, "script engine 'lua': it does not say which activity type it serves");
}

static void malformed_schemas_are_refused_with_the_name_of_the_type(void **state)
{
    struct sample *s = *state;
    s->args[1] = &s->arg;
    s->type.args_count = 2;
    assert_null(descriptor_check(&s->plugin, &s->arena, &s->why));
    assert_non_null(strstr(s->why.data, "activity type 'Hello': "));
    assert_non_null(strstr(s->why.data, "whom"));
}

static void an_argument_is_not_called_as_one_that_every_activity_has(void **state)
{
    struct sample *s = *state;
    s->positions[0] = "debug";
    s->arg.name = "debug";
    assert_refused(s, "activity type 'Hello': argument 'debug': every activity has one of this "
                      "name already");
    s->arg.name = "activity";
    assert_refused(s, "activity type 'Hello': argument 'activity': every activity has one of this "
                      "name already");
    s->positions[0] = "debugging";
    s->arg.name = "debugging";
    accepted(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_valid_descriptor_comes_back_whole, make, drop),
        cmocka_unit_test_setup_teardown(a_struct_of_older_headers_is_filled_up_with_zero, make,
                                        drop),
        cmocka_unit_test_setup_teardown(a_struct_of_newer_headers_is_read_as_far_as_it_is_known,
                                        make, drop),
        cmocka_unit_test_setup_teardown(versions_are_checked_before_all_else, make, drop),
        cmocka_unit_test_setup_teardown(a_missing_descriptor_is_refused, make, drop),
        cmocka_unit_test_setup_teardown(a_struct_that_is_too_small_is_refused, make, drop),
        cmocka_unit_test_setup_teardown(names_are_checked, make, drop),
        cmocka_unit_test_setup_teardown(a_type_needs_a_start_but_no_cancel, make, drop),
        cmocka_unit_test_setup_teardown(tables_are_checked, make, drop),
        cmocka_unit_test_setup_teardown(macros_are_checked, make, drop),
        cmocka_unit_test_setup_teardown(settings_are_checked, make, drop),
        cmocka_unit_test_setup_teardown(reporters_and_engines_need_their_functions, make, drop),
        cmocka_unit_test_setup_teardown(malformed_schemas_are_refused_with_the_name_of_the_type,
                                        make, drop),
        cmocka_unit_test_setup_teardown(an_argument_is_not_called_as_one_that_every_activity_has,
                                        make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
