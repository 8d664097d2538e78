#include "activity.h"

/* The arguments of the request types, and the keys of the scenario's sections that are ours. */

#define ARG(NAME, ...) static const stressor_arg NAME = {.size = sizeof(stressor_arg), __VA_ARGS__}

ARG(url, .name = "url", .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_REQUIRED,
    .help = "where to: absolute, or relative to base_url");
ARG(params, .name = "params", .types = STRESSOR_ARG_MAP | STRESSOR_ARG_LIST,
    .help = "query parameters, a map or a list of pairs, added to those of the url");
ARG(data, .name = "data", .types = STRESSOR_ARG_MAP | STRESSOR_ARG_LIST | STRESSOR_ARG_STRING,
    .help = "the body: a map or a list of pairs as a form, a text as it is");
ARG(json, .name = "json", .types = STRESSOR_ARG_ANY, .help = "the body: any value as JSON");
static const char *const secret_headers[] = {"Authorization", "Cookie", "Proxy-Authorization",
                                             NULL};
ARG(headers, .name = "headers", .types = STRESSOR_ARG_MAP, .secret_keys = secret_headers,
    .help = "headers by name; null leaves a default one out");
ARG(auth, .name = "auth", .types = STRESSOR_ARG_LIST | STRESSOR_ARG_NULL,
    .flags = STRESSOR_ARG_SECRET,
    .help = "[name, password] for basic authentication; null for none at all");
ARG(timeout, .name = "timeout", .types = STRESSOR_ARG_DURATION, .min = 0, .max = 1e9,
    .help = "how long the whole request may take; left out: config.request_timeout");
ARG(verify, .name = "verify", .types = STRESSOR_ARG_BOOL | STRESSOR_ARG_STRING,
    .help = "check certificates, or a file of CA certificates; left out: sessions.verify_ssl");
ARG(assert_status, .name = "assert_status", .types = STRESSOR_ARG_INT | STRESSOR_ARG_LIST,
    .items = STRESSOR_ARG_INT,
    .help = "the status, or a list of those, that is right; left out: anything below 400");
ARG(assert_match_headers, .name = "assert_match_headers", .types = STRESSOR_ARG_REGEX,
    .help = "what the text of the headers, {'Name': 'value', …}, begins with");
ARG(assert_json, .name = "assert_json", .types = STRESSOR_ARG_MAP, .keys = STRESSOR_ARG_PATH,
    .items = STRESSOR_ARG_ANY,
    .help = "what the parts of a JSON answer are: a text is a regex, the rest is compared");
ARG(method, .name = "method", .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_REQUIRED,
    .help = "GET, POST or another method, in any case of letters");

const stressor_arg *const http_args[ARGS_COUNT] = {
    [ARG_URL] = &url,
    [ARG_PARAMS] = &params,
    [ARG_DATA] = &data,
    [ARG_JSON] = &json,
    [ARG_HEADERS] = &headers,
    [ARG_AUTH] = &auth,
    [ARG_TIMEOUT] = &timeout,
    [ARG_VERIFY] = &verify,
    [ARG_ASSERT_STATUS] = &assert_status,
    [ARG_ASSERT_MATCH_HEADERS] = &assert_match_headers,
    [ARG_ASSERT_JSON] = &assert_json,
    [ARG_METHOD] = &method,
};

ARG(base_url, .name = "base_url", .types = STRESSOR_ARG_STRING, .pattern = "(?i)https?://[^/?#]",
    .pattern_help = "an absolute http:// or https:// URL",
    .help = "what relative URLs are relative to");
ARG(request_timeout, .name = "request_timeout", .types = STRESSOR_ARG_DURATION, .min = 0,
    .max = 1e9, .help = "how long a request may take that has no timeout of its own");
ARG(max_body_size, .name = "max_body_size", .types = STRESSOR_ARG_INT, .fallback = "67108864",
    .min = 1, .max = 1e15, .help = "bytes that the body of an answer may have");
ARG(basic_auth, .name = "basic_auth", .types = STRESSOR_ARG_BOOL, .fallback = "false",
    .help = "send the user's name and password with every request");
ARG(verify_ssl, .name = "verify_ssl", .types = STRESSOR_ARG_BOOL, .fallback = "true",
    .help = "check the certificates of servers");

const stressor_arg *const http_timeout_setting = &request_timeout;
const stressor_arg *const http_max_body_setting = &max_body_size;

#define SETTING(NAME, SECTION, ARG)                                                                \
    static const stressor_setting NAME = {                                                         \
        .size = sizeof(stressor_setting), .section = SECTION, .arg = &(ARG)}

SETTING(setting_base_url, "config", base_url);
SETTING(setting_timeout, "config", request_timeout);
SETTING(setting_max_body, "config", max_body_size);
SETTING(setting_basic_auth, "sessions", basic_auth);
SETTING(setting_verify, "sessions", verify_ssl);

const stressor_setting *const http_settings[HTTP_SETTINGS_COUNT] = {
    &setting_base_url, &setting_timeout, &setting_max_body, &setting_basic_auth, &setting_verify};
