#include "curl_private.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A line of the head, before libcurl stores it; see head_state. */
static bool may_store(struct transport_exchange *x, const char *line)
{
    if (x->head != HEAD_FIRST || (*line != ' ' && *line != '\t'))
        return true;
    x->stop = TRANSPORT_MALFORMED;
    x->stop_text = HEADER_MALFORMED;
    return false;
}

/* The line has been stored: what comes next? An interim answer (1xx) is followed by another. */
static void go_on(struct transport_exchange *x, const char *line, size_t length)
{
    static const char version[] = "HTTP/";
    if (x->head == HEAD_OVER)
        return;
    if (length > sizeof version && memcmp(line, version, sizeof version - 1) == 0) {
        const char *code = memchr(line, ' ', length);
        x->interim = code != NULL && code + 1 < line + length && code[1] == '1';
        x->head = HEAD_FIRST;
    } else if (*line == '\r' || *line == '\n') {
        x->head = x->interim ? HEAD_MORE : HEAD_OVER;
    } else {
        x->head = HEAD_MORE;
    }
}

static bool stop(struct transport_exchange *x, enum transport_error error, const char *text)
{
    x->stop = error;
    x->stop_text = text;
    return false;
}

/* Bytes of the body as it is meant. */
static bool keep(void *data, const char *bytes, size_t length)
{
    struct transport_exchange *x = data;
    x->body_bytes += length;
    if (x->body_bytes > x->max_body)
        return stop(x, TRANSPORT_BODY_LIMIT, NULL);
    if (x->answer != NULL && !buf_append(x->answer, bytes, length))
        return stop(x, TRANSPORT_MEMORY, NULL);
    return true;
}

static bool decode(struct transport_exchange *x, const char *bytes, size_t length)
{
    switch (decoder_write(x->decoder, bytes, length, keep, x)) {
    case DECODER_OK: return true;
    case DECODER_MEMORY: return stop(x, TRANSPORT_MEMORY, NULL);
    case DECODER_MALFORMED: return stop(x, TRANSPORT_MALFORMED, BODY_MALFORMED);
    default: return false; /* `keep` has said why */
    }
}

/* The body begins. */
static bool open_decoder(struct transport_exchange *x)
{
    struct curl_header *h = NULL;
    bool failed = false;
    x->says_coding = false;
    if (x->applied.curl_decodes ||
        curl_easy_header(x->easy, "Content-Encoding", 0, CURLH_HEADER, -1, &h) != CURLHE_OK)
        return true;
    if (h->amount > 1 || !decoder_new(h->value, &x->decoder, &failed))
        return stop(x, TRANSPORT_MALFORMED, CODING_UNKNOWN);
    return failed ? stop(x, TRANSPORT_MEMORY, NULL) : true;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    struct transport_exchange *x = data;
    size_t length = size * count;
    if (x->head != HEAD_OVER)
        return may_store(x, bytes) ? length : CURL_WRITEFUNC_ERROR;
    if (x->says_coding && !open_decoder(x))
        return CURL_WRITEFUNC_ERROR;
    bool good = x->decoder != NULL ? decode(x, bytes, length) : keep(x, bytes, length);
    return good ? length : CURL_WRITEFUNC_ERROR;
}

static bool says_coding(const char *line, size_t length)
{
    static const char name[] = "Content-Encoding:";
    return length >= sizeof name && strncasecmp(line, name, sizeof name - 1) == 0;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *data)
{
    struct transport_exchange *x = data;
    size_t length = size * count;
    x->head_lines++;
    go_on(x, bytes, length);
    if (length > TRANSPORT_HEADER_BYTES_MAX - x->head_bytes ||
        x->head_lines > TRANSPORT_HEADER_LINES_MAX) {
        x->stop = TRANSPORT_HEAD_LIMIT;
        return CURL_WRITEFUNC_ERROR;
    }
    x->head_bytes += (uint32_t)length;
    x->says_coding |= says_coding(bytes, length);
    if (!cookies_take(x, bytes, length)) {
        x->stop = TRANSPORT_MEMORY;
        return CURL_WRITEFUNC_ERROR;
    }
    return length;
}

static int on_trace(CURL *easy, curl_infotype type, char *bytes, size_t length, void *data)
{
    (void)easy;
    struct transport_exchange *x = data;
    if (type == CURLINFO_HEADER_OUT)
        buf_append(&x->sent, bytes, length);
    return 0;
}

static bool set_up(struct transport_exchange *x)
{
    CURL *easy = x->easy;
    CURLcode rc = CURLE_OK;
#define SET(option, value)                                                                         \
    if (rc == CURLE_OK)                                                                            \
    rc = curl_easy_setopt(easy, option, value)
    SET(CURLOPT_PRIVATE, x);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_ERRORBUFFER, x->detail);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, x);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, x);
    SET(CURLOPT_DEBUGFUNCTION, on_trace);
    SET(CURLOPT_DEBUGDATA, x);
    SET(CURLOPT_OPENSOCKETFUNCTION, loop_open_socket);
    SET(CURLOPT_OPENSOCKETDATA, x);
    SET(CURLOPT_CLOSESOCKETFUNCTION, loop_close_socket);
    SET(CURLOPT_CLOSESOCKETDATA, x->transport);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    SET(CURLOPT_COOKIEFILE, ""); /* the cookies are the share's, but each handle must want them */
    SET(CURLOPT_MAXAGE_CONN, (long)CONNECTION_AGE_MAX);
    SET(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    if (x->transport->looks_at_heads) {
        SET(CURLOPT_HEADER, 1L);
        SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    }
#undef SET
    return rc == CURLE_OK;
}

struct transport_exchange *handle_new(struct transport *t)
{
    struct transport_exchange *x = calloc(1, sizeof *x);
    if (x == NULL)
        return NULL;
    x->transport = t;
    x->applied.verify = true; /* libcurl's own default */
    struct buf *texts[] = {&x->applied.url, &x->applied.name, &x->applied.password,
                           &x->applied.cookie, &x->applied.ca_file};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        buf_init(texts[i], OPTION_BYTES_MAX);
    buf_init(&x->sent, TRACE_BYTES_MAX);
    x->easy = curl_easy_init();
    t->count++;
    if (x->easy == NULL || !set_up(x)) {
        handle_free(x);
        return NULL;
    }
    return x;
}

void handle_free(struct transport_exchange *x)
{
    if (x == NULL)
        return;
    if (x->easy != NULL)
        curl_easy_cleanup(x->easy);
    curl_slist_free_all(x->cookies);
    decoder_free(x->decoder);
    buf_finish(&x->applied.url);
    buf_finish(&x->applied.name);
    buf_finish(&x->applied.password);
    buf_finish(&x->applied.cookie);
    buf_finish(&x->applied.ca_file);
    buf_finish(&x->sent);
    x->transport->count--;
    free(x);
}

bool handle_bind(struct transport_exchange *x, struct transport_session *s)
{
    if (x->session == s)
        return true;
    x->session = s;
    if (curl_easy_setopt(x->easy, CURLOPT_SHARE, s != NULL ? s->share : NULL) != CURLE_OK)
        return false;
    return s == NULL || curl_easy_setopt(x->easy, CURLOPT_USERAGENT, s->agent) == CURLE_OK;
}

/* Gives the handle a text (NULL: none) unless it has just that. */
static bool apply_text(CURL *easy, CURLoption option, struct buf *last, bool *has_last,
                       const char *text)
{
    if (text == NULL) {
        bool had = *has_last;
        *has_last = false;
        return !had || curl_easy_setopt(easy, option, NULL) == CURLE_OK;
    }
    struct span new = span_of(text);
    if (*has_last && span_equal(buf_span(last), new))
        return true;
    buf_clear(last);
    *has_last = true;
    return buf_append_span(last, new) && curl_easy_setopt(easy, option, text) == CURLE_OK;
}

static bool apply_url(struct transport_exchange *x, struct span url)
{
    struct buf *last = &x->applied.url;
    if (span_equal(buf_span(last), url))
        return true;
    buf_clear(last);
    return buf_append_span(last, url) &&
           curl_easy_setopt(x->easy, CURLOPT_URL, url.ptr) == CURLE_OK;
}

/* GET and HEAD as such; all others, and a GET with a body, as a POST of another name: libcurl
 * then sends a Content-Length, of 0 too. */
static bool apply_method(struct transport_exchange *x, const struct transport_request *request)
{
    struct applied *last = &x->applied;
    CURL *easy = x->easy;
    bool is_get = strcmp(request->method, "GET") == 0;
    bool is_head = strcmp(request->method, "HEAD") == 0;
    bool has_body = request->has_body || !(is_get || is_head);
    CURLcode rc = CURLE_OK;
    if (strcmp(last->method, request->method) != 0 || last->has_body != has_body) {
        const char *custom = has_body ? request->method : NULL;
        rc = curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, custom);
        if (rc == CURLE_OK && has_body)
            rc = curl_easy_setopt(easy, CURLOPT_POST, 1L);
        else if (rc == CURLE_OK && is_head)
            rc = curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        else if (rc == CURLE_OK)
            rc = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        strncpy(last->method, request->method, sizeof last->method - 1);
        last->has_body = has_body;
    }
    if (rc == CURLE_OK && has_body) {
        const char *bytes = request->has_body ? request->body.ptr : "";
        size_t length = request->has_body ? request->body.length : 0;
        rc = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
        if (rc == CURLE_OK)
            rc = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, bytes);
    }
    return rc == CURLE_OK;
}

static bool apply_tls(struct transport_exchange *x, const struct transport_request *request)
{
    struct applied *last = &x->applied;
    if (last->verify != request->verify) {
        last->verify = request->verify;
        if (curl_easy_setopt(x->easy, CURLOPT_SSL_VERIFYPEER, request->verify ? 1L : 0L) !=
                CURLE_OK ||
            curl_easy_setopt(x->easy, CURLOPT_SSL_VERIFYHOST, request->verify ? 2L : 0L) !=
                CURLE_OK)
            return false;
    }
    if (request->ca_file == NULL && last->has_ca_file) { /* back to the library's own */
        const char *path = NULL;
        last->has_ca_file = false;
        curl_easy_getinfo(x->easy, CURLINFO_CAINFO, &path);
        return curl_easy_setopt(x->easy, CURLOPT_CAINFO, path) == CURLE_OK;
    }
    return request->ca_file == NULL || apply_text(x->easy, CURLOPT_CAINFO, &last->ca_file,
                                                  &last->has_ca_file, request->ca_file);
}

static bool apply_auth(struct transport_exchange *x, const struct transport_request *request)
{
    struct applied *last = &x->applied;
    bool had = last->has_auth;
    bool good = apply_text(x->easy, CURLOPT_USERNAME, &last->name, &last->has_auth, request->name);
    const char *password = request->name == NULL ? NULL : request->password;
    return good && apply_text(x->easy, CURLOPT_PASSWORD, &last->password, &had, password);
}

bool handle_apply(struct transport_exchange *x, const struct transport_request *request)
{
    struct applied *last = &x->applied;
    uint64_t serial = request->headers != NULL ? request->headers->serial : 0;
    if (!apply_url(x, request->url) || !apply_method(x, request) || !apply_auth(x, request) ||
        !apply_text(x->easy, CURLOPT_COOKIE, &last->cookie, &last->has_cookie, request->cookie) ||
        !apply_tls(x, request) || !options_apply(x, request))
        return false;
    if (last->headers_serial != serial) {
        last->headers_serial = serial;
        struct curl_slist *list = serial != 0 ? request->headers->list : NULL;
        last->curl_decodes = serial != 0 && request->headers->accept_more;
        if (curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, list) != CURLE_OK ||
            curl_easy_setopt(x->easy, CURLOPT_HTTP_CONTENT_DECODING,
                             last->curl_decodes ? 1L : 0L) != CURLE_OK)
            return false;
    }
    int64_t ms = (request->timeout_ns + 999999) / 1000000;
    long timeout_ms = ms > INT_MAX ? INT_MAX : (long)ms;
    if (last->timeout_ms != timeout_ms) {
        last->timeout_ms = timeout_ms;
        if (curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, timeout_ms) != CURLE_OK)
            return false;
    }
    if (last->trace != request->trace) {
        last->trace = request->trace;
        if (curl_easy_setopt(x->easy, CURLOPT_VERBOSE, request->trace ? 1L : 0L) != CURLE_OK)
            return false;
    }
    return true;
}
