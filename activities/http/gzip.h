/*
 * gzip -- bytes compressed in one go.
 */
#ifndef HTTP_GZIP_H
#define HTTP_GZIP_H

#include "buf.h"

/* Appends `plain`, which must not lie in `out`, as a gzip file without name and date. False: out
 * of memory. */
bool gzip_append(struct buf *out, struct span plain);

#endif
