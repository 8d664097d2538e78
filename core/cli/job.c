#include "cli/job.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/live.h"
#include "cli/summary.h"
#include "cli/terminal.h"

static void say_not_run(struct job *job, size_t errors)
{
    char file[4352], text[4608];
    char number[32] = "";
    if (errors > 0)
        snprintf(number, sizeof number, "%zu error%s in ", errors, errors == 1 ? "" : "s");
    scenario_file(job->scenario, file, sizeof file);
    snprintf(text, sizeof text, "%s%s%s, nothing was run", number, file,
             errors > 0 ? "" : " cannot be loaded (see the log)");
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

/* `--monitor 8080`: the value of an option that may do without one follows a "=". */
static bool is_meant_as_port(const struct job *job)
{
    struct stat s;
    return report_list_takes_for_port(&job->reports, job->scenario) && stat(job->scenario, &s) != 0;
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
    struct live live;
    live_start(&live, &job->console, run);
    while (stressor_run_wait(run, CONSOLE_KEEP_NS) == 0) {
        say_stops(job, &said);
        live_step(&live, run);
    }
    say_stops(job, &said);
    live_end(&live);
}

/* The exit code that the figures and the reports ask for. */
static int judge(struct job *job, const stressor_snapshot *s, size_t reports_failed)
{
    static const int codes[] = {
        [STRESSOR_VERDICT_NONE] = COMMAND_ERRORS,
        [STRESSOR_VERDICT_PASSED] = COMMAND_FINE,
        [STRESSOR_VERDICT_STOPPED] = COMMAND_STOPPED,
        [STRESSOR_VERDICT_THRESHOLD] = COMMAND_THRESHOLD,
        [STRESSOR_VERDICT_ERRORS] = COMMAND_ERRORS,
        [STRESSOR_VERDICT_UNTRUSTED] = COMMAND_UNTRUSTED,
    };
    int code = s->verdict < sizeof codes / sizeof *codes ? codes[s->verdict] : COMMAND_ERRORS;
    if (s->stop_reason != NULL && signals_stops(&job->signals) > 0)
        code = command_worse(code, COMMAND_STOPPED);
    if (reports_failed > 0)
        code = command_worse(code, COMMAND_ERRORS);
    return code;
}

/* Prints the summary, to standard error where a report takes standard output. Returns the exit
 * code. */
static int conclude(struct job *job, const stressor_snapshot *s, size_t reports_failed)
{
    FILE *out = report_list_uses_stdout(&job->reports) ? stderr : stdout;
    const struct summary_style style = {
        .colour = console_has_colour(fileno(out), job->common),
        .brief = job->common->quiet > 0,
        .width = terminal_width(fileno(out)),
        .reports_failed = reports_failed,
        .strict = job->options.strict != 0,
    };
    int code = judge(job, s, reports_failed);
    if (job->common->quiet < 2 && !summary_write(out, s, &style) && !ferror(out)) {
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
        int code = errno == EINVAL ? COMMAND_USAGE : COMMAND_ERRORS;
        console_say(&job->console, STRESSOR_LOG_CRITICAL, "the run cannot start: %s", error);
        return code;
    }
    signals_set_run(&job->signals, run);
    say_start(job, run);
    wait_for_end(job, run);
    signals_set_run(&job->signals, NULL);
    const stressor_snapshot *s = stressor_run_snapshot(run);
    int code = COMMAND_ERRORS;
    if (s != NULL)
        code = conclude(job, s, report_list_failed(run));
    else
        console_say(&job->console, STRESSOR_LOG_CRITICAL, "out of memory for the results");
    stressor_snapshot_release(s);
    code = command_worse(code, command_flush()); /* a reader may hang: signals are still ours */
    report_list_tell(&job->console, run);
    if (report_list_stays(&job->console, run))
        signals_rest(&job->signals);
    stressor_run_free(run);
    return code;
}

static int load_and_run(struct job *job, stressor_engine *engine)
{
    const stressor_load_options load = {.size = sizeof load, .overrides = job->overrides.texts};
    stressor_plan *plan = stressor_load_file(engine, job->scenario, &load);
    if (plan != NULL && stressor_plan_verbose(plan) >= 0) {
        job->console.level = common_options_level(job->common, stressor_plan_verbose(plan));
        stressor_engine_log_level(engine, job->console.level);
    }
    scenario_say_mistakes(&job->console, engine);
    int code = COMMAND_USAGE;
    if (plan != NULL)
        code = run_plan(job, plan);
    else
        say_not_run(job, stressor_mistakes_errors(engine));
    if (plan == NULL && is_meant_as_port(job))
        console_say(&job->console, STRESSOR_LOG_CRITICAL, "a port is written --monitor=%s",
                    job->scenario);
    stressor_plan_free(plan);
    return code;
}

/* False: a report has no place of its own, or it cannot be told, which has been said. */
static bool have_places(struct job *job, stressor_engine *engine)
{
    char *scenario = scenario_read_from(job->scenario);
    const struct report_others others = {.log = job->console.path, .scenario = scenario};
    bool have =
        scenario != NULL && report_list_check(&job->reports, job->self->name, engine, &others);
    if (scenario == NULL)
        command_wrong(job->self->name, "out of memory");
    free(scenario);
    return have;
}

int job_run(struct job *job)
{
    if (!signals_start(&job->signals)) {
        fprintf(stderr, "stressor: cannot make a thread: %s\n", strerror(errno));
        return COMMAND_ERRORS;
    }
    stressor_engine *engine = scenario_engine(&job->console, job->common);
    int code = COMMAND_ERRORS;
    if (engine != NULL)
        code = have_places(job, engine) ? load_and_run(job, engine) : COMMAND_USAGE;
    stressor_engine_free(engine);
    signals_finish(&job->signals);
    return code;
}
