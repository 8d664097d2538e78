#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "har.h"
#include "importer.h"
#include "json_stream.h"
#include "yaml_text.h"

static const char *quoted(const char *text)
{
    static struct text out;
    text_init(&out, 10000);
    yaml_text(&out, span_of(text));
    static char copy[1000];
    snprintf(copy, sizeof copy, "%s", text_all(&out).ptr);
    text_finish(&out);
    return copy;
}

static void texts_that_yaml_would_read_otherwise_are_quoted(void **state)
{
    (void)state;
    static const char *const plain[] = {"a", "/a/b.css", "a b", "$(id)", "x-y_z", "text/html"};
    static const char *const read_otherwise[] = {
        "",    "yes",  "No",         "ON",    "off",   "y",    "n",   "null", "~",    "true", "1",
        "1e3", "0x1F", "017",        "12:30", "1_000", ".inf", "-",   "- a",  "a: b", "a #b", "#a",
        "[a",  "{a",   "*a",         "&a",    "!a",    "|",    ">",   "%a",   "@a",   "`a",   "'a",
        "a ",  " a",   "2020-01-01", "=",     "<<",    "? a",  "a,b", "a\tb"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        assert_string_equal(quoted(plain[i]), plain[i]);
    for (size_t i = 0; i < sizeof read_otherwise / sizeof *read_otherwise; i++)
        assert_int_equal(quoted(read_otherwise[i])[0], '"');
}

static void odd_characters_are_escaped(void **state)
{
    (void)state;
    assert_string_equal(quoted("a\"b\\c\nd\re\tf"), "\"a\\\"b\\\\c\\nd\\re\\tf\"");
    assert_string_equal(quoted("\x01\x7f"), "\"\\x01\\x7f\"");
    assert_string_equal(quoted("\xc2\x85\xe2\x80\xa8\xef\xbb\xbf"), "\"\\x85\\u2028\\ufeff\"");
    assert_string_equal(quoted("\xc3\xbc\xf0\x9f\x98\x80"), "\"\xc3\xbc\xf0\x9f\x98\x80\"");
    assert_string_equal(quoted("\xff"), "\"\xef\xbf\xbd\"");
}

static void origins_are_written_alike(void **state)
{
    (void)state;
    struct pool pool;
    struct url u;
    pool_init(&pool, 1 << 20);
    assert_true(url_read(&pool, span_of("HTTP://u:p@Example.ORG:80/a?b#c"), &u));
    assert_true(span_is(u.origin, "http://example.org"));
    assert_true(span_is(u.userinfo, "u:p"));
    assert_true(span_is(u.path, "/a"));
    assert_true(span_is(u.query, "b"));
    assert_true(url_read(&pool, span_of("https://h:444"), &u));
    assert_true(span_is(u.origin, "https://h:444") && span_is(u.path, "/"));
    assert_false(url_read(&pool, span_of("ws://h/"), &u));
    assert_false(url_read(&pool, span_of("http:///x"), &u));
    assert_false(url_read(&pool, span_of("http://a b/"), &u));
    pool_finish(&pool);
}

static void redirects_are_resolved(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"c", "http://h/a/c"},    {"/c", "http://h/c"},           {"../c", "http://h/c"},
        {"?q", "http://h/a/b?q"}, {"//x/y", "http://x/y"},        {"https://x/", "https://x/"},
        {"c#d", "http://h/a/c"},  {"./c?a:b", "http://h/a/c?a:b"}};
    struct pool pool;
    struct url u;
    pool_init(&pool, 1 << 20);
    assert_true(url_read(&pool, span_of("http://h/a/b"), &u));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(span_is(url_follow(&pool, &u, span_of(cases[i][0])), cases[i][1]));
    pool_finish(&pool);
}

static void queries_say_whether_they_can_be_written_again(void **state)
{
    (void)state;
    struct pool pool;
    struct pairs p;
    pool_init(&pool, 1 << 20);
    pairs_of_query(&pool, span_of("a=1+2&a=%C3%BC&c="), &p);
    assert_true(p.exact && p.count == 3 && pairs_repeat(&p));
    assert_true(span_is(p.items[0].value, "1 2") && span_is(p.items[1].value, "\xc3\xbc"));
    static const char *const inexact[] = {"a",        "a=1&",  "&a=1",  "a=%FF",
                                          "a=1&&b=2", "a=%zz", "a[]=1", "a=%20",
                                          "a=%c3%bc", "a=%41", "a=b=c", "a=%4"};
    for (size_t i = 0; i < sizeof inexact / sizeof *inexact; i++) {
        pairs_of_query(&pool, span_of(inexact[i]), &p);
        assert_false(p.exact);
    }
    pool_finish(&pool);
}

static void times_are_read_with_their_zone(void **state)
{
    (void)state;
    assert_true(har_time_ms(span_of("1970-01-01T00:00:01.500Z")) == 1500);
    assert_true(har_time_ms(span_of("2024-02-29T12:00:00Z")) == 1709208000000.0);
    assert_true(har_time_ms(span_of("2024-02-29T12:00:00.25+02:00")) == 1709200800250.0);
    assert_true(har_time_ms(span_of("2024-02-29T12:00:00-0130")) == 1709213400000.0);
    static const char *const none[] = {"", "yesterday", "2024-13-01T00:00:00Z", "2024"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        double ms = har_time_ms(span_of(none[i]));
        assert_true(ms != ms);
    }
}

static void base64_is_read_or_refused(void **state)
{
    (void)state;
    struct pool pool;
    pool_init(&pool, 1 << 20);
    assert_true(span_is(base64_read(&pool, span_of("aGV\nsbG8=")), "hello"));
    assert_true(span_is(base64_read(&pool, span_of("aGVsbA")), "hell"));
    assert_null(base64_read(&pool, span_of("a*b")).ptr);
    pool_finish(&pool);
}

static void names_tell_secrets(void **state)
{
    (void)state;
    static const char *const secrets[] = {
        "password",      "userPassword", "X-Api-Key", "access_token",  "csrfmiddlewaretoken",
        "Authorization", "sessionId",    "pin",       "client_secret", "X-Session",
        "connect.sid",   "PHPSESSID",    "card_cvc"};
    static const char *const others[] = {"author",   "user",   "keyword", "spin",
                                         "page",     "assign", "q",       "session_count",
                                         "sessions", "inside", "code"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        assert_true(secret_is_name(span_of(secrets[i])));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(secret_is_name(span_of(others[i])));
}

static void codes_of_oauth_are_told_by_their_form(void **state)
{
    (void)state;
    assert_true(secret_is_code(span_of("code"), span_of("4/0Adeu5BW3x")));
    assert_false(secret_is_code(span_of("code"), span_of("DE")));
    assert_false(secret_is_code(span_of("code"), span_of("123456789012")));
    assert_false(secret_is_code(span_of("code"), span_of("if x = 1 then")));
    assert_false(secret_is_code(span_of("postcode"), span_of("4/0Adeu5BW3x")));
}

static void texts_name_their_secrets(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a=1&password=xyz&b", "xyz"},
        {"<password>a b</password>", "a b"},
        {"<x:token id='1'>\nabc\n</x:token>", "abc"},
        {"{\"token\": \"a\\\"b\"}", "a\\\"b"},
        {"{\"token\": \"a\\\\\", \"b\": 1}", "a\\\\"},
        {"{\\\"token\\\":\\\"a\\\\\\\"b\\\"}", "a\\\\\\\"b"},
        {"token : 'abc'", "abc"},
        {"\"pin\": 4711}", "4711"},
        {"user[password]=abc", "abc"},
        {"/cb?code=abcdefgh1234", "abcdefgh1234"},
        {"token token=a", "a"},
    };
    static const char *const none[] = {"",
                                       "password",
                                       "password=",
                                       "password: abc",
                                       "token = abc",
                                       "token == abc",
                                       "token==abc",
                                       "token=null",
                                       "\"token\": true",
                                       "\"token\": \"",
                                       "\"token\": \"\"",
                                       "<token/>abc<b>",
                                       "<token><a>b</a></token>",
                                       "<token",
                                       "pin: 4711",
                                       "code=ok",
                                       "author=abc"};
    struct span name, value;
    size_t at;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        at = 0;
        assert_true(secret_in_text(span_of(cases[i][0]), &at, &name, &value));
        assert_true(span_is(value, cases[i][1]));
        assert_false(secret_in_text(span_of(cases[i][0]), &at, &name, &value));
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        at = 0;
        assert_false(secret_in_text(span_of(none[i]), &at, &name, &value));
    }
}

/* --- the stream ------------------------------------------------------------------------------- */

struct seen {
    size_t scalars, cuts, longest;
};

static bool scalar(void *data, enum json_kind kind, struct span text, bool cut)
{
    struct seen *s = data;
    (void)kind;
    s->scalars++;
    s->cuts += cut;
    s->longest = text.length > s->longest ? text.length : s->longest;
    return true;
}

static bool key(void *data, struct span name)
{
    (void)data;
    return name.ptr != NULL;
}

static bool open(void *data, bool is_map)
{
    (void)data;
    (void)is_map;
    return true;
}

static bool close(void *data)
{
    (void)data;
    return true;
}

static const struct json_events events = {scalar, key, open, close};

static void long_strings_are_cut_wherever_the_pieces_end(void **state)
{
    (void)state;
    static const char json[] = "{\"k\": \"0123456789\\u00e9\\\"abcdef\", \"l\": [\"short\", "
                               "\"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\"]}";
    for (size_t piece = 1; piece < sizeof json; piece++) {
        struct seen seen = {0};
        struct json_stream *s = json_stream_new(&events, &seen, 11);
        assert_non_null(s);
        for (size_t i = 0; i < sizeof json - 1; i += piece) {
            size_t n = sizeof json - 1 - i < piece ? sizeof json - 1 - i : piece;
            assert_true(json_stream_feed(s, json + i, n));
        }
        assert_true(json_stream_end(s));
        assert_int_equal(seen.scalars, 3);
        assert_int_equal(seen.cuts, 2);
        assert_true(seen.longest <= 13);
        json_stream_free(s);
    }
}

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct json_stream *s = json_stream_new(&events, &seen, 100);
    assert_true(json_stream_feed(s, "{\n\"a\": 1,", 9));
    assert_false(json_stream_feed(s, "\n  ]", 4));
    assert_non_null(strstr(json_stream_error(s), "line 3, column "));
    assert_false(json_stream_end(s));
    json_stream_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_yaml_would_read_otherwise_are_quoted),
        cmocka_unit_test(odd_characters_are_escaped),
        cmocka_unit_test(origins_are_written_alike),
        cmocka_unit_test(redirects_are_resolved),
        cmocka_unit_test(queries_say_whether_they_can_be_written_again),
        cmocka_unit_test(times_are_read_with_their_zone),
        cmocka_unit_test(base64_is_read_or_refused),
        cmocka_unit_test(names_tell_secrets),
        cmocka_unit_test(codes_of_oauth_are_told_by_their_form),
        cmocka_unit_test(texts_name_their_secrets),
        cmocka_unit_test(long_strings_are_cut_wherever_the_pieces_end),
        cmocka_unit_test(mistakes_are_told_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
