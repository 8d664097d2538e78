#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include <stressor/plugin.h>

#include "base/value.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 1024, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void put_int(struct stressor_builder *b, int64_t n)
{
    stressor_value v = stressor_int(n);
    builder_value(b, &v);
}

static void events_become_containers(void **state)
{
    (void)state;
    struct stressor_builder b;
    builder_init(&b, &arena);
    char key[] = "list";
    builder_map(&b);
    builder_key(&b, key, 4);
    key[0] = '?';
    builder_list(&b);
    put_int(&b, 1);
    char text[] = "two";
    stressor_value v = stressor_string(text);
    builder_value(&b, &v);
    text[0] = '?';
    builder_end(&b);
    builder_key(&b, "empty", 5);
    builder_map(&b);
    builder_end(&b);
    builder_end(&b);
    stressor_value out;
    assert_int_equal(builder_finish(&b, &out), STRESSOR_OK);

    assert_int_equal(out.type, STRESSOR_MAP);
    assert_int_equal(out.as.map.count, 2);
    const stressor_value *list = value_get(&out, "list", 4);
    assert_int_equal(list->as.list.count, 2);
    assert_int_equal(value_at(list, 0)->as.integer, 1);
    assert_int_equal(value_at(list, 1)->as.string.length, 3);
    assert_memory_equal(value_at(list, 1)->as.string.ptr, "two", 3);
    assert_null(value_at(list, 2));
    const char *name;
    uint64_t length;
    const stressor_value *empty = value_entry(&out, 1, &name, &length);
    assert_int_equal(empty->type, STRESSOR_MAP);
    assert_int_equal(empty->as.map.count, 0);
    assert_int_equal(length, 5);
    assert_string_equal(name, "empty");
    assert_null(value_entry(&out, 2, NULL, NULL));
    assert_null(value_entry(empty, 0, NULL, NULL));
    assert_null(value_get(empty, "x", 1));
}

static void of_duplicate_keys_the_last_value_stands_at_the_first_place(void **state)
{
    (void)state;
    for (int others = 0; others <= 40; others += 20) { /* small maps and indexed ones */
        struct stressor_builder b;
        builder_init(&b, &arena);
        builder_map(&b);
        for (int i = 0; i < 3; i++) {
            builder_key(&b, "a", 1);
            put_int(&b, i);
            builder_key(&b, "b", 1);
            put_int(&b, i * 10);
        }
        for (int i = 0; i < others; i++) {
            char key[16];
            builder_key(&b, key, (size_t)snprintf(key, sizeof key, "k%d", i));
            put_int(&b, i);
        }
        builder_end(&b);
        stressor_value out;
        assert_int_equal(builder_finish(&b, &out), STRESSOR_OK);
        assert_int_equal(out.as.map.count, 2 + others);
        const char *key;
        assert_int_equal(value_entry(&out, 0, &key, NULL)->as.integer, 2);
        assert_string_equal(key, "a");
        assert_int_equal(value_entry(&out, 1, &key, NULL)->as.integer, 20);
        assert_string_equal(key, "b");
        assert_int_equal(value_get(&out, "a", 1)->as.integer, 2);
        for (int i = 0; i < others; i++) {
            char name[16];
            size_t length = (size_t)snprintf(name, sizeof name, "k%d", i);
            assert_int_equal(value_get(&out, name, length)->as.integer, i);
        }
    }
}

static void large_maps_find_every_key_and_no_other(void **state)
{
    (void)state;
    struct stressor_builder b;
    builder_init(&b, &arena);
    builder_map(&b);
    for (int i = 0; i < 1000; i++) {
        char key[16];
        builder_key(&b, key, (size_t)snprintf(key, sizeof key, "%d", i * 7));
        put_int(&b, i);
    }
    builder_key(&b, "", 0);
    put_int(&b, -1);
    builder_end(&b);
    stressor_value out;
    assert_int_equal(builder_finish(&b, &out), STRESSOR_OK);
    for (int i = 0; i < 7000; i++) {
        char key[16];
        const stressor_value *v = value_get(&out, key, (size_t)snprintf(key, sizeof key, "%d", i));
        if (i % 7 == 0)
            assert_int_equal(v->as.integer, i / 7);
        else
            assert_null(v);
    }
    assert_int_equal(value_get(&out, "", 0)->as.integer, -1);
}

static int finish_after(const char *events)
{
    struct stressor_builder b;
    builder_init(&b, &arena);
    for (const char *e = events; *e != '\0'; e++) {
        switch (*e) {
        case '[': builder_list(&b); break;
        case '{': builder_map(&b); break;
        case 'k': builder_key(&b, "k", 1); break;
        case '1': put_int(&b, 1); break;
        default: builder_end(&b); break;
        }
    }
    stressor_value out;
    return builder_finish(&b, &out);
}

static void events_out_of_place_are_errors_that_stick(void **state)
{
    (void)state;
    assert_int_equal(finish_after("1"), STRESSOR_OK);
    assert_int_equal(finish_after("[1{k1k[]}]"), STRESSOR_OK);
    static const char *const wrong[] = {"",     "11",    "[",    "]",    "[k1]",   "{1}",  "{k}",
                                        "{kk1", "[]1",   "[][]", "{k1",  "{[]}",   "{{}}", "[1]]",
                                        "k",    "{1}[]", "[1]k", "k[1]", "{k1]k1}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(finish_after(wrong[i]), STRESSOR_EINVAL);
}

static void bad_values_are_refused(void **state)
{
    (void)state;
    stressor_value bad[2] = {stressor_int(1), stressor_string_n(NULL, 5)};
    bad[0].type = 7;
    for (int i = 0; i < 2; i++) {
        struct stressor_builder b;
        stressor_value out;
        builder_init(&b, &arena);
        builder_value(&b, &bad[i]);
        assert_int_equal(builder_finish(&b, &out), STRESSOR_EINVAL);
    }
}

static void depth_has_a_ceiling(void **state)
{
    (void)state;
    for (int extra = 0; extra < 2; extra++) {
        struct stressor_builder b;
        stressor_value out;
        builder_init(&b, &arena);
        for (int i = 0; i < VALUE_DEPTH_MAX + extra; i++)
            builder_list(&b);
        for (int i = 0; i < VALUE_DEPTH_MAX + extra; i++)
            builder_end(&b);
        assert_int_equal(builder_finish(&b, &out), extra != 0 ? STRESSOR_ELIMIT : STRESSOR_OK);
    }
}

static int wrap(const stressor_value *in, int times, stressor_value *out)
{
    struct stressor_builder b;
    builder_init(&b, &arena);
    builder_list(&b);
    for (int i = 0; i < times; i++)
        builder_value(&b, in);
    builder_end(&b);
    return builder_finish(&b, out);
}

static void depth_counts_through_borrowed_containers(void **state)
{
    (void)state;
    stressor_value v = stressor_int(1);
    for (int i = 0; i < VALUE_DEPTH_MAX; i++)
        assert_int_equal(wrap(&v, 1, &v), STRESSOR_OK);
    assert_int_equal(wrap(&v, 1, &v), STRESSOR_ELIMIT);
}

static void what_would_unfold_without_end_is_refused(void **state)
{
    (void)state;
    stressor_value v = stressor_int(1);
    int status = STRESSOR_OK;
    for (int i = 0; i < 64 && status == STRESSOR_OK; i++)
        status = wrap(&v, 2, &v);
    assert_int_equal(status, STRESSOR_ELIMIT);
}

static void out_of_memory_is_reported(void **state)
{
    (void)state;
    for (size_t ceiling = 16; ceiling < 4096; ceiling += 16) {
        struct arena small;
        arena_init(&small, 64, ceiling);
        struct stressor_builder b;
        stressor_value out;
        builder_init(&b, &small);
        builder_map(&b);
        builder_key(&b, "abc", 3);
        builder_list(&b);
        stressor_value text = stressor_string("a text of some length");
        for (int i = 0; i < 10; i++)
            builder_value(&b, &text);
        builder_end(&b);
        builder_end(&b);
        int status = builder_finish(&b, &out);
        assert_true(status == STRESSOR_OK || status == STRESSOR_ENOMEM);
        assert_true(status == STRESSOR_ENOMEM || ceiling > 400);
        assert_true(status == STRESSOR_OK || ceiling < 2048);
        arena_finish(&small);
    }
}

static void containers_know_of_templates_inside(void **state)
{
    (void)state;
    static const int template = 0;
    stressor_value t = stressor_string_n((const char *)&template, 0);
    t.flags = VALUE_TEMPLATE;
    stressor_value list, outer;
    assert_int_equal(wrap(&t, 1, &list), STRESSOR_OK);
    assert_int_equal(list.flags, VALUE_TEMPLATES);
    assert_ptr_equal(value_at(&list, 0)->as.string.ptr, &template);
    assert_int_equal(wrap(&list, 1, &outer), STRESSOR_OK);
    assert_int_equal(outer.flags, VALUE_TEMPLATES);
    stressor_value one = stressor_int(1);
    assert_int_equal(wrap(&one, 1, &outer), STRESSOR_OK);
    assert_int_equal(outer.flags, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_become_containers),
        TEST(of_duplicate_keys_the_last_value_stands_at_the_first_place),
        TEST(large_maps_find_every_key_and_no_other),
        TEST(events_out_of_place_are_errors_that_stick),
        TEST(bad_values_are_refused),
        TEST(depth_has_a_ceiling),
        TEST(depth_counts_through_borrowed_containers),
        TEST(what_would_unfold_without_end_is_refused),
        TEST(out_of_memory_is_reported),
        TEST(containers_know_of_templates_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
