/*
 * guard -- who is answered. The monitor has no password: it listens on the loopback interface
 * unless told otherwise, and takes care that no page of another origin can use the browser of
 * somebody who reaches it.
 */
#ifndef CONTRIB_MONITOR_GUARD_H
#define CONTRIB_MONITOR_GUARD_H

#include <stdbool.h>

#include <common/address.h>

#define TOKEN_SIZE 33 /* 128 random bits in hexadecimal, and NUL */

/* Is a Host header one of ours: a name that address_serves, with our port? A name of somebody
 * else's that leads to this address (DNS rebinding) is not. NULL: no. */
bool guard_host(const struct address *a, const char *host);
/* Did a page of ours ask, or no page at all? `origin` is the Origin header, or NULL; `host` the
 * Host header. */
bool guard_origin(const char *origin, const char *host);
/* False with errno set: the system has no random numbers. */
bool guard_token_new(char token[TOKEN_SIZE]);
/* NULL: no. */
bool guard_token_is(const char token[TOKEN_SIZE], const char *given);

#endif
