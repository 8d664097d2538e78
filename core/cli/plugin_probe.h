/*
 * plugin_probe -- an engine in a process of its own, so that a plugin that crashes while it is
 * loaded is told of and not suffered.
 *
 * The child says which file it is about to open. Where it dies, the file is noted as bad, and a new
 * child leaves it out: one crash, one child.
 */
#ifndef CORE_CLI_PLUGIN_PROBE_H
#define CORE_CLI_PLUGIN_PROBE_H

#include <jansson.h>
#include <stdbool.h>

#include <stressor/stressor.h>

#include "cli/console.h"
#include "cli/options.h"

#define PLUGIN_PROBE_BAD_MAX 32

struct plugin_probe {
    struct console *console;
    const struct common_options *common;
    const char *only;   /* the one file to be opened, an absolute path; NULL: all that are found */
    const char *folder; /* searched before all others; NULL: none */
    struct {
        char *path, *reason;
    } bad[PLUGIN_PROBE_BAD_MAX];
    size_t bad_count;
    bool stopped; /* a signal asked this program to end meanwhile */
};

/* What `body` prints goes to standard output, once it has returned; its return is the exit code. A
 * plugin that stays bad is refused with its reason. Where no child gets to its end, that is said,
 * and COMMAND_ERRORS returned. [main] */
int plugin_probe_run(struct plugin_probe *p, int (*body)(stressor_engine *engine, void *data),
                     void *data);
/*
 * What was found, to be freed with json_decref: {"plugins": [PLUGIN…], "refused": [{"path",
 * "reason"}…], "folders": [PATH…]}. A PLUGIN has "name", "version", "help", "path" (null: it has no
 * file), and a list of names for each kind of plugin_kinds. NULL: that has been said.
 */
json_t *plugin_probe_all(struct plugin_probe *p);
void plugin_probe_finish(struct plugin_probe *p);

/* The kinds of things that plugins offer; the last one has no key. */
struct plugin_kind {
    const char *key;   /* "macros": in the lists above and in what is printed */
    const char *thing; /* "macro": of one of them */
};
extern const struct plugin_kind plugin_kinds[];

/* The text of a key; empty where there is none. */
const char *plugin_text(const json_t *plugin, const char *key);
/* Prints one line for each kind, indented. */
void plugin_print_offer(const json_t *plugin);

#endif
