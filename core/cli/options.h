/*
 * options -- the command line's options as data: one table serves getopt_long, the messages and
 * the help.
 *
 * The common ones stand before or after the subcommand; a subcommand's own only after it.
 */
#ifndef CORE_CLI_OPTIONS_H
#define CORE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct option_spec {
    int id;
    char letter;          /* 0: only the long form */
    const char *name;     /* NULL ends a table */
    const char *argument; /* what help calls its value, "[=PORT]" one that may be left out; NULL: it
                             takes none */
    const char *help;     /* one line */
};

struct common_options {
    unsigned verbose; /* how often -v was given */
    unsigned quiet;
    bool no_color;
    bool help;
    bool version;
    const char *log;           /* NULL: no file */
    const char **plugin_paths; /* ended by NULL */
    size_t plugin_paths_count;
};

/* The texts are borrowed from argv. False: out of memory. */
bool common_options_init(struct common_options *common, int argc);
void common_options_finish(struct common_options *common);
/* The log level that -v and -q ask for, or `otherwise` when neither was given. */
int common_options_level(const struct common_options *common, int otherwise);

/* Takes one of a subcommand's own options. False: the value is wrong, and that has been said. */
typedef bool (*options_take)(void *data, int id, const char *value);

/*
 * Reads the options of argv and moves them before the other arguments; with `command` NULL it
 * stops at the first argument that is none. Returns the index of the first other argument;
 * negative: wrong usage, which has been said. `own` may be NULL.
 */
int options_read(int argc, char **argv, const char *command, const struct option_spec *own,
                 options_take take, void *data, struct common_options *common);

/* A table as lines of help. NULL: the common options. */
void options_print(FILE *out, const struct option_spec *table);

/* A whole number from `least` to `most`, decimal digits only. */
bool options_number(const char *text, uint64_t least, uint64_t most, uint64_t *out);

#endif
