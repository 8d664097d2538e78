#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AT_ONCE = 64 << 10, PIPE_MAX = 1 << 20 };

static bool keep(struct output *o, const char *bytes, size_t count)
{
    size_t free_bytes = o->max - o->length;
    if (count > free_bytes) {
        o->is_cut = true;
        count = free_bytes;
    }
    if (count == 0)
        return true;
    if (o->length + count > o->room) {
        size_t room = o->room > 0 ? 2 * o->room : 4096;
        while (room < o->length + count)
            room *= 2;
        char *grown = realloc(o->bytes, room);
        if (grown == NULL)
            return false;
        o->bytes = grown;
        o->room = room;
    }
    memcpy(o->bytes + o->length, bytes, count);
    o->length += count;
    return true;
}

/* How many bytes came; 0: the end, or nothing now. */
static size_t read_once(struct output *o, int fd, enum output_state *state)
{
    char bytes[AT_ONCE];
    ssize_t got;
    do
        got = read(fd, bytes, sizeof bytes);
    while (got < 0 && errno == EINTR);
    *state = got > 0 || (got < 0 && errno == EAGAIN) ? OUTPUT_OPEN : OUTPUT_ENDED;
    if (got > 0 && !keep(o, bytes, (size_t)got))
        *state = OUTPUT_FAILED;
    return got > 0 ? (size_t)got : 0;
}

enum output_state output_read(struct output *o, int fd)
{
    enum output_state state;
    read_once(o, fd, &state);
    return state;
}

enum output_state output_drain(struct output *o, int fd)
{
    enum output_state state = OUTPUT_OPEN;
    size_t got = 1;
    for (size_t all = 0; got > 0 && state == OUTPUT_OPEN && all <= PIPE_MAX; all += got)
        got = read_once(o, fd, &state);
    return state;
}

void output_finish(struct output *o)
{
    free(o->bytes);
    *o = (struct output){0};
}
