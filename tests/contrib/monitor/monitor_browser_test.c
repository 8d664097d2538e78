#include "browser.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "temporary.h"

static char program[64];

static bool choose(struct browser_surroundings around)
{
    memset(program, 0, sizeof program);
    return browser_choose(&around, program, sizeof program);
}

static const struct browser_surroundings desktop = {.display = ":0", .terminal = true};

static void a_browser_is_only_run_for_somebody_at_a_desktop(void **state)
{
    (void)state;
    struct browser_surroundings a = desktop;
    assert_true(choose(a));
    assert_string_equal(program, "xdg-open");
    a.display = "";
    assert_false(choose(a));
    a.wayland_display = "wayland-0";
    assert_true(choose(a));
    a.terminal = false;
    assert_false(choose(a));
    a = desktop;
    a.root = true;
    assert_false(choose(a));
    a = desktop;
    a.no_browser = "1";
    assert_false(choose(a));
    a.no_browser = "";
    assert_true(choose(a));
}

static void the_browser_of_the_user_is_taken_where_it_is_one_program(void **state)
{
    (void)state;
    struct browser_surroundings a = desktop;
    a.browser = "firefox";
    assert_true(choose(a));
    assert_string_equal(program, "firefox");
    a.browser = "firefox:chromium";
    assert_true(choose(a));
    assert_string_equal(program, "xdg-open");
    a.browser = "firefox --new-window %s";
    assert_true(choose(a));
    assert_string_equal(program, "xdg-open");
    a.browser = "/a/path/that/is/longer/than/there/is/room/for/in/the/buffer/of/the/caller";
    assert_false(choose(a));
}

/* The program notes its argument in a file beside it. */
static void no_shell_reads_the_address(void **state)
{
    (void)state;
    char folder[TEMPORARY_SIZE], script[TEMPORARY_PATH], noted[TEMPORARY_PATH];
    char text[64] = "";
    assert_true(temporary_make(folder));
    temporary_path(folder, "browser", script);
    temporary_path(folder, "noted", noted);
    FILE *f = fopen(script, "w");
    assert_non_null(f);
    fprintf(f, "#!/bin/sh\nprintf %%s \"$1\" > '%s'\n", noted);
    fclose(f);
    assert_int_equal(chmod(script, 0700), 0);
    pid_t pid = browser_open(script, "http://h/$(exit 1);`x`");
    assert_true(pid > 0);
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    f = fopen(noted, "r");
    assert_non_null(f);
    assert_non_null(fgets(text, sizeof text, f));
    fclose(f);
    assert_string_equal(text, "http://h/$(exit 1);`x`");
    assert_true(temporary_remove(folder));
}

static void a_browser_that_is_not_there_is_no_harm(void **state)
{
    (void)state;
    pid_t pid = browser_open("/nowhere/browser", "http://h/");
    assert_int_equal(pid, -1);
    browser_forget(pid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_browser_is_only_run_for_somebody_at_a_desktop),
        cmocka_unit_test(the_browser_of_the_user_is_taken_where_it_is_one_program),
        cmocka_unit_test(no_shell_reads_the_address),
        cmocka_unit_test(a_browser_that_is_not_there_is_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
