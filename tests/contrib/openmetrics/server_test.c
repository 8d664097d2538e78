#include "server.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "memory_sink.h"
#include "sample.h"

struct serving {
    struct address address;
    struct server *server;
    struct sample *sample;
};

static void begin_with(struct serving *v, enum sample_kind kind, size_t bytes_most)
{
    assert_int_equal(address_read("0", &v->address), ADDRESS_FINE);
    v->server = server_new(sample_api(), &v->address, bytes_most);
    assert_non_null(v->server);
    v->sample = sample_new(kind);
}

static void begin(struct serving *v)
{
    begin_with(v, SAMPLE_PLAIN, SERVER_BYTES_MOST);
}

static void end(struct serving *v)
{
    server_free(v->server);
    sample_free(v->sample);
    assert_int_equal(sample_retained(), 0);
}

#define ROOM        (1 << 20)
#define GET_METRICS "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

/* Sends a request. With `room` for few bytes most of a long answer stays with the server. */
static int begin_asking(const struct serving *v, const char *request, int room)
{
    struct timeval patience = {.tv_sec = 60};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    assert_int_equal(connect(fd, (const struct sockaddr *)&v->address.at, v->address.size), 0);
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    return fd;
}

/* Reads until the end; the answer is to be freed. */
static char *read_all(int fd)
{
    static char bytes[65536];
    struct memory_sink m = {0};
    ssize_t length;
    while ((length = read(fd, bytes, sizeof bytes)) > 0)
        memory_sink_take(&m, bytes, (uint64_t)length);
    assert_int_equal(length, 0);
    close(fd);
    assert_non_null(m.text);
    return m.text;
}

static char *ask(const struct serving *v, const char *request)
{
    return read_all(begin_asking(v, request, ROOM));
}

static void check(const struct serving *v, const char *head, const char *status)
{
    char request[256];
    snprintf(request, sizeof request, "%s\r\nConnection: close\r\n\r\n", head);
    char *answer = ask(v, request);
    assert_memory_equal(answer, status, strlen(status));
    free(answer);
}

static void the_latest_figures_are_served_with_the_content_type(void **state)
{
    (void)state;
    struct serving v;
    begin(&v);
    server_show(v.server, sample_snapshot(v.sample));
    server_show(v.server, sample_snapshot(v.sample));
    char *answer = ask(&v, GET_METRICS);
    assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
    assert_non_null(strstr(answer, "Content-Type: application/openmetrics-text; version=1.0.0; "
                                   "charset=utf-8\r\n"));
    assert_non_null(strstr(answer, "\nstressor_errors_total 13\n"));
    assert_string_equal(answer + strlen(answer) - 6, "# EOF\n");
    free(answer);
    end(&v);
}

static void foreign_hosts_and_other_requests_are_refused(void **state)
{
    (void)state;
    struct serving v;
    begin(&v);
    check(&v, "GET /metrics HTTP/1.1\r\nHost: localhost", "HTTP/1.1 503 ");
    server_show(v.server, sample_snapshot(v.sample));
    check(&v, "GET /metrics HTTP/1.1\r\nHost: localhost:1", "HTTP/1.1 200 ");
    check(&v, "HEAD /metrics HTTP/1.1\r\nHost: localhost:1", "HTTP/1.1 200 ");
    check(&v, "GET /metrics HTTP/1.1\r\nHost: evil.example", "HTTP/1.1 403 ");
    check(&v, "GET /metrics HTTP/1.0", "HTTP/1.1 403 ");
    check(&v, "GET / HTTP/1.1\r\nHost: localhost", "HTTP/1.1 404 ");
    check(&v, "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0", "HTTP/1.1 405 ");
    end(&v);
}

static size_t length_of_metrics(void)
{
    struct serving v;
    begin_with(&v, SAMPLE_MANY, SERVER_BYTES_MOST);
    server_show(v.server, sample_snapshot(v.sample));
    char *answer =
        ask(&v, "HEAD /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    const char *length = strstr(answer, "Content-Length: ");
    assert_non_null(length);
    size_t bytes = strtoul(length + strlen("Content-Length: "), NULL, 10);
    free(answer);
    end(&v);
    return bytes;
}

/* There is room for one text and a half, which no socket's buffers could take. */
static void slow_readers_share_a_text_and_hold_no_more_than_the_ceiling(void **state)
{
    (void)state;
    const int room = ROOM;
    char first, *answer;
    size_t length = length_of_metrics();
    struct serving v;
    begin_with(&v, SAMPLE_MANY, length + length / 2);
    server_show(v.server, sample_snapshot(v.sample));
    int slow = begin_asking(&v, GET_METRICS, 4096);
    assert_int_equal(read(slow, &first, 1), 1);
    answer = ask(&v, GET_METRICS);
    assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
    assert_string_equal(answer + strlen(answer) - 6, "# EOF\n");
    free(answer);

    server_show(v.server, sample_snapshot(v.sample));
    answer = ask(&v, GET_METRICS);
    assert_memory_equal(answer, "HTTP/1.1 503 ", 13);
    assert_non_null(strstr(answer, "slow readers hold too much"));
    free(answer);

    setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    answer = read_all(slow);
    assert_memory_equal(answer, "TTP/1.1 200 ", 12);
    assert_string_equal(answer + strlen(answer) - 6, "# EOF\n");
    free(answer);
    slow = begin_asking(&v, GET_METRICS, 4096);
    assert_int_equal(read(slow, &first, 1), 1);
    answer = ask(&v, GET_METRICS);
    assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
    free(answer);
    end(&v); /* who still reads then holds nothing either */
    close(slow);
}

static void a_text_above_the_ceiling_is_an_error(void **state)
{
    (void)state;
    struct serving v;
    begin_with(&v, SAMPLE_PLAIN, 100);
    server_show(v.server, sample_snapshot(v.sample));
    check(&v, "GET /metrics HTTP/1.1\r\nHost: localhost", "HTTP/1.1 500 ");
    end(&v);
}

static void a_port_that_is_taken_is_an_error(void **state)
{
    (void)state;
    struct serving v;
    begin(&v);
    struct address again = v.address;
    assert_null(server_new(sample_api(), &again, SERVER_BYTES_MOST));
    end(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_figures_are_served_with_the_content_type),
        cmocka_unit_test(foreign_hosts_and_other_requests_are_refused),
        cmocka_unit_test(slow_readers_share_a_text_and_hold_no_more_than_the_ceiling),
        cmocka_unit_test(a_text_above_the_ceiling_is_an_error),
        cmocka_unit_test(a_port_that_is_taken_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
