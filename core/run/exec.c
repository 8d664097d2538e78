#include "run/exec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/conceal.h"
#include "base/json.h"
#include "base/log.h"
#include "config/schema.h"
#include "run/call.h"
#include "run/session.h"

void exec_fail(struct exec *x, stressor_failure *f, uint32_t category, const char *kind,
               const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = length < 0 ? NULL : arena_alloc(x->arena, (size_t)length + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, fmt, again);
    va_end(again);
    *f = (stressor_failure){category, 0, kind, text != NULL ? text : "out of memory", 0};
    f->length = strlen(f->text);
}

struct exec *exec_reader(struct exec *x)
{
    struct exec *reader = x->finishing ? x : NULL;
    for (; x != NULL; x = call_caller(x->call))
        if (x->place->has_templates)
            reader = x;
    return reader;
}

void exec_unbury(struct exec *x)
{
    for (const struct buried *b = x->buried; b != NULL; b = b->next)
        free(b->block);
    x->buried = NULL;
}

static const stressor_value *env_variable(void *data, uint32_t slot)
{
    return variables_get(data, slot);
}

struct template_env exec_env(struct exec *x)
{
    return (struct template_env){
        .variable = env_variable,
        .data = x->session,
        .variables = x->session->worker->run->plan->variables,
        .arena = x->arena,
        .exec = &x->pub,
    };
}

stressor_value exec_shown(struct exec *x, const stressor_value *v)
{
    struct template_env env = exec_env(x);
    stressor_value shown;
    stressor_failure f;
    if (template_expand_value(v, &env, &shown, &f))
        return shown;
    return stressor_string_n(f.text, f.length);
}

const stressor_value *exec_value(struct exec *x, const stressor_result *r)
{
    if (x->parsed)
        return &x->value;
    x->parsed = true;
    x->not_json = NULL;
    x->value = r->value;
    if (!(r->flags & STRESSOR_RESULT_TEXT_IS_VALUE))
        return &x->value;
    x->value = stressor_string_n(r->text != NULL ? r->text : "", r->text_length);
    bool secret = (r->flags & STRESSOR_RESULT_TEXT_IS_SECRET) != 0;
    x->value.flags |= secret ? STRESSOR_SECRET : 0;
    if (!json_looks_like(r->text, r->text_length))
        return &x->value;
    stressor_value parsed;
    struct json_error why;
    switch (json_parse(r->text, r->text_length, x->arena, &parsed, &why)) {
    case JSON_OK:
        x->value = parsed;
        if (!secret || value_make_secret(x->arena, &x->value))
            break;
        x->parsed = false;
        return NULL;
    case JSON_NOMEM: x->parsed = false; return NULL;
    default: /* text it is */
        x->not_json = arena_printf(x->arena, "line %d, column %d: %s", why.line, why.column,
                                   secret ? "malformed" : why.text);
        break;
    }
    return &x->value;
}

/* --- before ---------------------------------------------------------------------------------- */

static bool expand_arg(struct exec *x, struct template_env *env, uint32_t i, stressor_value *v,
                       stressor_failure *f)
{
    const struct plan_place *p = x->place;
    const stressor_arg *arg = p->type->args[i];
    if (!template_expand_value(v, env, v, f)) {
        stressor_failure inner = *f;
        exec_fail(x, f, inner.category, inner.kind, "argument '%s': %.*s", arg->name,
                  (int)inner.length, inner.text);
        return false;
    }
    struct buf why;
    buf_init(&why, 2048);
    bool absent;
    bool good = schema_coerce(arg, v, x->arena, &absent, &why);
    if (!good)
        exec_fail(x, f, STRESSOR_SCRIPT, "bad argument", "argument '%s' (%s:%u:%u): %s", arg->name,
                  p->arg_places[i].file, p->arg_places[i].line, p->arg_places[i].column, why.data);
    else if (absent)
        good = schema_fallback(arg, x->arena, v);
    buf_finish(&why);
    return good;
}

static bool expand_args(struct exec *x, stressor_failure *f)
{
    const struct plan_place *p = x->place;
    x->pub.args = p->args;
    x->pub.args_count = p->args_count;
    if (!p->has_templates)
        return true;
    stressor_value *args = arena_alloc(x->arena, p->args_count * sizeof *args);
    if (args == NULL) {
        exec_fail(x, f, STRESSOR_GENERATOR, "memory", "out of memory for arguments");
        return false;
    }
    memcpy(args, p->args, p->args_count * sizeof *args);
    x->pub.args = args;
    struct template_env env = exec_env(x);
    for (uint32_t i = 0; i < p->args_count; i++)
        if (p->states[i] == STRESSOR_ARG_TEMPLATE && !expand_arg(x, &env, i, &args[i], f))
            return false;
    return true;
}

static bool open_session(struct exec *x, stressor_failure *f)
{
    struct stressor_session *s = x->session;
    const struct plugin *plugin = x->place->plugin;
    uint32_t i = plugin->index, slot = plugin->slot;
    x->pub.plugin = plugin->data;
    x->pub.run_data = s->worker->run->plugin_data[i];
    x->pub.worker_data = s->worker->plugin_data[i];
    if (!s->plugin_open[slot]) {
        if (plugin->desc->session_open != NULL &&
            plugin->desc->session_open(s->worker->plugin_data[i], &x->pub, &s->plugin_data[slot]) <
                0) {
            exec_fail(x, f, STRESSOR_GENERATOR, "session",
                      "plugin '%s' could not open the session (the log says why)",
                      plugin->desc->name);
            return false;
        }
        s->plugin_open[slot] = true;
        x->started_ns = clock_now();
    }
    x->pub.session_data = s->plugin_data[slot];
    return true;
}

/* In a dry run: what stands for the result. */
static bool is_mocked(const struct exec *x)
{
    if (!(x->pub.flags & STRESSOR_EXEC_DRY_RUN))
        return false;
    return x->place->common.has_mock || !(x->place->code.flags & STRESSOR_ACTIVITY_DRY_RUN);
}

static bool mock(struct exec *x, stressor_result *r, stressor_failure *f)
{
    const struct plan_common *common = &x->place->common;
    r->value = stressor_string("dummy_result");
    if (common->has_mock) {
        struct template_env env = exec_env(x);
        if (!template_expand_value(&common->mock, &env, &r->value, f))
            return false;
    }
    if (r->value.type == STRESSOR_STRING) {
        r->text = r->value.as.string.ptr;
        r->text_length = r->value.as.string.length;
    }
    return true;
}

/* --- after ----------------------------------------------------------------------------------- */

static bool keep_last_result(struct exec *x, const stressor_result *r)
{
    int32_t slot = x->session->worker->run->plan->last_result_slot;
    if (slot < 0 || x->call != NULL)
        return true;
    const stressor_value *v = exec_value(x, r);
    return v != NULL && variables_set(x->session, (uint32_t)slot, v, x);
}

/* The row that counts it. */
static uint32_t row_of(const struct exec *x)
{
    const struct stressor_run *run = x->session->worker->run;
    return x->started_ns < run->warmup_until_ns ? x->place->warmup_row : x->place->row;
}

static void report(struct exec *x, const stressor_failure *f)
{
    const struct plan_place *p = x->place;
    struct stressor_worker *w = x->session->worker;
    char line[SHARD_EXAMPLE_MAX + 4]; /* longer than what is kept, which ends with a character */
    struct buf concealed, shown;
    buf_init(&concealed, 0);
    buf_init(&shown, 0);
    bool conceal = conceal_passwords(f->text, f->length, &concealed);
    if (conceal)
        buf_put_shown(&shown, concealed.data, concealed.length);
    else
        buf_put_shown(&shown, f->text, f->length);
    session_error(x->session, shown.data, shown.length);
    int length = snprintf(line, sizeof line, "%s %s (%s:%u:%u): %s", x->session->id, p->label,
                          p->at.file, p->at.line, p->at.column, shown.data);
    buf_finish(&shown);
    buf_finish(&concealed);
    if (length >= (int)sizeof line)
        length = (int)sizeof line - 1;
    uint64_t times = shard_error(w->shard, f->category, f->kind != NULL ? f->kind : "unknown",
                                 (int32_t)row_of(x), line, (size_t)(length > 0 ? length : 0));
    enum { LOGGED = 10 }; /* of a kind on a worker; all are counted */
    if (times == 0 || times <= LOGGED)
        log_line(STRESSOR_LOG_ERROR, "%s [%s %s]%s", line, stressor_category_name(f->category),
                 f->kind != NULL ? f->kind : "unknown",
                 times == LOGGED ? " (more of this kind are counted, but not logged)" : "");
}

/* Whoever embeds the engine asks for it. */
static void tell_executed(struct exec *x, const stressor_result *r, const stressor_failure *f,
                          bool cancelled)
{
    const struct plan_place *p = x->place;
    const struct stressor_run *run = x->session->worker->run;
    const struct plan_sequence *sequence = &run->plan->sequences[p->sequence];
    const stressor_value *value = exec_value(x, r);
    stressor_result result = *r;
    result.size = sizeof result;
    result.value = value != NULL ? *value : stressor_null();
    result.failure = *f;
    const stressor_execution e = {
        .size = sizeof e,
        .status = f->category == STRESSOR_NO_FAILURE ? STRESSOR_DONE : STRESSOR_FAILED,
        .category = f->category,
        .cancelled = cancelled,
        .called = x->call != NULL,
        .phase = sequence->phase,
        .type = p->type->name,
        .label = p->label,
        .sequence = sequence->name,
        .session = x->session->id,
        .session_number = x->session->number,
        .started_ns = x->started_ns,
        .latency_ns = x->ended_ns - x->started_ns,
        .result = &result,
    };
    run->executed(run->executed_data, &e);
}

/* `f` has a category when the activity failed. */
static void finish(struct exec *x, const stressor_result *r, stressor_failure *f, int64_t end_ns)
{
    struct stressor_session *s = x->session;
    struct stressor_worker *w = s->worker;
    const struct plan_place *p = x->place;
    int64_t latency_ns = end_ns - x->started_ns;
    x->ended_ns = end_ns;
    x->finishing = true;
    if (f->category == STRESSOR_NO_FAILURE) {
        if (!keep_last_result(x, r))
            exec_fail(x, f, STRESSOR_GENERATOR, "memory", "out of memory for the result");
        else if (p->has_checks)
            exec_check(x, r, latency_ns, false, f);
    }
    bool failed = f->category != STRESSOR_NO_FAILURE;
    bool cancelled = failed && (f->category == STRESSOR_CANCELLED || x->cancelled);
    if (x->pub.flags & STRESSOR_EXEC_DEBUG)
        exec_debug(x, r, latency_ns);
    if (cancelled) {
        shard_add(w->shard, SHARD_CANCELLED, 1);
    } else {
        shard_activity(w->shard, row_of(x), latency_ns, failed);
        if (failed && x->call == NULL)
            report(x, f);
        else if (log_enabled(STRESSOR_LOG_DEBUG))
            log_line(STRESSOR_LOG_DEBUG, "%s %s: %s, %.3f ms", s->id, p->label,
                     failed ? "failed" : "fine", (double)latency_ns / 1e6);
    }
    if (w->run->executed != NULL)
        tell_executed(x, r, f, cancelled);
    x->finishing = false;
    x->state = EXEC_IDLE;
    if (x->call != NULL) {
        call_finished(x, r, f);
        return;
    }
    call_free(x->waited);
    x->waited = NULL;
    exec_unbury(x);
    arena_reset(x->arena);
    session_executed(s, latency_ns, failed, cancelled);
}

static void settle(struct exec *x, const stressor_result *r, int32_t status, int64_t end_ns)
{
    stressor_failure f = {0};
    if (status != STRESSOR_DONE || r->failure.category != STRESSOR_NO_FAILURE) {
        f = r->failure;
        if (f.category == STRESSOR_NO_FAILURE)
            exec_fail(x, &f, STRESSOR_INTERNAL, "no reason", "%s failed without saying why",
                      x->place->type->name);
        else if (f.category == STRESSOR_CANCELLED && !x->cancelled)
            exec_fail(x, &f, STRESSOR_INTERNAL, "cancelled",
                      "%s says that it was cancelled, but "
                      "nobody asked it to end",
                      x->place->type->name);
        if (f.text == NULL)
            f.text = "", f.length = 0;
        if (f.flags & STRESSOR_FAILURE_IS_SECRET)
            f.text = "***", f.length = 3;
    }
    finish(x, r, &f, end_ns);
}

/* --- blocking types -------------------------------------------------------------------------- */

static void blocked_done(void *data)
{
    struct exec *x = data;
    x->session->worker->jobs--;
    struct shard *shard = x->session->worker->shard;
    shard_max(shard, SHARD_POOL_WAIT_MAX, (uint64_t)x->job.waited_ns);
    shard_max(shard, SHARD_POOL_THREADS, pool_threads(x->session->worker->run->pool));
    if (x->state == EXEC_ASIDE)
        return;
    settle(x, &x->result, x->status, x->ended_ns);
}

static void blocked_work(struct pool_job *job)
{
    struct exec *x = (struct exec *)(void *)((char *)job - offsetof(struct exec, job));
    x->started_ns = clock_now();
    x->status = x->place->code.start(&x->pub, &x->result);
    x->ended_ns = clock_now();
    worker_send(x->session->worker, &x->message, blocked_done, x);
}

static bool start_blocked(struct exec *x, stressor_failure *f)
{
    x->state = EXEC_BLOCKED;
    x->job.work = blocked_work;
    x->session->worker->jobs++;
    if (pool_submit(x->session->worker->run->pool, &x->job))
        return true;
    x->session->worker->jobs--;
    exec_fail(x, f, STRESSOR_GENERATOR, "threads",
              "no thread can be started for a blocking activity");
    return false;
}

/* --- the way through ------------------------------------------------------------------------- */

enum exec_outcome exec_start(struct exec *x, const struct plan_place *place)
{
    x->place = place;
    x->cancelled = false;
    x->parsed = false;
    x->pub.data = NULL;
    x->pub.place = place->data;
    x->pub.wants = place->wants;
    x->pub.flags = (x->pub.flags & STRESSOR_EXEC_DRY_RUN) | place->exec_flags |
                   (x->call != NULL ? (uint32_t)STRESSOR_EXEC_CALLED : 0);
    const struct stressor_run *run = x->session->worker->run;
    if (run->plan->last_result_slot >= 0)
        x->pub.wants |= STRESSOR_WANT_VALUE;
    if (run->executed != NULL)
        x->pub.wants |= STRESSOR_WANT_TEXT | STRESSOR_WANT_VALUE | STRESSOR_WANT_INFO;
    x->result = (stressor_result){.size = sizeof x->result};
    x->started_ns = clock_now();

    stressor_failure f = {0};
    bool good = (x->call != NULL || expand_args(x, &f)) && open_session(x, &f);
    if (good && is_mocked(x)) {
        good = mock(x, &x->result, &f);
    } else if (good) {
        if (place->code.flags & STRESSOR_ACTIVITY_BLOCKING) {
            good = start_blocked(x, &f);
            if (good)
                return EXEC_OUTCOME_PENDING;
        } else {
            if (place->has_templates)
                x->started_ns = clock_now();
            x->state = EXEC_STARTING;
            int32_t status = place->code.start(&x->pub, &x->result);
            if (status == STRESSOR_PENDING) {
                x->state = EXEC_PENDING;
                return EXEC_OUTCOME_PENDING;
            }
            settle(x, &x->result, status, clock_now());
            return EXEC_OUTCOME_DONE;
        }
    }
    finish(x, &x->result, &f, clock_now());
    return EXEC_OUTCOME_DONE;
}

void exec_complete(struct exec *x, const stressor_result *result)
{
    if (x->state == EXEC_ASIDE)
        return;
    if (x->state != EXEC_PENDING) {
        log_line(STRESSOR_LOG_CRITICAL,
                 "plugin '%s' completed an activity that is not pending; ignored",
                 x->place != NULL ? x->place->plugin->desc->name : "?");
        return;
    }
    settle(x, result,
           result->failure.category == STRESSOR_NO_FAILURE ? STRESSOR_DONE : STRESSOR_FAILED,
           clock_now());
}

/* --- stopping -------------------------------------------------------------------------------- */

void exec_cancel(struct exec *x)
{
    if (x->cancelled || (x->state != EXEC_PENDING && x->state != EXEC_BLOCKED))
        return;
    x->cancelled = true;
    if (x->callee != NULL)
        call_cancel(x->callee);
    if (x->state == EXEC_BLOCKED && pool_withdraw(x->session->worker->run->pool, &x->job)) {
        stressor_failure f;
        x->session->worker->jobs--;
        exec_fail(x, &f, STRESSOR_CANCELLED, "cancelled", "the run stops");
        finish(x, &x->result, &f, clock_now());
        return;
    }
    if (x->place->code.cancel != NULL)
        x->place->code.cancel(&x->pub);
}

const struct plan_place *exec_aside(struct exec *x)
{
    struct stressor_run *run = x->session->worker->run;
    for (;;) {
        if (x->state == EXEC_BLOCKED) {
            atomic_fetch_add(&run->stuck, 1);
            atomic_store(&run->plugin_stuck[x->place->plugin->index], true);
            atomic_store(&x->place->plugin->keep, true);
        }
        x->state = EXEC_ASIDE;
        if (x->callee == NULL)
            return x->place;
        x = call_exec(x->callee);
    }
}
