/*
 * command -- what RunCommand is told to run, as posix_spawn wants it.
 *
 * Made from the arguments of one execution; all memory is that of the execution (host->scratch).
 */
#ifndef EXEC_COMMAND_H
#define EXEC_COMMAND_H

#include <stdbool.h>

#include <stressor/plugin.h>

enum {
    COMMAND_WORDS_MAX = 4096,       /* words of a command, variables of the environment */
    COMMAND_STDIN_MAX = 64 << 20,   /* bytes */
    COMMAND_OUTPUT_MAX = 256 << 20, /* of the argument max_output */
    COMMAND_TEXT_MAX = 128 << 10    /* bytes of one word: the kernel takes no longer ones */
};

/* In the order of the table in run_command.c. */
enum command_arg {
    ARG_COMMAND,
    ARG_SHELL,
    ARG_ENVIRONMENT,
    ARG_FOLDER,
    ARG_STDIN,
    ARG_TIMEOUT,
    ARG_GRACE,
    ARG_MAX_OUTPUT,
    ARG_ASSERT_EXIT,
    ARG_STRIP,
    ARGS_COUNT
};

struct command {
    char **words;       /* ended by NULL */
    char **environment; /* likewise; NULL: as stressor's own */
    const char *name;   /* of the program, for messages; masked if it is a secret */
    bool has_secrets;   /* among what the program is given */
};

/* [worker] False: `failure` says what is wrong with the arguments. */
bool command_make(struct command *c, stressor_exec *exec, stressor_failure *failure);

/* [main] What prepare can say already: 0, or that of host->problem. */
int32_t command_check(stressor_prepare *place);

#endif
