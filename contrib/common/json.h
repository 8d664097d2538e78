/*
 * json -- writes a JSON document piece by piece.
 *
 *     struct json j;
 *     json_begin(&j, &out);
 *     json_put_map(&j, NULL);
 *     json_put_text(&j, "name", name);
 *     json_put_list(&j, "rows");
 *     …
 *     json_put_end(&j);
 *     json_put_end(&j);
 *
 * A writer of our own and no library, since those build the whole document first: a run may have
 * 10,000 rows with histograms. `key` is NULL within a list, and for the whole document.
 */
#ifndef CONTRIB_COMMON_JSON_H
#define CONTRIB_COMMON_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "out.h"

#define JSON_DEPTH 32 /* of nesting, at most */

struct json {
    struct out *out;
    uint32_t depth;
    char ends[JSON_DEPTH];    /* what closes each level */
    bool started[JSON_DEPTH]; /* it has members: the next needs a comma */
};

void json_begin(struct json *j, struct out *out);

void json_put_map(struct json *j, const char *key);
void json_put_list(struct json *j, const char *key);
void json_put_end(struct json *j); /* of the innermost */

/* NULL: null. Malformed UTF-8 becomes U+FFFD; the text is safe within HTML's <script> too. */
void json_put_text(struct json *j, const char *key, const char *text);
/* At most INT64_MAX, which is what readers can take. */
void json_put_count(struct json *j, const char *key, uint64_t n);
void json_put_int(struct json *j, const char *key, int64_t n);
/* null where it is not finite. */
void json_put_real(struct json *j, const char *key, double x);
void json_put_bool(struct json *j, const char *key, bool yes);
void json_put_null(struct json *j, const char *key);

#endif
