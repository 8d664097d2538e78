/*
 * url -- a reference resolved against a base by RFC 3986 section 5, made fit to be sent.
 *
 * Characters that a URL must not hold are percent-encoded as UTF-8, escapes that are there are
 * kept, dot segments are removed, the fragment is dropped. Name and password of the authority
 * are taken out, so that `text` may be shown and compared.
 */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include "buf.h"

enum { URL_LENGTH_MAX = 1 << 20 };

enum url_error {
    URL_OK = 0,
    URL_RELATIVE, /* and the base is not absolute */
    URL_SCHEME,   /* neither http nor https */
    URL_HOST,     /* no host, or one with characters that no host has, or no IPv6 address */
    URL_PORT,     /* no number, or above 65535 */
    URL_USER,     /* NUL in name or password */
    URL_LENGTH,   /* longer than URL_LENGTH_MAX */
    URL_MEMORY
};

struct url {
    struct buf text;
    struct buf name; /* decoded; meaningful when has_name */
    struct buf password;
    bool has_name;
    size_t origin_length; /* of "scheme://host:port" in text */
    struct buf merged;    /* scratch */
};

void url_init(struct url *u);
void url_finish(struct url *u);
bool url_copy(struct url *to, const struct url *from);

/* `base` and `ref` may have white space around them and must not lie in `out`. An empty base:
 * none. */
enum url_error url_resolve(struct span base, struct span ref, struct url *out);

/* What is wrong, in words that go after the URL: "is relative, and there is no base_url". */
const char *url_error_text(enum url_error error);

/* Is it absolute, so that no base is needed? */
bool url_is_absolute(struct span url);

/* Would credentials meant for `a` go to the same place at `b`? The same scheme, host and port, or
 * the step from http to https on the usual ports. */
bool url_same_origin(const struct url *a, const struct url *b);

/* Appends it with the password of its authority masked. */
void url_show(struct span url, struct buf *out);

#endif
