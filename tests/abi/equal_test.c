/*
 * stressor/equal.h, which is compiled into plugins, says what the host's own comparison says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include <stressor/equal.h>

#include "base/json.h"
#include "base/value.h"

static const stressor_host host = {
    .size = sizeof host,
    .list_at = value_at,
    .map_at = value_entry,
    .map_get = value_get,
};

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

static stressor_value json(const char *text)
{
    stressor_value v = stressor_null();
    assert_int_equal(json_parse(text, strlen(text), &arena, &v, NULL), JSON_OK);
    return v;
}

static void plugins_and_the_host_agree_on_every_pair(void **state)
{
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "1",
        "1.0",
        "1.5",
        "\"1\"",
        "\"\"",
        "[]",
        "{}",
        "[1]",
        "[1.0]",
        "[1, 1]",
        "[true]",
        "{\"a\": 1, \"b\": null}",
        "{\"b\": null, \"a\": 1.0}",
        "{\"a\": 1, \"c\": null}",
        "{\"a\": [1, {\"b\": \"x\"}]}",
        "{\"a\": [1, {\"b\": \"y\"}]}",
        "9007199254740993",
        "9007199254740992.0",
        "9223372036854775807",
        "9223372036854775808.0",
        "-9223372036854775808",
        "-9223372036854775808.0",
        "1e300",
        "18446744073709551615",
        "18446744073709551616",
        "\"18446744073709551615\"",
        "18446744073709551616.0",
        "-9223372036854775809",
        "[18446744073709551615]",
    };
    enum { COUNT = sizeof texts / sizeof texts[0] };
    int found = 0;
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++) {
            stressor_value a = json(texts[i]), b = json(texts[j]);
            int equal = stressor_equal(&host, &a, &b);
            assert_int_equal(equal, value_equal(&a, &b));
            found += equal && i != j;
        }
    /* 1, [1], the maps in another order, the least integer; what lies beyond integers and the
     * double nearest to it */
    assert_int_equal(found, 2 * (4 + 3));
}

static void not_a_number_is_equal_to_nothing(void **state)
{
    (void)state;
    stressor_value nan = stressor_double(NAN), one = stressor_int(1);
    assert_false(stressor_equal(&host, &nan, &nan));
    assert_false(stressor_equal(&host, &nan, &one));
    assert_false(stressor_equal(&host, &one, &nan));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plugins_and_the_host_agree_on_every_pair, setup, teardown),
        cmocka_unit_test(not_a_number_is_equal_to_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
