#include "base/conceal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void check(const char *text, const char *expected)
{
    struct buf out;
    buf_init(&out, 0);
    bool concealed = conceal_passwords(text, strlen(text), &out);
    assert_int_equal(concealed, expected != NULL);
    if (expected != NULL) {
        assert_int_equal(out.length, strlen(expected));
        assert_memory_equal(out.data, expected, out.length);
    } else {
        assert_int_equal(out.length, 0);
    }
    buf_finish(&out);
}

static void passwords_of_urls_are_concealed_wherever_they_stand(void **state)
{
    (void)state;
    check("http://eve:secret@host/path", "http://eve:***@host/path");
    check("GET https://eve:a@b@host:8080?x and x://:p@h, twice",
          "GET https://eve:***@host:8080?x and x://:***@h, twice");
    check("url: 'http://e:s@h'", "url: 'http://e:***@h'");
    check("http://e:@h", "http://e:***@h");
}

static void other_texts_stay(void **state)
{
    (void)state;
    check("", NULL);
    check("://", NULL);
    check("http://host:80/a@b", NULL);
    check("http://host:80/?to=a:b@c", NULL);
    check("http://eve@host/", NULL);
    check("http://host:80 mail me: a:b@c", NULL);
    check("'http://host:80' or 'a@b'", NULL);
}

static void headers_with_credentials_are_known_in_any_case_of_letters(void **state)
{
    (void)state;
    assert_true(conceal_header("Authorization", 13));
    assert_true(conceal_header("proxy-authorization", 19));
    assert_true(conceal_header("COOKIE", 6));
    assert_true(conceal_header("Set-Cookie", 10));
    assert_false(conceal_header("Cookies", 7));
    assert_false(conceal_header("Cook", 4));
    assert_false(conceal_header("", 0));
}

static void keys_that_look_like_secrets_are_known(void **state)
{
    (void)state;
    static const char *const secret[] = {
        "password",  "DB_PASSWORD", "passwd", "client_secret", "accessToken",
        "X-Api-Key", "auth",        "Pwd",    "cookies",       "proxy-authorization"};
    static const char *const open[] = {"",    "name",    "author", "basic_auth",
                                       "pas", "compass", "key",    "pause"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        assert_true(conceal_key(secret[i], strlen(secret[i])));
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        assert_false(conceal_key(open[i], strlen(open[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_of_urls_are_concealed_wherever_they_stand),
        cmocka_unit_test(other_texts_stay),
        cmocka_unit_test(headers_with_credentials_are_known_in_any_case_of_letters),
        cmocka_unit_test(keys_that_look_like_secrets_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
