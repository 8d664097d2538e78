/*
 * reporter.h -- reporters: plugins that show or write the results of a run.
 *
 * A reporter is chosen by its kind: `--report KIND[=PATH]`. The simplest only renders a document
 * (JSON, HTML, …) from a snapshot: then `render` and `extension` are all it needs, and the host
 * writes the file when the run has ended. One that follows the run has `open`, `tick`, `end` and
 * `close` as well (or instead), all on one thread of its own that it shares with the other
 * reporters of the run: open, then tick about once a second (less often where figures and ticks
 * would take more than a tenth of a CPU), then end, once, with the final figures, then close.
 *
 * Snapshots are immutable and counted: keep one beyond the call with stressor.snapshot/1's
 * `retain`.
 */
#ifndef STRESSOR_REPORTER_H
#define STRESSOR_REPORTER_H

#include <stressor/abi.h>
#include <stressor/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

enum stressor_stop {
    STRESSOR_STOP_NONE = 0,
    STRESSOR_STOP_GRACEFUL = 1, /* running activities are cancelled, `end` runs */
    STRESSOR_STOP_NOW = 2       /* sessions end where they are */
};

/* Takes a document piece by piece; negative: it cannot be written, stop. On the thread of
 * whoever asked for the document. */
typedef int32_t (*stressor_sink)(void *data, const char *bytes, uint64_t length);

typedef struct stressor_file stressor_file; /* a report under way; see file_open */

/* What a reporter may ask the run for. Lives from open to close. [any], but for file_… */
typedef struct stressor_control {
    uint32_t size;
    uint32_t reserved;
    const stressor_host *host;
    void (*stop)(const struct stressor_control *control, uint32_t how); /* enum stressor_stop */
    /* Has the document of a kind rendered to `sink`. STRESSOR_ENOENT: nobody renders that kind;
     * else what its render returned. */
    int32_t (*render)(const struct stressor_control *control, const char *kind,
                      const stressor_snapshot *snapshot, stressor_sink sink, void *data);
    /* Sessions that run, by number: `filter` (NULL or "": all) is searched, in any case of ASCII
     * letters, in their id, user, path and last error. Skips `offset` of those, then calls `each`
     * for at most `limit` (1000 at most), on this thread, before it returns; the rows live as
     * long as that call. `*total` (may be NULL) is how many match. Waits for the workers, 2 s at
     * most: STRESSOR_ELIMIT, and no row. */
    int32_t (*sessions_page)(const struct stressor_control *control, uint64_t offset,
                             uint64_t limit, const char *filter, uint64_t *total,
                             void (*each)(void *data, const stressor_session_row *row), void *data);

    /* [reporter] A file that is either whole or not there: it is written under a temporary name
     * beside `path`, and renamed by file_close with keep not 0; else it is removed. "-" is
     * standard output. 0, or STRESSOR_ESYSTEM, STRESSOR_ENOMEM: the reason has been logged, and
     * is remembered as that of this report's failure; later calls fail too then, silently. */
    int32_t (*file_open)(const struct stressor_control *control, const char *path,
                         stressor_file **file);
    int32_t (*file_write)(stressor_file *file, const char *bytes, uint64_t length);
    int32_t (*file_close)(stressor_file *file, int32_t keep);
} stressor_control;

enum stressor_reporter_flag {
    /* It goes on showing the run after its end (a page): the program waits for Ctrl-C then. */
    STRESSOR_REPORTER_STAYS = 0x1
};

typedef struct stressor_reporter_type {
    uint32_t size;
    uint32_t flags;        /* enum stressor_reporter_flag */
    const char *kind;      /* "json": letters, digits, '-' */
    const char *help;      /* one sentence, no full stop */
    const char *path_help; /* what PATH is: "FILE", "PORT or FILE" */
    const char *extension; /* of the files that it writes: "json"; NULL: it writes none */
    /* The whole document of a snapshot; `plugin` is what init stored. Needs nothing else, so it
     * may be called at any time. 0, what `sink` returned if negative, or STRESSOR_ENOMEM. May be
     * NULL. [any] */
    int32_t (*render)(void *plugin, const stressor_snapshot *snapshot, stressor_sink sink,
                      void *data);
    /* [reporter], as all that follow; each may be NULL. `path` is the user's, or results.EXTENSION;
     * NULL where there is neither. 0, or negative after having logged why: with STRESSOR_EINVAL the
     * path is wrong whatever happens, and the run does not start (exit code 2); else the report has
     * failed, the run goes on and exits with 1. */
    int32_t (*open)(void *plugin, const stressor_control *control, const char *path,
                    void **reporter);
    void (*tick)(void *reporter, const stressor_snapshot *snapshot);
    int32_t (*end)(void *reporter, const stressor_snapshot *snapshot);
    void (*close)(void *reporter); /* whenever open has succeeded */
} stressor_reporter_type;

#ifdef __cplusplus
}
#endif

#endif
