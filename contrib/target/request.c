#include "request.h"

#include "limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct MHD_Response *response_text(struct request *r, const char *constant, const char *type)
{
    union {
        const char *text;
        void *buffer;
    } persistent = {constant};
    r->answer_size = strlen(constant);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(r->answer_size, persistent.buffer, MHD_RESPMEM_PERSISTENT);
    if (response) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    }
    return response;
}

struct MHD_Response *response_json(struct request *r, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
    json_decref(value);
    if (!text) {
        return NULL;
    }
    r->answer_size = strlen(text);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(r->answer_size, text, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(text);
        return NULL;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    return response;
}

struct MHD_Response *response_error(struct request *r, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *c = text; *c; c++) {
        if (*c < ' ' || *c > '~') {
            *c = '?';
        }
    }
    return response_json(r, json_pack("{s:s}", "error", text));
}

enum MHD_Result answer(struct request *r, unsigned status, struct MHD_Response *response)
{
    if (!response) {
        return MHD_NO;
    }
    enum MHD_Result result = MHD_queue_response(r->connection, status, response);
    MHD_destroy_response(response);
    if (result == MHD_YES && !r->answered) {
        r->answered = true;
        server_count(r->server, r, status);
    }
    return result;
}

bool request_receive(struct request *r, const char *bytes, size_t size)
{
    r->body_received += size;
    if (r->body_received > BODY_MAX) {
        return r->body_received <= BODY_DRAIN_MAX;
    }
    if (r->body_size + size + 1 > r->body_room) {
        size_t room = 2 * (r->body_size + size) + 1;
        char *body = realloc(r->body, room);
        if (!body) {
            return false;
        }
        r->body = body;
        r->body_room = room;
    }
    memcpy(r->body + r->body_size, bytes, size);
    r->body_size += size;
    r->body[r->body_size] = '\0';
    return true;
}

enum MHD_Result request_wait(struct request *r, int64_t duration_ns)
{
    if (!delays_add(&r->server->delays, &r->delay, delays_now() + duration_ns)) {
        return MHD_NO;
    }
    r->suspended = true;
    MHD_suspend_connection(r->connection);
    return MHD_YES;
}
