#include "nomem.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>

struct arena;

static atomic_long calls_left = -1; /* negative: none fails */
static atomic_bool fails_on;
static atomic_bool failed;
static atomic_bool one_thread;
static _Thread_local bool this_thread;

static bool fails(void)
{
    if (atomic_load(&one_thread) && !this_thread)
        return false;
    long left = atomic_load(&calls_left);
    while (left > 0 && !atomic_compare_exchange_weak(&calls_left, &left, left - 1))
        ;
    if (left != 0)
        return false;
    if (!atomic_load(&fails_on) && !atomic_compare_exchange_strong(&calls_left, &left, -1))
        return false;
    atomic_store(&failed, true);
    return true;
}

static void begin(long after, bool on, bool here)
{
    atomic_store(&failed, false);
    atomic_store(&fails_on, on);
    this_thread = here;
    atomic_store(&one_thread, here);
    atomic_store(&calls_left, after);
}

void nomem_here(long after, bool on)
{
    begin(after, on, true);
}

void nomem_anywhere(long after, bool on)
{
    begin(after, on, false);
}

bool nomem_end(void)
{
    atomic_store(&calls_left, -1);
    this_thread = false;
    return atomic_load(&failed);
}

/* The linker sends the calls of NAME to __wrap_NAME (see tests/CMakeLists.txt). */
#define WRAP(NAME, PARAMETERS, ARGUMENTS)                                                          \
    void *__real_##NAME PARAMETERS;                                                                \
    void *__wrap_##NAME PARAMETERS;                                                                \
    void *__wrap_##NAME PARAMETERS                                                                 \
    {                                                                                              \
        return fails() ? NULL : __real_##NAME ARGUMENTS;                                           \
    }

WRAP(malloc, (size_t size), (size))
WRAP(calloc, (size_t count, size_t size), (count, size))
WRAP(realloc, (void *old, size_t size), (old, size))
WRAP(aligned_alloc, (size_t alignment, size_t size), (alignment, size))
WRAP(arena_alloc, (struct arena * a, size_t size), (a, size))
WRAP(arena_zero, (struct arena * a, size_t size), (a, size))
WRAP(arena_copy, (struct arena * a, const char *bytes, size_t length), (a, bytes, length))

char *__wrap_arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
char *__wrap_arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = length < 0 || fails() ? NULL : __real_arena_alloc(a, (size_t)length + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, fmt, again);
    va_end(again);
    return text;
}
