/*
 * check -- what the parts of stressor-plugin-check share.
 *
 * The program itself never loads the plugin: it looks at the ELF file (elf.c), then starts a child
 * process for each stage (stages.c). In the child the plugin is loaded, and its entry wrapped
 * (wrap.c): what the engine gets is a descriptor of ours whose functions watch what the plugin's
 * do. The plugin in turn gets a host table of ours (host.c) and executions of ours (exec.c). What
 * is found goes to memory that child and parent share (child.c), so that a crash loses nothing.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/stressor.h>

/* In the order of the output. */
enum check {
    CHECK_FILE,
    CHECK_EXPORTS,
    CHECK_SYMBOLS,
    CHECK_LOAD,
    CHECK_DESCRIPTOR,
    CHECK_LIFE,
    CHECK_RESULTS,
    CHECK_ONCE,
    CHECK_START,
    CHECK_THREAD,
    CHECK_COMPLETES,
    CHECK_CANCEL,
    CHECK_LATE,
    CHECK_MACROS,
    CHECK_REPORTS,
    CHECK_MEMORY,
    CHECK_LEAKS,
    CHECK_LEFT,
    CHECK_CRASH,
    CHECK_HANG,
    CHECKS
};

enum {
    WITH_MAX = 8,
    FINDINGS_MAX = 64,
    ABOUT_MAX = 80,
    TEXT_MAX = 1000,
    SHOWN_MAX = 400, /* of an activity, in a finding */
    KINDS_MAX = 64,
    CASE_MAX = 1200,
    NOTES_MAX = 16,
    STAGE_FOUND = 99, /* exit code of a child that cannot go on after what it has found */
};

struct finding {
    uint32_t check;
    char about[ABOUT_MAX]; /* the activity type, or "" */
    char text[TEXT_MAX];
};

/* How the executions of a kind that were pending, and that nobody stopped at once, have ended. */
struct endings {
    char name[ABOUT_MAX];
    uint64_t pending, ended; /* ended: not cancelled */
};

/* Memory that child and parent share. */
struct shared {
    _Atomic bool opened;    /* the file was loaded, in whichever stage */
    _Atomic bool described; /* its descriptor was read to the end */
    _Atomic uint32_t findings_count;
    struct finding findings[FINDINGS_MAX];
    _Atomic uint32_t notes_count;
    char notes[NOTES_MAX][TEXT_MAX];
    _Atomic uint64_t beats;      /* grows as long as something happens */
    _Atomic uint64_t executions; /* of the plugin's activities */
    _Atomic uint64_t cases;      /* scenarios that were run */
    _Atomic uint64_t denied;     /* allocations that were made to fail */
    _Atomic uint64_t cancels;
    _Atomic uint64_t kinds;            /* that there are to be checked */
    _Atomic uint64_t macros;           /* runs with macros of the plugin's */
    _Atomic bool awaits;               /* it may wait for a server, or for another activity */
    struct endings endings[KINDS_MAX]; /* up to the first without a name */
    _Atomic uint64_t reports; /* runs with a report of the plugin's, and documents rendered */
    char doing[200];          /* which function of the plugin runs */
    char current[CASE_MAX];   /* the activity as the scenario says it, and how it is run */
    char circumstance[200];   /* what every finding adds, or "" */
    char wrong[TEXT_MAX];     /* what the options name and the plugin has not, or "" */
    bool in_memory_stage;
    bool ended; /* the stage has come to its end */
};

struct options {
    const char *file;
    const char *activity;     /* NULL: all types */
    const char *const *tries; /* activities of the author's, ended by NULL */
    const char *const *with;  /* files of other plugins beside it, ended by NULL */
    uint64_t seed;
    bool quick;
};

extern struct shared *shared;
extern struct options options;

/* --- child.c --------------------------------------------------------------------------------- */

/* Before the first child. False: out of memory. */
bool shared_init(void);
/* [any] One finding for each check and activity; the first one stays. */
__attribute__((format(printf, 3, 4))) void found(enum check check, const char *about,
                                                 const char *format, ...);
__attribute__((format(printf, 1, 2))) void note(const char *format, ...);
/* An option asks for what cannot be done with this plugin: the first one is told, and no more is
 * done. */
__attribute__((format(printf, 1, 2))) void wrong_option(const char *format, ...);
bool was_found(enum check check, const char *about);
/* Was something found that never completes, or hangs? Then nothing more is run. */
bool is_stuck(void);
/* The breadcrumb. [any] */
__attribute__((format(printf, 1, 2))) void doing(const char *format, ...);
__attribute__((format(printf, 1, 2))) void running(const char *format, ...);
/* The same of a list of activities, long values cut; `words` is how it is run, or NULL. */
void running_activities(const char *activities, const char *words);
void beat(void);
/* Runs a stage in a child. False: it hung, and it makes no sense to go on. */
bool stage_run(const char *name, void (*body)(void));

/* --- elf.c ----------------------------------------------------------------------------------- */

/* False: it is no shared object that this machine could load. */
bool elf_check(const char *path);

/* --- memory.c -------------------------------------------------------------------------------- */

/* False: this build cannot stand between the plugin and the allocator. */
bool memory_available(void);
/* Where the code of the plugin lies: what is allocated from there is watched. */
void memory_watch(const void *first, const void *end);
/* The n-th request from now on fails, from 1; 0: none. */
void memory_fail(uint64_t nth);
/* Has it failed? */
bool memory_failed(void);
/* The host asks for the plugin. False: the request is to fail. `what` is said in findings. */
bool memory_grant(const char *what);
/* What is allocated from now on belongs to round n. */
void memory_round(uint32_t n);
/* The place in the plugin's code that left blocks in both rounds, the one with most; offsets from
 * `first` of memory_watch. False: none. */
bool memory_leak(uint32_t round_a, uint32_t round_b, uint64_t *offset, uint64_t *blocks,
                 uint64_t *bytes);

/* --- exec.c ---------------------------------------------------------------------------------- */

/* What offers `start`: an activity type, or a script engine. */
struct kind {
    const char *name;
    uint32_t flags; /* enum stressor_activity_flag */
    const stressor_arg *const *args;
    const stressor_arg_group *const *groups;
    uint32_t args_count, groups_count;
    const char *language; /* of engines; else NULL */
    int32_t (*prepare)(stressor_prepare *place);
    void (*release)(void *plugin, void *place);
    int32_t (*start)(stressor_exec *exec, stressor_result *result);
    void (*cancel)(stressor_exec *exec);
};

/* What the plugin gets for an execution: in a page of its own, which nobody may write to once it
 * has completed. */
bool exec_init(void);
/* As the functions of the same names in activity.h and plugin.h; `real` is the engine's. */
int32_t exec_start(const struct kind *kind, void *place, stressor_exec *real,
                   stressor_result *result);
void exec_cancel(stressor_exec *real);
void exec_complete(stressor_exec *mine, const stressor_result *result);
int32_t exec_session_open(int32_t (*open)(void *worker_data, stressor_exec *exec, void **data),
                          void *worker_data, void *place, stressor_exec *real, void **data);
/* The engine's execution behind the plugin's. NULL: it is over, or none; that is a finding. */
stressor_exec *exec_real(stressor_exec *mine, const char *function);
/* [main] The run is over: tells what has not completed. */
void exec_settle(void);
/* Has the run stopped as soon as an execution is pending, once. */
void exec_stop_when_pending(bool on);

/* --- host.c ---------------------------------------------------------------------------------- */

/* The table that the plugin gets. */
const stressor_host *host_wrap(const stressor_host *real);
const stressor_host *host_real(void);
/* Did the plugin say a problem, or write a line of log, since the last call? */
bool host_problem_said(void);
/* Timers and watches that the plugin has not freed. */
void host_settle(void);

/* --- wrap.c ---------------------------------------------------------------------------------- */

/* Loads the plugin. False: that is a finding. */
bool plugin_load(void);
const stressor_plugin *plugin_descriptor(void);
/* The entries for the engine: the wrapped plugin's, and the checker's own. */
const stressor_plugin *wrapped_entry(void);
const stressor_plugin *own_entry(void);
#define LINGER_TYPE "CheckLinger"  /* {duration}: a timer */
#define NAP_TYPE    "CheckNap"     /* {duration}: on the pool, in real time */
#define TAKE_TYPE   "CheckTake"    /* {value}: anything, for macros */
#define RENDER_KIND "check-render" /* a report that has every kind of the plugin's rendered */
/* The entries of the plugins beside it, ended by NULL. */
const stressor_plugin_entry *with_entries(void);
/* The kinds that are to be checked, once an engine was opened; NULL past the last. */
const struct kind *kind_at(size_t i);
stressor_run *current_run(void); /* between run_open and run_close; else NULL */

/* --- values.c -------------------------------------------------------------------------------- */

struct random {
    uint64_t state;
};
uint64_t random_next(struct random *r);
uint64_t random_below(struct random *r, uint64_t n);

struct text {
    char *bytes;
    size_t length, room;
};
__attribute__((format(printf, 2, 3))) void text_add(struct text *t, const char *format, ...);
void text_reset(struct text *t);

/* An activity of a kind, as YAML in one line. `wildness` 0: what is required, plain; 1: all
 * arguments, plain; 2: anything. */
void value_activity(struct text *out, const struct kind *kind, struct random *r, int wildness);
/* The same of a macro: an activity that takes what it gives, or that it stands for. */
void value_macro(struct text *out, const stressor_macro *macro, struct random *r, int wildness);
/* Settings of the plugin for the section `config`. */
void value_config(struct text *out, const stressor_plugin *plugin, struct random *r);
extern const char value_context[]; /* the section `context` that the macros refer to */

/* --- runs.c ---------------------------------------------------------------------------------- */

struct how {
    bool virtual_time, dry_run, stop_when_pending;
    uint32_t workers, sessions, repeat; /* 0: 1 */
    int64_t limit_ns;                   /* then it is stopped; 0: 1 s */
    const char *config;                 /* more of it, or NULL */
    const char *report;                 /* a kind, or NULL */
    const char *words;                  /* how it is run, for findings; or NULL */
};

/* NULL: it cannot be made, which is a finding but when memory fails. */
stressor_engine *engine_open(void);
void engine_close(stressor_engine *engine);
/* Do the activities compile, with the settings? */
bool compiles(stressor_engine *engine, const char *activities, const char *config);
/* Runs a list of activities (YAML, flow). False: it has mistakes. */
bool run_activities(stressor_engine *engine, const char *activities, const struct how *how);

/* --- stages.c -------------------------------------------------------------------------------- */

void stage_load(void);
void stage_basic(void);
void stage_cancel(void);
void stage_workers(void);
void stage_memory(void);
void stage_leaks(void);
void stage_fuzz(void);

#endif
