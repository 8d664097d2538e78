/*
 * old -- a plugin as version 1.0 of the interface allows it, which uses every kind of thing that a
 * plugin may offer and most that a host gives. It is built against the headers beside it, never
 * against today's.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/call.h>
#include <stressor/log.h>
#include <stressor/loop.h>
#include <stressor/plugin.h>
#include <stressor/text.h>

struct old {
    const stressor_host *host;
    const stressor_loop_api *loop;
    const stressor_json_api *json;
    const stressor_path_api *path;
    const stressor_regex_api *regex;
    const stressor_activity_api *call;
    const stressor_snapshot_api *snapshot;
    int64_t metric;
};

struct run {
    struct old *old;
    stressor_run *run;
};

struct worker {
    struct run *run;
    stressor_worker *worker;
};

struct session {
    int64_t executions;
};

static struct old *old_of(const stressor_exec *x)
{
    return x->plugin;
}

static int32_t count(stressor_exec *x)
{
    struct session *s = x->session_data;
    x->host->metric_record(x->worker, old_of(x)->metric, 1);
    return (int32_t)++s->executions;
}

/* --- OldValues: arguments of every type, as a map --------------------------------------------- */

enum {
    V_BOOL,
    V_INT,
    V_FLOAT,
    V_STRING,
    V_LIST,
    V_MAP,
    V_REGEX,
    V_DURATION,
    V_PATH,
    V_SECRET,
    V_COUNT
};

static const char *const choices[] = {"red", "green", NULL};
static const char *const secret_keys[] = {"password", NULL};
#define ARG(NAME, ...)                                                                             \
    static const stressor_arg v_##NAME = {                                                         \
        .size = sizeof v_##NAME, .name = #NAME, .help = "a value", __VA_ARGS__}
ARG(flag, .types = STRESSOR_ARG_BOOL, .fallback = "true");
ARG(whole, .types = STRESSOR_ARG_INT, .min = 1, .max = 9, .fallback = "5");
ARG(real, .types = STRESSOR_ARG_FLOAT, .fallback = "2.5");
ARG(colour, .types = STRESSOR_ARG_STRING, .choices = choices, .fallback = "red");
ARG(list, .types = STRESSOR_ARG_LIST, .items = STRESSOR_ARG_INT);
ARG(map, .types = STRESSOR_ARG_MAP, .secret_keys = secret_keys);
ARG(pattern, .types = STRESSOR_ARG_REGEX, .fallback = "^a+$");
ARG(pause, .types = STRESSOR_ARG_DURATION, .fallback = "1m30s");
ARG(part, .types = STRESSOR_ARG_PATH, .flags = STRESSOR_ARG_STATIC, .fallback = "a.[1]");
ARG(token, .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_SECRET);
static const stressor_arg *const v_args[V_COUNT] = {&v_flag, &v_whole, &v_real,    &v_colour,
                                                    &v_list, &v_map,   &v_pattern, &v_pause,
                                                    &v_part, &v_token};
static const char *const exclusive[] = {"list", "map", NULL};
static const stressor_arg_group v_group = {
    .size = sizeof v_group, .kind = STRESSOR_GROUP_AT_MOST_ONE, .names = exclusive};
static const stressor_arg_group *const v_groups[] = {&v_group};

struct values_place {
    stressor_regex *regex;
    stressor_path *path;
    int64_t slot;
};

static int32_t values_prepare(stressor_prepare *p)
{
    static const char name[] = "old_setting";
    const struct old *old = p->plugin;
    struct values_place *place = calloc(1, sizeof *place);
    const stressor_value *pattern = &p->args[V_REGEX], *path = &p->args[V_PATH];
    if (place == NULL)
        return stressor_problem(p, -1, "out of memory");
    if (p->states[V_REGEX] == STRESSOR_ARG_CONSTANT)
        place->regex =
            old->regex->compile(pattern->as.string.ptr, pattern->as.string.length, 0, NULL, 0);
    place->path = old->path->compile(path->as.string.ptr, path->as.string.length, NULL);
    place->slot = p->host->variable_slot(p->plan, name, sizeof name - 1);
    p->place = place;
    if (p->args[V_INT].type == STRESSOR_INT && p->args[V_INT].as.integer == 7) {
        old->regex->free(place->regex);
        old->path->free(place->path);
        free(place);
        return stressor_problem(p, V_INT, "%d is refused", 7);
    }
    return STRESSOR_OK;
}

static void values_release(void *plugin, void *data)
{
    const struct old *old = plugin;
    struct values_place *place = data;
    old->regex->free(place->regex);
    old->path->free(place->path);
    free(place);
}

static const stressor_arg old_setting = {.size = sizeof old_setting,
                                         .name = "old_setting",
                                         .types = STRESSOR_ARG_INT,
                                         .fallback = "11",
                                         .help = "a number"};

static int32_t values_start(stressor_exec *x, stressor_result *r)
{
    const stressor_host *host = x->host;
    const struct values_place *place = x->place;
    stressor_value set = stressor_null(), text;
    stressor_failure failure;
    stressor_builder *b = host->build(x);
    memset(&failure, 0, sizeof failure);
    if (b == NULL ||
        host->variable_get_as(x, place->slot, &old_setting, &set, &failure) != STRESSOR_OK)
        return stressor_fail(x, &r->failure, STRESSOR_INTERNAL, "old", "no setting");
    host->build_map(b);
    for (uint32_t i = 0; i < x->args_count; i++) {
        host->build_key(b, v_args[i]->name, strlen(v_args[i]->name));
        host->build_value(b, &x->args[i]);
    }
    host->build_key(b, "setting", 7);
    host->build_value(b, &set);
    host->build_key(b, "matches", 7);
    set =
        stressor_bool(place->regex != NULL && old_of(x)->regex->match(place->regex, "aaa", 3) == 1);
    host->build_value(b, &set);
    host->build_key(b, "count", 5);
    set = stressor_int(count(x));
    host->build_value(b, &set);
    host->build_end(b);
    if (host->build_finish(b, &r->value) != STRESSOR_OK ||
        host->value_text(x, &r->value, &text) != STRESSOR_OK)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    return STRESSOR_DONE;
}

/* --- OldLater: pending, by a timer; parses JSON, stores a variable -----------------------------
 */

enum { L_JSON, L_DELAY, L_COUNT };

static const stressor_arg l_json = {.size = sizeof l_json,
                                    .name = "json",
                                    .types = STRESSOR_ARG_STRING,
                                    .flags = STRESSOR_ARG_REQUIRED,
                                    .help = "a text"};
static const stressor_arg l_delay = {.size = sizeof l_delay,
                                     .name = "delay",
                                     .types = STRESSOR_ARG_DURATION,
                                     .fallback = "0.01",
                                     .help = "how long to wait"};
static const stressor_arg *const l_args[L_COUNT] = {&l_json, &l_delay};

struct later {
    stressor_exec *exec;
    stressor_timer *timer;
};

static void later_complete(struct later *l, uint32_t category, const char *kind)
{
    stressor_exec *x = l->exec;
    stressor_result r;
    stressor_value error = stressor_null();
    const stressor_value *text = &x->args[L_JSON];
    memset(&r, 0, sizeof r);
    r.size = sizeof r;
    if (category != 0)
        stressor_fail(x, &r.failure, category, kind, "it was asked to end");
    else if (old_of(x)->json->parse(x, text->as.string.ptr, text->as.string.length, &r.value,
                                    &error) != 0)
        stressor_fail(x, &r.failure, STRESSOR_ASSERTION, "json", "%.*s",
                      (int)error.as.string.length, error.as.string.ptr);
    else
        x->host->variable_store(x, "later", 5, &r.value);
    old_of(x)->loop->timer_free(l->timer);
    x->data = NULL;
    free(l);
    x->host->complete(x, &r);
}

static void later_fire(void *data)
{
    later_complete(data, 0, NULL);
}

static int32_t later_start(stressor_exec *x, stressor_result *r)
{
    struct later *l = calloc(1, sizeof *l);
    const struct worker *w = x->worker_data;
    if (l != NULL)
        l->timer = old_of(x)->loop->timer_new(w->worker, later_fire, l);
    if (l == NULL || l->timer == NULL) {
        free(l);
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    }
    l->exec = x;
    x->data = l;
    count(x);
    old_of(x)->loop->timer_start(l->timer, x->args[L_DELAY].as.integer);
    return STRESSOR_PENDING;
}

static void later_cancel(stressor_exec *x)
{
    if (x->data != NULL)
        later_complete(x->data, STRESSOR_CANCELLED, "cancelled");
}

/* --- OldBlock: on the pool -------------------------------------------------------------------- */

static int32_t block_start(stressor_exec *x, stressor_result *r)
{
    static const char text[] = "{\"on\": [\"the\", \"pool\"]}";
    (void)x;
    r->flags = STRESSOR_RESULT_TEXT_IS_VALUE;
    r->text = text;
    r->text_length = sizeof text - 1;
    return STRESSOR_DONE;
}

/* --- a language -------------------------------------------------------------------------------
 *
 * Each word of the script is a type that is called without arguments but `duration: 0`; the result
 * is how many there were. */

struct script {
    const struct old *old;
    int64_t calls;
};

static int32_t script_prepare(stressor_prepare *p)
{
    const struct old *old = p->plugin;
    p->place = NULL;
    return old->call->will_call(p);
}

static void script_release(void *plugin, void *place)
{
    (void)plugin;
    (void)place;
}

static void script_done(stressor_exec *x, void *data, const stressor_result *result)
{
    stressor_result r;
    (void)data;
    memset(&r, 0, sizeof r);
    r.size = sizeof r;
    if (result->failure.category != STRESSOR_NO_FAILURE)
        r.failure = result->failure;
    r.value = stressor_string("called");
    x->host->complete(x, &r);
}

static int32_t script_start(stressor_exec *x, stressor_result *r)
{
    const struct old *old = old_of(x);
    stressor_value args, zero = stressor_int(0);
    stressor_builder *b = x->host->build(x);
    if (b == NULL)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    x->host->build_map(b);
    x->host->build_key(b, "duration", 8);
    x->host->build_value(b, &zero);
    x->host->build_end(b);
    if (x->host->build_finish(b, &args) != STRESSOR_OK ||
        old->call->call(x, "Sleep", &args, script_done, NULL) != STRESSOR_OK)
        return stressor_fail(x, &r->failure, STRESSOR_SCRIPT, "call", "the call is refused");
    return STRESSOR_PENDING;
}

static void script_cancel(stressor_exec *x)
{
    (void)x;
}

static const stressor_script_engine engine = {.size = sizeof engine,
                                              .activity = "RunScript",
                                              .language = "old",
                                              .extension = ".old",
                                              .help = "Calls Sleep",
                                              .prepare = script_prepare,
                                              .release = script_release,
                                              .start = script_start,
                                              .cancel = script_cancel};
static const stressor_script_engine *const engines[] = {&engine};

/* --- macros ----------------------------------------------------------------------------------- */

static int32_t expand(void *plugin, stressor_exec *x, const stressor_value *args,
                      uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    (void)plugin;
    (void)x;
    (void)failure;
    *out = args_count > 0 ? args[0] : stressor_string("nothing");
    return STRESSOR_OK;
}

static const char *const one_arg[] = {"x", NULL};
static const char *const later_arg[] = {"json", NULL};
static const stressor_macro same_now = {.size = sizeof same_now,
                                        .kind = STRESSOR_MACRO_RUN_TIME,
                                        .name = "old_now",
                                        .help = "Its argument",
                                        .args = one_arg,
                                        .expand = expand};
static const stressor_macro same_loaded = {.size = sizeof same_loaded,
                                           .kind = STRESSOR_MACRO_LOAD_TIME,
                                           .name = "old_loaded",
                                           .help = "Its argument",
                                           .args = one_arg,
                                           .expand = expand};
static const stressor_macro as_activity = {.size = sizeof as_activity,
                                           .kind = STRESSOR_MACRO_ACTIVITY,
                                           .name = "old_later",
                                           .help = "OldLater",
                                           .args = later_arg,
                                           .args_required = 1,
                                           .activity = "OldLater"};
static const stressor_macro *const macros[] = {&same_now, &same_loaded, &as_activity};

/* --- a report that follows the run ------------------------------------------------------------ */

struct report {
    const struct old *old;
    const stressor_control *control;
    stressor_file *file;
    uint64_t ticks;
};

static int32_t report_open(void *plugin, const stressor_control *control, const char *path,
                           void **reporter)
{
    struct report *r = calloc(1, sizeof *r);
    if (r == NULL)
        return STRESSOR_ENOMEM;
    r->old = plugin;
    r->control = control;
    *reporter = r;
    return control->file_open(control, path, &r->file);
}

static void report_tick(void *reporter, const stressor_snapshot *s)
{
    struct report *r = reporter;
    r->old->snapshot->release(r->old->snapshot->retain(s));
    r->ticks++;
}

static int32_t report_end(void *reporter, const stressor_snapshot *s)
{
    struct report *r = reporter;
    char line[200];
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        int n =
            snprintf(line, sizeof line, "%s %llu %llu %s\n", row->name,
                     (unsigned long long)row->count, (unsigned long long)row->errors,
                     r->old->snapshot->percentile(row->total, 50) <= row->max_ns ? "fine" : "odd");
        if (r->control->file_write(r->file, line, (uint64_t)n) != STRESSOR_OK)
            return STRESSOR_ESYSTEM;
    }
    return r->control->file_close(r->file, 1);
}

static void report_close(void *reporter)
{
    free(reporter);
}

static const stressor_reporter_type report = {.size = sizeof report,
                                              .kind = "old",
                                              .help = "Rows of a run",
                                              .path_help = "FILE",
                                              .extension = "old",
                                              .open = report_open,
                                              .tick = report_tick,
                                              .end = report_end,
                                              .close = report_close};
static const stressor_reporter_type *const reporters[] = {&report};

/* --- life ------------------------------------------------------------------------------------- */

static int32_t old_init(const stressor_host *host, void **data)
{
    static struct old old;
    old.host = host;
    old.loop = host->extension(host, STRESSOR_LOOP_1);
    old.json = host->extension(host, STRESSOR_JSON_1);
    old.path = host->extension(host, STRESSOR_PATH_1);
    old.regex = host->extension(host, STRESSOR_REGEX_1);
    old.call = host->extension(host, STRESSOR_ACTIVITY_1);
    old.snapshot = host->extension(host, STRESSOR_SNAPSHOT_1);
    old.metric =
        host->metric(host, STRESSOR_METRIC_COUNTER, "old.executions", "1", "how many there were");
    if (old.loop == NULL || old.json == NULL || old.path == NULL || old.regex == NULL ||
        old.call == NULL || old.snapshot == NULL || old.metric < 0)
        return STRESSOR_ENOENT;
    *data = &old;
    stressor_log(host, STRESSOR_LOG_INFO, "old plugin in stressor %s", host->version);
    return STRESSOR_OK;
}

static int32_t old_run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    struct run *r = calloc(1, sizeof *r);
    (void)plan;
    if (r == NULL)
        return STRESSOR_ENOMEM;
    r->old = data;
    r->run = run;
    *run_data = r;
    return STRESSOR_OK;
}

static int32_t old_worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    struct worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return STRESSOR_ENOMEM;
    w->run = run_data;
    w->worker = worker;
    *worker_data = w;
    return STRESSOR_OK;
}

static int32_t old_session_open(void *worker_data, stressor_exec *x, void **session_data)
{
    const struct worker *w = worker_data;
    stressor_value limit;
    struct session *s = calloc(1, sizeof *s);
    if (s == NULL)
        return STRESSOR_ENOMEM;
    if (x->host->setting(w->run->run, "sessions", "old_start", &limit) == STRESSOR_OK)
        s->executions = limit.as.integer;
    *session_data = s;
    return STRESSOR_OK;
}

static const stressor_arg old_start = {.size = sizeof old_start,
                                       .name = "old_start",
                                       .types = STRESSOR_ARG_INT,
                                       .fallback = "0",
                                       .help = "a number"};
static const stressor_setting of_config = {
    .size = sizeof of_config, .section = "config", .arg = &old_setting};
static const stressor_setting of_sessions = {
    .size = sizeof of_sessions, .section = "sessions", .arg = &old_start};
static const stressor_setting *const settings[] = {&of_config, &of_sessions};

static const stressor_activity_type values = {.size = sizeof values,
                                              .flags = STRESSOR_ACTIVITY_DRY_RUN,
                                              .name = "OldValues",
                                              .help = "Give back the arguments",
                                              .args = v_args,
                                              .args_count = V_COUNT,
                                              .groups = v_groups,
                                              .groups_count = 1,
                                              .prepare = values_prepare,
                                              .release = values_release,
                                              .start = values_start};
static const stressor_activity_type later = {.size = sizeof later,
                                             .name = "OldLater",
                                             .help = "Give back JSON, later",
                                             .args = l_args,
                                             .args_count = L_COUNT,
                                             .start = later_start,
                                             .cancel = later_cancel};
static const stressor_activity_type block = {.size = sizeof block,
                                             .flags = STRESSOR_ACTIVITY_BLOCKING,
                                             .name = "OldBlock",
                                             .help = "Block a thread",
                                             .start = block_start};
static const stressor_activity_type *const activities[] = {&values, &later, &block};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "old",
                                       .version = "1.0.0",
                                       .help = "Uses what version 1.0 has",
                                       .author = "the tests",
                                       .license = "MIT",
                                       .activities = activities,
                                       .activities_count = 3,
                                       .macros = macros,
                                       .macros_count = 3,
                                       .settings = settings,
                                       .settings_count = 2,
                                       .reporters = reporters,
                                       .reporters_count = 1,
                                       .engines = engines,
                                       .engines_count = 1,
                                       .init = old_init,
                                       .run_open = old_run_open,
                                       .run_close = free,
                                       .worker_open = old_worker_open,
                                       .worker_close = free,
                                       .session_open = old_session_open,
                                       .session_close = free};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
