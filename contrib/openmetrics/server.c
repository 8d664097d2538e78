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

struct server {
    const stressor_snapshot_api *api;
    struct address address;
    struct MHD_Daemon *daemon;
    size_t bytes_most;
    struct rendering *newest; /* the daemon's thread only; NULL: it has no readers any more */
    size_t held;              /* likewise: bytes of all renderings */
    pthread_mutex_t lock;
    const stressor_snapshot *latest; /* guarded by `lock`; NULL: none yet */
    uint64_t shown;                  /* likewise: how many there were */
};

/* A snapshot as text, for all who ask for it while it is the latest; gone with the last reader.
 * On the daemon's thread only, or when that has ended. */
struct rendering {
    struct server *server;
    struct MHD_Response *response; /* each reader holds it */
    char *bytes;
    size_t length;
    uint64_t shown;
};

static bool add_headers(struct MHD_Response *response, const char *type)
{
    return MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES &&
           MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store") ==
               MHD_YES &&
           MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned status, char *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return MHD_NO;
    bool good = add_headers(response, "text/plain; charset=utf-8") &&
                (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
                 MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") == MHD_YES);
    enum MHD_Result queued = good ? MHD_queue_response(connection, status, response) : MHD_NO;
    MHD_destroy_response(response);
    return queued;
}

static void rendering_free(void *held)
{
    struct rendering *r = held;
    struct server *s = r->server;
    s->held -= r->length;
    if (s->newest == r)
        s->newest = NULL;
    free(r->bytes);
    free(r);
}

/* Takes the bytes. NULL: out of memory. */
static struct rendering *rendering_new(struct server *s, struct document *d, uint64_t shown)
{
    char *fitting = realloc(d->bytes, d->used);
    struct rendering *r = calloc(1, sizeof *r);
    if (fitting != NULL)
        d->bytes = fitting;
    if (r == NULL) {
        document_free(d);
        return NULL;
    }
    *r = (struct rendering){.server = s, .bytes = d->bytes, .length = d->used, .shown = shown};
    s->held += r->length;
    r->response = MHD_create_response_from_buffer_with_free_callback_cls(r->length, r->bytes,
                                                                         rendering_free, r);
    if (r->response == NULL) {
        rendering_free(r);
        return NULL;
    }
    if (!add_headers(r->response, EXPOSITION_TYPE)) {
        MHD_destroy_response(r->response);
        return NULL;
    }
    return r;
}

static enum MHD_Result answer_new(struct server *s, struct MHD_Connection *connection,
                                  const stressor_snapshot *latest, uint64_t shown)
{
    static char failed[] = "out of memory\n";
    static char busy[] = "slow readers hold too much: ask again when they have read it\n";
    struct document d = {.most = s->bytes_most - s->held};
    int32_t status = exposition_write(s->api, latest, document_sink, &d);
    struct rendering *r = NULL;
    if (status < 0)
        document_free(&d);
    else
        r = rendering_new(s, &d, shown);
    if (status == STRESSOR_ELIMIT && s->held > 0)
        return answer_text(connection, MHD_HTTP_SERVICE_UNAVAILABLE, busy);
    if (r == NULL)
        return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, failed);
    s->newest = r;
    enum MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, r->response);
    MHD_destroy_response(r->response); /* the readers keep it */
    return queued;
}

static enum MHD_Result answer_metrics(struct server *s, struct MHD_Connection *connection)
{
    static char none[] = "there are no figures yet\n";
    pthread_mutex_lock(&s->lock);
    const stressor_snapshot *latest = s->latest != NULL ? s->api->retain(s->latest) : NULL;
    uint64_t shown = s->shown;
    pthread_mutex_unlock(&s->lock);
    if (latest == NULL)
        return answer_text(connection, MHD_HTTP_SERVICE_UNAVAILABLE, none);
    enum MHD_Result queued = s->newest != NULL && s->newest->shown == shown
                                 ? MHD_queue_response(connection, MHD_HTTP_OK, s->newest->response)
                                 : answer_new(s, connection, latest, shown);
    s->api->release(latest);
    return queued;
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

struct server *server_new(const stressor_snapshot_api *api, struct address *address,
                          size_t bytes_most)
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
    s->bytes_most = bytes_most;
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
    s->shown++;
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
