/*
 * mistakes -- tables of scenarios that are wrong, and all that is to be said of each, in order.
 */
#ifndef TESTS_MISTAKES_H
#define TESTS_MISTAKES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recorder.h"

enum { MISTAKES_MAX = 12 };

struct mistaken {
    const char *yaml;
    const char *says[MISTAKES_MAX]; /* without the file's name; ends in '*': only how it begins */
    bool loads;                     /* warnings only: there is a plan */
};

static inline bool mistakes_same(const char *said, const char *expected)
{
    size_t length = strlen(expected);
    if (length > 0 && expected[length - 1] == '*')
        return strncmp(said, expected, length - 1) == 0;
    return strcmp(said, expected) == 0;
}

/* Compares what the engine says with the list, which NULL ends; `prefix` stands before each. */
static inline bool mistakes_are(stressor_engine *e, const char *prefix, const char *const *says)
{
    size_t count = stressor_mistakes_count(e), length = strlen(prefix), i = 0;
    bool same = true;
    for (; i < count && says[i] != NULL && same; i++) {
        const char *said = stressor_mistake_text(e, i);
        if (strncmp(said, prefix, length) == 0)
            said += length;
        same = mistakes_same(said, says[i]);
    }
    same = same && i == count && says[i] == NULL;
    for (i = 0; i < count && !same; i++)
        print_error("%s\n", stressor_mistake_text(e, i));
    return same;
}

static inline void mistakes_check(const struct mistaken *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct trial t;
        trial_load(&t, all[i].yaml, NULL);
        bool same =
            mistakes_are(t.engine, "test.yaml:", all[i].says) && (t.plan != NULL) == all[i].loads;
        if (!same)
            print_error("instead of '%s' for:\n%s\n", all[i].says[0], all[i].yaml);
        trial_free(&t);
        assert_true(same);
    }
}

#define MISTAKES_CHECK(table) mistakes_check(table, sizeof(table) / sizeof *(table))

#endif
