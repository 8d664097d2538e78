/*
 * suggest -- the nearest valid name to a wrong one, for "did you mean".
 */
#ifndef CORE_BASE_SUGGEST_H
#define CORE_BASE_SUGGEST_H

#include <stddef.h>

struct suggest {
    const char *word;
    size_t length;
    const char *best; /* NULL: none is near */
    size_t best_length;
    size_t best_cost;
};

/* Offer names one by one; the nearest by edits (swaps count one, letter case little) wins if it
 * is at most a third of the word's length away, at least one edit. For a word of one or two
 * characters it must share one with it. Names are borrowed. */
void suggest_init(struct suggest *s, const char *word, size_t length);
void suggest_offer(struct suggest *s, const char *name, size_t length);

/* How far two words are apart, 6 an edit. SIZE_MAX: one is too long to tell (over 64 bytes). */
size_t suggest_cost(const char *a, size_t a_length, const char *b, size_t b_length);

#endif
