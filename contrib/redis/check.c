#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include <stressor/log.h>

#include "redis.h"

/* "redis WRONGTYPE": the first word of an error reply says what kind of error it is. */
static const char *kind_of(struct command *q)
{
    char kind[KIND_MAX] = "redis ";
    size_t length = strlen(kind);
    for (const char *p = q->error; length < sizeof kind - 1 && *p != '\0' && *p != ' '; p++) {
        if (!isupper((unsigned char)*p))
            return "redis";
        kind[length++] = *p;
    }
    kind[length] = '\0';
    char *copy = q->exec->host->scratch(q->exec, length + 1);
    return copy != NULL ? memcpy(copy, kind, length + 1) : "redis";
}

static void check_error(struct command *q, const stressor_value *expected)
{
    stressor_failure *failure = &q->result.failure;
    const char *wanted = expected->as.string.ptr;
    uint64_t length = expected->as.string.length;
    if (q->error == NULL)
        stressor_fail(q->exec, failure, STRESSOR_ASSERTION, "error",
                      "expected an error reply that begins with '%.*s', but there was none",
                      (int)length, wanted);
    else if (strlen(q->error) < length || memcmp(q->error, wanted, length) != 0)
        stressor_fail(q->exec, failure, STRESSOR_ASSERTION, "error",
                      "expected an error reply that begins with '%.*s', got '%s'", (int)length,
                      wanted, q->error);
}

void check_all(struct command *q)
{
    const stressor_value *error = command_arg(q, ARG_ASSERT_ERROR);
    stressor_failure *failure = &q->result.failure;
    if (error->type == STRESSOR_STRING)
        check_error(q, error);
    else if (q->error != NULL && q->is_pipeline)
        stressor_fail(q->exec, failure, STRESSOR_TARGET, kind_of(q),
                      "Redis answered command %" PRIu64 " of the pipeline with an error: %s",
                      q->error_at + 1, q->error);
    else if (q->error != NULL)
        stressor_fail(q->exec, failure, STRESSOR_TARGET, kind_of(q),
                      "Redis answered with an error: %s", q->error);
    else
        place_judge(q->place, q->exec, &q->result.value, failure);
}
