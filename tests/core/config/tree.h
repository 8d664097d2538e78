/*
 * tree -- what the tests of this room share: an arena, a diag, and a text read into a tree.
 */
#ifndef TESTS_CONFIG_TREE_H
#define TESTS_CONFIG_TREE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/yaml.h"

struct tree {
    struct arena arena;
    struct diag *diag;
};

/* For cmocka_unit_test_setup_teardown: `*state` is a fresh struct tree. */
static inline int tree_setup(void **state)
{
    struct tree *t = calloc(1, sizeof *t);
    if (t == NULL)
        return -1;
    arena_init(&t->arena, 1024, 64u << 20);
    t->diag = diag_new();
    *state = t;
    return t->diag != NULL ? 0 : -1;
}

static inline int tree_teardown(void **state)
{
    struct tree *t = *state;
    arena_finish(&t->arena);
    diag_free(t->diag);
    free(t);
    return 0;
}

#define TREE_TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

/* NULL: there were mistakes. */
static inline struct node *tree_read_bytes(struct tree *t, const char *text, size_t length)
{
    size_t errors = diag_errors(t->diag);
    struct node *n = yaml_read(text, length, "s.yaml", &t->arena, t->diag);
    return diag_errors(t->diag) == errors ? n : NULL;
}

static inline struct node *tree_read(struct tree *t, const char *text)
{
    return tree_read_bytes(t, text, strlen(text));
}

/* The one thing that was recorded. */
static inline const char *tree_message(struct tree *t)
{
    diag_sort(t->diag);
    assert_int_equal(diag_count(t->diag), 1);
    return diag_text(t->diag, 0);
}

static inline void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", text, part);
}

static inline void assert_text(const struct node *n, const char *text)
{
    assert_non_null(n);
    assert_int_equal(n->kind, NODE_SCALAR);
    assert_int_equal(n->scalar.type, STRESSOR_STRING);
    assert_int_equal(n->scalar.as.string.length, strlen(text));
    assert_memory_equal(n->scalar.as.string.ptr, text, strlen(text));
}

#endif
