#include "html_tables.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <common/words.h>

enum {
    GROUPS_MOST = 100,
    GROUPS_BYTES = 80000,
    METRICS_MOST = 100,
    METRICS_BYTES = 40000,
    WORKERS_MOST = 64,
    WORKERS_BYTES = 30000,
    PROCESSES_MOST = 32,
    PROCESSES_BYTES = 30000,
    FACTS_MOST = 300,
    FACTS_BYTES = 70000
};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* --- errors -------------------------------------------------------------------------------- */

static void put_group(struct html *h, const stressor_error_group *g)
{
    html_row_begin(h, NULL);
    html_text(h, word_category(g->category), HTML_NAME_MOST);
    html_put(h, " <code>");
    html_text(h, g->kind, HTML_NAME_MOST);
    html_put(h, "</code>");
    html_row_head_end(h);
    html_cell_bad(h, g->count);
    html_put(h, "<td>");
    if (g->row != NULL)
        html_name(h, g->row);
    else
        html_put(h, "–");
    if (g->row != NULL && g->phase != STRESSOR_PHASE_MAIN) {
        html_put(h, " <small class=\"tag\">");
        html_put(h, html_phase(g->phase));
        html_put(h, "</small>");
    }
    html_put(h, "</td>");
    html_put(h, "<td class=\"example\">");
    html_text(h, g->example, HTML_TEXT_MOST);
    html_put(h, "</td>");
    html_row_end(h);
}

void html_errors(struct html *h)
{
    static const struct html_column columns[] = {
        {"Error", false}, {"Count", true}, {"Activity", false}, {"The first one", false}};
    const stressor_snapshot *s = h->s;
    uint32_t shown = 0;
    if (s->errors == 0 && s->error_groups_count == 0)
        return;
    html_section(h, "errors", "Errors");
    if (s->error_groups_count > 0) {
        html_table(h, "errors-table", "By category, kind and activity, most frequent first",
                   columns, COUNT(columns));
        struct html_room room = html_room(h, GROUPS_MOST, GROUPS_BYTES);
        for (; shown < s->error_groups_count && html_take(h, &room); shown++)
            put_group(h, s->error_groups[shown]);
        html_table_end(h);
        html_more(h, s->error_groups_count - shown, "group of errors", "groups of errors");
    }
    if (s->error_groups_dropped > 0) {
        html_put(h, "<p class=\"more\">");
        html_count(h, s->error_groups_dropped);
        html_put(h, " errors are counted in no group: there were too many groups.</p>\n");
    }
    html_section_end(h);
}

/* --- metrics ------------------------------------------------------------------------------- */

/* A value in the metric's unit. */
static void put_value(struct html *h, const char *unit, int64_t value)
{
    if (unit != NULL && strcmp(unit, "ns") == 0 && value >= 0) {
        html_time(h, value);
    } else if (unit != NULL && strcmp(unit, "By") == 0 && value >= 0) {
        html_bytes(h, (uint64_t)value);
    } else if (value >= 0) {
        html_count(h, (uint64_t)value);
    } else {
        html_put(h, "−");
        html_count(h, 0 - (uint64_t)value);
    }
}

static void put_metric(struct html *h, const stressor_metric_row *m)
{
    html_row(h, m->name);
    html_put(h, "<td class=\"n\">");
    if (m->kind != STRESSOR_METRIC_HISTOGRAM) {
        put_value(h, m->unit, m->value);
    } else if (m->histogram == NULL || h->api->count(m->histogram) == 0) {
        html_put(h, "–");
    } else {
        html_put(h, "p50 ");
        put_value(h, m->unit, h->api->percentile(m->histogram, 50));
        html_put(h, ", p99 ");
        put_value(h, m->unit, h->api->percentile(m->histogram, 99));
        html_put(h, ", max ");
        put_value(h, m->unit, h->api->percentile(m->histogram, 100));
    }
    html_put(h, "</td>");
    bool plain = m->unit == NULL || strcmp(m->unit, "1") == 0 || strcmp(m->unit, "ns") == 0 ||
                 strcmp(m->unit, "By") == 0;
    html_cell_text(h, plain ? "" : m->unit, 40);
    html_cell_text(h, m->help, HTML_TEXT_MOST);
    html_row_end(h);
}

void html_metrics(struct html *h)
{
    static const struct html_column columns[] = {
        {"Metric", false}, {"Value", true}, {"Unit", false}, {"What it is", false}};
    const stressor_snapshot *s = h->s;
    uint32_t shown = 0;
    if (s->metrics_count == 0)
        return;
    html_section(h, "metrics", "Metrics");
    html_table(h, "metrics-table", "Counted by plugins", columns, COUNT(columns));
    struct html_room room = html_room(h, METRICS_MOST, METRICS_BYTES);
    for (; shown < s->metrics_count && html_take(h, &room); shown++)
        put_metric(h, s->metrics[shown]);
    html_table_end(h);
    html_more(h, s->metrics_count - shown, "metric", "metrics");
    html_section_end(h);
}

/* --- use ----------------------------------------------------------------------------------- */

static void put_time(struct html *h, const char *name, int64_t ns)
{
    html_fact_begin(h, name);
    html_time(h, ns);
    html_fact_end(h);
}

static void put_count(struct html *h, const char *name, uint64_t n)
{
    html_fact_begin(h, name);
    html_count(h, n);
    html_fact_end(h);
}

static void put_bytes(struct html *h, const char *name, uint64_t bytes)
{
    html_fact_begin(h, name);
    html_bytes(h, bytes);
    html_fact_end(h);
}

static void put_generator(struct html *h, const stressor_resources *r)
{
    if (r == NULL)
        return;
    html_put(h, "<h3>Load generator</h3>\n<dl class=\"facts\">\n");
    put_count(h, "Workers", r->workers);
    put_time(h, "CPU time, user", r->cpu_user_ns);
    put_time(h, "CPU time, system", r->cpu_system_ns);
    put_bytes(h, "Memory at most", r->peak_bytes);
    put_time(h, "Lateness, p99", r->loop_lag_p99_ns);
    put_time(h, "Lateness, max", r->loop_lag_max_ns);
    if (r->pool_threads > 0) {
        put_count(h, "Threads for blocking activities", r->pool_threads);
        put_time(h, "Longest wait for a thread", r->pool_wait_max_ns);
    }
    html_put(h, "</dl>\n");
}

static void put_machine(struct html *h, const stressor_machine *m)
{
    if (m == NULL)
        return;
    html_put(h, "<h3>Machine of the load generator</h3>\n<dl class=\"facts\">\n");
    put_count(h, "CPUs", m->cpus);
    html_fact_begin(h, "CPU in use at most, 100 % each");
    html_cpus(h, m->cpu_max);
    html_fact_end(h);
    put_bytes(h, "Memory", m->memory_bytes);
    put_bytes(h, "Memory available at the end", m->memory_available_bytes);
    put_bytes(h, "Received, all interfaces", m->received_bytes);
    put_bytes(h, "Sent, all interfaces", m->sent_bytes);
    put_count(h, "TCP sockets at the end", m->tcp_sockets);
    put_count(h, "In TIME_WAIT at the end", m->tcp_time_wait);
    put_count(h, "Local ports", m->local_ports);
    html_put(h, "</dl>\n");
}

static void put_process(struct html *h, const stressor_process_row *p)
{
    html_row_begin(h, NULL);
    html_name(h, p->name);
    if (p->reason != NULL) {
        html_put(h, " <small class=\"tag\">");
        html_text(h, p->reason, HTML_NAME_MOST);
        html_put(h, "</small>");
    }
    html_row_head_end(h);
    if (p->pid == 0) {
        for (int i = 0; i < 9; i++)
            html_cell_none(h);
    } else {
        html_put(h, "<td class=\"n\">");
        out_int(&h->out, p->pid);
        html_put(h, "</td>");
        html_cell_time(h, p->cpu_ns);
        html_cell_cpus(h, p->cpu_max);
        html_cell_bytes(h, p->memory_max_bytes);
        html_cell_count(h, p->threads);
        html_cell_count(h, p->descriptors);
        html_cell_count(h, p->sockets);
        html_cell_bytes(h, p->read_bytes);
        html_cell_bytes(h, p->written_bytes);
    }
    html_row_end(h);
}

static void put_processes(struct html *h)
{
    static const struct html_column columns[] = {
        {"Process", false},       {"Id", true},      {"CPU time", true},    {"CPU at most", true},
        {"Memory at most", true}, {"Threads", true}, {"Descriptors", true}, {"Sockets", true},
        {"Read", true},           {"Written", true}};
    const stressor_snapshot *s = h->s;
    uint32_t shown = 0;
    if (s->processes_count == 0)
        return;
    html_table(h, "processes-table",
               "Processes; 100 % is a whole CPU, counts are those of the last look", columns,
               COUNT(columns));
    struct html_room room = html_room(h, PROCESSES_MOST, PROCESSES_BYTES);
    for (; shown < s->processes_count && html_take(h, &room); shown++)
        put_process(h, s->processes[shown]);
    html_table_end(h);
    html_more(h, s->processes_count - shown, "process", "processes");
}

static void put_workers(struct html *h)
{
    static const struct html_column columns[] = {{"Worker", false},
                                                 {"CPU time", true},
                                                 {"CPU at most", true},
                                                 {"Lateness, p99", true},
                                                 {"Lateness, max", true}};
    const stressor_snapshot *s = h->s;
    uint32_t shown = 0;
    if (s->workers_count == 0)
        return;
    html_table(h, "workers-table", "Workers: threads that step the sessions", columns,
               COUNT(columns));
    struct html_room room = html_room(h, WORKERS_MOST, WORKERS_BYTES);
    for (; shown < s->workers_count && html_take(h, &room); shown++) {
        const stressor_worker_row *w = s->workers[shown];
        html_row_begin(h, NULL);
        html_count(h, w->index);
        html_row_head_end(h);
        html_cell_time(h, w->cpu_ns);
        html_cell_cpus(h, w->cpu_max);
        html_cell_time(h, w->loop_lag_p99_ns);
        html_cell_time(h, w->loop_lag_max_ns);
        html_row_end(h);
    }
    html_table_end(h);
    html_more(h, s->workers_count - shown, "worker", "workers");
}

void html_use(struct html *h)
{
    html_section(h, "resources", "Resources");
    if (h->s->resources == NULL && h->s->machine == NULL && h->s->processes_count == 0)
        html_put(h, "<p class=\"none\">Nothing is known.</p>\n");
    put_generator(h, h->s->resources);
    put_machine(h, h->s->machine);
    put_processes(h);
    put_workers(h);
    html_section_end(h);
}

/* --- configuration ------------------------------------------------------------------------- */

void html_configuration(struct html *h)
{
    static const struct html_column columns[] = {
        {"Name", false}, {"Section", false}, {"Value", false}};
    const stressor_snapshot *s = h->s;
    uint32_t shown = 0;
    if (s->facts_count == 0)
        return;
    html_section(h, "configuration", "Configuration");
    html_table(h, "configuration-table", "As the run had it; secrets are ***", columns,
               COUNT(columns));
    struct html_room room = html_room(h, FACTS_MOST, FACTS_BYTES);
    for (; shown < s->facts_count && html_take(h, &room); shown++) {
        const stressor_fact *f = s->facts[shown];
        html_row(h, f->name);
        html_cell_text(h, f->section, HTML_NAME_MOST);
        html_put(h, "<td class=\"value\">");
        html_text(h, f->text, HTML_TEXT_MOST);
        html_put(h, "</td>");
        html_row_end(h);
    }
    html_table_end(h);
    html_more(h, s->facts_count - shown, "entry", "entries");
    html_section_end(h);
}
