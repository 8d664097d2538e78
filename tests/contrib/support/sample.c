#include "sample.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/histogram.h"

#define ROWS_MOST 10000
#define NS_PER_S  INT64_C(1000000000)

struct sample {
    stressor_snapshot snapshot;
    stressor_row *rows;
    const stressor_row **row_list;
    struct stressor_histogram *histograms[4];
    stressor_resources resources;
    stressor_machine machine;
    stressor_trust trust;
    char (*names)[24];
};

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof *(list)))

static const char hostile[] =
    "<img src=x onerror=alert(1)>\"'&]]>\n\\\t\r\x01\x1b[31m\xff\xc3(\xe2\x80\xae "
    "größe 漢 \U0001F600";

static const stressor_fact facts_plain[] = {
    {.size = sizeof facts_plain[0], .section = "config", .name = "max_time", .text = "1m"},
    {.size = sizeof facts_plain[0], .section = "context", .name = "password", .text = "***"}};
static const stressor_fact *const facts[] = {&facts_plain[0], &facts_plain[1]};

static const stressor_error_group groups_plain[] = {
    {sizeof groups_plain[0], STRESSOR_TIMEOUT, "response", "login",
     "t01, main/2/http: no answer within 5 s", 9, .phase = STRESSOR_PHASE_MAIN},
    {sizeof groups_plain[0], STRESSOR_TIMEOUT, "response", "login",
     "t02, main/2/http: not while warming up", 3, .phase = STRESSOR_PHASE_WARMUP},
    {sizeof groups_plain[0], STRESSOR_SCRIPT, "max_errors", NULL, "the limit was reached", 1,
     .phase = STRESSOR_PHASE_MAIN}};
static const stressor_error_group *const groups[] = {&groups_plain[0], &groups_plain[1],
                                                     &groups_plain[2]};
static const stressor_error_group groups_hostile[] = {{sizeof groups_plain[0], STRESSOR_TARGET,
                                                       hostile, hostile, hostile, 2,
                                                       .phase = STRESSOR_PHASE_WARMUP}};
static const stressor_error_group *const groups_h[] = {&groups_hostile[0]};

static const stressor_threshold_row thresholds_plain[] = {{.size = sizeof thresholds_plain[0],
                                                           .state = STRESSOR_THRESHOLD_PASSED,
                                                           .unit = STRESSOR_THRESHOLD_NS,
                                                           .text = "p95 of login < 1s",
                                                           .name = "login",
                                                           .actual = "312 ms",
                                                           .value = 312e6,
                                                           .limit = 1e9,
                                                           .samples = SAMPLE_VALUES},
                                                          {.size = sizeof thresholds_plain[0],
                                                           .state = STRESSOR_THRESHOLD_FAILED,
                                                           .unit = STRESSOR_THRESHOLD_PERCENT,
                                                           .aborted = 1,
                                                           .text = "errors < 0.01% for 5s, abort",
                                                           .actual = "0.06 %",
                                                           .value = 0.06,
                                                           .limit = 0.01,
                                                           .samples = SAMPLE_VALUES,
                                                           .failed_ns = 7500000000},
                                                          {.size = sizeof thresholds_plain[0],
                                                           .state = STRESSOR_THRESHOLD_FAILED,
                                                           .unit = STRESSOR_THRESHOLD_NS,
                                                           .text = "p99 of ghost < 1s",
                                                           .name = "ghost",
                                                           .broken = 1, /* though it has failed */
                                                           .limit = 1e9}};
static const stressor_threshold_row *const thresholds[] = {
    &thresholds_plain[0], &thresholds_plain[1], &thresholds_plain[2]};
static const stressor_threshold_row thresholds_hostile[] = {{.size = sizeof thresholds_hostile[0],
                                                             .state = STRESSOR_THRESHOLD_FAILED,
                                                             .unit = STRESSOR_THRESHOLD_NS,
                                                             .text = hostile,
                                                             .name = hostile,
                                                             .actual = hostile}};
static const stressor_threshold_row *const thresholds_h[] = {&thresholds_hostile[0]};

static const stressor_worker_row worker_0 = {
    .size = sizeof worker_0, .cpu = 0.25, .cpu_max = 0.75, .cpu_ns = 2000000001, .sessions = 7};
static const stressor_worker_row worker_1 = {.size = sizeof worker_1, .index = 1, .cpu = 0.1};
static const stressor_worker_row *const workers[] = {&worker_0, &worker_1};

static const stressor_process_row process_self = {.size = sizeof process_self,
                                                  .alive = 1,
                                                  .name = "stressor",
                                                  .pid = 4711,
                                                  .cpu = 0.5,
                                                  .cpu_ns = 5500000000,
                                                  .memory_bytes = 12345678,
                                                  .memory_max_bytes = 22345678,
                                                  .threads = 5,
                                                  .descriptors = 42,
                                                  .descriptors_limit = UINT64_MAX,
                                                  .sockets = 30,
                                                  .read_bytes = 1,
                                                  .written_bytes = 2};
static const stressor_process_row process_gone = {
    .size = sizeof process_gone, .name = "nginx", .reason = "no such process"};
static const stressor_process_row process_gone_h = {
    .size = sizeof process_gone, .name = hostile, .reason = hostile};
static const stressor_process_row *const processes[] = {&process_self, &process_gone};
static const stressor_process_row *const processes_h[] = {&process_self, &process_gone_h};

static const stressor_process_point process_point = {.size = sizeof process_point, .cpu = 0.4};
static const stressor_process_point *const process_points[] = {&process_point, &process_point};
static const stressor_point point_0 = {.size = sizeof point_0,
                                       .phase = STRESSOR_PHASE_WARMUP,
                                       .to_ns = NS_PER_S,
                                       .sessions = 5,
                                       .activities = 100,
                                       .mean_ns = 1000000,
                                       .machine_cpu = 0.7,
                                       .processes = process_points,
                                       .processes_count = 2};
static const stressor_point point_1 = {.size = sizeof point_1,
                                       .from_ns = NS_PER_S,
                                       .to_ns = 2 * NS_PER_S,
                                       .sessions = 10,
                                       .activities = 200,
                                       .errors = 2,
                                       .p99_ns = 312000001,
                                       .machine_cpu = 1.1};
static const stressor_point *const points[] = {&point_0, &point_1};

static const char *const reasons[] = {"The generator was 61 ms late (p99): use more CPUs."};
static const char *const reasons_h[] = {hostile};

int64_t sample_value(size_t i)
{
    /* 10 µs to about 100 s, spread over the powers of two, the same in each run. */
    uint64_t x = (uint64_t)i * 0x9E3779B97F4A7C15u + 0x1234567;
    x ^= x >> 29;
    x *= 0xBF58476D1CE4E5B9u;
    x ^= x >> 32;
    return (int64_t)(10000 + (x & 0xFFFF) * ((uint64_t)1 << (x >> 60)) * 47);
}

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

static struct stressor_histogram *histogram_at(struct sample *s, size_t i)
{
    if (s->histograms[i] == NULL)
        s->histograms[i] = must(histogram_new());
    return s->histograms[i];
}

static void fill(stressor_row *row, struct stressor_histogram *h, size_t count)
{
    row->min_ns = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        int64_t value = sample_value(i);
        if (!histogram_record(h, value))
            abort();
        row->sum_ns += value;
        row->min_ns = value < row->min_ns ? value : row->min_ns;
        row->max_ns = value > row->max_ns ? value : row->max_ns;
    }
    row->count = count;
    row->total = h;
}

static stressor_row *add_row(struct sample *s, const char *name, uint32_t phase, uint32_t flags)
{
    uint32_t index = s->snapshot.rows_count++;
    stressor_row *row = &s->rows[index];
    *row = (stressor_row){.size = sizeof *row,
                          .flags = flags,
                          .phase = phase,
                          .index = index,
                          .name = name,
                          .type = "http"};
    s->row_list[index] = row;
    return row;
}

static void add_rows(struct sample *s, bool is_hostile)
{
    stressor_row *login =
        add_row(s, is_hostile ? hostile : "login", STRESSOR_PHASE_MAIN, STRESSOR_ROW_MONITORED);
    fill(login, histogram_at(s, 0), SAMPLE_VALUES);
    login->errors = 12;
    login->interval = histogram_at(s, 1);
    login->interval_count = 2;
    if (!histogram_record(s->histograms[1], 1500000) || !histogram_record(s->histograms[1], 2000))
        abort();
    stressor_row *formula = add_row(s, "=1+1\",x", STRESSOR_PHASE_MAIN, STRESSOR_ROW_CALLED);
    fill(formula, histogram_at(s, 2), 1);
    add_row(s, "never", STRESSOR_PHASE_MAIN, STRESSOR_ROW_MONITORED);
    add_row(s, "login", STRESSOR_PHASE_WARMUP, STRESSOR_ROW_MONITORED);
    add_row(s, "setup", STRESSOR_PHASE_INIT, STRESSOR_ROW_IGNORE_TIMING);
}

static const stressor_sequence_row sequence = {.size = sizeof sequence,
                                               .name = "main",
                                               .passes = 10,
                                               .activities = 40,
                                               .errors = 1,
                                               .sum_ns = 5 * NS_PER_S,
                                               .net_ns = 4 * NS_PER_S,
                                               .min_ns = NS_PER_S / 4,
                                               .max_ns = NS_PER_S};
static const stressor_sequence_row *const sequences[] = {&sequence};

static void add_metrics(struct sample *s, bool is_hostile)
{
    static stressor_metric_row rows[4];
    static const stressor_metric_row *const list[] = {&rows[0], &rows[1], &rows[2], &rows[3]};
    rows[0] = (stressor_metric_row){sizeof rows[0],
                                    STRESSOR_METRIC_COUNTER,
                                    "http.requests_total",
                                    "1",
                                    is_hostile ? hostile : "requests sent",
                                    321,
                                    NULL};
    rows[1] = (stressor_metric_row){sizeof rows[0],
                                    STRESSOR_METRIC_COUNTER,
                                    "http.body_bytes",
                                    "By",
                                    "bytes of bodies",
                                    1 << 20,
                                    NULL};
    rows[2] = (stressor_metric_row){sizeof rows[0],
                                    STRESSOR_METRIC_GAUGE,
                                    is_hostile ? hostile : "http-body.bytes",
                                    "By",
                                    NULL,
                                    -5,
                                    NULL};
    rows[3] = (stressor_metric_row){
        sizeof rows[0],  STRESSOR_METRIC_HISTOGRAM, "db.wait", "ns", "time waited", 0,
        s->histograms[1]};
    s->snapshot.metrics = list;
    s->snapshot.metrics_count = COUNT(list);
}

static void set_run(struct sample *s, bool is_hostile)
{
    stressor_snapshot *n = &s->snapshot;
    n->stage = STRESSOR_STAGE_DONE;
    n->verdict = STRESSOR_VERDICT_THRESHOLD;
    n->name = is_hostile ? hostile : "Shop";
    n->tag = is_hostile ? hostile : "v1.2";
    n->base_url = is_hostile ? hostile : "http://127.0.0.1:8080";
    n->stop_reason = "threshold";
    n->started_wall_ns = INT64_C(1706702400123456789); /* 2024-01-31T12:00:00.123Z */
    n->ended_wall_ns = n->started_wall_ns + 12 * NS_PER_S;
    n->elapsed_ns = 12 * NS_PER_S;
    n->warmup_ns = n->elapsed_ns - 10 * NS_PER_S;
    n->measured_ns = 10 * NS_PER_S;
    n->interval_ns = NS_PER_S;
    n->net_ns = 90 * NS_PER_S;
    n->activities = SAMPLE_VALUES;
    n->activities_all = SAMPLE_VALUES + 1;
    n->errors = 13;
    n->passes = 10;
    n->sessions_planned = n->sessions_started = n->sessions_done = 10;
    n->net = s->histograms[0];
    n->seed = UINT64_C(18446744073709551615);
    n->starting_ns = 1500;
}

static void set_surroundings(struct sample *s, bool is_hostile)
{
    s->resources = (stressor_resources){.size = sizeof s->resources,
                                        .workers = 2,
                                        .cpu_user_ns = 3000000000,
                                        .peak_bytes = 22345678};
    s->machine = (stressor_machine){.size = sizeof s->machine,
                                    .cpus = 2,
                                    .cpu = 1.0 / 3,
                                    .cpu_max = 2,
                                    .memory_bytes = INT64_C(25769803776)};
    s->trust = (stressor_trust){.size = sizeof s->trust,
                                .verdict = STRESSOR_UNTRUSTED,
                                .lateness_p99_ns = 61000000,
                                .lateness_max_ns = 99000000,
                                .lateness_limit_ns = 5000000,
                                .reasons = is_hostile ? reasons_h : reasons,
                                .reasons_count = 1};
    s->snapshot.resources = &s->resources;
    s->snapshot.machine = &s->machine;
    s->snapshot.trust = &s->trust;
    s->snapshot.workers = workers;
    s->snapshot.workers_count = COUNT(workers);
    s->snapshot.processes = is_hostile ? processes_h : processes;
    s->snapshot.processes_count = COUNT(processes);
    s->snapshot.points = points;
    s->snapshot.points_count = COUNT(points);
}

static void set_lists(struct sample *s, bool is_hostile)
{
    stressor_snapshot *n = &s->snapshot;
    n->sequences = sequences;
    n->sequences_count = COUNT(sequences);
    n->error_groups = is_hostile ? groups_h : groups;
    n->error_groups_count = is_hostile ? COUNT(groups_h) : COUNT(groups);
    n->thresholds = is_hostile ? thresholds_h : thresholds;
    n->thresholds_count = is_hostile ? COUNT(thresholds_h) : COUNT(thresholds);
    n->facts = facts;
    n->facts_count = COUNT(facts);
}

static void add_many(struct sample *s)
{
    s->names = must(calloc(ROWS_MOST, sizeof *s->names));
    for (uint32_t i = 0; i < ROWS_MOST; i++) {
        snprintf(s->names[i], sizeof s->names[i], "activity %u", i);
        stressor_row *row = add_row(s, s->names[i], STRESSOR_PHASE_MAIN, 0);
        if (i == 0)
            fill(row, histogram_at(s, 0), 10);
        *row = (stressor_row){row->size, row->flags, row->phase,  i,
                              row->name, row->type,  .count = 10, .total = s->histograms[0]};
    }
}

struct sample *sample_new(enum sample_kind kind)
{
    struct sample *s = must(calloc(1, sizeof *s));
    bool is_hostile = kind == SAMPLE_HOSTILE;
    s->rows = must(calloc(ROWS_MOST, sizeof *s->rows));
    s->row_list = must(calloc(ROWS_MOST, sizeof *s->row_list));
    s->snapshot.size = sizeof s->snapshot;
    s->snapshot.serial = 1;
    s->snapshot.version = "0.1.0";
    s->snapshot.rows = s->row_list;
    if (kind == SAMPLE_MANY) {
        add_many(s);
    } else if (kind != SAMPLE_EMPTY) {
        add_rows(s, is_hostile);
        set_run(s, is_hostile);
        set_lists(s, is_hostile);
        add_metrics(s, is_hostile);
        set_surroundings(s, is_hostile);
    }
    if (kind == SAMPLE_STRICT) {
        s->snapshot.verdict = STRESSOR_VERDICT_UNTRUSTED;
        s->snapshot.thresholds_count = 0;
    }
    return s;
}

void sample_free(struct sample *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < sizeof s->histograms / sizeof *s->histograms; i++)
        histogram_free(s->histograms[i]);
    free(s->names);
    free(s->row_list);
    free(s->rows);
    free(s);
}

const stressor_snapshot *sample_snapshot(const struct sample *s)
{
    return &s->snapshot;
}

static int retained;

static const stressor_snapshot *retain(const stressor_snapshot *s)
{
    __atomic_add_fetch(&retained, 1, __ATOMIC_RELAXED);
    return s;
}

static void release(const stressor_snapshot *s)
{
    (void)s;
    __atomic_sub_fetch(&retained, 1, __ATOMIC_RELAXED);
}

int sample_retained(void)
{
    return __atomic_load_n(&retained, __ATOMIC_RELAXED);
}

const stressor_snapshot_api *sample_api(void)
{
    static const stressor_snapshot_api api = {.size = sizeof api,
                                              .retain = retain,
                                              .release = release,
                                              .percentile = histogram_percentile,
                                              .count = histogram_count,
                                              .buckets = histogram_each};
    return &api;
}

static const void *extension(const stressor_host *host, const char *name)
{
    (void)host;
    return strcmp(name, STRESSOR_SNAPSHOT_1) == 0 ? sample_api() : NULL;
}

static void write_log(const stressor_host *host, int32_t level, const char *text, uint64_t length)
{
    (void)host;
    (void)level;
    fprintf(stderr, "%.*s\n", (int)length, text);
}

static int32_t log_enabled(const stressor_host *host, int32_t level)
{
    (void)host;
    (void)level;
    return 1;
}

const stressor_host *sample_host(void)
{
    static const struct stressor_host host = {
        .size = sizeof host, .extension = extension, .log = write_log, .log_enabled = log_enabled};
    return &host;
}
