#include "run/sessions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "run/session.h"
#include "run/worker.h"

static const int64_t PATIENCE_NS = 2 * NS_PER_S;
enum {
    SLICE = 1000, /* sessions that a worker looks at before its other work */
    PAGE_MAX = 1000,
};

enum step { STEP_MATCH, STEP_FETCH };

/* What a worker has to do with it. */
struct part {
    struct request *of;
    struct stressor_worker *worker;
    struct message message;
    size_t cursor;    /* the next of its sessions to look at */
    uint8_t *matches; /* a bit for each of its sessions, in the order of their numbers */
    size_t looked_at; /* how many bits */
    uint64_t count;   /* of bits that are set */
};

/* A session of the page. */
struct line {
    uint32_t worker;
    size_t index;
    stressor_session_row row; /* number 0: it has ended meanwhile */
    char *texts;              /* what the row points to */
};

/* Whoever asks may have gone when a worker answers: the last of them frees it. */
struct request {
    _Atomic uint32_t references;
    _Atomic bool given_up, out_of_memory;
    enum step step;
    char *filter; /* in small letters */
    size_t filter_length;
    struct line *lines;
    size_t lines_count;
    pthread_mutex_t lock; /* guards `pending` */
    pthread_cond_t answered;
    uint32_t pending;
    uint32_t parts_count;
    struct part parts[];
};

static void release(struct request *r)
{
    if (atomic_fetch_sub(&r->references, 1) != 1)
        return;
    for (uint32_t i = 0; i < r->parts_count; i++)
        free(r->parts[i].matches);
    for (size_t i = 0; i < r->lines_count; i++)
        free(r->lines[i].texts);
    free(r->lines);
    free(r->filter);
    pthread_cond_destroy(&r->answered);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* --- what is shown of a session [worker] --------------------------------------------------------
 */

struct shown {
    const char *id, *user, *path, *error; /* user: not ended by NUL */
    size_t user_length;
};

/* Its variables are not looked at, as a thread of the pool may be changing them. */
static const stressor_value *user_of(const struct stressor_session *s)
{
    const struct stressor_plan *plan = s->worker->run->plan;
    const stressor_value *user = &plan->users[(s->number - 1) % plan->users_count];
    if (plan->keeps_user)
        user = plan->is_set[PLAN_SLOT_USER] ? &plan->initial[PLAN_SLOT_USER] : NULL;
    if (user != NULL && user->type == STRESSOR_MAP)
        user = value_get(user, "name", strlen("name"));
    if (user == NULL || user->type != STRESSOR_STRING ||
        (user->flags & (STRESSOR_SECRET | VALUE_TEMPLATE)) != 0)
        return NULL;
    return user;
}

static struct shown show(const struct stressor_session *s)
{
    const stressor_value *user = user_of(s);
    struct shown out = {.id = s->id,
                        .user = user != NULL ? user->as.string.ptr : "",
                        .path = s->exec.state == EXEC_IDLE ? "waiting" : s->exec.place->label,
                        .error = s->last_error};
    out.user_length = user != NULL ? user->as.string.length : 0;
    return out;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool holds(const char *text, size_t length, const char *filter, size_t filter_length)
{
    for (size_t i = 0; i + filter_length <= length; i++) {
        size_t k = 0;
        while (k < filter_length && lower(text[i + k]) == filter[k])
            k++;
        if (k == filter_length)
            return true;
    }
    return false;
}

static bool matches(const struct request *r, const struct stressor_session *s)
{
    if (r->filter_length == 0)
        return true;
    struct shown v = show(s);
    return holds(v.id, strlen(v.id), r->filter, r->filter_length) ||
           holds(v.user, v.user_length, r->filter, r->filter_length) ||
           holds(v.path, strlen(v.path), r->filter, r->filter_length) ||
           (v.error != NULL && holds(v.error, strlen(v.error), r->filter, r->filter_length));
}

static const char *append(char **to, const char *text, size_t length)
{
    char *from = *to;
    memcpy(from, text, length);
    from[length] = '\0';
    *to += length + 1;
    return from;
}

static bool fill(struct line *l, const struct stressor_session *s)
{
    struct shown v = show(s);
    size_t id = strlen(v.id), path = strlen(v.path), error = v.error != NULL ? strlen(v.error) : 0;
    char *texts = malloc(id + v.user_length + path + error + 4);
    if (texts == NULL)
        return false;
    l->texts = texts;
    l->row = (stressor_session_row){
        .size = sizeof l->row,
        .running = 1,
        .number = s->number,
        .id = append(&texts, v.id, id),
        .user = append(&texts, v.user, v.user_length),
        .path = append(&texts, v.path, path),
        .activities = s->activities,
        .errors = s->errors,
    };
    if (v.error != NULL)
        l->row.last_error = append(&texts, v.error, error);
    return true;
}

/* --- a worker's turns ---------------------------------------------------------------------------
 */

/* True: there is more to do. */
static bool match_slice(struct part *p)
{
    const struct stressor_worker *w = p->worker;
    if (p->matches == NULL) { /* those that start later are not looked at */
        p->looked_at = w->sessions_count;
        p->matches = calloc(p->looked_at / 8 + 1, 1);
        if (p->matches == NULL) {
            p->looked_at = 0;
            atomic_store(&p->of->out_of_memory, true);
            return false;
        }
    }
    for (size_t n = 0; n < SLICE && p->cursor < p->looked_at; n++, p->cursor++) {
        const struct stressor_session *s = w->sessions[p->cursor];
        if (s == NULL || !matches(p->of, s))
            continue;
        p->matches[p->cursor / 8] |= (uint8_t)(1u << p->cursor % 8);
        p->count++;
    }
    return p->cursor < p->looked_at;
}

/* Those of a page are few enough for one turn. */
static void fetch(const struct part *p)
{
    struct request *r = p->of;
    for (size_t i = 0; i < r->lines_count; i++) {
        struct line *l = &r->lines[i];
        if (l->worker != p->worker->index || p->worker->sessions[l->index] == NULL)
            continue;
        if (!fill(l, p->worker->sessions[l->index]))
            atomic_store(&r->out_of_memory, true);
    }
}

static void answer(struct request *r)
{
    pthread_mutex_lock(&r->lock);
    r->pending--;
    pthread_cond_signal(&r->answered);
    pthread_mutex_unlock(&r->lock);
    release(r);
}

static void on_turn(void *data)
{
    struct part *p = data;
    struct request *r = p->of;
    bool more = false;
    if (atomic_load(&r->given_up))
        more = false;
    else if (r->step == STEP_MATCH)
        more = match_slice(p);
    else
        fetch(p);
    if (!more || !worker_send(p->worker, &p->message, on_turn, p))
        answer(r);
}

/* --- asking -------------------------------------------------------------------------------------
 */

static struct request *request_new(struct stressor_run *run, const char *filter)
{
    struct request *r = calloc(1, sizeof *r + run->workers_count * sizeof r->parts[0]);
    char *copy = strdup(filter != NULL ? filter : "");
    if (r == NULL || copy == NULL) {
        free(r);
        free(copy);
        return NULL;
    }
    atomic_init(&r->references, 1);
    for (char *c = copy; *c != '\0'; c++)
        *c = lower(*c);
    r->filter = copy;
    r->filter_length = strlen(copy);
    r->parts_count = run->workers_count;
    for (uint32_t i = 0; i < r->parts_count; i++)
        r->parts[i] = (struct part){.of = r, .worker = run->workers[i]};
    pthread_mutex_init(&r->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&r->answered, &attr);
    pthread_condattr_destroy(&attr);
    return r;
}

/* Has all workers take a step, and waits for them. Negative: STRESSOR_ELIMIT, STRESSOR_ENOMEM. */
static int32_t ask(struct request *r, enum step step, int64_t until_ns)
{
    struct timespec until = {.tv_sec = until_ns / NS_PER_S, .tv_nsec = until_ns % NS_PER_S};
    r->step = step;
    r->pending = r->parts_count;
    atomic_fetch_add(&r->references, r->parts_count);
    for (uint32_t i = 0; i < r->parts_count; i++)
        if (!worker_send(r->parts[i].worker, &r->parts[i].message, on_turn, &r->parts[i]))
            answer(r); /* it has ended, and its sessions have */
    pthread_mutex_lock(&r->lock);
    int status = 0;
    while (r->pending > 0 && status != ETIMEDOUT)
        status = pthread_cond_timedwait(&r->answered, &r->lock, &until);
    bool complete = r->pending == 0;
    pthread_mutex_unlock(&r->lock);
    if (complete)
        return atomic_load(&r->out_of_memory) ? STRESSOR_ENOMEM : STRESSOR_OK;
    atomic_store(&r->given_up, true);
    return STRESSOR_ELIMIT;
}

static bool is_set(const struct part *p, size_t i)
{
    return i < p->looked_at && ((unsigned)p->matches[i / 8] >> i % 8 & 1u) != 0;
}

/* Finds the sessions of the page: in the order of their numbers, which go round the workers. */
static bool choose(struct request *r, uint64_t offset, uint64_t limit, uint64_t total)
{
    uint64_t room = offset >= total ? 0 : total - offset < limit ? total - offset : limit;
    if (room == 0)
        return true;
    r->lines = calloc(room, sizeof *r->lines);
    if (r->lines == NULL)
        return false;
    for (size_t i = 0; r->lines_count < room; i++)
        for (uint32_t w = 0; w < r->parts_count && r->lines_count < room; w++) {
            if (!is_set(&r->parts[w], i))
                continue;
            if (offset > 0)
                offset--;
            else
                r->lines[r->lines_count++] = (struct line){.worker = w, .index = i};
        }
    return true;
}

static bool has_begun(struct stressor_run *run)
{
    pthread_mutex_lock(&run->lock);
    bool begun = run->go && !run->failed;
    pthread_mutex_unlock(&run->lock);
    return begun;
}

int32_t sessions_page(struct stressor_run *run, uint64_t offset, uint64_t limit, const char *filter,
                      uint64_t *total, void (*each)(void *data, const stressor_session_row *row),
                      void *data)
{
    int64_t until_ns = clock_real() + PATIENCE_NS;
    uint64_t count = 0;
    if (total != NULL)
        *total = 0;
    if (!has_begun(run))
        return STRESSOR_OK;
    struct request *r = request_new(run, filter);
    if (r == NULL)
        return STRESSOR_ENOMEM;
    int32_t status = ask(r, STEP_MATCH, until_ns);
    for (uint32_t i = 0; status == STRESSOR_OK && i < r->parts_count; i++)
        count += r->parts[i].count;
    if (status == STRESSOR_OK && !choose(r, offset, limit < PAGE_MAX ? limit : PAGE_MAX, count))
        status = STRESSOR_ENOMEM;
    if (status == STRESSOR_OK && r->lines_count > 0)
        status = ask(r, STEP_FETCH, until_ns);
    if (status == STRESSOR_OK && total != NULL)
        *total = count;
    for (size_t i = 0; status == STRESSOR_OK && i < r->lines_count; i++)
        if (r->lines[i].row.number != 0)
            each(data, &r->lines[i].row);
    release(r);
    return status;
}
