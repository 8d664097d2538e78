#include "stats/watch_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    NS_PER_SECOND = 1000000000,
    WALKED_PER_LOOK = 1000, /* descriptors: more are counted again after as many looks more */
    WHO_MAX = 16,
    SHOWN_MAX = 100, /* bytes of a name in a reason */
};

void watch_process_init(struct watch_process *p, const char *name)
{
    *p = (struct watch_process){.name = name != NULL ? name : "stressor"};
    if (name == NULL)
        p->kind = WATCH_SELF;
    else if (strchr(name, '/') != NULL)
        p->kind = WATCH_PID_FILE;
    else
        p->kind = name[strspn(name, "0123456789")] == '\0' ? WATCH_PID : WATCH_NAME;
}

void watch_process_finish(struct watch_process *p)
{
    free(p->members);
}

static void who_of(const struct watch_process *p, int32_t pid, char out[WHO_MAX])
{
    if (p->kind == WATCH_SELF)
        strcpy(out, "self");
    else
        snprintf(out, WHO_MAX, "%d", (int)pid);
}

/* What it has used so far is not counted. */
static void add_member(struct watch_process *p, int32_t pid, const struct proc_stat *stat)
{
    if (p->count == WATCH_MEMBERS_MAX)
        return;
    if (p->count == p->room) {
        size_t room = p->room > 0 ? 2 * p->room : 4;
        struct watch_member *members = realloc(p->members, room * sizeof *members);
        if (members == NULL)
            return;
        p->members = members;
        p->room = room;
    }
    p->members[p->count++] =
        (struct watch_member){.pid = pid, .started = stat->started, .cpu = stat->cpu};
}

void watch_process_offer(struct watch_process *p, int32_t pid, const struct proc_stat *stat,
                         const char *program)
{
    if (p->kind != WATCH_NAME ||
        (strcmp(stat->name, p->name) != 0 && strcmp(program, p->name) != 0))
        return;
    for (size_t i = 0; i < p->count; i++)
        if (p->members[i].pid == pid && p->members[i].started == stat->started)
            return;
    add_member(p, pid, stat);
}

/* --- which process it is ------------------------------------------------------------------- */

/* How much of its name fits into a reason: whole characters. */
static int shown_length(const struct watch_process *p)
{
    size_t length = strlen(p->name);
    if (length <= SHOWN_MAX)
        return (int)length;
    length = SHOWN_MAX;
    while (length > 0 && (p->name[length] & 0xC0) == 0x80)
        length--;
    return (int)length;
}

/* 0: there is none; the reason says why. */
static int32_t read_pid_file(struct watch_process *p)
{
    char text[32], *end;
    if (!proc_read(AT_FDCWD, p->name, text, sizeof text)) {
        snprintf(p->reason, sizeof p->reason, "cannot read pid file %.*s: %s", shown_length(p),
                 p->name, strerror(errno));
        return 0;
    }
    errno = 0;
    long pid = strtol(text, &end, 10);
    if (errno == 0 && pid > 0 && pid <= INT32_MAX && strchr("\n\r ", *end) != NULL)
        return (int32_t)pid;
    snprintf(p->reason, sizeof p->reason, "pid file %.*s holds no process id", shown_length(p),
             p->name);
    return 0;
}

static int32_t wanted_pid(struct watch_process *p)
{
    if (p->kind == WATCH_SELF)
        return (int32_t)getpid();
    if (p->kind == WATCH_PID_FILE)
        return read_pid_file(p);
    long pid = strlen(p->name) <= 10 ? strtol(p->name, NULL, 10) : 0;
    return pid <= INT32_MAX ? (int32_t)pid : 0;
}

/* Finds the process of a pid, or of a pid file, that is not a member yet. A pid that has ended is
 * not taken for another process's that got it later. */
static void find(struct watch_process *p, int root)
{
    char who[WHO_MAX];
    struct proc_stat stat;
    if (p->kind == WATCH_NAME || (p->kind == WATCH_PID && p->was_found))
        return;
    p->reason[0] = '\0';
    int32_t pid = wanted_pid(p);
    bool file_is_wrong = p->reason[0] != '\0';
    if (p->count > 0 && (p->members[0].pid == pid || file_is_wrong))
        return; /* a process may remove its pid file before it ends */
    p->count = 0;
    if (file_is_wrong)
        return;
    who_of(p, pid, who);
    if (proc_stat(root, who, &stat) && !stat.ended)
        add_member(p, pid, &stat);
    else if (p->kind == WATCH_SELF)
        strcpy(p->reason, "cannot read /proc");
    else if (p->kind == WATCH_PID)
        snprintf(p->reason, sizeof p->reason, "no such process: %.32s", p->name);
    else
        snprintf(p->reason, sizeof p->reason, "no such process: %d", (int)pid);
}

static void explain(struct watch_process *p)
{
    if (p->count > 0)
        p->reason[0] = '\0';
    else if (p->was_found && p->kind != WATCH_PID_FILE)
        strcpy(p->reason, "it ended");
    else if (p->kind == WATCH_NAME)
        snprintf(p->reason, sizeof p->reason, "no process is called '%.*s'", shown_length(p),
                 p->name);
    else if (p->reason[0] == '\0')
        strcpy(p->reason, p->was_found ? "it ended" : "no such process");
}

/* --- what it uses -------------------------------------------------------------------------- */

static void look_at_storage(struct watch_process *p, struct watch_member *m, int root,
                            const char *who)
{
    uint64_t read, written;
    if (!proc_storage(root, who, &read, &written))
        return;
    if (m->knows_storage) {
        p->read += read > m->read ? read - m->read : 0;
        p->written += written > m->written ? written - m->written : 0;
    }
    m->knows_storage = true;
    m->read = read;
    m->written = written;
}

static void look_at_descriptors(struct watch_process *p, struct watch_member *m, int root,
                                const char *who)
{
    uint64_t count = proc_descriptors(root, who);
    if (m->walk_in == 0) {
        proc_walk(root, who, count, &m->descriptors, &m->sockets);
        uint64_t walked = count > PROC_SOCKETS_MAX ? PROC_SOCKETS_MAX : m->descriptors;
        m->walk_in = 1 + (unsigned)(walked / WALKED_PER_LOOK);
        m->limit = proc_descriptors_limit(root, who);
    }
    m->walk_in--;
    p->descriptors += count > 0 ? count : m->descriptors;
    p->sockets += m->sockets;
    if (p->descriptors_limit == 0 || (m->limit > 0 && m->limit < p->descriptors_limit))
        p->descriptors_limit = m->limit;
}

/* False: it has ended. */
static bool look_at_member(struct watch_process *p, struct watch_member *m, int root)
{
    char who[WHO_MAX];
    struct proc_stat stat;
    who_of(p, m->pid, who);
    if (!proc_stat(root, who, &stat) || stat.ended || stat.started != m->started)
        return false;
    if (stat.cpu > m->cpu)
        p->cpu_ns +=
            (int64_t)((double)(stat.cpu - m->cpu) * NS_PER_SECOND / (double)sysconf(_SC_CLK_TCK));
    m->cpu = stat.cpu;
    p->memory += stat.memory_bytes;
    p->threads += stat.threads;
    look_at_storage(p, m, root, who);
    look_at_descriptors(p, m, root, who);
    return true;
}

static void rate(struct watch_process *p, int64_t rate_ns)
{
    if (rate_ns <= 0)
        return;
    p->cpu = (double)(p->cpu_ns - p->rated_ns) / (double)rate_ns;
    p->rated_ns = p->cpu_ns;
    if (p->cpu > p->cpu_max)
        p->cpu_max = p->cpu;
}

bool watch_process_look(struct watch_process *p, int root, int64_t rate_ns)
{
    size_t kept = 0;
    find(p, root);
    bool all = p->count > 0;
    p->memory = p->threads = p->descriptors = p->descriptors_limit = p->sockets = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct watch_member *m = &p->members[i];
        if (look_at_member(p, m, root))
            p->members[kept++] = *m;
        else
            all = false;
    }
    p->count = kept;
    p->was_found = p->was_found || kept > 0;
    if (p->memory > p->memory_max)
        p->memory_max = p->memory;
    rate(p, rate_ns);
    explain(p);
    return all;
}
