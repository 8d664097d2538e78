/*
 * report_list -- the reports that the command line asks for, and what became of them.
 *
 *     report_list_init(&list, argc);
 *     report_list_add(&list, "run", "json=out.json");
 *     if (report_list_check(&list, "run", engine))
 *         … run with list.table as stressor_run_options.reports …
 *     report_list_finish(&list);
 */
#ifndef CORE_CLI_REPORT_LIST_H
#define CORE_CLI_REPORT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include <stressor/stressor.h>

#include "cli/console.h"

struct report_list {
    const stressor_report **table; /* ended by NULL */
    stressor_report *items;
    char **kinds; /* their texts; the paths are borrowed from argv */
    size_t count;
};

/* For at most `most` reports. False: out of memory. */
bool report_list_init(struct report_list *l, size_t most);
void report_list_finish(struct report_list *l);

/* "KIND" or "KIND=PATH". False: it is neither, or memory is out, which has been said for
 * `command`. */
bool report_list_add(struct report_list *l, const char *command, const char *value);
/* The monitor, at `port` if not NULL. False: out of memory. */
bool report_list_add_monitor(struct report_list *l, const char *command, const char *port);

/* Files that no report may replace. */
struct report_others {
    const char *log;      /* NULL: none */
    const char *scenario; /* the file, as in scenario_read_from */
};

/* Does a plugin offer each kind, and does each report have a place of its own, apart from those of
 * others and from `others`? False: no, or out of memory, which has been said. Opens all plugins, if
 * there is any report. */
bool report_list_check(const struct report_list *l, const char *command, stressor_engine *engine,
                       const struct report_others *others);
/* Is the monitor wanted without a port, and `word`, another argument, one? */
bool report_list_takes_for_port(const struct report_list *l, const char *word);
/* Does one go to standard output? */
bool report_list_uses_stdout(const struct report_list *l);

/* After the end of a run: says what was written where, and what failed. */
void report_list_tell(struct console *c, stressor_run *run);
/* How many have failed by now. */
size_t report_list_failed(stressor_run *run);
/* Does a report go on showing the run? Says which. */
bool report_list_stays(struct console *c, stressor_run *run);

#endif
