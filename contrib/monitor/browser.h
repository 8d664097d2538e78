/*
 * browser -- opens the page in the user's browser, where there is a desktop and somebody at it.
 */
#ifndef CONTRIB_MONITOR_BROWSER_H
#define CONTRIB_MONITOR_BROWSER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What the decision rests on. */
struct browser_surroundings {
    const char *display;         /* DISPLAY */
    const char *wayland_display; /* WAYLAND_DISPLAY */
    const char *browser;         /* BROWSER */
    const char *no_browser;      /* STRESSOR_NO_BROWSER */
    bool terminal;               /* somebody sees what we print */
    bool root;                   /* a browser should not run as root */
};

struct browser_surroundings browser_look_around(void);
/* The program to run, into `program`; false: none. */
bool browser_choose(const struct browser_surroundings *around, char *program, size_t size);
/* Runs it, without a shell. Its pid for browser_forget, or -1: it could not be run. */
pid_t browser_open(const char *program, const char *url);
/* Takes what is left of it once it has ended. -1 is fine. */
void browser_forget(pid_t pid);

#endif
