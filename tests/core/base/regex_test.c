#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/regex.h"

static struct stressor_regex *compiled(const char *pattern, unsigned flags)
{
    char error[200] = "";
    struct stressor_regex *r = regex_new(pattern, strlen(pattern), flags, error, sizeof error);
    if (r == NULL)
        fail_msg("%s: %s", pattern, error);
    return r;
}

static int match(const char *pattern, unsigned flags, const char *text)
{
    struct stressor_regex *r = compiled(pattern, flags);
    int status = regex_match(r, text, strlen(text));
    regex_free(r);
    return status;
}

static void patterns_mean_what_they_mean_in_python(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        int status;
    } cases[] = {
        {"b", "abc", REGEX_YES},
        {"", "", REGEX_YES},
        {"b$", "ab\n", REGEX_YES},
        {"b\\Z", "ab\n", REGEX_NO},
        {"b\\Z", "ab", REGEX_YES},
        {"b\\\\Z", "ab\\Z", REGEX_YES},
        {"\\Ab", "ab", REGEX_NO},
        {"(?i)ABC", "xabc", REGEX_YES},
        {"(?i:A)b", "aB", REGEX_NO},
        {"(?P<n>a+)-(?P=n)$", "aa-aa", REGEX_YES},
        {"(a)?(?(1)b|c)$", "ab", REGEX_YES},
        {"^\\w+$", "\xC3\xA9t\xC3\xA9", REGEX_YES},
        {"(?a)^\\w+$", "\xC3\xA9t\xC3\xA9", REGEX_NO},
        {"(?u)\\d", "\xD9\xA3", REGEX_YES},
        {"^.$", "\xE2\x82\xAC", REGEX_YES},
        {"a.b", "a\nb", REGEX_NO},
        {"a.b", "a\rb", REGEX_YES},
        {"(?s)a.b", "a\nb", REGEX_YES},
        {"^a{,2}$", "aa", REGEX_YES},
        {"^a{,2}$", "aaa", REGEX_NO},
        {"^{id}$", "{id}", REGEX_YES},
        {"^{$", "{", REGEX_YES},
        {"^[[:alpha:]]$", "l]", REGEX_YES},
        {"^[]a]+$", "a]", REGEX_YES},
        {"^[^]a]$", "]", REGEX_NO},
        {"^\\x41\\u00e9\\U0001F600\\101$", "A\xC3\xA9\xF0\x9F\x98\x80\x41", REGEX_YES},
        {"^\\x41\\u00e9\\U0001F600\\101\\0$", "A\xC3\xA9\xF0\x9F\x98\x80\x41", REGEX_NO},
        {"^[\\x41\\u00e9\\60]+$", "A\xC3\xA9\x30", REGEX_YES},
        {"^\\v$", "\x0B", REGEX_YES},
        {"^\\v$", "\f", REGEX_NO},
        {"(?x) a b # \\q a comment (\n c", "abc", REGEX_YES},
        {"a(?#a comment \\q)b", "ab", REGEX_YES},
        {"(?<=a)b", "ab", REGEX_YES},
        {"(?<!a)b", "ab", REGEX_NO},
        {"(a)(b)\\2", "abb", REGEX_YES},
        {"\\.\\-\\_\\/\\#", ".-_/#", REGEX_YES},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = match(cases[i].pattern, 0, cases[i].text);
        if (status != cases[i].status)
            fail_msg("%s in %s: %d", cases[i].pattern, cases[i].text, status);
    }
}

static void what_python_refuses_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "(",
        ")",
        "[",
        "[]",
        "a**",
        "*",
        "\\",
        "\\q",
        "\\K",
        "\\C",
        "\\R",
        "\\Qa\\E",
        "\\p{L}",
        "[\\Z]",
        "[\\B]",
        "(?R)",
        "(?1)",
        "(?-1)",
        "(?&n)",
        "(?|a)",
        "(?C1)",
        "(?<n>a)",
        "(?P>n)",
        "(*UTF)",
        "(*LIMIT_MATCH=1)a",
        "\\x1",
        "\\u12",
        "\\ud800",
        "\\777",
        "(?P<1>a)",
        "a{2,1}",
        "(?iJ)a",
        "a(?i)b",
        "(?-i)a",
        "(?",
        "(?P",
        "\xFF",
        "[b-a]",
        "(?P<a>.)(?P<a>.)",
        "\\2(a)",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char error[200] = "";
        if (regex_new(wrong[i], strlen(wrong[i]), 0, error, sizeof error) != NULL)
            fail_msg("%s", wrong[i]);
        assert_true(error[0] != '\0');
        assert_null(regex_new(wrong[i], strlen(wrong[i]), 0, NULL, 0));
    }
}

static void mistakes_are_told_by_character(void **state)
{
    (void)state;
    char error[200];
    assert_null(regex_new("\xC3\xA9\\q", 4, 0, error, sizeof error));
    assert_string_equal(error, "unknown escape at character 2");
    assert_null(regex_new("\\d{,3}\\Z{}**+(", 14, 0, error, sizeof error));
    assert_non_null(strstr(error, "at character 12"));
}

static void multiline_lets_anchors_match_at_lines(void **state)
{
    (void)state;
    assert_int_equal(match("^b$", 0, "a\nb\nc"), REGEX_NO);
    assert_int_equal(match("^b$", REGEX_MULTILINE, "a\nb\nc"), REGEX_YES);
    assert_int_equal(match("c\n^\\Z", REGEX_MULTILINE, "a\nb\nc\n"), REGEX_YES);
}

static void at_start_matches_at_the_start_but_not_the_whole(void **state)
{
    (void)state;
    assert_int_equal(match("b", REGEX_AT_START, "abc"), REGEX_NO);
    assert_int_equal(match("ab", REGEX_AT_START, "abc"), REGEX_YES);
    assert_int_equal(match("x|b", REGEX_AT_START, "ab"), REGEX_NO);
}

static void groups_are_found_where_they_lie(void **state)
{
    (void)state;
    struct stressor_regex *r = compiled("(\\w)(\\d)?=(?P<v>.)", 0);
    static const char text[] = "  \xC3\xA9=b a1=c";
    size_t spans[10];
    assert_int_equal(regex_find(r, text, 11, 0, spans, 5), REGEX_YES);
    static const size_t first[] = {2, 6, 2, 4, SIZE_MAX, SIZE_MAX, 5, 6, SIZE_MAX, SIZE_MAX};
    assert_memory_equal(spans, first, sizeof first);
    assert_int_equal(regex_find(r, text, 11, 3, spans, 1), REGEX_YES);
    assert_int_equal(spans[0], 7);
    assert_int_equal(regex_find(r, "a1=c", 4, 4, spans, 1), REGEX_NO);
    assert_int_equal(regex_find(r, "a1=c", 4, 5, spans, 1), REGEX_NO);
    regex_free(r);
}

static void text_that_is_no_utf8_is_matched_as_latin1(void **state)
{
    (void)state;
    static const char text[] = "\xE9t\xE9 x=\xFCz";
    struct stressor_regex *r = compiled("x=(.)(?P<z>z)", 0);
    size_t spans[6];
    assert_int_equal(regex_find(r, text, strlen(text), 1, spans, 3), REGEX_YES);
    static const size_t expected[] = {4, 8, 6, 7, 7, 8};
    assert_memory_equal(spans, expected, sizeof expected);
    regex_free(r);
    assert_int_equal(match("^\\w+$", 0, "caf\xE9"), REGEX_YES);
    assert_int_equal(match("caf\xC3\xA9", 0, "caf\xE9"), REGEX_YES);
}

static void patterns_that_run_away_answer_with_the_limit_soon(void **state)
{
    (void)state;
    int64_t began = clock_thread_cpu();
    assert_int_equal(match("^(a+)+$", 0, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
                     REGEX_LIMIT);
    assert_int_equal(match("(x+x+)+\\d", 0, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!"),
                     REGEX_LIMIT);
    assert_true(clock_thread_cpu() - began < 2 * NS_PER_S);
}

static char *repeated(const char *piece, size_t times)
{
    size_t length = strlen(piece);
    char *text = malloc(length * times + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * length, piece, length);
    text[length * times] = '\0';
    return text;
}

static void work_on_a_long_text_is_bounded_as_a_whole(void **state)
{
    (void)state;
    /* Each of the pieces alone stays below the limit of steps. */
    char *text = repeated("aaaaaaaaaaaaaaaaaaaaa!", 40000);
    int64_t began = clock_thread_cpu();
    int status = match("(a+)+\\d", 0, text);
    int64_t took = clock_thread_cpu() - began;
    free(text);
    assert_int_equal(status, REGEX_LIMIT);
    assert_true(took < 8 * NS_PER_S);
}

static void long_texts_are_searched_to_their_end(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        unsigned flags;
        int status;
    } cases[] = {
        {"needle", 0, REGEX_YES},
        {"n..dle\\Z", 0, REGEX_YES},
        {"^needle$", REGEX_MULTILINE, REGEX_YES},
        {".*needle", 0, REGEX_YES},
        {"\\Z", 0, REGEX_YES},
        {"(?s).*needle", 0, REGEX_YES},
        {"(?:.|\\n)*needle", 0, REGEX_YES},
        {"(?<=\xC3\xA9\n)needle", 0, REGEX_YES},
        {"needles", 0, REGEX_NO},
        {"^x", REGEX_MULTILINE, REGEX_NO},
        {"^needle", 0, REGEX_NO},
    };
    char *text = repeated("h\xC3\xA9y \xC3\xA9\n", 3000);
    size_t length = strlen(text);
    text = realloc(text, length + 7);
    assert_non_null(text);
    memcpy(text + length, "needle", 7);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = match(cases[i].pattern, cases[i].flags, text);
        if (status != cases[i].status)
            fail_msg("%s: %d", cases[i].pattern, status);
    }
    struct stressor_regex *r = compiled("need(le)", 0);
    size_t spans[4];
    assert_int_equal(regex_find(r, text, length + 6, 0, spans, 2), REGEX_YES);
    assert_int_equal(spans[0], length);
    assert_int_equal(spans[2], length + 4);
    regex_free(r);
    free(text);
}

static void *match_many(void *data)
{
    const struct stressor_regex *r = data;
    size_t good = 0;
    for (int i = 0; i < 500; i++) {
        size_t spans[4];
        good += regex_find(r, "xx abbb yy", 10, 0, spans, 2) == REGEX_YES && spans[2] == 4 &&
                spans[3] == 7;
        good += regex_match(r, "\xFF ac", 4) == REGEX_NO;
    }
    return good == 1000 ? data : NULL;
}

static void one_pattern_serves_several_threads(void **state)
{
    (void)state;
    struct stressor_regex *r = compiled("a(b+)", 0);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, match_many, r), 0);
    for (int i = 0; i < 4; i++) {
        void *good = NULL;
        pthread_join(threads[i], &good);
        assert_ptr_equal(good, r);
    }
    regex_free(r);
    regex_free(NULL);
}

static void many_groups_are_fine_and_long_patterns_refused(void **state)
{
    (void)state;
    char *pattern = repeated("(a)", 200), *text = repeated("a", 200);
    struct stressor_regex *r = compiled(pattern, 0);
    static size_t spans[402];
    assert_int_equal(regex_find(r, text, 200, 0, spans, 201), REGEX_YES);
    assert_int_equal(spans[400], 199);
    regex_free(r);
    free(pattern);
    free(text);
    pattern = repeated("a", 100000);
    assert_null(regex_new(pattern, 100000, 0, NULL, 0));
    free(pattern);
}

/* Each turn of the group takes some of the memory for going back. */
static void a_search_that_needs_much_memory_finds_what_is_there(void **state)
{
    (void)state;
    enum { LENGTH = 100000 };
    char *text = malloc(LENGTH + 2);
    assert_non_null(text);
    for (size_t i = 0; i < LENGTH; i++)
        text[i] = i % 2 == 0 ? 'a' : 'b';
    memcpy(text + LENGTH, "c", 2);
    assert_int_equal(match("(?:(a)|b)*c$", 0, text), REGEX_YES);
    assert_int_equal(match("b+c", 0, "abbc"), REGEX_YES); /* the next one too */
    assert_int_equal(match("b+c", 0, "abb"), REGEX_NO);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_mean_what_they_mean_in_python),
        cmocka_unit_test(what_python_refuses_is_refused),
        cmocka_unit_test(mistakes_are_told_by_character),
        cmocka_unit_test(multiline_lets_anchors_match_at_lines),
        cmocka_unit_test(at_start_matches_at_the_start_but_not_the_whole),
        cmocka_unit_test(groups_are_found_where_they_lie),
        cmocka_unit_test(text_that_is_no_utf8_is_matched_as_latin1),
        cmocka_unit_test(patterns_that_run_away_answer_with_the_limit_soon),
        cmocka_unit_test(work_on_a_long_text_is_bounded_as_a_whole),
        cmocka_unit_test(long_texts_are_searched_to_their_end),
        cmocka_unit_test(a_search_that_needs_much_memory_finds_what_is_there),
        cmocka_unit_test(one_pattern_serves_several_threads),
        cmocka_unit_test(many_groups_are_fine_and_long_patterns_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
