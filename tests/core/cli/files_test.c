#include "cli/files.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "temporary.h"

static char folder[TEMPORARY_SIZE];
static char path[TEMPORARY_PATH], other[TEMPORARY_PATH];

static int setup(void **state)
{
    (void)state;
    return temporary_make(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return temporary_remove(folder) ? 0 : -1;
}

static unsigned mode_of(const char *file)
{
    struct stat st;
    assert_int_equal(lstat(file, &st), 0);
    return (unsigned)st.st_mode & 07777u;
}

static void a_file_is_written_once_and_never_over_another(void **state)
{
    (void)state;
    temporary_path(folder, "file", path);
    assert_true(files_write(path, "one", 3, 0640));
    assert_int_equal(mode_of(path), 0640);
    assert_false(files_write(path, "two", 3, 0640));
    assert_int_equal(errno, EEXIST);
    temporary_path(folder, "copy", other);
    assert_true(files_copy(path, other, 0644));
    assert_int_equal(mode_of(other), 0644);
    assert_false(files_copy(path, other, 0644));
    assert_int_equal(errno, EEXIST);
    assert_true(files_same(path, other));
}

static void files_of_other_bytes_or_none_are_not_the_same(void **state)
{
    (void)state;
    temporary_path(folder, "a", path);
    temporary_path(folder, "b", other);
    assert_true(files_write(path, "one\0two", 7, 0600));
    assert_false(files_same(path, other));
    assert_true(files_write(other, "one\0tow", 7, 0600));
    assert_false(files_same(path, other));
    assert_true(files_same(path, path));
}

static void reading_stops_at_the_limit_and_at_what_is_no_file(void **state)
{
    size_t length = 1;
    (void)state;
    temporary_path(folder, "text", path);
    assert_true(files_write(path, "1234", 4, 0600));
    char *text = files_read(path, 4, &length);
    assert_string_equal(text, "1234");
    assert_int_equal(length, 4);
    free(text);
    assert_null(files_read(path, 3, &length));
    assert_int_equal(errno, EFBIG);
    assert_null(files_read(folder, 100, &length));
    assert_int_equal(errno, EINVAL);
    assert_null(files_read(temporary_path(folder, "none", path), 100, &length));
    assert_int_equal(errno, ENOENT);
}

static void replacing_leaves_one_file_with_the_new_content(void **state)
{
    size_t length = 0;
    (void)state;
    temporary_path(folder, "old", path);
    temporary_path(folder, "new", other);
    assert_true(files_write(path, "old", 3, 0600));
    assert_true(files_write(other, "new!", 4, 0600));
    assert_true(files_replace(other, path));
    char *text = files_read(path, 100, &length);
    assert_string_equal(text, "new!");
    free(text);
    assert_int_equal(access(other, F_OK), -1);
    assert_false(files_replace(other, path));
    assert_int_equal(errno, ENOENT);
}

static void folders_are_made_with_those_above_for_nobody_else_to_write_to(void **state)
{
    (void)state;
    mode_t before = umask(0);
    temporary_path(folder, "a/b/c", path);
    assert_true(files_make_folders(path));
    assert_true(files_make_folders(path));
    umask(before);
    assert_int_equal(mode_of(path), 0755);
    assert_int_equal(mode_of(temporary_path(folder, "a", path)), 0755);
    assert_true(files_write(temporary_path(folder, "a/file", path), "", 0, 0600));
    assert_false(files_make_folders(path));
    assert_int_equal(errno, ENOTDIR);
    assert_false(files_make_folders(temporary_path(folder, "a/file/below", path)));
    assert_int_equal(errno, ENOTDIR);
}

static void removing_a_tree_leaves_what_its_links_lead_to(void **state)
{
    (void)state;
    assert_true(files_make_folders(temporary_path(folder, "tree/below", path)));
    assert_true(files_write(temporary_path(folder, "kept", other), "kept", 4, 0600));
    assert_int_equal(symlink(other, temporary_path(folder, "tree/below/link", path)), 0);
    assert_int_equal(symlink(folder, temporary_path(folder, "tree/up", path)), 0);
    files_remove_tree(temporary_path(folder, "tree", path));
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access(other, F_OK), 0);
    files_remove_tree(path);
    files_remove_tree(NULL);
}

static void a_temporary_folder_is_for_the_user_alone(void **state)
{
    (void)state;
    char *made = files_make_temporary(folder, ".new-");
    assert_non_null(made);
    assert_int_equal(strncmp(made + strlen(folder), "/.new-", 6), 0);
    assert_int_equal(mode_of(made), 0700);
    free(made);
    assert_null(files_make_temporary(temporary_path(folder, "none", path), "x"));
    assert_int_equal(errno, ENOENT);
}

static void what_lies_beside_the_program_is_found_from_its_prefix(void **state)
{
    (void)state;
    char *program = files_program(), *found = files_beside_program("share/x");
    assert_non_null(program);
    assert_non_null(found);
    *strrchr(program, '/') = '\0';
    *strrchr(program, '/') = '\0';
    assert_int_equal(strncmp(found, program, strlen(program)), 0);
    assert_string_equal(found + strlen(program), "/share/x");
    free(program);
    free(found);
}

#define in_a_folder(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_a_folder(a_file_is_written_once_and_never_over_another),
        in_a_folder(files_of_other_bytes_or_none_are_not_the_same),
        in_a_folder(reading_stops_at_the_limit_and_at_what_is_no_file),
        in_a_folder(replacing_leaves_one_file_with_the_new_content),
        in_a_folder(folders_are_made_with_those_above_for_nobody_else_to_write_to),
        in_a_folder(removing_a_tree_leaves_what_its_links_lead_to),
        in_a_folder(a_temporary_folder_is_for_the_user_alone),
        in_a_folder(what_lies_beside_the_program_is_found_from_its_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
