#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "url.h"

static void resolves(const char *base, const char *ref, const char *expected)
{
    struct url u;
    url_init(&u);
    assert_int_equal(url_resolve(span_of(base), span_of(ref), &u), URL_OK);
    assert_string_equal(u.text.data, expected);
    url_finish(&u);
}

static void is_refused(const char *base, const char *ref, enum url_error expected)
{
    struct url u;
    url_init(&u);
    assert_int_equal(url_resolve(span_of(base), span_of(ref), &u), expected);
    url_finish(&u);
}

static void references_resolve_as_in_rfc_3986_section_5_4(void **state)
{
    (void)state;
    static const char *const examples[][2] = {
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g/"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q"},
        {"g#s", "http://a/b/c/g"},
        {"g?y#s", "http://a/b/c/g?y"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"g;x?y#s", "http://a/b/c/g;x?y"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        resolves("http://a/b/c/d;p?q", examples[i][0], examples[i][1]);
}

static void a_base_without_a_slash_loses_its_last_segment(void **state)
{
    (void)state;
    resolves("http://h/foo", "bar", "http://h/bar");
    resolves("http://h/foo/", "bar", "http://h/foo/bar");
    resolves("http://h", "bar", "http://h/bar");
    resolves("http://h:8080", "", "http://h:8080/");
    resolves("http://h?x=1", "?y=2", "http://h/?y=2");
}

static void an_absolute_reference_needs_no_base(void **state)
{
    (void)state;
    resolves("", "https://h/x?y#z", "https://h/x?y");
    resolves("", "  HTTP://h/x \n", "http://h/x");
    resolves("http://a/", "https://b", "https://b/");
}

static void illegal_characters_are_escaped_and_escapes_are_kept(void **state)
{
    (void)state;
    resolves("http://h", "/a b", "http://h/a%20b");
    resolves("http://h", "/\xc3\xa4?\xc3\xb6=\"<>\"", "http://h/%C3%A4?%C3%B6=%22%3C%3E%22");
    resolves("http://h", "/%41%2f%zz%", "http://h/%41%2f%25zz%25");
    resolves("http://h", "/a\\b^c`{|}", "http://h/a%5Cb%5Ec%60%7B%7C%7D");
    resolves("http://h", "/~a-b_c.d!$&'()*+,;=:@[]", "http://h/~a-b_c.d!$&'()*+,;=:@[]");
    resolves("http://h", "/x?a/b?c\r\nd", "http://h/x?a/b?c%0D%0Ad");
}

static void nul_is_escaped_too_wherever_it_stands(void **state)
{
    (void)state;
    static const struct {
        struct span ref;
        const char *expected;
    } examples[] = {
        {{"?x=\0y&z=1", 9}, "http://h/?x=%00y&z=1"},
        {{"/a\0b/c?d", 8}, "http://h/a%00b/c?d"},
        {{"\0/b", 3}, "http://h/%00/b"},
        {{"/b?x=\0", 6}, "http://h/b?x=%00"},
        {{"/b\0#c", 5}, "http://h/b%00"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct url u;
        url_init(&u);
        assert_int_equal(url_resolve(span_of("http://h/"), examples[i].ref, &u), URL_OK);
        assert_string_equal(u.text.data, examples[i].expected);
        url_finish(&u);
    }
    struct url u;
    url_init(&u);
    assert_int_equal(url_resolve((struct span){"http://h/a\0b/c", 14}, span_of("d"), &u), URL_OK);
    assert_string_equal(u.text.data, "http://h/a%00b/d");
    assert_int_equal(url_resolve(span_of(""), (struct span){"http://h\0/c", 11}, &u), URL_HOST);
    url_finish(&u);
}

static void what_is_no_http_url_is_refused(void **state)
{
    (void)state;
    is_refused("", "/x", URL_RELATIVE);
    is_refused("h/y", "/x", URL_RELATIVE);
    is_refused("http://h/", "ftp://h/x", URL_SCHEME);
    is_refused("http://h/", "file:///etc/passwd", URL_SCHEME);
    is_refused("http://h/", "localhost:80/x", URL_SCHEME);
    is_refused("", "http://", URL_HOST);
    is_refused("", "http://:80/", URL_HOST);
    is_refused("", "http:x", URL_HOST);
    is_refused("", "http://a b/", URL_HOST);
    is_refused("", "http://a\r\nb/", URL_HOST);
    is_refused("", "http://a%00:b@h/", URL_USER);
    is_refused("", "http://a:b%00@h/", URL_USER);
}

static void hosts_and_ports_are_those_that_there_can_be(void **state)
{
    (void)state;
    resolves("", "http://h:65535/", "http://h:65535/");
    resolves("", "http://h:0080/", "http://h:0080/");
    resolves("", "http://h:/", "http://h:/");
    resolves("", "http://[::1]/", "http://[::1]/");
    resolves("", "http://[::ffff:1.2.3.4]:80/", "http://[::ffff:1.2.3.4]:80/");
    resolves("", "http://[fe80::1%25eth0]/", "http://[fe80::1%25eth0]/");
    resolves("", "http://a-b_c.d~\xc3\xa4/", "http://a-b_c.d~\xc3\xa4/");
    static const char *const hosts[] = {
        "[::1",   "[]",        "[zz]",
        "[::1%]", "[1.2.3.4]", "::1",
        "a]b",    "a,b",       "a;b",
        "a!b",    "a$b",       "a=b",
        "(a)",    "[",         "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]"};
    static const char *const ports[] = {
        "h:65536",    "h:99999999999999999999", "h:8x", "h:-1", "h:+80", "a:b:80", "h: 1", "[::1]x",
        "[::1]:65536"};
    char url[100];
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        snprintf(url, sizeof url, "http://%s/", hosts[i]);
        is_refused("", url, URL_HOST);
    }
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        snprintf(url, sizeof url, "http://%s/", ports[i]);
        is_refused("", url, URL_PORT);
    }
}

static void user_information_is_taken_out_and_decoded(void **state)
{
    (void)state;
    struct url u;
    url_init(&u);
    assert_int_equal(url_resolve(span_of("http://a%40b:p:w%20@h:81/x"), span_of("y"), &u), URL_OK);
    assert_string_equal(u.text.data, "http://h:81/y");
    assert_true(u.has_name);
    assert_string_equal(u.name.data, "a@b");
    assert_string_equal(u.password.data, "p:w ");
    assert_int_equal(url_resolve(span_of(""), span_of("http://u@h/"), &u), URL_OK);
    assert_string_equal(u.name.data, "u");
    assert_string_equal(u.password.data, "");
    assert_int_equal(url_resolve(span_of(""), span_of("http://h/"), &u), URL_OK);
    assert_false(u.has_name);
    url_finish(&u);
}

static bool same(const char *a, const char *b)
{
    struct url x, y;
    url_init(&x);
    url_init(&y);
    assert_int_equal(url_resolve(span_of(""), span_of(a), &x), URL_OK);
    assert_int_equal(url_resolve(span_of(""), span_of(b), &y), URL_OK);
    bool answer = url_same_origin(&x, &y);
    url_finish(&x);
    url_finish(&y);
    return answer;
}

static void credentials_stay_with_scheme_host_and_port(void **state)
{
    (void)state;
    assert_true(same("http://h/a", "http://H:80/b"));
    assert_true(same("https://h/a", "https://h:443/b"));
    assert_true(same("http://h/a", "https://h/b")); /* as secure or more */
    assert_false(same("https://h/a", "http://h/b"));
    assert_false(same("http://h/a", "http://h:8080/b"));
    assert_false(same("http://h:8080/a", "https://h:8080/b"));
    assert_false(same("http://h/a", "http://h.evil/b"));
    assert_false(same("http://h/a", "http://evil/h"));
}

static void a_shown_url_has_no_password(void **state)
{
    (void)state;
    static const char *const examples[][2] = {
        {"http://u:p@h/x", "http://u:***@h/x"}, {"http://u:p:@q@h/x", "http://u:***@h/x"},
        {"//u:p@h/x?a@b", "//u:***@h/x?a@b"},   {"http://h/x:y@z", "http://h/x:y@z"},
        {"http://u@h/", "http://u@h/"},         {"/x", "/x"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct buf out;
        buf_init(&out, 1000);
        url_show(span_of(examples[i][0]), &out);
        assert_string_equal(out.data, examples[i][1]);
        buf_finish(&out);
    }
}

static void a_url_that_is_too_long_is_an_error(void **state)
{
    (void)state;
    static char path[URL_LENGTH_MAX + 2];
    memset(path, ' ', sizeof path - 1); /* grows by escaping */
    path[0] = '/';
    path[sizeof path / 2] = 'x';
    path[sizeof path / 2 + 1] = '\0';
    is_refused("http://h", path, URL_LENGTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_resolve_as_in_rfc_3986_section_5_4),
        cmocka_unit_test(a_base_without_a_slash_loses_its_last_segment),
        cmocka_unit_test(an_absolute_reference_needs_no_base),
        cmocka_unit_test(illegal_characters_are_escaped_and_escapes_are_kept),
        cmocka_unit_test(nul_is_escaped_too_wherever_it_stands),
        cmocka_unit_test(what_is_no_http_url_is_refused),
        cmocka_unit_test(hosts_and_ports_are_those_that_there_can_be),
        cmocka_unit_test(user_information_is_taken_out_and_decoded),
        cmocka_unit_test(credentials_stay_with_scheme_host_and_port),
        cmocka_unit_test(a_shown_url_has_no_password),
        cmocka_unit_test(a_url_that_is_too_long_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
