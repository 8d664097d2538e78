/*
 * Any bytes as the answer of a server: libcurl reads them from a socket as the transport would, and
 * what the HTTP activities make of its headers and body is checked: the map of headers and its text
 * form, which assert_match_headers sees, the masked form, the log, the body as UTF-8.
 *
 * Scratch memory and the text of values are the host's, so one endless run of one session feeds the
 * inputs, one for each execution, on its worker's thread.
 */
#include <errno.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <curl/curl.h>
#include <stressor/stressor.h>

#include "activity.h"
#include "answer.h"
#include "assert.h"
#include "charset.h"
#include "curl_private.h"

enum { INPUT_MAX = 100000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* --- the text form, read back -------------------------------------------------------------- */

static const char *take(const char *p, const char *what)
{
    size_t length = strlen(what);
    require(strncmp(p, what, length) == 0);
    return p + length;
}

/* Bytes that the character behind a backslash may stand for at `at`; 0: none of them are there. */
static size_t escaped_length(const char **p, struct span at)
{
    static const char plain[] = "n\nr\rt\t\\\\''\"\"";
    size_t digits = **p == 'x' ? 2 : **p == 'u' ? 4 : **p == 'U' ? 8 : 0;
    for (const char *q = plain; digits == 0 && *q != '\0'; q += 2)
        if (**p == *q) {
            ++*p;
            return at.length > 0 && at.ptr[0] == q[1];
        }
    char number[9] = "", utf8[5] = "";
    require(digits > 0 && strnlen(*p, digits + 1) > digits);
    memcpy(number, *p + 1, digits);
    *p += digits + 1;
    uint32_t c = (uint32_t)strtoul(number, NULL, 16);
    if (digits == 2 && at.length > 0 && (unsigned char)at.ptr[0] == c)
        return 1; /* a byte that is no UTF-8, or ASCII */
    if (c < 0x800)
        snprintf(utf8, sizeof utf8, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 0x3f)));
    else if (c < 0x10000)
        snprintf(utf8, sizeof utf8, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3f)),
                 (int)(0x80 | (c & 0x3f)));
    else
        snprintf(utf8, sizeof utf8, "%c%c%c%c", (int)(0xf0 | c >> 18),
                 (int)(0x80 | (c >> 12 & 0x3f)), (int)(0x80 | (c >> 6 & 0x3f)),
                 (int)(0x80 | (c & 0x3f)));
    size_t length = strlen(utf8);
    return at.length >= length && memcmp(at.ptr, utf8, length) == 0 ? length : 0;
}

/* Takes a quoted text that must stand for `expected`. */
static const char *take_quoted(const char *p, struct span expected)
{
    char quote = *p++;
    require(quote == '\'' || quote == '"');
    while (*p != quote) {
        size_t length = 1;
        require((unsigned char)*p >= ' ' && *p != 0x7f);
        if (*p == '\\') {
            p++;
            length = escaped_length(&p, expected);
            require(length > 0);
        } else {
            require(expected.length > 0 && *p++ == expected.ptr[0]);
        }
        expected.ptr += length;
        expected.length -= length;
    }
    require(expected.length == 0);
    return p + 1;
}

struct line {
    struct span name, value;
};

static size_t collect(struct http_call *c, struct line lines[TRANSPORT_HEADER_LINES_MAX])
{
    void *cursor = NULL;
    const char *name, *value;
    size_t n = 0;
    while (n < TRANSPORT_HEADER_LINES_MAX && transport_header(c->exchange, &cursor, &name, &value))
        lines[n++] = (struct line){span_of(name), span_of(value)};
    return n;
}

static bool is_repeated(const struct line *lines, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (span_equal_nocase(lines[k].name, lines[i].name))
            return true;
    return false;
}

static void check_text(struct http_call *c, bool mask, const char *p)
{
    static struct line lines[TRANSPORT_HEADER_LINES_MAX];
    size_t count = collect(c, lines);
    bool first = true;
    struct buf joined;
    buf_init(&joined, INPUT_MAX * 4);
    p = take(p, "{");
    for (size_t i = 0; i < count; i++) {
        if (lines[i].name.length == 0 || is_repeated(lines, i)) /* libcurl gives ": x" too */
            continue;
        buf_clear(&joined);
        buf_append_span(&joined, lines[i].value);
        for (size_t k = i + 1; k < count; k++)
            if (span_equal_nocase(lines[i].name, lines[k].name)) {
                buf_append_text(&joined, ", ");
                buf_append_span(&joined, lines[k].value);
            }
        require(!joined.failed);
        bool hidden = mask && answer_is_secret_header(lines[i].name);
        p = first ? p : take(p, ", ");
        p = take_quoted(p, lines[i].name);
        p = take(p, ": ");
        p = take_quoted(p, hidden ? span_of("***") : buf_span(&joined));
        first = false;
    }
    require(strcmp(take(p, "}"), "") == 0);
    buf_finish(&joined);
}

static void check_headers(struct http_call *c, const struct transport_response *response)
{
    for (int mask = 0; mask < 2; mask++) {
        stressor_value headers, text;
        require(answer_headers(c, mask != 0, &headers) == 0);
        require(c->exec->host->value_text(c->exec, &headers, &text) == 0);
        char *copy = strndup(text.as.string.ptr, text.as.string.length);
        require(copy != NULL && strlen(copy) == text.as.string.length);
        check_text(c, mask != 0, copy);
        free(copy);
    }
    stressor_failure failure = {0};
    require(assert_headers(c, response, &failure) == STRESSOR_FAILED);
    require(failure.category == STRESSOR_ASSERTION && failure.length > 0);
    answer_log(c, response);
}

static void check_body(struct http_call *c, const struct transport_response *response)
{
    struct span body = buf_span(&c->answer), text;
    require(answer_text(c, response, &text));
    require(charset_is_utf8(text));
    bool has_mark = body.length >= 3 && memcmp(body.ptr, "\xef\xbb\xbf", 3) == 0;
    if (response->content_type == NULL && !has_mark && charset_is_utf8(body))
        require(span_equal(body, text));
}

/* --- the answer through libcurl ------------------------------------------------------------ */

static size_t on_body(char *bytes, size_t size, size_t count, void *answer)
{
    return buf_append(answer, bytes, size * count) ? size * count : 0;
}

/* False: it was no answer. */
static bool receive(CURL *easy, const char *socket_name, struct http_call *c,
                    struct transport_response *response)
{
    char *content_type = NULL;
    long status = 0;
    curl_easy_setopt(easy, CURLOPT_URL, "http://fuzz/");
    curl_easy_setopt(easy, CURLOPT_ABSTRACT_UNIX_SOCKET, socket_name);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &c->answer);
    CURLcode code = curl_easy_perform(easy);
    require(code != CURLE_COULDNT_CONNECT && code != CURLE_OUT_OF_MEMORY);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &content_type);
    response->status = (int)status;
    response->content_type = content_type;
    return status != 0;
}

/* A socket that the kernel names, and that no other process finds by chance. */
static int listen_somewhere(char name[sizeof(struct sockaddr_un)])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t length = sizeof address.sun_family;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    require(fd >= 0 && bind(fd, (struct sockaddr *)&address, length) == 0 && listen(fd, 1) == 0);
    length = sizeof address;
    require(getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    size_t count = length - offsetof(struct sockaddr_un, sun_path) - 1;
    memcpy(name, address.sun_path + 1, count);
    name[count] = '\0';
    return fd;
}

/* The socket is still open for the request: closed both ways, libcurl takes it for a refusal. */
static int serve(int listener, const uint8_t *data, size_t size)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0)
        require(errno == EINTR); /* libFuzzer has a timer */
    for (size_t sent = 0; sent < size;) {
        ssize_t n = send(fd, data + sent, size - sent, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            break; /* the client has seen enough */
        sent += n > 0 ? (size_t)n : 0;
    }
    shutdown(fd, SHUT_WR);
    return fd;
}

/* --- the endless run ----------------------------------------------------------------------- */

static struct {
    stressor_engine *engine;
    stressor_plan *plan;
    stressor_run *run;
    sem_t ready, done;
    int listener;
    char socket_name[sizeof(struct sockaddr_un)];
    bool ending;
    struct http_plugin plugin;
    struct http_place place;
} feed;

static void examine(stressor_exec *exec)
{
    /* A new one each time: libcurl 7.88 keeps a pointer to the last header of the answer before,
     * which a line that begins with a space would be appended to. */
    struct transport_exchange exchange = {.easy = curl_easy_init()};
    struct http_call c = {
        .exec = exec, .place = &feed.place, .exchange = &exchange, .url_secret = true};
    struct transport_response response = {.detail = ""};
    require(exchange.easy != NULL);
    c.request.method = "GET";
    buf_init(&exchange.sent, 1);
    buf_init(&c.answer, 4 * INPUT_MAX);
    buf_init(&c.text, 16 * INPUT_MAX);
    if (receive(exchange.easy, feed.socket_name, &c, &response)) {
        check_headers(&c, &response);
        check_body(&c, &response);
    }
    curl_easy_cleanup(exchange.easy);
    buf_finish(&c.answer);
    buf_finish(&c.text);
}

static int32_t feed_start(stressor_exec *exec, stressor_result *result)
{
    (void)result;
    while (sem_wait(&feed.ready) != 0)
        continue;
    if (!feed.ending)
        examine(exec);
    sem_post(&feed.done);
    return STRESSOR_DONE;
}

static int32_t feed_init(const stressor_host *host, void **data)
{
    char error[100];
    struct http_plugin *p = &feed.plugin;
    (void)data;
    p->host = host;
    p->regex = host->extension(host, STRESSOR_REGEX_1);
    feed.place.plugin = p;
    /* The text begins with a brace: this says what a mismatch says, which shows the headers. */
    feed.place.headers_regex =
        p->regex->compile("x", 1, STRESSOR_REGEX_AT_START, error, sizeof error);
    return feed.place.headers_regex != NULL ? 0 : STRESSOR_ENOMEM;
}

static void feed_fini(void *data)
{
    (void)data;
    feed.plugin.regex->free(feed.place.headers_regex);
}

static const stressor_activity_type feed_type = {.size = sizeof feed_type,
                                                 .name = "Feed",
                                                 .help = "Takes the next input",
                                                 .args = http_args,
                                                 .args_count = ARGS_COUNT,
                                                 .start = feed_start};
static const stressor_activity_type *const types[] = {&feed_type};
static const stressor_plugin plugin = {
    .size = sizeof plugin,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "fuzz",
    .version = "1.0.0",
    .help = "Takes inputs",
    .activities = types,
    .activities_count = 1,
    .init = feed_init,
    .fini = feed_fini,
};

static const stressor_plugin *entry(void)
{
    return &plugin;
}

/* Bytes of a server must not move a terminal's cursor. */
static void on_log(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                   uint64_t length)
{
    (void)data;
    (void)level;
    (void)time_wall_ns;
    for (uint64_t i = 0; i < length; i++)
        require((unsigned char)text[i] >= ' ' && text[i] != 0x7f);
}

static void feed_close(void)
{
    stressor_run_stop(feed.run, STRESSOR_STOP_NOW);
    feed.ending = true;
    sem_post(&feed.ready);
    stressor_run_free(feed.run);
    stressor_plan_free(feed.plan);
    stressor_engine_free(feed.engine);
    transport_global_finish();
    close(feed.listener);
}

static void feed_open(void)
{
    static const char yaml[] =
        "file_version: stressor#0\n"
        "scenario: [{sequence: main, repeat: 1000000000000}]\n"
        "sequences: {main: [{activity: Feed, url: /, method: GET, assert_match_headers: x}]}\n";
    static const stressor_plugin_entry builtins[] = {entry, NULL};
    const stressor_engine_options options = {.size = sizeof options,
                                             .log_level = STRESSOR_LOG_INFO,
                                             .log = on_log,
                                             .builtin_plugins = builtins};
    stressor_run_options run;
    stressor_run_options_init(&run);
    run.workers = 1;
    require(sem_init(&feed.ready, 0, 0) == 0 && sem_init(&feed.done, 0, 0) == 0);
    require(transport_global_init());
    feed.listener = listen_somewhere(feed.socket_name);
    feed.engine = stressor_engine_new(&options);
    require(feed.engine != NULL);
    feed.plan = stressor_load_memory(feed.engine, yaml, sizeof yaml - 1, "feed.yaml", NULL, NULL);
    require(feed.plan != NULL);
    feed.run = stressor_run_start(feed.plan, &run, NULL, 0);
    require(feed.run != NULL);
    atexit(feed_close);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > INPUT_MAX)
        return 0;
    if (feed.run == NULL)
        feed_open();
    sem_post(&feed.ready);
    int fd = serve(feed.listener, data, size);
    while (sem_wait(&feed.done) != 0)
        continue;
    close(fd);
    return 0;
}
