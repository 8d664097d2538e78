#include "stats/proc.h"

#include "proc_folder.h"

static const uint64_t page = 4096;

static void a_process_is_read_whatever_its_name(void **state)
{
    struct proc_folder *f = *state;
    struct proc_stat s;
    proc_folder_process(f, "77", "a) S (b", 5, 7, 1234, 10);
    assert_true(proc_stat(f->fd, "77", &s));
    assert_string_equal(s.name, "a) S (b");
    assert_int_equal(s.cpu, 12);
    assert_int_equal(s.started, 1234);
    assert_int_equal(s.threads, 3);
    assert_int_equal(s.memory_bytes, 10 * page);
    assert_false(s.ended);
}

static void a_zombie_has_ended(void **state)
{
    struct proc_folder *f = *state;
    struct proc_stat s;
    proc_folder_put(f, "7/stat", "7 (x) Z 1 7 7 0\n");
    assert_true(proc_stat(f->fd, "7", &s));
    assert_true(s.ended);
    assert_int_equal(s.memory_bytes, 0);
}

static void what_is_no_process_is_refused(void **state)
{
    struct proc_folder *f = *state;
    static const char *const texts[] = {"", "7", "7 (", "7 (x", "7 )x(", "7 (x)", "7 (x) ", "\377"};
    struct proc_stat s;
    assert_false(proc_stat(f->fd, "8", &s));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        proc_folder_put(f, "7/stat", texts[i]);
        assert_false(proc_stat(f->fd, "7", &s));
    }
    proc_folder_put(f, "7/stat", "7 (x) S 1 2 3 4 5 6 7 8 9 10 99999999999999999999 -5 \377\n");
    assert_true(proc_stat(f->fd, "7", &s));
    assert_int_equal(s.cpu, 0);
}

static void storage_and_limits_stand_in_lines(void **state)
{
    struct proc_folder *f = *state;
    uint64_t read = 1, written = 1;
    assert_false(proc_storage(f->fd, "7", &read, &written));
    proc_folder_put(f, "7/io",
                    "rchar: 1\nwchar: 2\nread_bytes: 4096\nwrite_bytes: 8192\n"
                    "cancelled_write_bytes: 3\n");
    assert_true(proc_storage(f->fd, "7", &read, &written));
    assert_int_equal(read, 4096);
    assert_int_equal(written, 8192);
    assert_int_equal(proc_descriptors_limit(f->fd, "7"), 0);
    proc_folder_put(f, "7/limits",
                    "Limit                     Soft Limit           Hard Limit           Units\n"
                    "Max open files            1024                 524288               files\n");
    assert_int_equal(proc_descriptors_limit(f->fd, "7"), 1024);
    proc_folder_put(f, "7/limits", "Max open files            unlimited  unlimited files\n");
    assert_int_equal(proc_descriptors_limit(f->fd, "7"), 0);
}

static void descriptors_are_counted_and_sockets_among_them(void **state)
{
    struct proc_folder *f = *state;
    uint64_t descriptors, sockets;
    proc_walk(f->fd, "7", 0, &descriptors, &sockets);
    assert_int_equal(descriptors, 0);
    mkdirat(f->fd, "7", 0700);
    mkdirat(f->fd, "7/fd", 0700);
    symlinkat("/dev/null", f->fd, "7/fd/0");
    symlinkat("socket:[123]", f->fd, "7/fd/1");
    symlinkat("socket:[124]", f->fd, "7/fd/2");
    symlinkat("anon_inode:[eventpoll]", f->fd, "7/fd/3");
    proc_walk(f->fd, "7", 0, &descriptors, &sockets);
    assert_int_equal(descriptors, 4);
    assert_int_equal(sockets, 2);
}

static void sockets_of_very_many_descriptors_are_estimated(void **state)
{
    enum { COUNT = 5000, SOCKETS_EVERY = 2 };
    struct proc_folder *f = *state;
    uint64_t descriptors, sockets;
    mkdirat(f->fd, "7", 0700);
    mkdirat(f->fd, "7/fd", 0700);
    for (int i = 0; i < COUNT; i++) {
        char path[32];
        snprintf(path, sizeof path, "7/fd/%d", i);
        assert_int_equal(
            symlinkat(i % SOCKETS_EVERY == 0 ? "socket:[1]" : "/dev/null", f->fd, path), 0);
    }
    proc_walk(f->fd, "7", 0, &descriptors, &sockets);
    assert_int_equal(descriptors, COUNT);
    assert_true(sockets > 2000 && sockets < 3000);
    proc_walk(f->fd, "7", 10000, &descriptors, &sockets);
    assert_true(descriptors <= 10000 && sockets > 4000 && sockets < 6000);
}

static void the_machine_is_read_from_its_files(void **state)
{
    struct proc_folder *f = *state;
    static char scratch[8192];
    struct proc_machine m;
    proc_folder_put(f, "stat",
                    "cpu  100 10 50 1000 40 5 6 7 99 1\ncpu0 50 5 25 500 20 2 3 3 0 0\n"
                    "cpu1 50 5 25 500 20 3 3 4 0 0\nintr 11824413 0\nctxt 1\n");
    proc_folder_put(f, "meminfo",
                    "MemTotal:       24684092 kB\nMemFree:        1 kB\nMemAvailable:   2048 kB\n");
    proc_folder_put(f, "net/dev",
                    "Inter-|   Receive  |  Transmit\n face |bytes    packets|bytes\n"
                    "    lo: 1000 5 0 0 0 0 0 0 2000 5 0 0 0 0 0 0\n"
                    "  eth0:30 5 0 0 0 0 0 0 4 5 0 0 0 0 0 0\n");
    proc_folder_put(f, "net/sockstat",
                    "sockets: used 16\nTCP: inuse 7 orphan 0 tw 36 alloc 1 mem 0\nUDP: inuse 9\n");
    proc_folder_put(f, "net/sockstat6", "TCP6: inuse 3\nUDP6: inuse 5\n");
    proc_folder_put(f, "sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
    proc_machine(f->fd, scratch, sizeof scratch, &m);
    assert_int_equal(m.cpus, 2);
    assert_int_equal(m.cpu_busy, 178);
    assert_int_equal(m.cpu_all, 1218);
    assert_int_equal(m.memory_bytes, UINT64_C(24684092) * 1024);
    assert_int_equal(m.memory_available_bytes, 2048 * 1024);
    assert_int_equal(m.received_bytes, 1030);
    assert_int_equal(m.sent_bytes, 2004);
    assert_int_equal(m.tcp_sockets, 10);
    assert_int_equal(m.tcp_time_wait, 36);
    assert_int_equal(m.local_ports, 28232);
}

static void what_a_machine_does_not_tell_is_0(void **state)
{
    struct proc_folder *f = *state;
    static char scratch[64];
    struct proc_machine m;
    proc_machine(f->fd, scratch, sizeof scratch, &m);
    assert_int_equal(m.cpus + m.cpu_all + m.memory_bytes + m.tcp_sockets + m.local_ports, 0);
    static const char *const files[] = {"stat",          "meminfo",
                                        "net/dev",       "net/sockstat",
                                        "net/sockstat6", "sys/net/ipv4/ip_local_port_range"};
    static const char *const texts[] = {
        "",          ":",   "cpu ", "TCP:",     "TCP: inuse",
        "MemTotal:", "5 x", "9 5",  "\377\377", "cpu  \377 1 2 3 4 5 6 7"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t k = 0; k < sizeof files / sizeof *files; k++)
            proc_folder_put(f, files[k], texts[i]);
        proc_machine(f->fd, scratch, sizeof scratch, &m);
        assert_int_equal(m.tcp_sockets + m.memory_bytes + m.local_ports, 0);
    }
}

static void files_are_cut_to_the_room_for_them(void **state)
{
    struct proc_folder *f = *state;
    char text[5];
    proc_folder_put(f, "file", "abcdefgh");
    assert_true(proc_read(f->fd, "file", text, sizeof text));
    assert_string_equal(text, "abcd");
    assert_false(proc_read(f->fd, "none", text, sizeof text));
    assert_string_equal(text, "");
    assert_false(proc_read(-1, "file", text, sizeof text));
}

struct seen {
    int count;
    char program[32];
};

static bool see(void *data, int32_t pid, const struct proc_stat *stat, const char *program)
{
    struct seen *s = data;
    s->count++;
    if (pid == 12) {
        assert_string_equal(stat->name, "nginx");
        snprintf(s->program, sizeof s->program, "%s", program);
    }
    return true;
}

static void all_processes_are_gone_through_but_zombies(void **state)
{
    struct proc_folder *f = *state;
    struct seen s = {0};
    proc_folder_process(f, "12", "nginx", 1, 1, 1, 1);
    proc_folder_put(f, "12/cmdline", "/usr/sbin/nginx: master");
    proc_folder_process(f, "13", "other", 1, 1, 1, 1);
    proc_folder_process(f, "self", "other", 1, 1, 1, 1);
    proc_folder_put(f, "14/stat", "14 (gone) Z 1 1\n");
    proc_folder_put(f, "99999999999/stat", "14 (odd) S 1 1\n");
    proc_each(f->fd, see, &s);
    assert_int_equal(s.count, 2);
    assert_string_equal(s.program, "nginx: master");
}

static void the_real_proc_is_understood(void **state)
{
    (void)state;
    static char scratch[65536];
    struct proc_machine m;
    struct proc_stat s;
    uint64_t descriptors, sockets, limit;
    int root = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(root >= 0);
    proc_machine(root, scratch, sizeof scratch, &m);
    assert_true(m.cpus > 0 && m.cpu_all > 0 && m.cpu_busy > 0 && m.cpu_busy < m.cpu_all);
    assert_true(m.memory_bytes > 0 && m.memory_available_bytes <= m.memory_bytes);
    assert_true(proc_stat(root, "self", &s));
    assert_int_equal(strncmp(s.name, "proc_test", 9), 0);
    assert_true(s.threads >= 1 && s.memory_bytes > 0 && s.started > 0 && !s.ended);
    limit = proc_descriptors_limit(root, "self");
    assert_true(limit == 0 || limit > 3);
    proc_walk(root, "self", 0, &descriptors, &sockets);
    assert_true(descriptors >= 4); /* its own is one of them */
    uint64_t quick = proc_descriptors(root, "self");
    assert_true(quick == 0 || quick + 1 == descriptors);
    close(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_process_is_read_whatever_its_name, proc_folder_make,
                                        proc_folder_drop),
        cmocka_unit_test_setup_teardown(a_zombie_has_ended, proc_folder_make, proc_folder_drop),
        cmocka_unit_test_setup_teardown(what_is_no_process_is_refused, proc_folder_make,
                                        proc_folder_drop),
        cmocka_unit_test_setup_teardown(storage_and_limits_stand_in_lines, proc_folder_make,
                                        proc_folder_drop),
        cmocka_unit_test_setup_teardown(descriptors_are_counted_and_sockets_among_them,
                                        proc_folder_make, proc_folder_drop),
        cmocka_unit_test_setup_teardown(sockets_of_very_many_descriptors_are_estimated,
                                        proc_folder_make, proc_folder_drop),
        cmocka_unit_test_setup_teardown(the_machine_is_read_from_its_files, proc_folder_make,
                                        proc_folder_drop),
        cmocka_unit_test_setup_teardown(what_a_machine_does_not_tell_is_0, proc_folder_make,
                                        proc_folder_drop),
        cmocka_unit_test_setup_teardown(files_are_cut_to_the_room_for_them, proc_folder_make,
                                        proc_folder_drop),
        cmocka_unit_test_setup_teardown(all_processes_are_gone_through_but_zombies,
                                        proc_folder_make, proc_folder_drop),
        cmocka_unit_test(the_real_proc_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
