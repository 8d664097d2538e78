#include "run/report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stressor/plugin.h>

#include "base/buf.h"

enum {
    BUFFER = 64 << 10,
    NAMES_MAX = 1000, /* temporary names that are tried */
};

struct stressor_file {
    struct report_files *files;
    stressor_file *next, **link;
    char *shown;     /* the path as it was given */
    char *target;    /* the path that is renamed to; NULL: written in place */
    char *temporary; /* NULL: there is none (any more) */
    int fd;
    bool failed;
    size_t used;
    char buffer[BUFFER];
};

/* Tells once for a file. Always the status of `error`, an errno. */
static int32_t fail(stressor_file *f, const char *what, int error)
{
    int32_t status = error == ENOMEM ? STRESSOR_ENOMEM : STRESSOR_ESYSTEM;
    if (f->failed)
        return status;
    f->failed = true;
    struct buf text;
    char reason[128];
    buf_init(&text, 0);
    const char *named = strerror_r(error, reason, sizeof reason);
    bool standard = strcmp(f->shown, "-") == 0;
    buf_printf(&text, "cannot %s %s%s%s: %s", what, standard ? "" : "'",
               standard ? "standard output" : f->shown, standard ? "" : "'", named);
    f->files->tell(f->files->data, text.failed ? "out of memory" : text.data);
    buf_finish(&text);
    return status;
}

/* --- opening ------------------------------------------------------------------------------------
 */

/* A name in the folder of `target`, short enough where the target's is. */
static char *temporary_name(const char *target, unsigned n)
{
    const char *slash = strrchr(target, '/');
    struct buf name;
    buf_init(&name, 0);
    buf_put(&name, target, slash == NULL ? 0 : (size_t)(slash + 1 - target));
    buf_printf(&name, ".stressor-%ld-%u.tmp", (long)getpid(), n);
    char *text = buf_steal(&name);
    buf_finish(&name);
    return text;
}

static int32_t open_temporary(stressor_file *f)
{
    for (unsigned n = 1; n <= NAMES_MAX; n++) {
        f->temporary = temporary_name(f->target, n);
        if (f->temporary == NULL)
            return fail(f, "write", ENOMEM);
        f->fd = open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (f->fd >= 0)
            return STRESSOR_OK;
        int error = errno;
        free(f->temporary);
        f->temporary = NULL;
        if (error != EEXIST)
            return fail(f, "write", error);
    }
    return fail(f, "write", EEXIST);
}

/* A pipe that nobody reads is an error, not something to wait for. */
static int32_t open_in_place(stressor_file *f)
{
    f->fd = open(f->shown, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (f->fd < 0)
        return fail(f, "write", errno);
    int flags = fcntl(f->fd, F_GETFL);
    return flags >= 0 && fcntl(f->fd, F_SETFL, flags & ~O_NONBLOCK) == 0 ? STRESSOR_OK
                                                                         : fail(f, "write", errno);
}

static bool is_in_place(const struct stat *about)
{
    return !S_ISREG(about->st_mode) && !S_ISDIR(about->st_mode);
}

static int32_t open_path(stressor_file *f)
{
    struct stat about;
    if (strcmp(f->shown, "-") == 0) {
        f->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
        return f->fd >= 0 ? STRESSOR_OK : fail(f, "write", errno);
    }
    bool there = stat(f->shown, &about) == 0;
    if (there && is_in_place(&about))
        return open_in_place(f);
    if (there && S_ISDIR(about.st_mode))
        return fail(f, "write", EISDIR);
    if (*f->shown == '\0')
        return fail(f, "write", ENOENT);
    f->target = there ? realpath(f->shown, NULL) : strdup(f->shown); /* links stay links */
    if (f->target == NULL)
        return fail(f, "write", errno);
    return open_temporary(f);
}

/* --- closing ------------------------------------------------------------------------------------
 */

static void discard(stressor_file *f)
{
    if (f->fd >= 0)
        close(f->fd);
    if (f->temporary != NULL)
        unlink(f->temporary);
    if (f->link != NULL) {
        *f->link = f->next;
        if (f->next != NULL)
            f->next->link = f->link;
    }
    free(f->temporary);
    free(f->target);
    free(f->shown);
    free(f);
}

int32_t report_file_open(struct report_files *files, const char *path, stressor_file **file)
{
    *file = NULL;
    stressor_file *f = malloc(sizeof *f);
    char *shown = strdup(path);
    if (f == NULL || shown == NULL) {
        free(f);
        free(shown);
        files->tell(files->data, "out of memory");
        return STRESSOR_ENOMEM;
    }
    f->files = files;
    f->next = NULL;
    f->link = NULL;
    f->shown = shown;
    f->target = f->temporary = NULL;
    f->fd = -1;
    f->failed = false;
    f->used = 0;
    int32_t status = open_path(f);
    if (status < 0) {
        discard(f);
        return status;
    }
    f->next = files->first;
    f->link = &files->first;
    if (f->next != NULL)
        f->next->link = &f->next;
    files->first = f;
    *file = f;
    return STRESSOR_OK;
}

static int32_t write_all(stressor_file *f, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(f->fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(f, "write", n < 0 ? errno : EIO);
        bytes += n;
        length -= (size_t)n;
    }
    return STRESSOR_OK;
}

static int32_t flush(stressor_file *f)
{
    int32_t status = write_all(f, f->buffer, f->used);
    f->used = 0;
    return status;
}

int32_t report_file_write(stressor_file *f, const char *bytes, uint64_t length)
{
    if (f->failed)
        return STRESSOR_ESYSTEM;
    if (length > sizeof f->buffer - f->used) {
        int32_t status = flush(f);
        if (status < 0)
            return status;
    }
    if (length > sizeof f->buffer)
        return write_all(f, bytes, length);
    memcpy(f->buffer + f->used, bytes, length);
    f->used += length;
    return STRESSOR_OK;
}

int32_t report_file_close(stressor_file *f, int32_t keep)
{
    int32_t status = f->failed ? STRESSOR_ESYSTEM : STRESSOR_OK;
    if (keep != 0 && status == STRESSOR_OK)
        status = flush(f);
    if (keep != 0 && status == STRESSOR_OK) {
        int fd = f->fd;
        f->fd = -1; /* closed, whatever close says */
        if (close(fd) != 0)
            status = fail(f, "write", errno);
    }
    if (keep != 0 && status == STRESSOR_OK && f->temporary != NULL) {
        if (rename(f->temporary, f->target) != 0) {
            status = fail(f, "rename the finished report to", errno);
        } else {
            free(f->temporary);
            f->temporary = NULL;
        }
    }
    discard(f);
    return status;
}

void report_files_finish(struct report_files *files)
{
    while (files->first != NULL)
        report_file_close(files->first, 0);
}

int32_t report_file_try(struct report_files *files, const char *path)
{
    struct stat about;
    stressor_file *f;
    if (strcmp(path, "-") == 0 || (stat(path, &about) == 0 && is_in_place(&about)))
        return STRESSOR_OK;
    int32_t status = report_file_open(files, path, &f);
    return status < 0 ? status : report_file_close(f, 0);
}
