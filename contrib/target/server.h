/*
 * server -- the HTTP server on 127.0.0.1: libmicrohttpd driven from the caller's own loop.
 *
 * Everything happens on the thread that calls: nothing here needs a lock. Waiting answers
 * (/delay) are suspended connections, so they hold up nobody.
 */
#ifndef TARGET_SERVER_H
#define TARGET_SERVER_H

#include "delays.h"
#include "logins.h"
#include "stats.h"
#include "store.h"

#include <stdint.h>

struct MHD_Daemon;
struct request;

struct server {
    struct MHD_Daemon *daemon;
    uint16_t port;
    struct store store;
    struct logins logins;
    struct delays delays;
    struct stats stats;
};

/* Listens; port 0 takes a free one, which `port` then says. NULL with errno set. */
struct server *server_new(uint16_t port);
/* Closes all connections. NULL is fine. */
void server_free(struct server *s);

/* What to poll for reading before server_step. */
int server_fd(const struct server *s);
/* Nanoseconds after which server_step is due anyway; negative: no need. */
int64_t server_wait_ns(struct server *s);
/* Serves what is ready. */
void server_step(struct server *s);

/* Counts a request that has been answered. */
void server_count(struct server *s, const struct request *r, unsigned status);

#endif
