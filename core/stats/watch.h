/*
 * watch -- what the generator, the machine and the watched processes use: read from /proc.
 *
 * Looked at once a second by one thread; a look costs some files of /proc, whatever the run does.
 * An entry is a pid (digits), the path of a pid file (it holds a '/'), or a name: then it stands
 * for all processes of that name (by /proc/PID/comm, or the last part of the first argument), and
 * its figures are their sums. A pid that has ended is not looked for again; a pid file is read at
 * each look, and names are looked for every fifth, and when a process has ended.
 */
#ifndef CORE_STATS_WATCH_H
#define CORE_STATS_WATCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/snapshot.h>

#include "stats/shard.h"

struct watch;

enum {
    WATCH_MAX = 64 /* entries of config.watch */
};

/* A worker whose thread is looked at. */
struct watch_worker {
    pthread_t thread; /* that has not been joined while the watch is used */
    const struct shard *shard;
};

/* `names`: the entries of config.watch (a pid, the path of a pid file, or the name of a process),
 * borrowed, as the workers are. NULL: out of memory. */
struct watch *watch_new(const char *const *names, size_t names_count,
                        const struct watch_worker *workers, size_t workers_count);
/* The same with another folder for /proc, for tests. */
struct watch *watch_new_at(const char *root, const char *const *names, size_t names_count,
                           const struct watch_worker *workers, size_t workers_count);
void watch_free(struct watch *w); /* NULL is fine */
/* Looks; `now_ns` by the monotonic clock. What cannot be read shows as 0, or as a reason. */
void watch_look(struct watch *w, int64_t now_ns);
/* Entry `i` of config.watch, and why there was no such process at the last look; NULL: there was.
 * False: there is no such entry. */
bool watch_wanted(const struct watch *w, size_t i, const char **name, const char **reason);
/* Fills in `processes`, `machine` and `workers` of a snapshot, by the last look. False: out of
 * memory. */
bool watch_show(const struct watch *w, stressor_snapshot *snapshot);

#endif
