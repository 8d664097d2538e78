#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/json.h"
#include "base/path.h"

static struct arena arena;
static stressor_value root;

static const char *const sample =
    "{\"result\": {\"items\": [{\"id\": 7}, {\"id\": 8}]}, \"a\": {\"0\": \"zero\"}, "
    "\"grid\": [[1, 2], [3, 4]]}";

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 1024, 0);
    return json_parse(sample, strlen(sample), &arena, &root, NULL);
}

static int teardown(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static const stressor_value *get(const char *text)
{
    struct stressor_path *p = path_new(text, strlen(text), NULL);
    assert_non_null(p);
    const stressor_value *v = path_get(p, &root, NULL);
    path_free(p);
    return v;
}

static void assert_why(const char *text, const stressor_value *from, const char *expected)
{
    struct buf why;
    buf_init(&why, 0);
    struct stressor_path *p = path_new(text, strlen(text), NULL);
    assert_non_null(p);
    const stressor_value *v = path_get(p, from, &why);
    path_free(p);
    assert_null(v);
    assert_string_equal(why.data, expected);
    buf_finish(&why);
}

static void keys_and_indices_lead_to_values(void **state)
{
    (void)state;
    assert_int_equal(get("result.items.[0].id")->as.integer, 7);
    assert_int_equal(get("result.items[1].id")->as.integer, 8);
    assert_int_equal(get("result.items[-1].id")->as.integer, 8);
    assert_int_equal(get("result.items.[-2].id")->as.integer, 7);
    assert_int_equal(get("grid[1][0]")->as.integer, 3);
    assert_int_equal(get("grid.[1].[1]")->as.integer, 4);
    assert_memory_equal(get("a.0")->as.string.ptr, "zero", 4);
    root = *value_get(&root, "grid", 4);
    assert_int_equal(get("[-1][0]")->as.integer, 3);
}

static void malformed_paths_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        ".",
                                        "a.",
                                        ".a",
                                        "a..b",
                                        "[",
                                        "[]",
                                        "[a]",
                                        "[1",
                                        "[-]",
                                        "[1]a",
                                        "a[1]b",
                                        "[1].",
                                        "[1].[2",
                                        "[1 ]",
                                        "a.[1]]",
                                        "[1234567890123456]"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *error = NULL;
        assert_null(path_new(wrong[i], strlen(wrong[i]), &error));
        assert_non_null(error);
    }
}

static void the_number_of_parts_has_a_ceiling(void **state)
{
    (void)state;
    char text[2 * PATH_PARTS_MAX + 2];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 == 0 ? 'a' : '.';
    const char *error = NULL;
    struct stressor_path *p = path_new(text, 2 * PATH_PARTS_MAX - 1, &error);
    assert_non_null(p);
    path_free(p);
    assert_null(path_new(text, 2 * PATH_PARTS_MAX + 1, &error));
    assert_string_equal(error, "the path has too many parts");
}

static void a_missing_part_shows_what_there_was(void **state)
{
    (void)state;
    assert_why("result.items.[0].ID", &root, "no key 'ID' in {'id': 7}; there are 'id'");
    assert_why("result.items.[2]", &root,
               "no item [2] in [{'id': 7}, {'id': 8}]; there are 2 items");
    assert_why("result.items.[-3].id", &root,
               "no item [-3] in [{'id': 7}, {'id': 8}]; there are 2 items");
    assert_why("a.[0]", &root, "no item [0] in {'0': 'zero'}, which is no list");
    assert_why("grid.0", &root, "no key '0' in [[1, 2], [3, 4]], which is no map");
    assert_why("a.0.x", &root, "no key 'x' in 'zero', which is no map");
}

static void the_nearest_keys_are_shown_first_and_long_values_are_cut(void **state)
{
    (void)state;
    struct stressor_builder b;
    builder_init(&b, &arena);
    builder_map(&b);
    stressor_value v = stressor_string("0123456789");
    for (int i = 0; i < 20; i++) {
        char key[16];
        builder_key(&b, key, (size_t)snprintf(key, sizeof key, "key%02d", i));
        builder_value(&b, &v);
    }
    builder_end(&b);
    assert_int_equal(builder_finish(&b, &root), 0);
    struct buf why;
    buf_init(&why, 0);
    struct stressor_path *p = path_new("key17x", 6, NULL);
    assert_non_null(p);
    assert_null(path_get(p, &root, &why));
    path_free(p);
    assert_non_null(strstr(why.data, "\xE2\x80\xA6; there are 'key17', "));
    assert_non_null(strstr(why.data, " and 12 more"));
    assert_true(why.length < 300);
    buf_finish(&why);
}

static void secrets_are_not_shown(void **state)
{
    (void)state;
    assert_true(value_make_secret(&arena, &root));
    assert_why("grit", &root, "no key 'grit' in ***; there are 'grid', 'a', 'result'");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_and_indices_lead_to_values),
        TEST(malformed_paths_are_refused),
        TEST(the_number_of_parts_has_a_ceiling),
        TEST(a_missing_part_shows_what_there_was),
        TEST(the_nearest_keys_are_shown_first_and_long_values_are_cut),
        TEST(secrets_are_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
