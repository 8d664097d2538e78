/*
 * server -- serves the page, the events, the tables and the reports of a run, and takes the orders
 * to stop it. A thread for each connection, so that nobody waits for a slow one.
 *
 *     GET  /                      the page; its files beside it
 *     GET  /events                a server-sent event each second: state.h
 *     GET  /table/NAME?…          activities, sequences, sessions: tables.h
 *     GET  /report.KIND           json, html: the latest snapshot as that report
 *     POST /stop, /abort          with the page's token in X-Stressor-Token
 */
#ifndef CONTRIB_MONITOR_SERVER_H
#define CONTRIB_MONITOR_SERVER_H

#include <common/address.h>

#include <stressor/reporter.h>

#include "hub.h"

struct server;

/* Listens, and puts the port that it got into the address. `hub` and `control` must outlive it.
 * NULL with errno set. */
struct server *server_new(const stressor_snapshot_api *api, const stressor_control *control,
                          struct hub *hub, struct address *address);
/* Answers nobody any more; closes the hub. NULL is fine. */
void server_free(struct server *s);

#endif
