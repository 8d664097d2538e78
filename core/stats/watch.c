#include "stats/watch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "stats/histogram.h"
#include "stats/proc.h"
#include "stats/snapshot.h"
#include "stats/watch_process.h"

enum {
    SCRATCH = 256 << 10,    /* bytes of a file of /proc that are read */
    LOOKS_PER_SCAN = 5,     /* for processes of a name; all of /proc is gone through */
    RATE_NS = NS_PER_S / 2, /* shares of a CPU over less would be rough: ticks are 10 ms */
    PERCENTILE_OF_LAG = 99,
};

struct worker_look {
    int64_t cpu_ns;
    int64_t rated_ns;
    double cpu, cpu_max;
};

struct watch {
    int root; /* /proc; negative: it cannot be opened */
    char *scratch;
    unsigned looks_to_scan;
    bool has_looked;
    int64_t rated_at; /* when shares of CPUs were told */

    const struct watch_worker *workers;
    size_t workers_count;
    struct worker_look *worker_looks;

    struct watch_process *processes;
    size_t processes_count;

    struct proc_machine machine;    /* at the last look */
    uint64_t rated_busy, rated_all; /* ticks at `rated_at` */
    double cpu, cpu_max;
    uint64_t received, sent;
};

struct watch *watch_new_at(const char *root, const char *const *names, size_t names_count,
                           const struct watch_worker *workers, size_t workers_count)
{
    struct watch *w = calloc(1, sizeof *w);
    if (w == NULL)
        return NULL;
    w->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    w->scratch = malloc(SCRATCH);
    w->workers = workers;
    w->workers_count = workers_count;
    w->worker_looks = calloc(workers_count + 1, sizeof *w->worker_looks);
    w->processes = calloc(names_count + 1, sizeof *w->processes);
    if (w->scratch == NULL || w->worker_looks == NULL || w->processes == NULL) {
        watch_free(w);
        return NULL;
    }
    watch_process_init(&w->processes[w->processes_count++], NULL);
    for (size_t i = 0; i < names_count; i++)
        watch_process_init(&w->processes[w->processes_count++], names[i]);
    return w;
}

struct watch *watch_new(const char *const *names, size_t names_count,
                        const struct watch_worker *workers, size_t workers_count)
{
    return watch_new_at("/proc", names, names_count, workers, workers_count);
}

void watch_free(struct watch *w)
{
    if (w == NULL)
        return;
    for (size_t i = 0; i < w->processes_count; i++)
        watch_process_finish(&w->processes[i]);
    if (w->root >= 0)
        close(w->root);
    free(w->processes);
    free(w->worker_looks);
    free(w->scratch);
    free(w);
}

/* --- looking ------------------------------------------------------------------------------- */

static bool offer(void *data, int32_t pid, const struct proc_stat *stat, const char *program)
{
    const struct watch *w = data;
    for (size_t i = 1; i < w->processes_count; i++)
        watch_process_offer(&w->processes[i], pid, stat, program);
    return true;
}

static void look_at_processes(struct watch *w, int64_t rate_ns)
{
    bool named = false;
    for (size_t i = 1; i < w->processes_count; i++)
        named = named || w->processes[i].kind == WATCH_NAME;
    if (named && w->looks_to_scan == 0) {
        proc_each(w->root, offer, w);
        w->looks_to_scan = LOOKS_PER_SCAN;
    }
    w->looks_to_scan -= w->looks_to_scan > 0;
    for (size_t i = 0; i < w->processes_count; i++) {
        struct watch_process *p = &w->processes[i];
        bool had = p->count > 0;
        if (!watch_process_look(p, w->root, rate_ns) && had)
            w->looks_to_scan = 0; /* one has ended: another may have taken its place */
    }
}

static void look_at_machine(struct watch *w, int64_t rate_ns)
{
    struct proc_machine now, *last = &w->machine;
    proc_machine(w->root, w->scratch, SCRATCH, &now);
    if (w->has_looked) { /* an interface that is gone takes its figures along */
        w->received += now.received_bytes > last->received_bytes
                           ? now.received_bytes - last->received_bytes
                           : 0;
        w->sent += now.sent_bytes > last->sent_bytes ? now.sent_bytes - last->sent_bytes : 0;
    }
    *last = now;
    if (rate_ns > 0 && now.cpu_all > w->rated_all && now.cpu_busy >= w->rated_busy) {
        w->cpu = (double)(now.cpu_busy - w->rated_busy) / (double)(now.cpu_all - w->rated_all) *
                 now.cpus;
        w->cpu_max = w->cpu > w->cpu_max ? w->cpu : w->cpu_max;
    }
    if (rate_ns > 0 || !w->has_looked) {
        w->rated_busy = now.cpu_busy;
        w->rated_all = now.cpu_all;
    }
}

static int64_t cpu_of(pthread_t thread)
{
    clockid_t clock;
    struct timespec t;
    if (pthread_getcpuclockid(thread, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return 0;
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void look_at_workers(struct watch *w, int64_t rate_ns)
{
    for (size_t i = 0; i < w->workers_count; i++) {
        struct worker_look *l = &w->worker_looks[i];
        int64_t now = cpu_of(w->workers[i].thread);
        l->cpu_ns = now > l->cpu_ns ? now : l->cpu_ns; /* a thread that has ended has no clock */
        if (rate_ns > 0) {
            l->cpu = (double)(l->cpu_ns - l->rated_ns) / (double)rate_ns;
            l->cpu_max = l->cpu > l->cpu_max ? l->cpu : l->cpu_max;
        }
        if (rate_ns > 0 || !w->has_looked)
            l->rated_ns = l->cpu_ns;
    }
}

void watch_look(struct watch *w, int64_t now_ns)
{
    int64_t rate_ns = w->has_looked ? now_ns - w->rated_at : 0;
    if (rate_ns < RATE_NS)
        rate_ns = 0;
    look_at_machine(w, rate_ns);
    look_at_workers(w, rate_ns);
    look_at_processes(w, rate_ns);
    if (rate_ns > 0 || !w->has_looked)
        w->rated_at = now_ns;
    w->has_looked = true;
}

bool watch_wanted(const struct watch *w, size_t i, const char **name, const char **reason)
{
    if (i + 1 >= w->processes_count)
        return false;
    const struct watch_process *p = &w->processes[i + 1]; /* after the generator */
    *name = p->name;
    *reason = p->reason[0] != '\0' ? p->reason : NULL;
    return true;
}

/* --- showing ------------------------------------------------------------------------------- */

static bool show_process(const struct watch_process *p, stressor_snapshot *s,
                         stressor_process_row *row)
{
    bool alive = p->count > 0, explained = p->reason[0] != '\0';
    *row = (stressor_process_row){.size = sizeof *row,
                                  .alive = alive,
                                  .name = snapshot_keep(s, p->name),
                                  .reason = explained ? snapshot_keep(s, p->reason) : NULL,
                                  .pid = alive ? p->members[0].pid : 0,
                                  .cpu = p->cpu,
                                  .cpu_max = p->cpu_max,
                                  .cpu_ns = p->cpu_ns,
                                  .memory_bytes = p->memory,
                                  .memory_max_bytes = p->memory_max,
                                  .threads = p->threads,
                                  .descriptors = p->descriptors,
                                  .descriptors_limit = p->descriptors_limit,
                                  .sockets = p->sockets,
                                  .read_bytes = p->read,
                                  .written_bytes = p->written};
    return row->name != NULL && (row->reason != NULL || !explained);
}

static bool show_processes(const struct watch *w, stressor_snapshot *s)
{
    stressor_process_row *rows = snapshot_alloc(s, w->processes_count * sizeof *rows);
    const stressor_process_row **table = snapshot_alloc(s, w->processes_count * sizeof *table);
    if (rows == NULL || table == NULL)
        return false;
    for (size_t i = 0; i < w->processes_count; i++) {
        if (!show_process(&w->processes[i], s, &rows[i]))
            return false;
        table[i] = &rows[i];
    }
    s->processes = table;
    s->processes_count = (uint32_t)w->processes_count;
    return true;
}

static bool show_workers(const struct watch *w, stressor_snapshot *s)
{
    stressor_worker_row *rows = snapshot_alloc(s, w->workers_count * sizeof *rows);
    const stressor_worker_row **table = snapshot_alloc(s, w->workers_count * sizeof *table);
    if (rows == NULL || table == NULL)
        return false;
    for (size_t i = 0; i < w->workers_count; i++) {
        const struct worker_look *l = &w->worker_looks[i];
        const struct shard *shard = w->workers[i].shard;
        const struct stressor_histogram *lags = shard_lags(shard);
        uint64_t done = shard_counter(shard, SHARD_SESSIONS_DONE);
        uint64_t started = shard_counter(shard, SHARD_SESSIONS_STARTED);
        rows[i] = (stressor_worker_row){.size = sizeof rows[i],
                                        .index = (uint32_t)i,
                                        .cpu = l->cpu,
                                        .cpu_max = l->cpu_max,
                                        .cpu_ns = l->cpu_ns,
                                        .sessions = started > done ? started - done : 0};
        if (lags != NULL) {
            rows[i].loop_lag_p99_ns = histogram_percentile(lags, PERCENTILE_OF_LAG);
            rows[i].loop_lag_max_ns = histogram_max(lags);
        }
        table[i] = &rows[i];
    }
    s->workers = table;
    s->workers_count = (uint32_t)w->workers_count;
    return true;
}

bool watch_show(const struct watch *w, stressor_snapshot *snapshot)
{
    stressor_machine *machine = snapshot_alloc(snapshot, sizeof *machine);
    if (machine == NULL)
        return false;
    *machine = (stressor_machine){.size = sizeof *machine,
                                  .cpus = w->machine.cpus,
                                  .cpu = w->cpu,
                                  .cpu_max = w->cpu_max,
                                  .memory_bytes = w->machine.memory_bytes,
                                  .memory_available_bytes = w->machine.memory_available_bytes,
                                  .received_bytes = w->received,
                                  .sent_bytes = w->sent,
                                  .tcp_sockets = w->machine.tcp_sockets,
                                  .tcp_time_wait = w->machine.tcp_time_wait,
                                  .local_ports = w->machine.local_ports};
    snapshot->machine = machine;
    return show_processes(w, snapshot) && show_workers(w, snapshot);
}
