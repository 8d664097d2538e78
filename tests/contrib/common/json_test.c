#include <common/json.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stressor/plugin.h>

#include "memory_sink.h"

struct document {
    struct memory_sink sink;
    struct out out;
    struct json json;
};

static void begin(struct document *d)
{
    memset(d, 0, sizeof *d);
    out_begin(&d->out, memory_sink_take, &d->sink);
    json_begin(&d->json, &d->out);
}

static void check(struct document *d, const char *expected)
{
    assert_int_equal(out_finish(&d->out), 0);
    assert_string_equal(d->sink.text, expected);
    free(d->sink.text);
}

static void commas_stand_between_members_only(void **state)
{
    (void)state;
    struct document d;
    begin(&d);
    json_put_map(&d.json, NULL);
    json_put_list(&d.json, "empty");
    json_put_end(&d.json);
    json_put_list(&d.json, "list");
    json_put_map(&d.json, NULL);
    json_put_count(&d.json, "a", 1);
    json_put_int(&d.json, "b", -1);
    json_put_end(&d.json);
    json_put_bool(&d.json, NULL, true);
    json_put_end(&d.json);
    json_put_null(&d.json, "c");
    json_put_end(&d.json);
    check(&d,
          "{\n \"empty\":[],\n \"list\":[\n  {\"a\":1,\"b\":-1},\n  true\n ],\n \"c\":null\n}\n");
}

static void texts_cannot_leave_their_quotes(void **state)
{
    (void)state;
    struct document d;
    begin(&d);
    json_put_text(&d.json, NULL, "a\"b\\c\nd\x01\x7f\xc2\x85</script>\xe2\x80\xa8 ä");
    check(&d, "\"a\\\"b\\\\c\\nd\\u0001\\u007f\\u0085\\u003c/script\\u003e\\u2028 ä\"");
}

static void malformed_bytes_become_replacement_characters(void **state)
{
    (void)state;
    struct document d;
    begin(&d);
    /* stray, cut off, overlong, surrogate, beyond the last character */
    json_put_text(&d.json, NULL, "\xff|\xc3|\xc0\xaf|\xed\xa0\x80|\xf4\x90\x80\x80|\xf0\x9f\x98");
    check(&d, "\"\uFFFD|\uFFFD|\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD\uFFFD|"
              "\uFFFD\uFFFD\uFFFD\"");
}

static void numbers_stay_within_what_readers_take(void **state)
{
    (void)state;
    struct document d;
    begin(&d);
    json_put_list(&d.json, NULL);
    json_put_count(&d.json, NULL, UINT64_MAX);
    json_put_int(&d.json, NULL, INT64_MIN);
    json_put_real(&d.json, NULL, NAN);
    json_put_real(&d.json, NULL, -INFINITY);
    json_put_real(&d.json, NULL, 0.5);
    json_put_text(&d.json, NULL, NULL);
    json_put_end(&d.json);
    check(&d,
          "[\n 9223372036854775807,\n -9223372036854775808,\n null,\n null,\n 0.5,\n null\n]\n");
}

static void nesting_has_a_ceiling(void **state)
{
    (void)state;
    struct document d;
    begin(&d);
    for (int i = 0; i < 2 * JSON_DEPTH; i++)
        json_put_list(&d.json, NULL);
    for (int i = 0; i < 3 * JSON_DEPTH; i++)
        json_put_end(&d.json);
    assert_int_equal(out_finish(&d.out), STRESSOR_ELIMIT);
    free(d.sink.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_between_members_only),
        cmocka_unit_test(texts_cannot_leave_their_quotes),
        cmocka_unit_test(malformed_bytes_become_replacement_characters),
        cmocka_unit_test(numbers_stay_within_what_readers_take),
        cmocka_unit_test(nesting_has_a_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
