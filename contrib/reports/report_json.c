/*
 * report_json -- everything that a snapshot holds, as "stressor.results#1"; docs/results.md and
 * docs/results.schema.json describe it. A member is never removed or given another meaning without
 * a new number; new ones may come.
 */
#include <inttypes.h>
#include <stdio.h>

#include <common/json.h>
#include <common/members.h>
#include <common/words.h>

#include "json_latency.h"
#include "json_watch.h"
#include "reports.h"

#define SCHEMA "stressor.results#1"

/* What the parts of the document are made from. */
struct document {
    struct json json;
    const struct reports *reports;
    const stressor_snapshot *s;
};

static void put_when(struct json *j, const char *key, int64_t wall_ns)
{
    char text[WHEN_SIZE];
    if (wall_ns != 0)
        when_utc(wall_ns, text);
    json_put_text(j, key, wall_ns != 0 ? text : NULL);
}

static void put_run(struct document *d)
{
    struct json *j = &d->json;
    const stressor_snapshot *s = d->s;
    json_put_map(j, "run");
    json_put_text(j, "name", s->name);
    json_put_text(j, "tag", s->tag);
    json_put_text(j, "details", s->details);
    json_put_text(j, "base_url", s->base_url);
    json_put_text(j, "stage", word_stage(s->stage));
    json_put_text(j, "verdict", word_verdict(s->verdict));
    json_put_text(j, "stop_reason", s->stop_reason);
    json_put_bool(j, "dry_run", s->dry_run != 0);
    /* As text: it has more digits than the numbers of many readers. */
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, s->seed);
    json_put_text(j, "seed", seed);
    put_when(j, "started", s->started_wall_ns);
    json_put_int(j, "started_wall_ns", s->started_wall_ns);
    put_when(j, "ended", s->ended_wall_ns);
    json_put_int(j, "ended_wall_ns", s->ended_wall_ns);
    json_put_int(j, "elapsed_ns", s->elapsed_ns);
    json_put_int(j, "warmup_ns", s->warmup_ns);
    json_put_int(j, "measured_ns", s->measured_ns);
    json_put_int(j, "starting_ns", s->starting_ns);
    json_put_end(j);
}

/* Over the rows whose latencies the snapshot's `net` holds. */
static struct latency net_latency(const struct document *d)
{
    struct latency net = {.histogram = d->s->net};
    for (uint32_t i = 0; i < d->s->rows_count; i++) {
        const stressor_row *row = d->s->rows[i];
        const uint32_t out = STRESSOR_ROW_IGNORE_TIMING | STRESSOR_ROW_CALLED;
        if (row->phase != STRESSOR_PHASE_MAIN || (row->flags & out) != 0 || row->count == 0)
            continue;
        net.min_ns = net.count == 0 || row->min_ns < net.min_ns ? row->min_ns : net.min_ns;
        net.max_ns = row->max_ns > net.max_ns ? row->max_ns : net.max_ns;
        net.sum_ns += row->sum_ns;
        net.count += row->count;
    }
    return net;
}

static void put_totals(struct document *d)
{
    struct json *j = &d->json;
    const stressor_snapshot *s = d->s;
    json_put_map(j, "totals");
    member_totals(j, s);
    const struct latency net = net_latency(d);
    json_latency(j, "latency", d->reports, &net);
    json_put_end(j);
}

static void put_facts(struct document *d)
{
    struct json *j = &d->json;
    json_put_list(j, "facts");
    for (uint32_t i = 0; i < d->s->facts_count; i++) {
        const stressor_fact *f = d->s->facts[i];
        json_put_map(j, NULL);
        json_put_text(j, "section", f->section);
        json_put_text(j, "name", f->name);
        json_put_text(j, "text", f->text);
        json_put_end(j);
    }
    json_put_end(j);
}

static void put_activity(struct document *d, const stressor_row *row)
{
    struct json *j = &d->json;
    json_put_map(j, NULL);
    json_put_text(j, "name", row->name);
    json_put_text(j, "type", row->type);
    json_put_text(j, "phase", word_phase(row->phase));
    json_put_bool(j, "monitored", (row->flags & STRESSOR_ROW_MONITORED) != 0);
    json_put_bool(j, "ignore_timing", (row->flags & STRESSOR_ROW_IGNORE_TIMING) != 0);
    json_put_bool(j, "called", (row->flags & STRESSOR_ROW_CALLED) != 0);
    json_put_count(j, "count", row->count);
    json_put_count(j, "errors", row->errors);
    json_put_real(j, "per_second", per_second(row->count, phase_span_ns(d->s, row->phase)));
    json_latency(j, "latency", d->reports,
                 &(struct latency){row->count, row->sum_ns, row->min_ns, row->max_ns, row->total});
    json_put_end(j);
}

static void put_sequence(struct document *d, const stressor_sequence_row *row)
{
    struct json *j = &d->json;
    json_put_map(j, NULL);
    json_put_text(j, "name", row->name);
    json_put_text(j, "phase", word_phase(row->phase));
    json_put_count(j, "passes", row->passes);
    json_put_count(j, "errors", row->errors);
    json_put_count(j, "activities", row->activities);
    json_put_real(j, "per_second", per_second(row->passes, phase_span_ns(d->s, row->phase)));
    json_put_int(j, "net_ns", row->net_ns);
    json_latency(j, "duration", d->reports,
                 &(struct latency){row->passes, row->sum_ns, row->min_ns, row->max_ns, row->total});
    json_put_end(j);
}

static void put_rows(struct document *d)
{
    json_put_list(&d->json, "activities");
    for (uint32_t i = 0; i < d->s->rows_count; i++)
        if (!row_is_unused_call(d->s->rows[i]))
            put_activity(d, d->s->rows[i]);
    json_put_end(&d->json);
    json_put_list(&d->json, "sequences");
    for (uint32_t i = 0; i < d->s->sequences_count; i++)
        put_sequence(d, d->s->sequences[i]);
    json_put_end(&d->json);
}

static void put_errors(struct document *d)
{
    struct json *j = &d->json;
    json_put_list(j, "error_groups");
    for (uint32_t i = 0; i < d->s->error_groups_count; i++) {
        const stressor_error_group *g = d->s->error_groups[i];
        json_put_map(j, NULL);
        json_put_text(j, "category", word_category(g->category));
        json_put_text(j, "kind", g->kind);
        json_put_text(j, "activity", g->row);
        json_put_text(j, "phase", g->row != NULL ? word_phase(g->phase) : NULL);
        json_put_count(j, "count", g->count);
        json_put_text(j, "example", g->example);
        json_put_end(j);
    }
    json_put_end(j);
    json_put_count(j, "error_groups_dropped", d->s->error_groups_dropped);
}

static void put_metrics(struct document *d)
{
    struct json *j = &d->json;
    json_put_list(j, "metrics");
    for (uint32_t i = 0; i < d->s->metrics_count; i++) {
        const stressor_metric_row *m = d->s->metrics[i];
        json_put_map(j, NULL);
        json_put_text(j, "name", m->name);
        json_put_text(j, "kind", word_metric(m->kind));
        json_put_text(j, "unit", m->unit);
        json_put_text(j, "help", m->help);
        if (m->kind == STRESSOR_METRIC_HISTOGRAM) {
            json_put_count(j, "count",
                           m->histogram != NULL ? d->reports->api->count(m->histogram) : 0);
            json_distribution(j, "percentiles", d->reports, m->histogram);
        } else {
            json_put_int(j, "value", m->value);
        }
        json_put_end(j);
    }
    json_put_end(j);
}

static int32_t render(void *plugin, const stressor_snapshot *s, stressor_sink sink, void *data)
{
    struct out out;
    struct document d = {.reports = plugin, .s = s};
    struct json *j = &d.json;
    out_begin(&out, sink, data);
    json_begin(j, &out);
    json_put_map(j, NULL);
    json_put_text(j, "schema", SCHEMA);
    json_put_text(j, "stressor", s->version);
    put_run(&d);
    put_facts(&d);
    put_totals(&d);
    put_rows(&d);
    put_errors(&d);
    put_metrics(&d);
    json_thresholds(j, s);
    member_trust(j, s->trust);
    json_usage(j, s);
    json_points(j, s);
    json_put_end(j);
    return out_finish(&out);
}

const stressor_reporter_type report_json = {
    .size = sizeof report_json,
    .kind = "json",
    .help = "All results, for programs and for \"stressor compare\"",
    .path_help = "FILE",
    .extension = "json",
    .render = render,
};
