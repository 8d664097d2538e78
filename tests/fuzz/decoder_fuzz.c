/*
 * The input is a byte that chooses the coding, one that tells how much comes at a time, and a
 * compressed body. It decompresses to the same in pieces as at once.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "decoder.h"

enum { INPUT_MAX = 20000, OUTPUT_MAX = 4 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool take(void *data, const char *bytes, size_t length)
{
    return buf_append(data, bytes, length);
}

/* `step` bytes at a time, each a copy of its own, so that reading past its end is seen. */
static enum decoder_error decode(const char *coding, const uint8_t *data, size_t size, size_t step,
                                 struct buf *out, bool *over)
{
    struct decoder *d;
    bool failed;
    enum decoder_error error = DECODER_OK;
    require(decoder_new(coding, &d, &failed) && d != NULL && !failed);
    for (size_t i = 0; i < size && error == DECODER_OK; i += step) {
        size_t length = size - i < step ? size - i : step;
        char *copy = malloc(length);
        require(copy != NULL);
        memcpy(copy, data + i, length);
        error = decoder_write(d, copy, length, take, out);
        free(copy);
    }
    *over = decoder_is_over(d);
    decoder_free(d);
    return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const codings[] = {"gzip", "deflate", "X-GZip", "DEFLATE"};
    struct buf whole, pieces;
    bool whole_over, pieces_over;
    if (size < 2 || size > INPUT_MAX)
        return 0;
    const char *coding = codings[data[0] % 4];
    size_t step = data[1] % 64 + 1u;
    buf_init(&whole, OUTPUT_MAX);
    buf_init(&pieces, OUTPUT_MAX);
    enum decoder_error at_once = decode(coding, data + 2, size - 2, INPUT_MAX, &whole, &whole_over);
    enum decoder_error bit_by_bit = decode(coding, data + 2, size - 2, step, &pieces, &pieces_over);
    require(at_once == bit_by_bit);
    require(at_once != DECODER_MEMORY);
    if (at_once == DECODER_OK) {
        require(whole_over == pieces_over && whole.length == pieces.length);
        require(whole.length == 0 || memcmp(whole.data, pieces.data, whole.length) == 0);
    }
    buf_finish(&whole);
    buf_finish(&pieces);
    return 0;
}
