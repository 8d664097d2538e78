/*
 * proc -- what /proc tells of processes and of the machine.
 *
 * `root` is a descriptor of /proc, `who` the folder of a process in it ("self", "1234"). Files are
 * read up to a ceiling and need not look as expected: what is not found in them is 0. [any]
 */
#ifndef CORE_STATS_PROC_H
#define CORE_STATS_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PROC_NAME_MAX = 64,      /* bytes of a process's name; the kernel's have 15 */
    PROC_SOCKETS_MAX = 4096, /* descriptors that are looked at */
};

struct proc_stat {
    char name[PROC_NAME_MAX];
    bool ended;       /* a zombie */
    uint64_t cpu;     /* ticks, user and system */
    uint64_t started; /* ticks since the machine's start: with the pid, it tells processes apart */
    uint64_t threads;
    uint64_t memory_bytes; /* resident */
};
/* False: there is no such process, or none that can be read. */
bool proc_stat(int root, const char *who, struct proc_stat *out);
/* Bytes read from and written to storage. False: not ours to know. */
bool proc_storage(int root, const char *who, uint64_t *read, uint64_t *written);
/* Of open files; 0: unlimited or unknown. */
uint64_t proc_descriptors_limit(int root, const char *who);
/* Cheap since Linux 6.2; 0 before that: then proc_walk counts. */
uint64_t proc_descriptors(int root, const char *who);
/* Goes through the open descriptors, which costs some microseconds each; no further than
 * PROC_SOCKETS_MAX where `known`, what proc_descriptors told, is not 0. Where there are more, the
 * sockets are an estimate by their share among these. */
void proc_walk(int root, const char *who, uint64_t known, uint64_t *descriptors, uint64_t *sockets);
/* Calls `each` for every process with its name and the last part of its first argument. Stops
 * when that returns false. */
void proc_each(int root,
               bool (*each)(void *data, int32_t pid, const struct proc_stat *stat,
                            const char *program),
               void *data);

struct proc_machine {
    uint32_t cpus;
    uint64_t cpu_busy; /* ticks of all CPUs */
    uint64_t cpu_all;
    uint64_t memory_bytes;
    uint64_t memory_available_bytes;
    uint64_t received_bytes;
    uint64_t sent_bytes;
    uint64_t tcp_sockets;
    uint64_t tcp_time_wait;
    uint64_t local_ports;
};
/* `scratch` of `size` bytes: what does not fit in is not seen. */
void proc_machine(int root, char *scratch, size_t size, struct proc_machine *out);

/* A file's text, cut to `size` - 1 bytes and ended by NUL. False: errno says why. */
bool proc_read(int root, const char *path, char *out, size_t size);

#endif
