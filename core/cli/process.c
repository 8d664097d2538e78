#include "cli/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_MAX (16 << 20) /* bytes that are kept */
#define NO_PROGRAM 127        /* exit code, as a shell's */
#define LOOK_NS    INT64_C(250000000)

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};

static void fill(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGCHLD);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        sigaddset(set, ending[i]);
}

void process_hold_signals(void)
{
    sigset_t set;
    fill(&set);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

/* --- the child --------------------------------------------------------------------------- */

struct start {
    int (*body)(void *data);
    void *data;
    const struct process_limits *limits;
    pid_t parent;
    int output, errors;
};

static void limit(int resource, uint64_t most, uint64_t grace)
{
    const struct rlimit l = {.rlim_cur = most, .rlim_max = most + grace};
    setrlimit((__rlimit_resource_t)resource, &l);
}

static _Noreturn void be_child(const struct start *s)
{
    sigset_t set;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != s->parent)
        _exit(NO_PROGRAM);
    int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (none < 0 || dup2(none, STDIN_FILENO) < 0 || dup2(s->output, STDOUT_FILENO) < 0 ||
        dup2(s->limits->merge ? s->output : s->errors, STDERR_FILENO) < 0)
        _exit(NO_PROGRAM);
    limit(RLIMIT_CORE, 0, 0);
    if (s->limits->cpu_seconds > 0)
        limit(RLIMIT_CPU, s->limits->cpu_seconds, 1);
    if (s->limits->file_bytes > 0)
        limit(RLIMIT_FSIZE, s->limits->file_bytes, 0);
    fill(&set);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    int code = s->body(s->data);
    fflush(stdout);
    _exit(code);
}

/* --- the parent -------------------------------------------------------------------------- */

static char *slurp(int fd, size_t *length)
{
    struct stat st;
    *length = 0;
    if (fstat(fd, &st) != 0)
        return NULL;
    size_t size = st.st_size < OUTPUT_MAX ? (size_t)st.st_size : OUTPUT_MAX;
    char *text = malloc(size + 1);
    while (text != NULL && *length < size) {
        ssize_t n = pread(fd, text + *length, size - *length, (off_t)*length);
        if (n <= 0)
            break;
        *length += (size_t)n;
    }
    if (text != NULL)
        text[*length] = '\0';
    return text;
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* How the child gets on. */
struct pace {
    const struct process_limits *limits;
    int64_t since_ns; /* the last progress */
    uint32_t progress;
    bool told; /* that it is slow */
};

/* How long it may take from now on; tells where it is slow. */
static int64_t left_of(struct pace *p)
{
    const struct process_limits *l = p->limits;
    const int64_t now = now_ns(), second_ns = 1000000000;
    const uint32_t progress = l->progress != NULL ? atomic_load(l->progress) : 0;
    if (progress != p->progress)
        *p = (struct pace){.limits = l, .since_ns = now, .progress = progress};
    if (l->slow != NULL && !p->told && now - p->since_ns >= l->slow_seconds * second_ns) {
        p->told = true;
        l->slow(l->slow_data);
    }
    return l->seconds > 0 ? p->since_ns + l->seconds * second_ns - now : 3600 * second_ns;
}

/* Waits for a signal that says something about the child, or for its time to be up. */
static void wait_for(pid_t child, const struct process_limits *limits, struct process *out)
{
    sigset_t set;
    struct pace pace = {.limits = limits, .since_ns = now_ns()};
    fill(&set);
    while (waitpid(child, &out->status, WNOHANG) == 0) {
        const int64_t left_ns = left_of(&pace);
        const int64_t wait_ns = limits->progress != NULL && left_ns > LOOK_NS ? LOOK_NS : left_ns;
        const struct timespec left = {.tv_sec = wait_ns / 1000000000,
                                      .tv_nsec = wait_ns % 1000000000};
        int got = left_ns <= 0 ? -1 : sigtimedwait(&set, NULL, &left);
        out->stopped = got > 0 && got != SIGCHLD;
        out->late = left_ns <= 0;
        if (out->late || out->stopped) {
            kill(-child, SIGKILL);
            kill(child, SIGKILL);
            waitpid(child, &out->status, 0);
            return;
        }
    }
    kill(-child, SIGKILL); /* what it has left behind */
}

static bool start(const struct start *s, struct process *out)
{
    sigset_t set, before;
    fill(&set);
    fflush(stdout);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_BLOCK, &set, &before);
    pid_t child = fork();
    if (child == 0)
        be_child(s);
    int error = errno;
    if (child > 0) {
        setpgid(child, child);
        wait_for(child, s->limits, out);
        out->output = slurp(s->output, &out->output_length);
        out->errors = slurp(s->errors, &out->errors_length);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = child > 0 ? ENOMEM : error;
    return child > 0 && out->output != NULL && out->errors != NULL;
}

bool process_fork(int (*body)(void *data), void *data, const struct process_limits *limits,
                  struct process *out)
{
    struct start s = {.body = body, .data = data, .limits = limits, .parent = getpid()};
    *out = (struct process){.output = NULL};
    s.output = memfd_create("output", MFD_CLOEXEC);
    s.errors = memfd_create("errors", MFD_CLOEXEC);
    int error = errno;
    /* At the end, wherever others have written meanwhile. */
    if (s.output >= 0)
        fcntl(s.output, F_SETFL, O_APPEND);
    bool fine = false;
    if (s.output >= 0 && s.errors >= 0) {
        fine = start(&s, out);
        error = errno;
    }
    if (s.output >= 0)
        close(s.output);
    if (s.errors >= 0)
        close(s.errors);
    if (!fine)
        process_finish(out);
    errno = error;
    return fine;
}

static int become(void *data)
{
    char **argv = data;
    signal(SIGPIPE, SIG_DFL);
    umask(022);
    execvp(argv[0], argv);
    dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
    return NO_PROGRAM;
}

bool process_run(const char *const *argv, const struct process_limits *limits, struct process *out)
{
    char **words = NULL;
    size_t count = 0;
    while (argv[count] != NULL)
        count++;
    words = calloc(count + 1, sizeof *words);
    bool fine = words != NULL;
    *out = (struct process){.output = NULL};
    for (size_t i = 0; fine && i < count; i++) {
        words[i] = strdup(argv[i]);
        fine = words[i] != NULL;
    }
    fine = fine && process_fork(become, words, limits, out);
    int error = errno;
    for (size_t i = 0; words != NULL && i < count; i++)
        free(words[i]);
    free(words);
    errno = error;
    return fine;
}

void process_finish(struct process *p)
{
    free(p->output);
    free(p->errors);
    p->output = NULL;
    p->errors = NULL;
}

bool process_succeeded(const struct process *p)
{
    return !p->late && !p->stopped && WIFEXITED(p->status) && WEXITSTATUS(p->status) == 0;
}

void process_describe(const struct process *p, const struct process_limits *limits, char *out,
                      size_t size)
{
    if (p->stopped)
        snprintf(out, size, "was stopped");
    else if (p->late)
        snprintf(out, size, "took more than %u s", limits->seconds);
    else if (WIFEXITED(p->status))
        snprintf(out, size, "ended the process (exit code %d)", WEXITSTATUS(p->status));
    else if (WTERMSIG(p->status) == SIGXCPU || WTERMSIG(p->status) == SIGKILL)
        snprintf(out, size, "computed for more than %u s", limits->cpu_seconds);
    else
        snprintf(out, size, "crashed (signal %d, %s)", WTERMSIG(p->status),
                 strsignal(WTERMSIG(p->status)));
}
