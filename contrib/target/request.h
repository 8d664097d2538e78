/*
 * request -- one request while it is served, and the ways to answer it.
 *
 * A handler makes a response, perhaps adds headers to it, and returns answer(...), which queues
 * the one answer of the request and counts it. Where memory runs out the response is NULL and
 * the connection is closed.
 */
#ifndef TARGET_REQUEST_H
#define TARGET_REQUEST_H

#include "server.h"

#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>

struct request {
    struct delay delay; /* first: the heap gives it back as the request */
    struct server *server;
    struct MHD_Connection *connection;
    const char *method;
    const char *path;       /* decoded */
    const char *rest;       /* of the path, behind the route's prefix */
    unsigned route;         /* place in the table of routes; routes_count: unknown */
    char *body;             /* body_size bytes and a NUL; NULL when there are none */
    size_t body_size;       /* at most BODY_MAX */
    size_t body_room;       /* bytes allocated */
    uint64_t body_received; /* also what was read away */
    uint64_t answer_size;   /* bytes of the answer's body, set by whoever makes the response */
    bool suspended;
    bool waited; /* request_wait is over */
    bool answered;
};

/* `constant` lives as long as the program. */
struct MHD_Response *response_text(struct request *r, const char *constant, const char *type);
/* Takes the value's reference. NULL: out of memory, or `value` is NULL. */
struct MHD_Response *response_json(struct request *r, json_t *value);
/* {"error": TEXT}; what is not printable ASCII becomes a question mark. */
struct MHD_Response *response_error(struct request *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Takes the response. */
enum MHD_Result answer(struct request *r, unsigned status, struct MHD_Response *response);

/* Adds to what is received of the body, or reads it away when it is over BODY_MAX. False: out of
 * memory, or over BODY_DRAIN_MAX. */
bool request_receive(struct request *r, const char *bytes, size_t size);

/* Waits without holding up others; the handler is then called again, with `waited` set. */
enum MHD_Result request_wait(struct request *r, int64_t duration_ns);

#endif
