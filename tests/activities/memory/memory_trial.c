#include "memory_trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nomem.h"
#include "recorder.h"

enum { NEVER = -1 };

/* What came of one attempt. */
struct outcome {
    bool failed; /* an allocation */
    bool told;
    uint64_t executed; /* activities */
};

static void look(stressor_run *run, struct outcome *out)
{
    const stressor_snapshot *s = stressor_run_snapshot(run);
    assert_non_null(s);
    assert_int_equal(s->sessions_started, s->sessions_done);
    out->told |= s->errors > 0;
    for (uint32_t i = 0; i < s->rows_count; i++)
        out->executed += s->rows[i]->count;
    for (uint32_t i = 0; !out->failed && i < s->error_groups_count; i++)
        print_error("%s: %s\n", s->error_groups[i]->kind, s->error_groups[i]->example);
    stressor_snapshot_release(s);
}

static struct outcome attempt(const stressor_plugin_entry *plugins, const char *yaml, long n)
{
    struct trial t;
    struct outcome out = {.told = false};
    char error[200] = "";
    stressor_load_options load = {.size = sizeof load};
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 1;
    trial_load_with(&t, plugins, "", NULL); /* an engine whose plugins have not begun */
    nomem_anywhere(n, false);
    t.plan = stressor_load_memory(t.engine, yaml, strlen(yaml), "test.yaml", NULL, &load);
    if (t.plan != NULL)
        t.run = stressor_run_start(t.plan, &o, error, sizeof error);
    bool ended = t.run == NULL || stressor_run_wait(t.run, INT64_C(60000000000)) == 1;
    out.failed = nomem_end();
    if (!ended)
        fail_msg("allocation %ld: the run does not end; %s", n, t.log);
    if (t.plan == NULL)
        out.told = stressor_mistakes_count(t.engine) > 0;
    else if (t.run == NULL)
        out.told = *error != '\0';
    else
        look(t.run, &out);
    out.told |= strstr(t.log, "memory") != NULL;
    trial_free(&t);
    return out;
}

void memory_trial(const stressor_plugin_entry *plugins, const char *yaml)
{
    struct outcome good = attempt(plugins, yaml, NEVER), now = {.failed = true};
    assert_true(good.executed > 0 && !good.told);
    long n = 0;
    for (; now.failed; n++) {
        now = attempt(plugins, yaml, n);
        if (!now.told && now.executed != good.executed)
            fail_msg("allocation %ld: nobody was told", n);
    }
    assert_true(n > 100);
    assert_false(now.told);
}
