#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <stressor/log.h>

#include "redis.h"

enum { OBJECT_BYTES = 64 }; /* of a reply beside its contents */

/* --- the ceiling ---------------------------------------------------------------------------- */

static bool count(const redisReadTask *task, uint64_t bytes)
{
    struct connection *c = task->privdata;
    c->reply_bytes += bytes + OBJECT_BYTES;
    c->too_large = c->too_large || c->reply_bytes > c->max_reply;
    return !c->too_large;
}

static const redisReplyObjectFunctions *plain(const redisReadTask *task)
{
    const struct connection *c = task->privdata;
    return c->plain;
}

static void *limited_string(const redisReadTask *task, char *text, size_t length)
{
    return count(task, length) ? plain(task)->createString(task, text, length) : NULL;
}

static void *limited_array(const redisReadTask *task, int elements)
{
    uint64_t bytes = elements > 0 ? (uint64_t)elements * sizeof(void *) : 0;
    return count(task, bytes) ? plain(task)->createArray(task, elements) : NULL;
}

static void *limited_integer(const redisReadTask *task, long long number)
{
    return count(task, 0) ? plain(task)->createInteger(task, number) : NULL;
}

static void *limited_nil(const redisReadTask *task)
{
    return count(task, 0) ? plain(task)->createNil(task) : NULL;
}

static redisReplyObjectFunctions limited = {limited_string, limited_array, limited_integer,
                                            limited_nil, freeReplyObject};

void reply_limit(struct connection *c)
{
    redisReader *reader = c->ac->c.reader;
    c->plain = reader->fn;
    reader->fn = &limited;
    reader->privdata = c;
}

/* --- values --------------------------------------------------------------------------------- */

const char *reply_text(struct command *q, const char *text)
{
    char line[MESSAGE_MAX];
    snprintf(line, sizeof line, "%s", mask_text(&q->mask, q->exec, text));
    for (char *p = line; *p != '\0'; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    size_t size = strlen(line) + 1;
    char *copy = q->exec->host->scratch(q->exec, size);
    return copy != NULL ? memcpy(copy, line, size) : "out of memory";
}

static void put_text(struct command *q, const redisReply *reply)
{
    stressor_value v = stressor_string_n(reply->str, reply->len);
    if (mask_finds(&q->mask, reply->str, reply->len))
        v.flags |= STRESSOR_SECRET;
    q->exec->host->build_value(q->builder, &v);
}

/* hiredis bounds how deep arrays are nested. */
static void put(struct command *q, const redisReply *reply)
{
    const stressor_host *host = q->exec->host;
    stressor_value v = stressor_null();
    switch (reply->type) {
    case REDIS_REPLY_ERROR:
        if (q->error == NULL) {
            q->error = reply_text(q, reply->str);
            q->error_at = q->replies;
        }
        put_text(q, reply);
        return;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS: put_text(q, reply); return;
    case REDIS_REPLY_ARRAY:
        host->build_list(q->builder);
        for (size_t i = 0; i < reply->elements; i++)
            put(q, reply->element[i]);
        host->build_end(q->builder);
        return;
    case REDIS_REPLY_INTEGER: v = stressor_int(reply->integer); break;
    default: break;
    }
    host->build_value(q->builder, &v);
}

void reply_add(struct command *q, const redisReply *reply)
{
    put(q, reply);
    q->replies++;
}
