#include "gzip.h"

#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_WINDOW_BITS = 15 + 16, MEMORY_LEVEL = 8, PIECE_BYTES = 16384, INPUT_BYTES = 1 << 30 };

bool gzip_append(struct buf *out, struct span plain)
{
    z_stream z = {.zalloc = Z_NULL};
    char piece[PIECE_BYTES];
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW_BITS, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    z.next_in = (const Bytef *)plain.ptr;
    size_t left = plain.length;
    int rc = Z_OK;
    do {
        uInt more = z.avail_in == 0 ? (uInt)(left < INPUT_BYTES ? left : INPUT_BYTES) : 0;
        z.avail_in += more;
        left -= more;
        z.next_out = (Bytef *)piece;
        z.avail_out = sizeof piece;
        rc = deflate(&z, left == 0 ? Z_FINISH : Z_NO_FLUSH);
        buf_append(out, piece, sizeof piece - z.avail_out);
    } while (rc == Z_OK && !out->failed);
    deflateEnd(&z);
    return rc == Z_STREAM_END && !out->failed;
}
