#include "stats/histogram.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "stats/cell.h"

/*
 * A value's slot is its octave times 1024 plus its leading 11 bits: values below 2048 have octave 0
 * and are their own slot, and slots are in the order of the values. The first row of pages holds
 * the slots 0 to 1023, the next the slots 1024 to 2047, and each later one an octave.
 */
enum {
    DIGIT_BITS = 10,
    ROW_SLOTS = 1 << DIGIT_BITS,
    TOP_BIT = 41, /* of HISTOGRAM_MAX */
    ROWS = TOP_BIT - DIGIT_BITS + 2,
    PAGE_SLOTS = 16,
    ROW_PAGES = ROW_SLOTS / PAGE_SLOTS,
};

struct page {
    cell_count counts[PAGE_SLOTS];
};

struct page_row {
    _Atomic(struct page *) pages[ROW_PAGES];
};

struct page_table {
    _Atomic(struct page_row *) rows[ROWS];
};

struct stressor_histogram {
    _Atomic(struct page_table *) table;
    cell_count count;
    cell_count lost;
    cell_number min; /* INT64_MAX when empty */
    cell_number max;
    _Atomic uint32_t others; /* who hold it beside the first */
    unsigned last_number;    /* [the writer] of the page that the last value went to, */
    struct page *last;       /* as the next one often does */
};

_Static_assert(HISTOGRAM_MAX >> TOP_BIT == 1, "TOP_BIT is the highest bit of HISTOGRAM_MAX");

static unsigned slot_of(int64_t value)
{
    if (value < 0)
        return 0;
    uint64_t v = value < HISTOGRAM_MAX ? (uint64_t)value : (uint64_t)HISTOGRAM_MAX;
    if (v < 2 * ROW_SLOTS)
        return (unsigned)v;
    unsigned octave = 63u - (unsigned)__builtin_clzll(v) - DIGIT_BITS;
    return (octave << DIGIT_BITS) + (unsigned)(v >> octave);
}

static unsigned slot_octave(unsigned slot)
{
    return slot < 2 * ROW_SLOTS ? 0 : (slot >> DIGIT_BITS) - 1;
}

static int64_t slot_lowest(unsigned slot)
{
    unsigned octave = slot_octave(slot);
    return (int64_t)((uint64_t)(slot - (octave << DIGIT_BITS)) << octave);
}

static int64_t slot_highest(unsigned slot)
{
    return slot_lowest(slot) + (INT64_C(1) << slot_octave(slot)) - 1;
}

struct stressor_histogram *histogram_new(void)
{
    struct stressor_histogram *h = calloc(1, sizeof *h);
    if (h != NULL)
        atomic_init(&h->min, INT64_MAX);
    return h;
}

static struct page_row *row_at(const struct page_table *table, unsigned i)
{
    return atomic_load_explicit(&table->rows[i], memory_order_acquire);
}

static struct page *page_at(const struct page_row *row, unsigned i)
{
    return atomic_load_explicit(&row->pages[i], memory_order_acquire);
}

static struct page_table *table_of(const struct stressor_histogram *h)
{
    return atomic_load_explicit(&h->table, memory_order_acquire);
}

struct stressor_histogram *histogram_retain(struct stressor_histogram *h)
{
    atomic_fetch_add_explicit(&h->others, 1, memory_order_relaxed);
    return h;
}

void histogram_free(struct stressor_histogram *h)
{
    if (h == NULL || atomic_fetch_sub_explicit(&h->others, 1, memory_order_acq_rel) != 0)
        return;
    struct page_table *table = table_of(h);
    for (unsigned r = 0; table != NULL && r < ROWS; r++) {
        struct page_row *row = row_at(table, r);
        for (unsigned p = 0; row != NULL && p < ROW_PAGES; p++)
            free(page_at(row, p));
        free(row);
    }
    free(table);
    free(h);
}

/* The page of a slot, made if need be. NULL: out of memory. */
static struct page *page_for(struct stressor_histogram *h, unsigned slot)
{
    struct page_table *table = atomic_load_explicit(&h->table, memory_order_relaxed);
    if (table == NULL) {
        table = calloc(1, sizeof *table);
        if (table == NULL)
            return NULL;
        atomic_store_explicit(&h->table, table, memory_order_release);
    }
    _Atomic(struct page_row *) *row_place = &table->rows[slot / ROW_SLOTS];
    struct page_row *row = atomic_load_explicit(row_place, memory_order_relaxed);
    if (row == NULL) {
        row = calloc(1, sizeof *row);
        if (row == NULL)
            return NULL;
        atomic_store_explicit(row_place, row, memory_order_release);
    }
    _Atomic(struct page *) *page_place = &row->pages[slot % ROW_SLOTS / PAGE_SLOTS];
    struct page *page = atomic_load_explicit(page_place, memory_order_relaxed);
    if (page == NULL) {
        page = calloc(1, sizeof *page);
        if (page == NULL)
            return NULL;
        atomic_store_explicit(page_place, page, memory_order_release);
    }
    return page;
}

static void widen(struct stressor_histogram *h, int64_t min, int64_t max)
{
    if (min < atomic_load_explicit(&h->min, memory_order_relaxed))
        cell_set(&h->min, min);
    if (max > atomic_load_explicit(&h->max, memory_order_relaxed))
        cell_set(&h->max, max);
}

bool histogram_record(struct stressor_histogram *h, int64_t value)
{
    unsigned slot = slot_of(value);
    struct page *page = h->last;
    if (page == NULL || h->last_number != slot / PAGE_SLOTS) {
        page = page_for(h, slot);
        if (page == NULL) {
            cell_add(&h->lost, 1);
            return false;
        }
        h->last = page;
        h->last_number = slot / PAGE_SLOTS;
    }
    if (value < 0)
        value = 0;
    widen(h, value, value);
    cell_add(&page->counts[slot % PAGE_SLOTS], 1);
    cell_add(&h->count, 1);
    return true;
}

uint64_t histogram_count(const struct stressor_histogram *h)
{
    return cell_get(&h->count);
}

uint64_t histogram_lost(const struct stressor_histogram *h)
{
    return cell_get(&h->lost);
}

int64_t histogram_min(const struct stressor_histogram *h)
{
    int64_t min = cell_value(&h->min);
    return min == INT64_MAX ? 0 : min;
}

int64_t histogram_max(const struct stressor_histogram *h)
{
    return cell_value(&h->max);
}

/* Calls `visit` for every page, in ascending order, until it returns false. `first` is its first
 * slot. */
static bool each_page(const struct stressor_histogram *h,
                      bool (*visit)(void *data, unsigned first, const struct page *page),
                      void *data)
{
    const struct page_table *table = table_of(h);
    for (unsigned r = 0; table != NULL && r < ROWS; r++) {
        const struct page_row *row = row_at(table, r);
        for (unsigned p = 0; row != NULL && p < ROW_PAGES; p++) {
            const struct page *page = page_at(row, p);
            if (page != NULL && !visit(data, r * ROW_SLOTS + p * PAGE_SLOTS, page))
                return false;
        }
    }
    return true;
}

struct slot_visitor {
    bool (*visit)(void *data, unsigned slot, uint64_t count);
    void *data;
};

static bool visit_page(void *data, unsigned first, const struct page *page)
{
    const struct slot_visitor *v = data;
    for (unsigned i = 0; i < PAGE_SLOTS; i++) {
        uint64_t count = cell_get(&page->counts[i]);
        if (count != 0 && !v->visit(v->data, first + i, count))
            return false;
    }
    return true;
}

/* Calls `visit` for every slot with a count, in ascending order, until it returns false. */
static void each_slot(const struct stressor_histogram *h,
                      bool (*visit)(void *data, unsigned slot, uint64_t count), void *data)
{
    each_page(h, visit_page, &(struct slot_visitor){visit, data});
}

static bool merge_page(void *data, unsigned first, const struct page *from)
{
    struct stressor_histogram *h = data;
    struct page *to = page_for(h, first);
    uint64_t sum = 0;
    for (unsigned i = 0; i < PAGE_SLOTS; i++) {
        uint64_t count = cell_get(&from->counts[i]);
        sum += count;
        if (to != NULL && count != 0)
            cell_add(&to->counts[i], count);
    }
    cell_add(to != NULL ? &h->count : &h->lost, sum);
    return to != NULL;
}

bool histogram_merge(struct stressor_histogram *to, const struct stressor_histogram *from)
{
    /* The slots before the extremes: those cover every value whose count was seen. */
    bool whole = each_page(from, merge_page, to);
    cell_add(&to->lost, histogram_lost(from));
    widen(to, cell_value(&from->min), cell_value(&from->max));
    return whole;
}

static const struct page *page_of(const struct stressor_histogram *h, unsigned slot)
{
    const struct page_table *table = table_of(h);
    const struct page_row *row = table == NULL ? NULL : row_at(table, slot / ROW_SLOTS);
    return row == NULL ? NULL : page_at(row, slot % ROW_SLOTS / PAGE_SLOTS);
}

struct difference {
    struct stressor_histogram *to;
    const struct stressor_histogram *before;
    int64_t min, max; /* of now */
};

static bool clear_page(void *data, unsigned first, const struct page *page)
{
    struct stressor_histogram *h = data;
    struct page *own = page_for(h, first);
    for (unsigned i = 0; i < PAGE_SLOTS; i++) {
        uint64_t count = cell_get(&page->counts[i]);
        cell_add(&own->counts[i], 0 - count);
        cell_add(&h->count, 0 - count);
    }
    return true;
}

static void widen_by_slot(const struct difference *d, unsigned slot)
{
    int64_t lowest = slot_lowest(slot), highest = slot_highest(slot);
    if (highest > d->max || slot == slot_of(HISTOGRAM_MAX)) /* that takes in all that is beyond */
        highest = d->max;
    widen(d->to, lowest > d->min ? lowest : d->min, highest);
}

static bool subtract_page(void *data, unsigned first, const struct page *now)
{
    const struct difference *d = data;
    const struct page *before = page_of(d->before, first);
    struct page *to = NULL;
    for (unsigned i = 0; i < PAGE_SLOTS; i++) {
        uint64_t count = cell_get(&now->counts[i]);
        uint64_t less = count == 0 || before == NULL ? 0 : cell_get(&before->counts[i]);
        if (count <= less)
            continue;
        if (to == NULL && (to = page_for(d->to, first)) == NULL)
            return false;
        cell_add(&to->counts[i], count - less);
        cell_add(&d->to->count, count - less);
        widen_by_slot(d, first + i);
    }
    return true;
}

bool histogram_subtract(struct stressor_histogram *to, const struct stressor_histogram *now,
                        const struct stressor_histogram *before)
{
    each_page(to, clear_page, to);
    cell_set(&to->min, INT64_MAX);
    cell_set(&to->max, 0);
    struct difference d = {to, before, histogram_min(now), histogram_max(now)};
    return each_page(now, subtract_page, &d);
}

struct ranking {
    uint64_t left; /* how many values still lie at or before the one looked for */
    unsigned slot;
};

static bool rank_slot(void *data, unsigned slot, uint64_t count)
{
    struct ranking *r = data;
    r->slot = slot;
    if (count >= r->left)
        return false;
    r->left -= count;
    return true;
}

int64_t histogram_percentile(const struct stressor_histogram *h, double percent)
{
    uint64_t count = histogram_count(h);
    if (count == 0)
        return 0;
    /* A little less, as 99.9 % of 1,000 is 999 and not a rounding error more. */
    double rank = ceil(percent / 100.0 * (double)count * (1.0 - 4.0 * DBL_EPSILON));
    struct ranking r = {.left = 1};
    if (rank >= (double)count)
        return histogram_max(h);
    if (rank > 1)
        r.left = (uint64_t)rank;
    each_slot(h, rank_slot, &r);
    int64_t lowest = slot_lowest(r.slot);
    int64_t middle = lowest + (slot_highest(r.slot) - lowest) / 2;
    int64_t min = histogram_min(h), max = histogram_max(h);
    return middle < min ? min : middle > max ? max : middle;
}

struct visitor {
    void (*each)(void *data, int64_t lowest, int64_t highest, uint64_t count);
    void *data;
};

static bool show_slot(void *data, unsigned slot, uint64_t count)
{
    const struct visitor *v = data;
    v->each(v->data, slot_lowest(slot), slot_highest(slot), count);
    return true;
}

void histogram_each(const struct stressor_histogram *h,
                    void (*each)(void *data, int64_t lowest, int64_t highest, uint64_t count),
                    void *data)
{
    each_slot(h, show_slot, &(struct visitor){each, data});
}

uint64_t histogram_bytes(const struct stressor_histogram *h)
{
    const struct page_table *table = table_of(h);
    uint64_t bytes = sizeof *h + (table == NULL ? 0 : sizeof *table);
    for (unsigned r = 0; table != NULL && r < ROWS; r++) {
        const struct page_row *row = row_at(table, r);
        bytes += row == NULL ? 0 : sizeof *row;
        for (unsigned p = 0; row != NULL && p < ROW_PAGES; p++)
            bytes += page_at(row, p) == NULL ? 0 : sizeof(struct page);
    }
    return bytes;
}
