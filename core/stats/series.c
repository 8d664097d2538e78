#include "stats/series.h"

#include <stdlib.h>
#include <string.h>

#include "stats/cell.h"
#include "stats/histogram.h"
#include "stats/snapshot.h"

static const int64_t SHORT_NS = 500000000; /* a shorter interval belongs to the second before */

/* What one interval, or several that follow one another, came to. */
struct span {
    int64_t from_ns, to_ns;
    uint64_t sessions, activities, errors;
    int64_t sum_ns; /* of the latencies */
    int64_t max_ns;
    double machine_cpu;
    struct stressor_histogram *net;
    stressor_process_point *processes;
    uint32_t processes_count;
};

/* Counts up to the last snapshot, of which an interval is the difference. */
struct seen {
    uint64_t activities, errors;
    int64_t sum_ns;
    uint64_t *read_bytes, *written_bytes; /* by process */
    uint32_t processes_count;
};

struct series {
    struct span points[SERIES_POINTS_MAX];
    stressor_point shown[SERIES_POINTS_MAX]; /* the figures of each; neither tables nor phases */
    size_t count;
    unsigned seconds; /* in a point that is full */
    unsigned in_last; /* intervals in the last point */
    struct span recent[SERIES_RECENT];
    size_t recent_count; /* the oldest first */
    struct seen seen;
};

struct series *series_new(void)
{
    struct series *s = calloc(1, sizeof *s);
    if (s != NULL)
        s->seconds = 1;
    return s;
}

static void span_finish(struct span *p)
{
    histogram_free(p->net);
    free(p->processes);
    *p = (struct span){0};
}

void series_free(struct series *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->count; i++)
        span_finish(&s->points[i]);
    for (size_t i = 0; i < s->recent_count; i++)
        span_finish(&s->recent[i]);
    free(s->seen.read_bytes);
    free(s->seen.written_bytes);
    free(s);
}

/* --- one interval ------------------------------------------------------------------------------
 */

static uint64_t grown(uint64_t now, uint64_t *seen)
{
    uint64_t before = *seen;
    *seen = now;
    return now > before ? now - before : 0;
}

static bool see_processes(struct seen *seen, uint32_t count)
{
    if (count <= seen->processes_count)
        return true;
    uint64_t *read = calloc(count, sizeof *read);
    uint64_t *written = calloc(count, sizeof *written);
    if (read == NULL || written == NULL) {
        free(read);
        free(written);
        return false;
    }
    for (uint32_t i = 0; i < seen->processes_count; i++) {
        read[i] = seen->read_bytes[i];
        written[i] = seen->written_bytes[i];
    }
    free(seen->read_bytes);
    free(seen->written_bytes);
    seen->read_bytes = read;
    seen->written_bytes = written;
    seen->processes_count = count;
    return true;
}

static bool take_processes(struct span *out, struct seen *seen, const stressor_snapshot *s)
{
    if (s->processes_count == 0)
        return true;
    out->processes = calloc(s->processes_count, sizeof *out->processes);
    if (out->processes == NULL || !see_processes(seen, s->processes_count))
        return false;
    out->processes_count = s->processes_count;
    for (uint32_t i = 0; i < s->processes_count; i++) {
        const stressor_process_row *row = s->processes[i];
        out->processes[i] = (stressor_process_point){
            .size = sizeof *out->processes,
            .cpu = row->cpu,
            .memory_bytes = row->memory_bytes,
            .descriptors = row->descriptors,
            .read_bytes = grown(row->read_bytes, &seen->read_bytes[i]),
            .written_bytes = grown(row->written_bytes, &seen->written_bytes[i]),
        };
    }
    return true;
}

static bool take_latencies(struct span *out, struct seen *seen, const stressor_snapshot *s)
{
    bool whole = out->net != NULL;
    uint64_t activities = 0;
    int64_t sum_ns = 0;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        if (!row_is_net(row))
            continue;
        activities += row->count;
        sum_ns = cell_sum(sum_ns, row->sum_ns);
        if (row->interval != NULL)
            whole = whole && histogram_merge(out->net, row->interval);
    }
    out->activities = grown(activities, &seen->activities);
    out->sum_ns = sum_ns > seen->sum_ns ? sum_ns - seen->sum_ns : 0;
    seen->sum_ns = sum_ns;
    return whole;
}

/* False: out of memory; the counts are seen all the same, so that they are in no later interval. */
static bool take(struct span *out, struct seen *seen, const stressor_snapshot *s)
{
    *out = (struct span){.from_ns = s->elapsed_ns - s->interval_ns,
                         .to_ns = s->elapsed_ns,
                         .sessions = s->sessions_running,
                         .errors = grown(s->errors, &seen->errors),
                         .machine_cpu = s->machine == NULL ? 0 : s->machine->cpu,
                         .net = histogram_new()};
    bool whole = take_latencies(out, seen, s);
    whole = take_processes(out, seen, s) && whole;
    if (!whole)
        span_finish(out);
    return whole;
}

/* --- several -----------------------------------------------------------------------------------
 */

static double mean(double a, int64_t a_ns, double b, int64_t b_ns)
{
    int64_t all_ns = a_ns + b_ns;
    return all_ns <= 0 ? b : (a * (double)a_ns + b * (double)b_ns) / (double)all_ns;
}

static uint64_t more(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* A distribution once made is not changed: points and the last seconds share them. NULL: out of
 * memory. */
static struct stressor_histogram *both(const struct stressor_histogram *a,
                                       const struct stressor_histogram *b)
{
    struct stressor_histogram *sum = histogram_new();
    if (sum == NULL || (histogram_merge(sum, a) && histogram_merge(sum, b)))
        return sum;
    histogram_free(sum);
    return NULL;
}

/* `to` takes in `from`, which follows it; `net` is that of both. */
static void append(struct span *to, const struct span *from, struct stressor_histogram *net)
{
    int64_t a_ns = to->to_ns - to->from_ns, b_ns = from->to_ns - from->from_ns;
    histogram_free(to->net);
    to->net = net;
    to->to_ns = from->to_ns;
    to->sessions = more(to->sessions, from->sessions);
    to->activities += from->activities;
    to->errors += from->errors;
    to->sum_ns = cell_sum(to->sum_ns, from->sum_ns);
    to->machine_cpu = mean(to->machine_cpu, a_ns, from->machine_cpu, b_ns);
    for (uint32_t i = 0; i < to->processes_count && i < from->processes_count; i++) {
        stressor_process_point *p = &to->processes[i];
        const stressor_process_point *q = &from->processes[i];
        p->cpu = mean(p->cpu, a_ns, q->cpu, b_ns);
        p->memory_bytes = more(p->memory_bytes, q->memory_bytes);
        p->descriptors = more(p->descriptors, q->descriptors);
        p->read_bytes += q->read_bytes;
        p->written_bytes += q->written_bytes;
    }
}

/* What is shown of a point, but for its phase and its processes: counted once, not each second. */
static void sum_up(struct series *s, size_t i)
{
    const struct span *p = &s->points[i];
    s->shown[i] = (stressor_point){
        .size = sizeof *s->shown,
        .from_ns = p->from_ns,
        .to_ns = p->to_ns,
        .sessions = p->sessions,
        .activities = p->activities,
        .errors = p->errors,
        .mean_ns = p->activities == 0 ? 0 : p->sum_ns / (int64_t)p->activities,
        .p50_ns = histogram_percentile(p->net, 50),
        .p90_ns = histogram_percentile(p->net, 90),
        .p95_ns = histogram_percentile(p->net, 95),
        .p99_ns = histogram_percentile(p->net, 99),
        .max_ns = histogram_max(p->net),
        .machine_cpu = p->machine_cpu,
        .processes_count = p->processes_count,
    };
}

/* Makes one point of every two. False: out of memory, and nothing has changed. */
static bool halve(struct series *s)
{
    enum { PAIRS = SERIES_POINTS_MAX / 2 };
    struct stressor_histogram *nets[PAIRS];
    for (size_t i = 0; i < PAIRS; i++) {
        nets[i] = both(s->points[2 * i].net, s->points[2 * i + 1].net);
        if (nets[i] != NULL)
            continue;
        while (i-- > 0)
            histogram_free(nets[i]);
        return false;
    }
    for (size_t i = 0; i < PAIRS; i++) {
        struct span first = s->points[2 * i];
        append(&first, &s->points[2 * i + 1], nets[i]);
        span_finish(&s->points[2 * i + 1]);
        s->points[i] = first;
        sum_up(s, i);
    }
    s->count = PAIRS;
    s->seconds *= 2;
    return true;
}

static bool add_to_points(struct series *s, struct span *now, bool to_last)
{
    if (to_last) {
        struct span *last = &s->points[s->count - 1];
        struct stressor_histogram *net = both(last->net, now->net);
        if (net == NULL)
            return false;
        append(last, now, net);
        sum_up(s, s->count - 1);
        span_finish(now);
        s->in_last++;
        return true;
    }
    if (s->count == SERIES_POINTS_MAX && !halve(s))
        return false;
    s->in_last = 1;
    s->points[s->count++] = *now;
    sum_up(s, s->count - 1);
    return true;
}

/* Room for one more of the last seconds: the oldest goes. */
static struct span *next_recent(struct series *s)
{
    if (s->recent_count == SERIES_RECENT) {
        span_finish(&s->recent[0]);
        memmove(&s->recent[0], &s->recent[1], (SERIES_RECENT - 1) * sizeof *s->recent);
        s->recent_count--;
    }
    return &s->recent[s->recent_count++];
}

bool series_add(struct series *s, const stressor_snapshot *snapshot)
{
    struct span now;
    if (!take(&now, &s->seen, snapshot))
        return false;
    struct span second = now; /* the same without processes, for the last seconds */
    second.processes = NULL;
    second.processes_count = 0;
    histogram_retain(second.net);
    struct span *last = s->recent_count == 0 ? NULL : &s->recent[s->recent_count - 1];
    bool whole = last == NULL || now.to_ns - now.from_ns >= SHORT_NS;
    struct stressor_histogram *net = whole ? NULL : both(last->net, now.net);
    if ((!whole && net == NULL) ||
        !add_to_points(s, &now, !whole || (s->count > 0 && s->in_last < s->seconds))) {
        histogram_free(net);
        span_finish(&second);
        span_finish(&now);
        return false;
    }
    if (whole) {
        *next_recent(s) = second;
    } else {
        append(last, &second, net);
        span_finish(&second);
    }
    return true;
}

/* --- showing -----------------------------------------------------------------------------------
 */

static bool show_recent(const struct series *s, stressor_snapshot *snapshot)
{
    stressor_recent *out = snapshot_alloc(snapshot, sizeof *out);
    struct stressor_histogram *net = histogram_new();
    bool whole = out != NULL && net != NULL;
    for (size_t i = 0; whole && i < s->recent_count; i++) {
        const struct span *p = &s->recent[i];
        out->duration_ns += p->to_ns - p->from_ns;
        out->activities += p->activities;
        out->errors += p->errors;
        whole = histogram_merge(net, p->net);
    }
    if (whole) {
        out->size = sizeof *out;
        out->p50_ns = histogram_percentile(net, 50);
        out->p95_ns = histogram_percentile(net, 95);
        out->p99_ns = histogram_percentile(net, 99);
        snapshot->recent = out;
    }
    histogram_free(net);
    return whole;
}

static bool show_processes(const struct span *from, stressor_point *out,
                           stressor_snapshot *snapshot)
{
    size_t count = from->processes_count;
    if (count == 0)
        return true;
    stressor_process_point *points = snapshot_alloc(snapshot, count * sizeof *points);
    const stressor_process_point **table = snapshot_alloc(snapshot, count * sizeof *table);
    if (points == NULL || table == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        points[i] = from->processes[i];
        table[i] = &points[i];
    }
    out->processes = table;
    return true;
}

bool series_show(const struct series *s, stressor_snapshot *snapshot)
{
    stressor_point *points = snapshot_alloc(snapshot, s->count * sizeof *points);
    const stressor_point **table = snapshot_alloc(snapshot, s->count * sizeof *table);
    if (points == NULL || table == NULL || !show_recent(s, snapshot))
        return false;
    for (size_t i = 0; i < s->count; i++) {
        points[i] = s->shown[i];
        points[i].phase =
            points[i].from_ns < snapshot->warmup_ns ? STRESSOR_PHASE_WARMUP : STRESSOR_PHASE_MAIN;
        table[i] = &points[i];
        if (!show_processes(&s->points[i], &points[i], snapshot))
            return false;
    }
    snapshot->points = table;
    snapshot->points_count = (uint32_t)s->count;
    return true;
}
