#include "members.h"

#include <string.h>

#include <common/words.h>

void member_totals(struct json *j, const stressor_snapshot *s)
{
    json_put_count(j, "activities", s->activities);
    json_put_real(j, "per_second", net_per_second(s));
    json_put_int(j, "net_ns", s->net_ns);
    json_put_count(j, "activities_all", s->activities_all);
    json_put_count(j, "errors", s->errors);
    json_put_count(j, "cancelled", s->cancelled);
    json_put_count(j, "abandoned", s->abandoned);
    json_put_count(j, "passes", s->passes);
    json_put_count(j, "sessions_planned", s->sessions_planned);
    json_put_count(j, "sessions_started", s->sessions_started);
    json_put_count(j, "sessions_running", s->sessions_running);
    json_put_count(j, "sessions_done", s->sessions_done);
}

/* A second without a sample has a count and a rate, which are 0; what they are is in `actual`. */
static bool has_value(const stressor_threshold_row *t)
{
    static const char none[] = "no sample";
    return t->samples > 0 || (t->actual != NULL && strncmp(t->actual, none, strlen(none)) != 0);
}

void member_threshold_parts(struct json *j, const stressor_threshold_row *t)
{
    json_put_text(j, "text", t->text);
    json_put_text(j, "name", t->name);
    json_put_text(j, "state", word_threshold(t->state));
    json_put_text(j, "actual", t->actual);
    json_put_text(j, "unit", word_threshold_unit(t->unit));
    if (has_value(t))
        json_put_real(j, "value", t->value);
    else
        json_put_null(j, "value");
    json_put_real(j, "limit", t->limit);
    json_put_count(j, "samples", t->samples);
    json_put_int(j, "failed_ns", t->failed_ns);
    json_put_bool(j, "aborted", t->aborted != 0);
}

void member_threshold(struct json *j, const stressor_threshold_row *t)
{
    json_put_map(j, NULL);
    member_threshold_parts(j, t);
    json_put_end(j);
}

static void put_sentences(struct json *j, const char *key, const char *const *texts, uint32_t count)
{
    json_put_list(j, key);
    for (uint32_t i = 0; i < count; i++)
        json_put_text(j, NULL, texts[i]);
    json_put_end(j);
}

void member_trust(struct json *j, const stressor_trust *t)
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

void member_machine(struct json *j, const stressor_machine *m)
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

void member_worker(struct json *j, const stressor_worker_row *w)
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

void member_process(struct json *j, const stressor_process_row *p)
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
