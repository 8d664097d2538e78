#include "stats/watch.h"

#include <sys/wait.h>

#include "stats/snapshot.h"

#include "proc_folder.h"

#define SECOND INT64_C(1000000000)

static const struct shard_layout layout = {0};
static const struct snapshot_facts facts = {.name = "x"};

/* A look at `now`, and what is shown then. */
static stressor_snapshot *look(struct watch *w, int64_t now)
{
    stressor_snapshot *s = snapshot_merge(NULL, 0, &layout, &facts, NULL);
    assert_non_null(s);
    watch_look(w, now);
    assert_true(watch_show(w, s));
    return s;
}

static void assert_near(double value, double expected)
{
    assert_true(value > expected - 1e-6 && value < expected + 1e-6);
}

static void put_self(const struct proc_folder *f, int ticks)
{
    proc_folder_process(f, "self", "stressor", ticks, 0, 5, 10);
}

static void the_generator_is_the_first_process(void **state)
{
    struct proc_folder *f = *state;
    put_self(f, 500);
    proc_folder_put(f, "self/io", "read_bytes: 4096\nwrite_bytes: 100\n");
    proc_folder_put(f, "self/limits", "Max open files  1024 4096 files\n");
    struct watch *w = watch_new_at(f->path, NULL, 0, NULL, 0);
    stressor_snapshot *s = look(w, 5 * SECOND);
    assert_int_equal(s->processes_count, 1);
    const stressor_process_row *p = s->processes[0];
    assert_string_equal(p->name, "stressor");
    assert_int_equal(p->alive, 1);
    assert_null(p->reason);
    assert_int_equal(p->pid, getpid());
    assert_int_equal(p->cpu_ns, 0); /* what was before does not count */
    assert_int_equal(p->memory_bytes, 40960);
    assert_int_equal(p->descriptors_limit, 1024);
    assert_int_equal(p->read_bytes, 0);
    snapshot_release(s);

    proc_folder_process(f, "self", "stressor", 550, 100, 5, 30);
    proc_folder_put(f, "self/io", "read_bytes: 8192\nwrite_bytes: 150\n");
    snapshot_release(look(w, 7 * SECOND));
    proc_folder_process(f, "self", "stressor", 650, 100, 5, 20);
    s = look(w, 8 * SECOND);
    p = s->processes[0];
    assert_near(p->cpu, 1.0);
    assert_near(p->cpu_max, 1.0);
    assert_int_equal(p->cpu_ns, 250 * SECOND / 100);
    assert_int_equal(p->memory_bytes, 20 * 4096);
    assert_int_equal(p->memory_max_bytes, 30 * 4096);
    assert_int_equal(p->threads, 3);
    assert_int_equal(p->read_bytes, 4096);
    assert_int_equal(p->written_bytes, 50);
    snapshot_release(s);
    watch_free(w);
}

static void shares_of_a_cpu_are_not_told_over_too_short_a_time(void **state)
{
    struct proc_folder *f = *state;
    put_self(f, 0);
    struct watch *w = watch_new_at(f->path, NULL, 0, NULL, 0);
    snapshot_release(look(w, 0));
    put_self(f, 50);
    snapshot_release(look(w, SECOND));
    put_self(f, 52);
    stressor_snapshot *s = look(w, SECOND + SECOND / 100);
    assert_near(s->processes[0]->cpu, 0.5);
    assert_int_equal(s->processes[0]->cpu_ns, 52 * SECOND / 100);
    snapshot_release(s);
    put_self(f, 150);
    s = look(w, 2 * SECOND);
    assert_near(s->processes[0]->cpu, 1.0);
    snapshot_release(s);
    watch_free(w);
}

static void processes_of_a_name_are_summed(void **state)
{
    struct proc_folder *f = *state;
    const char *names[] = {"nginx"};
    put_self(f, 0);
    proc_folder_process(f, "12", "nginx", 100, 0, 1, 10);
    proc_folder_process(f, "13", "worker", 100, 0, 1, 20);
    proc_folder_put(f, "13/cmdline", "/usr/sbin/nginx");
    proc_folder_process(f, "14", "other", 0, 0, 1, 99);
    struct watch *w = watch_new_at(f->path, names, 1, NULL, 0);
    snapshot_release(look(w, 0));
    proc_folder_process(f, "12", "nginx", 150, 0, 1, 10);
    proc_folder_process(f, "13", "worker", 200, 0, 1, 20);
    stressor_snapshot *s = look(w, SECOND);
    const stressor_process_row *p = s->processes[1];
    assert_string_equal(p->name, "nginx");
    assert_true(p->pid == 12 || p->pid == 13); /* in the order of the folder */
    assert_near(p->cpu, 1.5);
    assert_int_equal(p->memory_bytes, 30 * 4096);
    assert_int_equal(p->threads, 6);
    snapshot_release(s);

    /* One ends: what it had used stays. */
    proc_folder_remove(f, "13");
    s = look(w, 2 * SECOND);
    p = s->processes[1];
    assert_int_equal(p->alive, 1);
    assert_int_equal(p->pid, 12);
    assert_int_equal(p->cpu_ns, 150 * SECOND / 100);
    assert_int_equal(p->memory_bytes, 10 * 4096);
    assert_int_equal(p->memory_max_bytes, 30 * 4096);
    snapshot_release(s);
    watch_free(w);
}

static void a_process_that_comes_again_is_found_again(void **state)
{
    struct proc_folder *f = *state;
    const char *names[] = {"nginx"};
    put_self(f, 0);
    struct watch *w = watch_new_at(f->path, names, 1, NULL, 0);
    stressor_snapshot *s = look(w, 0);
    assert_int_equal(s->processes[1]->alive, 0);
    assert_int_equal(s->processes[1]->pid, 0);
    assert_string_equal(s->processes[1]->reason, "no process is called 'nginx'");
    snapshot_release(s);

    proc_folder_process(f, "12", "nginx", 100, 0, 1, 10);
    for (int i = 1; i <= 5; i++)
        snapshot_release(look(w, i * SECOND));
    proc_folder_remove(f, "12");
    s = look(w, 6 * SECOND);
    assert_int_equal(s->processes[1]->alive, 0);
    assert_string_equal(s->processes[1]->reason, "it ended");
    assert_int_equal(s->processes[1]->memory_bytes, 0);
    assert_int_equal(s->processes[1]->memory_max_bytes, 40960);
    snapshot_release(s);

    /* It is looked for at once when one has ended. The same pid with another start is another. */
    proc_folder_process(f, "12", "nginx", 700, 0, 2, 10);
    snapshot_release(look(w, 7 * SECOND));
    proc_folder_process(f, "12", "nginx", 800, 0, 2, 10);
    s = look(w, 8 * SECOND);
    assert_int_equal(s->processes[1]->alive, 1);
    assert_null(s->processes[1]->reason);
    assert_int_equal(s->processes[1]->cpu_ns, SECOND);
    snapshot_release(s);
    watch_free(w);
}

static void what_is_not_there_is_told_by_entry(void **state)
{
    struct proc_folder *f = *state;
    const char *names[] = {"12", "ngnix"};
    const char *name = NULL, *reason = "";
    put_self(f, 0);
    proc_folder_process(f, "12", "a", 100, 0, 1, 10);
    struct watch *w = watch_new_at(f->path, names, 2, NULL, 0);
    watch_look(w, 0);
    assert_true(watch_wanted(w, 0, &name, &reason));
    assert_string_equal(name, "12");
    assert_null(reason);
    assert_true(watch_wanted(w, 1, &name, &reason));
    assert_string_equal(name, "ngnix");
    assert_string_equal(reason, "no process is called 'ngnix'");
    assert_false(watch_wanted(w, 2, &name, &reason));
    watch_free(w);
}

static void a_pid_is_one_process_only(void **state)
{
    struct proc_folder *f = *state;
    const char *names[] = {"12", "13", "99999999999999999999"};
    put_self(f, 0);
    proc_folder_process(f, "12", "a", 100, 0, 1, 10);
    struct watch *w = watch_new_at(f->path, names, 3, NULL, 0);
    stressor_snapshot *s = look(w, 0);
    assert_int_equal(s->processes[1]->pid, 12);
    assert_string_equal(s->processes[2]->reason, "no such process: 13");
    assert_string_equal(s->processes[3]->reason, "no such process: 99999999999999999999");
    snapshot_release(s);
    proc_folder_process(f, "12", "b", 0, 0, 2, 10); /* its pid was given to another */
    proc_folder_process(f, "13", "c", 0, 0, 2, 10);
    for (int i = 1; i < 3; i++) {
        s = look(w, i * SECOND);
        assert_int_equal(s->processes[1]->alive, 0);
        assert_string_equal(s->processes[1]->reason, "it ended");
        assert_int_equal(s->processes[2]->pid, 13);
        snapshot_release(s);
    }
    watch_free(w);
}

static void a_pid_file_is_followed(void **state)
{
    struct proc_folder *f = *state;
    char path[TEMPORARY_PATH], missing[TEMPORARY_PATH], expected[TEMPORARY_PATH + 64];
    temporary_path(f->path, "run.pid", path);
    temporary_path(f->path, "none.pid", missing);
    const char *names[] = {path, missing};
    put_self(f, 0);
    proc_folder_put(f, "run.pid", "12\n");
    proc_folder_process(f, "12", "a", 100, 0, 1, 10);
    struct watch *w = watch_new_at(f->path, names, 2, NULL, 0);
    stressor_snapshot *s = look(w, 0);
    assert_int_equal(s->processes[1]->pid, 12);
    snprintf(expected, sizeof expected, "cannot read pid file %s: No such file or directory",
             missing);
    assert_string_equal(s->processes[2]->reason, expected);
    snapshot_release(s);

    proc_folder_put(f, "run.pid", "rubbish"); /* the process goes on */
    s = look(w, SECOND);
    assert_int_equal(s->processes[1]->pid, 12);
    snapshot_release(s);

    proc_folder_remove(f, "12");
    snapshot_release(look(w, 2 * SECOND));
    s = look(w, 3 * SECOND);
    snprintf(expected, sizeof expected, "pid file %s holds no process id", path);
    assert_string_equal(s->processes[1]->reason, expected);
    snapshot_release(s);

    proc_folder_put(f, "run.pid", "13");
    s = look(w, 4 * SECOND);
    assert_string_equal(s->processes[1]->reason, "no such process: 13");
    snapshot_release(s);

    proc_folder_process(f, "13", "a", 100, 0, 1, 10);
    s = look(w, 5 * SECOND);
    assert_int_equal(s->processes[1]->pid, 13);
    assert_null(s->processes[1]->reason);
    snapshot_release(s);
    watch_free(w);
}

static void put_machine(const struct proc_folder *f, int busy, int idle, int received, int sent)
{
    char text[256];
    snprintf(text, sizeof text, "cpu  %d 0 0 %d 0 0 0 0 0 0\ncpu0 1\ncpu1 1\n", busy, idle);
    proc_folder_put(f, "stat", text);
    snprintf(text, sizeof text, "eth0: %d 0 0 0 0 0 0 0 %d 0\n", received, sent);
    proc_folder_put(f, "net/dev", text);
}

static void the_machine_is_told_since_the_start(void **state)
{
    struct proc_folder *f = *state;
    put_machine(f, 1000, 1000, 5000, 7000);
    struct watch *w = watch_new_at(f->path, NULL, 0, NULL, 0);
    stressor_snapshot *s = look(w, 0);
    assert_int_equal(s->machine->cpus, 2);
    assert_near(s->machine->cpu, 0);
    assert_int_equal(s->machine->received_bytes, 0);
    assert_string_equal(s->processes[0]->reason, "cannot read /proc");
    snapshot_release(s);
    put_machine(f, 1150, 1050, 5100, 7010);
    s = look(w, SECOND);
    assert_near(s->machine->cpu, 1.5);
    assert_int_equal(s->machine->received_bytes, 100);
    assert_int_equal(s->machine->sent_bytes, 10);
    snapshot_release(s);
    put_machine(f, 1150, 1250, 10, 10); /* an interface is gone */
    s = look(w, 2 * SECOND);
    assert_near(s->machine->cpu, 0);
    assert_near(s->machine->cpu_max, 1.5);
    assert_int_equal(s->machine->received_bytes, 100);
    snapshot_release(s);
    watch_free(w);
}

static void without_proc_there_are_reasons(void **state)
{
    (void)state;
    const char *names[] = {"nginx", "7"};
    struct watch *w = watch_new_at("/nonexistent/proc", names, 2, NULL, 0);
    assert_non_null(w);
    stressor_snapshot *s = look(w, 0);
    assert_int_equal(s->processes_count, 3);
    assert_string_equal(s->processes[0]->reason, "cannot read /proc");
    assert_string_equal(s->processes[1]->reason, "no process is called 'nginx'");
    assert_string_equal(s->processes[2]->reason, "no such process: 7");
    assert_int_equal(s->machine->cpus, 0);
    snapshot_release(s);
    watch_free(w);
    watch_free(NULL);
}

static void long_names_are_cut_between_characters(void **state)
{
    (void)state;
    char name[256] = "x", expected[256];
    while (strlen(name) < 240)
        strcat(name, "\xc3\xa9");
    snprintf(expected, sizeof expected, "no process is called '%.99s'", name);
    const char *names[] = {name};
    struct watch *w = watch_new_at("/nonexistent/proc", names, 1, NULL, 0);
    stressor_snapshot *s = look(w, 0);
    assert_string_equal(s->processes[1]->reason, expected);
    snapshot_release(s);
    watch_free(w);
}

static void workers_tell_their_thread_and_their_shard(void **state)
{
    (void)state;
    struct shard *shard = shard_new(&layout);
    struct watch_worker worker = {pthread_self(), shard};
    struct watch *w = watch_new(NULL, 0, &worker, 1);
    shard_add(shard, SHARD_SESSIONS_STARTED, 5);
    shard_add(shard, SHARD_SESSIONS_DONE, 2);
    stressor_snapshot *s = look(w, 0);
    assert_int_equal(s->workers_count, 1);
    assert_int_equal(s->workers[0]->loop_lag_max_ns, 0);
    assert_int_equal(s->workers[0]->sessions, 3);
    snapshot_release(s);
    for (int i = 0; i < 100; i++)
        shard_lag(shard, i == 99 ? 9000 : 1000);
    s = look(w, SECOND);
    assert_int_equal(s->workers[0]->index, 0);
    assert_int_equal(s->workers[0]->loop_lag_p99_ns, 1000);
    assert_int_equal(s->workers[0]->loop_lag_max_ns, 9000);
    assert_true(s->workers[0]->cpu_ns > 0);
    assert_true(s->workers[0]->cpu >= 0 && s->workers[0]->cpu_max >= s->workers[0]->cpu);
    snapshot_release(s);
    watch_free(w);
    shard_free(shard);
}

static void a_real_process_is_seen_to_live_and_to_end(void **state)
{
    (void)state;
    int gate[2];
    char pid_text[16], byte;
    assert_int_equal(pipe(gate), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(gate[1]);
        _exit(read(gate[0], &byte, 1) < 0); /* until the test closes its end */
    }
    snprintf(pid_text, sizeof pid_text, "%d", (int)child);
    const char *names[] = {pid_text};
    struct watch *w = watch_new(names, 1, NULL, 0);
    stressor_snapshot *s = look(w, 0);
    assert_int_equal(s->processes[1]->alive, 1);
    assert_int_equal(s->processes[1]->pid, child);
    assert_true(s->processes[1]->threads >= 1); /* a sanitizer may have one of its own */
    assert_true(s->processes[1]->memory_bytes > 0);
    assert_true(s->processes[0]->descriptors >= 5);
    assert_true(s->machine->cpus > 0);
    snapshot_release(s);
    close(gate[0]);
    close(gate[1]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    s = look(w, SECOND);
    assert_int_equal(s->processes[1]->alive, 0);
    assert_string_equal(s->processes[1]->reason, "it ended");
    snapshot_release(s);
    watch_free(w);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, proc_folder_make, proc_folder_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(the_generator_is_the_first_process),
        IN_FOLDER(shares_of_a_cpu_are_not_told_over_too_short_a_time),
        IN_FOLDER(processes_of_a_name_are_summed),
        IN_FOLDER(a_process_that_comes_again_is_found_again),
        IN_FOLDER(what_is_not_there_is_told_by_entry),
        IN_FOLDER(a_pid_is_one_process_only),
        IN_FOLDER(a_pid_file_is_followed),
        IN_FOLDER(the_machine_is_told_since_the_start),
        cmocka_unit_test(without_proc_there_are_reasons),
        cmocka_unit_test(long_names_are_cut_between_characters),
        cmocka_unit_test(workers_tell_their_thread_and_their_shard),
        cmocka_unit_test(a_real_process_is_seen_to_live_and_to_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
