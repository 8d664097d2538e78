/*
 * charset -- the body of an answer as UTF-8 text.
 *
 * The charset that the Content-Type names, else UTF-8 where the bytes are valid as that, else
 * Latin-1. What a charset cannot say becomes U+FFFD. A byte order mark is left out.
 */
#ifndef HTTP_CHARSET_H
#define HTTP_CHARSET_H

#include "buf.h"

/* `content_type` may be NULL. `*text` is `body` itself, or lies in `out`, which is overwritten.
 * False: out of memory. */
bool charset_text(const char *content_type, struct span body, struct buf *out, struct span *text);

bool charset_is_utf8(struct span bytes);

#endif
