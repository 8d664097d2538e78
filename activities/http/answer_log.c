#include <string.h>

#include <stressor/log.h>

#include "answer.h"
#include "request.h"

/* What `debug: true` writes: the request and the answer, without their secrets. */

enum { BODY_BYTES_SHOWN = 2048, LINE_BYTES_SHOWN = 900 };

struct writer {
    struct http_call *call;
    stressor_session_info session;
};

/* Bytes of the other side must not move a terminal's cursor. */
static void write_line(const struct writer *w, const char *mark, struct span line)
{
    char text[4 * LINE_BYTES_SHOWN + 1];
    size_t n = 0;
    for (size_t i = 0; i < line.length && i < LINE_BYTES_SHOWN; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        if (c < ' ' || c == 0x7f)
            n += (size_t)snprintf(text + n, 5, "\\x%02x", c);
        else
            text[n++] = (char)c;
    }
    stressor_log(w->call->exec->host, STRESSOR_LOG_INFO, "%.*s %s %.*s%s",
                 (int)w->session.id_length, w->session.id, mark, (int)n, text,
                 line.length > LINE_BYTES_SHOWN ? " ..." : "");
}

static struct span take_line(struct span *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->length);
    size_t n = end != NULL ? (size_t)(end - rest->ptr) : rest->length;
    struct span line = {rest->ptr, n};
    rest->ptr += end != NULL ? n + 1 : n;
    rest->length -= end != NULL ? n + 1 : n;
    if (line.length > 0 && line.ptr[line.length - 1] == '\r')
        line.length--;
    return line;
}

/* Did the scenario mark the value of that header as a secret? */
static bool is_marked(const struct http_call *c, struct span name)
{
    const stressor_value *headers = call_arg(c, ARG_HEADERS);
    for (uint64_t i = 0; headers->type == STRESSOR_MAP && i < headers->as.map.count; i++) {
        const char *key;
        uint64_t length;
        const stressor_value *v = c->exec->host->map_at(headers, i, &key, &length);
        if (span_equal_nocase(name, (struct span){key, length}))
            return ((v->flags | headers->flags) & STRESSOR_SECRET) != 0;
    }
    return false;
}

static void write_header(const struct writer *w, const char *mark, struct span name,
                         struct span value)
{
    struct buf line;
    buf_init(&line, TRANSPORT_HEADER_BYTES_MAX * 2);
    bool leads = span_equal_nocase(name, span_of("Location"));
    bool secret =
        answer_is_secret_header(name) || is_marked(w->call, name) || (leads && w->call->url_secret);
    buf_append_span(&line, name);
    buf_append_text(&line, ": ");
    if (secret)
        buf_append_text(&line, "***");
    else if (leads)
        url_show(value, &line);
    else
        buf_append_span(&line, value);
    write_line(w, mark, buf_span(&line));
    buf_finish(&line);
}

static void write_request(const struct writer *w)
{
    struct span rest = transport_sent(w->call->exchange);
    bool first = true;
    while (rest.length > 0) {
        struct span line = take_line(&rest);
        const char *colon = memchr(line.ptr, ':', line.length);
        if (line.length == 0)
            continue;
        size_t n = colon != NULL ? (size_t)(colon - line.ptr) : line.length;
        struct span value = {line.ptr + n, line.length - n};
        while (value.length > 0 && (*value.ptr == ':' || *value.ptr == ' ')) {
            value.ptr++;
            value.length--;
        }
        if (first && w->call->url_secret)
            write_line(w, ">", span_of("***"));
        else if (first)
            write_line(w, ">", line);
        else
            write_header(w, ">", (struct span){line.ptr, n}, value);
        first = false;
    }
}

static void write_body(const struct writer *w, const struct transport_response *response)
{
    struct span text;
    if (!answer_text(w->call, response, &text))
        return;
    bool cut = text.length > BODY_BYTES_SHOWN;
    if (cut)
        text.length = BODY_BYTES_SHOWN;
    while (cut && text.length > 0 && ((unsigned char)text.ptr[text.length] & 0xc0) == 0x80)
        text.length--; /* not within a character */
    while (text.length > 0)
        write_line(w, "<", take_line(&text));
    if (cut)
        write_line(w, "<", span_of("..."));
}

void answer_log(struct http_call *c, const struct transport_response *response)
{
    struct writer w = {c, {.size = sizeof w.session}};
    c->exec->host->session_info(c->exec->session, &w.session);
    stressor_log(c->exec->host, STRESSOR_LOG_INFO, "%.*s * %s %s", (int)w.session.id_length,
                 w.session.id, c->request.method, request_shown_url(c));
    write_request(&w);
    if (response->error != TRANSPORT_OK) {
        write_line(&w, "*", span_of(response->detail));
        return;
    }
    char status[32];
    snprintf(status, sizeof status, "HTTP status %d", response->status);
    write_line(&w, "<", span_of(status));
    void *cursor = NULL;
    const char *name, *value;
    while (transport_header(c->exchange, &cursor, &name, &value))
        write_header(&w, "<", span_of(name), span_of(value));
    write_body(&w, response);
}
