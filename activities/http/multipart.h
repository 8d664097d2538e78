/*
 * multipart -- bodies of the kind multipart/form-data.
 *
 * A part is a text (or another value, in its text form), or a map that says more: `file`, a path
 * beneath the scenario's folder, or `text`; `name`, the file's for the server; `type`, of the
 * content. A null is no part, a list gives its field several. Files are read whole.
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http.h"

/* Makes the Content-Type of this process, with its boundary. False: there are no random bytes. */
bool multipart_init(struct http_plugin *plugin);

/* Appends the body that ARG_MULTIPART describes. Negative or STRESSOR_FAILED: `failure` says why.
 */
int32_t multipart_append(struct http_call *c, struct buf *out, stressor_failure *failure);

/* Looks at a constant: is each part well formed, and can each file be opened? Says in `text` what
 * is wrong. [main] */
bool multipart_check(const stressor_host *host, stressor_plan *plan, const stressor_value *parts,
                     char *text, size_t text_size);

#endif
