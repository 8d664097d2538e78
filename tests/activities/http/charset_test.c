#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "charset.h"

static void reads(const char *type, struct span body, const char *expected)
{
    struct buf out;
    struct span text;
    buf_init(&out, 1000);
    assert_true(charset_text(type, body, &out, &text));
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.ptr, expected, text.length);
    buf_finish(&out);
}

static void the_charset_of_the_header_counts(void **state)
{
    (void)state;
    reads("text/plain; charset=ISO-8859-1", span_of("gr\xfc\xdf"), "gr\xc3\xbc\xc3\x9f");
    reads("text/plain; x=y; Charset=\"windows-1252\"", span_of("\x80 5"), "\xe2\x82\xac 5");
    reads("text/plain;charset=utf-16le", (struct span){"a\0\xe4\0", 4}, "a\xc3\xa4");
    reads("text/plain; charset=latin1", span_of("\xc3\xa4"), "\xc3\x83\xc2\xa4");
}

static void without_one_utf_8_is_taken_where_it_is_valid_and_else_latin_1(void **state)
{
    (void)state;
    reads(NULL, span_of("plain"), "plain");
    reads("text/html", span_of("\xc3\xa4"), "\xc3\xa4");
    reads("application/json", span_of("a long text of ASCII and then \xe4"),
          "a long text of ASCII and then \xc3\xa4");
    reads("text/plain; charset=no-such", span_of("\xe4"), "\xc3\xa4");
}

static void malformed_bytes_become_replacement_characters(void **state)
{
    (void)state;
    reads("text/plain; charset=utf-8", span_of("a\xff\xc3\xa4\xc3"),
          "a\xef\xbf\xbd\xc3\xa4\xef\xbf\xbd");
    reads("text/plain; charset=shift_jis", span_of("a\xff"), "a\xef\xbf\xbd");
    reads("text/plain; charset=ucs-4", (struct span){"\0\0\0a\0\x11\0\0", 8},
          "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* beyond U+10FFFF */
}

static void a_byte_order_mark_is_left_out(void **state)
{
    (void)state;
    reads(NULL, span_of("\xef\xbb\xbf{}"), "{}");
    reads("text/plain; charset=utf-8", span_of("\xef\xbb\xbf{}"), "{}");
}

static void utf_8_is_told_from_what_only_looks_so(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "ascii",
                                       "\xc2\x80",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80",
                                      "\xc1\x81",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xe2\x82",
                                      "12345678\xe4"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(charset_is_utf8(span_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(charset_is_utf8(span_of(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_charset_of_the_header_counts),
        cmocka_unit_test(without_one_utf_8_is_taken_where_it_is_valid_and_else_latin_1),
        cmocka_unit_test(malformed_bytes_become_replacement_characters),
        cmocka_unit_test(a_byte_order_mark_is_left_out),
        cmocka_unit_test(utf_8_is_told_from_what_only_looks_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
