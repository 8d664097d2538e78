/*
 * process -- a child process in a group of its own: starting it and hearing of its end.
 *
 * Nothing of ours but its three standard descriptors reaches the child; its signals are as if it
 * had been started from a terminal. All is [worker]; nothing waits but for the kernel to load the
 * program.
 */
#ifndef EXEC_PROCESS_H
#define EXEC_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "command.h"

struct process {
    pid_t pid; /* also its group */
    int end;   /* a pidfd: readable once the process has ended */
    int out, err;
};

struct process_end {
    bool is_known; /* nobody else has reaped it */
    int exit_code; /* -1: a signal ended it */
    int signal;    /* 0: none */
    int64_t user_ns, system_ns;
    int64_t peak_memory; /* bytes */
};

/* What the child gets besides the words. */
struct process_input {
    const char *bytes; /* its standard input */
    uint64_t length;
    int folder; /* to work in; -1: where we are */
};

/* False, with errno, and `step` saying in a few words what could not be done: NULL when it was to
 * start the program itself. */
bool process_start(struct process *p, const struct command *c, const struct process_input *input,
                   const char **step);

/* To the whole group, and to the process should it have left it. Only before process_reap. */
void process_signal(const struct process *p, int signal);

/* Of a process that has ended: kills what is left of its group, and forgets it. */
void process_reap(struct process *p, struct process_end *end);

/* For a process that nobody waits for any more: kills it, and reaps it if it is gone within a
 * second, as all are that the kernel does not hold. */
void process_kill(struct process *p);

/* Closes what is still open; the process is not looked at. */
void process_close(struct process *p);

#endif
