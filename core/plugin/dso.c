#include "plugin/dso.h"

#include <dlfcn.h>
#include <link.h>
#include <ltdl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CRUMB_MAX = 4352, /* PATH_MAX and what is said around it */
    NEWEST_KNOWN = 9, /* majors that are looked for, to tell that a plugin is made for one */
};

_Static_assert(STRESSOR_ABI_MAJOR == 1, "STRESSOR_PLUGIN_ENTRY names the major");

/* --- the breadcrumb ---------------------------------------------------------------------- */

static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
enum { DEADLY_COUNT = sizeof deadly / sizeof *deadly };

/* Written before the handlers are in place, read by them. */
static struct {
    struct sigaction before[DEADLY_COUNT];
    char died[CRUMB_MAX];
    char left[CRUMB_MAX];
    volatile sig_atomic_t open;
} crumb;

static void say(const char *line)
{
    size_t length = strlen(line);
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, line, length);
        if (written <= 0)
            return;
        line += written;
        length -= (size_t)written;
    }
}

/* Async-signal-safe. The handler from before gets the signal: at once if it was sent, else when the
 * faulting instruction is tried again. */
static void tell_death(int number, siginfo_t *info, void *context)
{
    (void)context;
    say(crumb.died);
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        if (deadly[i] == number)
            sigaction(number, &crumb.before[i], NULL);
    }
    if (info->si_code <= 0)
        raise(number);
}

static void tell_exit(void)
{
    if (crumb.open)
        say(crumb.left);
}

static void crumb_open(const char *path)
{
    static bool exit_told;
    if (!exit_told)
        exit_told = atexit(tell_exit) == 0;
    snprintf(crumb.died, sizeof crumb.died, "stressor: died while loading plugin %s\n", path);
    snprintf(crumb.left, sizeof crumb.left,
             "stressor: plugin %s ended the process while it was loaded\n", path);
    crumb.open = 1;
    struct sigaction action = {.sa_sigaction = tell_death,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < DEADLY_COUNT; i++)
        sigaction(deadly[i], &action, &crumb.before[i]);
}

/* A handler that the plugin itself has installed meanwhile stays. */
static void crumb_close(void)
{
    crumb.open = 0;
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        struct sigaction now;
        if (sigaction(deadly[i], NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) != 0 &&
            now.sa_sigaction == tell_death)
            sigaction(deadly[i], &crumb.before[i], NULL);
    }
}

/* --- opening ----------------------------------------------------------------------------- */

static const char *or_unknown(const char *error)
{
    return error == NULL ? "unknown error" : error;
}

bool dso_init(struct buf *why)
{
    if (lt_dlinit() == 0)
        return true;
    buf_printf(why, "libltdl does not start: %s", or_unknown(lt_dlerror()));
    return false;
}

void dso_exit(void)
{
    lt_dlexit();
}

static const char *(*guard)(void *data, const char *path);
static void *guard_data;

void dso_set_guard(const char *(*refuse)(void *data, const char *path), void *data)
{
    guard = refuse;
    guard_data = data;
}

/* The loader's reasons begin with the path, which the caller knows. */
static void put_loader_reason(struct buf *why, const char *path)
{
    const char *error = or_unknown(dlerror());
    size_t length = strlen(path);
    if (strncmp(error, path, length) == 0 && error[length] == ':')
        error += length + strspn(error + length, ": ");
    buf_printf(why, "it cannot be loaded: %s", error);
}

/* A symbol of the module itself: dlsym alone also finds those of the libraries that it needs. */
static void *own_symbol(void *module, const char *name)
{
    void *symbol = dlsym(module, name);
    struct link_map *own, *holder = NULL;
    Dl_info info;
    if (symbol == NULL || dlinfo(module, RTLD_DI_LINKMAP, &own) != 0 ||
        dladdr1(symbol, &info, (void **)&holder, RTLD_DL_LINKMAP) == 0 || holder != own)
        return NULL;
    return symbol;
}

static void *find_entry(void *module, struct buf *why)
{
    void *entry = own_symbol(module, STRESSOR_PLUGIN_ENTRY);
    if (entry != NULL)
        return entry;
    for (int major = NEWEST_KNOWN; major > STRESSOR_ABI_MAJOR; major--) {
        char name[32];
        snprintf(name, sizeof name, "stressor_plugin_v%d", major);
        if (own_symbol(module, name) != NULL) {
            buf_printf(why, "it is made for plugin ABI %d, this stressor has %d", major,
                       STRESSOR_ABI_MAJOR);
            return NULL;
        }
    }
    buf_puts(why, "it has no entry " STRESSOR_PLUGIN_ENTRY ": it is not a plugin of stressor");
    return NULL;
}

static lt_dlhandle open_with_libltdl(const char *path)
{
    lt_dladvise advice;
    if (lt_dladvise_init(&advice) != 0)
        return NULL;
    lt_dlhandle handle = NULL;
    if (lt_dladvise_local(&advice) == 0)
        handle = lt_dlopenadvise(path, advice);
    lt_dladvise_destroy(&advice);
    return handle;
}

/* The module's entry through libltdl, which must come to the same one. */
static void *open_module(const char *path, struct buf *why)
{
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (module == NULL) {
        put_loader_reason(why, path);
        return NULL;
    }
    void *entry = find_entry(module, why);
    if (entry == NULL)
        return NULL;
    lt_dlhandle handle = open_with_libltdl(path);
    if (handle == NULL) {
        buf_printf(why, "libltdl cannot load it: %s", or_unknown(lt_dlerror()));
        return NULL;
    }
    if (lt_dlsym(handle, STRESSOR_PLUGIN_ENTRY) != entry) {
        buf_puts(why, "libltdl finds another module in its place");
        return NULL;
    }
    return entry;
}

stressor_plugin_entry dso_open(const char *path, struct buf *why)
{
    if (path[0] != '/') {
        buf_puts(why, "its path is not absolute");
        return NULL;
    }
    const char *refused = guard != NULL ? guard(guard_data, path) : NULL;
    if (refused != NULL) {
        buf_puts(why, refused);
        return NULL;
    }
    crumb_open(path);
    void *symbol = open_module(path, why);
    crumb_close();
    stressor_plugin_entry entry = NULL;
    /* Functions and objects have pointers of one size, which C does not promise but POSIX does. */
    _Static_assert(sizeof entry == sizeof symbol, "function pointers fit");
    memcpy(&entry, &symbol, sizeof entry);
    return entry;
}

const stressor_plugin *dso_describe(const char *path, stressor_plugin_entry entry)
{
    crumb_open(path);
    const stressor_plugin *desc = entry();
    crumb_close();
    return desc;
}
