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

static void begin(struct serving *v)
{
    assert_int_equal(address_read("0", &v->address), ADDRESS_FINE);
    v->server = server_new(sample_api(), &v->address);
    assert_non_null(v->server);
    v->sample = sample_new(SAMPLE_PLAIN);
}

static void end(struct serving *v)
{
    server_free(v->server);
    sample_free(v->sample);
    assert_int_equal(sample_retained(), 0);
}

/* Sends a request and reads until the end; the answer is to be freed. */
static char *ask(const struct serving *v, const char *request)
{
    struct memory_sink m = {0};
    struct timeval patience = {.tv_sec = 60};
    char bytes[4096];
    ssize_t length;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (const struct sockaddr *)&v->address.at, v->address.size), 0);
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    while ((length = read(fd, bytes, sizeof bytes)) > 0)
        memory_sink_take(&m, bytes, (uint64_t)length);
    assert_int_equal(length, 0);
    close(fd);
    assert_non_null(m.text);
    return m.text;
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
    char *answer = ask(&v, "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
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

static void a_port_that_is_taken_is_an_error(void **state)
{
    (void)state;
    struct serving v;
    begin(&v);
    struct address again = v.address;
    assert_null(server_new(sample_api(), &again));
    end(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_figures_are_served_with_the_content_type),
        cmocka_unit_test(foreign_hosts_and_other_requests_are_refused),
        cmocka_unit_test(a_port_that_is_taken_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
