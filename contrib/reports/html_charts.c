#include "html_charts.h"

#include <math.h>
#include <string.h>

#include "html_chart.h"

static double per_second_of(const stressor_point *p, uint64_t n)
{
    return p->to_ns > p->from_ns ? (double)n * 1e9 / (double)(p->to_ns - p->from_ns) : NAN;
}

static double throughput(const stressor_point *p, uint32_t which)
{
    (void)which;
    return per_second_of(p, p->activities);
}

static double failures(const stressor_point *p, uint32_t which)
{
    (void)which;
    return per_second_of(p, p->errors);
}

static double sessions(const stressor_point *p, uint32_t which)
{
    (void)which;
    return (double)p->sessions;
}

static double latency(const stressor_point *p, uint32_t which)
{
    const int64_t values[] = {p->p50_ns, p->p90_ns, p->p95_ns, p->p99_ns, p->max_ns};
    return p->activities > 0 ? (double)values[which] : NAN;
}

static double machine_cpu(const stressor_point *p, uint32_t which)
{
    (void)which;
    return p->machine_cpu * 100;
}

static double process_cpu(const stressor_point *p, uint32_t which)
{
    return which < p->processes_count ? p->processes[which]->cpu * 100 : NAN;
}

static double process_memory(const stressor_point *p, uint32_t which)
{
    bool told = which < p->processes_count && p->processes[which]->memory_bytes > 0;
    return told ? (double)p->processes[which]->memory_bytes : NAN;
}

/* A system that does not tell how busy it is has no CPUs, or no point above 0. */
static bool tells_cpu(const stressor_snapshot *s)
{
    for (uint32_t i = 0; s->machine != NULL && s->machine->cpus > 0 && i < s->points_count; i++)
        if (s->points[i]->machine_cpu > 0)
            return true;
    return false;
}

/* --- thresholds ---------------------------------------------------------------------------- */

/* Is it about one of the lines of the chart? */
static bool is_of_line(const stressor_threshold_row *t, const struct chart_series *times,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(times[i].name);
        const char *rest = t->text + length;
        if (strncmp(t->text, times[i].name, length) == 0 && *rest != '.' &&
            !(*rest >= '0' && *rest <= '9'))
            return true;
    }
    return false;
}

/* Those about all activities, as the chart is. Returns how many there are. */
static size_t latency_marks(const stressor_snapshot *s, const struct chart_series *times,
                            size_t count, struct chart_mark marks[CHART_MARKS])
{
    size_t found = 0;
    for (uint32_t i = 0; i < s->thresholds_count && found < CHART_MARKS; i++) {
        const stressor_threshold_row *t = s->thresholds[i];
        if (t->unit == STRESSOR_THRESHOLD_NS && t->text != NULL && t->name == NULL &&
            is_of_line(t, times, count))
            marks[found++] =
                (struct chart_mark){t->limit, t->text, t->state == STRESSOR_THRESHOLD_FAILED};
    }
    return found;
}

/* --- charts -------------------------------------------------------------------------------- */

static void put_load(struct html *h)
{
    struct chart_mark marks[CHART_MARKS];
    static const struct chart_series rate[] = {{"activities", throughput, 0}};
    static const struct chart_series errors[] = {{"errors", failures, 0}};
    static const struct chart_series running[] = {{"sessions", sessions, 0}};
    static const struct chart_series times[] = {{"p50", latency, 0},
                                                {"p90", latency, 1},
                                                {"p95", latency, 2},
                                                {"p99", latency, 3},
                                                {"max", latency, 4}};
    html_chart(h, &(struct chart){.id = "chart-throughput",
                                  .title = "Throughput",
                                  .note = "activities completed, each second",
                                  .series = rate,
                                  .count = 1});
    html_chart(h, &(struct chart){.id = "chart-latency",
                                  .title = "Latency",
                                  .note = "percentiles and maximum",
                                  .unit = FIGURE_TIME,
                                  .log = true,
                                  .series = times,
                                  .count = 5,
                                  .marks = marks,
                                  .marks_count = latency_marks(h->s, times, 5, marks)});
    html_chart(h, &(struct chart){.id = "chart-errors",
                                  .title = "Errors",
                                  .note = "each second",
                                  .whole = true,
                                  .bars = true,
                                  .series = errors,
                                  .count = 1});
    html_chart(h, &(struct chart){.id = "chart-sessions",
                                  .title = "Sessions",
                                  .note = "that ran at a time",
                                  .whole = true,
                                  .series = running,
                                  .count = 1});
}

/* Processes that were found, as many as can be told apart, the generator first. */
static void put_use(struct html *h)
{
    const stressor_snapshot *s = h->s;
    struct chart_series cpu[CHART_SERIES];
    struct chart_series memory[CHART_SERIES];
    size_t cpus = 0;
    size_t memories = 0;
    uint32_t found = 0;
    if (s->processes_count == 0 && s->machine == NULL)
        return;
    if (tells_cpu(s))
        cpu[cpus++] = (struct chart_series){"machine", machine_cpu, 0};
    for (uint32_t i = 0; i < s->processes_count; i++) {
        found += s->processes[i]->pid != 0;
        if (s->processes[i]->pid == 0 || cpus == CHART_SERIES)
            continue;
        cpu[cpus++] = (struct chart_series){s->processes[i]->name, process_cpu, i};
        memory[memories++] = (struct chart_series){s->processes[i]->name, process_memory, i};
    }
    html_chart(h, &(struct chart){.id = "chart-cpu",
                                  .title = "CPU",
                                  .note = "in use; 100 % is a whole CPU",
                                  .unit = FIGURE_PERCENT,
                                  .series = cpu,
                                  .count = cpus});
    if (memories > 0)
        html_chart(h, &(struct chart){.id = "chart-memory",
                                      .title = "Memory",
                                      .note = memories == 1 ? "of the generator, resident"
                                                            : "of processes, resident",
                                      .unit = FIGURE_BYTES,
                                      .log = true,
                                      .series = memory,
                                      .count = memories});
    html_more(h, found - memories, "watched process", "watched processes");
}

void html_charts(struct html *h)
{
    html_section(h, "charts", "Over time");
    if (h->s->points_count == 0) {
        html_put(h, "<p class=\"none\">Nothing was measured over time: the run has not lasted long "
                    "enough.</p>\n");
    } else {
        html_put(h, "<div class=\"charts\">\n");
        put_load(h);
        put_use(h);
        html_put(h, "</div>\n");
    }
    html_section_end(h);
}
