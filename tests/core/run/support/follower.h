/*
 * follower -- a plugin for tests whose reporters note what happens to them.
 *
 *   follow    follows the run; notes "open", "tick", "end", "close" with recorder_note; extension
 *             "follow"; with the path "broken" it does not open
 *   stay      the same, and stays; no extension
 *   plain     renders "NAME ACTIVITIES ERRORS STAGE\n"; extension "plain"
 *   torn      its render fails after a part
 *   wordy     renders 200,000 bytes
 *   writer    opens, and writes files itself: "good", "torn", "left" at its path
 */
#ifndef TESTS_FOLLOWER_H
#define TESTS_FOLLOWER_H

#include <pthread.h>

#include <stressor/stressor.h>

const stressor_plugin *follower_entry(void);

/* What a reporter saw last; to be read after the run. */
extern struct follower_seen {
    const stressor_control *control;
    pthread_t thread;
    unsigned strangers; /* calls on another thread than open's */
    uint64_t ticks;
    uint64_t activities, errors; /* of the last snapshot */
    uint32_t stage;
    uint64_t serial;
    char path[256]; /* of the last open; "-" for NULL */
} follower_seen;

/* Called at each tick, if set. */
extern void (*follower_at_tick)(const stressor_control *control, const stressor_snapshot *s);

#endif
