#include "server.h"

#include "limits.h"
#include "request.h"
#include "routes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* One connection, from accept to close. */
struct connection {
    bool counted; /* it asked for something else than /stats */
};

static bool asks_for_stats(const struct request *r)
{
    return r->route < routes_count && routes[r->route].handle == page_stats;
}

static enum MHD_Result begin(struct server *s, struct MHD_Connection *connection, const char *path,
                             const char *method, void **data)
{
    struct request *r = calloc(1, sizeof *r);
    if (!r) {
        return MHD_NO;
    }
    *data = r;
    r->server = s;
    r->connection = connection;
    r->method = method;
    r->path = path;
    route_find(r);
    const char *length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (length && strtoull(length, NULL, 10) > BODY_MAX) {
        return answer(r, MHD_HTTP_CONTENT_TOO_LARGE,
                      response_error(r, "a body has at most %u bytes", BODY_MAX));
    }
    return MHD_YES;
}

static enum MHD_Result serve(void *cls, struct MHD_Connection *connection, const char *path,
                             const char *method, const char *version, const char *bytes,
                             size_t *size, void **data)
{
    (void)version;
    struct request *r = *data;
    if (!r) {
        return begin(cls, connection, path, method, data);
    }
    if (*size > 0) {
        bool ok = request_receive(r, bytes, *size);
        *size = 0;
        return ok ? MHD_YES : MHD_NO;
    }
    if (r->answered) {
        return MHD_YES;
    }
    if (r->body_received > BODY_MAX) {
        return answer(r, MHD_HTTP_CONTENT_TOO_LARGE,
                      response_error(r, "a body has at most %u bytes", BODY_MAX));
    }
    return route_handle(r);
}

static void end(void *cls, struct MHD_Connection *connection, void **data,
                enum MHD_RequestTerminationCode why)
{
    (void)connection;
    struct server *s = cls;
    struct request *r = *data;
    if (!r) {
        return;
    }
    if (r->answered && why != MHD_REQUEST_TERMINATED_COMPLETED_OK && !asks_for_stats(r)) {
        s->stats.aborted++;
    }
    delays_remove(&s->delays, &r->delay);
    free(r->body);
    free(r);
    *data = NULL;
}

static void connection_changed(void *cls, struct MHD_Connection *connection, void **data,
                               enum MHD_ConnectionNotificationCode what)
{
    (void)connection;
    struct server *s = cls;
    struct connection *c = *data;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *data = calloc(1, sizeof *c);
    } else {
        if (c && c->counted) {
            s->stats.connections_open--;
        }
        free(c);
        *data = NULL;
    }
}

void server_count(struct server *s, const struct request *r, unsigned status)
{
    if (asks_for_stats(r)) {
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection *c = info ? info->socket_context : NULL;
    if (c && !c->counted) {
        c->counted = true;
        s->stats.connections++;
        s->stats.connections_open++;
    }
    stats_count(&s->stats, r->method, status, r->route, r->body_received,
                strcmp(r->method, MHD_HTTP_METHOD_HEAD) == 0 ? 0 : r->answer_size);
}

/* A socket that listens on 127.0.0.1; sets *port to the one it got. -1 with errno set. */
static int listen_on(uint16_t *port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(*port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof address;
    int yes = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

/* Raises the limit of descriptors as far as it goes, and says how many connections that allows. */
static unsigned connections_allowed(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1000;
    }
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur > CONNECTIONS_MAX + DESCRIPTORS_KEPT) {
        return CONNECTIONS_MAX;
    }
    return limit.rlim_cur > 2 * DESCRIPTORS_KEPT ? (unsigned)limit.rlim_cur - DESCRIPTORS_KEPT
                                                 : DESCRIPTORS_KEPT;
}

struct server *server_new(uint16_t port)
{
    struct server *s = calloc(1, sizeof *s);
    if (!s) {
        return NULL;
    }
    store_init(&s->store);
    delays_init(&s->delays);
    s->port = port;
    int fd = -1;
    if (!logins_init(&s->logins) || (fd = listen_on(&s->port)) < 0) {
        goto failed;
    }
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, serve, s, MHD_OPTION_LISTEN_SOCKET,
        fd, MHD_OPTION_CONNECTION_LIMIT, connections_allowed(), MHD_OPTION_CONNECTION_TIMEOUT,
        IDLE_TIMEOUT_S, MHD_OPTION_NOTIFY_COMPLETED, end, s, MHD_OPTION_NOTIFY_CONNECTION,
        connection_changed, s, MHD_OPTION_END);
    if (s->daemon) {
        return s;
    }
    errno = errno ? errno : EIO;
failed:;
    int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    server_free(s);
    errno = why;
    return NULL;
}

static void resume(struct delay *delay)
{
    struct request *r = (struct request *)delay;
    r->waited = true;
    MHD_resume_connection(r->connection);
}

void server_free(struct server *s)
{
    if (!s) {
        return;
    }
    if (s->daemon) {
        /* A daemon must not be stopped while it has suspended connections. */
        struct delay *delay;
        while ((delay = delays_take(&s->delays, INT64_MAX))) {
            resume(delay);
        }
        MHD_stop_daemon(s->daemon);
    }
    delays_finish(&s->delays);
    logins_finish(&s->logins);
    store_finish(&s->store);
    free(s);
}

int server_fd(const struct server *s)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

int64_t server_wait_ns(struct server *s)
{
    MHD_UNSIGNED_LONG_LONG ms;
    int64_t wait_ns =
        MHD_get_timeout(s->daemon, &ms) == MHD_YES && ms < INT_MAX ? (int64_t)ms * 1000000 : -1;
    int64_t delay_ns = delays_wait(&s->delays, delays_now());
    return delay_ns >= 0 && (wait_ns < 0 || delay_ns < wait_ns) ? delay_ns : wait_ns;
}

void server_step(struct server *s)
{
    struct delay *delay;
    int64_t now_ns = delays_now();
    while ((delay = delays_take(&s->delays, now_ns))) {
        resume(delay);
    }
    MHD_run(s->daemon);
}
