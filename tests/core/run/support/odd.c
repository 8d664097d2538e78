#include "odd.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>
#include <stressor/loop.h>

#include "recorder.h"

static const stressor_host *host;
static const stressor_loop_api *loop;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned hanging;
static int released;
static atomic_int refusing;

static void note(stressor_exec *x, const char *text)
{
    stressor_session_info info = {.size = sizeof info};
    x->host->session_info(x->session, &info);
    recorder_note(info.id, text, strlen(text));
}

static void life(const char *stage)
{
    recorder_note("life", stage, strlen(stage));
}

void odd_refuse(enum odd_stage stage)
{
    atomic_store(&refusing, stage);
}

/* --- blocking -------------------------------------------------------------------------------- */

void odd_release(void)
{
    pthread_mutex_lock(&lock);
    released = 1;
    pthread_cond_broadcast(&changed);
    while (hanging > 0)
        pthread_cond_wait(&changed, &lock);
    released = 0;
    pthread_mutex_unlock(&lock);
}

static int32_t hang_start(stressor_exec *x, stressor_result *r)
{
    stressor_value v;
    pthread_mutex_lock(&lock);
    hanging++;
    note(x, "hanging");
    while (!released)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    char *late = x->host->scratch(x, 100);
    if (late != NULL)
        memset(late, 0, 100);
    x->host->variable_find(x, "user", strlen("user"), &v);
    r->value = v;
    pthread_mutex_lock(&lock);
    hanging--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return STRESSOR_DONE;
}

static void hang_cancel(stressor_exec *x)
{
    note(x, "unmoved");
}

/* Both parts may come first: a thread may not have begun when it is cancelled. */
static int32_t held_start(stressor_exec *x, stressor_result *r)
{
    note(x, "held");
    pthread_mutex_lock(&lock);
    while (x->data == NULL)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return stressor_fail(x, &r->failure, STRESSOR_CANCELLED, "cancelled", "cancelled");
}

static void held_cancel(stressor_exec *x)
{
    pthread_mutex_lock(&lock);
    x->data = x;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

/* --- pending --------------------------------------------------------------------------------- */

struct spin {
    stressor_timer *timer;
    stressor_exec *exec;
    unsigned turns;
};

static void spin_again(void *data)
{
    enum { TURNS = 1000 };
    struct spin *s = data;
    loop->timer_start(s->timer, 0);
    if (++s->turns == TURNS)
        note(s->exec, "spinning");
}

static int32_t spin_start(stressor_exec *x, stressor_result *r)
{
    (void)r;
    struct spin *s = calloc(1, sizeof *s);
    x->data = s;
    s->exec = x;
    s->timer = loop->timer_new(x->worker, spin_again, s);
    spin_again(s);
    return STRESSOR_PENDING;
}

static void spin_cancel(stressor_exec *x)
{
    struct spin *s = x->data;
    stressor_result r = {.size = sizeof r};
    loop->timer_free(s->timer);
    free(s);
    stressor_fail(x, &r.failure, STRESSOR_CANCELLED, "cancelled", "cancelled");
    x->host->complete(x, &r);
}

/* What a worker has of the activity Late: one at most. */
struct worker_data {
    stressor_exec *late;
};

static int32_t late_start(stressor_exec *x, stressor_result *r)
{
    (void)r;
    struct worker_data *w = x->worker_data;
    w->late = x;
    note(x, "late");
    return STRESSOR_PENDING;
}

static void late_cancel(stressor_exec *x)
{
    note(x, "unmoved");
}

static void short_deliver(void *data)
{
    stressor_exec *x = data;
    stressor_result r;
    memset(&r, 0x5a, sizeof r);
    r.size = offsetof(stressor_result, info);
    r.flags = 0;
    r.text = "short";
    r.text_length = 5;
    r.value = stressor_string("short");
    x->host->complete(x, &r);
}

static int32_t short_start(stressor_exec *x, stressor_result *r)
{
    (void)r;
    return loop->post(x->worker, short_deliver, x) == STRESSOR_OK ? STRESSOR_PENDING
                                                                  : STRESSOR_FAILED;
}

static void post_deliver(void *data)
{
    stressor_exec *x = data;
    stressor_result r = {.size = sizeof r};
    x->host->complete(x, &r);
}

static int32_t post_start(stressor_exec *x, stressor_result *r)
{
    if (loop->post(x->worker, post_deliver, x) == STRESSOR_OK)
        return STRESSOR_PENDING;
    return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
}

static void no_cancel(stressor_exec *x)
{
    (void)x;
}

/* --- at once --------------------------------------------------------------------------------- */

static int32_t random_start(stressor_exec *x, stressor_result *r)
{
    char text[32];
    (void)r;
    snprintf(text, sizeof text, "%016llx", (unsigned long long)x->host->random(x->session));
    note(x, text);
    return STRESSOR_DONE;
}

static int32_t liar_start(stressor_exec *x, stressor_result *r)
{
    return stressor_fail(x, &r->failure, STRESSOR_CANCELLED, "cancelled", "they stopped me");
}

static int32_t slots_start(stressor_exec *x, stressor_result *r)
{
    static const int64_t none[] = {-1, INT64_MIN, 1 << 20, INT64_MAX};
    stressor_value v = stressor_int(1);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (x->host->variable_set(x, none[i], &v) != STRESSOR_EINVAL ||
            x->host->variable_get(x, none[i], &v) != STRESSOR_ENOENT)
            return stressor_fail(x, &r->failure, STRESSOR_INTERNAL, "slot", "slot %lld is taken",
                                 (long long)none[i]);
    return STRESSOR_DONE;
}

static int32_t templates_prepare(stressor_prepare *p)
{
    char text[32];
    snprintf(text, sizeof text, "wants=%x", (unsigned)p->wants);
    life(text);
    for (uint32_t i = 0; i < p->args_count; i++)
        if (p->states[i] == STRESSOR_ARG_TEMPLATE &&
            (p->args[i].type != STRESSOR_NULL || p->args[i].flags != 0))
            return p->host->problem(p, (int32_t)i, "seen", 4);
    return STRESSOR_OK;
}

static int32_t done_start(stressor_exec *x, stressor_result *r)
{
    r->value = x->args[0];
    return STRESSOR_DONE;
}

/* --- the plugin ------------------------------------------------------------------------------ */

static int32_t prepare(stressor_prepare *place)
{
    life("prepare");
    place->place = place;
    return STRESSOR_OK;
}

static void release(void *plugin, void *place)
{
    (void)plugin;
    life(place != NULL ? "release" : "release of nothing");
}

#define TYPE(ID, NAME, START, CANCEL, FLAGS)                                                       \
    static const stressor_activity_type ID = {.size = sizeof ID,                                   \
                                              .flags = FLAGS,                                      \
                                              .name = NAME,                                        \
                                              .help = "For tests",                                 \
                                              .prepare = prepare,                                  \
                                              .release = release,                                  \
                                              .start = START,                                      \
                                              .cancel = CANCEL};

TYPE(t_random, "Random", random_start, NULL, 0)
TYPE(t_spin, "Spin", spin_start, spin_cancel, 0)
TYPE(t_hang, "Hang", hang_start, hang_cancel, STRESSOR_ACTIVITY_BLOCKING)
TYPE(t_held, "Held", held_start, held_cancel, STRESSOR_ACTIVITY_BLOCKING)
TYPE(t_late, "Late", late_start, late_cancel, 0)
TYPE(t_short, "Short", short_start, no_cancel, 0)
TYPE(t_liar, "Liar", liar_start, NULL, 0)
TYPE(t_slots, "Slots", slots_start, NULL, 0)
TYPE(t_post, "Post", post_start, no_cancel, 0)

static const stressor_arg arg_text = {
    .size = sizeof arg_text, .name = "text", .types = STRESSOR_ARG_ANY, .help = "the result"};
static const stressor_arg *const template_args[] = {&arg_text};
static const stressor_activity_type t_templates = {.size = sizeof t_templates,
                                                   .name = "Templates",
                                                   .help = "For tests",
                                                   .args = template_args,
                                                   .args_count = 1,
                                                   .prepare = templates_prepare,
                                                   .start = done_start};

static const stressor_arg arg_one = {
    .size = sizeof arg_one, .name = "one", .types = STRESSOR_ARG_INT, .help = "a number"};
static const stressor_arg arg_two = {
    .size = sizeof arg_two, .name = "two", .types = STRESSOR_ARG_INT, .help = "a number"};
static const stressor_arg *const either_args[] = {&arg_one, &arg_two};
static const char *const either_names[] = {"one", "two", NULL};
static const stressor_arg_group either_group = {
    .size = sizeof either_group, .kind = STRESSOR_GROUP_EXACTLY_ONE, .names = either_names};
static const stressor_arg_group *const either_groups[] = {&either_group};
static const stressor_activity_type t_either = {.size = sizeof t_either,
                                                .name = "Either",
                                                .help = "For tests",
                                                .args = either_args,
                                                .groups = either_groups,
                                                .args_count = 2,
                                                .groups_count = 1,
                                                .start = done_start};

static const stressor_activity_type *const types[] = {&t_either, &t_random, &t_spin,     &t_hang,
                                                      &t_held,   &t_late,   &t_short,    &t_liar,
                                                      &t_slots,  &t_post,   &t_templates};

static int32_t init(const stressor_host *h, void **data)
{
    host = h;
    *data = &host;
    loop = h->extension(h, STRESSOR_LOOP_1);
    life("init");
    return STRESSOR_OK;
}

static void fini(void *data)
{
    life(data == &host ? "fini" : "fini of another");
}

static int32_t run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    (void)run;
    (void)plan;
    if (atomic_load(&refusing) == ODD_RUN_OPEN)
        return STRESSOR_ESYSTEM;
    *run_data = data;
    life("run_open");
    return STRESSOR_OK;
}

static void run_close(void *run_data)
{
    life(run_data == &host ? "run_close" : "run_close of another");
}

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    (void)run_data;
    (void)worker;
    *worker_data = calloc(1, sizeof(struct worker_data));
    if (*worker_data == NULL)
        return STRESSOR_ENOMEM;
    life("worker_open");
    return STRESSOR_OK;
}

static void worker_close(void *worker_data)
{
    struct worker_data *w = worker_data;
    life("worker_close");
    if (w->late != NULL)
        post_deliver(w->late);
    free(w);
}

static int32_t session_open(void *worker_data, stressor_exec *exec, void **session_data)
{
    (void)exec;
    if (atomic_load(&refusing) == ODD_SESSION_OPEN)
        return STRESSOR_ELIMIT;
    *session_data = worker_data;
    life("session_open");
    return STRESSOR_OK;
}

static void session_close(void *session_data)
{
    life(session_data != NULL ? "session_close" : "session_close of nothing");
}

static const stressor_plugin odd = {
    .size = sizeof odd,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "odd",
    .version = "1.0",
    .help = "Does odd things",
    .activities = types,
    .activities_count = sizeof types / sizeof *types,
    .init = init,
    .fini = fini,
    .run_open = run_open,
    .run_close = run_close,
    .worker_open = worker_open,
    .worker_close = worker_close,
    .session_open = session_open,
    .session_close = session_close,
};

const stressor_plugin *odd_entry(void)
{
    return &odd;
}
