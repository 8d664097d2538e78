/*
 * compile -- what the parts of the plan compiler share. Each part takes one section of the file,
 * records mistakes, and leaves the plan safe to go on with.
 */
#ifndef CORE_PLAN_COMPILE_H
#define CORE_PLAN_COMPILE_H

#include "config/loader.h"
#include "config/node.h"
#include "config/schema.h"
#include "plan/plan.h"

enum { DESCRIBE_MAX = 96 }; /* bytes of a text for node_describe */

struct compile {
    struct stressor_plan *plan;
    struct registry *registry;
    struct diag *diag;
    struct template_scope scope;
    struct node *root;
    struct node *overrides;  /* a map of those of the command line */
    struct names *sequences; /* their numbers are those in the plan */
    uint8_t *settled;        /* by plugin: in which sections its settings are bound */
    bool plugin_missing;     /* section `plugins` has said so */
};

/* Allocates in the plan's arena, cleared; records an error at `at` when there is no memory. */
void *compile_alloc(struct compile *c, size_t size);
/* A stressor_prepare and what lies behind it, for host->problem. */
struct compile_prepare {
    stressor_prepare pub;
    struct compile *compile;
    const struct plan_place *place;
};

/* The "NAME:VALUE" texts of the command line as a map whose values have their types. */
struct node *compile_overrides(struct compile *c, const char *const *texts);
/* The plugins that the scenario names as needed. */
void compile_requires(struct compile *c);
/* config, context and -o: variables, the core's settings. */
void compile_config(struct compile *c, const char *stem);
/* users, count, ramp-up, settings of plugins. */
void compile_sessions(struct compile *c);
/* The sequences with their activities, then the list of entries. */
void compile_sequences(struct compile *c);
void compile_scenario(struct compile *c);
/* config.watch, bound and expanded; `n` is where it stands. */
void compile_watch(struct compile *c, const struct node *n, const stressor_value *v);
/* The lines of the section; after all that they may name. */
void compile_thresholds(struct compile *c);
/* Warns where the warm-up lasts as long as the run; after the sections that tell. */
void compile_warmup(struct compile *c);
/* Warns of keys of `config` that were rather meant for a setting; after all plugins were prepared.
 */
void compile_misspelt(struct compile *c);
/* The configuration for reports, when all else is done. */
void compile_facts(struct compile *c);
/* A scalar as it stands there, on one line and without secrets. NULL: out of memory, which has been
 * recorded. */
const char *compile_shown(struct compile *c, const struct node *n);
/* One activity: its type or macro, its arguments, its common clauses. False: mistakes were
 * recorded; the place has no type then. */
bool compile_place(struct compile *c, uint32_t sequence, uint32_t index, struct node *n,
                   struct plan_place *out);
/* The type that the key `activity` of a map stands for, and whose it is. Where that is a macro,
 * `*map` becomes one that holds its arguments too. NULL: a mistake was recorded. */
const stressor_activity_type *compile_type(struct compile *c, struct node **map,
                                           struct plugin **plugin);
/* The row that counts a place: places of one name and phase share it. `extra`: of enum
 * stressor_row_flag. False: out of memory. */
bool compile_row(struct compile *c, const struct plan_place *p, bool monitored, uint32_t phase,
                 uint32_t extra, uint32_t *row);
/* The rows and sequences that there are for all of the run, and those for its warm-up behind them.
 */
void compile_layout(struct compile *c);
/* Which code runs a place: that of its type, or of the script engine that its argument `language`,
 * the extension of its `path`, or config.script_language asks for (in this order). */
bool compile_code(struct compile *c, struct plan_place *p);
/* config.script_language; NULL: it is not set, or is known only when it is read. */
const char *compile_script_language(struct compile *c);
struct plan_code compile_type_code(const stressor_activity_type *type);
/* The plugins' prepare, for the places that are well. */
void compile_prepare_all(struct compile *c);

/* An error at a node: what `fmt` says was expected, ", found " and what stands there. */
void compile_expected(struct compile *c, const struct node *n, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A section that must be a map (or absent, when `required` is false); NULL otherwise. */
struct node *compile_section(struct compile *c, const char *name, bool required);
/* Binds a section's keys to the core's table and to the plugins' settings of that section; values
 * that hold macros are expanded with the initial variables. `plugin_values` receives a map. */
bool compile_bind_section(struct compile *c, const char *section, struct node *map,
                          const stressor_arg *const *args, size_t count, stressor_value *values,
                          enum schema_unknown unknown, stressor_value *plugin_values);

/* The settings of plugins that have been opened since the sections were bound, whose keys are
 * absent there: their defaults, and what they require. */
void compile_late_settings(struct compile *c);
/* The settings of all plugins that are open now are bound in this section. */
void compile_settled(struct compile *c, const char *section);

/* The text of a node, its macros expanded with the initial variables. A secret is a mistake; `what`
 * names the text in messages. */
bool compile_text_now(struct compile *c, const char *what, const struct node *n,
                      stressor_value *out);

/* The core's keys of each section; NULL past the last. */
const stressor_arg *compile_config_arg(size_t index);
const stressor_arg *compile_sessions_arg(size_t index);
const stressor_arg *compile_scenario_arg(size_t index);

/* Warns of variables in `store_json` that no macro can read. */
void compile_store_names(struct compile *c, const struct node *activity);
/* What becomes of the common arguments. */
bool compile_common(struct compile *c, const stressor_value *values, const uint8_t *states,
                    const struct place *places, struct plan_common *out);

#endif
