/*
 * expect -- what a scenario says that a value must be, by the rules of assert_json: a text is a
 * regular expression that must match where the value's text begins; anything else must be equal,
 * where 1 equals 1.0.
 */
#ifndef CLIENT_EXPECT_H
#define CLIENT_EXPECT_H

#include <stdbool.h>

#include <stressor/plugin.h>
#include <stressor/text.h>

struct expect_api {
    const stressor_host *host;
    const stressor_path_api *path;
    const stressor_regex_api *regex;
};

struct expect;

/* False: the host lacks something. [main] */
bool expect_api_init(struct expect_api *api, const stressor_host *host);

/* Of one value, or, `is_map`, of the parts of one: a map of paths. NULL: `why` says what is wrong;
 * `expected` is borrowed. [any] */
struct expect *expect_new(const struct expect_api *api, const stressor_value *expected, bool is_map,
                          char *why, size_t why_size);
void expect_free(struct expect *e); /* NULL is fine */
/* STRESSOR_DONE, or STRESSOR_FAILED with `failure` filled in, of the kind given. On the thread of
 * the execution. */
int32_t expect_judge(const struct expect *e, stressor_exec *exec, const stressor_value *value,
                     const char *kind, stressor_failure *failure);

#endif
