#include "server.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stressor/plugin.h>

#include <common/document.h>

#include "exposition.h"

#define CONNECTIONS_MOST 16
#define IDLE_S           15u
#define DOCUMENT_MOST    ((size_t)256 << 20)

struct server {
    const stressor_snapshot_api *api;
    struct address address;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    const stressor_snapshot *latest; /* guarded by `lock`; NULL: none yet */
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status,
                              struct MHD_Response *response, const char *type)
{
    if (response == NULL)
        return MHD_NO;
    bool good =
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store") == MHD_YES &&
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES &&
        (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
         MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") == MHD_YES);
    enum MHD_Result queued = good ? MHD_queue_response(connection, status, response) : MHD_NO;
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned status, char *text)
{
    return answer(connection, status,
                  MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_PERSISTENT),
                  "text/plain; charset=utf-8");
}

static enum MHD_Result answer_metrics(struct server *s, struct MHD_Connection *connection)
{
    static char none[] = "there are no figures yet\n";
    static char failed[] = "out of memory\n";
    struct document d = {.most = DOCUMENT_MOST};
    pthread_mutex_lock(&s->lock);
    const stressor_snapshot *latest = s->latest != NULL ? s->api->retain(s->latest) : NULL;
    pthread_mutex_unlock(&s->lock);
    if (latest == NULL)
        return answer_text(connection, MHD_HTTP_SERVICE_UNAVAILABLE, none);
    int32_t status = exposition_write(s->api, latest, document_sink, &d);
    s->api->release(latest);
    if (status < 0) {
        document_free(&d);
        return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, failed);
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(d.used, d.bytes, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(d.bytes);
    return answer(connection, MHD_HTTP_OK, response, EXPOSITION_TYPE);
}

static enum MHD_Result serve(void *data, struct MHD_Connection *connection, const char *path,
                             const char *method, const char *version, const char *body,
                             size_t *body_size, void **request)
{
    static char begun;
    static char foreign[] = "this name is not served\n";
    static char unknown[] = "see /metrics\n";
    static char refused[] = "GET only\n";
    struct server *s = data;
    (void)version;
    (void)body;
    if (*request == NULL) {
        *request = &begun;
        return MHD_YES;
    }
    if (*body_size > 0) {
        *body_size = 0;
        return MHD_YES;
    }
    const char *host =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    if (!address_serves(&s->address, host))
        return answer_text(connection, MHD_HTTP_FORBIDDEN, foreign);
    if (strcmp(path, "/metrics") != 0)
        return answer_text(connection, MHD_HTTP_NOT_FOUND, unknown);
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, refused);
    return answer_metrics(s, connection);
}

struct server *server_new(const stressor_snapshot_api *api, struct address *address)
{
    struct server *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    int fd = address_listen(address);
    if (fd < 0) {
        int why = errno;
        free(s);
        errno = why;
        return NULL;
    }
    s->api = api;
    s->address = *address;
    pthread_mutex_init(&s->lock, NULL);
    errno = 0;
    s->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL,
                                 serve, s, MHD_OPTION_LISTEN_SOCKET, fd,
                                 MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MOST,
                                 MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, MHD_OPTION_END);
    if (s->daemon == NULL) {
        int why = errno != 0 ? errno : EIO;
        close(fd);
        server_free(s);
        errno = why;
        return NULL;
    }
    return s;
}

void server_show(struct server *s, const stressor_snapshot *snapshot)
{
    const stressor_snapshot *kept = s->api->retain(snapshot);
    pthread_mutex_lock(&s->lock);
    const stressor_snapshot *before = s->latest;
    s->latest = kept;
    pthread_mutex_unlock(&s->lock);
    if (before != NULL)
        s->api->release(before);
}

void server_free(struct server *s)
{
    if (s == NULL)
        return;
    if (s->daemon != NULL)
        MHD_stop_daemon(s->daemon);
    if (s->latest != NULL)
        s->api->release(s->latest);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
