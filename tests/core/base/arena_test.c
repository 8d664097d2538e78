#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void memory_is_aligned_and_apart(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64, 0);
    char *seen[100];
    for (size_t i = 0; i < 100; i++) {
        seen[i] = arena_alloc(&a, i);
        assert_non_null(seen[i]);
        assert_int_equal((uintptr_t)seen[i] % 16, 0);
        memset(seen[i], (int)i, i);
    }
    for (size_t i = 0; i < 100; i++) {
        for (size_t k = 0; k < i; k++)
            assert_int_equal(seen[i][k], (char)i);
    }
    arena_finish(&a);
}

static void nothing_is_allocated_before_the_first_request(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64, 0);
    assert_null(a.chunks);
    assert_int_equal(a.total, 0);
    arena_reset(&a);
    assert_null(a.chunks);
}

static void reset_keeps_the_first_chunk_only(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 256, 0);
    void *first = arena_alloc(&a, 16);
    for (int i = 0; i < 100; i++)
        assert_non_null(arena_alloc(&a, 100));
    assert_non_null(arena_alloc(&a, 1 << 20));
    arena_reset(&a);
    assert_int_equal(a.total, 256);
    assert_ptr_equal(arena_alloc(&a, 16), first);
    arena_finish(&a);
}

static void reset_frees_an_oversized_first_chunk(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 256, 0);
    assert_non_null(arena_alloc(&a, 1 << 20));
    arena_reset(&a);
    assert_int_equal(a.total, 0);
    assert_non_null(arena_alloc(&a, 10));
    arena_finish(&a);
}

static void a_large_request_leaves_the_current_chunk_in_use(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 256, 0);
    char *first = arena_alloc(&a, 16);
    assert_non_null(arena_alloc(&a, 100000));
    assert_ptr_equal(arena_alloc(&a, 16), first + 16);
    arena_finish(&a);
}

static void a_rewind_takes_back_all_since_the_mark(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 256, 0);
    struct arena_mark none = arena_mark(&a);
    assert_non_null(arena_alloc(&a, 100000));
    char *kept = arena_copy(&a, "kept", 4);
    struct arena_mark mark = arena_mark(&a);
    size_t total = a.total;
    for (int round = 0; round < 3; round++) {
        char *next = arena_alloc(&a, 16);
        assert_ptr_equal(next, kept + 16);
        assert_non_null(arena_alloc(&a, 500000)); /* behind the newest chunk */
        for (int i = 0; i < 1000; i++)
            assert_non_null(arena_alloc(&a, 1000));
        assert_non_null(arena_alloc(&a, 500000));
        arena_rewind(&a, &mark);
        assert_int_equal(a.total, total);
        assert_string_equal(kept, "kept");
    }
    arena_rewind(&a, &none);
    assert_int_equal(a.total, 0);
    assert_non_null(arena_alloc(&a, 16));
    arena_finish(&a);
}

static void the_ceiling_holds_and_small_requests_still_fit_below_it(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64, 1024);
    assert_null(arena_alloc(&a, 2000));
    size_t got = 0;
    while (arena_alloc(&a, 16) != NULL)
        got += 16;
    assert_int_equal(got, 1024);
    assert_int_equal(a.total, 1024);
    arena_reset(&a);
    assert_non_null(arena_alloc(&a, 16));
    arena_finish(&a);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64, 0);
    assert_null(arena_alloc(&a, SIZE_MAX));
    assert_null(arena_alloc(&a, SIZE_MAX - 20));
    assert_null(arena_copy(&a, "", SIZE_MAX));
    arena_finish(&a);
}

static void texts_are_copied_with_a_nul(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64, 0);
    char *copy = arena_copy(&a, "abcdef", 3);
    assert_string_equal(copy, "abc");
    assert_string_equal(arena_copy(&a, NULL, 0), "");
    assert_string_equal(arena_printf(&a, "%d-%s", 42, "x"), "42-x");
    const char *zero = arena_zero(&a, 40);
    for (size_t i = 0; i < 40; i++)
        assert_int_equal(zero[i], 0);
    arena_finish(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_and_apart),
        cmocka_unit_test(nothing_is_allocated_before_the_first_request),
        cmocka_unit_test(reset_keeps_the_first_chunk_only),
        cmocka_unit_test(reset_frees_an_oversized_first_chunk),
        cmocka_unit_test(a_large_request_leaves_the_current_chunk_in_use),
        cmocka_unit_test(a_rewind_takes_back_all_since_the_mark),
        cmocka_unit_test(the_ceiling_holds_and_small_requests_still_fit_below_it),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(texts_are_copied_with_a_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
