/*
 * stressor.h -- to embed the engine: load a scenario, run it, follow it, read its results.
 *
 *     stressor_engine *engine = stressor_engine_new(NULL);
 *     stressor_plan *plan = stressor_load_file(engine, "login.yaml", NULL);
 *     for (size_t i = 0; i < stressor_mistakes_count(engine); i++)
 *         puts(stressor_mistake_text(engine, i));
 *     if (plan != NULL) {
 *         stressor_run *run = stressor_run_start(plan, NULL);
 *         stressor_run_wait(run, -1);
 *         const stressor_snapshot *s = stressor_run_snapshot(run);
 *         printf("%llu errors\n", (unsigned long long)s->errors);
 *         stressor_snapshot_release(s);
 *         stressor_run_free(run);
 *     }
 *     stressor_plan_free(plan);
 *     stressor_engine_free(engine);
 *
 * One engine per process at a time; one run at a time per engine. The library installs no
 * signal handler, prints nothing but through the log, and never ends the process. Functions
 * that take an engine, plan or run are [main], the thread that made the engine, unless they
 * say otherwise. All `_free` functions accept NULL.
 */
#ifndef STRESSOR_STRESSOR_H
#define STRESSOR_STRESSOR_H

#include <stressor/plugin.h>
#include <stressor/reporter.h>
#include <stressor/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stressor_engine stressor_engine;

STRESSOR_EXPORT const char *stressor_version(void); /* "0.1.0" [any] */

/* --- engine ------------------------------------------------------------------------------ */

typedef struct stressor_engine_options {
    uint32_t size;
    int32_t log_level; /* lines above this level (enum stressor_log_level) are not made */
    /* Receives each line of log, one at a time, from any thread; `time_wall_ns` since 1970 UTC.
     * Secrets are masked. NULL: lines go to standard error. */
    void (*log)(void *data, int32_t level, int64_t time_wall_ns, const char *text, uint64_t length);
    void *log_data;
    /* Folders to look for plugins in first, ended by NULL; may be NULL. */
    const char *const *plugin_paths;
    /* Plugins without a file: their entry functions, ended by NULL; may be NULL. */
    const stressor_plugin_entry *builtin_plugins;
    /* Asked before a plugin's file is opened, by its absolute path: NULL lets it be opened, else it
     * is refused for the reason returned, which is copied. May be NULL. [main] */
    const char *(*refuse_plugin)(void *data, const char *path);
    void *refuse_plugin_data;
} stressor_engine_options;

/* Finds the plugins (each is opened when it is first needed, or when listed). NULL options:
 * the defaults, log level 3. NULL: out of memory, said in the log. */
STRESSOR_EXPORT stressor_engine *stressor_engine_new(const stressor_engine_options *options);
STRESSOR_EXPORT void stressor_engine_free(stressor_engine *engine);
STRESSOR_EXPORT void stressor_engine_log_level(stressor_engine *engine, int32_t level); /* [any] */

/* A plugin that was found: loaded, or refused with a reason. */
typedef struct stressor_plugin_entry_info {
    uint32_t size;
    uint32_t refused;              /* 0 or 1 */
    const char *path;              /* NULL for plugins without a file */
    const char *reason;            /* of the refusal; else NULL */
    const stressor_plugin *plugin; /* NULL when refused */
} stressor_plugin_entry_info;

/* All candidates that were considered, in the order of the search. Opens what was not opened
 * yet. The entries live as long as the engine. */
STRESSOR_EXPORT size_t stressor_plugins_count(stressor_engine *engine);
STRESSOR_EXPORT const stressor_plugin_entry_info *stressor_plugin_at(stressor_engine *engine,
                                                                     size_t index);
/* The folders that were searched, in order; NULL past the last. */
STRESSOR_EXPORT const char *stressor_plugin_folder(stressor_engine *engine, size_t index);
/* The manifest of a plugin, to lie beside its file (NAME.manifest beside NAME.so), so that an
 * engine opens the file only when something that it offers is used. Loads the plugin at this
 * absolute path; needs no engine. 0; STRESSOR_EINVAL: it is refused, `error` says why; else what
 * `sink` returned. [main] */
STRESSOR_EXPORT int32_t stressor_plugin_manifest(const char *path, stressor_sink sink, void *data,
                                                 char *error, size_t error_size);

/* The arguments that every activity takes, whatever its plugin; NULL past the last. [any] */
STRESSOR_EXPORT const stressor_arg *stressor_common_arg(size_t index);
/* The keys of a section of the scenario file that are not a plugin's: of "config", "sessions", or
 * an entry of "scenario"; NULL past the last and for any other name. [any] */
STRESSOR_EXPORT const stressor_arg *stressor_section_arg(const char *section, size_t index);

/* --- plan -------------------------------------------------------------------------------- */

typedef struct stressor_load_options {
    uint32_t size;
    uint32_t reserved;
    const char *const *overrides; /* "NAME:VALUE" as on the command line, ended by NULL */
} stressor_load_options;

/* Reads and compiles a scenario: a path to a file, with or without ".yaml", or to a folder that
 * holds scenario.yaml. NULL: it has mistakes; stressor_mistakes_… tell them, all of them. A
 * plan may have warnings too. */
STRESSOR_EXPORT stressor_plan *stressor_load_file(stressor_engine *engine, const char *path,
                                                  const stressor_load_options *options);
/* The same from memory. `name` stands for the file in messages; $load paths are relative to
 * `folder` (NULL: $load is refused). */
STRESSOR_EXPORT stressor_plan *stressor_load_memory(stressor_engine *engine, const char *text,
                                                    size_t length, const char *name,
                                                    const char *folder,
                                                    const stressor_load_options *options);
STRESSOR_EXPORT void stressor_plan_free(stressor_plan *plan);

/* What was wrong with the last scenario loaded, in source order; lives until the next load. */
STRESSOR_EXPORT size_t stressor_mistakes_count(stressor_engine *engine);
STRESSOR_EXPORT const char *stressor_mistake_text(stressor_engine *engine, size_t index);
STRESSOR_EXPORT int stressor_mistake_is_warning(stressor_engine *engine, size_t index);
/* How many errors there were, those included that were too many for a text of their own. */
STRESSOR_EXPORT size_t stressor_mistakes_errors(stressor_engine *engine);

/* Facts of a plan; the texts live as long as it. `verbose` is -1 where config says nothing. */
STRESSOR_EXPORT const char *stressor_plan_name(const stressor_plan *plan);
STRESSOR_EXPORT int stressor_plan_verbose(const stressor_plan *plan);
STRESSOR_EXPORT uint64_t stressor_plan_sessions(const stressor_plan *plan);
/* File descriptors that a run of it may need at most. */
STRESSOR_EXPORT uint64_t stressor_plan_descriptors(const stressor_plan *plan, int single);
/* Writes what will run, in which order and with which values, as YAML: constants as their types
 * have them, texts with macros as they are written, defaults with a comment, "***" for secrets. 0,
 * what `sink` returned if negative, or STRESSOR_ENOMEM. [any] */
STRESSOR_EXPORT int32_t stressor_plan_show(const stressor_plan *plan, stressor_sink sink,
                                           void *data);

/* --- run --------------------------------------------------------------------------------- */

/* An execution of an activity that is over, checks and stores included. All of it is borrowed until
 * the call that brings it returns. */
typedef struct stressor_execution {
    uint32_t size;
    uint32_t status;    /* STRESSOR_DONE or STRESSOR_FAILED */
    uint32_t category;  /* enum stressor_category, after all checks */
    uint32_t cancelled; /* 0 or 1: a stop ended it; its category may be another one then */
    uint32_t called;    /* 0 or 1: by another activity, which its failure goes back to */
    uint32_t phase;     /* enum stressor_phase */
    const char *type;   /* "GetRequest" */
    const char *label;  /* its name in results */
    const char *sequence;
    const char *session; /* "t01" */
    uint64_t session_number;
    int64_t started_ns; /* by the clock of stressor.loop/1 */
    int64_t latency_ns; /* without the checks */
    /* What the activity gave back, with the failure after all checks. The value of JSON text has
     * been made. */
    const stressor_result *result;
} stressor_execution;

/* A report that a run writes or shows; see reporter.h. */
typedef struct stressor_report {
    uint32_t size;
    uint32_t reserved;
    const char *kind; /* of a reporter, "json" */
    const char *path; /* NULL: the default of the kind */
} stressor_report;

typedef struct stressor_run_options {
    uint32_t size;
    uint32_t workers;                      /* 0: one for each CPU that the process may use */
    int32_t single;                        /* one session, loops run once */
    int32_t dry_run;                       /* nothing is sent, pauses do not wait */
    int64_t max_errors;                    /* -1: as the scenario says; 0: never stop */
    int64_t max_time_ns;                   /* -1: as the scenario says; 0: never stop */
    uint64_t seed;                         /* of all random numbers; 0: a new one for each run */
    const stressor_report *const *reports; /* ended by NULL; may be NULL */
    /* 0 or 1, for tests: one worker, whose clock is put forward to the next timer whenever nothing
     * else is awaited: no session can go on, no message has come, no watch is armed, no job is on
     * the pool, no cancelled execution has still to answer. What a plugin's own threads do is not
     * seen. The clock is that of the process, and stays ahead; the time-out of stressor_run_wait is
     * real. */
    int32_t virtual_time;
    uint32_t reserved;
    /* Called after every execution, if not NULL; then all facets of results are made. [worker] */
    void (*executed)(void *data, const stressor_execution *execution);
    void *executed_data;
    uint32_t strict; /* 0 or 1: the run fails when its figures are not to be trusted. Since 1.1 */
    uint32_t reserved2;
} stressor_run_options;

/* Fills in the defaults. Inline: it fills in the struct that the program was compiled with. */
static inline void stressor_run_options_init(stressor_run_options *options)
{
    options->size = sizeof *options;
    options->workers = 0;
    options->single = 0;
    options->dry_run = 0;
    options->max_errors = -1;
    options->max_time_ns = -1;
    options->seed = 0;
    options->reports = NULL;
    options->virtual_time = 0;
    options->reserved = 0;
    options->executed = NULL;
    options->executed_data = NULL;
    options->strict = 0;
    options->reserved2 = 0;
}

/* Starts a run on threads of its own. The plan must outlive it. NULL: it cannot start (a
 * plugin does not open, out of memory or threads); `error` says why, or the log where it is NULL.
 * errno is EINVAL then where a report cannot be as it is wanted, whenever that is tried: wrong
 * usage.
 */
STRESSOR_EXPORT stressor_run *stressor_run_start(stressor_plan *plan,
                                                 const stressor_run_options *options, char *error,
                                                 size_t error_size);
/* 1: the run has ended and its reports are written; 0: not within timeout_ns (negative: no
 * time-out). */
STRESSOR_EXPORT int stressor_run_wait(stressor_run *run, int64_t timeout_ns);
/* Asks it to stop, enum stressor_stop. May be said again, stronger. [any] */
STRESSOR_EXPORT void stressor_run_stop(stressor_run *run, uint32_t how);
/* Figures up to now; once the run has ended, the ones that the reports show. The caller releases
 * it. NULL: out of memory. */
STRESSOR_EXPORT const stressor_snapshot *stressor_run_snapshot(stressor_run *run);
/* The snapshot of the last full second, which the reporters have seen: cheap. The caller releases
 * it. NULL: there is none yet. [any] */
STRESSOR_EXPORT const stressor_snapshot *stressor_run_latest(stressor_run *run);
/* As stressor_control's sessions_page. [any] */
STRESSOR_EXPORT int32_t stressor_run_sessions(
    stressor_run *run, uint64_t offset, uint64_t limit, const char *filter, uint64_t *total,
    void (*each)(void *data, const stressor_session_row *row), void *data);

/* How a report of the run stands. The texts live as long as the run. */
typedef struct stressor_report_info {
    uint32_t size;
    uint32_t stays; /* 0 or 1: it shows the run until stressor_run_free */
    const char *kind;
    const char *path;  /* of its file; NULL: it has none, or none yet */
    const char *error; /* why it failed; NULL: it did not */
} stressor_report_info;

/* False: there is no i-th report. */
STRESSOR_EXPORT int stressor_run_report(stressor_run *run, size_t i, stressor_report_info *out);
/* Waits for the end, then frees it. Reporters that stay end here. */
STRESSOR_EXPORT void stressor_run_free(stressor_run *run);

/* --- snapshots --------------------------------------------------------------------------- */

/* [any] As in stressor_snapshot_api. */
STRESSOR_EXPORT const stressor_snapshot *stressor_snapshot_retain(const stressor_snapshot *s);
STRESSOR_EXPORT void stressor_snapshot_release(const stressor_snapshot *s);
STRESSOR_EXPORT int64_t stressor_percentile(const stressor_histogram *histogram, double percent);
STRESSOR_EXPORT uint64_t stressor_histogram_count(const stressor_histogram *histogram);
STRESSOR_EXPORT void stressor_histogram_buckets(const stressor_histogram *histogram,
                                                void (*each)(void *data, int64_t lowest,
                                                             int64_t highest, uint64_t count),
                                                void *data);
STRESSOR_EXPORT const char *stressor_category_name(uint32_t category); /* "TARGET" */
/* Renders the document of a kind, "json", to `sink`. STRESSOR_ENOENT: nobody renders that kind. */
STRESSOR_EXPORT int32_t stressor_render(stressor_engine *engine, const char *kind,
                                        const stressor_snapshot *s, stressor_sink sink, void *data);

/* --- values ------------------------------------------------------------------------------ */

/* [any] As the functions of these names in stressor_host. */
STRESSOR_EXPORT const stressor_value *stressor_list_at(const stressor_value *list, uint64_t index);
STRESSOR_EXPORT const stressor_value *stressor_map_at(const stressor_value *map, uint64_t index,
                                                      const char **key, uint64_t *key_length);
STRESSOR_EXPORT const stressor_value *stressor_map_get(const stressor_value *map, const char *key,
                                                       uint64_t key_length);
/* What a value holds at a dotted path, "items.[0].id"; lives as long as `root`. NULL: nothing, the
 * path is malformed, or out of memory. [any] */
STRESSOR_EXPORT const stressor_value *stressor_value_at(const stressor_value *root,
                                                        const char *path);
/* Writes the text of a value as the scenario language defines it. 0, what `sink` returned if
 * negative, or STRESSOR_ENOMEM. Secrets are shown. [any] */
STRESSOR_EXPORT int32_t stressor_value_text(const stressor_value *v, stressor_sink sink,
                                            void *data);
/* A deep copy, to be freed by stressor_value_free. NULL: out of memory. [any] */
STRESSOR_EXPORT stressor_value *stressor_value_copy(const stressor_value *v);
STRESSOR_EXPORT void stressor_value_free(stressor_value *v);

/* --- what users type --------------------------------------------------------------------- */

/* Seconds ("90", "1.5") or a duration with units ("1m30s", "500ms") to nanoseconds. 0, or
 * STRESSOR_ESYNTAX. [any] */
STRESSOR_EXPORT int32_t stressor_parse_duration(const char *text, int64_t *out_ns);
/* That of some names (ended by NULL) which is nearest to a wrong one, for "did you mean"; NULL:
 * none is near. [any] */
STRESSOR_EXPORT const char *stressor_nearest(const char *word, const char *const *names);

#ifdef __cplusplus
}
#endif

#endif
