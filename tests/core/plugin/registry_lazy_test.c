/*
 * Plugins with a manifest beside them: what opens them, and what does not.
 */
#include "plugin/registry.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "manifests.h"

static const stressor_host host = {.size = sizeof host, .abi_minor = STRESSOR_ABI_MINOR};

static struct registry *registry_of(struct folder *f)
{
    struct registry *r = registry_new(&host, (const char *const[]){f->path, NULL}, NULL);
    assert_non_null(r);
    return r;
}

static size_t open_ones(const struct registry *r)
{
    size_t count = 0;
    for (size_t i = 0; i < registry_count(r); i++)
        count += registry_plugin(r, i)->desc != NULL;
    return count;
}

static bool uses_activity(struct registry *r)
{
    return registry_activity(r, "Idle", 4, NULL) != NULL;
}

static bool uses_macro(struct registry *r)
{
    return registry_macro(r, "dice", 4, NULL) != NULL;
}

static bool uses_setting(struct registry *r)
{
    return registry_open_setting(r, "sessions", "coats", 5) &&
           strcmp(registry_setting(r, "sessions", 0, NULL)->arg->name, "coats") == 0;
}

static bool uses_section(struct registry *r)
{
    registry_open_settings(r, "sessions");
    return true;
}

static bool uses_reporter(struct registry *r)
{
    return registry_reporter(r, "poster", NULL) != NULL;
}

static bool uses_language(struct registry *r)
{
    return registry_engine(r, "RunScript", "brush", NULL, NULL) != NULL;
}

static bool uses_extension(struct registry *r)
{
    return registry_engine(r, "RunScript", NULL, ".brush", NULL) != NULL;
}

static void each_kind_of_name_opens_the_plugin_that_offers_it_and_no_other(void **state)
{
    static bool (*const uses[])(struct registry * r) = {uses_activity, uses_macro,    uses_setting,
                                                        uses_section,  uses_reporter, uses_language,
                                                        uses_extension};
    struct folder *f = *state;
    put_both(f, "good", "good");
    put_both(f, "rich", "rich");
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        struct registry *r = registry_of(f);
        assert_int_equal(registry_count(r), 2);
        assert_int_equal(open_ones(r), 0);
        assert_true(uses[i](r));
        assert_int_equal(open_ones(r), 1);
        assert_string_equal(registry_plugin(r, 1)->desc->name, "rich");
        registry_free(r);
    }
}

static void names_that_nobody_offers_and_lists_of_names_open_nothing(void **state)
{
    struct folder *f = *state;
    struct suggest s;
    put_both(f, "marks", "marks");
    put_both(f, "rich", "rich");
    unsetenv("STRESSOR_TEST_MARK");
    struct registry *r = registry_of(f);
    assert_null(registry_activity(r, "Pain", 4, NULL));
    assert_null(registry_macro(r, "Paint", 5, NULL));
    assert_false(registry_open_setting(r, "config", "coats", 5));
    assert_null(registry_engine(r, "Other", "brush", NULL, NULL));
    assert_string_equal(registry_activity_name(r, 1), "Idle");
    assert_null(registry_activity_name(r, 2));
    assert_string_equal(registry_reporter_kind(r, 0), "poster");
    assert_string_equal(registry_language(r, "RunScript", 0), "brush");
    suggest_init(&s, "Piant", 5);
    registry_suggest_activities(r, &s);
    assert_string_equal(s.best, "Paint");
    assert_null(registry_activity_at(r, 0, NULL));
    assert_null(registry_setting(r, "sessions", 0, NULL));
    assert_int_equal(open_ones(r), 0);
    assert_null(getenv("STRESSOR_TEST_MARK"));
    assert_null(registry_entry(r, 0)->plugin);
    registry_open_all(r);
    assert_int_equal(open_ones(r), 2);
    assert_string_equal(getenv("STRESSOR_TEST_MARK"), "loaded");
    assert_string_equal(registry_entry(r, 0)->plugin->name, "marks");
    registry_free(r);
}

static void conflicts_are_warned_of_from_the_manifests(void **state)
{
    struct folder *f = *state;
    char warning[PATH_MAX * 2 + 100], first[PATH_MAX];
    struct plugin *owner = NULL;
    put_both(f, "good", "a");
    put_both(f, "same_type", "b");
    put_both(f, "good", "c");
    struct registry *r = registry_of(f);
    snprintf(first, sizeof first, "%s", in_folder(f, "a.so"));
    snprintf(warning, sizeof warning,
             "activity type 'Hello' of plugin same-type (%s) is hidden by that of plugin good (%s)",
             in_folder(f, "b.so"), first);
    assert_true(log_says(f, warning));
    snprintf(warning, sizeof warning,
             "plugin %s is refused: a plugin with its name 'good' is there already (%s)",
             in_folder(f, "c.so"), first);
    assert_true(log_says(f, warning));
    assert_int_equal(open_ones(r), 0);
    assert_string_equal(registry_activity(r, "Hello", 5, &owner)->help, "Say hello");
    assert_ptr_equal(owner, registry_plugin(r, 0));
    assert_int_equal(open_ones(r), 1);
    registry_free(r);
}

static void without_a_manifest_that_holds_a_plugin_is_opened_at_once(void **state)
{
    struct folder *f = *state;
    put_plugin(f, "good", "good.so");
    put_manifest(f, "rich", "good.manifest");
    put_plugin(f, "upper", "upper.so");
    write_file(in_folder(f, "upper.manifest"), "{\"manifest\"", 11);
    put_plugin(f, "rich", "rich.so");
    log_set_level(STRESSOR_LOG_DEBUG);
    struct registry *r = registry_of(f);
    log_set_level(STRESSOR_LOG_INFO);
    assert_int_equal(registry_count(r), 3);
    assert_int_equal(open_ones(r), 3);
    assert_true(log_says(f, "/good.so is ignored: it is that of the build "));
    assert_true(log_says(f, "/upper.so is ignored: it is not JSON"));
    assert_false(log_says(f, "/rich.so is ignored"));
    registry_free(r);
}

static void what_a_plugin_says_itself_counts_more_than_a_manifest_that_lies(void **state)
{
    struct folder *f = *state;
    struct plugin *owner = NULL;
    put_forged(f, "rich", "rich", "rich", "[\"Sing\", \"Hello\"]");
    put_both(f, "good", "zgood");
    struct registry *r = registry_of(f);
    assert_null(registry_activity(r, "Paint", 5, NULL));
    assert_null(registry_activity(r, "Sing", 4, NULL));
    assert_int_equal(open_ones(r), 1);
    assert_non_null(registry_activity(r, "Paint", 5, &owner));
    assert_string_equal(owner->desc->name, "rich");
    assert_non_null(registry_macro(r, "dice", 4, &owner));
    assert_non_null(registry_activity(r, "Hello", 5, &owner));
    assert_string_equal(owner->desc->name, "good");
    registry_free(r);
}

static void one_that_is_refused_when_it_is_opened_gives_way_to_the_next(void **state)
{
    struct folder *f = *state;
    struct plugin *owner = NULL;
    put_forged(f, "no_entry", "a", "first", "[\"Hello\", \"Only\"]");
    put_forged(f, "upper", "b", "good", "[\"Paint\"]");
    put_both(f, "same_type", "c");
    struct registry *r = registry_of(f);
    assert_non_null(registry_activity(r, "Hello", 5, &owner));
    assert_string_equal(owner->desc->name, "same-type");
    assert_true(registry_plugin(r, 0)->gone);
    assert_int_equal(registry_entry(r, 0)->refused, 1);
    assert_ptr_equal(strstr(registry_entry(r, 0)->reason, "it has no entry "),
                     registry_entry(r, 0)->reason);
    assert_true(log_says(f, "/a.so is refused: it has no entry "));
    assert_null(registry_activity(r, "Only", 4, NULL));
    assert_string_equal(registry_activity_name(r, 0), "Paint");
    assert_null(registry_activity(r, "Paint", 5, NULL));
    assert_string_equal(registry_plugin(r, 1)->desc->name, "upper");
    assert_string_equal(registry_activity_name(r, 0), "Hello");
    registry_free(r);
}

static void one_that_takes_another_name_when_it_is_opened_may_not_take_that_of_another(void **state)
{
    struct folder *f = *state;
    put_both(f, "good", "a");
    put_forged(f, "good", "b", "other", "[\"Other\"]");
    struct registry *r = registry_of(f);
    assert_null(registry_activity(r, "Other", 5, NULL));
    assert_true(registry_plugin(r, 1)->gone);
    assert_true(log_says(f, "/b.so is refused: a plugin with its name 'good' is there already"));
    assert_non_null(registry_activity(r, "Hello", 5, NULL));
    registry_free(r);
}

static void a_plugin_that_dies_when_it_is_opened_late_is_named(void **state)
{
    struct folder *f = *state;
    char expected[PATH_MAX + 100], said[PATH_MAX + 4096] = "";
    put_forged(f, "crashes", "crashes", "crashes", "[\"Boom\"]");
    put_both(f, "good", "good");
    snprintf(expected, sizeof expected, "stressor: died while loading plugin %s\n",
             in_folder(f, "crashes.so"));
    int fd = open(in_folder(f, "said"), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        dup2(fd, STDERR_FILENO);
        signal(SIGSEGV, SIG_DFL); /* cmocka and sanitizers have handlers of their own */
        struct registry *r = registry_of(f);
        registry_activity(r, "Hello", 5, NULL);
        dprintf(fd, "so far so good\n");
        registry_activity(r, "Boom", 4, NULL);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    assert_true(pread(fd, said, sizeof said - 1, 0) > 0);
    close(fd);
    assert_ptr_equal(strstr(said, "so far so good\n"), said);
    assert_ptr_equal(strstr(said, expected), said + strlen("so far so good\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_a_folder(each_kind_of_name_opens_the_plugin_that_offers_it_and_no_other),
        in_a_folder(names_that_nobody_offers_and_lists_of_names_open_nothing),
        in_a_folder(conflicts_are_warned_of_from_the_manifests),
        in_a_folder(without_a_manifest_that_holds_a_plugin_is_opened_at_once),
        in_a_folder(what_a_plugin_says_itself_counts_more_than_a_manifest_that_lies),
        in_a_folder(one_that_is_refused_when_it_is_opened_gives_way_to_the_next),
        in_a_folder(one_that_takes_another_name_when_it_is_opened_may_not_take_that_of_another),
        in_a_folder(a_plugin_that_dies_when_it_is_opened_late_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
