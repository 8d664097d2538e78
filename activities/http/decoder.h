/*
 * decoder -- the body of an answer as it comes, decompressed.
 *
 * libcurl would do it, but does not tell a body that was cut off from a whole one. A decoder is
 * one answer's.
 */
#ifndef HTTP_DECODER_H
#define HTTP_DECODER_H

#include <stdbool.h>
#include <stddef.h>

enum decoder_error {
    DECODER_OK = 0,
    DECODER_MALFORMED, /* it is not so compressed */
    DECODER_REFUSED,   /* `take` returned false */
    DECODER_MEMORY
};

struct decoder;

/* `coding` is the value of Content-Encoding. False: none that is known. Else `*out` is NULL where
 * nothing is to be done, or memory has run out, which `*failed` tells. */
bool decoder_new(const char *coding, struct decoder **out, bool *failed);
void decoder_free(struct decoder *d); /* NULL is fine */

/* Hands over what the bytes decompress to, piece by piece. */
enum decoder_error decoder_write(struct decoder *d, const char *bytes, size_t length,
                                 bool (*take)(void *data, const char *bytes, size_t length),
                                 void *data);

/* Has all of the compressed body come? */
bool decoder_is_over(const struct decoder *d);

#endif
