/*
 * process -- a child process that is waited for with a limit of time, and what it wrote.
 *
 * It has a process group of its own, which ends with it, and no standard input. While it runs,
 * SIGINT, SIGTERM and SIGHUP end it, and then the caller, who sees `stopped`, cleans up. [main]
 */
#ifndef CORE_CLI_PROCESS_H
#define CORE_CLI_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct process_limits {
    unsigned seconds; /* that it may take; 0: no limit. With `progress` from its last change on */
    unsigned cpu_seconds; /* that it may compute; 0: no limit */
    uint64_t file_bytes;  /* of each file that it writes, its output too; 0: no limit */
    bool merge;           /* what it writes to standard error belongs to `output` */
    /* Memory that the child shares and changes as it gets on; NULL: none. Where it has not changed
     * for `slow_seconds`, `slow` is called, once until it changes. */
    const _Atomic uint32_t *progress;
    unsigned slow_seconds;
    void (*slow)(void *data);
    void *slow_data;
};

struct process {
    char *output; /* what it wrote to standard output, ended by NUL; owned */
    char *errors; /* to standard error */
    size_t output_length;
    size_t errors_length;
    int status;   /* as waitpid tells it */
    bool late;    /* it was ended, as it took more than `seconds` */
    bool stopped; /* it was ended, as a signal asked this program to end */
};

/* From here on the signals that end the program wait until a child runs, so that nothing half done
 * stays. Children do not inherit that. */
void process_hold_signals(void);

/* Runs `body` in a copy of this process, which must have one thread; its return is the exit code.
 * Handlers of exit are not called. False: errno says why there is no child. */
bool process_fork(int (*body)(void *data), void *data, const struct process_limits *limits,
                  struct process *out);
/* Runs a program, found as a shell finds it. */
bool process_run(const char *const *argv, const struct process_limits *limits, struct process *out);
void process_finish(struct process *p);

/* Did it end by itself, with exit code 0? */
bool process_succeeded(const struct process *p);
/* How it ended otherwise, such as "crashed (signal 11, Segmentation fault)". */
void process_describe(const struct process *p, const struct process_limits *limits, char *out,
                      size_t size);

#endif
