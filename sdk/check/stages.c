#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

enum {
    CASES_MAX = 128,
    CASE_TRIES = 24,
    FAILURES_MAX = 400, /* allocations that fail in turn, for one activity */
    ROUNDS = 4,
    FUZZ = 60,
    FUZZ_QUICK = 6,
};
static const int64_t MEMORY_NS = INT64_C(15000000000), FUZZ_NS = INT64_C(12000000000),
                     FUZZ_QUICK_NS = INT64_C(4000000000);

/* Activities that compile. */
static char *cases[CASES_MAX];
static size_t cases_count;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* The same numbers for the same seed, kind and try. */
static struct random random_for(size_t kind, uint64_t i)
{
    struct random r = {options.seed};
    r.state ^= random_next(&r) * (kind + 1);
    r.state ^= random_next(&r) + i;
    random_next(&r);
    return r;
}

/* --- cases ----------------------------------------------------------------------------------- */

static void keep_case(const char *activity)
{
    for (size_t i = 0; i < cases_count; i++)
        if (strcmp(cases[i], activity) == 0)
            return;
    char *copy = cases_count < CASES_MAX ? strdup(activity) : NULL;
    if (copy != NULL)
        cases[cases_count++] = copy;
}

/* The first that compiles. */
static bool find_case(stressor_engine *engine, size_t kind, int wildness)
{
    bool good = false;
    for (uint64_t i = 0; i < CASE_TRIES && !good; i++) {
        struct random r = random_for(kind, i);
        struct text t = {0};
        value_activity(&t, kind_at(kind), &r, wildness);
        good = t.bytes != NULL && compiles(engine, t.bytes, NULL);
        if (good)
            keep_case(t.bytes);
        text_reset(&t);
    }
    return good;
}

static bool is_of_macro(const char *activity)
{
    return strstr(activity, TAKE_TYPE) != NULL || strncmp(activity, "{activity: \"$", 13) == 0;
}

/* With what it needs, and with all that it takes; what it stands for may be another plugin's. */
static void find_macros(stressor_engine *engine)
{
    const stressor_plugin *p = plugin_descriptor();
    for (uint32_t i = 0; i < p->macros_count; i++)
        for (int wildness = 0; wildness < 2; wildness++) {
            struct random r = random_for(5000 + i, (uint64_t)wildness);
            struct text t = {0};
            value_macro(&t, p->macros[i], &r, wildness);
            if (t.bytes != NULL && compiles(engine, t.bytes, NULL))
                keep_case(t.bytes);
            text_reset(&t);
        }
}

static void no_case(const struct kind *kind)
{
    if (kind->language != NULL && kind->args == NULL)
        note("%s for %s was not run, as another plugin declares it; say its file with --with",
             kind->name, kind->language);
    else if (options.tries == NULL)
        note("no arguments were found with which %s compiles; say some with --try", kind->name);
}

/* False: an option is wrong. */
static bool find_cases(stressor_engine *engine)
{
    for (size_t i = 0; options.tries != NULL && options.tries[i] != NULL; i++) {
        if (compiles(engine, options.tries[i], NULL))
            keep_case(options.tries[i]);
        else
            wrong_option("--try '%.*s' does not compile: %s", SHOWN_MAX, options.tries[i],
                         stressor_mistakes_count(engine) > 0 ? stressor_mistake_text(engine, 0)
                                                             : "?");
    }
    if (shared->wrong[0] != '\0')
        return false;
    const struct kind *kind;
    for (size_t i = 0; (kind = kind_at(i)) != NULL; i++) {
        bool some = find_case(engine, i, 0);
        some |= find_case(engine, i, 1);
        if (!some)
            no_case(kind);
        atomic_store(&shared->kinds, i + 1);
    }
    if (options.activity == NULL)
        find_macros(engine);
    return true;
}

/* What most stages begin with. NULL: what is wrong has been found, or an option is. */
static stressor_engine *begin(void)
{
    if (!exec_init() || !plugin_load())
        return NULL;
    stressor_engine *engine = engine_open();
    if (engine == NULL || find_cases(engine))
        return engine;
    engine_close(engine);
    return NULL;
}

/* --- loading --------------------------------------------------------------------------------- */

static void note_texts(const stressor_plugin *p)
{
    for (uint32_t i = 0; i < p->activities_count; i++) {
        const stressor_activity_type *t = p->activities[i];
        size_t length = t->help != NULL ? strlen(t->help) : 0;
        if (length == 0 || t->help[length - 1] == '.')
            note("%s: its help should be one sentence without a full stop", t->name);
        for (uint32_t k = 0; k < t->args_count; k++)
            if (t->args[k]->help == NULL || t->args[k]->help[0] == '\0')
                note("%s: its argument '%s' has no help", t->name, t->args[k]->name);
    }
}

void stage_load(void)
{
    if (!plugin_load())
        return;
    doing("reading its descriptor");
    stressor_engine *engine = engine_open();
    if (engine == NULL)
        return;
    const stressor_plugin *p = plugin_descriptor();
    note_texts(p);
    if (options.activity != NULL && kind_at(0) == NULL)
        wrong_option("the plugin has no activity type '%.*s'", SHOWN_MAX, options.activity);
    if (p->activities_count + p->macros_count + p->settings_count + p->reporters_count +
            p->engines_count ==
        0)
        note("it offers nothing: no activity types, macros, settings, reports or script engines");
    engine_close(engine);
    atomic_store(&shared->described, true);
}

/* --- one after the other --------------------------------------------------------------------- */

/* Reporters that stay would wait for somebody; what they show needs a browser. */
static void run_reporters(stressor_engine *engine)
{
    const stressor_plugin *p = plugin_descriptor();
    for (uint32_t i = 0; i < p->reporters_count; i++) {
        char words[100];
        if (p->reporters[i]->flags & STRESSOR_REPORTER_STAYS)
            continue;
        snprintf(words, sizeof words, "with the report %s", p->reporters[i]->kind);
        if (run_activities(engine, "{activity: " NAP_TYPE ", duration: 0.01}",
                           &(struct how){.report = p->reporters[i]->kind, .words = words}))
            atomic_fetch_add(&shared->reports, 1);
    }
    if (p->reporters_count > 0)
        run_activities(engine, "{activity: " NAP_TYPE ", duration: 0.01}",
                       &(struct how){.report = RENDER_KIND, .words = "rendered"});
}

void stage_basic(void)
{
    stressor_engine *engine = begin();
    if (engine == NULL)
        return;
    for (size_t i = 0; i < cases_count; i++) {
        atomic_fetch_add(&shared->macros, is_of_macro(cases[i]) ? 3 : 0);
        run_activities(engine, cases[i], &(struct how){.virtual_time = true});
        run_activities(engine, cases[i], &(struct how){.virtual_time = true, .repeat = 3});
        run_activities(engine, cases[i],
                       &(struct how){.virtual_time = true, .dry_run = true, .words = "dry run"});
    }
    run_reporters(engine);
    engine_close(engine);
}

void stage_cancel(void)
{
    stressor_engine *engine = begin();
    if (engine == NULL)
        return;
    struct how how = {.stop_when_pending = true, .words = "stopped as soon as it is pending"};
    for (size_t i = 0; i < cases_count; i++) {
        how.virtual_time = false;
        run_activities(engine, cases[i], &how);
        how.virtual_time = true; /* what was left running comes now */
        run_activities(engine, cases[i], &how);
    }
    engine_close(engine);
}

void stage_workers(void)
{
    struct text all = {0};
    stressor_engine *engine = begin();
    if (engine == NULL)
        return;
    for (size_t i = 0; i < cases_count; i++)
        text_add(&all, "%s%s", i > 0 ? ", " : "", cases[i]);
    if (all.bytes != NULL)
        for (int i = 0; i < 2; i++)
            run_activities(engine, all.bytes,
                           &(struct how){.workers = 3,
                                         .sessions = 6,
                                         .repeat = 3,
                                         .limit_ns = INT64_C(1500000000),
                                         .words = "6 sessions on 3 workers"});
    text_reset(&all);
    engine_close(engine);
}

/* --- memory ---------------------------------------------------------------------------------- */

void stage_memory(void)
{
    if (!memory_available())
        return;
    stressor_engine *engine = begin();
    engine_close(engine);
    int64_t until_ns = now_ns() + MEMORY_NS;
    for (size_t i = 0; i < cases_count && now_ns() < until_ns; i++)
        for (uint64_t n = 1; n <= FAILURES_MAX && now_ns() < until_ns; n++) {
            shared->circumstance[0] = '\0';
            memory_fail(n);
            engine = engine_open();
            if (engine != NULL)
                run_activities(engine, cases[i], &(struct how){.virtual_time = true});
            engine_close(engine);
            bool reached = memory_failed();
            memory_fail(0);
            if (!reached)
                break;
        }
    shared->circumstance[0] = '\0';
}

/* --- what is left ---------------------------------------------------------------------------- */

static size_t entries_of(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    while (dir != NULL && readdir(dir) != NULL)
        count++;
    if (dir != NULL)
        closedir(dir);
    return count;
}

/* Those that are ending get a second. */
static size_t threads(size_t at_most)
{
    const struct timespec nap = {.tv_nsec = 10000000};
    size_t count = entries_of("/proc/self/task");
    for (int i = 0; i < 100 && count > at_most; i++) {
        nanosleep(&nap, NULL);
        beat();
        count = entries_of("/proc/self/task");
    }
    return count;
}

enum { DESCRIPTORS_SEEN = 1024 };
static bool descriptor_open[DESCRIPTORS_SEEN];

static void see_descriptors(void)
{
    for (int fd = 0; fd < DESCRIPTORS_SEEN; fd++)
        descriptor_open[fd] = fcntl(fd, F_GETFD) >= 0;
}

/* What the new ones are of. */
static void check_descriptors(void)
{
    char path[64], target[200] = "";
    size_t count = 0;
    for (int fd = 0; fd < DESCRIPTORS_SEEN; fd++) {
        if (descriptor_open[fd] || fcntl(fd, F_GETFD) < 0)
            continue;
        count++;
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(path, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
    }
    if (count > 0)
        found(CHECK_LEFT, "descriptors",
              "%zu opened and not closed in %d rounds, from init to fini, the last "
              "one of %s; close them in session_close, worker_close, run_close or fini",
              count, ROUNDS - 2, target);
}

void stage_leaks(void)
{
    if (!exec_init() || !plugin_load())
        return;
    size_t threads_before = 0;
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        memory_round(round);
        stressor_engine *engine = engine_open();
        if (engine == NULL)
            return;
        if (round == 1 && !find_cases(engine)) {
            engine_close(engine);
            return;
        }
        for (size_t i = 0; i < cases_count; i++)
            run_activities(engine, cases[i],
                           &(struct how){.virtual_time = true, .words = "round after round"});
        run_reporters(engine);
        engine_close(engine);
        if (round == ROUNDS - 2) {
            threads_before = threads(1);
            see_descriptors();
        }
    }
    running("%s", "");
    size_t threads_now = threads(threads_before);
    uint64_t offset, blocks, bytes;
    if (threads_now > threads_before)
        found(CHECK_LEFT, "threads",
              "%zu started and not ended in %d rounds, from init to fini; join them in "
              "worker_close, run_close or fini",
              threads_now - threads_before, ROUNDS - 2);
    check_descriptors();
    if (memory_leak(ROUNDS - 1, ROUNDS, &offset, &blocks, &bytes))
        found(CHECK_LEAKS, "",
              "each round from init to fini leaves memory behind: %llu bytes in %llu block%s in "
              "the last one, allocated at +0x%llx of the file (addr2line -e FILE)",
              (unsigned long long)bytes, (unsigned long long)blocks, blocks == 1 ? "" : "s",
              (unsigned long long)offset);
}

/* --- anything -------------------------------------------------------------------------------- */

static bool fuzz_one(stressor_engine *engine, size_t kind, uint64_t i)
{
    struct random r = random_for(kind, 1000 + i);
    struct text activities = {0}, config = {0};
    char words[80];
    struct how how = {.virtual_time = true, .limit_ns = INT64_C(250000000), .words = words};
    how.dry_run = random_below(&r, 8) == 0;
    how.stop_when_pending = random_below(&r, 6) == 0;
    how.repeat = random_below(&r, 4) == 0 ? 3 : 1;
    snprintf(words, sizeof words, "%s%scase %llu of seed %llu", how.dry_run ? "dry run, " : "",
             how.stop_when_pending ? "stopped when pending, " : "", (unsigned long long)i,
             (unsigned long long)options.seed);
    value_activity(&activities, kind_at(kind), &r, 2);
    value_config(&config, plugin_descriptor(), &r);
    how.config = config.bytes;
    bool good = activities.bytes != NULL && run_activities(engine, activities.bytes, &how);
    text_reset(&activities);
    text_reset(&config);
    return good;
}

static void fuzz_macro(stressor_engine *engine, uint32_t which, uint64_t i)
{
    struct random r = random_for(5000 + which, 1000 + i);
    struct text t = {0};
    char words[80];
    snprintf(words, sizeof words, "case %llu of seed %llu", (unsigned long long)i,
             (unsigned long long)options.seed);
    value_macro(&t, plugin_descriptor()->macros[which], &r, 2);
    if (t.bytes != NULL &&
        run_activities(engine, t.bytes, &(struct how){.virtual_time = true, .words = words}))
        atomic_fetch_add(&shared->macros, 1);
    text_reset(&t);
}

void stage_fuzz(void)
{
    stressor_engine *engine = begin();
    if (engine == NULL)
        return;
    int64_t until_ns = now_ns() + (options.quick ? FUZZ_QUICK_NS : FUZZ_NS);
    uint64_t rounds = options.quick ? FUZZ_QUICK : FUZZ;
    for (uint64_t i = 0; i < rounds && now_ns() < until_ns; i++)
        for (size_t kind = 0; kind_at(kind) != NULL && now_ns() < until_ns; kind++)
            for (uint64_t tries = 0; tries < 8; tries++)
                if (fuzz_one(engine, kind, i * 8 + tries))
                    break;
    uint32_t macros = options.activity == NULL ? plugin_descriptor()->macros_count : 0;
    for (uint64_t i = 0; i < rounds && now_ns() < until_ns; i++)
        for (uint32_t which = 0; which < macros; which++)
            fuzz_macro(engine, which, i);
    engine_close(engine);
}
