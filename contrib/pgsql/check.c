#include <inttypes.h>
#include <string.h>

#include <stressor/log.h>

#include "pgsql.h"

/* False: `why` says what is wrong with it. */
static bool range_read(const stressor_host *host, const stressor_value *v, int64_t *least,
                       int64_t *most, char *why, size_t why_size)
{
    *least = *most = v->as.integer;
    if (v->type == STRESSOR_INT)
        return true;
    if (v->as.list.count != 2) {
        snprintf(why, why_size, "expected a number or [least, most], got a list of %" PRIu64,
                 v->as.list.count);
        return false;
    }
    *least = host->list_at(v, 0)->as.integer;
    *most = host->list_at(v, 1)->as.integer;
    if (*least > *most)
        snprintf(why, why_size, "expected [least, most], got [%" PRId64 ", %" PRId64 "]", *least,
                 *most);
    return *least <= *most;
}

int32_t check_prepare(stressor_prepare *prepare)
{
    const stressor_value *v = &prepare->args[ARG_ASSERT_ROWS];
    int64_t least, most;
    char why[128];
    if (prepare->states[ARG_ASSERT_ROWS] != STRESSOR_ARG_CONSTANT ||
        range_read(prepare->host, v, &least, &most, why, sizeof why))
        return 0;
    return stressor_problem(prepare, ARG_ASSERT_ROWS, "%s", why);
}

static int32_t check_rows(struct query *q, stressor_failure *failure)
{
    const stressor_value *v = query_arg(q, ARG_ASSERT_ROWS);
    int64_t least, most, rows = (int64_t)q->rows;
    char why[128];
    if (v->type == STRESSOR_NULL)
        return 0;
    if (!range_read(q->exec->host, v, &least, &most, why, sizeof why))
        return stressor_fail(q->exec, failure, STRESSOR_SCRIPT, "argument",
                             "argument 'assert_rows': %s", why);
    if (rows >= least && rows <= most)
        return 0;
    if (least == most)
        return stressor_fail(q->exec, failure, STRESSOR_ASSERTION, "rows",
                             "expected %" PRId64 " rows, got %" PRId64, least, rows);
    return stressor_fail(q->exec, failure, STRESSOR_ASSERTION, "rows",
                         "expected %" PRId64 " to %" PRId64 " rows, got %" PRId64, least, most,
                         rows);
}

/* What came instead of, or as, the error that the scenario expects. */
static void check_error(struct query *q, const stressor_value *expected, stressor_failure *failure)
{
    const char *wanted = expected->as.string.ptr;
    int length = (int)expected->as.string.length;
    if (q->sqlstate[0] == '\0') {
        stressor_fail(q->exec, failure, STRESSOR_ASSERTION, "error",
                      "expected error %.*s, but the query succeeded", length, wanted);
    } else if (memcmp(q->sqlstate, wanted, (size_t)length) == 0) {
        *failure = (stressor_failure){.category = STRESSOR_NO_FAILURE};
    } else {
        stressor_fail(q->exec, failure, STRESSOR_ASSERTION, "error", "expected error %.*s: %.*s",
                      length, wanted, (int)failure->length, failure->text);
    }
}

void check_all(struct query *q, const stressor_value *rows)
{
    stressor_failure *failure = &q->result.failure;
    const stressor_value *error = query_arg(q, ARG_ASSERT_ERROR);
    if (error->type == STRESSOR_STRING) {
        check_error(q, error, failure);
        return;
    }
    if (failure->category == STRESSOR_NO_FAILURE && check_rows(q, failure) == 0)
        place_judge(&q->place->base, q->exec, rows, failure);
}
