#include "cli/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <stressor/stressor.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cli/text.h"

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

/* Log files of one second in one folder. */
#define NAMES_MAX 1000
/* Bytes of log that are kept before they are written below a block. */
#define KEPT_MAX 65536

static const struct {
    const char *name;
    const char *colour;
} levels[] = {
    [STRESSOR_LOG_CRITICAL] = {"CRITICAL", "\033[1;31m"},
    [STRESSOR_LOG_ERROR] = {"ERROR", "\033[31m"},
    [STRESSOR_LOG_WARNING] = {"WARNING", "\033[33m"},
    [STRESSOR_LOG_INFO] = {"INFO", ""},
    [STRESSOR_LOG_DEBUG] = {"DEBUG", "\033[2m"},
    [STRESSOR_LOG_TRACE] = {"TRACE", "\033[2m"},
};

bool console_has_colour(int descriptor, const struct common_options *common)
{
    const char *never = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return !common->no_color && (never == NULL || *never == '\0') && isatty(descriptor) &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

static int open_in_folder(struct console *c, const char *folder)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm t;
    if (localtime_r(&now, &t) == NULL)
        return -1;
    strftime(stamp, sizeof stamp, "%Y-%m-%d-%H%M%S", &t);
    for (int i = 1; i <= NAMES_MAX; i++) {
        char more[16] = "";
        if (i > 1)
            snprintf(more, sizeof more, "-%d", i);
        free(c->made);
        const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
        c->made = text_format("%s%sstressor-%s%s.log", folder, slash, stamp, more);
        if (c->made == NULL)
            return -1;
        int file = open(c->made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0 || errno != EEXIST)
            return file;
    }
    return -1;
}

bool console_open(struct console *c, const struct common_options *common)
{
    *c = (struct console){.lock = PTHREAD_MUTEX_INITIALIZER, .file = -1, .shown_s = -1};
    c->colour = console_has_colour(STDERR_FILENO, common);
    c->level = common_options_level(common, STRESSOR_LOG_INFO);
    if (common->log == NULL)
        return true;
    struct stat s;
    c->path = common->log;
    if (*common->log != '\0' && stat(common->log, &s) == 0 && S_ISDIR(s.st_mode)) {
        c->file = open_in_folder(c, common->log);
        c->path = c->made != NULL ? c->made : common->log;
    } else {
        c->file = open(common->log, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0666);
    }
    if (c->file >= 0)
        return true;
    command_wrong(NULL, "cannot write the log to \"%s\": %s", c->path, strerror(errno));
    free(c->made);
    c->made = NULL;
    return false;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(file, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

/* --- the terminal -------------------------------------------------------------------------------
 */

static int64_t monotonic_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* What was kept, and the block below it, as one write. */
static void paint(struct console *c)
{
    char *bytes = NULL;
    size_t length = 0;
    size_t width;
    size_t height;
    FILE *out = open_memstream(&bytes, &length);
    if (out == NULL)
        return;
    if (terminal_was_left())
        c->block.count = 0;
    terminal_size(&width, &height);
    bool ours = terminal_is_ours();
    if (ours)
        block_erase(&c->block, out, width, height);
    if (c->kept_length > 0)
        fwrite(c->kept, 1, c->kept_length, out);
    if (ours && c->block_text != NULL)
        block_draw(&c->block, out, c->block_text);
    if (fclose(out) == 0) {
        write_all(STDERR_FILENO, bytes, length);
        c->kept_length = 0;
    }
    free(bytes);
    c->painted_ns = monotonic_ns();
}

/* False: there is no memory for it. */
static bool keep(struct console *c, const char *line)
{
    size_t length = strlen(line);
    if (length > c->kept_size - c->kept_length) {
        size_t size = 2 * c->kept_size + length;
        char *kept = realloc(c->kept, size);
        if (kept == NULL)
            return false;
        c->kept = kept;
        c->kept_size = size;
    }
    memcpy(c->kept + c->kept_length, line, length);
    c->kept_length += length;
    return true;
}

/* A line, with its newline, to standard error. */
static void show(struct console *c, const char *line)
{
    if (c->block_text == NULL || !keep(c, line))
        write_all(STDERR_FILENO, line, strlen(line));
    else if (c->kept_length > KEPT_MAX || monotonic_ns() - c->painted_ns >= CONSOLE_KEEP_NS)
        paint(c);
}

void console_block(struct console *c, const char *lines)
{
    pthread_mutex_lock(&c->lock);
    char *text = lines != NULL ? strdup(lines) : NULL;
    if (text != NULL || lines == NULL) {
        free(c->block_text);
        c->block_text = text;
    }
    paint(c);
    pthread_mutex_unlock(&c->lock);
}

void console_refresh(struct console *c)
{
    pthread_mutex_lock(&c->lock);
    if (c->kept_length > 0)
        paint(c);
    pthread_mutex_unlock(&c->lock);
}

/* --- lines --------------------------------------------------------------------------------------
 */

static void lost(struct console *c)
{
    if (c->failed)
        return;
    c->failed = true;
    char *line =
        text_format("stressor: cannot write to the log \"%s\": %s\n", c->path, strerror(errno));
    show(c, line != NULL ? line : "stressor: cannot write to the log\n");
    free(line);
}

/* `line` ends in a newline. */
static void emit(struct console *c, int32_t level, const char *line)
{
    const char *colour = c->colour ? levels[level].colour : "";
    char *coloured = NULL;
    if (*colour != '\0')
        coloured = text_format("%s%.*s\033[0m\n", colour, (int)strlen(line) - 1, line);
    show(c, coloured != NULL ? coloured : line);
    free(coloured);
    if (c->file >= 0 && !write_all(c->file, line, strlen(line)))
        lost(c);
}

void console_log(void *data, int32_t level, int64_t time_wall_ns, const char *text, uint64_t length)
{
    struct console *c = data;
    if (level < STRESSOR_LOG_CRITICAL)
        level = STRESSOR_LOG_CRITICAL;
    if (level > STRESSOR_LOG_TRACE)
        level = STRESSOR_LOG_TRACE;
    /* Further lines are indented: nothing in a text can pass for a line of ours. */
    char *clean = text_clean(text, length, "\n    ");
    char *line = NULL;
    pthread_mutex_lock(&c->lock);
    time_t second = (time_t)(time_wall_ns / NS_PER_S);
    struct tm t;
    if (second != c->shown_s && localtime_r(&second, &t) != NULL) {
        strftime(c->clock, sizeof c->clock, "%H:%M:%S", &t);
        c->shown_s = second;
    }
    if (clean != NULL)
        line = text_format("%s.%03d %s %s\n", c->clock, (int)(time_wall_ns % NS_PER_S / NS_PER_MS),
                           levels[level].name, clean);
    emit(c, level, line != NULL ? line : "out of memory for a line of log\n");
    pthread_mutex_unlock(&c->lock);
    free(clean);
    free(line);
}

void console_say(struct console *c, int32_t level, const char *fmt, ...)
{
    if (level > c->level)
        return;
    struct timespec now;
    va_list args;
    va_start(args, fmt);
    char *text = text_format_args(fmt, args);
    va_end(args);
    clock_gettime(CLOCK_REALTIME, &now);
    if (text != NULL)
        console_log(c, level, (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec, text, strlen(text));
    free(text);
}

void console_plain(struct console *c, int32_t level, const char *text)
{
    if (level > c->level)
        return;
    char *clean = text_clean(text, strlen(text), "\n    ");
    char *line = clean != NULL ? text_format("%s\n", clean) : NULL;
    pthread_mutex_lock(&c->lock);
    emit(c, level, line != NULL ? line : "out of memory for a message\n");
    pthread_mutex_unlock(&c->lock);
    free(clean);
    free(line);
}

bool console_close(struct console *c)
{
    console_block(c, NULL);
    if (c->file >= 0 && close(c->file) != 0)
        lost(c);
    c->file = -1;
    if (c->made != NULL) {
        char *clean = text_clean(c->made, strlen(c->made), "\\n");
        fprintf(stderr, "log: %s\n", clean != NULL ? clean : "");
        free(clean);
    }
    free(c->made);
    c->made = NULL;
    free(c->kept);
    c->kept = NULL;
    pthread_mutex_destroy(&c->lock);
    return !c->failed;
}
