#include "redis.h"

#include <client/args.h>

#define WORDS (STRESSOR_ARG_STRING | STRESSOR_ARG_INT | STRESSOR_ARG_FLOAT)

ARG(command, .name = "command", .types = STRESSOR_ARG_LIST, .items = WORDS,
    .help = "the command and its arguments, such as [SET, key, $(value)]");
ARG(pipeline, .name = "pipeline", .types = STRESSOR_ARG_LIST, .items = STRESSOR_ARG_LIST,
    .help = "several commands that are sent together; the result is the list of their replies");
ARG(address, .name = "address", .types = STRESSOR_ARG_STRING,
    .help = "HOST:PORT, [IPV6]:PORT, or the path of a socket; by default config.redis_address");
ARG(auth, .name = "auth", .types = STRESSOR_ARG_STRING | STRESSOR_ARG_LIST,
    .items = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_SECRET,
    .help = "the password, or [name, password]; by default config.redis_auth");
ARG(database, .name = "database", .types = STRESSOR_ARG_INT, .min = 0, .max = 1000000,
    .help = "the number of the database; by default config.redis_database");
ARG(timeout, .name = "timeout", .types = STRESSOR_ARG_DURATION, .min = 0, .max = DURATION_MAX,
    .help = "how long it may take, connecting included; 0: for ever; by default "
            "config.redis_timeout");
ARG(assert_reply, .name = "assert_reply", .types = STRESSOR_ARG_ANY,
    .help = "what the reply must be: a text is a regular expression that must match where the "
            "reply's text begins, anything else but null must be equal");
ARG(assert_error, .name = "assert_error", .types = STRESSOR_ARG_STRING,
    .help = "how the error reply must begin that has to come, such as WRONGTYPE");

const stressor_arg *const redis_args[ARGS_COUNT] = {
    [ARG_COMMAND] = &command,           [ARG_PIPELINE] = &pipeline,
    [ARG_ADDRESS] = &address,           [ARG_AUTH] = &auth,
    [ARG_DATABASE] = &database,         [ARG_TIMEOUT] = &timeout,
    [ARG_ASSERT_REPLY] = &assert_reply, [ARG_ASSERT_ERROR] = &assert_error,
};

static const char *const what_names[] = {"command", "pipeline", NULL};
static const stressor_arg_group what = {
    .size = sizeof what, .kind = STRESSOR_GROUP_EXACTLY_ONE, .names = what_names};

const stressor_arg_group *const redis_groups[GROUPS_COUNT] = {&what};

ARG(config_address, .name = "redis_address", .types = STRESSOR_ARG_STRING,
    .fallback = "127.0.0.1:6379",
    .help = "the Redis server of commands that name none: HOST:PORT, [IPV6]:PORT, or the path of a "
            "socket");
ARG(config_auth, .name = "redis_auth", .types = STRESSOR_ARG_STRING | STRESSOR_ARG_LIST,
    .items = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_SECRET,
    .help = "the password of that server, or [name, password]");
ARG(config_database, .name = "redis_database", .types = STRESSOR_ARG_INT, .min = 0, .max = 1000000,
    .fallback = "0", .help = "the number of the database of commands that name none");
ARG(config_timeout, .name = "redis_timeout", .types = STRESSOR_ARG_DURATION, .min = 0,
    .max = DURATION_MAX, .fallback = "30",
    .help = "how long a command may take that has no timeout of its own, connecting included; 0: "
            "for ever");
ARG(config_max_reply, .name = "redis_max_reply", .types = STRESSOR_ARG_INT, .min = 1, .max = 1e12,
    .fallback = "67108864", .help = "bytes that the replies to a command may take in memory");

SETTING(setting_address, config_address);
SETTING(setting_auth, config_auth);
SETTING(setting_database, config_database);
SETTING(setting_timeout, config_timeout);
SETTING(setting_max_reply, config_max_reply);

const stressor_setting *const redis_settings[SETTINGS_COUNT] = {
    [SETTING_ADDRESS] = &setting_address,     [SETTING_AUTH] = &setting_auth,
    [SETTING_DATABASE] = &setting_database,   [SETTING_TIMEOUT] = &setting_timeout,
    [SETTING_MAX_REPLY] = &setting_max_reply,
};
