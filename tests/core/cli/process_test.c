#include "cli/process.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct process_limits none;

static int say_both(void *data)
{
    puts("to output");
    fprintf(stderr, "to errors: %s\n", (const char *)data);
    return 7;
}

static void what_a_child_writes_is_kept_apart_and_its_exit_code_told(void **state)
{
    struct process p;
    char how[100], text[] = "me";
    (void)state;
    assert_true(process_fork(say_both, text, &none, &p));
    assert_string_equal(p.output, "to output\n");
    assert_string_equal(p.errors, "to errors: me\n");
    assert_int_equal(p.errors_length, 14);
    assert_false(process_succeeded(&p));
    process_describe(&p, &none, how, sizeof how);
    assert_string_equal(how, "ended the process (exit code 7)");
    process_finish(&p);
}

static void merged_both_come_in_their_order(void **state)
{
    const struct process_limits merged = {.merge = true};
    const char *const argv[] = {"sh", "-c", "echo one; echo two >&2; echo three", NULL};
    struct process p;
    (void)state;
    assert_true(process_run(argv, &merged, &p));
    assert_true(process_succeeded(&p));
    assert_string_equal(p.output, "one\ntwo\nthree\n");
    assert_string_equal(p.errors, "");
    process_finish(&p);
}

static void a_child_has_no_input_and_its_own_group(void **state)
{
    const char *const argv[] = {"sh", "-c", "cat; test $(ps -o pgid= $$) = $$ && echo own", NULL};
    struct process p;
    (void)state;
    assert_true(process_run(argv, &none, &p));
    assert_string_equal(p.output, "own\n");
    process_finish(&p);
}

static void a_program_that_is_not_there_ends_with_127(void **state)
{
    const char *const argv[] = {"no-such-program-anywhere", NULL};
    struct process p;
    (void)state;
    assert_true(process_run(argv, &none, &p));
    assert_true(WIFEXITED(p.status));
    assert_int_equal(WEXITSTATUS(p.status), 127);
    assert_string_equal(p.errors, "no-such-program-anywhere: No such file or directory\n");
    process_finish(&p);
}

static int wait_forever(void *data)
{
    (void)data;
    while (pause() != 0)
        continue;
    return 0;
}

static int compute_forever(void *data)
{
    (void)data;
    for (volatile int on = 1; on;)
        continue;
    return 0;
}

static int die(void *data)
{
    (void)data;
    signal(SIGSEGV, SIG_DFL);
    return raise(SIGSEGV);
}

static void assert_described(int (*body)(void *), const struct process_limits *limits,
                             const char *expected)
{
    struct process p;
    char how[100];
    assert_true(process_fork(body, NULL, limits, &p));
    assert_false(process_succeeded(&p));
    process_describe(&p, limits, how, sizeof how);
    assert_string_equal(how, expected);
    process_finish(&p);
}

static void a_child_is_ended_when_its_time_is_up(void **state)
{
    const struct process_limits limits = {.seconds = 1};
    (void)state;
    assert_described(wait_forever, &limits, "took more than 1 s");
}

static void a_child_is_ended_when_it_has_computed_enough(void **state)
{
    const struct process_limits limits = {.cpu_seconds = 1};
    (void)state;
    assert_described(compute_forever, &limits, "computed for more than 1 s");
}

static void a_crash_is_told_with_its_signal(void **state)
{
    (void)state;
    assert_described(die, &none, "crashed (signal 11, Segmentation fault)");
}

/* A child that gets on only when it was told of as slow. */
struct slow {
    _Atomic uint32_t *progress; /* shared with the child */
    int ends[2];
    int told;
};

enum { TOLD = 5 };

static void note_slow(void *data)
{
    struct slow *s = data;
    s->told++;
    assert_int_equal(write(s->ends[1], "x", 1), 1);
}

static int get_on_when_told(void *data)
{
    const struct slow *s = data;
    char byte;
    for (int i = 0; i < TOLD; i++) {
        if (read(s->ends[0], &byte, 1) != 1)
            return 1;
        atomic_fetch_add(s->progress, 1);
    }
    return 0;
}

static void a_child_that_gets_on_has_its_time_anew_and_is_told_of_as_slow_once_each_time(
    void **state)
{
    struct slow s = {.progress = mmap(NULL, sizeof *s.progress, PROT_READ | PROT_WRITE,
                                      MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
    const struct process_limits limits = {.seconds = TOLD - 1,
                                          .progress = s.progress,
                                          .slow_seconds = 1,
                                          .slow = note_slow,
                                          .slow_data = &s};
    struct process p;
    (void)state;
    assert_true(s.progress != MAP_FAILED);
    assert_int_equal(pipe(s.ends), 0);
    assert_true(process_fork(get_on_when_told, &s, &limits, &p));
    assert_true(process_succeeded(&p));
    assert_int_equal(s.told, TOLD);
    process_finish(&p);
    close(s.ends[0]);
    close(s.ends[1]);
    munmap(s.progress, sizeof *s.progress);
}

static int stop_the_parent(void *data)
{
    kill(getppid(), SIGTERM);
    return wait_forever(data);
}

static void a_signal_to_end_ends_the_child_and_not_the_program(void **state)
{
    (void)state;
    process_hold_signals();
    assert_described(stop_the_parent, &none, "was stopped");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_child_writes_is_kept_apart_and_its_exit_code_told),
        cmocka_unit_test(merged_both_come_in_their_order),
        cmocka_unit_test(a_child_has_no_input_and_its_own_group),
        cmocka_unit_test(a_program_that_is_not_there_ends_with_127),
        cmocka_unit_test(a_child_is_ended_when_its_time_is_up),
        cmocka_unit_test(a_child_is_ended_when_it_has_computed_enough),
        cmocka_unit_test(a_crash_is_told_with_its_signal),
        cmocka_unit_test(
            a_child_that_gets_on_has_its_time_anew_and_is_told_of_as_slow_once_each_time),
        cmocka_unit_test(a_signal_to_end_ends_the_child_and_not_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
