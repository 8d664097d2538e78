#include "json_watch.h"

#include <common/members.h>
#include <common/words.h>

void json_thresholds(struct json *j, const stressor_snapshot *s)
{
    json_put_list(j, "thresholds");
    for (uint32_t i = 0; i < s->thresholds_count; i++)
        member_threshold(j, s->thresholds[i]);
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

void json_usage(struct json *j, const stressor_snapshot *s)
{
    put_resources(j, s->resources);
    member_machine(j, s->machine);
    json_put_list(j, "workers");
    for (uint32_t i = 0; i < s->workers_count; i++)
        member_worker(j, s->workers[i]);
    json_put_end(j);
    json_put_list(j, "processes");
    for (uint32_t i = 0; i < s->processes_count; i++)
        member_process(j, s->processes[i]);
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
