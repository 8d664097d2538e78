/*
 * args -- for the tables in which a plugin declares its arguments and the keys of `config` that
 * stand for them.
 *
 *     ARG(config_timeout, .name = "redis_timeout", .types = STRESSOR_ARG_DURATION, …);
 *     SETTING(setting_timeout, config_timeout);
 */
#ifndef CLIENT_ARGS_H
#define CLIENT_ARGS_H

#include <stressor/plugin.h>

#define ARG(VARIABLE, ...)                                                                         \
    static const stressor_arg VARIABLE = {.size = sizeof VARIABLE, __VA_ARGS__}

#define SETTING(VARIABLE, ARG)                                                                     \
    static const stressor_setting VARIABLE = {                                                     \
        .size = sizeof VARIABLE, .section = "config", .arg = &ARG}

/* Seconds, as large as the host's own. */
#define DURATION_MAX 1000000000.0

#endif
