#include "html_figure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define NS_PER_S INT64_C(1000000000)
#define NBSP     "\u00A0" /* a number is not parted from its unit */

struct unit {
    uint64_t factor;
    const char *name;
};

static const struct unit counts[] = {{1, ""}, {1000, "k"}, {1000000, "M"}, {1000000000, "G"}};
static const struct unit times[] = {
    {1, NBSP "ns"}, {1000, NBSP "µs"}, {1000000, NBSP "ms"}, {1000000000, NBSP "s"}};
static const struct unit sizes[] = {{1, NBSP "B"},
                                    {1000, NBSP "kB"},
                                    {1000000, NBSP "MB"},
                                    {1000000000, NBSP "GB"},
                                    {1000000000000, NBSP "TB"}};
static const struct unit percents[] = {{1, NBSP "%"}};
static const uint64_t tens[] = {1, 10, 100, 1000};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* n / 10^decimals, with commas before the point. */
static void put_digits(uint64_t n, unsigned decimals, char out[FIGURE_SIZE])
{
    char digits[24];
    char turned[FIGURE_SIZE];
    size_t used = 0;
    int length = snprintf(digits, sizeof digits, "%0*" PRIu64, (int)decimals + 1, n);
    for (int i = length - 1, place = -(int)decimals; i >= 0; i--, place++) {
        if (place == 0 && decimals > 0)
            turned[used++] = '.';
        if (place > 0 && place % 3 == 0)
            turned[used++] = ',';
        turned[used++] = digits[i];
    }
    for (size_t i = 0; i < used; i++)
        out[i] = turned[used - 1 - i];
    out[used] = '\0';
}

static void put_real(double x, unsigned decimals, char out[FIGURE_SIZE])
{
    x = isfinite(x) && x > 0 ? fmin(x, 1e15) : 0;
    put_digits((uint64_t)(x * (double)tens[decimals] + 0.5), decimals, out);
}

void figure_count(uint64_t n, char out[FIGURE_SIZE])
{
    put_digits(n, 0, out);
}

/* n / unit with `decimals`, rounded; the parts are taken one by one so that nothing overflows. */
static uint64_t rounded(uint64_t n, uint64_t unit, unsigned decimals)
{
    return n / unit * tens[decimals] + (n % unit * tens[decimals] + unit / 2) / unit;
}

/* In the unit in which it is less than 1000 once rounded, with three digits that matter. */
static void put_scaled(uint64_t n, const struct unit *units, size_t count, char out[FIGURE_SIZE])
{
    char number[FIGURE_SIZE];
    size_t i = 0;
    unsigned decimals = 2;
    while (i + 1 < count && rounded(n, units[i].factor, 0) >= 1000)
        i++;
    while (decimals > 0 && (i == 0 || rounded(n, units[i].factor, decimals) >= 1000))
        decimals--;
    put_digits(rounded(n, units[i].factor, decimals), decimals, number);
    snprintf(out, FIGURE_SIZE, "%.40s%s", number, units[i].name);
}

void figure_time(int64_t ns, char out[FIGURE_SIZE])
{
    put_scaled(ns > 0 ? (uint64_t)ns : 0, times, COUNT(times), out);
}

void figure_bytes(uint64_t bytes, char out[FIGURE_SIZE])
{
    put_scaled(bytes, sizes, COUNT(sizes), out);
}

void figure_span(int64_t ns, char out[FIGURE_SIZE])
{
    int64_t s = ns / NS_PER_S + (ns % NS_PER_S >= NS_PER_S / 2);
    if (ns <= 0)
        snprintf(out, FIGURE_SIZE, "0" NBSP "s");
    else if (s < 60)
        figure_time(ns, out);
    else if (s < 3600)
        snprintf(out, FIGURE_SIZE, "%" PRId64 "m%02" PRId64 "s", s / 60, s % 60);
    else
        snprintf(out, FIGURE_SIZE, "%" PRId64 "h%02" PRId64 "m%02" PRId64 "s", s / 3600,
                 s / 60 % 60, s % 60);
}

void figure_real(double x, char out[FIGURE_SIZE])
{
    if (!(x >= 0.0005))
        put_digits(0, 0, out);
    else
        put_real(x, x >= 99.95 ? 0 : x >= 9.995 ? 1 : x >= 0.9995 ? 2 : 3, out);
}

void figure_percent(double percent, char out[FIGURE_SIZE])
{
    char number[FIGURE_SIZE];
    put_real(percent, 0, number);
    snprintf(out, FIGURE_SIZE, "%.40s" NBSP "%%", number);
}

void figure_part(uint64_t n, uint64_t of, char out[FIGURE_SIZE])
{
    char number[FIGURE_SIZE];
    if (of == 0) {
        snprintf(out, FIGURE_SIZE, "–");
        return;
    }
    double percent = (double)n * 100 / (double)of;
    if (n > 0 && percent < 0.001)
        snprintf(number, sizeof number, "<" NBSP "0.001");
    else
        figure_real(percent, number);
    snprintf(out, FIGURE_SIZE, "%.40s" NBSP "%%", number);
}

void figure_tick(double value, double step, double high, enum figure_unit unit,
                 char out[FIGURE_SIZE])
{
    static const struct {
        const struct unit *units;
        size_t count;
    } kinds[] = {[FIGURE_COUNT] = {counts, COUNT(counts)},
                 [FIGURE_TIME] = {times, COUNT(times)},
                 [FIGURE_BYTES] = {sizes, COUNT(sizes)},
                 [FIGURE_PERCENT] = {percents, COUNT(percents)}};
    const struct unit *units = kinds[unit].units;
    size_t count = kinds[unit].count;
    size_t i = 0;
    unsigned decimals = 0;
    char number[FIGURE_SIZE];
    while (i + 1 < count && high >= (double)units[i + 1].factor)
        i++;
    double factor = (double)units[i].factor;
    while (decimals < 3 && step / factor * (double)tens[decimals] < 0.999)
        decimals++;
    if (value <= 0) {
        put_digits(0, 0, out);
        return;
    }
    put_real(value / factor, decimals, number);
    snprintf(out, FIGURE_SIZE, "%.40s%s", number, units[i].name);
}
