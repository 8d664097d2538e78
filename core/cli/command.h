/*
 * command -- the subcommands of the program and what they share.
 *
 * Each subcommand is one file that defines a `struct command`; command.c holds the sorted table.
 * A name that is not in it stands for a program of its own in libexec/stressor.
 */
#ifndef CORE_CLI_COMMAND_H
#define CORE_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

/* Exit codes. Where several hold, the first of 2, 3, 4, 1, 5 is returned. */
enum command_exit {
    COMMAND_FINE = 0,
    COMMAND_ERRORS = 1,
    COMMAND_USAGE = 2, /* or a scenario that does not compile */
    COMMAND_STOPPED = 3,
    COMMAND_THRESHOLD = 4, /* a threshold failed, or a tolerance of a comparison */
    COMMAND_UNTRUSTED = 5  /* --strict, and the generator was the bottleneck */
};

struct command {
    const char *name;                  /* of a part with the whole before it: "plugin list" */
    const char *usage;                 /* what follows the name */
    const char *help;                  /* one sentence, no full stop */
    const char *details;               /* further lines of help; may be NULL */
    const struct option_spec *options; /* its own, ended by a NULL name; may be NULL */
    /* argv[0] is the subcommand's name. Returns the exit code. `common` holds the options that
     * stood before the subcommand, and is given those that stand behind it. */
    int (*run)(const struct command *self, int argc, char **argv, struct common_options *common);
    const struct command *const *parts; /* subcommands of its own, ended by NULL; may be NULL */
    bool hidden;                        /* help on the whole does not list this part */
};

extern const struct command command_check;
extern const struct command command_compare;
extern const struct command command_help;
extern const struct command command_plugin;
extern const struct command command_run;
extern const struct command command_schema;
extern const struct command command_show;

/* NULL: no built-in has that name. */
const struct command *command_find(const char *name);
/* NULL past the last. */
const struct command *command_at(size_t index);
/* What a part is called behind the name of the whole: "list". */
const char *command_part_name(const struct command *part);
/* The part of that name; NULL: there is none. */
const struct command *command_part(const struct command *self, const char *name);
/* `run` of a command of parts: reads the common options that stand before the part's name, and runs
 * the part. */
int command_run_part(const struct command *self, int argc, char **argv,
                     struct common_options *common);
/* The stronger of two exit codes. */
int command_worse(int a, int b);

/* Writes out standard output. Returns COMMAND_ERRORS where that fails, which is said once; else
 * COMMAND_FINE. */
int command_flush(void);

/* Help on a subcommand, on standard output. Always COMMAND_FINE. */
int command_print_help(const struct command *self);
/* Help on the program. */
void command_print_overview(FILE *out);
int command_print_version(void);

/* options_read for a subcommand, --help and --version included. Returns the index of the first
 * other argument; negative: there is nothing left to do but to return *code. */
int command_options(const struct command *self, int argc, char **argv, options_take take,
                    void *data, struct common_options *common, int *code);

/* Prints "stressor: TEXT" and where to find help; `command` is NULL outside of subcommands.
 * Always COMMAND_USAGE. */
int command_wrong(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Complains about a subcommand that does not exist, with the nearest and all that do. */
int command_unknown(const char *name);

/* Becomes libexec/stressor/stressor-NAME (the folder is found relative to the program).
 * argv[0] is NAME. Returns only if there is no such program, or it cannot be run. */
int command_external(int argc, char **argv);
/* Calls `each` for each program in that folder, in no particular order. `help` is the first line of
 * the file stressor-NAME.help beside it, "" where there is none. */
void command_externals(void (*each)(void *data, const char *name, const char *help), void *data);

#endif
