/*
 * answer -- what came back, in the forms that checks, results and messages need. Each is made
 * when first asked for.
 */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "http.h"

/* The body as UTF-8. False: out of memory. */
bool answer_text(struct http_call *c, const struct transport_response *response, struct span *out);
/* The body as JSON: 0 with `*out`; else STRESSOR_ESYNTAX with `error`, or STRESSOR_ENOMEM. */
int32_t answer_json(struct http_call *c, const struct transport_response *response,
                    stressor_value *out, stressor_value *error);
/* The headers as a map: repeated ones joined by ", ", under the name of the first. With `mask`,
 * secrets are replaced by "***", else marked. 0 or STRESSOR_ENOMEM. */
int32_t answer_headers(struct http_call *c, bool mask, stressor_value *out);
/* Fills in those facets of the result that somebody wants. False: out of memory. */
bool answer_result(struct http_call *c, const struct transport_response *response,
                   stressor_result *result);
/* Is it the name of a header that must not be shown? */
bool answer_is_secret_header(struct span name);

/* Logs the exchange, line by line. */
void answer_log(struct http_call *c, const struct transport_response *response);

#endif
