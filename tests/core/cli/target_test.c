#include "cli/target.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "temporary.h"

static char folder[TEMPORARY_SIZE];

static int make_folder(void **state)
{
    char path[TEMPORARY_PATH];
    (void)state;
    if (!temporary_make(folder) || chdir(folder) != 0)
        return -1;
    temporary_write(temporary_path(folder, "there", path), "", 0);
    temporary_write(temporary_path(folder, "other", path), "", 0);
    return mkdir("deep", 0777) == 0 && symlink("deep", "lower") == 0 &&
                   symlink("there", "to-there") == 0 && symlink("none", "to-none") == 0 &&
                   symlink("to-none", "chain") == 0 && symlink("../none", "deep/up") == 0 &&
                   symlink("circle", "circle") == 0 && link("there", "hard") == 0
               ? 0
               : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return chdir("/") == 0 && temporary_remove(folder) ? 0 : -1;
}

static void check(const char *a, const char *b, bool same)
{
    if (target_same(a, b) != same || target_same(b, a) != same)
        fail_msg("%s and %s %s", a, b, same ? "are one" : "are not one");
}

static void paths_to_a_file_that_is_there_are_one(void **state)
{
    (void)state;
    check("there", "./there", true);
    check("there", "deep/../there", true);
    check("there", "to-there", true);
    check("there", "hard", true);
    check("there", "other", false);
}

static void paths_to_a_file_that_is_not_there_yet_are_one(void **state)
{
    char absolute[TEMPORARY_PATH];
    (void)state;
    check("none", temporary_path(folder, "none", absolute), true);
    check("none", "to-none", true);
    check("none", "chain", true);
    check("none", "lower/up", true);
    check("deep/none", "lower/none", true);
    check("none", "deep/none", false);
    check("none", "there", false);
    check("to-none", "to-there", false);
}

static void what_leads_nowhere_is_one_with_itself_only(void **state)
{
    (void)state;
    check("no-folder/x", "no-folder/x", true);
    check("no-folder/x", "x", false);
    check("no-folder/x", "no-folder/y", false);
    check("circle", "circle", true);
    check("circle", "none", false);
    char *longest = calloc(1, 2 * PATH_MAX);
    assert_non_null(longest);
    memset(longest, 'x', 2 * PATH_MAX - 1);
    check(longest, longest, true);
    check(longest, "none", false);
    free(longest);
}

static void devices_take_what_several_write(void **state)
{
    (void)state;
    check("/dev/null", "/dev/null", false);
    check("/dev/null", "/dev/../dev/null", false);
}

static void standard_output_is_the_file_that_it_goes_to(void **state)
{
    (void)state;
    check("-", "-", true);
    fflush(stdout);
    int before = dup(STDOUT_FILENO), file = open("there", O_WRONLY);
    assert_true(before >= 0 && file >= 0 && dup2(file, STDOUT_FILENO) >= 0);
    bool same = target_same("-", "to-there");
    bool other = target_same("-", "other");
    assert_true(dup2(before, STDOUT_FILENO) >= 0);
    close(before);
    close(file);
    assert_true(same);
    assert_false(other);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_to_a_file_that_is_there_are_one),
        cmocka_unit_test(paths_to_a_file_that_is_not_there_yet_are_one),
        cmocka_unit_test(what_leads_nowhere_is_one_with_itself_only),
        cmocka_unit_test(devices_take_what_several_write),
        cmocka_unit_test(standard_output_is_the_file_that_it_goes_to),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
