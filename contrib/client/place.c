#include "place.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include "client.h"
#include "outcome.h"

static int32_t find_slots(struct place *p, stressor_prepare *prepare)
{
    p->slots = calloc(p->kind->settings_count, sizeof *p->slots);
    if (p->slots == NULL)
        return stressor_problem(prepare, -1, "out of memory");
    for (size_t i = 0; i < p->kind->settings_count; i++) {
        const char *name = p->kind->settings[i]->arg->name;
        p->slots[i] = prepare->host->variable_slot(prepare->plan, name, strlen(name));
        if (p->slots[i] < 0)
            return stressor_problem(prepare, -1, "out of memory");
    }
    return 0;
}

static int32_t make_expect(struct place *p, stressor_prepare *prepare)
{
    int32_t arg = p->kind->expect_arg;
    char why[256];
    if (prepare->states[arg] != STRESSOR_ARG_CONSTANT || prepare->args[arg].type == STRESSOR_NULL)
        return 0;
    p->expect = expect_new(p->api, &prepare->args[arg], p->kind->expect_is_map, why, sizeof why);
    return p->expect != NULL ? 0 : stressor_problem(prepare, arg, "%s", why);
}

void *place_new(stressor_prepare *prepare, const struct place_kind *kind, size_t size)
{
    const struct client *client = prepare->plugin;
    struct place *p = calloc(1, size);
    if (p == NULL) {
        stressor_problem(prepare, -1, "out of memory");
        return NULL;
    }
    p->kind = kind;
    p->api = &client->expect;
    p->expect_name = prepare->type->args[kind->expect_arg]->name;
    if (find_slots(p, prepare) != 0 || make_expect(p, prepare) != 0) {
        place_release(prepare->plugin, p);
        return NULL;
    }
    prepare->place = p;
    return p;
}

void place_release(void *plugin, void *place)
{
    struct place *p = place;
    (void)plugin;
    if (p == NULL)
        return;
    expect_free(p->expect);
    free(p->slots);
    free(p);
}

int32_t place_setting(const struct place *p, stressor_exec *exec, size_t setting,
                      stressor_value *out, stressor_failure *failure)
{
    int32_t status = exec->host->variable_get_as(exec, p->slots[setting],
                                                 p->kind->settings[setting]->arg, out, failure);
    if (status == STRESSOR_ENOENT) {
        *out = stressor_null();
        return 0;
    }
    if (status == STRESSOR_EINVAL)
        return STRESSOR_FAILED;
    return status == 0 ? 0 : outcome_no_memory(exec, failure);
}

int32_t place_arg(const struct place *p, stressor_exec *exec, size_t arg, size_t setting,
                  stressor_value *out, stressor_failure *failure)
{
    *out = exec->args[arg];
    return out->type != STRESSOR_NULL ? 0 : place_setting(p, exec, setting, out, failure);
}

int32_t place_judge(const struct place *p, stressor_exec *exec, const stressor_value *answer,
                    stressor_failure *failure)
{
    const stressor_value *expected = &exec->args[p->kind->expect_arg];
    if (expected->type == STRESSOR_NULL)
        return STRESSOR_DONE;
    if (p->expect != NULL)
        return expect_judge(p->expect, exec, answer, p->kind->failure, failure);
    char why[256] = "";
    struct expect *e = expect_new(p->api, expected, p->kind->expect_is_map, why, sizeof why);
    if (e == NULL)
        return stressor_fail(exec, failure, STRESSOR_SCRIPT, "argument", "argument '%s': %s",
                             p->expect_name, why);
    int32_t status = expect_judge(e, exec, answer, p->kind->failure, failure);
    expect_free(e);
    return status;
}
