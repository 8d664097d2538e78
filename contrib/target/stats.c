#include "stats.h"

#include <stdio.h>
#include <string.h>

static const char *const methods[STATS_METHODS] = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "other",
};

void stats_count(struct stats *s, const char *method, unsigned status, unsigned route,
                 uint64_t received, uint64_t sent)
{
    unsigned m = 0;
    while (m < STATS_METHODS - 1 && strcmp(methods[m], method) != 0) {
        m++;
    }
    s->requests++;
    s->bytes_received += received;
    s->bytes_sent += sent;
    s->by_method[m]++;
    s->by_status[status < 600 ? status : 0]++;
    s->by_route[route < STATS_ROUTES ? route : STATS_ROUTES]++;
}

static int put(json_t *object, const char *name, uint64_t count)
{
    return json_object_set_new(object, name, json_integer((json_int_t)count));
}

/* Puts a group of counts under `name`; a failure shows in the return value. */
static int put_group(json_t *all, const char *name, json_t *group, int failed)
{
    return json_object_set_new(all, name, group) || failed;
}

json_t *stats_json(const struct stats *s, const char *(*route_name)(unsigned route))
{
    json_t *all = json_object();
    int failed = put(all, "requests", s->requests) || put(all, "aborted", s->aborted) ||
                 put(all, "connections", s->connections) ||
                 put(all, "connections_open", s->connections_open) ||
                 put(all, "bytes_received", s->bytes_received) ||
                 put(all, "bytes_sent", s->bytes_sent);
    json_t *group = json_object();
    int bad = 0;
    for (unsigned i = 0; i < STATS_METHODS; i++) {
        bad |= s->by_method[i] && put(group, methods[i], s->by_method[i]);
    }
    failed |= put_group(all, "by_method", group, bad);

    group = json_object();
    bad = 0;
    for (unsigned i = 0; i < 600; i++) {
        char name[8];
        snprintf(name, sizeof name, "%u", i);
        bad |= s->by_status[i] && put(group, name, s->by_status[i]);
    }
    failed |= put_group(all, "by_status", group, bad);

    group = json_object();
    bad = 0;
    for (unsigned i = 0; i <= STATS_ROUTES; i++) {
        bad |= s->by_route[i] &&
               put(group, i < STATS_ROUTES ? route_name(i) : "unknown", s->by_route[i]);
    }
    failed |= put_group(all, "by_route", group, bad);
    if (failed) {
        json_decref(all);
        return NULL;
    }
    return all;
}
