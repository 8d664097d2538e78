/*
 * resolver -- the addresses of a server's name, found without holding up the worker.
 *
 * One for each worker. A name is looked up once for all that ask for it at the same time, and its
 * addresses are kept for RESOLVER_TTL_S; a failed lookup is kept for nobody.
 */
#ifndef CLIENT_RESOLVER_H
#define CLIENT_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>

#include <stressor/loop.h>

enum {
    RESOLVER_TTL_S = 60,
    RESOLVER_ADDRESSES_MAX = 8, /* of a name; more are left out */
    RESOLVER_ADDRESS_SIZE = 80, /* with the zone, and the NUL */
    RESOLVER_NAME_MAX = 253,
    RESOLVER_NAMES_MAX = 256 /* kept by a worker */
};

struct resolver;

struct resolver_answer {
    size_t count; /* 0: there are none, and `error` says why */
    char addresses[RESOLVER_ADDRESSES_MAX][RESOLVER_ADDRESS_SIZE];
    char error[128];
};

/* Somebody who waits for an answer; part of the asker's own struct. */
struct resolver_wait {
    struct resolver_wait *next;
    struct resolver_name *name;                                     /* NULL: does not wait */
    void (*done)(void *data, const struct resolver_answer *answer); /* [worker] */
    void *data;
};

enum resolver_status {
    RESOLVER_FOUND,   /* `answer` is filled in */
    RESOLVER_PENDING, /* `done` will be called, with an answer that is valid until it returns */
    RESOLVER_NO_MEMORY
};

/* Is it an address, and no name? */
bool resolver_is_address(const char *text);

/* NULL: out of memory. [worker] */
struct resolver *resolver_new(const stressor_loop_api *loop, stressor_worker *worker);
void resolver_free(struct resolver *r); /* NULL is fine. Nobody waits any more. [worker] */
/* Addresses are answered at once. [worker] */
enum resolver_status resolver_ask(struct resolver *r, const char *name, struct resolver_wait *wait,
                                  struct resolver_answer *answer);
void resolver_leave(struct resolver_wait *wait); /* fine when it does not wait. [worker] */

#endif
