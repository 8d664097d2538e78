#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { HANG_MS = 12000, LOOK_MS = 500 };

struct shared *shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

bool shared_init(void)
{
    void *memory =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared = memory != MAP_FAILED ? memory : NULL;
    return shared != NULL;
}

/* --- findings -------------------------------------------------------------------------------- */

bool was_found(enum check check, const char *about)
{
    uint32_t count = atomic_load(&shared->findings_count);
    for (uint32_t i = 0; i < count; i++)
        if (shared->findings[i].check == (uint32_t)check &&
            strncmp(shared->findings[i].about, about, ABOUT_MAX - 1) == 0)
            return true;
    return false;
}

/* What does not fit is cut. */
__attribute__((format(printf, 2, 3))) static void append(char text[TEXT_MAX], const char *format,
                                                         ...)
{
    va_list args;
    size_t length = strlen(text);
    va_start(args, format);
    vsnprintf(text + length, TEXT_MAX - length, format, args);
    va_end(args);
}

bool is_stuck(void)
{
    uint32_t count = atomic_load(&shared->findings_count);
    for (uint32_t i = 0; i < count; i++)
        if (shared->findings[i].check == CHECK_COMPLETES || shared->findings[i].check == CHECK_HANG)
            return true;
    return false;
}

void found(enum check check, const char *about, const char *format, ...)
{
    va_list args;
    pthread_mutex_lock(&lock);
    uint32_t i = atomic_load(&shared->findings_count);
    bool known = was_found(check, about);
    if (shared->in_memory_stage && check != CHECK_HANG) {
        check = CHECK_MEMORY;
        known |= was_found(check, about);
    }
    if (!known && i < FINDINGS_MAX) {
        struct finding *f = &shared->findings[i];
        f->check = (uint32_t)check;
        snprintf(f->about, sizeof f->about, "%s", about);
        va_start(args, format);
        vsnprintf(f->text, sizeof f->text, format, args);
        va_end(args);
        if (shared->circumstance[0] != '\0')
            append(f->text, " (%s)", shared->circumstance);
        if (shared->current[0] != '\0') /* nothing, for what the parent finds in the file */
            append(f->text, "; in %s", shared->current);
        atomic_store(&shared->findings_count, i + 1);
    }
    pthread_mutex_unlock(&lock);
}

void note(const char *format, ...)
{
    va_list args;
    char text[TEXT_MAX];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pthread_mutex_lock(&lock);
    uint32_t i = atomic_load(&shared->notes_count);
    bool known = false;
    for (uint32_t k = 0; k < i; k++)
        known |= strcmp(shared->notes[k], text) == 0;
    if (!known && i < NOTES_MAX) {
        snprintf(shared->notes[i], sizeof shared->notes[i], "%s", text);
        atomic_store(&shared->notes_count, i + 1);
    }
    pthread_mutex_unlock(&lock);
}

void wrong_option(const char *format, ...)
{
    va_list args;
    if (shared->wrong[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(shared->wrong, sizeof shared->wrong, format, args);
    va_end(args);
}

void beat(void)
{
    atomic_fetch_add(&shared->beats, 1);
}

void doing(const char *format, ...)
{
    va_list args;
    pthread_mutex_lock(&lock);
    va_start(args, format);
    vsnprintf(shared->doing, sizeof shared->doing, format, args);
    va_end(args);
    pthread_mutex_unlock(&lock);
    beat();
}

void running(const char *format, ...)
{
    va_list args;
    pthread_mutex_lock(&lock);
    va_start(args, format);
    vsnprintf(shared->current, sizeof shared->current, format, args);
    va_end(args);
    pthread_mutex_unlock(&lock);
    beat();
}

/* The end of a value: behind its quote, or where a list or map goes on. */
static const char *value_end(const char *p)
{
    if (*p != '"')
        return p + strcspn(p, ",{}[]\"");
    for (p++; *p != '\0' && *p != '"'; p++)
        if (*p == '\\' && p[1] != '\0')
            p++;
    return *p == '"' ? p + 1 : p;
}

/* No character is cut in two. */
static size_t cut_at(const char *text, size_t length)
{
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

void running_activities(const char *activities, const char *words)
{
    enum { VALUE_MAX = 80, VALUE_KEPT = 40 };
    struct text shown = {0};
    for (const char *p = activities, *next; *p != '\0'; p = next) {
        next = value_end(p);
        next += next == p;
        size_t length = (size_t)(next - p);
        if (length > VALUE_MAX)
            text_add(&shown, "%.*s... (%zu bytes)", (int)cut_at(p, VALUE_KEPT), p, length);
        else
            text_add(&shown, "%.*s", (int)length, p);
    }
    const char *text = shown.bytes != NULL ? shown.bytes : "";
    bool whole = shown.length <= SHOWN_MAX;
    running("%.*s%s%s%s", (int)(whole ? shown.length : cut_at(text, SHOWN_MAX)), text,
            whole ? "" : "...", words != NULL ? ", " : "", words != NULL ? words : "");
    text_reset(&shown);
}

/* --- children -------------------------------------------------------------------------------- */

/* Waits for the end of the child, which closes its end of the pipe then. False: nothing happened
 * in it for too long, and it was killed. */
static bool await_child(pid_t pid, int pipe_end, int *status)
{
    uint64_t beats = atomic_load(&shared->beats);
    for (int idle_ms = 0; idle_ms < HANG_MS; idle_ms += LOOK_MS) {
        struct pollfd p = {.fd = pipe_end, .events = POLLIN};
        if (poll(&p, 1, LOOK_MS) != 0 && (p.revents & (POLLHUP | POLLERR)) != 0) {
            waitpid(pid, status, 0);
            return true;
        }
        if (waitpid(pid, status, WNOHANG) == pid) /* a process of the plugin's holds the pipe */
            return true;
        uint64_t now = atomic_load(&shared->beats);
        if (now != beats)
            idle_ms = 0;
        beats = now;
    }
    kill(pid, SIGKILL);
    waitpid(pid, status, 0);
    return false;
}

static void child_main(pid_t parent, void (*body)(void))
{
    const struct rlimit none = {0, 0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(STAGE_FOUND);
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGPIPE, SIG_IGN);
    body();
    shared->ended = true;
    _exit(0);
}

bool stage_run(const char *name, void (*body)(void))
{
    int ends[2], status = 0;
    shared->doing[0] = shared->current[0] = shared->circumstance[0] = '\0';
    shared->in_memory_stage = body == stage_memory;
    shared->ended = false;
    fflush(NULL);
    pid_t self = getpid();
    if (pipe(ends) != 0) {
        found(CHECK_CRASH, "", "cannot make a pipe: %s", strerror(errno));
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        child_main(self, body);
    }
    close(ends[1]);
    bool ended = pid > 0 && await_child(pid, ends[0], &status);
    close(ends[0]);
    if (pid < 0) {
        found(CHECK_CRASH, "", "cannot start a process: %s", strerror(errno));
        return false;
    }
    if (!ended)
        found(CHECK_HANG, "", "nothing has happened for %d s in %s", HANG_MS / 1000,
              shared->doing[0] != '\0' ? shared->doing : name);
    else if (WIFSIGNALED(status))
        found(CHECK_CRASH, "", "%s in %s", strsignal(WTERMSIG(status)),
              shared->doing[0] != '\0' ? shared->doing : name);
    else if (WEXITSTATUS(status) != STAGE_FOUND && !shared->ended)
        found(CHECK_CRASH, "", "the process was ended with the code %d in %s; a plugin must not",
              WEXITSTATUS(status), shared->doing[0] != '\0' ? shared->doing : name);
    shared->in_memory_stage = false;
    shared->current[0] = shared->circumstance[0] = '\0';
    return ended;
}
