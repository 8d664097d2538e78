/*
 * stats -- what the target counted, to be compared with what a client says it did.
 *
 * A request counts when its answer is queued. Requests for /stats, and connections that asked
 * for nothing else, are not counted. One thread.
 */
#ifndef TARGET_STATS_H
#define TARGET_STATS_H

#include <jansson.h>
#include <stdint.h>

#define STATS_ROUTES  24
#define STATS_METHODS 9

struct stats {
    uint64_t requests;
    uint64_t aborted; /* answers, counted in `requests`, that the client did not take in full */
    uint64_t connections;
    uint64_t connections_open;
    uint64_t bytes_received; /* of bodies, as for bytes_sent */
    uint64_t bytes_sent;
    uint64_t by_method[STATS_METHODS];
    uint64_t by_status[600];
    uint64_t by_route[STATS_ROUTES + 1]; /* by place in the table of routes; the last: unknown */
};

/* `route`: its place in the table, STATS_ROUTES when there is none. */
void stats_count(struct stats *s, const char *method, unsigned status, unsigned route,
                 uint64_t received, uint64_t sent);

/* A new JSON object, without the zeros; NULL: out of memory. `route_name` gives a route's name. */
json_t *stats_json(const struct stats *s, const char *(*route_name)(unsigned route));

#endif
