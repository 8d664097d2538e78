/* Stands for rooms that are not built yet. */
#include "stats/series.h"
#include "stats/snapshot.h"
#include "stats/threshold.h"
#include "stats/trust.h"
#include "stats/watch.h"

#include <stdlib.h>

#if !__has_include("stats/series.c")
struct series *series_new(void)
{
    return malloc(1);
}
void series_free(struct series *s)
{
    free(s);
}
bool series_add(struct series *s, const stressor_snapshot *snapshot)
{
    (void)s, (void)snapshot;
    return true;
}
bool series_show(const struct series *s, stressor_snapshot *snapshot)
{
    (void)s;
    stressor_recent *r = snapshot_alloc(snapshot, sizeof *r);
    if (r != NULL)
        r->size = sizeof *r;
    snapshot->recent = r;
    return r != NULL;
}
#endif

#if !__has_include("stats/watch.c")
struct watch *watch_new(const char *const *names, size_t names_count,
                        const struct watch_worker *workers, size_t workers_count)
{
    (void)names, (void)names_count, (void)workers, (void)workers_count;
    return malloc(1);
}
void watch_free(struct watch *w)
{
    free(w);
}
void watch_look(struct watch *w, int64_t now_ns)
{
    (void)w, (void)now_ns;
}
bool watch_show(const struct watch *w, stressor_snapshot *snapshot)
{
    (void)w;
    stressor_machine *m = snapshot_alloc(snapshot, sizeof *m);
    if (m != NULL)
        m->size = sizeof *m;
    snapshot->machine = m;
    return m != NULL;
}
#endif

#if !__has_include("stats/threshold.c")
struct thresholds *thresholds_new(const struct threshold *lines, size_t count)
{
    (void)lines, (void)count;
    return malloc(1);
}
void thresholds_free(struct thresholds *t)
{
    free(t);
}
bool thresholds_judge(struct thresholds *t, stressor_snapshot *snapshot, bool *abort)
{
    (void)t, (void)snapshot, (void)abort;
    return true;
}
bool thresholds_on_errors(const struct thresholds *t)
{
    (void)t;
    return false;
}
#endif

#if !__has_include("run/sessions.c")
#include <stressor/stressor.h>
int32_t stressor_run_sessions(stressor_run *run, uint64_t offset, uint64_t limit,
                              const char *filter, uint64_t *total,
                              void (*each)(void *data, const stressor_session_row *row), void *data)
{
    (void)run, (void)offset, (void)limit, (void)filter, (void)each, (void)data;
    if (total != NULL)
        *total = 0;
    return 0;
}
#endif
