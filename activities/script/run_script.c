#include "run_script.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include "call.h"
#include "finish.h"
#include "sandbox.h"
#include "secret.h"
#include "source.h"
#include "state.h"
#include "turn.h"

/* --- places ------------------------------------------------------------------------------------
 */

static void place_release(void *plugin, void *held)
{
    struct script_place *place = held;
    (void)plugin;
    if (place == NULL)
        return;
    free(place->file);
    free(place);
}

static int32_t check_export(stressor_prepare *p)
{
    const stressor_value *v = &p->args[ARG_EXPORT];
    if (p->states[ARG_EXPORT] != STRESSOR_ARG_CONSTANT || v->type != STRESSOR_BOOL ||
        v->as.integer == 0)
        return 0;
    return stressor_problem(p, ARG_EXPORT, "expected names, or null or false for none");
}

/* The host keeps results only where somebody asks for them, and a script asks when it runs. */
static bool may_show_last_result(const struct source *source)
{
    static const char *const words[] = {"last_result", "Debug", "debug"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(source->text, source->length, words[i], strlen(words[i])) != NULL)
            return true;
    return false;
}

static int32_t prepare_place(stressor_prepare *p, struct script_place *place)
{
    const struct script_plugin *plugin = place->plugin;
    place->dynamic = (p->flags & STRESSOR_PREPARE_DYNAMIC) != 0;
    place->timeout_slot = p->host->variable_slot(p->plan, "script_timeout", 14);
    place->memory_slot = p->host->variable_slot(p->plan, "script_memory", 13);
    if (place->timeout_slot < 0 || place->memory_slot < 0 || plugin->activity->will_call(p) != 0)
        return stressor_problem(p, -1, "out of memory");
    if (place->dynamic)
        return 0;
    int32_t source = source_prepare(p, place);
    if (source == 0 && may_show_last_result(&place->source))
        p->host->variable_slot(p->plan, "last_result", 11);
    place->export_absent = p->states[ARG_EXPORT] == STRESSOR_ARG_ABSENT;
    int32_t exports = check_export(p);
    return exports != 0 ? exports : source;
}

static int32_t prepare(stressor_prepare *p)
{
    struct script_place *place = calloc(1, sizeof *place);
    if (place == NULL)
        return stressor_problem(p, -1, "out of memory");
    place->plugin = p->plugin;
    atomic_flag_clear(&place->noted);
    int32_t rc = prepare_place(p, place);
    if (rc != 0)
        place_release(p->plugin, place);
    else
        p->place = place;
    return rc;
}

/* --- one execution -----------------------------------------------------------------------------
 */

static int after_script(lua_State *L, int status, lua_KContext k)
{
    (void)status;
    (void)k;
    finish_success(L, 1);
    return 0;
}

/* All of an execution that may raise: it runs in the script's coroutine. */
static int body(lua_State *L)
{
    struct script *s = turn_script(L);
    struct source called = {NULL, 0, "=script"};
    if (s->place->dynamic) {
        called.text = s->exec->args[ARG_SCRIPT].as.string.ptr;
        called.length = s->exec->args[ARG_SCRIPT].as.string.length;
    }
    lua_settop(L, 0);
    sandbox_push_env(L);
    lua_pushvalue(L, 1);
    s->env_ref = luaL_ref(L, LUA_REGISTRYINDEX);
    source_push(L, s->place, s->place->dynamic ? &called : &s->place->source);
    lua_pushvalue(L, 1);
    lua_callk(L, 1, 0, 0, after_script);
    return after_script(L, LUA_OK, 0);
}

/* True: the execution has ended, and the result says how. */
static bool step(struct script *s, int args)
{
    struct turn turn;
    int results;
    turn_begin(&turn, s);
    lua_State *from = turn.outer != NULL ? turn.outer->running : NULL;
    int status = lua_resume(s->co, from, args, &results);
    turn_finish(&turn);
    if (status == LUA_YIELD && turn.end == TURN_RUNS)
        return false;
    if (status != LUA_OK)
        finish_failure(s, status, &turn);
    return true;
}

static int32_t begin(struct script *s, stressor_result *result)
{
    lua_pushcfunction(s->co, body);
    if (!step(s, 0)) {
        s->exec->data = s;
        return STRESSOR_PENDING;
    }
    *result = s->result;
    s->session->nesting--;
    state_put(s);
    return result->failure.category != STRESSOR_NO_FAILURE ? STRESSOR_FAILED : STRESSOR_DONE;
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    struct script_session *session = exec->session_data;
    const struct script_place *place = exec->place;
    if (session->nesting >= SCRIPT_NESTING_MAX)
        return stressor_fail(exec, &result->failure, STRESSOR_SCRIPT, "script error",
                             "scripts run scripts, more than %d deep", SCRIPT_NESTING_MAX);
    if (place->dynamic && exec->args[ARG_SCRIPT].type != STRESSOR_STRING)
        return stressor_fail(exec, &result->failure, STRESSOR_SCRIPT, "bad argument",
                             "a script that is called needs the argument 'script'");
    if (place->dynamic && exec->args[ARG_SCRIPT].as.string.length > SCRIPT_BYTES_MAX)
        return stressor_fail(exec, &result->failure, STRESSOR_SCRIPT, "bad argument",
                             "argument 'script': expected at most %d bytes", SCRIPT_BYTES_MAX);
    state_collect(session->worker);
    struct script *s = state_take(session->worker, exec);
    if (s == NULL)
        return stressor_fail(exec, &result->failure, STRESSOR_SCRIPT, "script memory",
                             "no memory is left to start a script (config.script_memory)");
    return begin(s, result);
}

static void complete(struct script *s)
{
    stressor_exec *exec = s->exec;
    s->session->nesting--;
    exec->host->complete(exec, &s->result);
    state_put(s);
}

void run_script_answer(struct script *s, const stressor_result *result)
{
    if (s->cancelled || result->failure.category == STRESSOR_CANCELLED) {
        stressor_fail(s->exec, &s->result.failure, STRESSOR_CANCELLED, "cancelled",
                      "the script was cancelled");
        complete(s);
        return;
    }
    s->answer = result;
    bool ended = step(s, 0);
    s->answer = NULL;
    if (ended)
        complete(s);
}

/* A script that is pending waits for a call, which the host has cancelled already: its end is
 * still to come. */
static void cancel(stressor_exec *exec)
{
    struct script *s = exec->data;
    s->cancelled = true;
}

/* --- the type ----------------------------------------------------------------------------------
 */

static const stressor_arg arg_script = {.size = sizeof arg_script,
                                        .name = "script",
                                        .types = STRESSOR_ARG_STRING,
                                        .flags = STRESSOR_ARG_RAW | STRESSOR_ARG_STATIC,
                                        .help = "the script itself; macros in it are left alone"};
static const stressor_arg arg_path = {.size = sizeof arg_path,
                                      .name = "path",
                                      .types = STRESSOR_ARG_STRING,
                                      .flags = STRESSOR_ARG_STATIC,
                                      .help = "a file with the script, in the scenario's folder"};
static const stressor_arg arg_export = {
    .size = sizeof arg_export,
    .name = "export",
    .types = STRESSOR_ARG_STRING | STRESSOR_ARG_LIST | STRESSOR_ARG_NULL | STRESSOR_ARG_BOOL,
    .items = STRESSOR_ARG_STRING,
    .help = "names of variables of the script that go into the context; null or false: none"};
static const stressor_arg arg_language = {.size = sizeof arg_language,
                                          .name = "language",
                                          .types = STRESSOR_ARG_STRING,
                                          .flags = STRESSOR_ARG_STATIC,
                                          .help = "what the script is written in, such as lua"};
static const stressor_arg *const script_args[ARGS_COUNT] = {[ARG_SCRIPT] = &arg_script,
                                                            [ARG_PATH] = &arg_path,
                                                            [ARG_EXPORT] = &arg_export,
                                                            [ARG_LANGUAGE] = &arg_language};

static const char *const source_names[] = {"script", "path", NULL};
static const stressor_arg_group one_source = {
    .size = sizeof one_source, .kind = STRESSOR_GROUP_EXACTLY_ONE, .names = source_names};
static const stressor_arg_group *const groups[] = {&one_source};

const stressor_arg run_script_timeout = {.size = sizeof run_script_timeout,
                                         .name = "script_timeout",
                                         .types = STRESSOR_ARG_DURATION,
                                         .fallback = "1",
                                         .min = 0.001,
                                         .max = 1e9,
                                         .help = "how long a script may compute between two waits"};
const stressor_arg run_script_memory = {
    .size = sizeof run_script_memory,
    .name = "script_memory",
    .types = STRESSOR_ARG_INT,
    .fallback = "268435456",
    .min = 1 << 20,
    .max = 1e15,
    .help = "how many bytes the scripts of one worker may use together"};
const stressor_arg run_script_language = {.size = sizeof run_script_language,
                                          .name = "script_language",
                                          .types = STRESSOR_ARG_STRING,
                                          .help = "what scripts are written in that do not say it"};

const stressor_activity_type run_script_type = {.size = sizeof run_script_type,
                                                .flags = STRESSOR_ACTIVITY_DRY_RUN,
                                                .name = "RunScript",
                                                .help = "Run a script",
                                                .args = script_args,
                                                .args_count = ARGS_COUNT,
                                                .groups = groups,
                                                .groups_count = 1,
                                                .prepare = prepare,
                                                .release = place_release,
                                                .start = start,
                                                .cancel = cancel};

const stressor_script_engine run_script_engine = {.size = sizeof run_script_engine,
                                                  .flags = STRESSOR_ACTIVITY_DRY_RUN,
                                                  .activity = "RunScript",
                                                  .language = "lua",
                                                  .extension = ".lua",
                                                  .help = "Run a script in Lua 5.4",
                                                  .prepare = prepare,
                                                  .release = place_release,
                                                  .start = start,
                                                  .cancel = cancel};
