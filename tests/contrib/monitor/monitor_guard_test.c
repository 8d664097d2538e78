#include "guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_host(const char *listens, const char *host, bool expected)
{
    struct address a;
    assert_int_equal(address_read(listens, &a), ADDRESS_FINE);
    if (guard_host(&a, host) != expected)
        fail_msg("%s on %s", host != NULL ? host : "(none)", listens);
}

static void only_our_own_names_with_our_port_are_served(void **state)
{
    (void)state;
    check_host("8686", "127.0.0.1:8686", true);
    check_host("8686", "localhost:8686", true);
    check_host("8686", "LOCALHOST:8686", true);
    check_host("8686", "[::1]:8686", true);
    check_host("[::1]:8686", "[::1]:8686", true);
    check_host("80", "localhost", true);
    check_host("80", "[::1]", true);
    check_host("192.0.2.7:8686", "192.0.2.7:8686", true);
    check_host("8686", NULL, false);
    check_host("8686", "", false);
    check_host("8686", "localhost", false);
    check_host("8686", "localhost:", false);
    check_host("8686", "localhost:86", false);
    check_host("8686", "localhost:8687", false);
    check_host("8686", "[::1]", false);
    check_host("8686", "evil.example:8686", false);
    check_host("8686", "localhost.evil.example:8686", false);
    check_host("8686", "127.0.0.1.evil.example:8686", false);
    check_host("8686", "192.0.2.7:8686", false);
    check_host("8686", "user@localhost:8686", false);
}

static void only_our_own_pages_may_give_orders(void **state)
{
    (void)state;
    assert_true(guard_origin(NULL, "localhost:8686"));
    assert_true(guard_origin("http://localhost:8686", "localhost:8686"));
    assert_false(guard_origin("http://localhost:3000", "localhost:8686"));
    assert_false(guard_origin("http://localhost", "localhost:8686"));
    assert_false(guard_origin("https://localhost:8686", "localhost:8686"));
    assert_false(guard_origin("http://evil.example", "localhost:8686"));
    assert_false(guard_origin("null", "localhost:8686"));
    assert_false(guard_origin("", "localhost:8686"));
    assert_false(guard_origin("http://localhost:8686", NULL));
}

static void tokens_are_128_random_bits(void **state)
{
    (void)state;
    char a[TOKEN_SIZE];
    char b[TOKEN_SIZE];
    assert_true(guard_token_new(a) && guard_token_new(b));
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    assert_int_equal(strlen(a), 32);
    assert_string_not_equal(a, b);
    assert_true(guard_token_is(a, a));
    assert_false(guard_token_is(a, b));
    assert_false(guard_token_is(a, NULL));
    assert_false(guard_token_is(a, ""));
    memcpy(b, a, sizeof b);
    b[31] = '\0';
    assert_false(guard_token_is(a, b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_our_own_names_with_our_port_are_served),
        cmocka_unit_test(only_our_own_pages_may_give_orders),
        cmocka_unit_test(tokens_are_128_random_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
