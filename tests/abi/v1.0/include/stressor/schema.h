/*
 * schema.h -- how a plugin declares arguments and settings: as data.
 *
 * From these tables the host checks and coerces what a scenario says, words its
 * messages (file:line:col, what was expected, the nearest valid name), prints
 * `stressor plugin info`, and generates the reference and the JSON Schema. An
 * argument whose text holds macros is expanded before each execution and then
 * coerced by the same table.
 *
 *     static const stressor_arg duration = {
 *         .size = sizeof duration, .name = "duration", .types = STRESSOR_ARG_DURATION,
 *         .flags = STRESSOR_ARG_REQUIRED, .help = "how long to pause"};
 *
 * Tables are static data of the plugin: they outlive the process's last run.
 */
#ifndef STRESSOR_SCHEMA_H
#define STRESSOR_SCHEMA_H

#include <stressor/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a value may be; a set of bits. The comment says what reaches the plugin. */
enum stressor_arg_type {
    STRESSOR_ARG_BOOL = 0x1,
    STRESSOR_ARG_INT = 0x2,     /* text that reads as an integer is taken too */
    STRESSOR_ARG_FLOAT = 0x4,   /* STRESSOR_DOUBLE; integers and numeric text are taken too */
    STRESSOR_ARG_STRING = 0x8,  /* numbers and booleans are refused, not turned into text */
    STRESSOR_ARG_LIST = 0x10,   /* items are checked against `items` */
    STRESSOR_ARG_MAP = 0x20,    /* values are checked against `items`, keys against `keys` */
    STRESSOR_ARG_NULL = 0x40,   /* an explicit null is told from an absent argument */
    STRESSOR_ARG_REGEX = 0x100, /* a string that compiles with stressor.regex/1 */
    STRESSOR_ARG_DURATION =
        0x200,                  /* STRESSOR_INT nanoseconds; written as seconds or 1h30m, 500ms */
    STRESSOR_ARG_PATH = 0x400,  /* a string that compiles with stressor.path/1 */
    STRESSOR_ARG_XPATH = 0x800, /* a string; the plugin checks it in prepare */
    STRESSOR_ARG_ANY = 0x3f     /* any value, null included, as it was written */
};

enum stressor_arg_flag {
    STRESSOR_ARG_REQUIRED = 0x1,
    STRESSOR_ARG_STATIC = 0x2, /* must hold no macros: it is needed when loading */
    STRESSOR_ARG_RAW = 0x4,    /* macros are left as they stand, and reach the plugin so */
    /* The value and all in it is marked STRESSOR_SECRET; of a setting also the variable that it
     * becomes. */
    STRESSOR_ARG_SECRET = 0x8
};

typedef struct stressor_arg {
    uint32_t size;
    uint32_t types; /* enum stressor_arg_type */
    uint32_t items; /* types of list items and map values; 0: any */
    uint32_t keys;  /* STRESSOR_ARG_PATH or _XPATH when map keys are such; 0: any text */
    uint32_t flags; /* enum stressor_arg_flag */
    uint32_t reserved;
    const char *name;
    const char *help;     /* one sentence, no full stop */
    const char *fallback; /* the default, as YAML would write it; NULL: none */
    /* Valid texts, ended by NULL, letter case ignored; of INT and FLOAT, which take no text then,
     * valid numbers as YAML would write them. NULL: any. */
    const char *const *choices;
    double min, max;          /* inclusive, of numbers (seconds for durations); both 0: no range */
    const char *pattern;      /* regex that a text must match from its start; NULL: any */
    const char *pattern_help; /* what that is, in words: "an absolute http:// or https:// URL" */
    /* Keys of a map, ended by NULL, letter case ignored, whose values are marked STRESSOR_SECRET
     * with all in them; NULL: none. */
    const char *const *secret_keys;
} stressor_arg;

enum stressor_group_kind { STRESSOR_GROUP_AT_MOST_ONE = 1, STRESSOR_GROUP_EXACTLY_ONE = 2 };

/* Some arguments of one type that exclude each other. */
typedef struct stressor_arg_group {
    uint32_t size;
    uint32_t kind;            /* enum stressor_group_kind */
    const char *const *names; /* ended by NULL */
} stressor_arg_group;

/*
 * A key of a section of the scenario file that belongs to the plugin: `config` (where it is checked
 * and becomes a context variable as written: read it with host->variable_get_as) or `sessions`
 * (read it with host->setting).
 */
typedef struct stressor_setting {
    uint32_t size;
    uint32_t reserved;
    const char *section; /* "config" or "sessions" */
    const stressor_arg *arg;
} stressor_setting;

#ifdef __cplusplus
}
#endif

#endif
