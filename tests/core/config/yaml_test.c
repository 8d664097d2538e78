#include <time.h>

#include "tree.h"

static void nodes_know_their_line_and_character(void **state)
{
    struct tree *t = *state;
    struct node *root = tree_read(t, "a: 1\n\xc3\xa9\xc3\xa9: {b: [x, 'y']}\n");
    assert_non_null(root);
    assert_int_equal(root->kind, NODE_MAP);
    assert_int_equal(root->count, 2);
    const struct node *list = node_get(node_get(root, "\xc3\xa9\xc3\xa9"), "b");
    assert_int_equal(list->at.line, 2);
    assert_int_equal(list->at.column, 9);
    assert_string_equal(list->at.file, "s.yaml");
    assert_int_equal(list->items[1]->at.column, 13);
    assert_true(list->items[1]->quoted);
    assert_false(list->items[0]->quoted);
}

static void an_empty_document_is_null(void **state)
{
    struct tree *t = *state;
    static const char *const texts[] = {"", "# only a comment\n", "---\n", "\xef\xbb\xbf"};
    for (size_t i = 0; i < 4; i++) {
        struct node *n = tree_read(t, texts[i]);
        assert_non_null(n);
        assert_int_equal(n->scalar.type, STRESSOR_NULL);
    }
}

static void a_byte_order_mark_moves_no_columns(void **state)
{
    struct tree *t = *state;
    struct node *n = tree_read(t, "\xef\xbb\xbfkey: x");
    assert_int_equal(n->entries[0].key->at.column, 1);
    assert_string_equal(n->entries[0].key->text, "key");
}

static void keys_keep_their_text_and_values_name_them(void **state)
{
    struct tree *t = *state;
    struct node *n = tree_read(t, "yes: 1\n0x10: 2\n~: 3\n\"on\": 4\n");
    static const char *const texts[] = {"yes", "0x10", "~", "on"};
    static const char *const names[] = {"true", "0x10", "null", "on"};
    assert_int_equal(n->count, 4);
    for (size_t i = 0; i < 4; i++) {
        size_t length;
        assert_string_equal(n->entries[i].key->text, texts[i]);
        assert_string_equal(node_key_name(n->entries[i].key, &length), names[i]);
        assert_int_equal(length, strlen(names[i]));
        assert_int_equal(node_get(n, texts[i])->scalar.as.integer, i + 1);
    }
    assert_null(node_get(n, "true"));
}

static void of_duplicate_keys_the_last_wins_with_a_warning_at_it(void **state)
{
    struct tree *t = *state;
    struct node *n = tree_read(t, "a: 1\nb: 2\na: 3\n");
    assert_non_null(n);
    assert_int_equal(n->count, 2);
    assert_int_equal(node_get(n, "a")->scalar.as.integer, 3);
    assert_string_equal(n->entries[0].key->text, "a");
    assert_true(diag_is_warning(t->diag, 0));
    assert_contains(tree_message(t), "s.yaml:3:1: warning: key 'a' stands here again");
}

static void an_alias_is_the_same_node_again(void **state)
{
    struct tree *t = *state;
    struct node *n = tree_read(t, "a: &x [1, 2]\nb: *x\nc: [*x, *x]\n");
    assert_ptr_equal(node_get(n, "a"), node_get(n, "b"));
    assert_int_equal(node_get(n, "c")->weight, 7);
    assert_int_equal(node_get(n, "c")->height, 2);
    assert_int_equal(n->height, 3);
}

static void own_keys_win_over_merged_ones_and_earlier_maps_over_later(void **state)
{
    struct tree *t = *state;
    struct node *n = tree_read(t, "a: &a {x: 1, y: 1}\n"
                                  "b: &b {y: 2, z: 2}\n"
                                  "c: {<<: [*a, *b], x: 3}\n"
                                  "d: {'<<': 4}\n");
    const struct node *c = node_get(n, "c");
    assert_int_equal(c->count, 3);
    assert_int_equal(node_get(c, "x")->scalar.as.integer, 3);
    assert_int_equal(node_get(c, "y")->scalar.as.integer, 1);
    assert_int_equal(node_get(c, "z")->scalar.as.integer, 2);
    assert_int_equal(node_get(node_get(n, "d"), "<<")->scalar.as.integer, 4);
    assert_int_equal(diag_count(t->diag), 0);
}

static void core_tags_are_honoured(void **state)
{
    struct tree *t = *state;
    struct node *n = tree_read(t, "[!!str 12, !!int '0x10', !!float 3, !!bool 'yes', !!null '', "
                                  "!!seq [], !!map {}, 2020-01-01]");
    assert_non_null(n);
    assert_text(n->items[0], "12");
    assert_true(n->items[0]->quoted);
    assert_int_equal(n->items[1]->scalar.as.integer, 16);
    assert_int_equal(n->items[2]->scalar.type, STRESSOR_DOUBLE);
    assert_int_equal(n->items[3]->scalar.type, STRESSOR_BOOL);
    assert_int_equal(n->items[4]->scalar.type, STRESSOR_NULL);
    assert_int_equal(n->items[5]->kind, NODE_LIST);
    assert_int_equal(n->items[6]->kind, NODE_MAP);
    assert_text(n->items[7], "2020-01-01");
}

static void every_mistake_that_does_not_break_the_syntax_is_told_in_one_go(void **state)
{
    struct tree *t = *state;
    assert_null(tree_read(t, "a: !!binary x\nb: *nobody\n[1]: c\nd: !!int x\n"
                             "e: 99999999999999999999\n<<: 5\n"));
    static const char *const expected[] = {
        "s.yaml:1:4: error: tag '!!binary' is not supported",
        "s.yaml:2:4: error: alias 'nobody' refers to nothing",
        "s.yaml:3:1: error: a key must be text or a number, found a list",
        "s.yaml:4:4: error: tag '!!int' wants an integer, found 'x'",
        "s.yaml:5:4: error: '99999999999999999999' reads as a number beyond 64 bits",
        "s.yaml:6:5: error: '<<' merges a map or a list of maps, found an integer"};
    diag_sort(t->diag);
    assert_int_equal(diag_count(t->diag), 6);
    for (size_t i = 0; i < 6; i++)
        assert_contains(diag_text(t->diag, i), expected[i]);
}

struct refusal {
    const char *text;
    const char *message;
};

static const struct refusal refusals[] = {
    {"a: [1, 2\nb: 3", "s.yaml:2:2: error: not valid YAML: did not find expected ',' or ']', while "
                       "parsing a flow sequence that begins at 1:4"},
    {"a: b\n c: d", "s.yaml:2:3: error: not valid YAML: mapping values are not allowed"},
    {"a: \"x\nb: y", "while scanning a quoted scalar that begins at 1:4"},
    {"x: 1\ny: [", "s.yaml:2:5: error: not valid YAML: did not find expected node content, while "
                   "parsing a flow node"},
    {"\t- a", "s.yaml:1:1: error: not valid YAML: found character that cannot start any token"},
    {"a: 1\n---\nb: 2", "s.yaml:2:1: error: a second document begins here"},
    {"a: &x [*x]", "s.yaml:1:8: error: alias 'x' stands inside what it refers to (line 1)"},
    {"[&x 1, &x 2]", "s.yaml:1:8: error: anchor 'x' is taken: it first stands in line 1"},
    {"url: {{host}}", "s.yaml:1:7: error: a key must be text or a number, found a map; a text that "
                      "begins with '{' needs quotes"},
    {"a: \xc3\xa9 \xff", "s.yaml:1:6: error: byte 0xff is not UTF-8"},
    {"a\nb\x01", "s.yaml:2:2: error: character U+0001 is not allowed in YAML"},
    {"!!map [1]", "s.yaml:1:1: error: tag '!!map' stands before a list"},
    {"!!seq {}", "s.yaml:1:1: error: tag '!!seq' stands before a map"},
};

static void what_cannot_be_read_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        void *own = NULL;
        assert_int_equal(tree_setup(&own), 0);
        struct tree *t = own;
        struct node *n = tree_read(t, refusals[i].text);
        bool fine = n == NULL && diag_count(t->diag) == 1 &&
                    strstr(diag_text(t->diag, 0), refusals[i].message) != NULL;
        if (!fine)
            print_error("%s\n", diag_count(t->diag) > 0 ? diag_text(t->diag, 0) : "accepted");
        tree_teardown(&own);
        assert_true(fine);
    }
}

static void a_nul_byte_is_refused_with_its_place(void **state)
{
    struct tree *t = *state;
    assert_null(tree_read_bytes(t, "a: b\nc: d\0e", 11));
    assert_string_equal(tree_message(t),
                        "s.yaml:2:5: error: character U+0000 is not allowed in YAML");
}

static char *repeat(const char *text, size_t times)
{
    size_t length = strlen(text);
    char *out = malloc(length * times + 1);
    assert_non_null(out);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * length, text, length);
    out[length * times] = '\0';
    return out;
}

static void sixty_four_levels_are_fine_and_one_more_is_not(void **state)
{
    struct tree *t = *state;
    char text[2 * 65 + 1] = "";
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    struct node *n = tree_read(t, text);
    assert_non_null(n);
    assert_int_equal(n->height, 64);
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    assert_null(tree_read(t, text));
    assert_string_equal(tree_message(t), "s.yaml:1:65: error: nested deeper than 64 levels");
}

static void depth_that_aliases_add_up_counts(void **state)
{
    struct tree *t = *state;
    struct buf text;
    buf_init(&text, 0);
    buf_puts(&text, "- &a0 []\n");
    for (int i = 1; i < 70; i++)
        buf_printf(&text, "- &a%d [*a%d]\n", i, i - 1);
    assert_null(tree_read(t, text.data));
    buf_finish(&text);
    assert_string_equal(tree_message(t), "s.yaml:64:9: error: nested deeper than 64 levels");
}

static void a_million_open_brackets_are_refused_at_once(void **state)
{
    (void)state;
    static const char *const units[] = {"[", "{", "[\n", "- ", "? ", "{a: ", "&a [", "[{"};
    clock_t from = clock();
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        void *own = NULL;
        assert_int_equal(tree_setup(&own), 0);
        struct tree *t = own;
        char *text = repeat(units[i], 1000000);
        struct node *n = tree_read(t, text);
        free(text);
        diag_sort(t->diag);
        assert_null(n);
        assert_int_equal(diag_errors(t->diag) > 0, 1);
        tree_teardown(&own);
    }
    /* Of CPU time, with room for sanitizers; a quadratic reader takes minutes. */
    assert_true((double)(clock() - from) / CLOCKS_PER_SEC < 5);
}

static void a_bomb_of_aliases_is_refused_in_its_line(void **state)
{
    struct tree *t = *state;
    struct buf text;
    buf_init(&text, 0);
    buf_puts(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        buf_printf(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            buf_printf(&text, "*a%d,", i - 1);
        buf_puts(&text, "]\n");
    }
    assert_null(tree_read(t, text.data));
    buf_finish(&text);
    assert_contains(tree_message(t), "s.yaml:7:14: error: the file is too large here");
}

static void a_bomb_of_merges_is_refused(void **state)
{
    struct tree *t = *state;
    struct buf text;
    buf_init(&text, 0);
    buf_puts(&text, "a: &a {");
    for (int i = 0; i < 2000; i++)
        buf_printf(&text, "k%d: 1, ", i);
    buf_puts(&text, "}\nb: {<<: [");
    for (int i = 0; i < 2000; i++)
        buf_puts(&text, "*a, ");
    buf_puts(&text, "]}\n");
    assert_null(tree_read(t, text.data));
    buf_finish(&text);
    assert_contains(tree_message(t), "s.yaml:2:");
}

static void large_maps_are_read_in_good_time(void **state)
{
    struct tree *t = *state;
    struct buf text;
    buf_init(&text, 0);
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "key%d: %d\n", i, i);
    struct node *n = tree_read(t, text.data);
    buf_finish(&text);
    assert_non_null(n);
    assert_int_equal(n->count, 20000);
    assert_string_equal(n->entries[19999].key->text, "key19999");
    assert_int_equal(n->entries[777].value->scalar.as.integer, 777);
}

static void too_little_memory_is_an_error(void **state)
{
    struct tree *t = *state;
    struct arena small;
    arena_init(&small, 256, 4096);
    char *text = repeat("- some text of a certain length\n", 500);
    assert_null(yaml_read(text, strlen(text), "s.yaml", &small, t->diag));
    free(text);
    arena_finish(&small);
    assert_contains(tree_message(t), "out of memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST(nodes_know_their_line_and_character),
        TREE_TEST(an_empty_document_is_null),
        TREE_TEST(a_byte_order_mark_moves_no_columns),
        TREE_TEST(keys_keep_their_text_and_values_name_them),
        TREE_TEST(of_duplicate_keys_the_last_wins_with_a_warning_at_it),
        TREE_TEST(an_alias_is_the_same_node_again),
        TREE_TEST(own_keys_win_over_merged_ones_and_earlier_maps_over_later),
        TREE_TEST(core_tags_are_honoured),
        TREE_TEST(every_mistake_that_does_not_break_the_syntax_is_told_in_one_go),
        cmocka_unit_test(what_cannot_be_read_is_refused_with_its_place),
        TREE_TEST(a_nul_byte_is_refused_with_its_place),
        TREE_TEST(sixty_four_levels_are_fine_and_one_more_is_not),
        TREE_TEST(depth_that_aliases_add_up_counts),
        cmocka_unit_test(a_million_open_brackets_are_refused_at_once),
        TREE_TEST(a_bomb_of_aliases_is_refused_in_its_line),
        TREE_TEST(a_bomb_of_merges_is_refused),
        TREE_TEST(large_maps_are_read_in_good_time),
        TREE_TEST(too_little_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
