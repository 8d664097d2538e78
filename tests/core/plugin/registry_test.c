#include "plugin/registry.h"

#include "folder.h"

/* --- plugins of the test program itself -------------------------------------------------- */

static char events[200]; /* "init one, init two, fini two, …" */

static void note(const char *event, const char *name)
{
    size_t length = strlen(events);
    snprintf(events + length, sizeof events - length, "%s%s %s", length == 0 ? "" : ", ", event,
             name);
}

static int32_t init(const stressor_host *host, void **data, const char *name)
{
    note("init", name);
    assert_int_equal(host->abi_minor, STRESSOR_ABI_MINOR);
    *data = (void *)(uintptr_t)name;
    return 0;
}

static int32_t init_one(const stressor_host *host, void **data)
{
    return init(host, data, "one");
}

static int32_t init_two(const stressor_host *host, void **data)
{
    return init(host, data, "two");
}

static int32_t init_failing(const stressor_host *host, void **data)
{
    (void)host;
    (void)data;
    note("init", "failing");
    return STRESSOR_ESYSTEM;
}

static void fini(void *data)
{
    note("fini", data);
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    (void)exec;
    (void)result;
    return STRESSOR_DONE;
}

static const stressor_arg timeout = {
    .size = sizeof timeout, .types = STRESSOR_ARG_DURATION, .name = "timeout"};
static const stressor_arg proxy = {
    .size = sizeof proxy, .types = STRESSOR_ARG_STRING, .name = "proxy"};
static const stressor_setting timeout_setting = {
    .size = sizeof timeout_setting, .section = "sessions", .arg = &timeout};
static const stressor_setting proxy_setting = {
    .size = sizeof proxy_setting, .section = "sessions", .arg = &proxy};
static const stressor_setting config_setting = {
    .size = sizeof config_setting, .section = "config", .arg = &proxy};

static const stressor_activity_type ping = {.size = sizeof ping, .name = "Ping", .start = start};
static const stressor_activity_type *const one_types[] = {&ping};
static const stressor_setting *const one_settings[] = {&timeout_setting, &config_setting};
static const stressor_plugin one = {.size = sizeof one,
                                    .abi_draft = STRESSOR_ABI_DRAFT,
                                    .name = "one",
                                    .version = "1.1",
                                    .activities = one_types,
                                    .settings = one_settings,
                                    .activities_count = 1,
                                    .settings_count = 2,
                                    .init = init_one,
                                    .fini = fini};

static const stressor_activity_type hello = {.size = sizeof hello, .name = "Hello", .start = start};
static const stressor_activity_type *const two_types[] = {&hello};
static const char *const no_positions[] = {NULL};
static const stressor_macro ping_macro = {.size = sizeof ping_macro,
                                          .kind = STRESSOR_MACRO_ACTIVITY,
                                          .name = "ping",
                                          .args = no_positions,
                                          .activity = "Ping"};
static const stressor_macro *const two_macros[] = {&ping_macro};
static const stressor_setting *const two_settings[] = {&proxy_setting, &timeout_setting};
static const stressor_plugin two = {.size = sizeof two,
                                    .abi_draft = STRESSOR_ABI_DRAFT,
                                    .name = "two",
                                    .activities = two_types,
                                    .macros = two_macros,
                                    .settings = two_settings,
                                    .activities_count = 1,
                                    .macros_count = 1,
                                    .settings_count = 2,
                                    .init = init_two,
                                    .fini = fini};

static const stressor_plugin failing = {.size = sizeof failing,
                                        .abi_draft = STRESSOR_ABI_DRAFT,
                                        .name = "failing",
                                        .init = init_failing,
                                        .fini = fini};

static const stressor_plugin *one_entry(void)
{
    return &one;
}

static const stressor_plugin *two_entry(void)
{
    return &two;
}

static const stressor_plugin *failing_entry(void)
{
    return &failing;
}

static const stressor_plugin_entry builtins[] = {one_entry, two_entry, failing_entry, NULL};
static const stressor_host host = {.size = sizeof host, .abi_minor = STRESSOR_ABI_MINOR};

/* --- tests of built-in plugins ----------------------------------------------------------- */

static struct registry *registry_of_builtins(void)
{
    struct registry *r = registry_new(&host, NULL, builtins);
    assert_non_null(r);
    events[0] = '\0';
    return r;
}

static void built_in_plugins_come_first_and_in_order(void **state)
{
    (void)state;
    struct registry *r = registry_of_builtins();
    assert_int_equal(registry_count(r), 3);
    assert_string_equal(registry_plugin(r, 0)->desc->name, "one");
    assert_string_equal(registry_plugin(r, 1)->desc->name, "two");
    assert_int_equal(registry_plugin(r, 1)->index, 1);
    assert_null(registry_plugin(r, 0)->path);
    assert_null(registry_plugin(r, 3));
    assert_int_equal(registry_entry(r, 0)->refused, 0);
    assert_string_equal(registry_entry(r, 0)->plugin->version, "1.1");
    assert_null(registry_entry(r, registry_entries_count(r)));
    registry_free(r);
}

static void plugins_start_once_at_their_first_use_and_end_last_first(void **state)
{
    (void)state;
    struct registry *r = registry_of_builtins();
    assert_string_equal(events, "");
    assert_true(registry_use(r, registry_plugin(r, 1)));
    assert_true(registry_use(r, registry_plugin(r, 0)));
    assert_true(registry_use(r, registry_plugin(r, 1)));
    assert_string_equal(registry_plugin(r, 1)->data, "two");
    assert_string_equal(events, "init two, init one");
    registry_free(r);
    assert_string_equal(events, "init two, init one, fini one, fini two");
}

static void a_plugin_that_does_not_start_is_not_asked_again(void **state)
{
    struct folder *f = *state;
    struct registry *r = registry_of_builtins();
    struct plugin *p = registry_plugin(r, 2);
    assert_false(registry_use(r, p));
    assert_false(registry_use(r, p));
    assert_true(p->failed);
    assert_false(p->used);
    registry_free(r);
    assert_string_equal(events, "init failing");
    assert_true(log_says(f, "plugin failing (built in) does not start: its init returned -5"));
}

static void a_plugin_with_a_lost_thread_is_not_ended(void **state)
{
    (void)state;
    struct registry *r = registry_of_builtins();
    assert_true(registry_use(r, registry_plugin(r, 0)));
    assert_true(registry_use(r, registry_plugin(r, 1)));
    registry_plugin(r, 1)->keep = true;
    registry_free(r);
    assert_string_equal(events, "init one, init two, fini one");
}

static void things_are_found_by_name_with_their_plugin(void **state)
{
    (void)state;
    struct registry *r = registry_of_builtins();
    struct plugin *owner = NULL;
    assert_string_equal(registry_activity(r, "Hello world", 5, &owner)->name, "Hello");
    assert_ptr_equal(owner, registry_plugin(r, 1));
    assert_null(registry_activity(r, "Hell", 4, &owner));
    assert_null(registry_activity(r, "Hello\0x", 7, &owner));
    assert_null(registry_activity(r, "hello", 5, NULL));
    assert_string_equal(registry_macro(r, "ping", 4, &owner)->activity, "Ping");
    assert_ptr_equal(owner, registry_plugin(r, 1));
    assert_null(registry_macro(r, "pong", 4, &owner));
    assert_string_equal(registry_activity_at(r, 0, &owner)->name, "Ping");
    assert_string_equal(registry_activity_at(r, 1, NULL)->name, "Hello");
    assert_null(registry_activity_at(r, 2, &owner));
    registry_free(r);
}

static void settings_are_listed_by_section_and_the_first_of_a_name_wins(void **state)
{
    struct folder *f = *state;
    struct registry *r = registry_of_builtins();
    struct plugin *owner = NULL;
    assert_string_equal(registry_setting(r, "sessions", 0, &owner)->arg->name, "timeout");
    assert_ptr_equal(owner, registry_plugin(r, 0));
    assert_string_equal(registry_setting(r, "sessions", 1, &owner)->arg->name, "proxy");
    assert_ptr_equal(owner, registry_plugin(r, 1));
    assert_null(registry_setting(r, "sessions", 2, &owner));
    assert_string_equal(registry_setting(r, "config", 0, &owner)->arg->name, "proxy");
    assert_null(registry_setting(r, "config", 1, &owner));
    registry_free(r);
    assert_true(log_says(f, "setting 'timeout' of plugin two (built in) is hidden by that of "
                            "plugin one (built in)"));
}

static void near_names_are_offered(void **state)
{
    (void)state;
    struct registry *r = registry_of_builtins();
    struct suggest s;
    suggest_init(&s, "Helo", 4);
    registry_suggest_activities(r, &s);
    assert_non_null(s.best);
    assert_int_equal(s.best_length, 5);
    assert_memory_equal(s.best, "Hello", 5);
    registry_free(r);
}

static void count_name(void *to, const char *name)
{
    *(int *)to += strcmp(name, "ping") == 0;
}

static void macros_are_named_one_by_one(void **state)
{
    (void)state;
    struct registry *r = registry_of_builtins();
    int count = 0;
    registry_each_macro(r, count_name, &count);
    registry_free(r);
    assert_int_equal(count, 1);
}

/* --- tests of files ---------------------------------------------------------------------- */

/* The entry of a file of the test's folder. */
static const stressor_plugin_entry_info *entry_of(const struct registry *r, struct folder *f,
                                                  const char *name)
{
    const char *path = in_folder(f, name);
    for (size_t i = 0; i < registry_entries_count(r); i++) {
        const stressor_plugin_entry_info *entry = registry_entry(r, i);
        if (entry->path != NULL && strcmp(entry->path, path) == 0)
            return entry;
    }
    fail_msg("%s was not considered", path);
    return NULL;
}

static struct registry *registry_of_folder(struct folder *f, const stressor_plugin_entry *entries)
{
    struct registry *r = registry_new(&host, (const char *const[]){f->path, NULL}, entries);
    assert_non_null(r);
    return r;
}

static void plugins_of_a_folder_are_loaded(void **state)
{
    struct folder *f = *state;
    put_plugin(f, "good", "good.so");
    struct registry *r = registry_of_folder(f, NULL);
    assert_int_equal(registry_count(r), 1);
    assert_string_equal(registry_plugin(r, 0)->path, in_folder(f, "good.so"));
    assert_int_equal(entry_of(r, f, "good.so")->refused, 0);
    assert_string_equal(entry_of(r, f, "good.so")->plugin->name, "good");
    assert_string_equal(registry_folder(r, 0), f->path);
    assert_null(registry_folder(r, 99));
    struct plugin *owner = NULL;
    const stressor_activity_type *type = registry_activity(r, "Hello", 5, &owner);
    assert_string_equal(type->args[0]->name, "whom");
    assert_ptr_equal(owner, registry_plugin(r, 0));
    registry_free(r);
}

static void each_refused_file_has_its_reason_and_the_others_load(void **state)
{
    static const struct {
        const char *plugin, *reason;
    } cases[] = {
        {"bad_schema", "activity type 'Twice': "},
        {"newer_minor", "it needs ABI minor 7, this stressor has 1"},
        {"no_entry", "it has no entry stressor_plugin_v1"},
        {"other_major", "it is made for plugin ABI 2, this stressor has 1"},
        {"undefined", "it cannot be loaded: undefined symbol: nobody_defines_this"},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    struct folder *f = *state;
    char name[100];
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "%s.so", cases[i].plugin);
        put_plugin(f, cases[i].plugin, name);
    }
    put_plugin(f, "good", "zgood.so");
    write_file(in_folder(f, "text.so"), "no library", 10);
    assert_int_equal(chmod(put_plugin(f, "marks", "writable.so"), 0777), 0);
    unsetenv("STRESSOR_TEST_MARK");

    struct registry *r = registry_of_folder(f, NULL);
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "%s.so", cases[i].plugin);
        const stressor_plugin_entry_info *entry = entry_of(r, f, name);
        assert_int_equal(entry->refused, 1);
        assert_null(entry->plugin);
        assert_ptr_equal(strstr(entry->reason, cases[i].reason), entry->reason);
        assert_true(log_says(f, cases[i].reason));
    }
    assert_string_equal(entry_of(r, f, "text.so")->reason, "it is not an ELF file");
    assert_string_equal(entry_of(r, f, "writable.so")->reason,
                        "it is writable by everybody (mode 0777)");
    assert_null(getenv("STRESSOR_TEST_MARK"));
    assert_int_equal(registry_count(r), 1);
    assert_int_equal(registry_entries_count(r), COUNT + 3);
    assert_string_equal(registry_plugin(r, 0)->desc->name, "good");
    registry_free(r);
}

static void a_second_plugin_of_the_same_name_is_refused(void **state)
{
    struct folder *f = *state;
    char reason[PATH_MAX + 100];
    put_plugin(f, "good", "a.so");
    put_plugin(f, "good", "b.so");
    struct registry *r = registry_of_folder(f, NULL);
    assert_int_equal(registry_count(r), 1);
    assert_string_equal(registry_plugin(r, 0)->path, in_folder(f, "a.so"));
    snprintf(reason, sizeof reason, "a plugin with its name 'good' is there already (%s)",
             in_folder(f, "a.so"));
    assert_string_equal(entry_of(r, f, "b.so")->reason, reason);
    registry_free(r);
}

static void the_first_plugin_with_a_type_wins_and_the_log_names_both(void **state)
{
    struct folder *f = *state;
    char warning[PATH_MAX * 2 + 100], first[PATH_MAX];
    struct plugin *owner = NULL;
    snprintf(first, sizeof first, "%s", put_plugin(f, "good", "a.so"));
    put_plugin(f, "same_type", "b.so");
    struct registry *r = registry_of_folder(f, NULL);
    assert_int_equal(registry_count(r), 2);
    assert_string_equal(registry_activity(r, "Hello", 5, &owner)->help, "Say hello");
    assert_string_equal(owner->desc->name, "good");
    assert_non_null(registry_activity(r, "Own", 3, &owner));
    assert_string_equal(owner->desc->name, "same-type");
    assert_null(registry_activity_at(r, 2, &owner));
    snprintf(warning, sizeof warning,
             "activity type 'Hello' of plugin same-type (%s) is hidden by that of plugin good (%s)",
             in_folder(f, "b.so"), first);
    assert_true(log_says(f, warning));
    registry_free(r);
}

static void a_built_in_plugin_wins_over_a_file(void **state)
{
    struct folder *f = *state;
    struct plugin *owner = NULL;
    put_plugin(f, "good", "good.so");
    struct registry *r = registry_of_folder(f, builtins);
    assert_int_equal(registry_count(r), 4);
    assert_non_null(registry_activity(r, "Hello", 5, &owner));
    assert_string_equal(owner->desc->name, "two");
    registry_free(r);
}

static void a_registry_may_be_made_again(void **state)
{
    struct folder *f = *state;
    put_plugin(f, "good", "good.so");
    for (int i = 0; i < 3; i++) {
        struct registry *r = registry_of_folder(f, NULL);
        assert_int_equal(registry_count(r), 1);
        registry_free(r);
    }
    registry_free(NULL);
}

static void plugins_planted_in_the_current_folder_are_not_loaded(void **state)
{
    struct folder *f = *state;
    put_plugin(f, "marks", "marks.so");
    write_file(in_folder(f, "marks.la"), "dlname='marks.so'\n", 18);
    assert_int_equal(chdir(f->path), 0);
    unsetenv("STRESSOR_TEST_MARK");
    setenv("STRESSOR_PLUGIN_PATH", ":.:", 1);
    struct registry *r = registry_new(&host, NULL, NULL);
    assert_non_null(r);
    assert_int_equal(registry_entries_count(r), 0);
    assert_null(getenv("STRESSOR_TEST_MARK"));
    registry_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_a_folder(built_in_plugins_come_first_and_in_order),
        in_a_folder(plugins_start_once_at_their_first_use_and_end_last_first),
        in_a_folder(a_plugin_that_does_not_start_is_not_asked_again),
        in_a_folder(a_plugin_with_a_lost_thread_is_not_ended),
        in_a_folder(things_are_found_by_name_with_their_plugin),
        in_a_folder(settings_are_listed_by_section_and_the_first_of_a_name_wins),
        in_a_folder(near_names_are_offered),
        in_a_folder(macros_are_named_one_by_one),
        in_a_folder(plugins_of_a_folder_are_loaded),
        in_a_folder(each_refused_file_has_its_reason_and_the_others_load),
        in_a_folder(a_second_plugin_of_the_same_name_is_refused),
        in_a_folder(the_first_plugin_with_a_type_wins_and_the_log_names_both),
        in_a_folder(a_built_in_plugin_wins_over_a_file),
        in_a_folder(a_registry_may_be_made_again),
        in_a_folder(plugins_planted_in_the_current_folder_are_not_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
