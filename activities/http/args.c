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
ARG(assert_html, .name = "assert_html", .types = STRESSOR_ARG_MAP, .keys = STRESSOR_ARG_XPATH,
    .items = STRESSOR_ARG_BOOL | STRESSOR_ARG_REGEX,
    .help = "what an HTML answer holds, by XPath from the root element: true, it is there; false, "
            "it is not; a regex that its text holds");
ARG(store_header, .name = "store_header", .types = STRESSOR_ARG_MAP, .items = STRESSOR_ARG_STRING,
    .help = "headers of the answer to store as context variables: variable to header");
ARG(multipart, .name = "multipart", .types = STRESSOR_ARG_MAP | STRESSOR_ARG_LIST,
    .help = "the body as multipart/form-data, a map or a list of pairs: texts, or {file: PATH} "
            "beneath the scenario's folder, or {text: TEXT}, with name (of the file) and type");
static const char *const compressions[] = {"gzip", NULL};
ARG(compress, .name = "compress", .types = STRESSOR_ARG_STRING, .choices = compressions,
    .help = "compress the body");
static const char *const http_versions[] = {"1.1", "2", NULL};
ARG(http_version, .name = "http_version", .types = STRESSOR_ARG_FLOAT, .choices = http_versions,
    .help = "1.1, or 2: over TLS if the server can, else without asking; header names are in "
            "small letters then; a connection that the session has is used as it is; left out: "
            "config.http_version");
ARG(client_cert, .name = "client_cert", .types = STRESSOR_ARG_STRING,
    .help = "a PEM file with the client's certificate; left out: config.client_cert");
ARG(client_key, .name = "client_key", .types = STRESSOR_ARG_STRING,
    .help = "a PEM file with its key; left out: it stands in that of the certificate");
#define PROXY_PATTERN "\\Z|(?i:https?|socks4a?|socks5h?)://[^/?#]"
ARG(proxy, .name = "proxy", .types = STRESSOR_ARG_STRING | STRESSOR_ARG_NULL,
    .pattern = PROXY_PATTERN, .pattern_help = "a proxy such as http://host:3128, or '' for none",
    .help = "the proxy's URL; '' or null for none; left out: config.proxy");
ARG(resolve, .name = "resolve", .types = STRESSOR_ARG_LIST, .items = STRESSOR_ARG_STRING,
    .help = "HOST:PORT:ADDRESS entries: where to connect for that host and port; left out: "
            "config.resolve");
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
    [ARG_ASSERT_HTML] = &assert_html,
    [ARG_STORE_HEADER] = &store_header,
    [ARG_MULTIPART] = &multipart,
    [ARG_COMPRESS] = &compress,
    [ARG_HTTP_VERSION] = &http_version,
    [ARG_CLIENT_CERT] = &client_cert,
    [ARG_CLIENT_KEY] = &client_key,
    [ARG_PROXY] = &proxy,
    [ARG_RESOLVE] = &resolve,
    [ARG_METHOD] = &method,
};

/* One body: multipart is a kind of its own. */
static const char *const data_or_parts[] = {"data", "multipart", NULL};
static const char *const json_or_parts[] = {"json", "multipart", NULL};
static const stressor_arg_group data_group = {
    .size = sizeof data_group, .kind = STRESSOR_GROUP_AT_MOST_ONE, .names = data_or_parts};
static const stressor_arg_group json_group = {
    .size = sizeof json_group, .kind = STRESSOR_GROUP_AT_MOST_ONE, .names = json_or_parts};

const stressor_arg_group *const http_groups[HTTP_GROUPS_COUNT] = {&data_group, &json_group};

#define SHARED_ARGS                                                                                \
    [ARG_PARAMS] = &params, [ARG_DATA] = &data, [ARG_JSON] = &json, [ARG_HEADERS] = &headers,      \
    [ARG_AUTH] = &auth, [ARG_VERIFY] = &verify, [ARG_ASSERT_STATUS] = &assert_status,              \
    [ARG_ASSERT_MATCH_HEADERS] = &assert_match_headers, [ARG_ASSERT_JSON] = &assert_json,          \
    [ARG_ASSERT_HTML] = &assert_html, [ARG_STORE_HEADER] = &store_header,                          \
    [ARG_MULTIPART] = &multipart, [ARG_COMPRESS] = &compress, [ARG_HTTP_VERSION] = &http_version,  \
    [ARG_CLIENT_CERT] = &client_cert, [ARG_CLIENT_KEY] = &client_key, [ARG_PROXY] = &proxy,        \
    [ARG_RESOLVE] = &resolve

ARG(url_list, .name = "url_list", .types = STRESSOR_ARG_LIST, .items = STRESSOR_ARG_STRING,
    .flags = STRESSOR_ARG_REQUIRED,
    .help = "where to: URLs, each absolute or relative to base_url; every one is tried");
ARG(thread_count, .name = "thread_count", .types = STRESSOR_ARG_INT, .fallback = "1", .min = 1,
    .max = STATIC_THREADS_MAX, .help = "how many of them at once");

const stressor_arg *const http_static_args[ARGS_COUNT] = {
    [ARG_URL_LIST] = &url_list,
    SHARED_ARGS,
    [ARG_TIMEOUT] = &timeout,
    [ARG_THREAD_COUNT] = &thread_count,
};

ARG(poll_timeout, .name = "timeout", .types = STRESSOR_ARG_DURATION, .min = 0, .max = 1e9,
    .help = "how long to poll at most, the last request included; config.request_timeout bounds "
            "each request");
ARG(interval, .name = "interval", .types = STRESSOR_ARG_DURATION, .fallback = "1", .min = 0,
    .max = 1e9, .help = "from the start of one request to the start of the next");
ARG(max_polls, .name = "max_polls", .types = STRESSOR_ARG_INT, .min = 1, .max = 1e9,
    .help = "how many requests at most; left out: 60, or any number where there is a timeout");

const stressor_arg *const http_poll_args[POLL_ARGS_COUNT] = {
    [ARG_URL] = &url,
    SHARED_ARGS,
    [ARG_TIMEOUT] = &poll_timeout,
    [ARG_INTERVAL] = &interval,
    [ARG_MAX_POLLS] = &max_polls,
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

ARG(set_http_version, .name = "http_version", .types = STRESSOR_ARG_FLOAT, .fallback = "1.1",
    .choices = http_versions,
    .help = "1.1, or 2: over TLS if the server can, else without asking; header names are in "
            "small letters then");
ARG(set_client_cert, .name = "client_cert", .types = STRESSOR_ARG_STRING,
    .help = "a PEM file with the client's certificate");
ARG(set_client_key, .name = "client_key", .types = STRESSOR_ARG_STRING,
    .help = "a PEM file with its key; left out: it stands in that of the certificate");
ARG(set_proxy, .name = "proxy", .types = STRESSOR_ARG_STRING | STRESSOR_ARG_NULL,
    .pattern = PROXY_PATTERN, .pattern_help = "a proxy such as http://host:3128, or '' for none",
    .help = "the proxy's URL; '' or null for none; left out: the environment's http_proxy, "
            "https_proxy, all_proxy and no_proxy");
ARG(set_resolve, .name = "resolve", .types = STRESSOR_ARG_LIST, .items = STRESSOR_ARG_STRING,
    .help = "HOST:PORT:ADDRESS entries: where to connect for that host and port");
static const char *const reuses[] = {"session", "request", NULL};
ARG(connection_reuse, .name = "connection_reuse", .types = STRESSOR_ARG_STRING, .choices = reuses,
    .fallback = "session",
    .help = "session: each session keeps its connections; request: each request has a new one");
static const char *const tls_versions[] = {"1.0", "1.1", "1.2", "1.3", NULL};
ARG(tls_min_version, .name = "tls_min_version", .types = STRESSOR_ARG_FLOAT,
    .choices = tls_versions, .help = "the oldest TLS to speak");
ARG(dns_ttl, .name = "dns_ttl", .types = STRESSOR_ARG_DURATION, .fallback = "60", .min = 0,
    .max = 1e9,
    .help = "how long the address of a name is used for new connections; 0: looked up for each");

const stressor_arg *const http_options[OPTIONS_COUNT] = {
    [OPTION_HTTP_VERSION] = &set_http_version, [OPTION_CLIENT_CERT] = &set_client_cert,
    [OPTION_CLIENT_KEY] = &set_client_key,     [OPTION_PROXY] = &set_proxy,
    [OPTION_RESOLVE] = &set_resolve,           [OPTION_CONNECTION_REUSE] = &connection_reuse,
    [OPTION_TLS_MIN] = &tls_min_version,       [OPTION_DNS_TTL] = &dns_ttl,
};

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
SETTING(setting_http_version, "config", set_http_version);
SETTING(setting_client_cert, "config", set_client_cert);
SETTING(setting_client_key, "config", set_client_key);
SETTING(setting_proxy, "config", set_proxy);
SETTING(setting_resolve, "config", set_resolve);
SETTING(setting_reuse, "config", connection_reuse);
SETTING(setting_tls_min, "config", tls_min_version);
SETTING(setting_dns_ttl, "config", dns_ttl);

const stressor_setting *const http_settings[HTTP_SETTINGS_COUNT] = {
    &setting_base_url, &setting_timeout,      &setting_max_body,    &setting_basic_auth,
    &setting_verify,   &setting_http_version, &setting_client_cert, &setting_client_key,
    &setting_proxy,    &setting_resolve,      &setting_reuse,       &setting_tls_min,
    &setting_dns_ttl};
