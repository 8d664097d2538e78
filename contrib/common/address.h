/*
 * address -- where a reporter listens, as users write it: "9464", ":9464", "127.0.0.1:9464",
 * "[::1]:9464", "localhost:9464". Port 0 is any that is free. Without an address it is 127.0.0.1.
 */
#ifndef CONTRIB_COMMON_ADDRESS_H
#define CONTRIB_COMMON_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum address_reading {
    ADDRESS_FINE,
    ADDRESS_NONE, /* it does not look like one: a path */
    ADDRESS_WRONG /* it does, but there is no such port or address */
};

/* What would be right, for messages. */
#define ADDRESS_FORMS "such as %s, 127.0.0.1:%s or [::1]:%s; 0: a free one"

struct address {
    struct sockaddr_storage at;
    socklen_t size;
};

#define ADDRESS_TEXT 80

/* What begins with a digit and has neither '.' nor '/' (9464x) is taken for a mistyped port, and
 * what begins with an address or ":" for a mistyped address; "./9464x" is a path. */
enum address_reading address_read(const char *text, struct address *out);
/* A socket that listens there; puts the port that it got into the address. -1 with errno set. */
int address_listen(struct address *a);
/* "127.0.0.1:9464", "[::1]:9464" */
void address_text(const struct address *a, char out[ADDRESS_TEXT]);
/* The same for whoever is on this machine: the loopback address where it is any. */
void address_text_here(const struct address *a, char out[ADDRESS_TEXT]);
bool address_is_loopback(const struct address *a);

/* May a request with this Host header be answered? Pages of other origins can make a browser ask
 * us under a name of theirs; so the host must be localhost, an address (on the loopback interface
 * only a loopback address), or the machine's own name. NULL: no. */
bool address_serves(const struct address *a, const char *host);

#endif
