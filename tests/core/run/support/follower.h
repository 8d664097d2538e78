/*
 * follower -- a plugin for tests whose reporters note what happens to them.
 *
 *   follow    follows the run; notes "open", "tick", "end", "close" with recorder_note; extension
 *             "follow"; with the path "broken" it does not open
 *   stay      the same, and stays; no extension
 *   pester    stays; a thread of its own asks for pages of sessions and documents meanwhile
 *
 *   plain     renders "NAME ACTIVITIES ERRORS STAGE\n"; extension "plain"
 *
 *   torn      its render fails after a part
 *
 *   wordy     renders 200,000 bytes
 *
 *   writer    opens, and writes files itself: "good", "torn", "left" at its path
 *
 *   fussy     refuses every path
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

/* How the thread of the last `pester` fared. */
extern struct follower_pester {
    uint64_t pages;   /* that it got */
    uint64_t refused; /* other answers than a page or that workers are too busy */
} follower_pester;

/* Called at each tick, if set. */
extern void (*follower_at_tick)(const stressor_control *control, const stressor_snapshot *s);

#endif
