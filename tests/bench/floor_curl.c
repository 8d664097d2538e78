/*
 * floor_curl -- the least that a request can cost through libcurl's multi interface: what the
 * http plugin is compared with.
 *
 *     floor_curl CONNECTIONS REQUESTS URL
 *
 * One thread, one epoll, handles used again as they are. Exits with 1 when a request fails.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

enum { EVENTS = 256 };

struct floor {
    CURLM *multi;
    int epoll;
    long timeout_ms;
    long left; /* requests to start */
    long open; /* requests under way */
};

static size_t ignore_body(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes;
    (void)data;
    return size * count;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *known)
{
    struct floor *f = data;
    (void)easy;
    struct epoll_event e = {.data.fd = fd};
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(f->epoll, EPOLL_CTL_DEL, fd, NULL);
        curl_multi_assign(f->multi, fd, NULL);
        return 0;
    }
    e.events = what == CURL_POLL_OUT  ? EPOLLOUT
               : what == CURL_POLL_IN ? EPOLLIN
                                      : EPOLLIN | EPOLLOUT;
    epoll_ctl(f->epoll, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &e);
    curl_multi_assign(f->multi, fd, f);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *data)
{
    (void)multi;
    ((struct floor *)data)->timeout_ms = timeout_ms;
    return 0;
}

static void start(struct floor *f, CURL *easy)
{
    if (f->left == 0)
        return;
    f->left--;
    f->open++;
    curl_multi_add_handle(f->multi, easy);
}

static int finish_done(struct floor *f)
{
    int waiting;
    for (CURLMsg *m; (m = curl_multi_info_read(f->multi, &waiting)) != NULL;) {
        CURL *easy = m->easy_handle;
        if (m->data.result != CURLE_OK)
            return fprintf(stderr, "%s\n", curl_easy_strerror(m->data.result)), 1;
        curl_multi_remove_handle(f->multi, easy);
        f->open--;
        start(f, easy);
    }
    return 0;
}

static int turn(struct floor *f)
{
    struct epoll_event events[EVENTS];
    int running;
    int n = f->timeout_ms == 0 ? 0 : epoll_wait(f->epoll, events, EVENTS, (int)f->timeout_ms);
    if (n == 0) {
        f->timeout_ms = -1;
        curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    for (int i = 0; i < n; i++) {
        int what = (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0);
        curl_multi_socket_action(f->multi, events[i].data.fd, what, &running);
    }
    return finish_done(f);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return fprintf(stderr, "usage: %s CONNECTIONS REQUESTS URL\n", argv[0]), 2;
    struct floor f = {.timeout_ms = -1, .left = atol(argv[2])};
    curl_global_init(CURL_GLOBAL_DEFAULT);
    f.multi = curl_multi_init();
    f.epoll = epoll_create1(0);
    curl_multi_setopt(f.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(f.multi, CURLMOPT_SOCKETDATA, &f);
    curl_multi_setopt(f.multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(f.multi, CURLMOPT_TIMERDATA, &f);
    curl_multi_setopt(f.multi, CURLMOPT_MAXCONNECTS, atol(argv[1]));
    for (long i = atol(argv[1]); i > 0; i--) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_URL, argv[3]);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_body);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        start(&f, easy);
    }
    while (f.open > 0)
        if (turn(&f) != 0)
            return 1;
    return 0;
}
