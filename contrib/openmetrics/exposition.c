#include "exposition.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <stressor/activity.h>

#include <common/words.h>

#include "family.h"
#include "plugin_metric.h"

#define NS 9 /* decimals of seconds */

enum value_kind { VALUE_COUNT, VALUE_SECONDS, VALUE_REAL, VALUE_FLAG };

/* A member of a struct as a family. */
struct field {
    struct family family;
    enum value_kind kind;
    size_t offset;
};

#define COUNTER(name, unit, help)                                                                  \
    {                                                                                              \
        name, FAMILY_COUNTER, unit, help                                                           \
    }
#define GAUGE(name, unit, help)                                                                    \
    {                                                                                              \
        name, FAMILY_GAUGE, unit, help                                                             \
    }
#define AT(type, member) offsetof(type, member)

static const struct field run_fields[] = {
    {GAUGE("stressor_run_started_seconds", "seconds", "When the run began, since 1970 UTC"),
     VALUE_SECONDS, AT(stressor_snapshot, started_wall_ns)},
    {GAUGE("stressor_run_elapsed_seconds", "seconds", "How long it has run"), VALUE_SECONDS,
     AT(stressor_snapshot, elapsed_ns)},
    {GAUGE("stressor_run_measured_seconds", "seconds", "The same without the warm-up"),
     VALUE_SECONDS, AT(stressor_snapshot, measured_ns)},
    {GAUGE("stressor_sessions_planned", NULL, "Sessions in all"), VALUE_COUNT,
     AT(stressor_snapshot, sessions_planned)},
    {GAUGE("stressor_sessions_running", NULL, "Sessions that run"), VALUE_COUNT,
     AT(stressor_snapshot, sessions_running)},
    {COUNTER("stressor_sessions_started", NULL, "Sessions that were started"), VALUE_COUNT,
     AT(stressor_snapshot, sessions_started)},
    {COUNTER("stressor_activities", NULL, "Activities completed, net"), VALUE_COUNT,
     AT(stressor_snapshot, activities)},
    {COUNTER("stressor_activities_all", NULL, "Activities completed, all"), VALUE_COUNT,
     AT(stressor_snapshot, activities_all)},
    {COUNTER("stressor_errors", NULL, "Failed activities and reached limits"), VALUE_COUNT,
     AT(stressor_snapshot, errors)},
    {COUNTER("stressor_cancelled", NULL, "Activities that a stop ended"), VALUE_COUNT,
     AT(stressor_snapshot, cancelled)},
    {COUNTER("stressor_passes", NULL, "Passes of sequences completed"), VALUE_COUNT,
     AT(stressor_snapshot, passes)},
};

static const struct field trust_fields[] = {
    {GAUGE("stressor_lateness_p99_seconds", "seconds",
           "How late the generator is, 99th percentile"),
     VALUE_SECONDS, AT(stressor_trust, lateness_p99_ns)},
    {GAUGE("stressor_lateness_max_seconds", "seconds", "How late the generator was at most"),
     VALUE_SECONDS, AT(stressor_trust, lateness_max_ns)},
    {COUNTER("stressor_generator_errors", NULL, "Failures of the generator itself"), VALUE_COUNT,
     AT(stressor_trust, generator_errors)},
};

static const struct field machine_fields[] = {
    {GAUGE("stressor_machine_cpus", NULL, "CPUs of the generator's machine"), VALUE_FLAG,
     AT(stressor_machine, cpus)},
    {GAUGE("stressor_machine_cpu_usage", NULL, "CPUs that are busy"), VALUE_REAL,
     AT(stressor_machine, cpu)},
    {GAUGE("stressor_machine_memory_bytes", "bytes", "Memory of the machine"), VALUE_COUNT,
     AT(stressor_machine, memory_bytes)},
    {GAUGE("stressor_machine_memory_available_bytes", "bytes", "Memory that is available"),
     VALUE_COUNT, AT(stressor_machine, memory_available_bytes)},
    {COUNTER("stressor_machine_received_bytes", "bytes", "Received by all network interfaces"),
     VALUE_COUNT, AT(stressor_machine, received_bytes)},
    {COUNTER("stressor_machine_sent_bytes", "bytes", "Sent by all network interfaces"), VALUE_COUNT,
     AT(stressor_machine, sent_bytes)},
    {GAUGE("stressor_machine_tcp_sockets", NULL, "TCP sockets in use"), VALUE_COUNT,
     AT(stressor_machine, tcp_sockets)},
    {GAUGE("stressor_machine_tcp_time_wait", NULL, "TCP sockets in TIME_WAIT"), VALUE_COUNT,
     AT(stressor_machine, tcp_time_wait)},
};

static const struct field worker_fields[] = {
    {GAUGE("stressor_worker_cpu_usage", NULL, "CPUs that the worker's thread takes"), VALUE_REAL,
     AT(stressor_worker_row, cpu)},
    {COUNTER("stressor_worker_cpu_seconds", "seconds", "CPU time of the worker's thread"),
     VALUE_SECONDS, AT(stressor_worker_row, cpu_ns)},
    {GAUGE("stressor_worker_lag_max_seconds", "seconds", "How late the worker was at most"),
     VALUE_SECONDS, AT(stressor_worker_row, loop_lag_max_ns)},
    {GAUGE("stressor_worker_sessions", NULL, "Sessions on the worker"), VALUE_COUNT,
     AT(stressor_worker_row, sessions)},
};

static const struct field process_fields[] = {
    {GAUGE("stressor_process_up", NULL, "1: the process was there at the last look"), VALUE_FLAG,
     AT(stressor_process_row, alive)},
    {GAUGE("stressor_process_cpu_usage", NULL, "CPUs that the process takes"), VALUE_REAL,
     AT(stressor_process_row, cpu)},
    {COUNTER("stressor_process_cpu_seconds", "seconds", "CPU time of the process"), VALUE_SECONDS,
     AT(stressor_process_row, cpu_ns)},
    {GAUGE("stressor_process_memory_bytes", "bytes", "Resident memory of the process"), VALUE_COUNT,
     AT(stressor_process_row, memory_bytes)},
    {GAUGE("stressor_process_threads", NULL, "Threads of the process"), VALUE_COUNT,
     AT(stressor_process_row, threads)},
    {GAUGE("stressor_process_descriptors", NULL, "File descriptors of the process"), VALUE_COUNT,
     AT(stressor_process_row, descriptors)},
    {GAUGE("stressor_process_sockets", NULL, "Sockets of the process"), VALUE_COUNT,
     AT(stressor_process_row, sockets)},
    {COUNTER("stressor_process_read_bytes", "bytes", "Read from storage"), VALUE_COUNT,
     AT(stressor_process_row, read_bytes)},
    {COUNTER("stressor_process_written_bytes", "bytes", "Written to storage"), VALUE_COUNT,
     AT(stressor_process_row, written_bytes)},
};

struct exposition {
    struct out out;
    const stressor_snapshot_api *api;
    const stressor_snapshot *s;
};

static void put_field(struct out *o, const struct field *f, const void *object,
                      const struct label *labels)
{
    const char *at = (const char *)object + f->offset;
    union {
        uint64_t count;
        int64_t ns;
        double real;
        uint32_t flag;
    } value;
    switch (f->kind) {
    case VALUE_COUNT:
        memcpy(&value.count, at, sizeof value.count);
        family_count(o, &f->family, labels, value.count);
        break;
    case VALUE_SECONDS:
        memcpy(&value.ns, at, sizeof value.ns);
        family_decimal(o, &f->family, labels, value.ns, NS);
        break;
    case VALUE_REAL:
        memcpy(&value.real, at, sizeof value.real);
        family_real(o, &f->family, labels, value.real);
        break;
    case VALUE_FLAG:
        memcpy(&value.flag, at, sizeof value.flag);
        family_count(o, &f->family, labels, value.flag);
        break;
    }
}

/* All fields of one struct, without labels. NULL: nothing. */
static void put_object(struct out *o, const struct field *fields, size_t count, const void *object)
{
    for (size_t i = 0; i < count && object != NULL; i++) {
        family_begin(o, &fields[i].family);
        put_field(o, &fields[i], object, NULL);
    }
}

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void put_run(struct exposition *e)
{
    static const struct family info = {"stressor_run", FAMILY_INFO, NULL, "What runs"};
    static const struct family stage = {"stressor_run_stage", FAMILY_GAUGE, NULL,
                                        "1 for the stage that the run is in"};
    static const struct family untrusted = {"stressor_untrusted", FAMILY_GAUGE, NULL,
                                            "1: the figures tell of the generator"};
    const stressor_snapshot *s = e->s;
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, s->seed);
    const struct label labels[] = {{"name", s->name},         {"tag", s->tag},
                                   {"base_url", s->base_url}, {"seed", seed},
                                   {"version", s->version},   {NULL, NULL}};
    family_begin(&e->out, &info);
    family_count(&e->out, &info, labels, 1);
    family_begin(&e->out, &stage);
    for (uint32_t i = STRESSOR_STAGE_STARTING; i <= STRESSOR_STAGE_DONE; i++) {
        const struct label which[] = {{"stage", word_stage(i)}, {NULL, NULL}};
        family_count(&e->out, &stage, which, s->stage == i);
    }
    put_object(&e->out, run_fields, LENGTH(run_fields), s);
    put_object(&e->out, trust_fields, LENGTH(trust_fields), s->trust);
    if (s->trust != NULL) {
        family_begin(&e->out, &untrusted);
        family_count(&e->out, &untrusted, NULL, s->trust->verdict == STRESSOR_UNTRUSTED);
    }
    put_object(&e->out, machine_fields, LENGTH(machine_fields), s->machine);
}

static uint64_t failures(const stressor_snapshot *s, uint32_t category, uint32_t phase)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < s->error_groups_count; i++)
        if (s->error_groups[i]->category == category && s->error_groups[i]->phase == phase)
            count += s->error_groups[i]->count;
    return count;
}

static void put_failures(struct exposition *e)
{
    static const struct family family = {"stressor_failures", FAMILY_COUNTER, NULL,
                                         "Failures by what they tell of"};
    family_begin(&e->out, &family);
    for (uint32_t category = STRESSOR_TARGET; category <= STRESSOR_INTERNAL; category++) {
        if (category == STRESSOR_CANCELLED)
            continue;
        for (uint32_t phase = STRESSOR_PHASE_MAIN; phase <= STRESSOR_PHASE_WARMUP; phase++) {
            const struct label labels[] = {
                {"category", word_category(category)}, {"phase", word_phase(phase)}, {NULL, NULL}};
            family_count(&e->out, &family, labels, failures(e->s, category, phase));
        }
    }
}

#define ROW_LABELS 6

static void label_row(const stressor_row *row, struct label labels[ROW_LABELS])
{
    bool ignored = (row->flags & STRESSOR_ROW_IGNORE_TIMING) != 0;
    bool called = (row->flags & STRESSOR_ROW_CALLED) != 0;
    labels[0] = (struct label){"activity", row->name};
    labels[1] = (struct label){"type", row->type};
    labels[2] = (struct label){"phase", word_phase(row->phase)};
    labels[3] = (struct label){"ignore_timing", ignored ? "true" : NULL};
    labels[4] = (struct label){"called", called ? "true" : NULL};
    labels[5] = (struct label){NULL, NULL};
}

static void put_activities(struct exposition *e)
{
    static const struct family duration = {"stressor_activity_duration_seconds", FAMILY_SUMMARY,
                                           "seconds", "Latency of activities, since the start"};
    static const struct family errors = {"stressor_activity_errors", FAMILY_COUNTER, NULL,
                                         "Failed activities"};
    struct label labels[ROW_LABELS];
    family_begin(&e->out, &duration);
    for (uint32_t i = 0; i < e->s->rows_count; i++) {
        const stressor_row *row = e->s->rows[i];
        if (row_is_unused_call(row))
            continue;
        label_row(row, labels);
        family_summary(&e->out, &duration, labels, e->api,
                       &(struct summary){row->total, row->count, row->sum_ns, NS, true});
    }
    family_begin(&e->out, &errors);
    for (uint32_t i = 0; i < e->s->rows_count; i++) {
        if (row_is_unused_call(e->s->rows[i]))
            continue;
        label_row(e->s->rows[i], labels);
        family_count(&e->out, &errors, labels, e->s->rows[i]->errors);
    }
}

static void put_sequences(struct exposition *e)
{
    static const struct family duration = {"stressor_sequence_duration_seconds", FAMILY_SUMMARY,
                                           "seconds", "Duration of passes, since the start"};
    static const struct family errors = {"stressor_sequence_errors", FAMILY_COUNTER, NULL,
                                         "Errors of activities in the sequence"};
    family_begin(&e->out, &duration);
    for (uint32_t i = 0; i < e->s->sequences_count; i++) {
        const stressor_sequence_row *row = e->s->sequences[i];
        const struct label labels[] = {
            {"sequence", row->name}, {"phase", word_phase(row->phase)}, {NULL, NULL}};
        family_summary(&e->out, &duration, labels, e->api,
                       &(struct summary){row->total, row->passes, row->sum_ns, NS, true});
    }
    family_begin(&e->out, &errors);
    for (uint32_t i = 0; i < e->s->sequences_count; i++) {
        const stressor_sequence_row *row = e->s->sequences[i];
        const struct label labels[] = {
            {"sequence", row->name}, {"phase", word_phase(row->phase)}, {NULL, NULL}};
        family_count(&e->out, &errors, labels, row->errors);
    }
}

static void put_thresholds(struct exposition *e)
{
    static const struct family failed = {"stressor_threshold_failed", FAMILY_GAUGE, NULL,
                                         "1: the threshold has failed"};
    if (e->s->thresholds_count > 0)
        family_begin(&e->out, &failed);
    for (uint32_t i = 0; i < e->s->thresholds_count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%" PRIu32, i + 1);
        const struct label labels[] = {
            {"number", number}, {"threshold", e->s->thresholds[i]->text}, {NULL, NULL}};
        family_count(&e->out, &failed, labels,
                     e->s->thresholds[i]->state == STRESSOR_THRESHOLD_FAILED);
    }
}

/* Family by family, since the samples of one stand together. */
static void put_watched(struct exposition *e)
{
    char number[16];
    for (size_t f = 0; f < LENGTH(worker_fields); f++) {
        family_begin(&e->out, &worker_fields[f].family);
        for (uint32_t i = 0; i < e->s->workers_count; i++) {
            snprintf(number, sizeof number, "%" PRIu32, e->s->workers[i]->index);
            const struct label labels[] = {{"worker", number}, {NULL, NULL}};
            put_field(&e->out, &worker_fields[f], e->s->workers[i], labels);
        }
    }
    for (size_t f = 0; f < LENGTH(process_fields); f++) {
        family_begin(&e->out, &process_fields[f].family);
        for (uint32_t i = 0; i < e->s->processes_count; i++) {
            snprintf(number, sizeof number, "%" PRIu32, i);
            const struct label labels[] = {
                {"number", number}, {"process", e->s->processes[i]->name}, {NULL, NULL}};
            put_field(&e->out, &process_fields[f], e->s->processes[i], labels);
        }
    }
}

int32_t exposition_write(const stressor_snapshot_api *api, const stressor_snapshot *s,
                         stressor_sink sink, void *data)
{
    struct exposition e = {.api = api, .s = s};
    out_begin(&e.out, sink, data);
    put_run(&e);
    put_failures(&e);
    put_activities(&e);
    put_sequences(&e);
    put_thresholds(&e);
    put_watched(&e);
    plugin_metrics_put(&e.out, api, s);
    out_text(&e.out, "# EOF\n");
    return out_finish(&e.out);
}
