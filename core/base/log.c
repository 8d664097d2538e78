#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <stressor/plugin.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/conceal.h"

enum { LOG_LINE_MAX = 64 << 10 }; /* bytes of one formatted line; a longer one is cut */

static void sink_stderr(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                        uint64_t length);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static log_sink sink_now = sink_stderr;
static void *sink_data;
static atomic_int level_now = STRESSOR_LOG_INFO;

static void sink_stderr(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                        uint64_t length)
{
    static const char *const words[] = {
        "CRITICAL ", "ERROR ", "WARNING ", "INFO ", "DEBUG ", "TRACE ",
    };
    (void)data;
    (void)time_wall_ns;
    int32_t last = (int32_t)(sizeof words / sizeof words[0]) - 1;
    const char *word = words[level < 0 ? 0 : level > last ? last : level];
    /* writev takes what it does not write to as non-const. */
    struct iovec line[] = {
        {(void *)(uintptr_t)word, strlen(word)},
        {(void *)(uintptr_t)text, (size_t)length},
        {(void *)(uintptr_t) "\n", 1},
    };
    while (writev(STDERR_FILENO, line, 3) < 0 && errno == EINTR)
        continue;
}

void log_set_sink(log_sink sink, void *data)
{
    pthread_mutex_lock(&lock);
    sink_now = sink != NULL ? sink : sink_stderr;
    sink_data = data;
    pthread_mutex_unlock(&lock);
}

void log_set_level(int level)
{
    atomic_store_explicit(&level_now, level, memory_order_relaxed);
}

int log_level(void)
{
    return atomic_load_explicit(&level_now, memory_order_relaxed);
}

bool log_enabled(int level)
{
    return level <= log_level();
}

void log_bytes(int level, const char *text, size_t length)
{
    if (!log_enabled(level))
        return;
    struct buf concealed;
    buf_init(&concealed, 0);
    if (conceal_passwords(text, length, &concealed)) {
        text = concealed.failed ? "(a line with a password is left out)" : concealed.data;
        length = concealed.failed ? strlen(text) : concealed.length;
    }
    pthread_mutex_lock(&lock);
    sink_now(sink_data, level, clock_wall(), text, length);
    pthread_mutex_unlock(&lock);
    buf_finish(&concealed);
}

void log_line(int level, const char *fmt, ...)
{
    if (!log_enabled(level))
        return;
    char line[1024];
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int length = vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (length >= 0 && (size_t)length < sizeof line) {
        log_bytes(level, line, (size_t)length);
    } else if (length >= 0) {
        struct buf b;
        buf_init(&b, 0);
        if (buf_vprintf(&b, fmt, again))
            log_bytes(level, b.data, b.length < LOG_LINE_MAX ? b.length : LOG_LINE_MAX);
        else
            log_bytes(level, line, sizeof line - 1);
        buf_finish(&b);
    }
    va_end(again);
}
