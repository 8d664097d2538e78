#include "base/suggest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { SUGGEST_LENGTH_MAX = 64, COST_EDIT = 6, COST_CASE = 1, SHORT = 2 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t cost_of(char a, char b)
{
    return a == b ? 0 : lower(a) == lower(b) ? COST_CASE : COST_EDIT;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t suggest_cost(const char *a, size_t a_length, const char *b, size_t b_length)
{
    if (a_length > SUGGEST_LENGTH_MAX || b_length > SUGGEST_LENGTH_MAX)
        return SIZE_MAX;
    /* Rows of the table of distances between beginnings: this one, the one before, and before. */
    size_t rows[3][SUGGEST_LENGTH_MAX + 1];
    size_t *now = rows[0], *before = rows[1], *oldest = rows[2];
    for (size_t j = 0; j <= b_length; j++)
        now[j] = j * COST_EDIT;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *spare = oldest;
        oldest = before;
        before = now;
        now = spare;
        now[0] = i * COST_EDIT;
        for (size_t j = 1; j <= b_length; j++) {
            size_t cost = before[j - 1] + cost_of(a[i - 1], b[j - 1]);
            cost = least(cost, before[j] + COST_EDIT);
            cost = least(cost, now[j - 1] + COST_EDIT);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                cost = least(cost, oldest[j - 2] + COST_EDIT);
            now[j] = cost;
        }
    }
    return now[b_length];
}

void suggest_init(struct suggest *s, const char *word, size_t length)
{
    memset(s, 0, sizeof *s);
    s->word = word;
    s->length = length;
    s->best_cost = SIZE_MAX;
}

static bool shares(const char *a, size_t a_length, const char *b, size_t b_length)
{
    for (size_t i = 0; i < a_length; i++)
        for (size_t j = 0; j < b_length; j++)
            if (lower(a[i]) == lower(b[j]))
                return true;
    return false;
}

void suggest_offer(struct suggest *s, const char *name, size_t length)
{
    size_t limit = s->length * COST_EDIT / 3;
    size_t cost = suggest_cost(s->word, s->length, name, length);
    if (cost > (limit < COST_EDIT ? COST_EDIT : limit) || cost >= s->best_cost)
        return;
    if (s->length <= SHORT && !shares(s->word, s->length, name, length))
        return;
    s->best = name;
    s->best_length = length;
    s->best_cost = cost;
}
