#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/regex.h"
#include "config/schema_private.h"

/* Patterns are few, static data of plugins, and asked for all the time: a compiled one stays until
 * the process ends. Where two fall on the same place the later one is compiled anew each time. */
struct compiled {
    const char *pattern; /* a copy */
    struct stressor_regex *regex;
};

enum { PLACES = 256 };

static _Atomic(struct compiled *) places[PLACES];

static void compiled_free(struct compiled *c)
{
    if (c == NULL)
        return;
    regex_free(c->regex);
    free(c);
}

static struct compiled *compiled_new(const char *pattern)
{
    size_t length = strlen(pattern);
    struct compiled *c = malloc(sizeof *c + length + 1);
    if (c == NULL)
        return NULL;
    c->pattern = memcpy(c + 1, pattern, length + 1);
    c->regex = regex_new(pattern, length, REGEX_AT_START, NULL, 0);
    return c;
}

static size_t place_of(const char *pattern)
{
    uint32_t hash = 2166136261u;
    for (const char *s = pattern; *s != '\0'; s++)
        hash = (hash ^ (unsigned char)*s) * 16777619u;
    return hash % PLACES;
}

static bool matches(const struct compiled *c, const char *text, size_t length)
{
    return c == NULL || c->regex == NULL || regex_match(c->regex, text, length) == REGEX_YES;
}

bool schema_pattern_matches(const char *pattern, const char *text, size_t length)
{
    _Atomic(struct compiled *) *place = &places[place_of(pattern)];
    struct compiled *c = atomic_load_explicit(place, memory_order_acquire);
    if (c != NULL && strcmp(c->pattern, pattern) == 0)
        return matches(c, text, length);
    struct compiled *made = compiled_new(pattern);
    bool answer = matches(made, text, length);
    if (c != NULL || !atomic_compare_exchange_strong(place, &c, made))
        compiled_free(made);
    return answer;
}
