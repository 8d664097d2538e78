#include "say.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

static volatile sig_atomic_t asked_to_end;

static void on_signal(int number)
{
    (void)number;
    asked_to_end = 1;
}

void say_watch(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

bool say_stopped(void)
{
    return asked_to_end != 0;
}

static void print(const struct say *s, const char *kind, const char *fmt, va_list args)
{
    if (s->quiet)
        return;
    flockfile(stderr);
    fprintf(stderr, "stressor init: %s", kind);
    if (s->about != NULL)
        fprintf(stderr, "%s: ", s->about);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    funlockfile(stderr);
}

bool say_error(struct say *s, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (!s->failed)
        print(s, "", fmt, args);
    va_end(args);
    s->failed = true;
    return false;
}

void say_warning(struct say *s, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    print(s, "warning: ", fmt, args);
    va_end(args);
}

bool say_no_memory(struct say *s)
{
    return say_error(s, "out of memory");
}
