#include <common/address.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void check(const char *text, const char *expected)
{
    struct address a;
    char where[ADDRESS_TEXT];
    assert_int_equal(address_read(text, &a), ADDRESS_FINE);
    address_text(&a, where);
    assert_string_equal(where, expected);
}

static void addresses_are_read_as_users_write_them(void **state)
{
    (void)state;
    check("9464", "127.0.0.1:9464");
    check(":9464", "127.0.0.1:9464");
    check("127.0.0.2:9464", "127.0.0.2:9464");
    check("localhost:0", "127.0.0.1:0");
    check("[::1]:65535", "[::1]:65535");
    check("0.0.0.0:80", "0.0.0.0:80");
}

static void paths_and_mistakes_are_told_apart(void **state)
{
    (void)state;
    struct address a;
    static const char *const paths[] = {"results.prom", "-",  "./9464", "a/b:1", "x:y", "",
                                        "9464.prom",    "-1", "9464/x", ":/x"};
    static const char *const wrong[] = {"65536",     ":99999999999999999999",
                                        "1.2.3:80",  "example.com:80",
                                        "[zz]:80",   "9464x",
                                        "9464 ",     "[::1]",
                                        "localhost", "127.0.0.1:94x",
                                        ":94x",      "9464:"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_int_equal(address_read(paths[i], &a), ADDRESS_NONE);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(address_read(wrong[i], &a), ADDRESS_WRONG);
}

static void whoever_is_here_goes_to_the_loopback_address(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"0.0.0.0:80", "127.0.0.1:80"},
                                           {"[::]:80", "[::1]:80"},
                                           {"127.0.0.2:80", "127.0.0.2:80"},
                                           {"[2001:db8::1]:80", "[2001:db8::1]:80"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct address a;
        char where[ADDRESS_TEXT];
        assert_int_equal(address_read(cases[i][0], &a), ADDRESS_FINE);
        address_text_here(&a, where);
        assert_string_equal(where, cases[i][1]);
    }
}

static void a_free_port_is_told(void **state)
{
    (void)state;
    struct address a;
    char where[ADDRESS_TEXT];
    assert_int_equal(address_read("0", &a), ADDRESS_FINE);
    int fd = address_listen(&a);
    assert_true(fd >= 0);
    address_text(&a, where);
    assert_memory_equal(where, "127.0.0.1:", 10);
    assert_string_not_equal(where, "127.0.0.1:0");
    assert_int_equal(address_listen(&a), -1);
    close(fd);
}

static bool serves(const char *at, const char *host)
{
    struct address a;
    assert_int_equal(address_read(at, &a), ADDRESS_FINE);
    return address_serves(&a, host);
}

static void foreign_hosts_are_not_served(void **state)
{
    (void)state;
    static const char *const fine[] = {"localhost", "LOCALHOST:1", "127.0.0.1:9464",
                                       "127.1.2.3", "[::1]:80",    "[::1]"};
    static const char *const foreign[] = {"evil.example",
                                          "evil.example:9464",
                                          "192.0.2.1",
                                          "localhost.evil.example",
                                          "127.0.0.1.evil.example",
                                          "",
                                          ":80",
                                          "[::2]",
                                          "localhost:80x",
                                          "127.0.0.1@evil"};
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        assert_true(serves("9464", fine[i]));
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_false(serves("9464", foreign[i]));
    assert_false(serves("9464", NULL));
}

static void another_interface_serves_addresses_but_no_foreign_names(void **state)
{
    (void)state;
    char own[256] = "";
    assert_int_equal(gethostname(own, sizeof own - 1), 0);
    assert_true(serves("0.0.0.0:1", "192.0.2.1:1"));
    assert_true(serves("[::]:1", "[2001:db8::1]:1"));
    assert_true(serves("0.0.0.0:1", own));
    assert_false(serves("0.0.0.0:1", "evil.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_as_users_write_them),
        cmocka_unit_test(paths_and_mistakes_are_told_apart),
        cmocka_unit_test(whoever_is_here_goes_to_the_loopback_address),
        cmocka_unit_test(a_free_port_is_told),
        cmocka_unit_test(foreign_hosts_are_not_served),
        cmocka_unit_test(another_interface_serves_addresses_but_no_foreign_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
