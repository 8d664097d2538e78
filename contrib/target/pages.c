#include "limits.h"
#include "routes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A whole number that is all of `text`, at most `max`. */
static bool read_number(const char *text, uint64_t max, uint64_t *out)
{
    uint64_t n = 0;
    const char *c = text;
    for (; *c >= '0' && *c <= '9'; c++) {
        n = n * 10 + (uint64_t)(*c - '0');
        if (n > max) {
            return false;
        }
    }
    *out = n;
    return c > text && *c == '\0';
}

/* 500ms, 2s, 1.5m, 20us; without a unit seconds. Up to nine places behind the point count. */
static bool read_duration(const char *text, int64_t max_ns, int64_t *out_ns)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"", 1000000000}, {"s", 1000000000},  {"ms", 1000000},
                 {"us", 1000},     {"m", 60000000000}, {"ns", 1}};
    char whole[16];
    char fraction[10] = "000000000";
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits >= sizeof whole) {
        return false;
    }
    memcpy(whole, text, digits);
    whole[digits] = '\0';
    text += digits;
    if (*text == '.') {
        size_t places = strspn(++text, "0123456789");
        memcpy(fraction, text, places < 9 ? places : 9);
        text += places;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        uint64_t n;
        if (strcmp(text, units[i].name) == 0 &&
            read_number(whole, (uint64_t)(max_ns / units[i].ns), &n)) {
            double part = (double)units[i].ns * strtod(fraction, NULL) / 1e9;
            *out_ns = (int64_t)n * units[i].ns + (int64_t)part;
            return *out_ns <= max_ns;
        }
    }
    return false;
}

enum MHD_Result page_index(struct request *r)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    if (!f) {
        return MHD_NO;
    }
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Practice target</title></head>\n"
          "<body>\n<h1>Practice target</h1>\n<table>\n",
          f);
    for (unsigned i = 0; i < routes_count; i++) {
        fprintf(f, "<tr><td>%s</td><td><code>%s</code></td><td>%s</td></tr>\n",
                routes[i].methods ? routes[i].methods : "any", routes[i].name, routes[i].help);
    }
    fputs("</table>\n</body>\n</html>\n", f);
    if (fclose(f) != 0) {
        free(text);
        return MHD_NO;
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, text, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(text);
        return MHD_NO;
    }
    r->answer_size = size;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/html; charset=utf-8");
    return answer(r, MHD_HTTP_OK, response);
}

enum MHD_Result page_json(struct request *r)
{
    static const char text[] = "{\"name\":\"practice\",\"version\":1,\"ratio\":0.5,\"ok\":true,"
                               "\"nothing\":null,\"items\":[{\"id\":1,\"title\":\"first\"},"
                               "{\"id\":2,\"title\":\"second\"}]}";
    return answer(r, MHD_HTTP_OK, response_text(r, text, "application/json"));
}

struct pairs {
    json_t *list;
    unsigned room;
    bool failed;
};

static enum MHD_Result add_pair(void *data, enum MHD_ValueKind kind, const char *key,
                                const char *value)
{
    (void)kind;
    struct pairs *p = data;
    if (p->room == 0) {
        return MHD_NO;
    }
    p->room--;
    /* Null stands for what is not UTF-8. */
    json_t *text = value ? json_string(value) : NULL;
    json_t *pair = json_pack("[s, o]", key, text ? text : json_null());
    p->failed |= json_array_append_new(p->list, pair ? pair : json_null()) != 0;
    return MHD_YES;
}

static json_t *pairs_of(struct request *r, enum MHD_ValueKind kind)
{
    struct pairs p = {json_array(), HEADERS_MAX, false};
    MHD_get_connection_values(r->connection, kind, add_pair, &p);
    if (p.failed) {
        json_decref(p.list);
        return NULL;
    }
    return p.list;
}

enum MHD_Result page_echo(struct request *r)
{
    json_t *body = r->body ? json_stringn(r->body, r->body_size) : json_string("");
    json_t *all =
        json_pack("{s:s, s:o, s:o, s:I, s:o}", "method", r->method, "query",
                  pairs_of(r, MHD_GET_ARGUMENT_KIND), "headers", pairs_of(r, MHD_HEADER_KIND),
                  "size", (json_int_t)r->body_size, "body", body ? body : json_null());
    return answer(r, MHD_HTTP_OK, response_json(r, all));
}

enum MHD_Result page_status(struct request *r)
{
    uint64_t status;
    if (!read_number(r->rest, 599, &status) || status < 200) {
        return answer(r, MHD_HTTP_BAD_REQUEST,
                      response_error(r, "a status is 200 to 599, not %s", r->rest));
    }
    if (status == MHD_HTTP_NO_CONTENT || status == MHD_HTTP_NOT_MODIFIED) {
        return answer(r, (unsigned)status, response_text(r, "", "text/plain"));
    }
    json_t *value = json_pack("{s:I}", "status", (json_int_t)status);
    return answer(r, (unsigned)status, response_json(r, value));
}

enum MHD_Result page_delay(struct request *r)
{
    int64_t duration_ns;
    if (!read_duration(r->rest, DELAY_MAX_NS, &duration_ns)) {
        return answer(r, MHD_HTTP_BAD_REQUEST,
                      response_error(r, "a delay is up to %ds, such as 500ms or 2s, not %s",
                                     (int)(DELAY_MAX_NS / 1000000000), r->rest));
    }
    if (!r->waited) {
        return request_wait(r, duration_ns);
    }
    json_t *value = json_pack("{s:f}", "delay_ms", (double)duration_ns / 1e6);
    return answer(r, MHD_HTTP_OK, response_json(r, value));
}

static ssize_t fill(void *data, uint64_t at, char *buffer, size_t room)
{
    static const char pattern[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-\n";
    (void)data;
    for (size_t i = 0; i < room; i++) {
        buffer[i] = pattern[(at + i) % (sizeof pattern - 1)];
    }
    return (ssize_t)room;
}

enum MHD_Result page_bytes(struct request *r)
{
    uint64_t size;
    if (!read_number(r->rest, BYTES_MAX, &size)) {
        return answer(
            r, MHD_HTTP_BAD_REQUEST,
            response_error(r, "a number of bytes is 0 to %llu, not %s", BYTES_MAX, r->rest));
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(size, 64 * 1024, fill, NULL, NULL);
    if (response) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain");
    }
    r->answer_size = size;
    return answer(r, MHD_HTTP_OK, response);
}

enum MHD_Result page_redirect(struct request *r)
{
    uint64_t left;
    if (!read_number(r->rest, REDIRECTS_MAX, &left)) {
        return answer(
            r, MHD_HTTP_BAD_REQUEST,
            response_error(r, "a number of redirects is 0 to %u, not %s", REDIRECTS_MAX, r->rest));
    }
    struct MHD_Response *response = response_json(r, json_pack("{s:I}", "left", (json_int_t)left));
    if (left == 0) {
        return answer(r, MHD_HTTP_OK, response);
    }
    char place[32];
    snprintf(place, sizeof place, "/redirect/%" PRIu64, left - 1);
    if (response) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, place);
    }
    return answer(r, MHD_HTTP_FOUND, response);
}

enum MHD_Result page_stats(struct request *r)
{
    return answer(r, MHD_HTTP_OK, response_json(r, stats_json(&r->server->stats, route_name)));
}
