/*
 * place -- what is known of an activity of a client before it runs: where its settings are, and
 * what it expects.
 *
 * An argument of the activity says what the answer must be (see expect.h). Where it holds no macro,
 * the expectation is made once, in prepare.
 */
#ifndef CLIENT_PLACE_H
#define CLIENT_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include <client/expect.h>
#include <stressor/plugin.h>

/* The same for all places of an activity type. */
struct place_kind {
    const stressor_setting *const *settings; /* keys of `config` */
    size_t settings_count;
    int32_t expect_arg;  /* null: anything is expected */
    bool expect_is_map;  /* of paths */
    const char *failure; /* the kind of failure when it is not met */
};

/* An activity's own struct may begin with it. */
struct place {
    const struct place_kind *kind;
    const struct expect_api *api;
    const char *expect_name; /* of the argument */
    struct expect *expect;   /* NULL: made when it runs */
    int64_t *slots;          /* of the settings */
};

/* Sets prepare->place: zeros but for its beginning, `size` bytes in all. The data of the plugin
 * begin with a struct client, which outlives the place. NULL: the problem is reported. [main],
 * during prepare */
void *place_new(stressor_prepare *prepare, const struct place_kind *kind, size_t size);
/* The type's `release`, as it is. NULL is fine. [main] */
void place_release(void *plugin, void *place);

/* A setting as it is now; null where there is none. 0, or STRESSOR_FAILED with `failure` filled in.
 * On the thread of the execution, as all that follow. */
int32_t place_setting(const struct place *p, stressor_exec *exec, size_t setting,
                      stressor_value *out, stressor_failure *failure);
/* An argument, or the setting that stands for it where it is left out; null where there is neither.
 */
int32_t place_arg(const struct place *p, stressor_exec *exec, size_t arg, size_t setting,
                  stressor_value *out, stressor_failure *failure);
/* Is the answer what is expected? STRESSOR_DONE, or STRESSOR_FAILED with `failure` filled in. */
int32_t place_judge(const struct place *p, stressor_exec *exec, const stressor_value *answer,
                    stressor_failure *failure);

#endif
