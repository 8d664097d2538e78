/*
 * watch_process -- an entry of config.watch, or the generator itself: the processes that it stands
 * for, and the sum of what they use. Belongs to watch; used by its thread only.
 */
#ifndef CORE_STATS_WATCH_PROCESS_H
#define CORE_STATS_WATCH_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/proc.h"

enum {
    WATCH_MEMBERS_MAX = 256, /* processes of one name */
    WATCH_REASON_MAX = 200,  /* bytes */
};

enum watch_kind { WATCH_SELF, WATCH_PID, WATCH_PID_FILE, WATCH_NAME };

/* A process that is looked at. */
struct watch_member {
    int32_t pid;
    uint64_t started;
    uint64_t cpu; /* ticks, and bytes, at the last look */
    uint64_t read, written;
    bool knows_storage;
    uint64_t descriptors, sockets, limit;
    unsigned walk_in; /* looks until its descriptors are counted again */
};

struct watch_process {
    const char *name; /* borrowed */
    enum watch_kind kind;
    struct watch_member *members;
    size_t count, room;
    bool was_found; /* ever */
    char reason[WATCH_REASON_MAX];

    int64_t cpu_ns; /* since it was first looked at, ended processes included */
    double cpu, cpu_max;
    int64_t rated_ns; /* cpu_ns when `cpu` was last told */
    uint64_t memory, memory_max;
    uint64_t threads, descriptors, sockets;
    uint64_t descriptors_limit; /* the least of theirs */
    uint64_t read, written;
};

/* `name` NULL: the generator. */
void watch_process_init(struct watch_process *p, const char *name);
void watch_process_finish(struct watch_process *p);
/* Takes in a process of that name, unless it is there already. Silently not when out of memory. */
void watch_process_offer(struct watch_process *p, int32_t pid, const struct proc_stat *stat,
                         const char *program);
/* Looks at its processes. False: one of them has ended, or there is none. `rate_ns` is how long
 * ago `cpu` was told; 0: not now, as it would be too rough. */
bool watch_process_look(struct watch_process *p, int root, int64_t rate_ns);

#endif
