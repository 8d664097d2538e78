/*
 * pairs -- what is encoded in URLs, forms and multipart bodies, taken apart.
 */
#ifndef IMPORT_HAR_PAIRS_H
#define IMPORT_HAR_PAIRS_H

#include "text.h"

enum { PAIRS_MAX = 10000, PAIRS_COMPARED_MAX = 500 };

struct pair {
    struct span name, value;
    /* Of a part of a multipart body; `.ptr` is NULL where it does not say. */
    struct span file, type;
    bool has_value; /* there was a '=' */
};

struct pairs {
    struct pair *items;
    size_t count, size;
    bool exact;     /* encoded again it is the same */
    bool no_memory; /* or more than PAIRS_MAX */
};

struct url {
    struct span origin;   /* "http://host:port" in small letters, without a default port */
    struct span path;     /* from its '/' on; "/" where there is none */
    struct span query;    /* behind the '?'; `.ptr` is NULL where there is none */
    struct span userinfo; /* as it is written; `.ptr` is NULL where there is none */
    bool no_memory;       /* was why it could not be read */
};

/* False: no http or https URL, or no memory. */
bool url_read(struct pool *pool, struct span text, struct url *out);
/* What `ref`, of a redirect, leads to from `base`: absolute, without a fragment. */
struct span url_follow(struct pool *pool, const struct url *base, struct span ref);

/* %XX, and '+' where `plus`. `.ptr` is NULL without memory. */
struct span percent_decode(struct pool *pool, struct span s, bool plus);

/* a=1&b=2, decoded. */
void pairs_of_query(struct pool *pool, struct span query, struct pairs *out);
/* False: it is not of the form that the type, multipart/form-data; boundary=…, says. */
bool pairs_of_multipart(struct pool *pool, struct span type, struct span body, struct pairs *out);
struct pair *pairs_add(struct pool *pool, struct pairs *p);
/* Does a name come twice? Of more than PAIRS_COMPARED_MAX it is assumed. */
bool pairs_repeat(const struct pairs *p);

#endif
