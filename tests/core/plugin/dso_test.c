#include "plugin/dso.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "folder.h"

/* Opens a small plugin from the test's folder; `why` receives the reason. */
static stressor_plugin_entry open_copy(struct folder *f, const char *plugin, struct buf *why)
{
    buf_clear(why);
    return dso_open(put_plugin(f, plugin, "tried.so"), why);
}

static void assert_refused(struct folder *f, const char *plugin, const char *reason)
{
    struct buf why;
    buf_init(&why, 0);
    bool refused = open_copy(f, plugin, &why) == NULL;
    char said[1000];
    snprintf(said, sizeof said, "%s", why.data);
    buf_finish(&why);
    assert_true(refused);
    assert_string_equal(said, reason);
}

static void a_good_plugin_gives_its_entry(void **state)
{
    struct buf why;
    buf_init(&why, 0);
    stressor_plugin_entry entry = open_copy(*state, "good", &why);
    assert_non_null(entry);
    assert_string_equal(entry()->name, "good");
    assert_int_equal(why.length, 0);
    buf_finish(&why);
}

static void the_same_file_again_gives_the_same_entry(void **state)
{
    struct buf why;
    buf_init(&why, 0);
    const char *path = put_plugin(*state, "good", "good.so");
    stressor_plugin_entry first = dso_open(path, &why);
    assert_non_null(first);
    assert_true(dso_open(path, &why) == first);
    buf_finish(&why);
}

static void a_plugin_opens_after_libltdl_was_stopped_and_started(void **state)
{
    struct buf why;
    buf_init(&why, 0);
    const char *path = put_plugin(*state, "good", "good.so");
    stressor_plugin_entry first = dso_open(path, &why);
    dso_exit();
    assert_true(dso_init(&why));
    assert_string_equal(first()->name, "good"); /* it was not unloaded */
    assert_true(dso_open(path, &why) == first);
    buf_finish(&why);
}

static void an_undefined_symbol_is_refused_with_the_words_of_the_loader(void **state)
{
    assert_refused(*state, "undefined",
                   "it cannot be loaded: undefined symbol: nobody_defines_this");
}

static void a_plugin_of_another_major_is_refused_naming_both(void **state)
{
    assert_refused(*state, "other_major", "it is made for plugin ABI 2, this stressor has 1");
}

static void a_shared_object_without_entry_is_refused(void **state)
{
    assert_refused(*state, "no_entry",
                   "it has no entry stressor_plugin_v1: it is not a plugin of stressor");
}

static void the_entry_of_a_needed_library_does_not_count(void **state)
{
    assert_refused(*state, "borrower",
                   "it has no entry stressor_plugin_v1: it is not a plugin of stressor");
}

static void a_file_that_is_not_elf_is_refused_by_the_loader(void **state)
{
    struct folder *f = *state;
    struct buf why;
    buf_init(&why, 0);
    write_file(in_folder(f, "text.so"), "this is no library\n", 19);
    bool refused = dso_open(f->text, &why) == NULL;
    char said[1000];
    snprintf(said, sizeof said, "%s", why.data);
    buf_finish(&why);
    assert_true(refused);
    assert_non_null(strstr(said, "it cannot be loaded: "));
    assert_null(strstr(said, f->path));
}

static void a_relative_path_is_never_opened(void **state)
{
    struct folder *f = *state;
    struct buf why;
    buf_init(&why, 0);
    put_plugin(f, "marks", "marks.so");
    assert_int_equal(chdir(f->path), 0);
    unsetenv("STRESSOR_TEST_MARK");
    bool refused = dso_open("marks.so", &why) == NULL && dso_open("./marks.so", &why) == NULL;
    buf_finish(&why);
    assert_true(refused);
    assert_null(getenv("STRESSOR_TEST_MARK"));
}

static void planted_libtool_archives_and_namesakes_are_not_touched(void **state)
{
    struct folder *f = *state;
    struct buf why;
    char here[PATH_MAX];
    char archive[PATH_MAX * 2];
    snprintf(here, sizeof here, "%s", put_folder(f, "here"));
    put_plugin(f, "marks", "here/wanted.so");
    put_plugin(f, "marks", "evil.so");
    int length = snprintf(archive, sizeof archive,
                          "dlname='evil.so'\nlibrary_names='evil.so'\nold_library=''\n"
                          "installed=yes\nlibdir='%s'\n",
                          f->path);
    write_file(in_folder(f, "wanted.la"), archive, (size_t)length);
    write_file(in_folder(f, "here/wanted.la"), archive, (size_t)length);
    assert_int_equal(chdir(here), 0);
    unsetenv("STRESSOR_TEST_MARK");

    buf_init(&why, 0);
    stressor_plugin_entry entry = dso_open(put_plugin(f, "good", "wanted.so"), &why);
    buf_finish(&why);
    assert_non_null(entry);
    assert_string_equal(entry()->name, "good");
    assert_null(getenv("STRESSOR_TEST_MARK"));
}

static void no_signal_handler_outlives_the_opening(void **state)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    enum { COUNT = sizeof numbers / sizeof *numbers };
    struct sigaction before[COUNT], after;
    struct buf why;
    buf_init(&why, 0);
    for (int i = 0; i < COUNT; i++)
        sigaction(numbers[i], NULL, &before[i]);
    assert_non_null(open_copy(*state, "good", &why));
    for (int i = 0; i < COUNT; i++) {
        sigaction(numbers[i], NULL, &after);
        assert_true(after.sa_sigaction == before[i].sa_sigaction);
        assert_int_equal(after.sa_flags & SA_SIGINFO, before[i].sa_flags & SA_SIGINFO);
    }
    buf_finish(&why);
}

static void a_signal_handler_of_the_plugin_stays(void **state)
{
    struct sigaction before, after;
    struct buf why;
    buf_init(&why, 0);
    sigaction(SIGFPE, NULL, &before);
    assert_non_null(open_copy(*state, "handles", &why));
    sigaction(SIGFPE, &before, &after);
    assert_true(after.sa_handler == SIG_IGN);
    buf_finish(&why);
}

/* Opens the plugin in a child whose standard error is collected; returns how the child ended. */
static int open_in_child(const char *path, char *said, size_t size)
{
    int ends[2];
    size_t length = 0;
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct buf why;
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        dup2(ends[1], STDERR_FILENO);
        signal(SIGSEGV, SIG_DFL); /* cmocka and sanitizers have handlers of their own */
        signal(SIGABRT, SIG_DFL);
        buf_init(&why, 0);
        dso_open(path, &why);
        _exit(100);
    }
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], said + length, size - 1 - length)) > 0;)
        length += (size_t)got;
    said[length] = '\0';
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void assert_dies(struct folder *f, const char *plugin, int number)
{
    char said[5000], expected[5000];
    const char *path = put_plugin(f, plugin, "dies.so");
    int status = open_in_child(path, said, sizeof said);
    snprintf(expected, sizeof expected, "stressor: died while loading plugin %s\n", path);
    assert_string_equal(said, expected);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), number);
}

static void a_plugin_that_crashes_while_it_is_loaded_is_named(void **state)
{
    assert_dies(*state, "crashes", SIGSEGV);
}

static void a_plugin_that_aborts_while_it_is_loaded_is_named(void **state)
{
    assert_dies(*state, "aborts", SIGABRT);
}

static void a_plugin_that_exits_while_it_is_loaded_is_named(void **state)
{
    char said[5000], expected[5000];
    const char *path = put_plugin(*state, "exits", "exits.so");
    int status = open_in_child(path, said, sizeof said);
    snprintf(expected, sizeof expected,
             "stressor: plugin %s ended the process while it was loaded\n", path);
    assert_non_null(strstr(said, expected));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

static int start(void **state)
{
    struct buf why;
    (void)state;
    buf_init(&why, 0);
    bool started = dso_init(&why);
    buf_finish(&why);
    return started ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    dso_exit();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_a_folder(a_good_plugin_gives_its_entry),
        in_a_folder(the_same_file_again_gives_the_same_entry),
        in_a_folder(a_plugin_opens_after_libltdl_was_stopped_and_started),
        in_a_folder(an_undefined_symbol_is_refused_with_the_words_of_the_loader),
        in_a_folder(a_plugin_of_another_major_is_refused_naming_both),
        in_a_folder(a_shared_object_without_entry_is_refused),
        in_a_folder(the_entry_of_a_needed_library_does_not_count),
        in_a_folder(a_file_that_is_not_elf_is_refused_by_the_loader),
        in_a_folder(a_relative_path_is_never_opened),
        in_a_folder(planted_libtool_archives_and_namesakes_are_not_touched),
        in_a_folder(no_signal_handler_outlives_the_opening),
        in_a_folder(a_signal_handler_of_the_plugin_stays),
        in_a_folder(a_plugin_that_crashes_while_it_is_loaded_is_named),
        in_a_folder(a_plugin_that_aborts_while_it_is_loaded_is_named),
        in_a_folder(a_plugin_that_exits_while_it_is_loaded_is_named),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
