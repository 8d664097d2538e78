#include "state.h"

#include <inttypes.h>
#include <stdio.h>

#include <common/json.h>
#include <common/members.h>
#include <common/words.h>

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void put_run(struct json *j, const stressor_snapshot *s)
{
    char seed[24];
    char id[48];
    snprintf(seed, sizeof seed, "%" PRIu64, s->seed);
    snprintf(id, sizeof id, "%" PRId64 "-%" PRIu64, s->started_wall_ns, s->seed);
    json_put_map(j, "run");
    json_put_text(j, "id", id); /* another run has another one */
    json_put_text(j, "name", s->name);
    json_put_text(j, "tag", s->tag);
    json_put_text(j, "details", s->details);
    json_put_text(j, "base_url", s->base_url);
    json_put_text(j, "version", s->version);
    json_put_text(j, "seed", seed);
    json_put_bool(j, "dry_run", s->dry_run != 0);
    json_put_text(j, "stage", word_stage(s->stage));
    json_put_text(j, "verdict", word_verdict(s->verdict));
    json_put_text(j, "stop_reason", s->stop_reason);
    json_put_int(j, "started_wall_ns", s->started_wall_ns);
    json_put_int(j, "ended_wall_ns", s->ended_wall_ns);
    json_put_int(j, "elapsed_ns", s->elapsed_ns);
    json_put_int(j, "expected_ns", s->expected_ns);
    json_put_int(j, "warmup_ns", s->warmup_ns);
    json_put_int(j, "measured_ns", s->measured_ns);
    json_put_end(j);
}

static void put_totals(struct json *j, const stressor_snapshot_api *api, const stressor_snapshot *s)
{
    json_put_map(j, "totals");
    member_totals(j, s);
    bool any = s->net != NULL && api->count(s->net) > 0;
    json_put_int(j, "p50_ns", any ? api->percentile(s->net, 50) : 0);
    json_put_int(j, "p95_ns", any ? api->percentile(s->net, 95) : 0);
    json_put_int(j, "p99_ns", any ? api->percentile(s->net, 99) : 0);
    json_put_end(j);
}

static void put_recent(struct json *j, const stressor_recent *r)
{
    if (r == NULL || r->duration_ns <= 0) {
        json_put_null(j, "recent");
        return;
    }
    json_put_map(j, "recent");
    json_put_int(j, "duration_ns", r->duration_ns);
    json_put_real(j, "per_second", per_second(r->activities, r->duration_ns));
    json_put_real(j, "errors_per_second", per_second(r->errors, r->duration_ns));
    json_put_count(j, "activities", r->activities);
    json_put_int(j, "p50_ns", r->p50_ns);
    json_put_int(j, "p95_ns", r->p95_ns);
    json_put_int(j, "p99_ns", r->p99_ns);
    json_put_end(j);
}

static void put_thresholds(struct json *j, const stressor_snapshot *s)
{
    json_put_list(j, "thresholds");
    for (uint32_t i = 0; i < least(s->thresholds_count, STATE_THRESHOLDS_MOST); i++) {
        json_put_map(j, NULL);
        member_threshold_parts(j, s->thresholds[i]);
        json_put_bool(j, "broken", s->thresholds[i]->broken != 0);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_count(j, "thresholds_count", s->thresholds_count);
}

static void put_errors(struct json *j, const stressor_snapshot *s)
{
    json_put_list(j, "errors");
    for (uint32_t i = 0; i < least(s->error_groups_count, STATE_ERRORS_MOST); i++) {
        const stressor_error_group *g = s->error_groups[i];
        json_put_map(j, NULL);
        json_put_text(j, "category", word_category(g->category));
        json_put_text(j, "kind", g->kind);
        json_put_text(j, "activity", g->row);
        json_put_text(j, "phase", g->row != NULL ? word_phase(g->phase) : NULL);
        json_put_text(j, "example", g->example);
        json_put_count(j, "count", g->count);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_count(j, "errors_count", s->error_groups_count);
    json_put_count(j, "errors_dropped", s->error_groups_dropped);
}

static void put_usage(struct json *j, const stressor_snapshot *s)
{
    json_put_list(j, "processes");
    for (uint32_t i = 0; i < least(s->processes_count, STATE_PROCESSES_MOST); i++)
        member_process(j, s->processes[i]);
    json_put_end(j);
    member_machine(j, s->machine);
    json_put_list(j, "workers");
    for (uint32_t i = 0; i < least(s->workers_count, STATE_WORKERS_MOST); i++)
        member_worker(j, s->workers[i]);
    json_put_end(j);
}

/* A column of the time series: short, as all of it goes out each second. */
enum column {
    TO,
    SPAN,
    WARMUP,
    SESSIONS,
    ACTIVITIES,
    ERRORS,
    MEDIAN,
    P95,
    P99,
    MACHINE_CPU,
    COLUMNS
};

static void put_cell(struct json *j, const stressor_point *p, enum column c)
{
    switch (c) {
    case TO: json_put_int(j, NULL, p->to_ns); break;
    case SPAN: json_put_int(j, NULL, p->to_ns - p->from_ns); break;
    case WARMUP: json_put_int(j, NULL, p->phase == STRESSOR_PHASE_WARMUP); break;
    case SESSIONS: json_put_count(j, NULL, p->sessions); break;
    case ACTIVITIES: json_put_count(j, NULL, p->activities); break;
    case ERRORS: json_put_count(j, NULL, p->errors); break;
    /* Without activities there is no latency, and a gap in the line. */
    case MEDIAN:
        p->activities > 0 ? json_put_int(j, NULL, p->p50_ns) : json_put_null(j, NULL);
        break;
    case P95: p->activities > 0 ? json_put_int(j, NULL, p->p95_ns) : json_put_null(j, NULL); break;
    case P99: p->activities > 0 ? json_put_int(j, NULL, p->p99_ns) : json_put_null(j, NULL); break;
    default: json_put_real(j, NULL, p->machine_cpu);
    }
}

static void put_process_points(struct json *j, const stressor_snapshot *s, const char *key,
                               bool memory)
{
    json_put_list(j, key);
    for (uint32_t k = 0; k < least(s->processes_count, STATE_SERIES_MOST); k++) {
        json_put_list(j, NULL);
        for (uint32_t i = 0; i < s->points_count; i++) {
            const stressor_point *p = s->points[i];
            if (k >= p->processes_count)
                json_put_null(j, NULL);
            else if (memory)
                json_put_count(j, NULL, p->processes[k]->memory_bytes);
            else
                json_put_real(j, NULL, p->processes[k]->cpu);
        }
        json_put_end(j);
    }
    json_put_end(j);
}

static void put_points(struct json *j, const stressor_snapshot *s)
{
    static const char *const names[COLUMNS] = {"to_ns",      "span_ns",    "warmup", "sessions",
                                               "activities", "errors",     "p50_ns", "p95_ns",
                                               "p99_ns",     "machine_cpu"};
    json_put_map(j, "points");
    for (uint32_t c = 0; c < COLUMNS; c++) {
        json_put_list(j, names[c]);
        for (uint32_t i = 0; i < s->points_count; i++)
            put_cell(j, s->points[i], (enum column)c);
        json_put_end(j);
    }
    put_process_points(j, s, "cpu", false);
    put_process_points(j, s, "memory_bytes", true);
    json_put_end(j);
}

void state_write(const stressor_snapshot_api *api, const stressor_snapshot *s, struct out *out)
{
    struct json j;
    json_begin(&j, out);
    json_put_map(&j, NULL);
    put_run(&j, s);
    put_totals(&j, api, s);
    put_recent(&j, s->recent);
    put_thresholds(&j, s);
    member_trust(&j, s->trust);
    put_errors(&j, s);
    put_usage(&j, s);
    put_points(&j, s);
    json_put_count(&j, "activities_count", s->rows_count);
    json_put_count(&j, "sequences_count", s->sequences_count);
    json_put_end(&j);
}
