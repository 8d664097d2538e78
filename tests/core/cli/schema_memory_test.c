/*
 * The JSON Schema while memory for JSON runs out: at many places, once and from there on. It is
 * there as a whole, or not at all, and nothing leaks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "cli/schema_json.h"

static long left = -1; /* allocations until one fails; negative: none does */
static bool on;        /* and so do all that follow */
static bool failed;

static void *take(size_t size)
{
    if (left == 0) {
        failed = true;
        left = on ? 0 : -1;
        return NULL;
    }
    left -= left > 0;
    return malloc(size);
}

static json_t *attempt(stressor_engine *engine, enum schema_part part, long after, bool all)
{
    left = after;
    on = all;
    failed = false;
    json_t *out = schema_json_new(engine, part);
    left = -1;
    return out;
}

static void it_is_whole_or_it_is_not_there(void **state)
{
    (void)state;
    json_set_alloc_funcs(take, free);
    stressor_engine *engine = stressor_engine_new(NULL);
    assert_non_null(engine);
    assert_true(stressor_plugins_count(engine) > 0);
    json_t *whole = schema_json_new(engine, SCHEMA_SCENARIO);
    assert_non_null(whole);
    bool some = true;
    for (long n = 0; some; n += 1 + n / 16) {
        for (int all = 0; all < 2; all++) {
            json_t *out = attempt(engine, SCHEMA_SCENARIO, n, all != 0);
            some = failed;
            assert_true((out == NULL) == failed || json_equal(out, whole));
            json_decref(out);
        }
    }
    json_decref(whole);
    stressor_engine_free(engine);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_whole_or_it_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
