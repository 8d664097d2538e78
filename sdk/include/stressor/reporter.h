/*
 * reporter.h -- reporters: plugins that show or write the results of a run.
 *
 * All reporters of a run live on one thread of its own, in this order of calls:
 * open, tick (about once a second), end (once, with the final figures), close.
 * Snapshots are immutable and counted: keep one beyond the call with
 * stressor.snapshot/1's `retain`.
 */
#ifndef STRESSOR_REPORTER_H
#define STRESSOR_REPORTER_H

#include <stressor/abi.h>
#include <stressor/schema.h>
#include <stressor/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

enum stressor_stop {
    STRESSOR_STOP_NONE = 0,
    STRESSOR_STOP_GRACEFUL = 1, /* running activities are cancelled, `end` runs */
    STRESSOR_STOP_NOW = 2       /* sessions end where they are */
};

/* Takes a document piece by piece; negative: it cannot be written, stop. [reporter] */
typedef int32_t (*stressor_sink)(void *data, const char *bytes, uint64_t length);

/* What a reporter may ask the run for. [reporter] */
typedef struct stressor_control {
    uint32_t size;
    uint32_t reserved;
    const stressor_host *host;
    void (*stop)(const struct stressor_control *control, uint32_t how); /* enum stressor_stop */
    /* Lets another reporter write its document to `sink`. STRESSOR_ENOENT: no such kind. */
    int32_t (*render)(const struct stressor_control *control, const char *kind, stressor_sink sink,
                      void *data);
    /* Some of the sessions, in their order: `filter` (may be NULL) is searched in their id, user
     * and path. Answers with the rows through `each`. */
    int32_t (*sessions_page)(const struct stressor_control *control, uint64_t offset,
                             uint64_t limit, const char *filter,
                             void (*each)(void *data, const stressor_session_row *row), void *data);
} stressor_control;

typedef struct stressor_reporter_type {
    uint32_t size;
    uint32_t args_count;
    const char *kind; /* "json": chosen by --report json[=PATH] */
    const char *help; /* one sentence, no full stop */
    const stressor_arg *const *args;
    /* 0, or negative after having logged why. `path` is NULL when the user gave none. */
    int32_t (*open)(void *plugin, const stressor_control *control, const char *path,
                    void **reporter);
    void (*tick)(void *reporter, const stressor_snapshot *snapshot);
    int32_t (*end)(void *reporter, const stressor_snapshot *snapshot);
    int32_t (*render)(void *reporter, const stressor_snapshot *snapshot, stressor_sink sink,
                      void *data); /* may be NULL */
    void (*close)(void *reporter);
} stressor_reporter_type;

#ifdef __cplusplus
}
#endif

#endif
