#include "cli/figure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

/* Copies a number in digits and puts the commas into the part before its point. */
static void separate(const char *digits, char out[FIGURE_SIZE])
{
    size_t whole = strcspn(digits, ".");
    size_t at = 0;
    for (size_t i = 0; digits[i] != '\0' && at + 2 < FIGURE_SIZE; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

void figure_count(uint64_t n, char out[FIGURE_SIZE])
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, n);
    separate(digits, out);
}

void figure_counted(uint64_t n, const char *one, const char *many, char out[FIGURE_SIZE])
{
    char number[FIGURE_SIZE];
    figure_count(n, number);
    snprintf(out, FIGURE_SIZE, "%.28s %.18s", number, n == 1 ? one : many);
}

/* Three digits of n / unit, if that is less than 1000 once rounded. */
static int three_digits(uint64_t n, uint64_t unit, char out[FIGURE_SIZE])
{
    if (n / unit >= 1000)
        return 0;
    static const unsigned scales[] = {100, 10, 1};
    for (int i = 0; i < 3; i++) {
        uint64_t scaled = (n * scales[i] + unit / 2) / unit;
        if (scaled >= 1000)
            continue;
        if (scales[i] == 1)
            snprintf(out, FIGURE_SIZE, "%" PRIu64, scaled);
        else
            snprintf(out, FIGURE_SIZE, "%" PRIu64 ".%0*" PRIu64, scaled / scales[i], 2 - i,
                     scaled % scales[i]);
        return 1;
    }
    return 0;
}

void figure_time(int64_t ns, char out[FIGURE_SIZE])
{
    static const struct {
        uint64_t ns;
        const char *name;
    } units[] = {{1000, "µs"}, {1000000, "ms"}, {1000000000, "s"}};
    uint64_t n = ns < 0 ? 0 : (uint64_t)ns;
    if (n < 1000) {
        snprintf(out, FIGURE_SIZE, "%" PRIu64 " ns", n);
        return;
    }
    char number[FIGURE_SIZE];
    size_t i = 0;
    while (i < 3 && !three_digits(n, units[i].ns, number))
        i++;
    if (i == 3) {
        i = 2;
        figure_count((n + units[i].ns / 2) / units[i].ns, number);
    }
    snprintf(out, FIGURE_SIZE, "%.32s %s", number, units[i].name);
}

void figure_span(int64_t ns, char out[FIGURE_SIZE])
{
    int64_t s = (ns + NS_PER_S / 2) / NS_PER_S;
    if (ns <= 0)
        snprintf(out, FIGURE_SIZE, "0 s");
    else if (ns < 60 * NS_PER_S)
        figure_time(ns, out);
    else if (s < 3600)
        snprintf(out, FIGURE_SIZE, "%" PRId64 "m%02" PRId64 "s", s / 60, s % 60);
    else
        snprintf(out, FIGURE_SIZE, "%" PRId64 "h%02" PRId64 "m%02" PRId64 "s", s / 3600,
                 s / 60 % 60, s % 60);
}

int figure_decimals(double x)
{
    return x >= 99.95 ? 0 : x >= 9.995 ? 1 : x >= 0.9995 ? 2 : 3;
}

void figure_real(double x, int decimals, char out[FIGURE_SIZE])
{
    char digits[FIGURE_SIZE - 12];
    if (!isfinite(x) || x > 1e18)
        x = 1e18;
    snprintf(digits, sizeof digits, "%.*f", decimals, x);
    separate(digits, out);
}

void figure_rate(uint64_t n, int64_t ns, char out[FIGURE_SIZE])
{
    if (ns <= 0) {
        snprintf(out, FIGURE_SIZE, "-");
        return;
    }
    char number[FIGURE_SIZE];
    double rate = (double)n / ((double)ns / (double)NS_PER_S);
    figure_real(rate, n == 0 ? 0 : figure_decimals(rate), number);
    snprintf(out, FIGURE_SIZE, "%.40s/s", number);
}

void figure_bytes(uint64_t bytes, char out[FIGURE_SIZE])
{
    static const struct {
        uint64_t bytes;
        const char *name;
    } units[] = {{1000, "kB"}, {1000000, "MB"}, {1000000000, "GB"}, {1000000000000, "TB"}};
    char number[FIGURE_SIZE];
    if (bytes < 1000) {
        snprintf(out, FIGURE_SIZE, "%" PRIu64 " B", bytes);
        return;
    }
    size_t i = 0;
    while (i < 4 && !three_digits(bytes, units[i].bytes, number))
        i++;
    if (i == 4) {
        i = 3;
        figure_count(bytes / units[i].bytes, number);
    }
    snprintf(out, FIGURE_SIZE, "%.32s %s", number, units[i].name);
}

void figure_date(int64_t wall_ns, char out[FIGURE_SIZE])
{
    time_t s = (time_t)(wall_ns / NS_PER_S);
    struct tm t;
    if (localtime_r(&s, &t) == NULL) {
        snprintf(out, FIGURE_SIZE, "-");
        return;
    }
    char date[24];
    char zone[8];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &t);
    strftime(zone, sizeof zone, "%z", &t);
    snprintf(out, FIGURE_SIZE, "%s.%03d%.3s:%.2s", date,
             (int)(wall_ns % NS_PER_S / (NS_PER_S / 1000)), zone, zone + 3);
}
