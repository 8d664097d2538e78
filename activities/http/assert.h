/*
 * assert -- the clauses that judge an answer: assert_status, assert_match_headers, assert_json,
 * assert_html; and store_header, which keeps parts of it when it has passed them.
 *
 * Each returns 0, or STRESSOR_FAILED with `failure` saying what was expected and what came.
 */
#ifndef HTTP_ASSERT_H
#define HTTP_ASSERT_H

#include "http.h"

/* In this order; stops at the first that fails. */
int32_t assert_all(struct http_call *c, const struct transport_response *response,
                   stressor_failure *failure);

int32_t assert_status(struct http_call *c, const struct transport_response *response,
                      stressor_failure *failure);
int32_t assert_headers(struct http_call *c, const struct transport_response *response,
                       stressor_failure *failure);
int32_t assert_json(struct http_call *c, const struct transport_response *response,
                    stressor_failure *failure);

int32_t assert_html(struct http_call *c, const struct transport_response *response,
                    stressor_failure *failure);

/* Stores what store_header names, all that is there; fails when one is missing. */
int32_t store_headers(struct http_call *c, stressor_failure *failure);

/* The failure of a regex that neither matched nor did not: `rc` is what matching returned. */
int32_t assert_regex_gave_up(struct http_call *c, int32_t rc, stressor_failure *failure);

/* A value in words for a message, cut and without secrets, in scratch memory. */
const char *assert_shown(struct http_call *c, const stressor_value *value);

#endif
