#include "plugin/discover.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/wait.h>

#include "folder.h"

enum { STRANGER = 12345 }; /* neither root nor anybody who runs tests */

static void assert_trusted(const char *path)
{
    struct buf why;
    buf_init(&why, 0);
    if (!discover_trusted(path, &why))
        print_error("%s: %s\n", path, why.data);
    assert_int_equal(why.length, 0);
    buf_finish(&why);
}

static void assert_distrusted(const char *path, const char *reason)
{
    struct buf why;
    buf_init(&why, 0);
    bool trusted = discover_trusted(path, &why);
    char said[1000];
    snprintf(said, sizeof said, "%s", why.data);
    buf_finish(&why);
    assert_false(trusted);
    assert_string_equal(said, reason);
}

static void only_root_may(void)
{
    if (geteuid() != 0)
        skip();
}

/* --- trust ------------------------------------------------------------------------------- */

static void ones_own_plugin_is_trusted(void **state)
{
    assert_trusted(put_plugin(*state, "good", "good.so"));
}

static void a_file_writable_by_everybody_is_refused(void **state)
{
    const char *path = put_plugin(*state, "good", "good.so");
    assert_int_equal(chmod(path, 0646), 0);
    assert_distrusted(path, "it is writable by everybody (mode 0646)");
}

static void a_file_in_a_folder_writable_by_everybody_is_refused(void **state)
{
    struct folder *f = *state;
    put_folder(f, "open");
    assert_int_equal(chmod(f->text, 01777), 0);
    assert_distrusted(put_plugin(f, "good", "open/good.so"),
                      "its folder is writable by everybody (mode 1777)");
}

static void a_file_writable_by_ones_own_group_is_trusted(void **state)
{
    const char *path = put_plugin(*state, "good", "good.so");
    assert_int_equal(chown(path, (uid_t)-1, getegid()), 0);
    assert_int_equal(chmod(path, 0664), 0);
    assert_trusted(path);
}

static void a_file_writable_by_a_foreign_group_is_refused(void **state)
{
    only_root_may();
    const char *path = put_plugin(*state, "good", "good.so");
    assert_int_equal(chown(path, (uid_t)-1, STRANGER), 0);
    assert_trusted(path);
    assert_int_equal(chmod(path, 0664), 0);
    assert_distrusted(path, "it is writable by group 12345, which is not your own (mode 0664)");
    setenv("SUDO_GID", "12345", 1);
    assert_trusted(path);
}

static void the_file_of_a_stranger_is_refused_unless_sudo_is_his(void **state)
{
    only_root_may();
    const char *path = put_plugin(*state, "good", "good.so");
    assert_int_equal(chown(path, STRANGER, (gid_t)-1), 0);
    assert_distrusted(path, "it belongs to user 12345, who is neither root nor you");
    setenv("SUDO_UID", "12345x", 1);
    assert_distrusted(path, "it belongs to user 12345, who is neither root nor you");
    setenv("SUDO_UID", "12345", 1);
    assert_trusted(path);
}

static void the_folder_of_a_stranger_is_refused(void **state)
{
    only_root_may();
    struct folder *f = *state;
    put_folder(f, "his");
    assert_int_equal(chown(f->text, STRANGER, (gid_t)-1), 0);
    assert_distrusted(put_plugin(f, "good", "his/good.so"),
                      "its folder belongs to user 12345, who is neither root nor you");
}

static void a_link_is_as_good_as_what_is_behind_it(void **state)
{
    struct folder *f = *state;
    char link[PATH_MAX];
    put_folder(f, "target");
    put_plugin(f, "good", "target/good.so");
    snprintf(link, sizeof link, "%s", in_folder(f, "link.so"));
    assert_int_equal(symlink("target/good.so", link), 0);
    assert_trusted(link);
    assert_int_equal(chmod(in_folder(f, "target"), 0777), 0);
    assert_distrusted(
        link, "the folder of the file behind the link is writable by everybody (mode 0777)");
    assert_int_equal(unlink(in_folder(f, "target/good.so")), 0);
    assert_distrusted(link, "it cannot be opened: No such file or directory");
}

static void what_is_no_regular_elf_file_is_refused(void **state)
{
    struct folder *f = *state;
    assert_distrusted(put_folder(f, "folder.so"), "it is not a regular file");
    assert_int_equal(mkfifo(in_folder(f, "pipe.so"), 0600), 0);
    assert_distrusted(f->text, "it is not a regular file");
    write_file(in_folder(f, "text.so"), "#!/bin/sh\n", 10);
    assert_distrusted(f->text, "it is not an ELF file");
    write_file(in_folder(f, "empty.so"), "", 0);
    assert_distrusted(f->text, "it is not an ELF file");
    assert_distrusted("relative.so", "its path is not absolute");
}

/* --- folders ----------------------------------------------------------------------------- */

struct search {
    struct arena arena;
    struct discover found;
};

static void search(struct search *s, const char *const *given)
{
    arena_init(&s->arena, 4096, 0);
    assert_true(discover_plugins(given, &s->arena, &s->found));
}

static bool listed(const struct search *s, const char *folder)
{
    for (size_t i = 0; i < s->found.folders_count; i++) {
        if (strcmp(s->found.folders[i], folder) == 0)
            return true;
    }
    return false;
}

static void a_file_for_another_machine_is_refused_with_both_numbers(void **state)
{
    struct folder *f = *state;
    char said[100];
    ElfW(Ehdr) head;
    int fd = open(put_plugin(f, "good", "other.so"), O_RDWR | O_CLOEXEC);
    assert_int_equal(pread(fd, &head, sizeof head, 0), sizeof head);
    const unsigned own = head.e_machine;
    head.e_machine = 4711;
    assert_int_equal(pwrite(fd, &head, sizeof head, 0), sizeof head);
    snprintf(said, sizeof said,
             "it is made for another kind of machine (ELF machine 4711; this is %u)", own);
    assert_distrusted(f->text, said);
    assert_int_equal(ftruncate(fd, 20), 0);
    assert_distrusted(f->text, "it is cut off: its ELF header is not whole");
    close(fd);
}

static void a_file_that_is_cut_off_is_refused(void **state)
{
    struct folder *f = *state;
    int fd = open(put_plugin(f, "good", "cut.so"), O_RDWR | O_CLOEXEC);
    assert_trusted(f->text);
    assert_int_equal(ftruncate(fd, 3000), 0);
    close(fd);
    assert_distrusted(f->text, "it is cut off: the file ends before what is to be loaded");
}

static void folders_are_searched_in_the_order_of_the_design(void **state)
{
    struct folder *f = *state;
    char one[PATH_MAX], variable[PATH_MAX * 3], expected[6][PATH_MAX], home[PATH_MAX];
    snprintf(one, sizeof one, "%s", put_folder(f, "given"));
    snprintf(variable, sizeof variable, "%s/second:%s/third", f->path, f->path);
    setenv("STRESSOR_PLUGIN_PATH", variable, 1);
    snprintf(home, sizeof home, "%s", in_folder(f, "home"));
    setenv("HOME", home, 1);
    snprintf(expected[0], PATH_MAX, "%s", one);
    snprintf(expected[1], PATH_MAX, "%s", in_folder(f, "second"));
    snprintf(expected[2], PATH_MAX, "%s", in_folder(f, "third"));
    snprintf(expected[3], PATH_MAX, "%s", in_folder(f, "home/.local/share/stressor/plugins"));
    built_plugin("", expected[4]);
    strcpy(strstr(expected[4], "/plugins/"), "/stressor/plugins");

    struct search s;
    search(&s, (const char *const[]){one, NULL});
    bool same = s.found.folders_count == 5;
    for (size_t i = 0; i < 5 && same; i++)
        same = strcmp(s.found.folders[i], expected[i]) == 0;
    arena_finish(&s.arena);
    assert_true(same);
}

static void xdg_data_home_replaces_the_home_folder(void **state)
{
    struct folder *f = *state;
    struct search s;
    setenv("HOME", "/home/somebody", 1);
    setenv("XDG_DATA_HOME", f->path, 1);
    search(&s, NULL);
    bool xdg = listed(&s, in_folder(f, "stressor/plugins"));
    bool home = listed(&s, "/home/somebody/.local/share/stressor/plugins");
    arena_finish(&s.arena);
    assert_true(xdg);
    assert_false(home);
}

static void a_folder_is_searched_once_under_any_name(void **state)
{
    struct folder *f = *state;
    struct search s;
    char longer[PATH_MAX + 8];
    put_plugin(f, "good", "good.so");
    snprintf(longer, sizeof longer, "%s/./", f->path);
    search(&s, (const char *const[]){f->path, longer, f->path, NULL});
    size_t files = s.found.files_count;
    arena_finish(&s.arena);
    assert_int_equal(files, 1);
}

static void files_are_sorted_and_only_modules_are_considered(void **state)
{
    static const char *const expected[] = {"a.so", "b.so", "c.so"};
    struct folder *f = *state;
    struct search s;
    put_plugin(f, "good", "c.so");
    put_plugin(f, "good", "a.so");
    write_file(in_folder(f, "b.so"), "text", 4);
    write_file(in_folder(f, "a.la"), "dlname='a.so'", 13);
    write_file(in_folder(f, "notes.txt"), "text", 4);
    put_plugin(f, "good", ".hidden.so");
    put_plugin(f, "good", "a.so.1");
    search(&s, (const char *const[]){f->path, NULL});
    bool same = s.found.files_count == 3;
    for (size_t i = 0; i < 3 && same; i++)
        same = strcmp(s.found.files[i].path, in_folder(f, expected[i])) == 0 &&
               (s.found.files[i].reason == NULL) == (i != 1);
    arena_finish(&s.arena);
    assert_true(same);
}

static void the_current_folder_is_never_searched(void **state)
{
    static const char *const values[] = {"", ":", ".", ":.:", "relative", "./relative:"};
    struct folder *f = *state;
    put_plugin(f, "marks", "marks.so");
    put_folder(f, "relative");
    put_plugin(f, "marks", "relative/marks.so");
    assert_int_equal(chdir(f->path), 0);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct search s;
        setenv("STRESSOR_PLUGIN_PATH", values[i], 1);
        setenv("XDG_DATA_HOME", values[i], 1);
        setenv("HOME", values[i], 1);
        search(&s, (const char *const[]){"", NULL});
        size_t files = s.found.files_count, folders = s.found.folders_count;
        arena_finish(&s.arena);
        assert_int_equal(files, 0);
        assert_int_equal(folders, 1); /* that of the install */
    }
    assert_true(log_says(f, "STRESSOR_PLUGIN_PATH: relative is ignored, as it is not an absolute"));
}

static void a_given_folder_may_be_relative(void **state)
{
    struct folder *f = *state;
    struct search s;
    put_folder(f, "mine");
    put_plugin(f, "good", "mine/good.so");
    assert_int_equal(chdir(f->path), 0);
    search(&s, (const char *const[]){"mine", NULL});
    bool found = s.found.files_count == 1 &&
                 strcmp(s.found.files[0].path, in_folder(f, "mine/good.so")) == 0;
    arena_finish(&s.arena);
    assert_true(found);
}

/* --- privileges -------------------------------------------------------------------------- */

enum { PRIVILEGED_FINE = 0, PRIVILEGED_NOT = 50, PRIVILEGED_WRONG = 51 };

/* What the program does when it is started as a set-user-id one. */
static int as_privileged(void)
{
    struct search s;
    if (getauxval(AT_SECURE) == 0)
        return PRIVILEGED_NOT;
    search(&s, NULL);
    bool fine = s.found.folders_count == 1 && !listed(&s, "/home/somebody/stressor/plugins");
    arena_finish(&s.arena);
    return fine ? PRIVILEGED_FINE : PRIVILEGED_WRONG;
}

static void the_environment_is_ignored_by_a_privileged_process(void **state)
{
    only_root_may();
    struct folder *f = *state;
    assert_int_equal(chmod(f->path, 0755), 0);
    copy_file("/proc/self/exe", in_folder(f, "program"));
    assert_int_equal(chmod(f->text, 04755), 0);
    setenv("STRESSOR_PLUGIN_PATH", "/home/somebody/stressor/plugins", 1);
    setenv("HOME", "/home/somebody", 1);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (setgid(STRANGER) == 0 && setuid(STRANGER) == 0)
            execl(f->text, f->text, "--as-privileged", (char *)NULL);
        _exit(PRIVILEGED_NOT);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == PRIVILEGED_NOT)
        skip(); /* set-user-id programs have no effect in this place */
    assert_int_equal(WEXITSTATUS(status), PRIVILEGED_FINE);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--as-privileged") == 0)
        _exit(as_privileged());
    const struct CMUnitTest tests[] = {
        in_a_folder(ones_own_plugin_is_trusted),
        in_a_folder(a_file_writable_by_everybody_is_refused),
        in_a_folder(a_file_in_a_folder_writable_by_everybody_is_refused),
        in_a_folder(a_file_writable_by_ones_own_group_is_trusted),
        in_a_folder(a_file_writable_by_a_foreign_group_is_refused),
        in_a_folder(the_file_of_a_stranger_is_refused_unless_sudo_is_his),
        in_a_folder(the_folder_of_a_stranger_is_refused),
        in_a_folder(a_link_is_as_good_as_what_is_behind_it),
        in_a_folder(what_is_no_regular_elf_file_is_refused),
        in_a_folder(a_file_for_another_machine_is_refused_with_both_numbers),
        in_a_folder(a_file_that_is_cut_off_is_refused),
        in_a_folder(folders_are_searched_in_the_order_of_the_design),
        in_a_folder(xdg_data_home_replaces_the_home_folder),
        in_a_folder(a_folder_is_searched_once_under_any_name),
        in_a_folder(files_are_sorted_and_only_modules_are_considered),
        in_a_folder(the_current_folder_is_never_searched),
        in_a_folder(a_given_folder_may_be_relative),
        in_a_folder(the_environment_is_ignored_by_a_privileged_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
