#include <stressor/plugin.h>

#include "stats/cell.h"
#include "stats/snapshot_parts.h"

/* The rows of a snapshot: of activities, of sequences, of metrics. What has not been executed since
 * the snapshot before has the same distribution as there, and none of the interval. */

/* Where a distribution of the shards stands. */
typedef const struct stressor_histogram *(*shard_histogram)(const struct shard *s, size_t index);

/* The distributions of one row. */
struct spread {
    const struct stressor_histogram *total;
    const struct stressor_histogram *interval; /* NULL: none */
};

static struct stressor_histogram *fresh(struct merge *m)
{
    return merge_hold(m, histogram_new());
}

static struct stressor_histogram *sum_of_shards(struct merge *m, shard_histogram of, size_t index)
{
    struct stressor_histogram *sum = fresh(m);
    for (size_t i = 0; i < m->shards_count; i++)
        merge_into(m, sum, of(m->shards[i], index));
    return sum;
}

/* `earlier`: how many there were before, and how they were spread (NULL: there is no before). */
static struct spread spread_of(struct merge *m, shard_histogram of, size_t index, uint64_t count,
                               uint64_t earlier, const struct stressor_histogram *before)
{
    struct spread out = {NULL, NULL};
    if (count == 0) {
        out.total = merge_share(m, m->to->names->empty);
        return out;
    }
    if (count == earlier && before != NULL) {
        out.total = merge_share(m, before);
        return out;
    }
    out.total = sum_of_shards(m, of, index);
    if (before == NULL || earlier == 0) {
        if (out.total != NULL)
            out.interval = merge_share(m, out.total);
        return out;
    }
    struct stressor_histogram *interval = fresh(m);
    if (interval != NULL && out.total != NULL && !histogram_subtract(interval, out.total, before))
        m->failed = true;
    out.interval = interval;
    return out;
}

size_t merge_histograms_most(const struct shard_layout *layout)
{
    return 2 * layout->rows_count + 2 * layout->sequences_count + layout->metrics_count + 1;
}

/* --- activities --------------------------------------------------------------------------------
 */

static const struct stressor_histogram *latencies(const struct shard *s, size_t row)
{
    return shard_row(s, row).latency;
}

static void merge_row(struct merge *m, stressor_row *row, uint32_t index)
{
    const struct row_info *info = &m->layout->rows[index];
    const stressor_row *before = m->before == NULL ? NULL : m->before->rows[index];
    *row = (stressor_row){.size = sizeof *row,
                          .flags = info->flags,
                          .phase = info->phase,
                          .index = index,
                          .name = info->name,
                          .type = info->type};
    for (size_t i = 0; i < m->shards_count; i++) {
        struct shard_row part = shard_row(m->shards[i], index);
        row->count += part.count;
        row->errors += part.errors;
        row->sum_ns = cell_sum(row->sum_ns, part.sum_ns);
    }
    row->interval_count = row->count - (before == NULL ? 0 : before->count);
    row->interval_errors = row->errors - (before == NULL ? 0 : before->errors);
    struct spread s = spread_of(m, latencies, index, row->count, row->count - row->interval_count,
                                before == NULL ? NULL : before->total);
    row->total = s.total;
    row->interval = s.interval;
    if (s.total != NULL) {
        row->min_ns = histogram_min(s.total);
        row->max_ns = histogram_max(s.total);
    }
}

static void count_row(stressor_snapshot *s, const stressor_row *row)
{
    s->activities_all += row->count;
    if (!row_is_net(row) || row->phase == STRESSOR_PHASE_WARMUP)
        return;
    s->activities += row->count;
    s->net_ns = cell_sum(s->net_ns, row->sum_ns);
}

/* The net distribution of before and what the interval adds: rows that stand still cost nothing. */
static void merge_net(struct merge *m, const stressor_row *rows, size_t count)
{
    stressor_snapshot *s = &m->to->shown;
    struct stressor_histogram *net = NULL;
    s->net = m->before == NULL ? m->to->names->empty : m->before->net;
    for (size_t i = 0; i < count && !m->failed; i++) {
        const stressor_row *row = &rows[i];
        if (!row_is_net(row) || row->phase != STRESSOR_PHASE_MAIN || row->interval == NULL)
            continue;
        if (net == NULL) {
            net = fresh(m);
            merge_into(m, net, s->net);
        }
        merge_into(m, net, row->interval);
    }
    s->net = net != NULL ? net : merge_share(m, s->net);
}

void merge_rows(struct merge *m)
{
    stressor_snapshot *s = &m->to->shown;
    size_t count = m->layout->rows_count;
    stressor_row *rows = merge_take(m, count, sizeof *rows);
    const stressor_row **table = merge_take(m, count, sizeof *table);
    for (size_t i = 0; i < count && !m->failed; i++) {
        merge_row(m, &rows[i], (uint32_t)i);
        table[i] = &rows[i];
        count_row(s, &rows[i]);
    }
    s->rows = table;
    s->rows_count = (uint32_t)count;
    if (!m->failed)
        merge_net(m, rows, count);
}

/* --- sequences ---------------------------------------------------------------------------------
 */

static const struct stressor_histogram *durations(const struct shard *s, size_t sequence)
{
    return shard_sequence(s, sequence).durations;
}

static void merge_sequence(struct merge *m, stressor_sequence_row *row, size_t index)
{
    const struct sequence_info *info = &m->layout->sequences[index];
    const stressor_sequence_row *before = m->before == NULL ? NULL : m->before->sequences[index];
    *row = (stressor_sequence_row){.size = sizeof *row, .phase = info->phase, .name = info->name};
    for (size_t i = 0; i < m->shards_count; i++) {
        struct shard_sequence part = shard_sequence(m->shards[i], index);
        row->errors += part.errors;
        row->activities += part.activities;
        row->passes += part.passes;
        row->sum_ns = cell_sum(row->sum_ns, part.sum_ns);
        row->net_ns = cell_sum(row->net_ns, part.net_ns);
    }
    row->interval_passes = row->passes - (before == NULL ? 0 : before->passes);
    row->interval_errors = row->errors - (before == NULL ? 0 : before->errors);
    struct spread s =
        spread_of(m, durations, index, row->passes, row->passes - row->interval_passes,
                  before == NULL ? NULL : before->total);
    row->total = s.total;
    row->interval = s.interval;
    if (s.total != NULL) {
        row->min_ns = histogram_min(s.total);
        row->max_ns = histogram_max(s.total);
    }
}

void merge_sequences(struct merge *m)
{
    stressor_snapshot *s = &m->to->shown;
    size_t count = m->layout->sequences_count;
    stressor_sequence_row *rows = merge_take(m, count, sizeof *rows);
    const stressor_sequence_row **table = merge_take(m, count, sizeof *table);
    for (size_t i = 0; i < count && !m->failed; i++) {
        merge_sequence(m, &rows[i], i);
        table[i] = &rows[i];
        s->passes += rows[i].passes;
    }
    s->sequences = table;
    s->sequences_count = (uint32_t)count;
}

/* --- metrics -----------------------------------------------------------------------------------
 */

static const struct stressor_histogram *values(const struct shard *s, size_t metric)
{
    return shard_metric_histogram(s, metric);
}

static void merge_metric(struct merge *m, stressor_metric_row *row, size_t index)
{
    const struct metric_info *info = &m->layout->metrics[index];
    *row = (stressor_metric_row){.size = sizeof *row,
                                 .kind = info->kind,
                                 .name = info->name,
                                 .unit = info->unit,
                                 .help = info->help};
    for (size_t i = 0; i < m->shards_count; i++)
        row->value = cell_sum(row->value, shard_metric_value(m->shards[i], index));
    if (info->kind != STRESSOR_METRIC_HISTOGRAM)
        return;
    uint64_t count = 0;
    for (size_t i = 0; i < m->shards_count; i++) {
        const struct stressor_histogram *part = values(m->shards[i], index);
        count += part == NULL ? 0 : histogram_count(part);
    }
    const stressor_metric_row *before = m->before == NULL ? NULL : m->before->metrics[index];
    if (count == 0)
        row->histogram = merge_share(m, m->to->names->empty);
    else if (before != NULL && histogram_count(before->histogram) == count)
        row->histogram = merge_share(m, before->histogram);
    else
        row->histogram = sum_of_shards(m, values, index);
}

void merge_metrics(struct merge *m)
{
    size_t count = m->layout->metrics_count;
    stressor_metric_row *rows = merge_take(m, count, sizeof *rows);
    const stressor_metric_row **table = merge_take(m, count, sizeof *table);
    for (size_t i = 0; i < count && !m->failed; i++) {
        merge_metric(m, &rows[i], i);
        table[i] = &rows[i];
    }
    m->to->shown.metrics = table;
    m->to->shown.metrics_count = (uint32_t)count;
}
