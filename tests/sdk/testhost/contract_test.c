/* What the headers promise a plugin that no other test looks at. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <stressor/log.h>
#include <stressor/loop.h>
#include <stressor/testhost.h>

static struct {
    const stressor_loop_api *loop;
} lone; /* what init gives */

static int32_t lone_init(const stressor_host *host, void **data)
{
    lone.loop = host->extension(host, STRESSOR_LOOP_1);
    *data = &lone;
    return STRESSOR_OK;
}

/* Each stage that the plugin leaves out passes on what the one before left. */
static int32_t stages_start(stressor_exec *x, stressor_result *r)
{
    int passed = x->plugin == &lone && x->run_data == &lone && x->worker_data == &lone &&
                 x->session_data == NULL && x->plan != NULL && x->data == NULL;
    r->value = stressor_bool(passed);
    return STRESSOR_DONE;
}

static int32_t secret_start(stressor_exec *x, stressor_result *r)
{
    int32_t status =
        stressor_fail(x, &r->failure, STRESSOR_TARGET, "odd", "the password is %s", "autumn");
    r->failure.flags = STRESSOR_FAILURE_IS_SECRET;
    return status;
}

static int pipe_is_blocked(void)
{
    sigset_t set;
    return pthread_sigmask(SIG_SETMASK, NULL, &set) == 0 && sigismember(&set, SIGPIPE) == 1;
}

static int32_t pipe_start(stressor_exec *x, stressor_result *r)
{
    (void)x;
    r->value = stressor_bool(pipe_is_blocked());
    return STRESSOR_DONE;
}

static void ignore(void *data, uint32_t events)
{
    (void)data;
    (void)events;
}

/* The errors that watch_new tells, one after the other. */
static int32_t watch_start(stressor_exec *x, stressor_result *r)
{
    int pipes[2], file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file < 0 || pipe(pipes) != 0)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "descriptors", "none");
    errno = 0;
    int of_file = lone.loop->watch_new(x->worker, file, ignore, NULL) == NULL ? errno : 0;
    stressor_watch *first = lone.loop->watch_new(x->worker, pipes[0], ignore, NULL);
    int good = first != NULL && lone.loop->watch_set(first, STRESSOR_READABLE) == STRESSOR_OK;
    int blocking = (fcntl(pipes[0], F_GETFL) & O_NONBLOCK) == 0;
    errno = 0;
    int of_second = lone.loop->watch_new(x->worker, pipes[0], ignore, NULL) == NULL ? errno : 0;
    close(pipes[0]); /* as a library might */
    lone.loop->watch_free(first);
    close(pipes[1]);
    close(file);
    if (!good || blocking || of_file != EPERM || of_second != EEXIST)
        return stressor_fail(x, &r->failure, STRESSOR_INTERNAL, "watch", "%d %d %d %d", good,
                             blocking, of_file, of_second);
    return STRESSOR_DONE;
}

static const stressor_activity_type stages = {
    .size = sizeof stages, .name = "Stages", .help = "What the stages left", .start = stages_start};
static const stressor_activity_type secret = {
    .size = sizeof secret, .name = "Secret", .help = "Fails with a secret", .start = secret_start};
static const stressor_activity_type pipes = {
    .size = sizeof pipes, .name = "Pipes", .help = "Is the signal blocked", .start = pipe_start};
static const stressor_activity_type pooled = {.size = sizeof pooled,
                                              .flags = STRESSOR_ACTIVITY_BLOCKING,
                                              .name = "PooledPipes",
                                              .help = "The same on the pool",
                                              .start = pipe_start};
static const stressor_activity_type watches = {
    .size = sizeof watches, .name = "Watches", .help = "Errors of watches", .start = watch_start};
static const stressor_activity_type *const types[] = {&stages, &secret, &pipes, &pooled, &watches};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "lone",
                                       .version = "1.0.0",
                                       .help = "Looks at what it is given",
                                       .activities = types,
                                       .activities_count = sizeof types / sizeof *types,
                                       .init = lone_init};

static const stressor_plugin *entry(void)
{
    return &plugin;
}

static int setup(void **state)
{
    *state = stressor_test_new(entry);
    return *state == NULL;
}

static int teardown(void **state)
{
    stressor_test_free(*state);
    return 0;
}

static void gives_true(stressor_test *t, const char *activity)
{
    const stressor_test_result *r = stressor_test_run(t, activity);
    assert_string_equal(r->failure.text, "");
    assert_int_equal(r->value.type, STRESSOR_BOOL);
    assert_int_equal(r->value.as.integer, 1);
}

static void a_stage_left_out_passes_on_what_the_one_before_left(void **state)
{
    gives_true(*state, "{activity: Stages}");
}

static void a_secret_text_of_a_failure_is_masked_everywhere(void **state)
{
    const stressor_test_result *r = stressor_test_run(*state, "{activity: Secret, debug: true}");
    assert_int_equal(r->status, STRESSOR_FAILED);
    assert_string_equal(r->failure.kind, "odd");
    assert_string_equal(r->failure.text, "***");
    assert_non_null(strstr(stressor_test_log(*state), "***"));
    assert_null(strstr(stressor_test_log(*state), "autumn"));
}

static void threads_of_the_host_block_sigpipe(void **state)
{
    gives_true(*state, "{activity: Pipes}");
    gives_true(*state, "{activity: PooledPipes}");
}

static void a_watch_that_cannot_be_made_says_why(void **state)
{
    const stressor_test_result *r = stressor_test_run(*state, "{activity: Watches}");
    assert_string_equal(r->failure.text, "");
    assert_int_equal(r->status, STRESSOR_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_stage_left_out_passes_on_what_the_one_before_left, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_secret_text_of_a_failure_is_masked_everywhere, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(threads_of_the_host_block_sigpipe, setup, teardown),
        cmocka_unit_test_setup_teardown(a_watch_that_cannot_be_made_says_why, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
