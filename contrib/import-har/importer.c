#include "importer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct importer *importer_new(const struct settings *settings, struct say *say)
{
    struct importer *im = calloc(1, sizeof *im);
    if (im == NULL)
        return NULL;
    im->settings = settings;
    im->say = say;
    im->files.is_private = settings->keep_secrets;
    im->variables_end = &im->variables;
    pool_init(&im->kept, KEPT_BYTES_MAX);
    pool_init(&im->scratch, SCRATCH_BYTES_MAX);
    text_init(&im->sequence, SEQUENCE_BYTES_MAX);
    text_init(&im->piece, SEQUENCE_BYTES_MAX);
    im->sent = calloc(SENT_SLOTS, sizeof *im->sent);
    if (im->sent != NULL)
        return im;
    importer_free(im);
    return NULL;
}

void importer_free(struct importer *im)
{
    if (im == NULL)
        return;
    text_finish(&im->sequence);
    text_finish(&im->piece);
    pool_finish(&im->kept);
    pool_finish(&im->scratch);
    free(im->requests);
    free(im->by_number);
    free(im->sent);
    free(im);
}

static bool take(void *data, const struct har_entry *e)
{
    return recording_add(data, e);
}

static bool take_again(void *data, const struct har_entry *e)
{
    return correlate_answer(data, e);
}

static bool read_pieces(struct importer *im, int fd, struct har *h)
{
    static char piece[64 << 10];
    ssize_t n;
    while ((n = read(fd, piece, sizeof piece)) != 0) {
        if (say_stopped())
            return false;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return say_error(im->say, "%s", strerror(errno));
        if (!har_feed(h, piece, (size_t)n))
            return say_error(im->say, "%s", har_error(h));
    }
    return har_end(h) || say_error(im->say, "%s", har_error(h));
}

static bool read_all(struct importer *im, int fd, har_take each, bool with_bodies)
{
    struct har *h = har_new(each, im);
    if (h != NULL && !with_bodies)
        har_skip_bodies(h);
    bool good = h != NULL ? read_pieces(im, fd, h) : say_no_memory(im->say);
    har_free(h);
    return good && !im->failed;
}

static bool steps(struct importer *im, int fd)
{
    if (!read_all(im, fd, take, false) || !recording_finish(im))
        return false;
    im->collecting = true;
    if (!write_sequence(im))
        return false;
    im->collecting = false;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return say_error(im->say, "%s", strerror(errno));
    return read_all(im, fd, take_again, true) && correlate_finish(im) && write_sequence(im);
}

bool importer_run(struct importer *im, const char *path)
{
    struct stat st;
    im->say->about = path;
    /* A pipe that nobody writes to would not even open. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return say_error(im->say, "%s", strerror(errno));
    bool good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (!good)
        say_error(im->say, "it is no ordinary file");
    good = good && steps(im, fd) && write_files(im, path);
    close(fd);
    im->say->about = NULL;
    return good;
}
