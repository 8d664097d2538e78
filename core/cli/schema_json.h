/*
 * schema_json -- the scenario language as a JSON Schema (draft 7), made from the tables of the
 * plugins that are found and from those of the core.
 *
 * It admits whatever compiles; where JSON Schema cannot say a rule, it admits more. Keys that the
 * program only warns of are not admitted: an editor is there to point at them.
 *
 * Values may come from `$load(…)`, `$env(…)` and the load-time macros of plugins anywhere, and hold
 * macros of the run where the table of the argument lets them.
 */
#ifndef CORE_CLI_SCHEMA_JSON_H
#define CORE_CLI_SCHEMA_JSON_H

#include <stdbool.h>

#include <jansson.h>
#include <stressor/stressor.h>

/* Which document. */
enum schema_part {
    SCHEMA_SCENARIO, /* scenario.yaml */
    SCHEMA_SEQUENCE, /* what `main: $load(…)` takes */
    SCHEMA_USERS,    /* what `users: $load(…)` takes */
};

/* The caller drops it. NULL: out of memory. [main] */
json_t *schema_json_new(stressor_engine *engine, enum schema_part part);

/* --- shared by its files ----------------------------------------------------------------- */

struct schema_json {
    stressor_engine *engine;
    json_t *definitions;
    bool failed; /* out of memory */
};

/* Each gives a new reference; where memory is short NULL, which the others take and remember. */
json_t *schema_json_text(struct schema_json *s, const char *text);
json_t *schema_json_ref(struct schema_json *s, const char *prefix, const char *name);
/* {KEY: VALUE}; the value is taken over. */
json_t *schema_json_pair(struct schema_json *s, const char *key, json_t *value);
/* {"type": TYPE} */
json_t *schema_json_type(struct schema_json *s, const char *type);
/* Of an object, or a list. The value is taken over. */
void schema_json_put(struct schema_json *s, json_t *object, const char *key, json_t *value);
void schema_json_add(struct schema_json *s, json_t *list, json_t *value);

/* What an argument, or a key of a section, may be. */
json_t *schema_json_arg(struct schema_json *s, const stressor_arg *arg);
/* Its name is given: it is there, and not as a null that stands for nothing. */
json_t *schema_json_given(struct schema_json *s, const stressor_arg *arg);
/* The definitions of activities and of macros, "activity" and "sequence" among them. */
void schema_json_activities(struct schema_json *s);
/* A node that a load-time macro may stand for; `body` is taken over. */
json_t *schema_json_loadable(struct schema_json *s, json_t *body);

#endif
