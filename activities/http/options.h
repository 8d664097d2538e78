/*
 * options -- arguments and settings that say how requests are sent: HTTP version, client
 * certificate, proxy, addresses, connections, TLS, DNS.
 *
 * A session reads its settings once, when it begins; the arguments of a request override them.
 */
#ifndef HTTP_OPTIONS_H
#define HTTP_OPTIONS_H

#include "http.h"

/* What is wrong with a value of the right type, in words, some of them in `text`; NULL: nothing. */
const char *options_problem(const stressor_host *host, enum http_option option,
                            const stressor_value *value, char *text, size_t text_size);
/* Why a file that a constant names cannot be read; NULL: it can. [main] */
const char *options_file_problem(enum http_option option, const stressor_value *value);

/* Reads those of the session. Negative: it was logged why. */
int32_t options_open(struct http_session *s, stressor_exec *exec);
/* The step of request_build that fills in call->request.options. */
int32_t options_build(struct http_call *c, stressor_failure *failure);

#endif
