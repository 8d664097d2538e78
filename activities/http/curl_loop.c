#include "curl_private.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sock *sock_find(struct transport *t, int fd)
{
    return fd >= 0 && (size_t)fd < t->socks_room ? t->socks[fd] : NULL;
}

static struct sock *sock_new(struct transport *t, int fd, struct transport_session *session)
{
    if ((size_t)fd >= t->socks_room) {
        size_t room = (size_t)fd + 64;
        room += room / 2;
        struct sock **socks = realloc(t->socks, room * sizeof *socks);
        if (socks == NULL)
            return NULL;
        for (size_t i = t->socks_room; i < room; i++)
            socks[i] = NULL;
        t->socks = socks;
        t->socks_room = room;
    }
    struct sock *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->transport = t;
    s->fd = fd;
    s->idle = true;
    s->session = session;
    if (session != NULL) {
        s->next = session->socks;
        if (s->next != NULL)
            s->next->prev = s;
        session->socks = s;
    }
    t->socks[fd] = s;
    return s;
}

static void sock_free(struct sock *s)
{
    if (s == NULL)
        return;
    s->transport->loop->watch_free(s->watch);
    s->transport->socks[s->fd] = NULL;
    if (s->prev != NULL)
        s->prev->next = s->next;
    else if (s->session != NULL)
        s->session->socks = s->next;
    if (s->next != NULL)
        s->next->prev = s->prev;
    free(s);
}

void loop_unwatch_session(struct transport_session *s)
{
    while (s->socks != NULL)
        sock_free(s->socks);
}

static void break_exchange(struct transport_exchange *x)
{
    struct transport *t = x->transport;
    if (x->stop != TRANSPORT_OK)
        return;
    x->stop = TRANSPORT_MEMORY;
    x->broken_next = t->broken;
    t->broken = x;
    t->timer_is_now = true;
    t->loop->timer_start(t->timer, 0);
}

/* Lets libcurl go on. When it has no memory it forgets to watch some socket and does not say of
 * which exchange: none may be left waiting for ever. */
static void act(struct transport *t, curl_socket_t fd, int events)
{
    int running;
    if (curl_multi_socket_action(t->multi, fd, events, &running) != CURLM_OK)
        for (struct transport_exchange *x = t->running; x != NULL; x = x->running_next)
            break_exchange(x);
    transport_deliver(t);
}

static void on_ready(void *data, uint32_t events)
{
    struct sock *s = data;
    struct transport *t = s->transport;
    if (s->idle) { /* the server closed it, or talks unasked: found out at the next use */
        s->events = 0;
        t->loop->watch_set(s->watch, 0);
        return;
    }
    int what = 0;
    if (events & STRESSOR_READABLE)
        what |= CURL_CSELECT_IN;
    if (events & STRESSOR_WRITABLE)
        what |= CURL_CSELECT_OUT;
    if (events & STRESSOR_HANGUP) /* reading or writing tells how */
        what |= s->events & STRESSOR_WRITABLE ? CURL_CSELECT_OUT : CURL_CSELECT_IN;
    act(t, s->fd, what);
}

static void on_timer_fired(void *data)
{
    struct transport *t = data;
    t->timer_is_now = false;
    act(t, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timer(CURLM *multi, long timeout_ms, void *data)
{
    (void)multi;
    struct transport *t = data;
    if (timeout_ms == 0 && t->timer_is_now)
        return 0;
    t->timer_is_now = timeout_ms == 0;
    if (timeout_ms < 0)
        t->loop->timer_stop(t->timer);
    else
        t->loop->timer_start(t->timer, (int64_t)timeout_ms * 1000000);
    return 0;
}

/* For an error that libcurl may not be told: it would end all exchanges of the multi handle. */
static void break_easy(CURL *easy)
{
    char *private = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
    if (private != NULL)
        break_exchange((struct transport_exchange *)(void *)private);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *unused)
{
    (void)unused;
    struct transport *t = data;
    struct sock *s = sock_find(t, fd);
    if (what == CURL_POLL_REMOVE) {
        if (s != NULL && s->session != NULL)
            s->idle = true;
        else
            sock_free(s);
        return 0;
    }
    if (s == NULL)
        s = sock_new(t, fd, NULL);
    if (s != NULL && s->watch == NULL)
        s->watch = t->loop->watch_new(t->worker, fd, on_ready, s);
    if (s == NULL || s->watch == NULL) {
        break_easy(easy);
        return 0;
    }
    uint32_t events = 0;
    if (what & CURL_POLL_IN)
        events |= STRESSOR_READABLE;
    if (what & CURL_POLL_OUT)
        events |= STRESSOR_WRITABLE;
    s->idle = false;
    if (events == s->events)
        return 0;
    s->events = events;
    if (t->loop->watch_set(s->watch, events) != 0)
        break_easy(easy);
    return 0;
}

curl_socket_t loop_open_socket(void *exchange, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct transport_exchange *x = exchange;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0) {
        x->open_errno = errno;
        return CURL_SOCKET_BAD;
    }
    if (sock_new(x->transport, fd, x->session) == NULL) {
        close(fd);
        x->open_errno = ENOMEM;
        return CURL_SOCKET_BAD;
    }
    return fd;
}

int loop_close_socket(void *transport, curl_socket_t fd)
{
    sock_free(sock_find(transport, fd));
    return close(fd);
}

bool loop_open(struct transport *t)
{
    t->multi = curl_multi_init();
    t->timer = t->loop->timer_new(t->worker, on_timer_fired, t);
    if (t->multi == NULL || t->timer == NULL)
        return false;
    curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t);
    curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
    curl_multi_setopt(t->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_IDLE_MAX);
    return true;
}

void loop_close(struct transport *t)
{
    if (t->multi != NULL)
        curl_multi_cleanup(t->multi);
    t->loop->timer_free(t->timer);
    for (size_t i = 0; i < t->socks_room; i++)
        sock_free(t->socks[i]);
    free(t->socks);
}
