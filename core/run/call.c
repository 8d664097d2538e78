#include "run/call.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "config/excerpt.h"
#include "config/schema.h"
#include "run/host.h"
#include "run/session.h"

enum { CALL_MEMORY_FIRST = 2048, CALL_MEMORY_MAX = 256 << 20 };

struct call {
    struct exec exec;
    struct arena arena;
    struct exec *caller;
    struct plan_place place; /* the type's dynamic one, with the checks of this call */
    const stressor_value *args;
    void (*done)(stressor_exec *caller, void *data, const stressor_result *result);
    void *data;
    stressor_result result; /* kept where it cannot be handed over at once */
    bool quiet;             /* the caller must not be called now: `done` has to wait */
    struct message message; /* to the worker: to begin, or to tell the end later */
    bool waits;             /* a pool thread waits for it */
    bool over;              /* guarded by `lock`, for the one who waits */
    pthread_mutex_t lock;
    pthread_cond_t ended;
};

void call_free(struct call *c)
{
    if (c == NULL)
        return;
    call_free(c->exec.waited);
    regex_free((struct stressor_regex *)c->place.common.match);
    for (size_t i = 0; i < c->place.common.stores_count; i++)
        path_free((struct stressor_path *)c->place.common.stores[i].path);
    pthread_cond_destroy(&c->ended);
    pthread_mutex_destroy(&c->lock);
    exec_unbury(&c->exec);
    arena_finish(&c->arena);
    free(c);
}

/* Where it counts: in the phase that it is called in. Init and end are never warm-up. */
static void choose_rows(struct plan_place *place, const struct exec *caller)
{
    const struct stressor_plan *plan = caller->session->worker->run->plan;
    switch (plan->rows[caller->place->row].phase) {
    case STRESSOR_PHASE_INIT: place->row = place->warmup_row = place->init_row; break;
    case STRESSOR_PHASE_END: place->row = place->warmup_row = place->end_row; break;
    default: break;
    }
}

static struct call *call_new(struct exec *caller, const struct plan_place *place)
{
    struct call *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->ended, NULL);
    arena_init(&c->arena, CALL_MEMORY_FIRST, CALL_MEMORY_MAX);
    c->caller = caller;
    c->place = *place;
    c->place.at = caller->place->at;
    c->place.sequence = caller->place->sequence;
    choose_rows(&c->place, caller);
    /* Not `data`: the plugin may be writing it on the worker, to cancel a caller that waits. */
    c->exec.pub = (stressor_exec){.size = caller->pub.size,
                                  .host = caller->pub.host,
                                  .run = caller->pub.run,
                                  .plan = caller->pub.plan,
                                  .worker = caller->pub.worker,
                                  .session = caller->pub.session};
    c->exec.session = caller->session;
    c->exec.arena = &c->arena;
    c->exec.call = c;
    return c;
}

/* --- the arguments -----------------------------------------------------------------------------
 */

static bool refuse(struct call *c, stressor_failure *f, const char *name, const char *why)
{
    exec_fail(&c->exec, f, STRESSOR_SCRIPT, "bad argument", "%s: argument '%s': %s",
              c->place.type->name, name, why);
    return false;
}

static bool coerced(struct call *c, const stressor_arg *arg, stressor_value *v, bool *absent,
                    stressor_failure *f)
{
    struct buf why;
    buf_init(&why, 2048);
    bool good = schema_coerce(arg, v, &c->arena, absent, &why);
    if (!good)
        refuse(c, f, arg->name, why.data);
    buf_finish(&why);
    return good;
}

static bool take_stores(struct call *c, const stressor_value *map, stressor_failure *f)
{
    struct plan_common *common = &c->place.common;
    common->stores = arena_zero(&c->arena, map->as.map.count * sizeof *common->stores);
    if (common->stores == NULL)
        return refuse(c, f, "store_json", "out of memory");
    for (uint64_t i = 0; i < map->as.map.count; i++) {
        const char *key, *why = "out of memory";
        uint64_t length;
        const stressor_value *path = value_entry(map, i, &key, &length);
        struct plan_store *s = &common->stores[common->stores_count];
        s->slot = PLAN_SLOT_BY_NAME;
        s->name = arena_copy(&c->arena, key, length);
        s->path = path_new(path->as.string.ptr, path->as.string.length, &why);
        common->stores_count++; /* what there is of it is freed with the call */
        if (s->path == NULL || s->name == NULL)
            return refuse(c, f, "store_json", why);
    }
    return true;
}

static bool take_common(struct call *c, enum common_arg which, const stressor_value *v,
                        stressor_failure *f)
{
    struct plan_common *common = &c->place.common;
    char why[160];
    switch (which) {
    case COMMON_ASSERT_MATCH:
        common->match_text = *v;
        common->match =
            regex_new(v->as.string.ptr, v->as.string.length, REGEX_MULTILINE, why, sizeof why);
        return common->match != NULL || refuse(c, f, "assert_match", why);
    case COMMON_ASSERT_MAX_TIME: common->max_time = *v; return true;
    case COMMON_STORE_JSON: return take_stores(c, v, f);
    case COMMON_MOCK_RESULT:
        common->mock = *v;
        common->has_mock = true;
        return true;
    case COMMON_DEBUG:
        if (v->as.integer != 0) {
            c->place.exec_flags |= STRESSOR_EXEC_DEBUG;
            c->place.wants |= STRESSOR_WANT_DEBUG;
        }
        return true;
    default: return true;
    }
}

static bool unknown_arg(struct call *c, const char *name, uint64_t length, stressor_failure *f)
{
    const stressor_activity_type *type = c->place.type;
    struct suggest near;
    suggest_init(&near, name, length);
    for (uint32_t i = 0; i < type->args_count; i++)
        suggest_offer(&near, type->args[i]->name, strlen(type->args[i]->name));
    for (uint32_t i = 0; i < COMMON_ARGS; i++)
        suggest_offer(&near, common_args[i]->name, strlen(common_args[i]->name));
    bool some = near.best != NULL;
    exec_fail(&c->exec, f, STRESSOR_SCRIPT, "bad argument", "unknown argument '%.*s' of %s%s%s%s",
              (int)length, name, type->name, some ? "; did you mean '" : "", some ? near.best : "",
              some ? "'?" : "");
    return false;
}

static bool take_arg(struct call *c, stressor_value *args, bool *given, const char *name,
                     uint64_t length, const stressor_value *value, stressor_failure *f)
{
    const stressor_activity_type *type = c->place.type;
    stressor_value v = *value;
    bool absent = false;
    for (uint32_t i = 0; i < type->args_count; i++)
        if (strlen(type->args[i]->name) == length &&
            memcmp(type->args[i]->name, name, length) == 0) {
            if (!coerced(c, type->args[i], &v, &absent, f))
                return false;
            args[i] = v;
            given[i] = !absent;
            return true;
        }
    for (uint32_t i = 0; i < COMMON_ARGS; i++)
        if (strlen(common_args[i]->name) == length &&
            memcmp(common_args[i]->name, name, length) == 0)
            return coerced(c, common_args[i], &v, &absent, f) &&
                   (absent || take_common(c, (enum common_arg)i, &v, f));
    return unknown_arg(c, name, length, f);
}

static bool is_given(const stressor_activity_type *type, const bool *given, const char *name)
{
    for (uint32_t i = 0; i < type->args_count; i++)
        if (strcmp(type->args[i]->name, name) == 0)
            return given[i];
    return false;
}

static bool check_group(struct call *c, const stressor_arg_group *g, const bool *given,
                        stressor_failure *f)
{
    const stressor_activity_type *type = c->place.type;
    struct buf names;
    unsigned count = 0;
    buf_init(&names, 4096);
    for (size_t i = 0; g->names[i] != NULL; i++) {
        count += is_given(type, given, g->names[i]);
        buf_printf(&names, "%s'%s'", i > 0 ? ", " : "", g->names[i]);
    }
    bool good = count == 1 || (count == 0 && g->kind == STRESSOR_GROUP_AT_MOST_ONE);
    if (!good)
        exec_fail(&c->exec, f, STRESSOR_SCRIPT, "bad argument", "%s %s arguments %s", type->name,
                  count > 1 ? "takes only one of its" : "needs one of the", names.data);
    buf_finish(&names);
    return good;
}

/* The type's own code runs what is called, never an engine of another plugin. */
static bool check_language(struct call *c, const stressor_value *args, const bool *given,
                           stressor_failure *f)
{
    const struct stressor_plan *plan = c->exec.session->worker->run->plan;
    const stressor_activity_type *type = c->place.type;
    uint32_t at = 0;
    while (at < type->args_count && strcmp(type->args[at]->name, "language") != 0)
        at++;
    bool said = at < type->args_count && given[at] && args[at].type == STRESSOR_STRING;
    if (at == type->args_count || (!said && plan->script_language == NULL))
        return true;
    const char *asked = said ? args[at].as.string.ptr : plan->script_language;
    size_t length = said ? args[at].as.string.length : strlen(asked);
    const char *own = plan_own_language(&c->place, asked, length);
    if (own == NULL || (strlen(own) == length && memcmp(own, asked, length) == 0))
        return true;
    char shown[EXCERPT_MAX];
    excerpt_text(asked, length, shown, sizeof shown);
    exec_fail(&c->exec, f, STRESSOR_SCRIPT, "bad argument",
              "%s: %s: a script that is called can only be in '%s'%s, found %s", type->name,
              said ? "argument 'language'" : "config.script_language", own,
              said ? "" : " (the argument 'language' can say so)",
              said && (args[at].flags & STRESSOR_SECRET) != 0 ? "a secret" : shown);
    return false;
}

static bool bind_args(struct call *c, stressor_failure *f)
{
    const stressor_activity_type *type = c->place.type;
    stressor_value *args = arena_zero(&c->arena, type->args_count * sizeof *args);
    bool *given = arena_zero(&c->arena, type->args_count * sizeof *given);
    if (args == NULL || given == NULL)
        return refuse(c, f, "*", "out of memory");
    for (uint64_t i = 0; c->args->type == STRESSOR_MAP && i < c->args->as.map.count; i++) {
        const char *key;
        uint64_t length;
        const stressor_value *v = value_entry(c->args, i, &key, &length);
        if (!take_arg(c, args, given, key, length, v, f))
            return false;
    }
    for (uint32_t i = 0; i < type->groups_count; i++)
        if (!check_group(c, type->groups[i], given, f))
            return false;
    if (!check_language(c, args, given, f))
        return false;
    for (uint32_t i = 0; i < type->args_count; i++) {
        if (given[i])
            continue;
        if (type->args[i]->flags & STRESSOR_ARG_REQUIRED)
            return refuse(c, f, type->args[i]->name, "it is missing");
        if (!schema_fallback(type->args[i], &c->arena, &args[i]))
            return refuse(c, f, type->args[i]->name, "out of memory");
    }
    c->exec.pub.args = args;
    c->exec.pub.args_count = type->args_count;
    const struct plan_common *common = &c->place.common;
    c->place.has_checks =
        common->match != NULL || common->stores_count > 0 || common->max_time.type != STRESSOR_NULL;
    return true;
}

/* --- the end -----------------------------------------------------------------------------------
 */

static void wake_waiter(struct call *c)
{
    pthread_mutex_lock(&c->lock);
    c->over = true;
    pthread_cond_signal(&c->ended);
    pthread_mutex_unlock(&c->lock); /* the waiter frees the call */
}

static void deliver(struct call *c, const stressor_result *r)
{
    c->caller->callee = NULL;
    c->done(&c->caller->pub, c->data, r);
    call_free(c);
}

static void deliver_later(void *data)
{
    struct call *c = data;
    if (c->caller->state != EXEC_ASIDE)
        deliver(c, &c->result);
}

static bool keep_text(struct call *c, const char **text, uint64_t length)
{
    if (*text != NULL)
        *text = arena_copy(&c->arena, *text, length);
    return *text != NULL || length == 0;
}

/* Copies what a plugin lends only for the moment. */
static bool keep_result(struct call *c)
{
    stressor_result *r = &c->result;
    stressor_value value = r->value, info = r->info;
    return keep_text(c, &r->text, r->text_length) && value_copy(&c->arena, &value, &r->value) &&
           value_copy(&c->arena, &info, &r->info) &&
           keep_text(c, &r->failure.text, r->failure.length);
}

void call_finished(struct exec *x, const stressor_result *r, const stressor_failure *f)
{
    struct call *c = x->call;
    const stressor_value *value = exec_value(x, r);
    c->result = *r;
    c->result.size = sizeof c->result;
    c->result.failure = *f;
    c->result.value = value != NULL ? *value : stressor_null();
    c->result.flags = r->flags & STRESSOR_RESULT_TEXT_IS_SECRET; /* the value is made already */
    if (c->result.text == NULL)
        c->result.text_length = 0;
    if (value == NULL || ((c->waits || c->quiet) && !keep_result(c))) {
        c->result = (stressor_result){.size = sizeof c->result};
        exec_fail(x, &c->result.failure, STRESSOR_GENERATOR, "memory",
                  "out of memory for the result of %s", c->place.type->name);
    }
    if (c->waits) {
        c->caller->callee = NULL; /* here, as exec_cancel looks at it on this thread */
        wake_waiter(c);
    } else if (c->quiet) {
        worker_send(x->session->worker, &c->message, deliver_later, c);
    } else {
        deliver(c, &c->result);
    }
}

void call_cancel(struct call *c)
{
    bool waits = c->waits; /* the one who waits may free it as soon as it is over */
    c->quiet = true;
    exec_cancel(&c->exec);
    if (!waits)
        c->quiet = false;
}

struct exec *call_exec(struct call *c)
{
    return &c->exec;
}

struct exec *call_caller(struct call *c)
{
    return c != NULL ? c->caller : NULL;
}

/* --- the beginning -----------------------------------------------------------------------------
 */

static void call_begin(void *data)
{
    struct call *c = data;
    bool waits = c->waits; /* the one who waits may free it as soon as it is over */
    stressor_failure f = {0};
    c->quiet = true;
    c->caller->callee = c;
    c->exec.pub.flags = c->caller->pub.flags & STRESSOR_EXEC_DRY_RUN;
    c->exec.place = &c->place;
    if (c->caller->cancelled) {
        exec_fail(&c->exec, &f, STRESSOR_CANCELLED, "cancelled", "the run stops");
        call_finished(&c->exec, &c->exec.result, &f);
    } else if (bind_args(c, &f)) {
        exec_start(&c->exec, &c->place);
    } else {
        call_finished(&c->exec, &c->exec.result, &f);
    }
    if (!waits)
        c->quiet = false;
}

static const struct plan_place *callable(stressor_exec *caller, const char *type)
{
    struct exec *x = exec_of(caller);
    const struct plan_place *p = plan_dynamic(x->session->worker->run->plan, type);
    return p != NULL && x->callee == NULL ? p : NULL;
}

static int32_t call(stressor_exec *caller, const char *type, const stressor_value *args,
                    void (*done)(stressor_exec *caller, void *data, const stressor_result *result),
                    void *data)
{
    const struct plan_place *place = callable(caller, type);
    if (place == NULL)
        return STRESSOR_ENOENT;
    struct call *c = call_new(exec_of(caller), place);
    if (c == NULL)
        return STRESSOR_ENOMEM;
    c->args = args;
    c->done = done;
    c->data = data;
    call_begin(c);
    return STRESSOR_OK;
}

/* As a result was in version 1.0: no plugin's is shorter. */
enum { RESULT_FIRST = offsetof(stressor_result, failure) + sizeof(stressor_failure) };

static void put_result(stressor_result *out, const stressor_result *r)
{
    size_t room = out->size < RESULT_FIRST ? RESULT_FIRST : out->size;
    memcpy(out, r, room < sizeof *r ? room : sizeof *r);
}

static int32_t refuse_wait(struct exec *x, stressor_result *out, uint32_t category,
                           const char *kind, const char *why)
{
    stressor_result r = {.size = sizeof r};
    exec_fail(x, &r.failure, category, kind, "%s", why);
    put_result(out, &r);
    return STRESSOR_FAILED;
}

static int32_t call_wait(stressor_exec *caller, const char *type, const stressor_value *args,
                         stressor_result *result)
{
    struct exec *x = exec_of(caller);
    const struct plan_place *place = callable(caller, type);
    if (place == NULL) {
        char why[160];
        snprintf(why, sizeof why, "no activity of the type '%s' can be called", type);
        return refuse_wait(x, result, STRESSOR_SCRIPT, "unknown activity", why);
    }
    call_free(x->waited);
    x->waited = NULL;
    struct call *c = call_new(x, place);
    if (c == NULL)
        return refuse_wait(x, result, STRESSOR_GENERATOR, "memory", "out of memory for a call");
    c->args = args;
    c->waits = true;
    if (!worker_send(x->session->worker, &c->message, call_begin, c)) {
        call_free(c);
        return refuse_wait(x, result, STRESSOR_CANCELLED, "cancelled", "the run is over");
    }
    pthread_mutex_lock(&c->lock);
    while (!c->over)
        pthread_cond_wait(&c->ended, &c->lock);
    pthread_mutex_unlock(&c->lock);
    x->waited = c;
    put_result(result, &c->result);
    return c->result.failure.category == STRESSOR_NO_FAILURE ? STRESSOR_DONE : STRESSOR_FAILED;
}

static uint32_t types_count(stressor_plan *plan)
{
    uint32_t count = 0;
    while (registry_activity_name(plan->registry, count) != NULL)
        count++;
    return count;
}

static const char *type_name(stressor_plan *plan, uint32_t index)
{
    return registry_activity_name(plan->registry, index);
}

const stressor_activity_api host_activity = {
    .size = sizeof host_activity,
    .types_count = types_count,
    .type_name = type_name,
    .will_call = plan_will_call,
    .call = call,
    .call_wait = call_wait,
};
