/*
 * failure -- whose fault it is when no answer came, and in which words.
 */
#ifndef HTTP_FAILURE_H
#define HTTP_FAILURE_H

#include "http.h"

/* Fills in the failure of an exchange that ended with an error. */
void failure_of(struct http_call *c, const struct transport_response *response,
                stressor_failure *failure);

#endif
