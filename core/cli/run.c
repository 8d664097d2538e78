#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

#include "cli/job.h"

#define WORKERS_MAX 1024

enum { OVERRIDE, SINGLE, DRY_RUN, MAX_ERRORS, MAX_TIME, WORKERS, SEED, REPORT, MONITOR, STRICT };

static const struct option_spec table[] = {
    {OVERRIDE, 'o', "option", "NAME:VALUE", "set a config entry and context variable; repeatable"},
    {SINGLE, 0, "single", NULL, "one session, loops run once"},
    {DRY_RUN, 'n', "dry-run", NULL, "send nothing, and do not wait in pauses"},
    {MAX_ERRORS, 0, "max-errors", "N", "stop when the run has seen N errors; 0: never"},
    {MAX_TIME, 0, "max-time", "TIME", "stop after so many seconds, or 1m30s; 0: never"},
    {WORKERS, 0, "workers", "N", "run on N threads instead of one for each CPU"},
    {SEED, 0, "seed", "N", "repeat the random numbers of the run that had this seed"},
    {REPORT, 0, "report", "KIND[=PATH]", "write, or show, a report of this kind; repeatable"},
    {MONITOR, 0, "monitor", "[=PORT]", "show the run in a browser; as --report monitor"},
    {STRICT, 0, "strict", NULL, "exit with 5 when the results are not to be trusted"},
    {0, 0, NULL, NULL, NULL},
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
    case OVERRIDE: return scenario_overrides_add(&job->overrides, job->self->name, value);
    case MAX_TIME: return take_time(job, value);
    case REPORT: return report_list_add(&job->reports, job->self->name, value);
    case MONITOR: return report_list_add_monitor(&job->reports, job->self->name, value);
    case STRICT: job->options.strict = 1; break;
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

/* `words` are two at least, and the last is no option either. */
static int too_many(const struct job *job, char *const *words)
{
    for (int i = 0; i < 2; i++)
        if (report_list_takes_for_port(&job->reports, words[i]))
            return command_wrong(job->self->name,
                                 "one scenario at a time; a port is written --monitor=%s",
                                 words[i]);
    return command_wrong(job->self->name, "one scenario at a time; \"%s\" is too many", words[1]);
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    struct job job = {.self = self, .common = common, .scenario = "."};
    int code = COMMAND_FINE;
    stressor_run_options_init(&job.options);
    if (!scenario_overrides_init(&job.overrides, argc))
        return COMMAND_ERRORS;
    if (!report_list_init(&job.reports, (size_t)argc)) {
        fprintf(stderr, "stressor: out of memory\n");
        scenario_overrides_finish(&job.overrides);
        return COMMAND_ERRORS;
    }
    int first = command_options(self, argc, argv, take, &job, common, &code);
    if (first >= 0 && argc - first > 1) {
        code = too_many(&job, argv + first);
    } else if (first >= 0) {
        if (first < argc)
            job.scenario = argv[first];
        job.options.reports = (const stressor_report *const *)job.reports.table;
        if (scenario_console(&job.console, common, self->name, argv + first, argc - first)) {
            code = job_run(&job);
            if (!console_close(&job.console))
                code = command_worse(code, COMMAND_ERRORS);
        } else {
            code = COMMAND_USAGE;
        }
    }
    report_list_finish(&job.reports);
    scenario_overrides_finish(&job.overrides);
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
        "summary is printed, and reports are written, in any case.\n\n"
        "Reports are written when the run has ended, to results.EXTENSION where no PATH is given;\n"
        "\"-\" is standard output. Their kinds are those of the plugins: \"stressor plugin "
        "list\".\n",
    .options = table,
    .run = run,
};
