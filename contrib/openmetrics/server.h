/*
 * server -- answers GET /metrics with the latest snapshot, on a thread of its own.
 */
#ifndef CONTRIB_OPENMETRICS_SERVER_H
#define CONTRIB_OPENMETRICS_SERVER_H

#include <stddef.h>

#include <common/address.h>

#include <stressor/snapshot.h>

struct server;

/* Enough for many thousand activities. */
#define SERVER_BYTES_MOST ((size_t)256 << 20)

/* Listens; puts the port that it got into the address. NULL with errno set. Readers of the same
 * snapshot share one text; all texts that are still being read have no more than `bytes_most`
 * bytes: who asks for one more is told to come again (503). */
struct server *server_new(const stressor_snapshot_api *api, struct address *address,
                          size_t bytes_most);
/* Keeps the snapshot until the next. [any] */
void server_show(struct server *s, const stressor_snapshot *snapshot);
/* Answers nobody any more. NULL is fine. */
void server_free(struct server *s);

#endif
