#include "cli/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/table.h"
#include "cli/text.h"

/* The system is looked at once a second: what was shorter has not been seen. */
#define SHORTEST_NS INT64_C(1000000000)

enum { NAME, CPU, CPU_MOST, MEMORY, DESCRIPTORS, READ, WRITTEN, RECEIVED, SENT };

static const struct table_column columns[] = {
    [NAME] = {"Resources", TABLE_NAME},
    [CPU] = {"CPU", TABLE_RIGHT},
    [CPU_MOST] = {"CPU most", TABLE_RIGHT},
    [MEMORY] = {"Memory most", TABLE_UNIT},
    [DESCRIPTORS] = {"Descriptors", TABLE_RIGHT},
    [READ] = {"Read", TABLE_UNIT},
    [WRITTEN] = {"Written", TABLE_UNIT},
    [RECEIVED] = {"Received", TABLE_UNIT},
    [SENT] = {"Sent", TABLE_UNIT},
};

static const size_t may_drop[] = {SENT, RECEIVED, WRITTEN, READ, DESCRIPTORS, CPU_MOST};

static void share_cell(struct table *t, double cpus)
{
    char text[FIGURE_SIZE];
    snprintf(text, sizeof text, "%.0f %%", cpus * 100);
    table_cell(t, text);
}

static void bytes_cell(struct table *t, uint64_t bytes)
{
    char text[FIGURE_SIZE];
    figure_bytes(bytes, text);
    table_cell(t, text);
}

static void count_cell(struct table *t, uint64_t count)
{
    char text[FIGURE_SIZE];
    figure_count(count, text);
    table_cell(t, text);
}

static bool name_cell(struct table *t, const char *name)
{
    char *clean = text_clean(name, strlen(name), " ");
    if (clean != NULL)
        table_cell(t, clean);
    free(clean);
    return clean != NULL;
}

/* Of all the run, from the points of the series; `process` negative: the machine. */
static double mean_cpu(const stressor_snapshot *s, int64_t process)
{
    double sum = 0;
    double ns = 0;
    for (uint32_t i = 0; i < s->points_count; i++) {
        const stressor_point *p = s->points[i];
        double length = (double)(p->to_ns - p->from_ns);
        if (process >= (int64_t)p->processes_count)
            continue;
        sum += length * (process < 0 ? p->machine_cpu : p->processes[process]->cpu);
        ns += length;
    }
    return ns > 0 ? sum / ns : 0;
}

static uint64_t most_descriptors(const stressor_snapshot *s, uint32_t process)
{
    uint64_t most = s->processes[process]->descriptors;
    for (uint32_t i = 0; i < s->points_count; i++) {
        const stressor_point *p = s->points[i];
        if (process < p->processes_count && p->processes[process]->descriptors > most)
            most = p->processes[process]->descriptors;
    }
    return most;
}

static bool add_process(struct table *t, const stressor_snapshot *s, uint32_t index)
{
    const stressor_process_row *row = s->processes[index];
    if (row->memory_max_bytes == 0)
        return true;
    table_row(t);
    bool ok = name_cell(t, row->name);
    share_cell(t, mean_cpu(s, index));
    share_cell(t, row->cpu_max);
    bytes_cell(t, row->memory_max_bytes);
    count_cell(t, most_descriptors(s, index));
    bytes_cell(t, row->read_bytes);
    bytes_cell(t, row->written_bytes);
    return ok;
}

/* Why there are no figures, or no more. */
static bool write_reasons(FILE *out, const stressor_snapshot *s, size_t width)
{
    for (uint32_t i = 0; i < s->processes_count; i++) {
        const stressor_process_row *row = s->processes[i];
        char *text = row->reason != NULL ? text_format("%s: %s", row->name, row->reason) : NULL;
        char *clean = text != NULL ? text_clean(text, strlen(text), " ") : NULL;
        free(text);
        if (row->reason == NULL)
            continue;
        if (clean == NULL)
            return false;
        fputs("  ", out);
        text_wrap(out, clean, 2, 4, width);
        free(clean);
    }
    return true;
}

static void add_machine(struct table *t, const stressor_snapshot *s)
{
    const stressor_machine *m = s->machine;
    char name[FIGURE_SIZE];
    if (m == NULL)
        return;
    snprintf(name, sizeof name, "machine, %u CPU%s", m->cpus, m->cpus == 1 ? "" : "s");
    table_row(t);
    table_cell(t, name);
    share_cell(t, mean_cpu(s, -1));
    share_cell(t, m->cpu_max);
    bytes_cell(t, m->memory_bytes - m->memory_available_bytes);
    for (int i = DESCRIPTORS; i <= WRITTEN; i++)
        table_cell(t, "");
    bytes_cell(t, m->received_bytes);
    bytes_cell(t, m->sent_bytes);
}

bool summary_write_resources(FILE *out, const stressor_snapshot *s,
                             const struct summary_style *style)
{
    if (s->processes_count == 0 || (s->elapsed_ns < SHORTEST_NS && s->processes_count == 1))
        return true;
    struct table *t = table_new(columns, sizeof columns / sizeof *columns);
    bool ok = t != NULL;
    for (uint32_t i = 0; ok && i < s->processes_count; i++)
        ok = add_process(t, s, i);
    add_machine(t, s);
    table_may_drop(t, may_drop, sizeof may_drop / sizeof *may_drop, 1);
    fputc('\n', out);
    ok = ok && table_write(t, out, 2, style->width) && write_reasons(out, s, style->width);
    table_free(t);
    return ok;
}
