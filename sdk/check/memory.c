#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* The allocator's functions, between the plugin and the C library: the program's own definitions
 * come before the library's. Only requests whose return address lies in the plugin are watched. */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

enum { BLOCKS = 1 << 16, BOOTSTRAP = 64 << 10 };

struct block {
    void *address; /* NULL: free */
    uint64_t size;
    const char *caller;
    uint32_t round;
};

static struct {
    pthread_mutex_t lock;
    const char *first, *end; /* of the plugin's code */
    uint64_t asked, fail_at; /* fail_at 0: never */
    bool failed;
    uint32_t round;
    size_t count;
    struct block blocks[BLOCKS]; /* open addressing */
} watch = {.lock = PTHREAD_MUTEX_INITIALIZER};

bool memory_available(void)
{
#ifdef SANITIZED
    return false;
#else
    return true;
#endif
}

void memory_watch(const void *first, const void *end)
{
    watch.first = first;
    watch.end = end;
}

void memory_fail(uint64_t nth)
{
    pthread_mutex_lock(&watch.lock);
    watch.asked = 0;
    watch.fail_at = nth;
    watch.failed = false;
    pthread_mutex_unlock(&watch.lock);
}

bool memory_failed(void)
{
    return watch.failed;
}

void memory_round(uint32_t n)
{
    watch.round = n;
}

/* Under the lock. `caller` is NULL where the host asks. */
static bool grant(const char *what, const char *caller)
{
    if (watch.fail_at == 0 || ++watch.asked != watch.fail_at)
        return true;
    watch.failed = true;
    atomic_fetch_add(&shared->denied, 1);
    if (caller == NULL)
        snprintf(shared->circumstance, sizeof shared->circumstance, "host->%s had failed", what);
    else
        snprintf(shared->circumstance, sizeof shared->circumstance,
                 "%s at +0x%llx of the file had failed", what,
                 (unsigned long long)(caller - watch.first));
    return false;
}

bool memory_grant(const char *what)
{
    pthread_mutex_lock(&watch.lock);
    bool granted = grant(what, NULL);
    pthread_mutex_unlock(&watch.lock);
    return granted;
}

bool memory_leak(uint32_t round_a, uint32_t round_b, uint64_t *offset, uint64_t *blocks,
                 uint64_t *bytes)
{
    *blocks = 0;
    pthread_mutex_lock(&watch.lock);
    for (size_t i = 0; i < BLOCKS; i++) {
        const struct block *first = &watch.blocks[i];
        uint64_t in_a = 0, in_b = 0, size = 0;
        if (first->address == NULL || first->round != round_b)
            continue;
        for (size_t k = 0; k < BLOCKS; k++) {
            const struct block *b = &watch.blocks[k];
            if (b->address == NULL || b->caller != first->caller)
                continue;
            in_a += b->round == round_a;
            in_b += b->round == round_b;
            size += b->round == round_b ? b->size : 0;
        }
        if (in_a == 0 || in_b <= *blocks)
            continue;
        *blocks = in_b;
        *bytes = size;
        *offset = (uint64_t)(first->caller - watch.first);
    }
    pthread_mutex_unlock(&watch.lock);
    return *blocks > 0;
}

#ifndef SANITIZED

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void *(*real_aligned_alloc)(size_t, size_t);
static int (*real_posix_memalign)(void **, size_t, size_t);
static void (*real_free)(void *);

/* What finding the real functions needs itself. */
static _Alignas(16) char bootstrap[BOOTSTRAP];
static size_t bootstrap_used;

static bool is_bootstrap(const void *p)
{
    return (const char *)p >= bootstrap && (const char *)p < bootstrap + sizeof bootstrap;
}

static void *bootstrap_alloc(size_t size)
{
    size_t room = (size + 31) / 16 * 16; /* at least 16 more, for its length */
    if (room < size || room + 16 > sizeof bootstrap - bootstrap_used)
        return NULL;
    char *p = bootstrap + bootstrap_used;
    memcpy(p, &size, sizeof size);
    bootstrap_used += room + 16;
    return p + 16;
}

static bool finding;

static bool find(void *function, const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof symbol); /* ISO C knows no other way */
    return symbol != NULL;
}

/* The first call comes before there is a second thread. */
static bool is_ready(void)
{
    if (real_free != NULL)
        return true;
    if (finding)
        return false;
    finding = true;
    bool all = find(&real_malloc, "malloc") && find(&real_calloc, "calloc") &&
               find(&real_realloc, "realloc") && find(&real_aligned_alloc, "aligned_alloc") &&
               find(&real_posix_memalign, "posix_memalign") && find(&real_free, "free");
    finding = false;
    return all;
}

static bool is_plugin(const char *caller)
{
    return caller >= watch.first && caller < watch.end;
}

static size_t home(const void *address)
{
    return (size_t)(((uintptr_t)address >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 48) % BLOCKS;
}

static void remember(void *p, size_t size, const char *caller)
{
    if (p == NULL || watch.count > BLOCKS / 2)
        return;
    size_t i = home(p);
    while (watch.blocks[i].address != NULL)
        i = (i + 1) % BLOCKS;
    watch.blocks[i] = (struct block){p, size, caller, watch.round};
    watch.count++;
}

/* Moves those that lie behind up, so that no hole ends a search. */
static const char *forget(const void *p)
{
    size_t i = home(p);
    while (watch.blocks[i].address != NULL && watch.blocks[i].address != p)
        i = (i + 1) % BLOCKS;
    if (watch.blocks[i].address == NULL)
        return NULL;
    const char *caller = watch.blocks[i].caller;
    watch.blocks[i].address = NULL;
    watch.count--;
    for (size_t k = (i + 1) % BLOCKS; watch.blocks[k].address != NULL; k = (k + 1) % BLOCKS) {
        struct block b = watch.blocks[k];
        size_t to = home(b.address);
        watch.blocks[k].address = NULL;
        while (watch.blocks[to].address != NULL)
            to = (to + 1) % BLOCKS;
        watch.blocks[to] = b;
    }
    return caller;
}

static bool ask(const char *what, const char *caller)
{
    pthread_mutex_lock(&watch.lock);
    bool granted = grant(what, caller);
    pthread_mutex_unlock(&watch.lock);
    if (!granted)
        errno = ENOMEM;
    return granted;
}

static void *keep(void *p, size_t size, const char *caller)
{
    pthread_mutex_lock(&watch.lock);
    remember(p, size, caller);
    pthread_mutex_unlock(&watch.lock);
    return p;
}

static void *plugin_malloc(const char *what, size_t size, const char *caller)
{
    return ask(what, caller) ? keep(real_malloc(size), size, caller) : NULL;
}

#define SEEN     __attribute__((visibility("default"), noinline))
#define CALLER() ((const char *)__builtin_return_address(0))

SEEN void *malloc(size_t size)
{
    const char *caller = CALLER();
    if (!is_ready())
        return bootstrap_alloc(size);
    return is_plugin(caller) ? plugin_malloc("malloc", size, caller) : real_malloc(size);
}

SEEN void *calloc(size_t count, size_t size)
{
    const char *caller = CALLER();
    if (!is_ready()) {
        size_t all;
        return __builtin_mul_overflow(count, size, &all) ? NULL : bootstrap_alloc(all);
    }
    if (!is_plugin(caller))
        return real_calloc(count, size);
    return ask("calloc", caller) ? keep(real_calloc(count, size), count * size, caller) : NULL;
}

SEEN void *aligned_alloc(size_t alignment, size_t size)
{
    const char *caller = CALLER();
    if (!is_ready())
        return NULL;
    if (!is_plugin(caller))
        return real_aligned_alloc(alignment, size);
    return ask("aligned_alloc", caller) ? keep(real_aligned_alloc(alignment, size), size, caller)
                                        : NULL;
}

SEEN int posix_memalign(void **out, size_t alignment, size_t size)
{
    const char *caller = CALLER();
    if (!is_ready() || (is_plugin(caller) && !ask("posix_memalign", caller)))
        return ENOMEM;
    int error = real_posix_memalign(out, alignment, size);
    if (error == 0 && is_plugin(caller))
        keep(*out, size, caller);
    return error;
}

SEEN void free(void *p)
{
    if (p == NULL || is_bootstrap(p) || !is_ready())
        return;
    if (watch.count > 0) {
        pthread_mutex_lock(&watch.lock);
        forget(p);
        pthread_mutex_unlock(&watch.lock);
    }
    real_free(p);
}

SEEN void *realloc(void *p, size_t size)
{
    const char *caller = CALLER(), *owner = NULL;
    if (!is_ready() || is_bootstrap(p)) {
        void *fresh = is_ready() ? real_malloc(size) : bootstrap_alloc(size);
        size_t before;
        if (fresh == NULL || p == NULL)
            return fresh;
        memcpy(&before, (char *)p - 16, sizeof before);
        return memcpy(fresh, p, before < size ? before : size);
    }
    if (is_plugin(caller) && !ask("realloc", caller))
        return NULL;
    if (p != NULL && watch.count > 0) {
        pthread_mutex_lock(&watch.lock);
        owner = forget(p);
        pthread_mutex_unlock(&watch.lock);
    }
    owner = is_plugin(caller) ? caller : owner;
    void *moved = real_realloc(p, size);
    return owner != NULL && moved != NULL ? keep(moved, size, owner) : moved;
}

SEEN char *strndup(const char *text, size_t most)
{
    const char *caller = CALLER();
    size_t length = strnlen(text, most);
    char *copy =
        is_plugin(caller) ? plugin_malloc("strndup", length + 1, caller) : malloc(length + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

SEEN char *strdup(const char *text)
{
    const char *caller = CALLER();
    size_t length = strlen(text) + 1;
    char *copy = is_plugin(caller) ? plugin_malloc("strdup", length, caller) : malloc(length);
    return copy != NULL ? memcpy(copy, text, length) : NULL;
}

#endif
