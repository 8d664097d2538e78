/*
 * stressor-target -- a web server to practise on: `stressor target`.
 *
 * Exit code: 0 when it was asked to end, 1 when it cannot listen, 2 for wrong usage.
 */
#include "server.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_PORT 8080

struct options {
    uint16_t port;
    bool until_eof;
};

static volatile sig_atomic_t asked_to_end;

static void on_signal(int number)
{
    (void)number;
    asked_to_end = 1;
}

static void usage(void)
{
    printf("Usage: stressor target [--port N] [--until-eof]\n"
           "A web server to practise on. It listens on 127.0.0.1 only, keeps everything in\n"
           "memory, and shows its pages at /.\n"
           "\n"
           "      --port N     listen on this port (%d); 0 takes a free one\n"
           "      --until-eof  end when the standard input ends\n"
           "  -h, --help       show this help\n",
           DEFAULT_PORT);
}

/* Where to read more, after what is wrong was told. Always false. */
static bool see_help(void)
{
    fputs("See \"stressor target --help\".\n", stderr);
    return false;
}

/* True: go on. Else *status is the exit code. */
static bool options_read(struct options *o, int argc, char **argv, int *status)
{
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'},
        {"until-eof", no_argument, NULL, 'e'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    static char name[] = "stressor target"; /* getopt_long's messages begin with it */
    argv[0] = name;
    *status = 2;
    int c;
    while ((c = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        char *rest;
        unsigned long port;
        switch (c) {
        case 'p':
            errno = 0;
            port = strtoul(optarg, &rest, 10);
            if (*optarg < '0' || *optarg > '9' || *rest || errno || port > 65535) {
                fprintf(stderr, "stressor target: a port is 0 to 65535, not %s\n", optarg);
                return see_help();
            }
            o->port = (uint16_t)port;
            break;
        case 'e': o->until_eof = true; break;
        case 'h':
            usage();
            *status = 0;
            return false;
        default: return see_help();
        }
    }
    if (optind < argc) {
        fprintf(stderr, "stressor target: unexpected argument: %s\n", argv[optind]);
        return see_help();
    }
    return true;
}

/* Reads away what came on the standard input; false when it has ended. */
static bool input_goes_on(void)
{
    char buffer[512];
    ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);
    return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Serves until a signal or the end of the input; signals arrive only while it waits. */
static void run(struct server *s, const struct options *o, const sigset_t *unblocked)
{
    struct pollfd fds[2] = {{.fd = server_fd(s), .events = POLLIN},
                            {.fd = o->until_eof ? STDIN_FILENO : -1, .events = POLLIN}};
    while (!asked_to_end) {
        int64_t ns = server_wait_ns(s);
        struct timespec wait = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
        int ready = ppoll(fds, 2, ns < 0 ? NULL : &wait, unblocked);
        if (ready < 0 && errno != EINTR) {
            perror("stressor target: poll");
            return;
        }
        if (ready > 0 && fds[1].revents && !input_goes_on()) {
            return;
        }
        server_step(s);
    }
}

int main(int argc, char **argv)
{
    struct options options = {.port = DEFAULT_PORT};
    int status;
    if (!options_read(&options, argc, argv, &status)) {
        return status;
    }

    sigset_t ends, unblocked;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, &unblocked);
    sigdelset(&unblocked, SIGINT);
    sigdelset(&unblocked, SIGTERM);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);

    struct server *s = server_new(options.port);
    if (!s) {
        fprintf(stderr, "stressor target: cannot listen on 127.0.0.1 port %u: %s\n", options.port,
                strerror(errno));
        if (errno == EADDRINUSE) {
            fputs("stressor target: --port N takes another one, --port 0 any free one\n", stderr);
        }
        return 1;
    }
    printf("listening on http://127.0.0.1:%u/\n", s->port);
    if (fflush(stdout) != 0) {
        perror("stressor target: standard output");
        server_free(s);
        return 1;
    }
    run(s, &options, &unblocked);
    server_free(s);
    return 0;
}
