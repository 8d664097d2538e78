#include "server.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <stressor/plugin.h>

#include "answer.h"
#include "assets.h"
#include "guard.h"
#include "tables.h"
#include "viewer.h"

enum {
    CONNECTIONS_MOST = 128, /* browsers keep some open */
    IDLE_S = 30,
    BODY_MOST = 4096,    /* bytes; no request needs any */
    MEMORY_MOST = 65536, /* bytes for a connection: the headers */
    NUMBER_DIGITS = 18
};

#define TABLE_MOST   ((size_t)16 << 20)
#define REPORT_MOST  ((size_t)512 << 20)
#define JSON_TYPE    "application/json; charset=utf-8"
#define PAGE         "/index.html" /* which is served as "/" */
#define TOKEN_MARK   "@TOKEN@"
#define TOKEN_HEADER "X-Stressor-Token"
#define NOTHING_HERE "there is nothing here\n"

struct server {
    const stressor_snapshot_api *api;
    const stressor_control *control;
    struct hub *hub;
    struct address address;
    char token[TOKEN_SIZE];
    struct document page; /* with the token in it */
    struct MHD_Daemon *daemon;
};

/* --- tables and reports -------------------------------------------------------------------------
 */

static enum MHD_Result answer_status(struct MHD_Connection *c, int32_t status)
{
    switch (status) {
    case STRESSOR_EINVAL: return answer_text(c, MHD_HTTP_BAD_REQUEST, "no such figure\n");
    case STRESSOR_ELIMIT:
        return answer_text(c, MHD_HTTP_SERVICE_UNAVAILABLE, "too busy to answer in time\n");
    case STRESSOR_ENOENT:
        return answer_text(c, MHD_HTTP_NOT_FOUND, "no plugin renders reports of this kind\n");
    default: return answer_text(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory\n");
    }
}

static const char *argument(struct MHD_Connection *c, const char *name)
{
    const char *text = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, name);
    return text != NULL ? text : "";
}

static bool read_number(const char *text, uint64_t otherwise, uint64_t *out)
{
    size_t digits = strspn(text, "0123456789");
    *out = *text != '\0' ? strtoull(text, NULL, 10) : otherwise;
    return text[digits] == '\0' && digits <= NUMBER_DIGITS;
}

static bool read_query(struct MHD_Connection *c, struct table_query *q)
{
    q->filter = argument(c, "filter");
    q->sort = argument(c, "sort");
    q->down = strcmp(argument(c, "order"), "down") == 0;
    return strlen(q->filter) <= TABLE_FILTER && read_number(argument(c, "offset"), 0, &q->offset) &&
           read_number(argument(c, "limit"), TABLE_LIMIT, &q->limit);
}

static int32_t write_table(const struct server *s, const char *name, const struct table_query *q,
                           struct document *d)
{
    static const char none[] = "{\"total\":0,\"rows\":[]}\n";
    if (strcmp(name, "sessions") == 0)
        return table_sessions(s->control, q, document_sink, d);
    const stressor_snapshot *latest = hub_latest(s->hub);
    if (latest == NULL)
        return document_sink(d, none, sizeof none - 1);
    int32_t status = strcmp(name, "activities") == 0
                         ? table_activities(s->api, latest, q, document_sink, d)
                         : table_sequences(s->api, latest, q, document_sink, d);
    s->api->release(latest);
    return status;
}

static enum MHD_Result serve_table(struct server *s, struct MHD_Connection *c, const char *name)
{
    struct table_query q;
    struct document d = {.most = TABLE_MOST};
    if (!read_query(c, &q))
        return answer_text(c, MHD_HTTP_BAD_REQUEST, "not a part of a table\n");
    int32_t status = write_table(s, name, &q, &d);
    if (status == 0)
        return answer_document(c, &d, JSON_TYPE, NULL);
    document_free(&d);
    return answer_status(c, status);
}

static enum MHD_Result serve_report(struct server *s, struct MHD_Connection *c, const char *kind)
{
    struct document d = {.most = REPORT_MOST};
    char name[32];
    const stressor_snapshot *latest = hub_latest(s->hub);
    if (latest == NULL)
        return answer_text(c, MHD_HTTP_SERVICE_UNAVAILABLE, "there are no figures yet\n");
    int32_t status = s->control->render(s->control, kind, latest, document_sink, &d);
    s->api->release(latest);
    if (status < 0) {
        document_free(&d);
        return answer_status(c, status);
    }
    snprintf(name, sizeof name, "results.%s", kind);
    return answer_document(
        c, &d, strcmp(kind, "json") == 0 ? JSON_TYPE : "text/html; charset=utf-8", name);
}

/* --- the page, the events, the orders -----------------------------------------------------------
 */

static enum MHD_Result serve_page(struct server *s, struct MHD_Connection *c, const char *argument)
{
    (void)argument;
    return answer_bytes(c, s->page.bytes, s->page.used, "text/html; charset=utf-8");
}

static enum MHD_Result serve_asset(struct MHD_Connection *c, const char *path)
{
    struct asset a;
    if (strcmp(path, PAGE) != 0 && asset_find(path, &a))
        return answer_bytes(c, a.bytes, a.size, a.type);
    return answer_text(c, MHD_HTTP_NOT_FOUND, NOTHING_HERE);
}

static enum MHD_Result serve_events(struct server *s, struct MHD_Connection *c, const char *method)
{
    if (strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
        return answer_bytes(c, "", 0, "text/event-stream");
    return viewer_answer(c, s->hub);
}

static bool is_over(struct hub *hub, const stressor_snapshot_api *api)
{
    const stressor_snapshot *latest = hub_latest(hub);
    bool over = latest != NULL && latest->stage == STRESSOR_STAGE_DONE;
    if (latest != NULL)
        api->release(latest);
    return over;
}

static const char *header(struct MHD_Connection *c, const char *name)
{
    return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static enum MHD_Result serve_order(struct server *s, struct MHD_Connection *c, uint32_t how)
{
    const char *site = header(c, "Sec-Fetch-Site");
    if (!guard_origin(header(c, "Origin"), header(c, MHD_HTTP_HEADER_HOST)) ||
        (site != NULL && strcasecmp(site, "same-origin") != 0))
        return answer_text(c, MHD_HTTP_FORBIDDEN, "pages of other origins may not do this\n");
    if (!guard_token_is(s->token, header(c, TOKEN_HEADER)))
        return answer_text(c, MHD_HTTP_FORBIDDEN, "the token is not that of the page\n");
    if (is_over(s->hub, s->api))
        return answer_text(c, MHD_HTTP_CONFLICT, "the run is over\n");
    s->control->stop(s->control, how);
    return answer_text(c, MHD_HTTP_ACCEPTED, "");
}

/* --- routes -------------------------------------------------------------------------------------
 */

struct route {
    const char *path;
    enum MHD_Result (*serve)(struct server *s, struct MHD_Connection *c, const char *argument);
    const char *argument;
};

static const struct route routes[] = {
    {"/", serve_page, NULL},
    {"/table/activities", serve_table, "activities"},
    {"/table/sequences", serve_table, "sequences"},
    {"/table/sessions", serve_table, "sessions"},
    {"/report.json", serve_report, "json"},
    {"/report.html", serve_report, "html"},
};

static const struct {
    const char *path;
    uint32_t how;
} orders[] = {{"/stop", STRESSOR_STOP_GRACEFUL}, {"/abort", STRESSOR_STOP_NOW}};

static enum MHD_Result route(struct server *s, struct MHD_Connection *c, const char *path,
                             const char *method)
{
    bool reads =
        strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (strcmp(path, orders[i].path) != 0)
            continue;
        return strcmp(method, MHD_HTTP_METHOD_POST) == 0 ? serve_order(s, c, orders[i].how)
                                                         : answer_methods(c, "POST");
    }
    if (!reads)
        return answer_methods(c, "GET, HEAD");
    if (strcmp(path, "/events") == 0)
        return serve_events(s, c, method);
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(path, routes[i].path) == 0)
            return routes[i].serve(s, c, routes[i].argument);
    }
    return serve_asset(c, path);
}

/* Is there a body that is too long, or whose length is not known? */
static unsigned refused_body(struct MHD_Connection *c)
{
    const char *length = header(c, MHD_HTTP_HEADER_CONTENT_LENGTH);
    uint64_t bytes;
    if (header(c, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
        return MHD_HTTP_LENGTH_REQUIRED;
    return length != NULL && (!read_number(length, 0, &bytes) || bytes > BODY_MOST)
               ? MHD_HTTP_CONTENT_TOO_LARGE
               : 0;
}

static char path_has_nul; /* what a request begins with then */

/* The path as it came: in the one that is handed on, a %00 would be its end. */
static void *look_at_path(void *data, const char *uri, struct MHD_Connection *c)
{
    (void)data;
    (void)c;
    return memmem(uri, strcspn(uri, "?"), "%00", 3) != NULL ? &path_has_nul : NULL;
}

static enum MHD_Result serve(void *data, struct MHD_Connection *c, const char *path,
                             const char *method, const char *version, const char *body,
                             size_t *body_size, void **request)
{
    static char begun;
    struct server *s = data;
    (void)version;
    (void)body;
    if (*request == &path_has_nul)
        return answer_text(c, MHD_HTTP_NOT_FOUND, NOTHING_HERE);
    if (*request == NULL) {
        unsigned refused = refused_body(c);
        *request = &begun;
        return refused == 0 ? MHD_YES : answer_text(c, refused, "requests have no body here\n");
    }
    if (*body_size > 0) {
        *body_size = 0;
        return MHD_YES;
    }
    if (!guard_host(&s->address, header(c, MHD_HTTP_HEADER_HOST)))
        return answer_text(c, MHD_HTTP_FORBIDDEN,
                           "this name and port are not served; try localhost with the port that "
                           "the monitor listens on\n");
    return route(s, c, path, method);
}

/* --- life ---------------------------------------------------------------------------------------
 */

/* The page with the token in its place. */
static int32_t make_page(struct server *s)
{
    struct asset a;
    if (!asset_find(PAGE, &a))
        return STRESSOR_ENOENT;
    const char *mark = memmem(a.bytes, a.size, TOKEN_MARK, strlen(TOKEN_MARK));
    size_t before = mark != NULL ? (size_t)(mark - a.bytes) : a.size;
    int32_t status = document_sink(&s->page, a.bytes, before);
    if (mark == NULL || status < 0)
        return status;
    status = document_sink(&s->page, s->token, TOKEN_SIZE - 1);
    if (status < 0)
        return status;
    const char *rest = mark + strlen(TOKEN_MARK);
    return document_sink(&s->page, rest, a.size - (size_t)(rest - a.bytes));
}

/* Signals are not for the server's threads. */
static struct MHD_Daemon *start(struct server *s, int fd)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    errno = 0;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL,
        NULL, serve, s, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MOST, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_MOST, MHD_OPTION_URI_LOG_CALLBACK,
        look_at_path, NULL, MHD_OPTION_END);
    int why = errno != 0 ? errno : EIO;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = why;
    return daemon;
}

struct server *server_new(const stressor_snapshot_api *api, const stressor_control *control,
                          struct hub *hub, struct address *address)
{
    struct server *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    *s = (struct server){.api = api, .control = control, .hub = hub, .page.most = TABLE_MOST};
    int fd = -1;
    if (guard_token_new(s->token) && (errno = ENOMEM, make_page(s) == 0) &&
        (fd = address_listen(address)) >= 0) {
        s->address = *address;
        s->daemon = start(s, fd);
        if (s->daemon != NULL)
            return s;
    }
    int why = errno;
    if (fd >= 0)
        close(fd);
    server_free(s);
    errno = why;
    return NULL;
}

void server_free(struct server *s)
{
    if (s == NULL)
        return;
    if (s->daemon != NULL) {
        hub_close(s->hub);
        MHD_stop_daemon(s->daemon);
    }
    document_free(&s->page);
    free(s);
}
