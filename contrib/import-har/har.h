/*
 * har -- a recording (HAR 1.2), entry by entry, as it is read.
 *
 * What an entry holds is borrowed until its callback returns. Fields that are missing, null or of
 * another type than they should be are as if they were not there: NULL, 0, or -1 where that is
 * said. Entries come in the order of the file.
 *
 *     struct har *h = har_new(take, data);
 *     while (good && (n = read(...)) > 0)
 *         good = har_feed(h, bytes, n);
 *     good = good && har_end(h);
 *     if (!good) puts(har_error(h));
 *     har_free(h);
 */
#ifndef IMPORT_HAR_HAR_H
#define IMPORT_HAR_HAR_H

#include <stdint.h>

#include "text.h"

enum {
    HAR_ENTRIES_MAX = 200000,
    HAR_PAIRS_MAX = 2000, /* headers of one message, parameters of one body; the rest is left out */
    HAR_ENTRY_BYTES_MAX = 64 << 20 /* of the fields of one entry */
};

struct har_pair {
    struct span name, value;
    struct span file, type; /* of a parameter that is a file */
};

struct har_list {
    struct har_pair *items;
    size_t count, size;
};

struct har_message {
    struct har_list headers;
    struct span type;     /* of the body */
    struct span text;     /* of the body, decoded from base64 */
    struct span encoding; /* of the text as recorded */
    double size;          /* of the body; -1: not told */
    bool cut;             /* the text was too long, and is not all there */
};

struct har_entry {
    uint64_t number; /* 0, 1, … in the file */
    struct span started, method, url, redirect, from_cache;
    double duration_ms; /* -1: not told */
    double status;      /* -1: not told */
    struct har_message request, response;
    struct har_list params; /* of the request's body */
};

/* False: stop. */
typedef bool (*har_take)(void *data, const struct har_entry *entry);

struct har *har_new(har_take take, void *data); /* NULL: out of memory */
/* Bodies of answers are not wanted: they are read past, which is faster. */
void har_skip_bodies(struct har *h);
void har_free(struct har *h); /* NULL is fine */
bool har_feed(struct har *h, const char *bytes, size_t length);
bool har_end(struct har *h);
/* "" where the callback stopped it. */
const char *har_error(const struct har *h);
/* Entries so far. */
uint64_t har_entries(const struct har *h);

/* The value of a header; `.ptr` is NULL where there is none. */
struct span har_header(const struct har_list *headers, const char *name);
/* Milliseconds since 1970 of an ISO 8601 time; NAN where it is none. */
double har_time_ms(struct span text);

#endif
