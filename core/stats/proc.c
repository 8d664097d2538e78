#include "stats/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MAX_HERE = 64, TEXT_MAX = 4096 };

bool proc_read(int root, const char *path, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    int fd = openat(root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t n = 0;
    while (used + 1 < size) {
        n = read(fd, out + used, size - 1 - used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        used += (size_t)n;
    }
    int error = errno;
    close(fd);
    errno = error;
    out[used] = '\0';
    return n >= 0;
}

static bool read_of(int root, const char *who, const char *file, char *out, size_t size)
{
    char path[PATH_MAX_HERE];
    snprintf(path, sizeof path, "%s/%s", who, file);
    return proc_read(root, path, out, size);
}

/* The next number behind blanks; what is none, negative or too large counts as 0. */
static uint64_t number(const char **at)
{
    uint64_t n = 0;
    while (**at == ' ' || **at == '\t')
        ++*at;
    bool good = **at >= '0' && **at <= '9';
    for (; **at > ' '; ++*at)
        good = good && **at >= '0' && **at <= '9' && !__builtin_mul_overflow(n, UINT64_C(10), &n) &&
               !__builtin_add_overflow(n, (uint64_t)(**at - '0'), &n);
    return good ? n : 0;
}

/* What stands behind `key` at the beginning of a line; NULL: no such line. */
static const char *line_behind(const char *text, const char *key)
{
    size_t length = strlen(key);
    for (const char *line = text; line != NULL;) {
        if (strncmp(line, key, length) == 0)
            return line + length;
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return NULL;
}

static uint64_t number_behind(const char *text, const char *key)
{
    const char *at = line_behind(text, key);
    return at != NULL ? number(&at) : 0;
}

/* --- processes ----------------------------------------------------------------------------- */

/* "PID (NAME) STATE …": the name may hold blanks and parentheses. */
static bool parse_stat(const char *text, struct proc_stat *out)
{
    enum { STATE = 3, USER = 14, SYSTEM = 15, THREADS = 20, STARTED = 22, MEMORY = 24 };
    const char *begin = strchr(text, '('), *end = strrchr(text, ')');
    if (begin == NULL || end == NULL || end < begin || end[1] != ' ' || end[2] == '\0')
        return false;
    *out = (struct proc_stat){.ended = end[2] == 'Z' || end[2] == 'X'};
    size_t length = (size_t)(end - begin - 1);
    memcpy(out->name, begin + 1, length < PROC_NAME_MAX ? length : PROC_NAME_MAX - 1);
    const char *at = end + 3;
    for (int field = STATE + 1; field <= MEMORY; field++) {
        uint64_t n = number(&at);
        if (field == USER || field == SYSTEM)
            out->cpu += n;
        if (field == THREADS)
            out->threads = n;
        if (field == STARTED)
            out->started = n;
        if (field == MEMORY)
            out->memory_bytes = n * (uint64_t)sysconf(_SC_PAGESIZE);
    }
    return true;
}

bool proc_stat(int root, const char *who, struct proc_stat *out)
{
    char text[TEXT_MAX];
    return read_of(root, who, "stat", text, sizeof text) && parse_stat(text, out);
}

bool proc_storage(int root, const char *who, uint64_t *read, uint64_t *written)
{
    char text[TEXT_MAX];
    if (!read_of(root, who, "io", text, sizeof text))
        return false;
    *read = number_behind(text, "read_bytes:");
    *written = number_behind(text, "write_bytes:");
    return true;
}

uint64_t proc_descriptors_limit(int root, const char *who)
{
    char text[TEXT_MAX];
    return read_of(root, who, "limits", text, sizeof text) ? number_behind(text, "Max open files")
                                                           : 0;
}

uint64_t proc_descriptors(int root, const char *who)
{
    char path[PATH_MAX_HERE];
    struct stat s;
    snprintf(path, sizeof path, "%s/fd", who);
    return fstatat(root, path, &s, 0) == 0 && s.st_size > 0 ? (uint64_t)s.st_size : 0;
}

static DIR *open_folder(int root, const char *path)
{
    int fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (folder == NULL && fd >= 0)
        close(fd);
    return folder;
}

void proc_walk(int root, const char *who, uint64_t known, uint64_t *descriptors, uint64_t *sockets)
{
    char path[PATH_MAX_HERE], target[16];
    uint64_t looked_at = 0;
    *descriptors = *sockets = 0;
    snprintf(path, sizeof path, "%s/fd", who);
    DIR *folder = open_folder(root, path);
    if (folder == NULL)
        return;
    for (struct dirent *e; (e = readdir(folder)) != NULL;) {
        if (e->d_name[0] < '0' || e->d_name[0] > '9')
            continue;
        ++*descriptors;
        if (looked_at == PROC_SOCKETS_MAX && known > 0)
            break;
        if (looked_at == PROC_SOCKETS_MAX)
            continue;
        looked_at++;
        ssize_t n = readlinkat(dirfd(folder), e->d_name, target, sizeof target);
        *sockets += n > 7 && memcmp(target, "socket:", 7) == 0;
    }
    closedir(folder);
    if (looked_at < *descriptors && known > *descriptors)
        *descriptors = known;
    if (looked_at < *descriptors)
        *sockets = (uint64_t)((double)*sockets * (double)*descriptors / (double)looked_at);
}

/* The last part of the first argument; the empty text where there is none. */
static const char *program_of(char *arguments)
{
    char *slash = strrchr(arguments, '/');
    return slash != NULL ? slash + 1 : arguments;
}

void proc_each(int root,
               bool (*each)(void *data, int32_t pid, const struct proc_stat *stat,
                            const char *program),
               void *data)
{
    DIR *folder = open_folder(root, ".");
    bool more = folder != NULL;
    while (more) {
        struct dirent *e = readdir(folder);
        if (e == NULL)
            break;
        char *end, arguments[TEXT_MAX];
        long pid = strtol(e->d_name, &end, 10);
        struct proc_stat stat;
        if (*end != '\0' || pid <= 0 || pid > INT32_MAX || strlen(e->d_name) > 10 ||
            !proc_stat(root, e->d_name, &stat) || stat.ended)
            continue;
        read_of(root, e->d_name, "cmdline", arguments, sizeof arguments);
        more = each(data, (int32_t)pid, &stat, program_of(arguments));
    }
    if (folder != NULL)
        closedir(folder);
}

/* --- the machine --------------------------------------------------------------------------- */

static void parse_cpus(const char *text, struct proc_machine *out)
{
    enum { IDLE = 3, WAIT = 4, FIELDS = 8 }; /* guests, behind these, are in user and nice */
    const char *at = line_behind(text, "cpu ");
    for (int i = 0; at != NULL && i < FIELDS; i++) {
        uint64_t n = number(&at);
        out->cpu_all += n;
        out->cpu_busy += i == IDLE || i == WAIT ? 0 : n;
    }
    for (const char *line = text; (line = strstr(line, "\ncpu")) != NULL; line++)
        out->cpus++;
}

static void parse_interfaces(const char *text, struct proc_machine *out)
{
    enum { RECEIVED = 0, SENT = 8 };
    for (const char *at = strchr(text, ':'); at != NULL; at = strchr(at, ':')) {
        at++;
        for (int i = 0; i <= SENT; i++) {
            uint64_t n = number(&at);
            out->received_bytes += i == RECEIVED ? n : 0;
            out->sent_bytes += i == SENT ? n : 0;
        }
    }
}

/* "TCP: inuse 7 orphan 0 tw 2 …" */
static uint64_t word_behind(const char *text, const char *line, const char *word)
{
    const char *at = line_behind(text, line);
    size_t length = strlen(word);
    while (at != NULL && *at != '\0' && *at != '\n') {
        at += strspn(at, " ");
        size_t size = strcspn(at, " \n");
        bool found = size == length && memcmp(at, word, length) == 0;
        at += size;
        if (found)
            return number(&at);
    }
    return 0;
}

void proc_machine(int root, char *scratch, size_t size, struct proc_machine *out)
{
    *out = (struct proc_machine){0};
    if (proc_read(root, "stat", scratch, size))
        parse_cpus(scratch, out);
    if (proc_read(root, "meminfo", scratch, size)) {
        out->memory_bytes = number_behind(scratch, "MemTotal:") * 1024;
        out->memory_available_bytes = number_behind(scratch, "MemAvailable:") * 1024;
    }
    if (proc_read(root, "net/dev", scratch, size))
        parse_interfaces(scratch, out);
    if (proc_read(root, "net/sockstat", scratch, size)) {
        out->tcp_sockets = word_behind(scratch, "TCP:", "inuse");
        out->tcp_time_wait = word_behind(scratch, "TCP:", "tw");
    }
    if (proc_read(root, "net/sockstat6", scratch, size))
        out->tcp_sockets += word_behind(scratch, "TCP6:", "inuse");
    if (proc_read(root, "sys/net/ipv4/ip_local_port_range", scratch, size)) {
        const char *at = scratch;
        uint64_t low = number(&at), high = number(&at);
        out->local_ports = low > 0 && high >= low && high <= UINT16_MAX ? high - low + 1 : 0;
    }
}
