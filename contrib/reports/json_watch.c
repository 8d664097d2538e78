#include "json_watch.h"

#include <common/words.h>

void json_thresholds(struct json *j, const stressor_snapshot *s)
{
    json_put_list(j, "thresholds");
    for (uint32_t i = 0; i < s->thresholds_count; i++) {
        const stressor_threshold_row *t = s->thresholds[i];
        json_put_map(j, NULL);
        json_put_text(j, "text", t->text);
        json_put_text(j, "name", t->name);
        json_put_text(j, "state", word_threshold(t->state));
        json_put_text(j, "actual", t->actual);
        json_put_text(j, "unit", word_threshold_unit(t->unit));
        if (t->samples > 0)
            json_put_real(j, "value", t->value);
        else
            json_put_null(j, "value");
        json_put_real(j, "limit", t->limit);
        json_put_count(j, "samples", t->samples);
        json_put_int(j, "failed_ns", t->failed_ns);
        json_put_bool(j, "aborted", t->aborted != 0);
        json_put_end(j);
    }
    json_put_end(j);
}

static void put_sentences(struct json *j, const char *key, const char *const *texts, uint32_t count)
{
    json_put_list(j, key);
    for (uint32_t i = 0; i < count; i++)
        json_put_text(j, NULL, texts[i]);
    json_put_end(j);
}

void json_trust(struct json *j, const stressor_trust *t)
{
    if (t == NULL) {
        json_put_null(j, "trust");
        return;
    }
    json_put_map(j, "trust");
    json_put_text(j, "verdict", word_trust(t->verdict));
    json_put_int(j, "lateness_p99_ns", t->lateness_p99_ns);
    json_put_int(j, "lateness_max_ns", t->lateness_max_ns);
    json_put_int(j, "lateness_limit_ns", t->lateness_limit_ns);
    json_put_int(j, "median_ns", t->median_ns);
    json_put_count(j, "generator_errors", t->generator_errors);
    put_sentences(j, "reasons", t->reasons, t->reasons_count);
    put_sentences(j, "notes", t->notes, t->notes_count);
    json_put_end(j);
}

static void put_resources(struct json *j, const stressor_resources *r)
{
    if (r == NULL) {
        json_put_null(j, "resources");
        return;
    }
    json_put_map(j, "resources");
    json_put_count(j, "workers", r->workers);
    json_put_int(j, "cpu_user_ns", r->cpu_user_ns);
    json_put_int(j, "cpu_system_ns", r->cpu_system_ns);
    json_put_count(j, "peak_bytes", r->peak_bytes);
    json_put_count(j, "pool_threads", r->pool_threads);
    json_put_int(j, "pool_wait_max_ns", r->pool_wait_max_ns);
    json_put_int(j, "loop_lag_p99_ns", r->loop_lag_p99_ns);
    json_put_int(j, "loop_lag_max_ns", r->loop_lag_max_ns);
    json_put_end(j);
}

static void put_machine(struct json *j, const stressor_machine *m)
{
    if (m == NULL) {
        json_put_null(j, "machine");
        return;
    }
    json_put_map(j, "machine");
    json_put_count(j, "cpus", m->cpus);
    json_put_real(j, "cpu", m->cpu);
    json_put_real(j, "cpu_max", m->cpu_max);
    json_put_count(j, "memory_bytes", m->memory_bytes);
    json_put_count(j, "memory_available_bytes", m->memory_available_bytes);
    json_put_count(j, "received_bytes", m->received_bytes);
    json_put_count(j, "sent_bytes", m->sent_bytes);
    json_put_count(j, "tcp_sockets", m->tcp_sockets);
    json_put_count(j, "tcp_time_wait", m->tcp_time_wait);
    json_put_count(j, "local_ports", m->local_ports);
    json_put_end(j);
}

static void put_worker(struct json *j, const stressor_worker_row *w)
{
    json_put_map(j, NULL);
    json_put_count(j, "index", w->index);
    json_put_real(j, "cpu", w->cpu);
    json_put_real(j, "cpu_max", w->cpu_max);
    json_put_int(j, "cpu_ns", w->cpu_ns);
    json_put_int(j, "loop_lag_p99_ns", w->loop_lag_p99_ns);
    json_put_int(j, "loop_lag_max_ns", w->loop_lag_max_ns);
    json_put_count(j, "sessions", w->sessions);
    json_put_end(j);
}

static void put_process(struct json *j, const stressor_process_row *p)
{
    json_put_map(j, NULL);
    json_put_text(j, "name", p->name);
    json_put_int(j, "pid", p->pid);
    json_put_bool(j, "alive", p->alive != 0);
    json_put_text(j, "reason", p->reason);
    json_put_real(j, "cpu", p->cpu);
    json_put_real(j, "cpu_max", p->cpu_max);
    json_put_int(j, "cpu_ns", p->cpu_ns);
    json_put_count(j, "memory_bytes", p->memory_bytes);
    json_put_count(j, "memory_max_bytes", p->memory_max_bytes);
    json_put_count(j, "threads", p->threads);
    json_put_count(j, "descriptors", p->descriptors);
    if (p->descriptors_limit <= (uint64_t)INT64_MAX)
        json_put_count(j, "descriptors_limit", p->descriptors_limit);
    else
        json_put_null(j, "descriptors_limit"); /* RLIM_INFINITY */
    json_put_count(j, "sockets", p->sockets);
    json_put_count(j, "read_bytes", p->read_bytes);
    json_put_count(j, "written_bytes", p->written_bytes);
    json_put_end(j);
}

void json_usage(struct json *j, const stressor_snapshot *s)
{
    put_resources(j, s->resources);
    put_machine(j, s->machine);
    json_put_list(j, "workers");
    for (uint32_t i = 0; i < s->workers_count; i++)
        put_worker(j, s->workers[i]);
    json_put_end(j);
    json_put_list(j, "processes");
    for (uint32_t i = 0; i < s->processes_count; i++)
        put_process(j, s->processes[i]);
    json_put_end(j);
}

static void put_process_point(struct json *j, const stressor_process_point *p)
{
    json_put_map(j, NULL);
    json_put_real(j, "cpu", p->cpu);
    json_put_count(j, "memory_bytes", p->memory_bytes);
    json_put_count(j, "descriptors", p->descriptors);
    json_put_count(j, "read_bytes", p->read_bytes);
    json_put_count(j, "written_bytes", p->written_bytes);
    json_put_end(j);
}

void json_points(struct json *j, const stressor_snapshot *s)
{
    json_put_list(j, "points");
    for (uint32_t i = 0; i < s->points_count; i++) {
        const stressor_point *p = s->points[i];
        json_put_map(j, NULL);
        json_put_int(j, "from_ns", p->from_ns);
        json_put_int(j, "to_ns", p->to_ns);
        json_put_text(j, "phase", word_phase(p->phase));
        json_put_count(j, "sessions", p->sessions);
        json_put_count(j, "activities", p->activities);
        json_put_count(j, "errors", p->errors);
        json_put_int(j, "mean_ns", p->mean_ns);
        json_put_int(j, "p50_ns", p->p50_ns);
        json_put_int(j, "p90_ns", p->p90_ns);
        json_put_int(j, "p95_ns", p->p95_ns);
        json_put_int(j, "p99_ns", p->p99_ns);
        json_put_int(j, "max_ns", p->max_ns);
        json_put_real(j, "machine_cpu", p->machine_cpu);
        json_put_list(j, "processes");
        for (uint32_t k = 0; k < p->processes_count; k++)
            put_process_point(j, p->processes[k]);
        json_put_end(j);
        json_put_end(j);
    }
    json_put_end(j);
}
