#include "base/clock.h"

_Atomic int64_t clock_ahead_ns;

enum { YEARS_MAX = 100 };
static const int64_t AHEAD_MAX_NS = YEARS_MAX * 366 * INT64_C(86400) * NS_PER_S;

void clock_forward(int64_t to_ns)
{
    int64_t ahead_ns = atomic_load(&clock_ahead_ns), wanted_ns;
    do {
        wanted_ns = clock_sum(to_ns, -clock_real());
        if (wanted_ns > AHEAD_MAX_NS)
            wanted_ns = AHEAD_MAX_NS;
        if (wanted_ns <= ahead_ns)
            return;
    } while (!atomic_compare_exchange_weak(&clock_ahead_ns, &ahead_ns, wanted_ns));
}
