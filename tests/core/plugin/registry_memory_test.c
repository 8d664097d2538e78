/*
 * Finding, loading and checking plugins while memory runs out, at each allocation in turn: there is
 * no registry, or it says of each plugin that it lacks why.
 */
#include "plugin/registry.h"

#include "manifests.h"
#include "nomem.h"

static const stressor_host host = {.size = sizeof host, .abi_minor = STRESSOR_ABI_MINOR};

/* Are both plugins there, with what they offer, and is the text refused for what it is? */
static bool is_whole(struct registry *r)
{
    size_t named = 0;
    for (size_t i = 0; i < registry_entries_count(r); i++) {
        const char *reason = registry_entry(r, i)->reason;
        named += reason != NULL && strstr(reason, "is not an ELF file") != NULL;
    }
    return registry_count(r) == 2 && named == 1 && registry_entries_count(r) == 3 &&
           registry_activity(r, "Paint", 5, NULL) != NULL &&
           registry_activity(r, "Hello", 5, NULL) != NULL &&
           registry_macro(r, "dice", 4, NULL) != NULL &&
           registry_open_setting(r, "sessions", "coats", 5) &&
           registry_setting(r, "sessions", 0, NULL) != NULL &&
           registry_engine(r, "RunScript", "brush", NULL, NULL) != NULL;
}

/* False: no allocation was left to fail. */
static bool attempt(struct folder *f, const char *const *paths, long n, bool on)
{
    buf_clear(&f->log);
    nomem_here(n, on);
    struct registry *r = registry_new(&host, paths, NULL);
    bool failed = nomem_end();
    if (r != NULL && !is_whole(r) && !log_says(f, "memory"))
        fail_msg("allocation %ld: something is missing; %s", n, f->log.data);
    assert_true(failed || (r != NULL && is_whole(r)));
    registry_free(r);
    return failed;
}

static void a_registry_is_whole_or_says_what_it_lacks(void **state)
{
    struct folder *f = *state;
    put_plugin(f, "good", "good.so");
    put_plugin(f, "rich", "rich.so");
    write_file(in_folder(f, "text.so"), "text", 4);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", f->path);
    assert_int_equal(chmod(path, 0755), 0);
    const char *const paths[] = {path, NULL};
    long n = 0;
    while (attempt(f, paths, n, false))
        n++;
    assert_true(n > 50);
    for (long i = 0; i < n; i++)
        attempt(f, paths, i, true);
}

/* The same where plugins wait behind their manifests, and memory runs out while they are opened. */
static bool attempt_late(struct folder *f, const char *const *paths, long n, bool on)
{
    buf_clear(&f->log);
    struct registry *r = registry_new(&host, paths, NULL);
    assert_non_null(r);
    assert_null(registry_plugin(r, 0)->desc);
    nomem_here(n, on);
    bool whole = is_whole(r);
    bool failed = nomem_end();
    if (!whole && !log_says(f, "memory"))
        fail_msg("allocation %ld: something is missing; %s", n, f->log.data);
    assert_true(failed || whole);
    for (size_t i = 0; i < registry_entries_count(r); i++) {
        const stressor_plugin_entry_info *entry = registry_entry(r, i);
        assert_true(entry->refused == 0 || entry->reason != NULL);
    }
    registry_free(r);
    return failed;
}

static void plugins_that_are_opened_late_are_whole_or_it_is_said_why_not(void **state)
{
    struct folder *f = *state;
    put_both(f, "good", "good");
    put_forged(f, "rich", "rich", "rich", "[\"Paint\"]"); /* wrong: there is more */
    write_file(in_folder(f, "text.so"), "text", 4);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", f->path);
    assert_int_equal(chmod(path, 0755), 0);
    const char *const paths[] = {path, NULL};
    long n = 0;
    while (attempt_late(f, paths, n, false))
        n++;
    assert_true(n > 20);
    for (long i = 0; i < n; i++)
        attempt_late(f, paths, i, true);
}

static void manifests_are_read_or_the_plugins_opened_at_once(void **state)
{
    struct folder *f = *state;
    put_both(f, "good", "good");
    put_both(f, "rich", "rich");
    write_file(in_folder(f, "text.so"), "text", 4);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", f->path);
    assert_int_equal(chmod(path, 0755), 0);
    const char *const paths[] = {path, NULL};
    long n = 0;
    while (attempt(f, paths, n, false))
        n++;
    assert_true(n > 50);
    for (long i = 0; i < n; i++)
        attempt(f, paths, i, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_a_folder(a_registry_is_whole_or_says_what_it_lacks),
        in_a_folder(plugins_that_are_opened_late_are_whole_or_it_is_said_why_not),
        in_a_folder(manifests_are_read_or_the_plugins_opened_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
