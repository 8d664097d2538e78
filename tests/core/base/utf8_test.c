#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static void well_formed_text_is_told_from_other_bytes(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "ascii and more than eight bytes",
                                       "\xC3\xA9",
                                       "\xE2\x82\xAC",
                                       "\xF0\x9F\x98\x80",
                                       "\xF4\x8F\xBF\xBF",
                                       "12345678\xC3\xA9"};
    static const char *const bad[] = {
        "\x80",         "\xC3",        "\xC0\x80",         "\xE0\x80\x80",
        "\xED\xA0\x80", "\xFF",        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
        "\xE2\x82",     "1234567\x80", "12345678\xC3",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
}

static void every_character_survives_encoding_and_decoding(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        char bytes[4];
        uint32_t back = 0;
        size_t size = utf8_encode(c, bytes);
        size_t read = utf8_decode(bytes, size, &back);
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        if (surrogate ? read != 0 : read != size || back != c)
            fail_msg("U+%04X", (unsigned)c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_text_is_told_from_other_bytes),
        cmocka_unit_test(every_character_survives_encoding_and_decoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
