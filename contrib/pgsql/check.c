#include <inttypes.h>
#include <string.h>

#include <stressor/log.h>

#include "pgsql.h"

static int32_t check_rows(struct query *q, stressor_failure *failure)
{
    const stressor_value *v = query_arg(q, ARG_ASSERT_ROWS);
    int64_t least, most, rows = (int64_t)q->rows;
    if (v->type == STRESSOR_INT) {
        least = most = v->as.integer;
    } else if (v->type == STRESSOR_LIST) {
        if (v->as.list.count != 2)
            return stressor_fail(q->exec, failure, STRESSOR_SCRIPT, "argument",
                                 "argument 'assert_rows': expected a number or [least, most]");
        least = q->exec->host->list_at(v, 0)->as.integer;
        most = q->exec->host->list_at(v, 1)->as.integer;
    } else {
        return 0;
    }
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
