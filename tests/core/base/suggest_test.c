#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/suggest.h"

static const char *const names[] = {"url", "method", "timeout", "assert_match", "Name", "a"};

static void assert_suggested(const char *word, const char *expected)
{
    struct suggest s;
    suggest_init(&s, word, strlen(word));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        suggest_offer(&s, names[i], strlen(names[i]));
    if (expected == NULL) {
        assert_null(s.best);
        return;
    }
    assert_non_null(s.best);
    assert_int_equal(s.best_length, strlen(expected));
    assert_memory_equal(s.best, expected, s.best_length);
}

static void near_words_are_suggested(void **state)
{
    (void)state;
    assert_suggested("ulr", "url");
    assert_suggested("URL", "url");
    assert_suggested("methd", "method");
    assert_suggested("time_out", "timeout");
    assert_suggested("assert_mtach", "assert_match");
    assert_suggested("name", "Name");
    assert_suggested("A", "a");
    assert_suggested("a1", "a");
}

static void far_words_are_not(void **state)
{
    (void)state;
    assert_suggested("headers", NULL);
    assert_suggested("uxyz", NULL);
    assert_suggested("metXXX", NULL);
}

static void a_short_word_shares_a_character_with_what_is_suggested(void **state)
{
    (void)state;
    struct suggest s;
    assert_suggested("1", NULL);
    suggest_init(&s, "1", 1);
    suggest_offer(&s, "ab", 2);
    suggest_offer(&s, "", 0);
    assert_null(s.best);
    suggest_offer(&s, "1b", 2);
    assert_string_equal(s.best, "1b");
}

static void the_nearest_wins_and_of_equals_the_first(void **state)
{
    (void)state;
    struct suggest s;
    suggest_init(&s, "abcd", 4);
    suggest_offer(&s, "abcx", 4);
    suggest_offer(&s, "abcy", 4);
    assert_string_equal(s.best, "abcx");
    suggest_offer(&s, "ABCD", 4);
    assert_string_equal(s.best, "ABCD");
}

static void very_long_words_are_left_alone(void **state)
{
    (void)state;
    char word[100];
    memset(word, 'x', sizeof word);
    struct suggest s;
    suggest_init(&s, word, sizeof word);
    suggest_offer(&s, word, sizeof word);
    assert_null(s.best);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_words_are_suggested),
        cmocka_unit_test(far_words_are_not),
        cmocka_unit_test(a_short_word_shares_a_character_with_what_is_suggested),
        cmocka_unit_test(the_nearest_wins_and_of_equals_the_first),
        cmocka_unit_test(very_long_words_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
