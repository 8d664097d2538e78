/*
 * log -- lines for people, by level, to one sink.
 *
 * A process-wide object, as there is one engine per process. Levels are enum stressor_log_level.
 * A line is made only if its level is enabled; lines from several threads never mix. Passwords in
 * URLs are masked in every line. [any]
 */
#ifndef CORE_BASE_LOG_H
#define CORE_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void (*log_sink)(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                         uint64_t length);

/* sink NULL: standard error, "LEVEL text". [main] */
void log_set_sink(log_sink sink, void *data);
void log_set_level(int level); /* [any] */
int log_level(void);
bool log_enabled(int level);
void log_line(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_bytes(int level, const char *text, size_t length);

#endif
