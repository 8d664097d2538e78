/*
 * hub -- between the thread of the reporters, which brings a snapshot each second, and the viewers,
 * each on a thread of its own.
 *
 * Nothing that a viewer does delays the reporters: hub_show only exchanges a pointer. A viewer
 * takes the newest state when it has sent the one before, however long that took; those between
 * are left out. A state is rendered once for all viewers, by the first who wants it, and not at all
 * when nobody looks.
 */
#ifndef CONTRIB_MONITOR_HUB_H
#define CONTRIB_MONITOR_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/snapshot.h>

#define HUB_VIEWERS_MOST 32

struct hub;

/* A state as a server-sent event. Shared and counted. */
struct event {
    unsigned references; /* the hub's own business */
    uint64_t version;    /* grows from state to state */
    size_t size;
    char *bytes;
};

struct hub *hub_new(const stressor_snapshot_api *api); /* NULL: out of memory */
void hub_free(struct hub *hub); /* nobody may use it any more; NULL is fine */

/* Keeps the snapshot until the next. [any] */
void hub_show(struct hub *hub, const stressor_snapshot *snapshot);
/* For the caller to release; NULL: there is none yet. [any] */
const stressor_snapshot *hub_latest(struct hub *hub);

/* A viewer comes; false: there are too many. [any] */
bool hub_enter(struct hub *hub);
void hub_leave(struct hub *hub);

enum hub_news { HUB_STATE, HUB_NOTHING, HUB_CLOSED, HUB_FAILED };

/* Waits for a state newer than `version`, but no longer than timeout_ns. HUB_STATE: `*event`, for
 * the caller to give back with hub_drop; HUB_FAILED: out of memory. [any] */
enum hub_news hub_wait(struct hub *hub, uint64_t version, int64_t timeout_ns, struct event **event);
void hub_drop(struct hub *hub, struct event *event); /* NULL is fine */

/* All who wait, now or later, get HUB_CLOSED. [any] */
void hub_close(struct hub *hub);

#endif
