/*
 * server -- answers GET /metrics with the latest snapshot, on a thread of its own.
 */
#ifndef CONTRIB_OPENMETRICS_SERVER_H
#define CONTRIB_OPENMETRICS_SERVER_H

#include <common/address.h>

#include <stressor/snapshot.h>

struct server;

/* Listens; puts the port that it got into the address. NULL with errno set. */
struct server *server_new(const stressor_snapshot_api *api, struct address *address);
/* Keeps the snapshot until the next. [any] */
void server_show(struct server *s, const stressor_snapshot *snapshot);
/* Answers nobody any more. NULL is fine. */
void server_free(struct server *s);

#endif
