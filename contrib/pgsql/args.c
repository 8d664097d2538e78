#include "pgsql.h"

#include <client/args.h>

ARG(query, .name = "query", .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_REQUIRED,
    .help = "one SQL statement; $1, $2, … stand for the parameters");
ARG(parameters, .name = "parameters", .types = STRESSOR_ARG_LIST,
    .help = "values for $1, $2, …; lists and maps are sent as JSON");
ARG(connection, .name = "connection", .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_SECRET,
    .help = "the server, as a postgresql:// URI or as key=value text; by default "
            "config.pgsql_connection");
ARG(timeout, .name = "timeout", .types = STRESSOR_ARG_DURATION, .min = 0, .max = DURATION_MAX,
    .help = "how long it may take, connecting included; 0: for ever; by default "
            "config.pgsql_timeout");
ARG(prepare, .name = "prepare", .types = STRESSOR_ARG_BOOL, .fallback = "true",
    .help = "prepare a query without macros once for each connection");
ARG(assert_rows, .name = "assert_rows", .types = STRESSOR_ARG_INT | STRESSOR_ARG_LIST,
    .items = STRESSOR_ARG_INT, .min = 0, .max = 9e15,
    .help = "how many rows there must be, or were changed; [least, most] for a range");
ARG(assert_value, .name = "assert_value", .types = STRESSOR_ARG_MAP, .keys = STRESSOR_ARG_PATH,
    .help = "path to what must be there: a text is a regular expression that must match where the "
            "value's text begins, anything else must be equal");
ARG(assert_error, .name = "assert_error", .types = STRESSOR_ARG_STRING,
    .pattern = "[0-9A-Z]{2}([0-9A-Z]{3})?(?![\\s\\S])", /* JavaScript knows no \Z */
    .pattern_help = "an SQLSTATE such as '23505', or the two characters of its class",
    .help = "the error that must come: its SQLSTATE or class");

const stressor_arg *const sql_args[ARGS_COUNT] = {
    [ARG_QUERY] = &query,
    [ARG_PARAMETERS] = &parameters,
    [ARG_CONNECTION] = &connection,
    [ARG_TIMEOUT] = &timeout,
    [ARG_PREPARE] = &prepare,
    [ARG_ASSERT_ROWS] = &assert_rows,
    [ARG_ASSERT_VALUE] = &assert_value,
    [ARG_ASSERT_ERROR] = &assert_error,
};

ARG(config_connection, .name = "pgsql_connection", .types = STRESSOR_ARG_STRING,
    .flags = STRESSOR_ARG_SECRET,
    .help = "the PostgreSQL server of queries that name none, as a postgresql:// URI or as "
            "key=value text");
ARG(config_timeout, .name = "pgsql_timeout", .types = STRESSOR_ARG_DURATION, .min = 0,
    .max = DURATION_MAX, .fallback = "30",
    .help = "how long a query may take that has no timeout of its own, connecting included; 0: for "
            "ever");
ARG(config_max_result, .name = "pgsql_max_result", .types = STRESSOR_ARG_INT, .min = 1, .max = 1e12,
    .fallback = "67108864", .help = "bytes that the rows of a query may have together");

SETTING(setting_connection, config_connection);
SETTING(setting_timeout, config_timeout);
SETTING(setting_max_result, config_max_result);

const stressor_setting *const sql_settings[SETTINGS_COUNT] = {
    [SETTING_CONNECTION] = &setting_connection,
    [SETTING_TIMEOUT] = &setting_timeout,
    [SETTING_MAX_RESULT] = &setting_max_result,
};
