/*
 * scenario -- what the subcommands that load scenarios share: the options -o, the engine, and how
 * mistakes are told.
 */
#ifndef CORE_CLI_SCENARIO_H
#define CORE_CLI_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

#include <stressor/stressor.h>

#include "cli/console.h"
#include "cli/options.h"

/* The texts of -o, borrowed from argv, ended by NULL. */
struct scenario_overrides {
    const char **texts;
    size_t count;
};

/* Room for as many as argv may hold. False: out of memory, which has been said. */
bool scenario_overrides_init(struct scenario_overrides *o, int argc);
void scenario_overrides_finish(struct scenario_overrides *o);
/* False: it is not NAME:VALUE, which has been said. */
bool scenario_overrides_add(struct scenario_overrides *o, const char *command, const char *value);

/* NULL: it cannot start, which the console has been told. */
stressor_engine *scenario_engine(struct console *console, const struct common_options *common);
/* The mistakes and warnings of the scenario that was loaded last. */
void scenario_say_mistakes(struct console *console, stressor_engine *engine);
/* The file that `path` stands for as messages name it, at most `size` bytes of it: of a folder
 * the scenario.yaml in it, where there is one. */
void scenario_file(const char *path, char *out, size_t size);
/* The file that is read for `path`, with its ".yaml" where that was left out, to be freed. NULL:
 * out of memory. */
char *scenario_read_from(const char *path);
/* console_open, unless the log would replace one of the scenarios that `command` is given (`words`;
 * none: that in the current folder). False: it is not open, and why has been said. */
bool scenario_console(struct console *console, const struct common_options *common,
                      const char *command, char *const *words, int count);

#endif
