/* Nothing is wrong: it waits for a byte, which comes with the word `go` only, as others
 * wait for a server. */
#include "fault.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

struct wait {
    stressor_exec *exec;
    stressor_watch *watch;
    int ends[2];
};

static const stressor_arg arg_word = {
    .size = sizeof arg_word, .name = "word", .types = STRESSOR_ARG_STRING, .help = "what to say"};
static const stressor_arg *const args[] = {&arg_word};

static stressor_exec *leave(struct wait *w)
{
    stressor_exec *x = w->exec;
    if (w->watch != NULL)
        fault_loop(x)->watch_free(w->watch);
    close(w->ends[0]);
    close(w->ends[1]);
    free(w);
    return x;
}

static void on_ready(void *data, uint32_t events)
{
    (void)events;
    fault_complete(leave(data));
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    const stressor_value *word = &x->args[0];
    struct wait *w = calloc(1, sizeof *w);
    bool piped = w != NULL && pipe(w->ends) == 0;
    if (piped) {
        w->exec = x;
        w->watch = fault_loop(x)->watch_new(x->worker, w->ends[0], on_ready, w);
    }
    if (!piped || w->watch == NULL) {
        if (piped)
            leave(w);
        else
            free(w);
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    }
    x->data = w;
    bool comes = word->type == STRESSOR_STRING && word->as.string.length == 2 &&
                 word->as.string.ptr[0] == 'g' && word->as.string.ptr[1] == 'o';
    if (fault_loop(x)->watch_set(w->watch, STRESSOR_READABLE) != STRESSOR_OK ||
        (comes && write(w->ends[1], "!", 1) != 1)) {
        leave(w);
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "pipe", "cannot use the pipe");
    }
    return STRESSOR_PENDING;
}

static void cancel(stressor_exec *x)
{
    fault_cancelled(leave(x->data));
}

FAULT_TYPE(start, cancel, .args = args, .args_count = 1)
FAULT_DESCRIPTOR(.author = "stressor")
