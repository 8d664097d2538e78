/*
 * cell -- numbers with one writer and any readers: no lock, no locked instruction.
 *
 * A cell that is read (cell_get) shows everything that its writer wrote before it was set, so a
 * total that is written after its parts never runs ahead of them.
 */
#ifndef CORE_STATS_CELL_H
#define CORE_STATS_CELL_H

#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic uint64_t cell_count;
typedef _Atomic int64_t cell_number;

static inline uint64_t cell_get(const cell_count *c)
{
    return atomic_load_explicit(c, memory_order_acquire);
}

static inline int64_t cell_value(const cell_number *c)
{
    return atomic_load_explicit(c, memory_order_acquire);
}

/* [the writer], as the rest */
static inline void cell_add(cell_count *c, uint64_t n)
{
    uint64_t old = atomic_load_explicit(c, memory_order_relaxed);
    atomic_store_explicit(c, old + n, memory_order_release);
}

static inline void cell_set(cell_number *c, int64_t value)
{
    atomic_store_explicit(c, value, memory_order_release);
}

/* Stops at the ends of the range. */
static inline int64_t cell_sum(int64_t a, int64_t b)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return b < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

static inline void cell_add_number(cell_number *c, int64_t n)
{
    cell_set(c, cell_sum(atomic_load_explicit(c, memory_order_relaxed), n));
}

#endif
