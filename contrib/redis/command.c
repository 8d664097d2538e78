#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <client/outcome.h>
#include <stressor/log.h>

#include "redis.h"

/* --- the place ------------------------------------------------------------------------------ */

static const struct place_kind places = {.settings = redis_settings,
                                         .settings_count = SETTINGS_COUNT,
                                         .expect_arg = ARG_ASSERT_REPLY,
                                         .expect_is_map = false,
                                         .failure = "reply"};

/* --- what the commands have to be ----------------------------------------------------------- */

/* These would make hiredis, or the server, answer otherwise than command by command. */
static bool is_refused(const char *word, size_t length)
{
    static const char *const words[] = {"SUBSCRIBE",   "PSUBSCRIBE",   "SSUBSCRIBE",
                                        "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE",
                                        "MONITOR",     "SYNC",         "PSYNC"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == length && strncasecmp(words[i], word, length) == 0)
            return true;
    return false;
}

/* What is wrong with a command. NULL: nothing. */
static const char *command_mistake(const stressor_host *host, const stressor_value *list)
{
    if (list->type != STRESSOR_LIST || list->as.list.count == 0)
        return "a command is empty";
    if (list->as.list.count > INT32_MAX)
        return "a command has too many arguments";
    for (uint64_t i = 0; i < list->as.list.count; i++) {
        uint32_t type = host->list_at(list, i)->type;
        if (type != STRESSOR_STRING && type != STRESSOR_INT && type != STRESSOR_DOUBLE)
            return "a command consists of texts and numbers only";
    }
    const stressor_value *word = host->list_at(list, 0);
    if (word->type == STRESSOR_STRING && is_refused(word->as.string.ptr, word->as.string.length))
        return "commands that subscribe, monitor or replicate are not supported";
    return NULL;
}

static const char *pipeline_mistake(const stressor_host *host, const stressor_value *pipeline)
{
    const char *mistake = NULL;
    if (pipeline->as.list.count == 0)
        return "the pipeline is empty";
    if (pipeline->as.list.count > PIPELINE_MAX)
        return "the pipeline has more than 10,000 commands";
    for (uint64_t i = 0; i < pipeline->as.list.count && mistake == NULL; i++)
        mistake = command_mistake(host, host->list_at(pipeline, i));
    return mistake;
}

static int32_t check(stressor_prepare *prepare, enum redis_arg arg,
                     const char *(*mistake_in)(const stressor_host *, const stressor_value *))
{
    const char *mistake = NULL;
    if (prepare->states[arg] == STRESSOR_ARG_CONSTANT)
        mistake = mistake_in(prepare->host, &prepare->args[arg]);
    return mistake != NULL ? stressor_problem(prepare, (int32_t)arg, "%s", mistake) : 0;
}

static int32_t place_prepare(stressor_prepare *prepare)
{
    struct place *p = place_new(prepare, &places, sizeof *p);
    int32_t command = check(prepare, ARG_COMMAND, command_mistake);
    int32_t pipeline = check(prepare, ARG_PIPELINE, pipeline_mistake);
    int32_t server = server_check(prepare);
    if (p != NULL && command == 0 && pipeline == 0 && server == 0)
        return 0;
    place_release(prepare->plugin, p);
    return STRESSOR_EINVAL;
}

/* --- its commands --------------------------------------------------------------------------- */

static const stressor_value *command_at(const struct command *q, uint64_t i)
{
    if (!q->is_pipeline)
        return command_arg(q, ARG_COMMAND);
    return q->exec->host->list_at(command_arg(q, ARG_PIPELINE), i);
}

static int32_t read_commands(struct command *q)
{
    const stressor_host *host = q->exec->host;
    const stressor_value *pipeline = command_arg(q, ARG_PIPELINE);
    q->is_pipeline = pipeline->type == STRESSOR_LIST;
    q->count = q->is_pipeline ? pipeline->as.list.count : 1;
    const char *mistake = q->is_pipeline ? pipeline_mistake(host, pipeline)
                                         : command_mistake(host, command_arg(q, ARG_COMMAND));
    if (mistake != NULL)
        return stressor_fail(q->exec, &q->result.failure, STRESSOR_SCRIPT, "command", "%s",
                             mistake);
    for (uint64_t i = 0; i < q->count; i++)
        mask_add(&q->mask, host, command_at(q, i));
    return 0;
}

static void on_reply(redisAsyncContext *ac, void *reply, void *data)
{
    struct connection *c = data;
    (void)ac;
    if (reply == NULL || c->command == NULL) /* the connection is being closed */
        return;
    if (c->command->replies < c->command->count)
        reply_add(c->command, reply);
    if (c->command->replies == c->command->count)
        command_answered(c->command);
}

static bool send_one(struct command *q, const stressor_value *list)
{
    const stressor_host *host = q->exec->host;
    size_t count = (size_t)list->as.list.count;
    const char **words = malloc(count * sizeof *words);
    size_t *lengths = malloc(count * sizeof *lengths);
    bool sent = words != NULL && lengths != NULL;
    for (size_t i = 0; i < count && sent; i++) {
        stressor_value text = *host->list_at(list, i);
        if (text.type != STRESSOR_STRING)
            sent = host->value_text(q->exec, &text, &text) == 0;
        words[i] = text.as.string.ptr;
        lengths[i] = text.as.string.length;
    }
    sent = sent && redisAsyncCommandArgv(q->connection->ac, on_reply, q->connection, (int)count,
                                         words, lengths) == REDIS_OK;
    free(words);
    free(lengths);
    return sent;
}

bool command_send(struct command *q)
{
    for (uint64_t i = 0; i < q->count; i++)
        if (!send_one(q, command_at(q, i)))
            return false;
    return true;
}

/* --- its ends ------------------------------------------------------------------------------- */

static void end(struct command *q)
{
    q->ended = true;
    if (q->connection != NULL)
        q->connection->command = NULL;
}

void command_fail(struct command *q, uint32_t category, const char *kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    outcome_fail(q->exec, &q->result.failure, category, kind, format, args);
    va_end(args);
    end(q);
}

void command_answered(struct command *q)
{
    const stressor_host *host = q->exec->host;
    if (q->is_pipeline)
        host->build_end(q->builder);
    if (host->build_finish(q->builder, &q->result.value) != 0)
        outcome_no_memory(q->exec, &q->result.failure);
    else
        check_all(q);
    end(q);
}

/* What the host is told about it. Null when memory is out. */
static stressor_value info_of(struct command *q)
{
    int64_t now = q->session->base.worker->loop->now();
    const struct outcome_entry entries[] = {
        {"replies", stressor_int((int64_t)q->replies)},
        {"connected", stressor_bool(q->connect_ns > 0)},
        {"connect_time", stressor_double((double)q->connect_ns / 1e9)},
        {"time", stressor_double((double)(now - q->began_ns) / 1e9)},
    };
    return outcome_info(q->exec, entries, sizeof entries / sizeof *entries);
}

/* The session and the command are done with each other. */
static int32_t leave(struct command *q)
{
    struct redis_session *s = q->session;
    client_session_deadline(&s->base, 0);
    s->command = NULL;
    if (q->replies > 0)
        q->exec->host->metric_record(q->exec->worker, session_plugin(s)->commands_metric,
                                     (int64_t)q->replies);
    if ((q->exec->wants & STRESSOR_WANT_INFO) != 0)
        q->result.info = info_of(q);
    return q->result.failure.category == STRESSOR_NO_FAILURE ? STRESSOR_DONE : STRESSOR_FAILED;
}

void command_settle(struct redis_session *s)
{
    struct command *q = s->command;
    if (q == NULL || !q->ended)
        return;
    leave(q);
    q->exec->host->complete(q->exec, &q->result);
}

/* --- one execution -------------------------------------------------------------------------- */

static int32_t read_limits(struct command *q)
{
    stressor_value timeout, most;
    if (arg_or_setting(q, ARG_TIMEOUT, SETTING_TIMEOUT, &timeout) != 0 ||
        place_setting(q->place, q->exec, SETTING_MAX_REPLY, &most, &q->result.failure) != 0)
        return STRESSOR_FAILED;
    q->timeout_ns = timeout.as.integer;
    q->max_reply = (uint64_t)most.as.integer;
    return 0;
}

static void log_command(struct command *q)
{
    const stressor_value *word = q->exec->host->list_at(command_at(q, 0), 0);
    bool shown = word->type == STRESSOR_STRING && (word->flags & STRESSOR_SECRET) == 0;
    stressor_log(q->exec->host, STRESSOR_LOG_INFO, "redis: %.*s, %llu arguments, %llu in all",
                 shown ? (int)(word->as.string.length < 100 ? word->as.string.length : 100) : 3,
                 shown ? word->as.string.ptr : "***",
                 (unsigned long long)command_at(q, 0)->as.list.count - 1,
                 (unsigned long long)q->count);
}

static int32_t begin(struct command *q)
{
    struct redis_session *s = q->session;
    struct server server;
    if (read_commands(q) != 0 || read_limits(q) != 0 || server_read(q, &server) != 0)
        return STRESSOR_FAILED;
    q->builder = q->exec->host->build(q->exec);
    q->connection = connection_find(s, &server);
    if (q->builder == NULL || q->connection == NULL)
        return outcome_no_memory(q->exec, &q->result.failure);
    if (q->is_pipeline)
        q->exec->host->build_list(q->builder);
    if ((q->exec->flags & STRESSOR_EXEC_DEBUG) != 0)
        log_command(q);
    q->connection->command = q;
    s->command = q;
    client_session_deadline(&s->base, q->timeout_ns);
    connection_use(q->connection);
    return q->ended ? leave(q) : STRESSOR_PENDING;
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    struct command *q = exec->host->scratch(exec, sizeof *q);
    if (q == NULL)
        return outcome_no_memory(exec, &result->failure);
    *q = (struct command){.exec = exec,
                          .place = exec->place,
                          .session = exec->session_data,
                          .result = {.size = sizeof q->result}};
    q->began_ns = q->session->base.worker->loop->now();
    exec->data = q;
    int32_t status = begin(q);
    if (status != STRESSOR_PENDING)
        *result = q->result;
    return status;
}

static void cancel(stressor_exec *exec)
{
    struct command *q = exec->data;
    command_fail(q, STRESSOR_CANCELLED, "cancelled", "the command was cancelled");
    connection_close(q->connection);
    command_settle(q->session);
}

const stressor_activity_type redis_command = {
    .size = sizeof redis_command,
    .name = "RedisCommand",
    .help = "Send a command, or a pipeline of commands, to Redis",
    .args = redis_args,
    .args_count = ARGS_COUNT,
    .groups = redis_groups,
    .groups_count = GROUPS_COUNT,
    .descriptors_per_session = 1,
    .prepare = place_prepare,
    .release = place_release,
    .start = start,
    .cancel = cancel,
};
