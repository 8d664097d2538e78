/*
 * text.h -- the host's own JSON, dotted paths and regular expressions, for plugins that
 * want to agree with the rest of the scenario: the extensions "stressor.json/1",
 * "stressor.path/1" and "stressor.regex/1".
 */
#ifndef STRESSOR_TEXT_H
#define STRESSOR_TEXT_H

#include <stressor/activity.h>
#include <stressor/value.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STRESSOR_JSON_1  "stressor.json/1"
#define STRESSOR_PATH_1  "stressor.path/1"
#define STRESSOR_REGEX_1 "stressor.regex/1"

typedef struct stressor_json_api {
    uint32_t size;
    uint32_t reserved;
    /* Text to value; it lives as long as the execution. STRESSOR_ESYNTAX with `error` (may be
     * NULL) telling where and what, STRESSOR_ENOMEM. On the thread of the execution. */
    int32_t (*parse)(stressor_exec *exec, const char *text, uint64_t length, stressor_value *out,
                     stressor_value *error);
    /* Value to JSON text, compact, not escaping what UTF-8 can say; likewise. Secrets are written
     * as they are, and the text is a secret then. STRESSOR_EINVAL with `out` telling what: a
     * number in it is infinite or not a number, which JSON cannot say. */
    int32_t (*write)(stressor_exec *exec, const stressor_value *value, stressor_value *out);
} stressor_json_api;

typedef struct stressor_path stressor_path;

typedef struct stressor_path_api {
    uint32_t size;
    uint32_t reserved;
    /* "result.items.[0].id" or "items[0].id"; [-1] counts from the end. NULL: malformed, and
     * `error` (a static text; may be NULL) says how. [any] */
    stressor_path *(*compile)(const char *text, uint64_t length, const char **error);
    void (*free)(stressor_path *path); /* NULL is fine */
    /* 0 with `out`, which lives as long as `root`; or STRESSOR_ENOENT, with `error` (may be NULL)
     * saying which part is missing and what there was. On the thread of the execution. */
    int32_t (*get)(stressor_exec *exec, const stressor_path *path, const stressor_value *root,
                   stressor_value *out, stressor_value *error);
} stressor_path_api;

typedef struct stressor_regex stressor_regex;

enum stressor_regex_flag {
    STRESSOR_REGEX_MULTILINE = 0x1, /* ^ and $ match at line breaks */
    STRESSOR_REGEX_AT_START = 0x2   /* a match must begin where the text begins */
};

typedef struct stressor_regex_api {
    uint32_t size;
    uint32_t reserved;
    /* The dialect of Python's re. NULL: malformed; `error` (size bytes, may be NULL) says what
     * and where. [any] */
    stressor_regex *(*compile)(const char *pattern, uint64_t length, uint32_t flags, char *error,
                               uint64_t error_size);
    void (*free)(stressor_regex *regex); /* NULL is fine */
    /* 1: it matches; 0: it does not; STRESSOR_ELIMIT: it took too long to tell; STRESSOR_ENOMEM.
     * One regex may be used by several threads at once. [any] */
    int32_t (*match)(const stressor_regex *regex, const char *text, uint64_t length);
} stressor_regex_api;

#ifdef __cplusplus
}
#endif

#endif
