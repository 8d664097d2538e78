/* How the plugins of clients say why an execution failed. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <client/outcome.h>

static char memory[4096];
static int memory_is_out;

static void *scratch(stressor_exec *exec, uint64_t size)
{
    (void)exec;
    return memory_is_out || size > sizeof memory ? NULL : memory;
}

static const stressor_host host = {.size = sizeof host, .scratch = scratch};
static stressor_exec exec = {.size = sizeof exec, .host = &host};

STRESSOR_PRINTF(4, 5)
static void fail_with(stressor_failure *failure, uint32_t category, const char *kind,
                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    outcome_fail(&exec, failure, category, kind, format, args);
    va_end(args);
}

static void the_first_failure_stays(void **state)
{
    (void)state;
    stressor_failure failure = {.category = STRESSOR_NO_FAILURE};
    fail_with(&failure, STRESSOR_TARGET, "closed", "broke after %d bytes", 12);
    fail_with(&failure, STRESSOR_TIMEOUT, "timeout", "too late");
    assert_int_equal(failure.category, STRESSOR_TARGET);
    assert_string_equal(failure.kind, "closed");
    assert_int_equal(failure.length, strlen("broke after 12 bytes"));
    assert_memory_equal(failure.text, "broke after 12 bytes", failure.length);
}

static void without_memory_the_failure_keeps_its_kind(void **state)
{
    (void)state;
    stressor_failure failure = {.category = STRESSOR_NO_FAILURE};
    memory_is_out = 1;
    fail_with(&failure, STRESSOR_TARGET, "closed", "broke after %d bytes", 12);
    memory_is_out = 0;
    assert_int_equal(failure.category, STRESSOR_TARGET);
    assert_string_equal(failure.kind, "closed");
    assert_int_equal(failure.length, strlen("out of memory"));
    assert_memory_equal(failure.text, "out of memory", failure.length);
}

static void troubles_of_this_machine_are_told_from_the_text_of_a_library(void **state)
{
    (void)state;
    static const struct {
        int error;
        const char *kind;
    } cases[] = {{ENOMEM, "memory"},
                 {EMFILE, "descriptors"},
                 {ENFILE, "descriptors"},
                 {EADDRNOTAVAIL, "local ports"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        snprintf(text, sizeof text, "could not connect: %s\n", strerror(cases[i].error));
        const struct trouble *trouble = trouble_in(text);
        assert_non_null(trouble);
        assert_string_equal(trouble->kind, cases[i].kind);
    }
    assert_null(trouble_in(strerror(ECONNREFUSED)));
    assert_null(trouble_in(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_failure_stays),
        cmocka_unit_test(without_memory_the_failure_keeps_its_kind),
        cmocka_unit_test(troubles_of_this_machine_are_told_from_the_text_of_a_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
