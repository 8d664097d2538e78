/*
 * abi.h -- what makes the plugin interface last: versions, sizes, visibility.
 *
 * Every struct that crosses between host and plugin begins with its `size`,
 * set by whoever fills it in. Structs grow at their end only, so a reader that
 * is newer than the writer asks STRESSOR_HAS() before it touches a member.
 * Tables of structs are arrays of pointers. Enum members carry their numbers.
 *
 * Threads are named in brackets on every function:
 *
 *     [main]      the thread that loads, compiles, starts and waits for a run
 *     [worker]    the thread of the session's worker; one session is never on
 *                 two threads at once
 *     [pool]      a thread of the pool that BLOCKING activities run on
 *     [reporter]  the one thread that reporters run on
 *     [any]       no matter which
 */
#ifndef STRESSOR_ABI_H
#define STRESSOR_ABI_H

#include <stddef.h>
#include <stdint.h>

/* The major is in the entry symbol's name; the minor is what a plugin states that it needs. */
#define STRESSOR_ABI_MAJOR 1
#define STRESSOR_ABI_MINOR 1

/* 0: a release. While something is added: the revision of the draft; a host refuses plugins of
 * other drafts, and takes those of releases. */
#define STRESSOR_ABI_DRAFT 0

/* Does `*ptr`, written by the other side, reach as far as `member`? */
#define STRESSOR_HAS(ptr, member)                                                                  \
    ((size_t)(ptr)->size >=                                                                        \
     (size_t)((const char *)(&(ptr)->member + 1) - (const char *)(const void *)(ptr)))

#if defined(__GNUC__) || defined(__clang__)
#define STRESSOR_EXPORT           __attribute__((visibility("default")))
#define STRESSOR_PRINTF(fmt, arg) __attribute__((format(printf, fmt, arg)))
#else
#define STRESSOR_EXPORT
#define STRESSOR_PRINTF(fmt, arg)
#endif

/* Opaque things that cross the boundary. Each is valid only as long as its provider says. */
typedef struct stressor_host stressor_host;         /* the table of host functions; whole process */
typedef struct stressor_plan stressor_plan;         /* a compiled scenario */
typedef struct stressor_run stressor_run;           /* one execution of a plan */
typedef struct stressor_worker stressor_worker;     /* one event loop and its thread */
typedef struct stressor_session stressor_session;   /* one virtual user */
typedef struct stressor_snapshot stressor_snapshot; /* see snapshot.h */

#endif
