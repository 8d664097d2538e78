/*
 * step_clock -- a library to preload that steps the wall clock of a running program.
 *
 * The file that STEP_CLOCK names holds 8 bytes, an integer in the order of this machine: so many
 * seconds are added to what the program reads as the time of day, from the moment on in which the
 * file changes. Monotonic clocks and what the kernel waits for are left alone, so that a wait until
 * a time of day ends late or early as it would after a real step.
 *
 * libfaketime does this too, but it replaces pthread_cond_timedwait: waits on the monotonic clock
 * then return at once, and the thread sanitizer loses track of the mutex.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static const _Atomic int64_t *step;

__attribute__((constructor)) static void map_step(void)
{
    const char *path = getenv("STEP_CLOCK");
    int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *page = mmap(NULL, sizeof *step, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (page != MAP_FAILED)
        step = page;
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *out)
{
    int status = (int)syscall(SYS_clock_gettime, clock, out);
    bool wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    if (status == 0 && wall && step != NULL)
        out->tv_sec += atomic_load(step);
    return status;
}

EXPORT int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}

EXPORT time_t time(time_t *out)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}
