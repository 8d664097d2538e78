/*
 * redis -- what the files of the plugin share: the state of each stage of its life, of a
 * connection, and of one execution of RedisCommand.
 *
 * A session has a connection for each server, user and database that it uses, and one command, or
 * pipeline, at a time. A command that is given up (timeout, stop) takes its connection with it.
 */
#ifndef REDIS_REDIS_H
#define REDIS_REDIS_H

#include <stdbool.h>

#include <hiredis/async.h>

#include <client/client.h>
#include <client/mask.h>
#include <client/place.h>
#include <client/resolver.h>
#include <stressor/loop.h>
#include <stressor/plugin.h>

enum {
    CONNECTIONS_MAX = 4,   /* of a session; the one unused for longest makes room */
    PIPELINE_MAX = 10000,  /* commands */
    MESSAGE_MAX = 1024,    /* bytes of a server's message that are shown */
    ADDRESS_MAX = 512,     /* bytes of an address */
    CREDENTIAL_MAX = 1024, /* bytes of a name or a password */
    KIND_MAX = 32
};

/* In the order of the table in args.c. */
enum redis_arg {
    ARG_COMMAND,
    ARG_PIPELINE,
    ARG_ADDRESS,
    ARG_AUTH,
    ARG_DATABASE,
    ARG_TIMEOUT,
    ARG_ASSERT_REPLY,
    ARG_ASSERT_ERROR,
    ARGS_COUNT
};

/* Keys of `config`, in the order of the table in args.c. */
enum redis_setting {
    SETTING_ADDRESS,
    SETTING_AUTH,
    SETTING_DATABASE,
    SETTING_TIMEOUT,
    SETTING_MAX_REPLY,
    SETTINGS_COUNT
};

enum { GROUPS_COUNT = 1 };

extern const stressor_arg *const redis_args[ARGS_COUNT];
extern const stressor_arg_group *const redis_groups[GROUPS_COUNT];
extern const stressor_setting *const redis_settings[SETTINGS_COUNT];
extern const stressor_activity_type redis_command;

struct redis {
    struct client client;
    int64_t connections_metric, commands_metric;
};

struct redis_session {
    struct client_session base;     /* its deadline is that of the command under way */
    struct connection *connections; /* the one used last is first */
    struct command *command;        /* NULL: none */
};

/* Where to and as whom. */
struct server {
    char address[ADDRESS_MAX]; /* a host without its port, or a path */
    bool is_path;
    int port;
    char name[CREDENTIAL_MAX], password[CREDENTIAL_MAX]; /* empty: none */
    bool has_password;
    int64_t database;
};

struct connection {
    struct connection *next;
    struct redis_session *session;
    struct server server;
    redisAsyncContext *ac; /* NULL: closed */
    stressor_watch *watch;
    uint32_t events;  /* enum stressor_event: what hiredis waits for */
    bool watch_broke; /* they could not be waited for */
    bool connected;
    bool refused; /* the login or the database was */
    struct resolver_wait wait;
    struct resolver_answer addresses;
    size_t next_address;
    int setup_left;                         /* replies to AUTH and SELECT that have to come */
    struct command *command;                /* that uses it; NULL: none */
    const redisReplyObjectFunctions *plain; /* hiredis' own */
    uint64_t reply_bytes;                   /* of the replies to it, as they lie in memory */
    uint64_t max_reply;
    bool too_large;
    int64_t began_ns;
    char error[160]; /* why it was closed */
};

/* One execution; in its scratch. */
struct command {
    stressor_exec *exec;
    const struct place *place;
    struct redis_session *session;
    struct connection *connection; /* NULL: not yet */
    struct mask mask;
    bool is_pipeline;
    uint64_t count, replies; /* commands; those answered */
    stressor_builder *builder;
    int64_t timeout_ns; /* 0: none */
    uint64_t max_reply;
    int64_t connect_ns; /* 0: the connection was there */
    int64_t began_ns;
    const char *error; /* the first error reply; NULL: none */
    uint64_t error_at; /* which command got it */
    bool ended;
    stressor_result result;
};

static inline struct redis *session_plugin(const struct redis_session *s)
{
    return s->base.worker->plugin;
}

static inline const stressor_value *command_arg(const struct command *q, enum redis_arg arg)
{
    return &q->exec->args[arg];
}

/* An argument, or the setting that stands for it where it is left out; null where there is neither.
 * 0, or STRESSOR_FAILED with the result's failure filled in. */
static inline int32_t arg_or_setting(struct command *q, enum redis_arg arg,
                                     enum redis_setting setting, stressor_value *out)
{
    return place_arg(q->place, q->exec, arg, setting, out, &q->result.failure);
}

/* --- server.c ------------------------------------------------------------------------------ */

/* What prepare can say of the arguments: 0, or that of host->problem. [main] */
int32_t server_check(stressor_prepare *prepare);
/* 0, or STRESSOR_FAILED with the result's failure filled in. */
int32_t server_read(struct command *q, struct server *server);
bool server_equal(const struct server *a, const struct server *b);

/* --- connection.c: [worker] ---------------------------------------------------------------- */

/* The session's connection to that server, made when there is none. NULL: out of memory. */
struct connection *connection_find(struct redis_session *s, const struct server *server);
void connection_free(struct connection *c);
void connection_close(struct connection *c); /* the command stays with it */
/* Sends the command, after connecting where that is needed. The command may fail in it. */
void connection_use(struct connection *c);

/* --- attach.c: hiredis on the worker's loop ------------------------------------------------ */

/* False: out of memory or descriptors; the context is still the caller's. */
bool attach(struct connection *c, redisAsyncContext *ac);
/* What is to be done once hiredis has returned; in connection.c. */
void connection_turned(struct connection *c);

/* --- command.c ----------------------------------------------------------------------------- */

/* Hands its commands to hiredis. False: it takes none. */
bool command_send(struct command *q);
/* Completes the session's command if it has ended. Last in whatever the loop calls. */
void command_settle(struct redis_session *s);
/* All replies are there. */
void command_answered(struct command *q);
/* Ends it with a failure whose text is formatted; the first failure stays. */
STRESSOR_PRINTF(4, 5)
void command_fail(struct command *q, uint32_t category, const char *kind, const char *format, ...);

/* --- reply.c ------------------------------------------------------------------------------- */

/* Adds a reply to the command's result. */
void reply_add(struct command *q, const redisReply *reply);
/* A line of the server's without secrets and control characters, in scratch. */
const char *reply_text(struct command *q, const char *text);
/* Has replies counted against the ceiling while they are read. */
void reply_limit(struct connection *c);

/* check.c: what the scenario expects of the answer. Fills in the failure. */
void check_all(struct command *q);

#endif
