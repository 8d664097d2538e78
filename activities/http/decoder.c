#include "decoder.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_BITS = 15 + 16, ZLIB_BITS = 15, DEFLATE_BITS = -15, PIECE_BYTES = 16384 };

struct decoder {
    z_stream z;
    bool is_gzip;
    bool has_begun; /* z is to be freed */
    bool is_over;
    bool is_followed; /* by what is no other stream */
    char head[2]; /* of deflate: with zlib's header, as it should be, or without, as it is often? */
    size_t head_length;
};

bool decoder_new(const char *coding, struct decoder **out, bool *failed)
{
    bool is_gzip = strcasecmp(coding, "gzip") == 0 || strcasecmp(coding, "x-gzip") == 0;
    *out = NULL;
    *failed = false;
    if (*coding == '\0' || strcasecmp(coding, "identity") == 0 || strcasecmp(coding, "none") == 0)
        return true;
    if (!is_gzip && strcasecmp(coding, "deflate") != 0)
        return false;
    *out = calloc(1, sizeof **out);
    *failed = *out == NULL;
    if (*out != NULL)
        (*out)->is_gzip = is_gzip;
    return true;
}

void decoder_free(struct decoder *d)
{
    if (d != NULL && d->has_begun)
        inflateEnd(&d->z);
    free(d);
}

bool decoder_is_over(const struct decoder *d)
{
    return d->is_over;
}

static enum decoder_error begin(struct decoder *d)
{
    unsigned high = (unsigned char)d->head[0], low = (unsigned char)d->head[1];
    bool is_zlib = (high & 15) == Z_DEFLATED && (high * 256 + low) % 31 == 0;
    int bits = d->is_gzip ? GZIP_BITS : is_zlib ? ZLIB_BITS : DEFLATE_BITS;
    int rc = inflateInit2(&d->z, bits);
    d->has_begun = rc == Z_OK;
    return rc == Z_OK ? DECODER_OK : DECODER_MEMORY;
}

/* What follows a gzip stream is another one, or is passed over, as browsers do. */
static bool goes_on(struct decoder *d)
{
    if (!d->is_over)
        return true;
    if (!d->is_gzip || d->is_followed || d->z.avail_in == 0)
        return false;
    if (*d->z.next_in != 0x1f) {
        d->is_followed = true;
        return false;
    }
    d->is_over = false;
    return inflateReset(&d->z) == Z_OK;
}

static enum decoder_error inflate_all(struct decoder *d, const char *bytes, size_t length,
                                      bool (*take)(void *data, const char *bytes, size_t length),
                                      void *data)
{
    char piece[PIECE_BYTES];
    d->z.next_in = (const Bytef *)bytes;
    d->z.avail_in = (uInt)length;
    while (goes_on(d)) {
        d->z.next_out = (Bytef *)piece;
        d->z.avail_out = sizeof piece;
        int rc = inflate(&d->z, Z_NO_FLUSH);
        size_t made = sizeof piece - d->z.avail_out;
        if (made > 0 && !take(data, piece, made))
            return DECODER_REFUSED;
        d->is_over = rc == Z_STREAM_END;
        if (rc == Z_BUF_ERROR || (rc == Z_OK && d->z.avail_in == 0 && d->z.avail_out > 0))
            break; /* more is to come */
        if (rc != Z_OK && rc != Z_STREAM_END)
            return rc == Z_MEM_ERROR ? DECODER_MEMORY : DECODER_MALFORMED;
    }
    return DECODER_OK;
}

enum decoder_error decoder_write(struct decoder *d, const char *bytes, size_t length,
                                 bool (*take)(void *data, const char *bytes, size_t length),
                                 void *data)
{
    enum decoder_error error = DECODER_OK;
    if (!d->has_begun) {
        while (!d->is_gzip && d->head_length < sizeof d->head && length > 0) {
            d->head[d->head_length++] = *bytes++;
            length--;
        }
        if (!d->is_gzip && d->head_length < sizeof d->head)
            return DECODER_OK;
        error = begin(d);
        if (error == DECODER_OK && d->head_length > 0)
            error = inflate_all(d, d->head, d->head_length, take, data);
    }
    return error == DECODER_OK ? inflate_all(d, bytes, length, take, data) : error;
}
