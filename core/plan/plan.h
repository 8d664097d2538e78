/*
 * plan -- a compiled scenario: immutable, shared by all workers without locks.
 *
 * Everything in it lives in its arena, or is borrowed from the plugins' static tables. What a
 * macro of the file may change at run time is a template; all else is a constant.
 */
#ifndef CORE_PLAN_PLAN_H
#define CORE_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/plugin.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/names.h"
#include "base/path.h"
#include "base/regex.h"
#include "base/value.h"
#include "config/node.h"
#include "config/template.h"
#include "plugin/registry.h"
#include "stats/shard.h"
#include "stats/threshold.h"

enum {
    PLAN_SESSIONS_MAX = 10000000,
    PLAN_RAMP_MAX = 2, /* members of ramp_up_delay as a list */
};

/* store_json: one variable and the way to its value. */
#define PLAN_SLOT_BY_NAME UINT32_MAX
struct plan_store {
    uint32_t slot; /* PLAN_SLOT_BY_NAME: the plan does not know the name */
    const char *name;
    const struct stressor_path *path; /* NULL: `path_text` is a template */
    stressor_value path_text;
};

/* The arguments that every activity takes. */
struct plan_common {
    const struct stressor_regex *match; /* NULL: none, or a template */
    stressor_value match_text;          /* null: no assert_match */
    stressor_value max_time;            /* null: none; else ns, or a template */
    struct plan_store *stores;
    size_t stores_count;
    stressor_value mock;
    bool has_mock;
};

/* What runs it. */
struct plan_code {
    uint32_t flags; /* enum stressor_activity_flag */
    int32_t (*prepare)(stressor_prepare *place);
    void (*release)(void *plugin, void *place);
    int32_t (*start)(stressor_exec *exec, stressor_result *result);
    void (*cancel)(stressor_exec *exec);
};

/* One activity where it stands: the unit that sessions execute. */
struct plan_place {
    const stressor_activity_type *type;
    struct plan_code code; /* the type's, or a script engine's */
    struct plugin *plugin; /* whose code it is */
    void *data;            /* what the plugin's prepare left */
    bool prepared;
    bool ignore_timing;
    bool has_templates; /* among args */
    uint32_t wants;
    uint32_t exec_flags; /* STRESSOR_EXEC_DEBUG */
    uint32_t row;
    uint32_t warmup_row; /* for what starts in the warm-up; `row` where that counts as all else */
    uint32_t init_row;   /* of dynamic instances: for what is called in init, and in end */
    uint32_t end_row;
    uint32_t sequence;
    const stressor_value *args;
    const uint8_t *states;
    const struct place *arg_places;
    uint32_t args_count;
    struct plan_common common;
    bool has_checks; /* common has anything to evaluate after a success */
    struct place at;
    const char *label; /* sequence/index/type, or its name where it has one */
    const char *name;  /* of the activity, or its label */
};

struct plan_sequence {
    const char *name;
    uint32_t phase; /* enum stressor_phase, by its name */
    uint32_t row;   /* in the layout */
    uint32_t warmup_row;
    struct plan_place *places;
    uint32_t count;
    bool used;
};

/* One line of the section `scenario`. */
struct plan_entry {
    uint32_t sequence;
    uint32_t phase;
    uint64_t repeat;     /* 0: unset */
    int64_t duration_ns; /* 0: unset */
};

/* A line of the configuration, for reports. */
struct plan_fact {
    const char *section; /* "config", "context", "sessions", "scenario", "thresholds" */
    const char *name;
    const char *text;
};

struct plan_limits {
    uint64_t max_errors; /* 0: never */
    int64_t max_time_ns; /* 0: never */
};

/* Slots that the core itself writes. */
enum plan_slot {
    PLAN_SLOT_SESSION_ID,
    PLAN_SLOT_USER,
    PLAN_SLOT_DRY_RUN,
    PLAN_SLOT_VERBOSE,
    PLAN_SLOTS
};

/* Their names, in that order: the first that are interned. */
extern const char *const plan_slot_names[PLAN_SLOTS];

struct stressor_plan {
    struct arena arena;
    struct registry *registry;
    const stressor_host *host;
    struct stressor_engine *engine; /* whose it is; borrowed */
    bool left_behind;               /* a thread that never returned may look at it: not freed */
    struct stressor_plan *next;     /* among those left behind */
    const char *name;
    const char *tag;      /* NULL: none */
    const char *details;  /* NULL: none */
    const char *base_url; /* without a password; macros as they stand there; NULL: none */
    int verbose;          /* -1: not said */
    bool force_single;
    bool dry_run;
    struct plan_limits limits;

    struct names *variables;
    stressor_value *initial; /* by slot: what a session starts with */
    bool *is_set;            /* by slot */
    bool sealed;             /* compiled: no slots are added any more */
    size_t slots_set;        /* how many the file's variables took */
    uint32_t slots_count;
    bool keeps_user; /* the file sets `user`, or `session_id`, itself */
    bool keeps_session_id;
    int32_t last_result_slot; /* negative: nobody asks for it */

    stressor_value *users; /* maps with name, password, auth, … */
    size_t users_count;    /* at least 1 */
    uint64_t sessions_count;
    int64_t session_duration_ns;
    int64_t ramp_min_ns, ramp_max_ns;
    stressor_value session_settings; /* map: those of plugins, coerced */

    struct plan_sequence *sequences;
    size_t sequences_count;
    struct plan_entry *entries;
    size_t entries_count;

    /* One instance of each type, for activities that call activities; empty unless one asked. */
    struct plan_place *dynamic;
    size_t dynamic_count;
    bool will_call;
    const char *script_language; /* as set in config, for scripts that are called; or NULL */

    int64_t warmup_ns;        /* config.warmup; 0: none */
    const char *const *watch; /* config.watch */
    size_t watch_count;
    struct threshold *thresholds; /* the section of that name */
    size_t thresholds_count;
    struct plan_fact *facts; /* the configuration, for reports; secrets are masked */
    size_t facts_count;

    struct shard_layout layout; /* rows and sequences; metrics are added by the run */
    struct row_info *rows;
    size_t rows_count, rows_room;
    struct names *row_keys;

    int folder; /* descriptor of the scenario's folder; -1: none */
    uint32_t descriptors_per_session;

    /* What it was compiled from, for telling what was said from what is a default. */
    const struct node *root;
    const struct node *overrides;   /* a map of those of the command line */
    stressor_value config_settings; /* map: those of plugins, coerced; templates as they are */
};

/*
 * Compiles the tree of a scenario. `overrides` are "NAME:VALUE" texts ended by NULL (may be
 * NULL). Mistakes go to `d`; NULL when there were errors. The arena (with the tree in it) and
 * `folder` become the plan's in any case. `stem` is the default of config.name. [main]
 */
struct plan_source {
    struct arena arena;
    struct node *root;
    struct names *variables; /* the scope's; the plan's afterwards */
    const char *stem;
    int folder;
};
struct stressor_plan *plan_compile(struct plan_source *source, struct registry *registry,
                                   const stressor_host *host, const char *const *overrides,
                                   struct diag *d);
/* Calls the plugins' release. NULL is fine. [main] */
void plan_free(struct stressor_plan *plan);

/* The macros of a registry, for compiling templates. */
struct template_scope plan_scope(struct registry *registry, struct names *variables,
                                 struct diag *d);

/* The arguments that every activity takes. */
enum common_arg {
    COMMON_NAME,
    COMMON_ASSERT_MATCH,
    COMMON_ASSERT_MAX_TIME,
    COMMON_STORE_JSON,
    COMMON_MOCK_RESULT,
    COMMON_MONITOR,
    COMMON_IGNORE_TIMING,
    COMMON_DEBUG,
    COMMON_ARGS
};
extern const stressor_arg *const common_args[COMMON_ARGS];

/* The core's keys of the section "config", "sessions", or of an entry of "scenario"; NULL past the
 * last and for any other name. */
const stressor_arg *plan_section_arg(const char *section, size_t index);

/* What stands behind host->problem and host->variable_slot. */
int32_t plan_problem(stressor_prepare *place, int32_t arg, const char *text, uint64_t length);
int64_t plan_variable_slot(struct stressor_plan *plan, const char *name, uint64_t length);
/* host->will_call of stressor.activity/1. */
int32_t plan_will_call(stressor_prepare *place);
/* The dynamic instance of a type; NULL: there is none. */
struct plan_place *plan_dynamic(const struct stressor_plan *plan, const char *type);
/* A language of scripts that the plugin of a dynamic instance runs itself: this one, if it does,
 * else its first. NULL: its type is not one of scripts. */
const char *plan_own_language(const struct plan_place *place, const char *language, size_t length);

#endif
