#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stressor/stressor.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/signals.h"
#include "cli/summary.h"

#define WORKERS_MAX 1024
/* How often a wait for the end looks for signals. */
#define WAIT_NS INT64_C(50000000)

enum { OVERRIDE, SINGLE, DRY_RUN, MAX_ERRORS, MAX_TIME, WORKERS, SEED };

static const struct option_spec table[] = {
    {OVERRIDE, 'o', "option", "NAME:VALUE", "set a config entry and context variable; repeatable"},
    {SINGLE, 0, "single", NULL, "one session, loops run once"},
    {DRY_RUN, 'n', "dry-run", NULL, "send nothing, and do not wait in pauses"},
    {MAX_ERRORS, 0, "max-errors", "N", "stop when the run has seen N errors; 0: never"},
    {MAX_TIME, 0, "max-time", "TIME", "stop after so many seconds, or 1m30s; 0: never"},
    {WORKERS, 0, "workers", "N", "run on N threads instead of one for each CPU"},
    {SEED, 0, "seed", "N", "repeat the random numbers of the run that had this seed"},
    {0, 0, NULL, NULL, NULL},
};

struct job {
    const struct command *self;
    struct common_options *common;
    const char *scenario;
    const char **overrides; /* ended by NULL */
    size_t overrides_count;
    stressor_run_options options;
    struct console console;
    struct signals signals;
};

static bool take_number(struct job *job, const char *name, const char *value, uint64_t least,
                        uint64_t most, uint64_t *out)
{
    if (options_number(value, least, most, out))
        return true;
    char limit[48] = "";
    if (most < INT64_MAX)
        snprintf(limit, sizeof limit, " to %llu", (unsigned long long)most);
    command_wrong(job->self->name, "--%s wants a whole number from %llu%s, not \"%s\"", name,
                  (unsigned long long)least, limit, value);
    return false;
}

static bool take_override(struct job *job, const char *value)
{
    const char *colon = strchr(value, ':');
    if (colon == NULL || colon == value) {
        command_wrong(job->self->name, "-o wants NAME:VALUE, such as -o tag:nightly, not \"%s\"",
                      value);
        return false;
    }
    job->overrides[job->overrides_count++] = value;
    return true;
}

static bool take_time(struct job *job, const char *value)
{
    int64_t ns = 0;
    if (stressor_parse_duration(value, &ns) == 0 && ns >= 0) {
        job->options.max_time_ns = ns;
        return true;
    }
    command_wrong(job->self->name,
                  "--max-time wants seconds or a duration such as 1m30s, not \"%s\"", value);
    return false;
}

static bool take(void *data, int id, const char *value)
{
    struct job *job = data;
    uint64_t n = 0;
    bool ok = true;
    switch (id) {
    case OVERRIDE: return take_override(job, value);
    case MAX_TIME: return take_time(job, value);
    case SINGLE: job->options.single = 1; break;
    case DRY_RUN: job->options.dry_run = 1; break;
    case MAX_ERRORS:
        ok = take_number(job, "max-errors", value, 0, INT64_MAX, &n);
        job->options.max_errors = (int64_t)n;
        break;
    case WORKERS:
        ok = take_number(job, "workers", value, 1, WORKERS_MAX, &n);
        job->options.workers = (uint32_t)n;
        break;
    default:
        ok = take_number(job, "seed", value, 1, UINT64_MAX, &n);
        job->options.seed = n;
        break;
    }
    return ok;
}

static void say_mistakes(struct job *job, stressor_engine *engine)
{
    for (size_t i = 0; i < stressor_mistakes_count(engine); i++) {
        bool warning = stressor_mistake_is_warning(engine, i) != 0;
        console_plain(&job->console, warning ? STRESSOR_LOG_WARNING : STRESSOR_LOG_ERROR,
                      stressor_mistake_text(engine, i));
    }
}

static void say_not_run(struct job *job, size_t errors)
{
    struct stat s;
    const char *path = job->scenario;
    bool folder = stat(path, &s) == 0 && S_ISDIR(s.st_mode);
    char text[4608];
    char number[32] = "";
    if (errors > 0)
        snprintf(number, sizeof number, "%zu error%s in ", errors, errors == 1 ? "" : "s");
    if (folder && strcmp(path, ".") == 0)
        path = "";
    size_t length = strlen(path);
    const char *slash = !folder || length == 0 || path[length - 1] == '/' ? "" : "/";
    snprintf(text, sizeof text, "%s%.4096s%s%s%s, nothing was run", number, path, slash,
             folder ? "scenario.yaml" : "", errors > 0 ? "" : " cannot be loaded (see the log)");
    console_plain(&job->console, STRESSOR_LOG_CRITICAL, text);
}

static void say_start(struct job *job, stressor_run *run)
{
    const stressor_snapshot *s = stressor_run_snapshot(run);
    if (s == NULL)
        return;
    unsigned long long sessions = s->sessions_planned;
    unsigned workers = s->resources != NULL ? s->resources->workers : 0;
    console_say(&job->console, STRESSOR_LOG_INFO,
                "running %s: %llu session%s on %u worker%s, seed %llu%s%s", s->name, sessions,
                sessions == 1 ? "" : "s", workers, workers == 1 ? "" : "s",
                (unsigned long long)s->seed, s->base_url != NULL ? ", base URL " : "",
                s->base_url != NULL ? s->base_url : "");
    stressor_snapshot_release(s);
}

/* Says what the signals that came have done; `said` counts those already told. */
static void say_stops(struct job *job, unsigned *said)
{
    unsigned stops = signals_stops(&job->signals);
    if (stops > 0 && *said == 0)
        console_say(&job->console, STRESSOR_LOG_WARNING,
                    "stopping: running activities are cancelled, `end` runs; once more to stop "
                    "now");
    if (stops > 1 && *said < 2)
        console_say(&job->console, STRESSOR_LOG_WARNING, "stopping now");
    *said = stops;
}

static void wait_for_end(struct job *job, stressor_run *run)
{
    unsigned said = 0;
    while (stressor_run_wait(run, WAIT_NS) == 0)
        say_stops(job, &said);
    say_stops(job, &said);
}

static size_t terminal_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

/* Prints the summary. Returns the exit code that the figures ask for. */
static int conclude(struct job *job, const stressor_snapshot *s)
{
    const struct summary_style style = {
        .colour = console_has_colour(STDOUT_FILENO, job->common),
        .brief = job->common->quiet > 0,
        .width = terminal_width(),
    };
    int code = s->errors > 0 ? COMMAND_ERRORS : COMMAND_FINE;
    if (summary_is_stopped(s) || (s->stop_reason != NULL && signals_stops(&job->signals) > 0))
        code = COMMAND_STOPPED;
    if (job->common->quiet < 2 && !summary_write(stdout, s, &style) && !ferror(stdout)) {
        console_say(&job->console, STRESSOR_LOG_CRITICAL, "out of memory for the summary");
        code = command_worse(code, COMMAND_ERRORS);
    }
    return code;
}

static int run_plan(struct job *job, stressor_plan *plan)
{
    char error[512] = "";
    signals_expect_run(&job->signals);
    stressor_run *run = stressor_run_start(plan, &job->options, error, sizeof error);
    if (run == NULL) {
        console_say(&job->console, STRESSOR_LOG_CRITICAL, "the run cannot start: %s", error);
        return COMMAND_ERRORS;
    }
    signals_set_run(&job->signals, run);
    say_start(job, run);
    wait_for_end(job, run);
    signals_set_run(&job->signals, NULL);
    const stressor_snapshot *s = stressor_run_snapshot(run);
    int code = COMMAND_ERRORS;
    if (s != NULL)
        code = conclude(job, s);
    else
        console_say(&job->console, STRESSOR_LOG_CRITICAL, "out of memory for the results");
    fflush(stdout); /* as long as signals are ours: a reader may hang */
    stressor_snapshot_release(s);
    stressor_run_free(run);
    return code;
}

static int load_and_run(struct job *job, stressor_engine *engine)
{
    const stressor_load_options load = {.size = sizeof load, .overrides = job->overrides};
    stressor_plan *plan = stressor_load_file(engine, job->scenario, &load);
    if (plan != NULL && stressor_plan_verbose(plan) >= 0) {
        job->console.level = common_options_level(job->common, stressor_plan_verbose(plan));
        stressor_engine_log_level(engine, job->console.level);
    }
    say_mistakes(job, engine);
    int code = COMMAND_USAGE;
    if (plan != NULL)
        code = run_plan(job, plan);
    else
        say_not_run(job, stressor_mistakes_errors(engine));
    stressor_plan_free(plan);
    return code;
}

static int run_with_engine(struct job *job)
{
    const stressor_engine_options options = {
        .size = sizeof options,
        .log_level = job->console.level,
        .log = console_log,
        .log_data = &job->console,
        .plugin_paths = job->common->plugin_paths,
    };
    if (!signals_start(&job->signals)) {
        fprintf(stderr, "stressor: cannot make a thread: %s\n", strerror(errno));
        return COMMAND_ERRORS;
    }
    stressor_engine *engine = stressor_engine_new(&options);
    int code = engine != NULL ? load_and_run(job, engine) : COMMAND_ERRORS;
    stressor_engine_free(engine);
    signals_finish(&job->signals);
    return code;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    struct job job = {.self = self, .common = common, .scenario = "."};
    int code = COMMAND_FINE;
    stressor_run_options_init(&job.options);
    job.overrides = calloc((size_t)argc + 1, sizeof *job.overrides);
    if (job.overrides == NULL) {
        fprintf(stderr, "stressor: out of memory\n");
        return COMMAND_ERRORS;
    }
    int first = command_options(self, argc, argv, take, &job, common, &code);
    if (first >= 0 && argc - first > 1) {
        code = command_wrong(self->name, "one scenario at a time; \"%s\" is too many",
                             argv[first + 1]);
    } else if (first >= 0) {
        if (first < argc)
            job.scenario = argv[first];
        if (console_open(&job.console, common)) {
            code = run_with_engine(&job);
            if (!console_close(&job.console))
                code = command_worse(code, COMMAND_ERRORS);
        } else {
            code = COMMAND_USAGE;
        }
    }
    free(job.overrides);
    return code;
}

const struct command command_run = {
    .name = "run",
    .usage = "[OPTION]... [SCENARIO]",
    .help = "Runs a scenario and prints its results",
    .details =
        "SCENARIO is a file, with or without \".yaml\", or a folder that holds scenario.yaml; the\n"
        "current folder when left out. The first Ctrl-C stops the run gracefully: running\n"
        "activities are cancelled and `end` sequences run. The second stops it at once. The\n"
        "summary is printed in any case.\n",
    .options = table,
    .run = run,
};
