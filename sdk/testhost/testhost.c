#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

enum { SEED = 1 };
static const int64_t TIMEOUT_NS = INT64_C(10000000000);

/* --- life ------------------------------------------------------------------------------------ */

static void log_line(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                     uint64_t length)
{
    static const char *const names[] = {"CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG", "TRACE"};
    struct stressor_test *t = data;
    (void)time_wall_ns;
    text_puts(&t->log, level >= 0 && level <= STRESSOR_LOG_TRACE ? names[level] : "?");
    text_puts(&t->log, " ");
    text_put(&t->log, text, length);
    text_puts(&t->log, "\n");
}

stressor_test *stressor_test_new(stressor_plugin_entry entry)
{
    struct stressor_test *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    t->stop_delay_ns = -1;
    t->timeout_ns = TIMEOUT_NS;
    const stressor_plugin_entry builtins[] = {entry, probe_entry, NULL};
    const stressor_engine_options options = {.size = sizeof options,
                                             .log_level = STRESSOR_LOG_INFO,
                                             .log = log_line,
                                             .log_data = t,
                                             .builtin_plugins = builtins};
    t->engine = stressor_engine_new(&options);
    const stressor_plugin_entry_info *own =
        t->engine != NULL ? stressor_plugin_at(t->engine, 0) : NULL;
    if (own != NULL && !own->refused)
        return t;
    fprintf(stderr, "stressor_test_new: %s\n",
            own != NULL && own->reason != NULL ? own->reason : "out of memory");
    stressor_test_free(t);
    return NULL;
}

static void forget_run(struct stressor_test *t)
{
    results_clear(t);
    pairs_free(&t->variables);
    pairs_free(&t->texts);
    text_clear(&t->log);
    text_clear(&t->scenario);
    text_clear(&t->mistakes);
    t->out_of_memory = false;
}

void stressor_test_free(stressor_test *t)
{
    if (t == NULL)
        return;
    stressor_engine_free(t->engine);
    forget_run(t);
    for (int i = 0; i < SECTIONS; i++)
        pairs_free(&t->sections[i]);
    text_free(&t->log);
    text_free(&t->scenario);
    text_free(&t->mistakes);
    free(t);
}

/* --- what holds for all runs ------------------------------------------------------------------ */

static void set(struct stressor_test *t, enum section section, const char *name, const char *yaml)
{
    struct pair *p = pair_find(t->sections[section], name, strlen(name));
    if (p == NULL && yaml != NULL)
        p = pair_add(&t->sections[section], name, strlen(name));
    char *copy = yaml != NULL ? strdup(yaml) : NULL;
    if (yaml != NULL && (p == NULL || copy == NULL)) {
        fprintf(stderr, "stressor_test: out of memory\n");
        abort(); /* a test that goes on without it would test something else */
    }
    if (p == NULL)
        return;
    free(p->yaml);
    p->yaml = copy;
}

void stressor_test_config(stressor_test *t, const char *name, const char *yaml)
{
    set(t, SECTION_CONFIG, name, yaml);
}

void stressor_test_context(stressor_test *t, const char *name, const char *yaml)
{
    set(t, SECTION_CONTEXT, name, yaml);
}

void stressor_test_session(stressor_test *t, const char *name, const char *yaml)
{
    set(t, SECTION_SESSIONS, name, yaml);
}

void stressor_test_dry_run(stressor_test *t, int on)
{
    t->dry_run = on != 0;
}

void stressor_test_stop(stressor_test *t, int64_t delay_ns, uint32_t how)
{
    t->stop_delay_ns = delay_ns;
    t->stop_how = how;
}

void stressor_test_timeout(stressor_test *t, int64_t timeout_ns)
{
    t->timeout_ns = timeout_ns;
}

/* --- runs ------------------------------------------------------------------------------------- */

/* A value stands in lines of its own, so that it may have several. */
static void put_section(struct text *out, const char *name, const struct pair *pairs)
{
    bool any = false;
    for (const struct pair *p = pairs; p != NULL; p = p->next) {
        if (p->yaml == NULL)
            continue;
        if (!any) {
            text_puts(out, name);
            text_puts(out, ":\n");
        }
        any = true;
        text_puts(out, "  ");
        text_puts(out, p->name);
        text_puts(out, ":\n");
        text_lines(out, "    ", p->yaml);
    }
}

static void put_head(struct stressor_test *t)
{
    text_puts(&t->scenario, "file_version: stressor#0\n");
    put_section(&t->scenario, "config", t->sections[SECTION_CONFIG]);
    put_section(&t->scenario, "context", t->sections[SECTION_CONTEXT]);
    put_section(&t->scenario, "sessions", t->sections[SECTION_SESSIONS]);
    text_puts(&t->scenario, "scenario: [{sequence: test}, {sequence: end}]\n"
                            "sequences:\n"
                            "  end: [{activity: " PROBE_TYPE "}]\n"
                            "  test:\n");
}

static void take_mistakes(struct stressor_test *t)
{
    for (size_t i = 0; i < stressor_mistakes_count(t->engine); i++) {
        const char *text = stressor_mistake_text(t->engine, i);
        text_put(&t->mistakes, text, strlen(text) + 1); /* with the NUL between them */
    }
}

/* All mistakes in one text. */
static const stressor_test_result *wrong_scenario(struct stressor_test *t)
{
    struct text all = {0};
    const char *mistake;
    for (size_t i = 0; (mistake = stressor_test_mistake(t, i)) != NULL; i++) {
        text_puts(&all, i > 0 ? "\n" : "");
        text_puts(&all, mistake);
    }
    const stressor_test_result *r =
        result_nothing(t, "scenario", all.bytes != NULL ? all.bytes : "");
    text_free(&all);
    return r;
}

/* False: `error` says why it could not start. */
static bool execute(struct stressor_test *t, stressor_plan *plan, char *error, size_t error_size)
{
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 1;
    o.seed = SEED;
    o.dry_run = t->dry_run;
    o.virtual_time = 1;
    o.executed = result_keep;
    o.executed_data = t;
    stressor_run *run = stressor_run_start(plan, &o, error, error_size);
    if (run == NULL)
        return false;
    if (!stressor_run_wait(run, t->timeout_ns)) {
        stressor_run_stop(run, STRESSOR_STOP_NOW);
        stressor_run_wait(run, -1);
        snprintf(error, error_size, "the run was stopped, as it took longer than %.10g s",
                 (double)t->timeout_ns / 1e9);
    }
    stressor_run_free(run);
    return true;
}

static const stressor_test_result *run_scenario(struct stressor_test *t)
{
    char error[300] = "nothing ran";
    const struct text *text = &t->scenario;
    if (text->failed)
        return result_nothing(t, "memory", "out of memory for the test");
    probe_serve(t);
    stressor_plan *plan =
        stressor_load_memory(t->engine, text->bytes, text->length, "test.yaml", ".", NULL);
    take_mistakes(t);
    if (plan == NULL)
        return wrong_scenario(t);
    execute(t, plan, error, sizeof error);
    stressor_plan_free(plan);
    probe_serve(NULL);
    if (t->out_of_memory || t->log.failed || t->mistakes.failed)
        return result_nothing(t, "memory", "out of memory for the test");
    if (t->results_count == 0)
        return result_nothing(t, "run", error);
    return &t->results[t->results_count - 1]->pub;
}

const stressor_test_result *stressor_test_run(stressor_test *t, const char *activity)
{
    forget_run(t);
    put_head(t);
    text_puts(&t->scenario, "    -\n");
    text_lines(&t->scenario, "      ", activity);
    return run_scenario(t);
}

const stressor_test_result *stressor_test_run_sequence(stressor_test *t, const char *activities)
{
    forget_run(t);
    put_head(t);
    text_lines(&t->scenario, "    ", activities);
    return run_scenario(t);
}

const stressor_test_result *stressor_test_run_scenario(stressor_test *t, const char *scenario)
{
    forget_run(t);
    text_puts(&t->scenario, scenario);
    return run_scenario(t);
}

/* --- what the last run left --------------------------------------------------------------------
 */

const stressor_test_result *stressor_test_result_at(const stressor_test *t, size_t index)
{
    return index < t->results_count ? &t->results[index]->pub : NULL;
}

const char *stressor_test_mistake(const stressor_test *t, size_t index)
{
    const char *at = t->mistakes.bytes, *end = at + t->mistakes.length;
    if (t->mistakes.length == 0)
        return NULL;
    while (index-- > 0 && at < end)
        at += strlen(at) + 1;
    return at < end ? at : NULL;
}

const stressor_value *stressor_test_variable(const stressor_test *t, const char *name)
{
    const struct pair *p = pair_find(t->variables, name, strlen(name));
    return p != NULL ? p->value : NULL;
}

const char *stressor_test_log(const stressor_test *t)
{
    return t->log.bytes != NULL ? t->log.bytes : "";
}

const stressor_value *stressor_test_at(const stressor_test *t, const stressor_value *value,
                                       const char *path)
{
    (void)t;
    return stressor_value_at(value, path);
}

static int32_t append(void *data, const char *bytes, uint64_t length)
{
    text_put(data, bytes, length);
    return 0;
}

const char *stressor_test_text(stressor_test *t, const stressor_value *value)
{
    struct text text = {0};
    struct pair *p = pair_add(&t->texts, "", 0);
    if (p == NULL || stressor_value_text(value, append, &text) < 0 || text.failed) {
        text_free(&text);
        return "";
    }
    p->yaml = text.bytes;
    return text.bytes;
}
