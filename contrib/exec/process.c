#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* --- descriptors -------------------------------------------------------------------------------
 */

enum { STDIN, STDOUT, STDERR, STANDARD };

/* A file in memory: nobody has to feed the child, and it cannot make us wait. */
static int input_file(const struct process_input *input)
{
    if (input->length == 0)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = memfd_create("stdin", MFD_CLOEXEC);
    uint64_t at = 0;
    while (fd >= 0 && at < input->length) {
        ssize_t wrote = write(fd, input->bytes + at, input->length - at);
        if (wrote < 0 && errno != EINTR)
            close_one(&fd);
        else if (wrote > 0)
            at += (uint64_t)wrote;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

/* A descriptor below 3 would be overwritten before it is copied to its place. */
static bool keep_above(int *fd)
{
    if (*fd >= STANDARD)
        return true;
    int higher = fcntl(*fd, F_DUPFD_CLOEXEC, STANDARD);
    close_one(fd);
    *fd = higher;
    return higher >= 0;
}

static bool open_pipe(int *ours, int *childs)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    *ours = ends[0];
    *childs = ends[1];
    return keep_above(ours) && keep_above(childs);
}

/* --- starting ----------------------------------------------------------------------------------
 */

static int set_actions(posix_spawn_file_actions_t *actions, const int childs[STANDARD], int folder)
{
    int error = 0;
    for (int i = 0; i < STANDARD && error == 0; i++)
        error = posix_spawn_file_actions_adddup2(actions, childs[i], i);
    if (error == 0 && folder >= 0)
        error = posix_spawn_file_actions_addfchdir_np(actions, folder);
    return error != 0 ? error : posix_spawn_file_actions_addclosefrom_np(actions, STANDARD);
}

static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0)
        error = posix_spawnattr_setpgroup(attributes, 0);
    return error != 0 ? error
                      : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
                                                                 POSIX_SPAWN_SETSIGDEF |
                                                                 POSIX_SPAWN_SETPGROUP);
}

/* 0 or errno's number. */
static int spawn(struct process *p, const struct command *c, const int childs[STANDARD], int folder)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = set_actions(&actions, childs, folder);
        if (error == 0)
            error = set_attributes(&attributes);
        if (error == 0)
            error = posix_spawnp(&p->pid, c->words[0], &actions, &attributes, c->words,
                                 c->environment != NULL ? c->environment : environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Of a child whose end we could not hear of. */
static void kill_at_once(pid_t pid)
{
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static const char *start(struct process *p, const struct command *c,
                         const struct process_input *input, int childs[STANDARD], int *error)
{
    *error = 0;
    childs[STDIN] = input_file(input);
    if (childs[STDIN] < 0 || !keep_above(&childs[STDIN])) {
        *error = errno;
        return "make its standard input";
    }
    if (!open_pipe(&p->out, &childs[STDOUT]) || !open_pipe(&p->err, &childs[STDERR])) {
        *error = errno;
        return "make a pipe";
    }
    *error = spawn(p, c, childs, input->folder);
    if (*error != 0)
        return NULL;
    p->end = pidfd_open(p->pid, 0);
    if (p->end < 0) {
        *error = errno;
        kill_at_once(p->pid);
        return "watch for its end";
    }
    return NULL;
}

bool process_start(struct process *p, const struct command *c, const struct process_input *input,
                   const char **step)
{
    int childs[STANDARD] = {-1, -1, -1};
    int error;
    *p = (struct process){.pid = -1, .end = -1, .out = -1, .err = -1};
    *step = start(p, c, input, childs, &error);
    for (int i = 0; i < STANDARD; i++)
        close_one(&childs[i]);
    if (error == 0)
        return true;
    process_close(p);
    errno = error;
    return false;
}

/* --- the end -----------------------------------------------------------------------------------
 */

void process_signal(const struct process *p, int signal)
{
    kill(-p->pid, signal);
    if (getpgid(p->pid) != p->pid)
        kill(p->pid, signal);
}

static int64_t nanoseconds(struct timeval t)
{
    return (int64_t)t.tv_sec * INT64_C(1000000000) + (int64_t)t.tv_usec * 1000;
}

void process_reap(struct process *p, struct process_end *end)
{
    struct rusage used;
    int status;
    pid_t got;
    *end = (struct process_end){.exit_code = -1};
    kill(-p->pid, SIGKILL); /* while the process is a zombie its number is nobody else's */
    do
        got = wait4(p->pid, &status, 0, &used);
    while (got < 0 && errno == EINTR);
    p->pid = -1;
    if (got < 0)
        return;
    end->is_known = true;
    if (WIFEXITED(status))
        end->exit_code = WEXITSTATUS(status);
    else
        end->signal = WTERMSIG(status);
    end->user_ns = nanoseconds(used.ru_utime);
    end->system_ns = nanoseconds(used.ru_stime);
    end->peak_memory = (int64_t)used.ru_maxrss * 1024;
}

void process_kill(struct process *p)
{
    struct process_end end;
    struct pollfd gone = {.fd = p->end, .events = POLLIN};
    process_signal(p, SIGKILL);
    if (poll(&gone, 1, 1000) == 1)
        process_reap(p, &end);
}

void process_close(struct process *p)
{
    close_one(&p->end);
    close_one(&p->out);
    close_one(&p->err);
}
