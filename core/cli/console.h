/*
 * console -- where the program's log goes: standard error, and the file of --log.
 *
 * Each line is one write, so that lines of several programs do not mix. What a file could not
 * take (a full disk) is said once on standard error and remembered.
 *
 * A block of lines can stand below the log of a terminal. While it does, lines that come in quick
 * succession are kept for as long as CONSOLE_KEEP_NS and written together, so that a flood of them
 * neither flickers nor is slow; whoever shows the block calls console_refresh as often.
 */
#ifndef CORE_CLI_CONSOLE_H
#define CORE_CLI_CONSOLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli/block.h"
#include "cli/options.h"

#define CONSOLE_KEEP_NS INT64_C(50000000)

struct console {
    pthread_mutex_t lock;
    int file;         /* -1: none */
    const char *path; /* of the file, for messages */
    char *made;       /* its name, where we chose it in a folder; owned */
    bool colour;      /* on standard error */
    bool failed;      /* something could not be written to the file */
    int level;        /* for console_say */
    int64_t shown_s;  /* the second that `clock` shows */
    char clock[16];   /* "12:34:56" */

    struct block block;
    char *block_text; /* NULL: none; owned */
    char *kept;       /* lines that are not written yet; owned */
    size_t kept_length;
    size_t kept_size;
    int64_t painted_ns; /* monotonic */
};

/* May colours be used on this descriptor? */
bool console_has_colour(int descriptor, const struct common_options *common);

/* False: the file cannot be opened, which has been said. */
bool console_open(struct console *c, const struct common_options *common);
/* Says where the log is if the name was chosen here. False: some of the log was lost. */
bool console_close(struct console *c);

/* For stressor_engine_options.log; `data` is the console. [any] */
void console_log(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                 uint64_t length);
/* A line of the program's own, if its level is enabled. [any] */
void console_say(struct console *c, int32_t level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A line as it is, without time and level, such as a mistake in a scenario. [any] */
void console_plain(struct console *c, int32_t level, const char *text);

/* Shows lines, each ended by a newline, in place of the ones before; NULL: none any more. [any] */
void console_block(struct console *c, const char *lines);
/* Writes what was kept, below which the block stays. [any] */
void console_refresh(struct console *c);

#endif
