#include "hdr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The encoding is described by HdrHistogram's EncodableHistogram and AbstractHistogram. */
#define COOKIE            UINT32_C(0x1c849313)
#define COMPRESSED_COOKIE UINT32_C(0x1c849314)
#define HIGHEST           UINT64_C(3600000000000)
#define DIGITS            3

enum {
    HEAD = 40,
    COMPRESSED_HEAD = 8,
    NUMBER_MOST = 9, /* bytes of an encoded number */
    HALF_BITS = 10,  /* a power of two is split into 1024 buckets */
};

struct encoder {
    uint8_t *bytes;
    size_t used, size;
    int64_t next; /* the first index that is not written yet */
    bool failed;
};

static void big_endian(uint8_t *to, uint64_t value, size_t bytes)
{
    while (bytes > 0) {
        to[--bytes] = (uint8_t)value;
        value >>= 8;
    }
}

/* ZigZag, then 7 bits a byte, the lowest first; a ninth byte has 8. */
static void put_number(struct encoder *e, int64_t number)
{
    if (e->failed)
        return;
    if (e->size - e->used < NUMBER_MOST) {
        size_t size = 2 * e->size;
        uint8_t *bytes = realloc(e->bytes, size);
        if (bytes == NULL) {
            e->failed = true;
            return;
        }
        e->bytes = bytes;
        e->size = size;
    }
    uint64_t left = ((uint64_t)number << 1) ^ (number < 0 ? UINT64_MAX : 0);
    for (int i = 1; i < NUMBER_MOST && left > 0x7F; i++) {
        e->bytes[e->used++] = (uint8_t)(0x80 | (left & 0x7F));
        left >>= 7;
    }
    e->bytes[e->used++] = (uint8_t)left;
}

static int64_t index_of(int64_t value)
{
    uint64_t v = (uint64_t)value;
    unsigned top = 63u - (unsigned)__builtin_clzll(v | ((2u << HALF_BITS) - 1u));
    unsigned octave = top - HALF_BITS;
    return (int64_t)(((uint64_t)octave << HALF_BITS) + (v >> octave));
}

static void put_bucket(void *data, int64_t lowest, int64_t highest, uint64_t count)
{
    struct encoder *e = data;
    (void)highest;
    int64_t index = index_of(lowest);
    int64_t zeros = index - e->next;
    if (zeros > 0)
        put_number(e, zeros == 1 ? 0 : -zeros);
    put_number(e, count < (uint64_t)INT64_MAX ? (int64_t)count : INT64_MAX);
    e->next = index + 1;
}

static void put_head(uint8_t *head, size_t payload)
{
    static const uint8_t one[8] = {0x3F, 0xF0}; /* 1.0 */
    big_endian(head, COOKIE, 4);
    big_endian(head + 4, payload, 4);
    big_endian(head + 8, 0, 4); /* offset of the indices */
    big_endian(head + 12, DIGITS, 4);
    big_endian(head + 16, 1, 8); /* lowest */
    big_endian(head + 24, HIGHEST, 8);
    memcpy(head + 32, one, sizeof one); /* what a value counts */
}

static char *base64(const uint8_t *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = malloc((length + 2) / 3 * 4 + 1);
    if (text == NULL)
        return NULL;
    char *to = text;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? bytes[i + 2] : 0;
        *to++ = digits[group >> 18];
        *to++ = digits[group >> 12 & 63];
        *to++ = left > 1 ? digits[group >> 6 & 63] : '=';
        *to++ = left > 2 ? digits[group & 63] : '=';
    }
    *to = '\0';
    return text;
}

static char *compress_whole(const uint8_t *bytes, size_t length)
{
    uLongf size = compressBound(length);
    uint8_t *compressed = malloc(COMPRESSED_HEAD + size);
    char *text = NULL;
    if (compressed != NULL &&
        compress(compressed + COMPRESSED_HEAD, &size, bytes, length) == Z_OK) {
        big_endian(compressed, COMPRESSED_COOKIE, 4);
        big_endian(compressed + 4, size, 4);
        text = base64(compressed, COMPRESSED_HEAD + size);
    }
    free(compressed);
    return text;
}

char *hdr_encode(const stressor_snapshot_api *api, const stressor_histogram *histogram)
{
    struct encoder e = {.used = HEAD, .size = 1024};
    e.bytes = malloc(e.size);
    e.failed = e.bytes == NULL;
    if (!e.failed)
        api->buckets(histogram, put_bucket, &e);
    char *text = NULL;
    if (!e.failed) {
        put_head(e.bytes, e.used - HEAD);
        text = compress_whole(e.bytes, e.used);
    }
    free(e.bytes);
    return text;
}
