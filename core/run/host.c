#include "run/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "config/loader.h"
#include "config/schema.h"
#include "run/session.h"
#include "stats/snapshot.h"

/* --- extensions and log ------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    const void *table;
} extensions[] = {
    {STRESSOR_ACTIVITY_1, &host_activity}, {STRESSOR_JSON_1, &host_json},
    {STRESSOR_LOOP_1, &host_loop},         {STRESSOR_PATH_1, &host_path},
    {STRESSOR_REGEX_1, &host_regex},       {STRESSOR_SNAPSHOT_1, &snapshot_api},
};

static const void *extension(const stressor_host *host, const char *name)
{
    (void)host;
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (strcmp(extensions[i].name, name) == 0)
            return extensions[i].table;
    return NULL;
}

static void log_text(const stressor_host *host, int32_t level, const char *text, uint64_t length)
{
    (void)host;
    log_bytes(level, text, length);
}

static int32_t is_log_enabled(const stressor_host *host, int32_t level)
{
    (void)host;
    return log_enabled(level);
}

/* --- values ------------------------------------------------------------------------------------
 */

static stressor_builder *build(stressor_exec *exec)
{
    struct arena *a = exec_of(exec)->arena;
    struct stressor_builder *b = arena_alloc(a, sizeof *b);
    if (b != NULL)
        builder_init(b, a);
    return b;
}

static void build_key(stressor_builder *b, const char *key, uint64_t length)
{
    builder_key(b, key, length);
}

static int32_t build_finish(stressor_builder *b, stressor_value *out)
{
    return builder_finish(b, out);
}

static int32_t text_of(stressor_exec *exec, const stressor_value *value, stressor_value *out)
{
    struct buf text;
    buf_init(&text, 0);
    bool secret = value_text(value, 0, &text);
    char *copy = text.failed ? NULL : arena_copy(exec_of(exec)->arena, text.data, text.length);
    *out = stressor_string_n(copy, copy != NULL ? text.length : 0);
    if (secret)
        out->flags |= STRESSOR_SECRET;
    buf_finish(&text);
    return copy != NULL ? STRESSOR_OK : STRESSOR_ENOMEM;
}

static void *scratch(stressor_exec *exec, uint64_t size)
{
    return arena_alloc(exec_of(exec)->arena, size);
}

/* --- completion --------------------------------------------------------------------------------
 */

/* A result of a plugin whose struct may be shorter: what it does not say is zero. */
static stressor_result whole(const stressor_result *result)
{
    stressor_result r = {.size = sizeof r};
    memcpy(&r, result, result->size < sizeof r ? result->size : sizeof r);
    r.size = sizeof r;
    return r;
}

static void complete(stressor_exec *exec, const stressor_result *result)
{
    stressor_result r = whole(result);
    exec_complete(exec_of(exec), &r);
}

static void keep_failure(struct exec *x, stressor_failure *f, const struct buf *text)
{
    f->text = arena_copy(x->arena, text->data, text->length);
    f->length = f->text != NULL ? text->length : 0;
    if (f->text == NULL)
        f->text = "";
}

static int32_t check(stressor_exec *exec, const stressor_result *result, stressor_failure *failure)
{
    struct exec *x = exec_of(exec);
    x->parsed = false; /* each call may bring another result */
    stressor_result r = whole(result);
    struct arena_mark before = arena_mark(x->arena);
    const struct buried *buried = x->buried;
    bool good = exec_check(x, &r, 0, true, failure);
    x->parsed = false;
    struct buf text; /* what polls may ask often: nothing but the failure stays */
    buf_init(&text, 0);
    if (!good)
        buf_put(&text, failure->text, failure->length);
    if (x->buried == buried && !text.failed) {
        arena_rewind(x->arena, &before);
        if (!good)
            keep_failure(x, failure, &text);
    }
    buf_finish(&text);
    return good ? STRESSOR_DONE : STRESSOR_FAILED;
}

/* --- variables ---------------------------------------------------------------------------------
 */

static bool is_slot(const struct exec *x, int64_t slot)
{
    return slot >= 0 && slot < (int64_t)x->session->worker->run->plan->slots_count;
}

/* NULL: unset. */
static const stressor_value *slot_value(const struct exec *x, int64_t slot)
{
    return is_slot(x, slot) ? variables_get(x->session, (uint32_t)slot) : NULL;
}

static int32_t shown(stressor_exec *exec, const stressor_value *v, stressor_value *out,
                     stressor_failure *failure)
{
    if (v == NULL)
        return STRESSOR_ENOENT;
    struct template_env env = exec_env(exec_of(exec));
    return template_expand_value(v, &env, out, failure) ? STRESSOR_OK : STRESSOR_EINVAL;
}

static int32_t variable_get(stressor_exec *exec, int64_t slot, stressor_value *out)
{
    stressor_failure failure;
    return shown(exec, slot_value(exec_of(exec), slot), out, &failure);
}

static int32_t variable_get_as(stressor_exec *exec, int64_t slot, const stressor_arg *arg,
                               stressor_value *out, stressor_failure *failure)
{
    struct exec *x = exec_of(exec);
    int32_t status = shown(exec, slot_value(x, slot), out, failure);
    if (status == STRESSOR_EINVAL)
        return status;
    bool absent = status == STRESSOR_ENOENT;
    struct buf why;
    buf_init(&why, 2048);
    if (!absent && !schema_coerce(arg, out, x->arena, &absent, &why)) {
        exec_fail(x, failure, STRESSOR_SCRIPT, "bad setting", "variable '%s': %s", arg->name,
                  why.data);
        status = STRESSOR_EINVAL;
    } else if (absent) {
        *out = stressor_null();
        status = arg->fallback != NULL && schema_fallback(arg, x->arena, out) ? STRESSOR_OK
                                                                              : STRESSOR_ENOENT;
    }
    buf_finish(&why);
    return status;
}

static int32_t variable_set(stressor_exec *exec, int64_t slot, const stressor_value *value)
{
    struct exec *x = exec_of(exec);
    if (!is_slot(x, slot))
        return STRESSOR_EINVAL;
    return variables_set(x->session, (uint32_t)slot, value, x) ? STRESSOR_OK : STRESSOR_ENOMEM;
}

static int32_t variable_find(stressor_exec *exec, const char *name, uint64_t length,
                             stressor_value *out)
{
    stressor_failure failure;
    return shown(exec, variables_find(exec_of(exec)->session, name, length), out, &failure);
}

static int32_t variable_store(stressor_exec *exec, const char *name, uint64_t length,
                              const stressor_value *value)
{
    struct exec *x = exec_of(exec);
    return variables_store(x->session, name, length, value, x) ? STRESSOR_OK : STRESSOR_ENOMEM;
}

struct shown_each {
    struct exec *x;
    void (*each)(void *data, const char *name, uint64_t length, const stressor_value *value);
    void *data;
};

static void each_shown(void *data, const char *name, uint64_t length, const stressor_value *value)
{
    const struct shown_each *e = data;
    stressor_value v = exec_shown(e->x, value);
    e->each(e->data, name, length, &v);
}

static void variables(stressor_exec *exec,
                      void (*each)(void *data, const char *name, uint64_t length,
                                   const stressor_value *value),
                      void *data)
{
    struct shown_each e = {exec_of(exec), each, data};
    variables_each(e.x->session, each_shown, &e);
}

/* --- the run -----------------------------------------------------------------------------------
 */

static int32_t setting(stressor_run *run, const char *section, const char *name,
                       stressor_value *out)
{
    if (strcmp(section, "sessions") != 0)
        return STRESSOR_EINVAL;
    const stressor_value *v = value_get(&run->plan->session_settings, name, strlen(name));
    if (v == NULL)
        return STRESSOR_ENOENT;
    *out = *v;
    return STRESSOR_OK;
}

/* As it was in version 1.0: no plugin's is shorter. */
enum { SESSION_INFO_FIRST = offsetof(stressor_session_info, id_length) + sizeof(uint64_t) };

static void session_info(stressor_session *s, stressor_session_info *out)
{
    stressor_session_info info = {
        .size = sizeof info,
        .dry_run = s->worker->run->dry_run,
        .number = s->number,
        .id = s->id,
        .id_length = strlen(s->id),
    };
    size_t room = out->size < SESSION_INFO_FIRST ? SESSION_INFO_FIRST : out->size;
    memcpy(out, &info, room < sizeof info ? room : sizeof info);
}

/* splitmix64: the state counts, the finisher mixes. */
static uint64_t next_random(stressor_session *s)
{
    uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int64_t metric(const stressor_host *pub, uint32_t kind, const char *name, const char *unit,
                      const char *help)
{
    struct host *h = (struct host *)(void *)(uintptr_t)pub; /* [main] only */
    if (kind < STRESSOR_METRIC_COUNTER || kind > STRESSOR_METRIC_HISTOGRAM || name == NULL ||
        unit == NULL)
        return STRESSOR_EINVAL;
    for (size_t i = 0; i < h->metrics_count; i++)
        if (strcmp(h->metrics[i].name, name) == 0 && strcmp(h->metrics[i].unit, unit) == 0)
            return h->metrics[i].kind == kind ? (int64_t)i : STRESSOR_EINVAL;
    if (h->metrics_count == HOST_METRICS_MAX)
        return STRESSOR_ELIMIT;
    h->metrics[h->metrics_count] = (struct metric_info){name, unit, help, kind};
    return (int64_t)h->metrics_count++;
}

static void metric_record(stressor_worker *worker, int64_t number, int64_t value)
{
    if (number >= 0 && (size_t)number < worker->run->layout.metrics_count)
        shard_metric(worker->shard, (uint32_t)number, value);
}

static int32_t descriptor_or_error(int fd)
{
    if (fd >= 0)
        return fd;
    errno = -fd;
    return fd == -EXDEV ? STRESSOR_EINVAL : STRESSOR_ESYSTEM;
}

static int32_t open_beneath(stressor_plan *plan, const char *path, uint64_t length)
{
    if (plan->folder < 0)
        return STRESSOR_EINVAL;
    return descriptor_or_error(loader_open_beneath(plan->folder, path, length));
}

static int32_t open_folder(stressor_plan *plan, const char *path, uint64_t length)
{
    if (plan->folder < 0)
        return STRESSOR_EINVAL;
    return descriptor_or_error(loader_open_folder_beneath(plan->folder, path, length));
}

struct host *host_new(void)
{
    struct host *h = calloc(1, sizeof *h);
    if (h == NULL)
        return NULL;
    h->pub = (stressor_host){
        .size = sizeof h->pub,
        .abi_minor = STRESSOR_ABI_MINOR,
        .version = stressor_version(),
        .extension = extension,
        .log = log_text,
        .log_enabled = is_log_enabled,
        .list_at = value_at,
        .map_at = value_entry,
        .map_get = value_get,
        .build = build,
        .build_list = builder_list,
        .build_map = builder_map,
        .build_key = build_key,
        .build_value = builder_value,
        .build_end = builder_end,
        .build_finish = build_finish,
        .value_text = text_of,
        .scratch = scratch,
        .complete = complete,
        .check = check,
        .problem = plan_problem,
        .variable_slot = plan_variable_slot,
        .variable_get = variable_get,
        .variable_get_as = variable_get_as,
        .variable_set = variable_set,
        .variable_find = variable_find,
        .variable_store = variable_store,
        .variables = variables,
        .setting = setting,
        .session_info = session_info,
        .random = next_random,
        .metric = metric,
        .metric_record = metric_record,
        .open_beneath = open_beneath,
        .open_folder = open_folder,
    };
    return h;
}

void host_free(struct host *h)
{
    free(h);
}
