/*
 * sample -- snapshots made by hand, with the core's real histograms, to render documents from.
 */
#ifndef TESTS_CONTRIB_SAMPLE_H
#define TESTS_CONTRIB_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include <stressor/plugin.h>
#include <stressor/snapshot.h>

enum sample_kind {
    SAMPLE_PLAIN,   /* a run that has ended, with something of everything */
    SAMPLE_EMPTY,   /* nothing has happened yet, and nothing is known */
    SAMPLE_HOSTILE, /* as plain, with names and texts that try to break out of any format */
    SAMPLE_MANY,    /* 10,000 activities */
    SAMPLE_STRICT   /* as plain, but passed if it were to be trusted, which was asked for */
};

struct sample;

struct sample *sample_new(enum sample_kind kind); /* ends the test program when out of memory */
void sample_free(struct sample *s);
const stressor_snapshot *sample_snapshot(const struct sample *s);
/* stressor.snapshot/1 over the core's histograms; retain and release only count. */
const stressor_snapshot_api *sample_api(void);
int sample_retained(void);
/* Offers the above, and writes its log to standard error. */
const stressor_host *sample_host(void);

/* The i-th latency of the activity "login" in a plain sample, of SAMPLE_VALUES. */
#define SAMPLE_VALUES 20000
int64_t sample_value(size_t i);

#endif
