#include "tree.h"

static void excerpt_of(struct tree *t, const char *text, size_t size, char *out)
{
    struct node *n = tree_read(t, text);
    assert_non_null(n);
    node_excerpt(n, out, size);
}

static void an_excerpt_shows_a_value_as_it_stands(void **state)
{
    struct tree *t = *state;
    char out[80];
    excerpt_of(t, "abc", sizeof out, out);
    assert_string_equal(out, "'abc'");
    excerpt_of(t, "0x1F", sizeof out, out);
    assert_string_equal(out, "0x1F");
    excerpt_of(t, "", sizeof out, out);
    assert_string_equal(out, "null");
    excerpt_of(t, "{a: [1, x, []], b: {c: {d: 1}}}", sizeof out, out);
    assert_string_equal(out, "{a: [1, 'x', []], b: {c: {\xe2\x80\xa6}}}");
    excerpt_of(t, "\"two\\nlines\\x9f\"", sizeof out, out);
    assert_string_equal(out, "'two lines '");
}

static void an_excerpt_is_cut_between_characters_and_closed(void **state)
{
    struct tree *t = *state;
    char out[24];
    excerpt_of(t,
               "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
               sizeof out, out);
    assert_string_equal(out, "'\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                             "\xe2\x80\xa6'");
    excerpt_of(t, "[1, 2, 3, 4, 5, 6, 7, 8, 9]", sizeof out, out);
    assert_string_equal(out, "[1, 2, 3, 4, 5, \xe2\x80\xa6]");
    excerpt_of(t, "[aaaa, {b: ['cccccccccccc']}]", sizeof out, out);
    assert_true(strlen(out) < sizeof out);
}

static void an_excerpt_masks_secrets(void **state)
{
    struct tree *t = *state;
    char out[80];
    struct node *n = tree_read(t, "[open, hidden]");
    n->items[1]->scalar.flags |= STRESSOR_SECRET;
    node_excerpt(n, out, sizeof out);
    assert_string_equal(out, "['open', ***]");
}

static void kinds_are_named_in_plain_words(void **state)
{
    struct tree *t = *state;
    static const char *const words[] = {"a list",     "a map",    "null", "a boolean",
                                        "an integer", "a number", "text"};
    struct node *n = tree_read(t, "[[], {}, ~, yes, 1, 1.5, x]");
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(node_kind_text(n->items[i]), words[i]);
}

static void looking_into_what_is_no_map_finds_nothing(void **state)
{
    struct tree *t = *state;
    assert_null(node_get(NULL, "a"));
    assert_null(node_get(tree_read(t, "[a]"), "a"));
    assert_null(node_entry(tree_read(t, "{ab: 1}"), "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST(an_excerpt_shows_a_value_as_it_stands),
        TREE_TEST(an_excerpt_is_cut_between_characters_and_closed),
        TREE_TEST(an_excerpt_masks_secrets),
        TREE_TEST(kinds_are_named_in_plain_words),
        TREE_TEST(looking_into_what_is_no_map_finds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
