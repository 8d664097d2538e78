#include "html_figure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define NS_PER_S INT64_C(1000000000)
#define NBSP     "\u00A0" /* a number is not parted from its unit */

struct unit {
    double factor;
    const char *name;
};

static const struct unit counts[] = {{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}};
static const struct unit times[] = {
    {1, NBSP "ns"}, {1e3, NBSP "µs"}, {1e6, NBSP "ms"}, {1e9, NBSP "s"}};
static const struct unit sizes[] = {
    {1, NBSP "B"}, {1e3, NBSP "kB"}, {1e6, NBSP "MB"}, {1e9, NBSP "GB"}, {1e12, NBSP "TB"}};

/* `thousandths` with that many decimals, rounded; commas before the point. */
static void put_decimals(uint64_t thousandths, unsigned decimals, char out[FIGURE_SIZE])
{
    static const uint64_t steps[] = {1000, 100, 10, 1};
    uint64_t step = steps[decimals];
    uint64_t n = thousandths / step + (thousandths % step * 2 >= step);
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

/* Three digits that matter; a whole number above. */
static void put_three(uint64_t thousandths, char out[FIGURE_SIZE])
{
    put_decimals(thousandths,
                 thousandths >= 99950  ? 0
                 : thousandths >= 9995 ? 1
                 : thousandths >= 1000 ? 2
                                       : 3,
                 out);
}

static uint64_t to_thousandths(double x)
{
    return isfinite(x) && x > 0 ? (uint64_t)(fmin(x, 1e15) * 1e3 + 0.5) : 0;
}

void figure_count(uint64_t n, char out[FIGURE_SIZE])
{
    if (n > UINT64_MAX / 1000)
        snprintf(out, FIGURE_SIZE, "%" PRIu64, n);
    else
        put_decimals(n * 1000, 0, out);
}

/* In the unit in which it is less than 1000 once rounded. */
static void put_scaled(double n, const struct unit *units, size_t count, char out[FIGURE_SIZE])
{
    char number[FIGURE_SIZE];
    size_t i = 0;
    while (i + 1 < count && n / units[i].factor >= 999.5)
        i++;
    if (i == 0)
        put_decimals(to_thousandths(n), 0, number);
    else
        put_three(to_thousandths(n / units[i].factor), number);
    snprintf(out, FIGURE_SIZE, "%.40s%s", number, units[i].name);
}

#define SCALED(n, units, out) put_scaled(n, units, sizeof(units) / sizeof *(units), out)

void figure_time(int64_t ns, char out[FIGURE_SIZE])
{
    SCALED((double)ns, times, out);
}

void figure_bytes(uint64_t bytes, char out[FIGURE_SIZE])
{
    SCALED((double)bytes, sizes, out);
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
    uint64_t thousandths = to_thousandths(x);
    if (thousandths == 0)
        snprintf(out, FIGURE_SIZE, "0");
    else
        put_three(thousandths, out);
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
    const struct unit *units = unit == FIGURE_TIME ? times : unit == FIGURE_BYTES ? sizes : counts;
    size_t count = unit == FIGURE_BYTES ? 5 : 4;
    size_t i = 0;
    char number[FIGURE_SIZE];
    while (i + 1 < count && high >= units[i + 1].factor)
        i++;
    double scaled_step = step / units[i].factor;
    unsigned decimals = scaled_step > 0.999     ? 0
                        : scaled_step > 0.0999  ? 1
                        : scaled_step > 0.00999 ? 2
                                                : 3;
    if (value <= 0) {
        snprintf(out, FIGURE_SIZE, "0");
        return;
    }
    put_decimals(to_thousandths(value / units[i].factor), decimals, number);
    snprintf(out, FIGURE_SIZE, "%.40s%s", number, units[i].name);
}
