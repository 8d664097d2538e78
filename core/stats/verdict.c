#include <string.h>

#include "stats/snapshot.h"

/* What became of a run, in the order of the exit codes 3, 4, 1, 5. */

static bool reason_is(const stressor_snapshot *s, const char *reason)
{
    return s->stop_reason != NULL && strcmp(s->stop_reason, reason) == 0;
}

static bool threshold_failed(const stressor_snapshot *s)
{
    for (uint32_t i = 0; i < s->thresholds_count; i++)
        if (s->thresholds[i]->state == STRESSOR_THRESHOLD_FAILED)
            return true;
    return reason_is(s, "threshold");
}

void snapshot_judge(stressor_snapshot *s, bool thresholds_on_errors, bool strict)
{
    s->verdict = STRESSOR_VERDICT_PASSED;
    if (s->stage != STRESSOR_STAGE_DONE)
        s->verdict = STRESSOR_VERDICT_NONE;
    else if (reason_is(s, "stopped"))
        s->verdict = STRESSOR_VERDICT_STOPPED;
    else if (threshold_failed(s))
        s->verdict = STRESSOR_VERDICT_THRESHOLD;
    else if (s->errors > 0 && !thresholds_on_errors)
        s->verdict = STRESSOR_VERDICT_ERRORS;
    else if (strict && s->trust != NULL && s->trust->verdict == STRESSOR_UNTRUSTED)
        s->verdict = STRESSOR_VERDICT_UNTRUSTED;
}
