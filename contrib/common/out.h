/*
 * out -- a document on its way to a sink, collected into pieces of some kilobytes.
 *
 *     struct out out;
 *     out_begin(&out, sink, data);
 *     out_text(&out, "…");
 *     return out_finish(&out);
 *
 * After the first error nothing more is handed on, and out_finish tells it. One thread at a time.
 * No function depends on the locale.
 */
#ifndef CONTRIB_COMMON_OUT_H
#define CONTRIB_COMMON_OUT_H

#include <stddef.h>
#include <stdint.h>

#include <stressor/reporter.h>

#define OUT_PIECE 8192

struct out {
    stressor_sink sink;
    void *data;
    int32_t status; /* of the first error; else 0 */
    size_t used;
    char piece[OUT_PIECE];
};

void out_begin(struct out *o, stressor_sink sink, void *data);
/* Hands on the rest. 0, or the first error. */
int32_t out_finish(struct out *o);
/* Remembers an error of the caller's, unless there was one before. */
void out_fail(struct out *o, int32_t status);

void out_bytes(struct out *o, const char *bytes, size_t length);
void out_text(struct out *o, const char *text); /* NULL: nothing */
void out_char(struct out *o, char c);
/* A character as UTF-8; what is not one becomes U+FFFD. */
void out_character(struct out *o, uint32_t character);
void out_count(struct out *o, uint64_t n);
void out_int(struct out *o, int64_t n);
/* The shortest decimal that is read back as the same number; `x` is finite. */
void out_real(struct out *o, double x);
/* n / 10^decimals, written exactly, without zeros at its end: (1500000, 6) is "1.5". At most 18
 * decimals. */
void out_decimal(struct out *o, int64_t n, unsigned decimals);

#endif
