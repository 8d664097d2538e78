#include "cli/live.h"

#include <stdlib.h>
#include <time.h>

#include "cli/terminal.h"

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

static const int64_t BLOCK_EVERY_NS = 250 * NS_PER_MS;
static const int64_t LINE_EVERY_NS = 10 * NS_PER_S;
static const size_t LINES_MOST = 8;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* The run's beginning is the earliest that a snapshot tells: one is seen late, never early. */
static void take(struct live *l, const stressor_snapshot *s)
{
    int64_t began_ns = now_ns() - s->elapsed_ns;
    if (l->latest == NULL || began_ns < l->began_ns)
        l->began_ns = began_ns;
    stressor_snapshot_release(l->latest);
    l->latest = s;
    if (l->block)
        live_find_slowest(s, &l->slowest);
}

static int64_t elapsed_ns(const struct live *l)
{
    return l->latest->stage == STRESSOR_STAGE_DONE ? l->latest->elapsed_ns : now_ns() - l->began_ns;
}

static void show_block(struct live *l)
{
    struct live_style style = {.colour = l->console->colour, .early = l->early};
    terminal_size(&style.width, &style.height);
    /* No more than half of the screen, even where lines are broken in two. */
    style.height = style.height / 2 < LINES_MOST ? style.height / 2 : LINES_MOST;
    char *text = live_view(l->latest, &l->slowest, elapsed_ns(l), &style);
    if (text != NULL)
        console_block(l->console, text);
    free(text);
}

static void show_line(struct live *l)
{
    char *text = live_line(l->latest, elapsed_ns(l));
    if (text != NULL)
        console_say(l->console, STRESSOR_LOG_INFO, "%s", text);
    free(text);
}

void live_start(struct live *l, struct console *console, stressor_run *run)
{
    *l = (struct live){.console = console, .next_ns = LINE_EVERY_NS};
    if (console->level < STRESSOR_LOG_INFO)
        return;
    const stressor_snapshot *s = stressor_run_snapshot(run);
    if (s == NULL)
        return;
    l->block = terminal_can_move();
    l->lines = !l->block;
    take(l, s);
    l->early = true;
    if (l->block)
        show_block(l);
}

void live_step(struct live *l, stressor_run *run)
{
    if (l->latest == NULL)
        return;
    bool fresh = false;
    const stressor_snapshot *s = stressor_run_latest(run);
    if (s != NULL && s->serial > l->latest->serial) {
        take(l, s);
        l->early = false;
        fresh = true;
    } else {
        stressor_snapshot_release(s);
    }
    if (l->lines && elapsed_ns(l) >= l->next_ns) {
        show_line(l);
        l->next_ns = (elapsed_ns(l) / LINE_EVERY_NS + 1) * LINE_EVERY_NS;
    }
    if (!l->block)
        return;
    if (fresh || now_ns() >= l->next_ns) {
        show_block(l);
        l->next_ns = now_ns() + BLOCK_EVERY_NS;
    } else {
        console_refresh(l->console);
    }
}

void live_end(struct live *l)
{
    if (l->block)
        console_block(l->console, NULL);
    stressor_snapshot_release(l->latest);
    l->latest = NULL;
}
