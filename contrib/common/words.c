#include "words.h"

#include <stddef.h>
#include <stdio.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

#define WORD(names, number)                                                                        \
    ((number) < sizeof(names) / sizeof *(names) && (names)[number] != NULL ? (names)[number] : "?")

const char *word_phase(uint32_t phase)
{
    static const char *const names[] = {"main", "init", "end", "warmup"};
    return WORD(names, phase);
}

const char *word_stage(uint32_t stage)
{
    static const char *const names[] = {"starting", "running", "stopping", "done"};
    return WORD(names, stage);
}

const char *word_verdict(uint32_t verdict)
{
    static const char *const names[] = {"none",      "passed", "stopped",
                                        "threshold", "errors", "untrusted"};
    return WORD(names, verdict);
}

const char *word_category(uint32_t category)
{
    static const char *const names[] = {NULL,        "TARGET", "ASSERTION", "TIMEOUT",
                                        "GENERATOR", "SCRIPT", "CANCELLED", "INTERNAL"};
    return WORD(names, category);
}

const char *word_threshold(uint32_t state)
{
    static const char *const names[] = {"pending", "passed", "failed"};
    return WORD(names, state);
}

const char *word_threshold_unit(uint32_t unit)
{
    static const char *const names[] = {NULL, "ns", "count", "per_second", "percent"};
    return WORD(names, unit);
}

const char *word_trust(uint32_t verdict)
{
    static const char *const names[] = {"unknown", "trusted", "untrusted"};
    return WORD(names, verdict);
}

const char *word_metric(uint32_t kind)
{
    static const char *const names[] = {NULL, "counter", "gauge", "histogram"};
    return WORD(names, kind);
}

void when_utc(int64_t wall_ns, char out[WHEN_SIZE])
{
    time_t s = (time_t)(wall_ns / NS_PER_S);
    struct tm t;
    if (gmtime_r(&s, &t) == NULL) {
        snprintf(out, WHEN_SIZE, "?");
        return;
    }
    char date[24];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &t);
    snprintf(out, WHEN_SIZE, "%s.%03dZ", date, (int)(wall_ns % NS_PER_S / (NS_PER_S / 1000)));
}

int64_t phase_span_ns(const stressor_snapshot *s, uint32_t phase)
{
    if (phase == STRESSOR_PHASE_MAIN)
        return s->measured_ns;
    return phase == STRESSOR_PHASE_WARMUP ? s->elapsed_ns - s->measured_ns : s->elapsed_ns;
}

double per_second(uint64_t n, int64_t span_ns)
{
    return span_ns > 0 ? (double)n * 1e9 / (double)span_ns : 0;
}

double net_per_second(const stressor_snapshot *s)
{
    const uint32_t apart = STRESSOR_ROW_IGNORE_TIMING | STRESSOR_ROW_CALLED;
    uint64_t count = s->activities;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        bool once = row->phase == STRESSOR_PHASE_INIT || row->phase == STRESSOR_PHASE_END;
        if (once && (row->flags & apart) == 0)
            count -= row->count < count ? row->count : count;
    }
    return per_second(count, s->measured_ns);
}

bool row_is_unused_call(const stressor_row *row)
{
    return row->count == 0 && (row->flags & STRESSOR_ROW_CALLED) != 0;
}
