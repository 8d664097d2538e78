#include "stats/threshold_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/duration.h"

enum { DIGITS_SIZE = 48 /* bytes; values above 1e18 are cut to that */ };

/* Commas between the thousands of a number that is not negative, as in all tables. */
static void separate(const char *digits, char *out, size_t size)
{
    size_t whole = strspn(digits, "0123456789"), used = 0;
    for (size_t i = 0; digits[i] != '\0' && used + 2 < size; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

static void put_digits(double value, int decimals, const char *unit, char out[THRESHOLD_TEXT_SIZE])
{
    char digits[DIGITS_SIZE];
    snprintf(digits, sizeof digits, "%.*f%s", decimals, fmin(value, 1e18), unit);
    separate(digits, out, THRESHOLD_TEXT_SIZE);
}

static void put_number(double value, bool exact, const char *unit, char out[THRESHOLD_TEXT_SIZE])
{
    if (value >= 1000)
        put_digits(value, exact ? 3 : 0, unit, out);
    else
        snprintf(out, THRESHOLD_TEXT_SIZE, "%.*g%s", exact ? 7 : 3, value, unit);
}

/* With many digits. */
static void put_time(double ns, char out[THRESHOLD_TEXT_SIZE])
{
    if (ns >= 1e9)
        snprintf(out, THRESHOLD_TEXT_SIZE, "%.6g s", ns / 1e9);
    else if (ns >= 1e6)
        snprintf(out, THRESHOLD_TEXT_SIZE, "%.6g ms", ns / 1e6);
    else if (ns >= 1e3)
        snprintf(out, THRESHOLD_TEXT_SIZE, "%.6g µs", ns / 1e3);
    else
        snprintf(out, THRESHOLD_TEXT_SIZE, "%.6g ns", ns);
}

static void put_value(uint32_t unit, double value, bool exact, char out[THRESHOLD_TEXT_SIZE])
{
    if (unit == STRESSOR_THRESHOLD_NS && exact)
        put_time(value, out);
    else if (unit == STRESSOR_THRESHOLD_NS)
        duration_text(llround(value), out);
    else if (unit == STRESSOR_THRESHOLD_COUNT)
        put_digits(value, 0, "", out);
    else
        put_number(value, exact, unit == STRESSOR_THRESHOLD_PERCENT ? " %" : "/s", out);
}

void threshold_text(const stressor_threshold_row *row, int64_t longest_ns,
                    char out[THRESHOLD_TEXT_SIZE])
{
    char limit[THRESHOLD_TEXT_SIZE], longest[32];
    put_value(row->unit, row->value, false, out);
    put_value(row->unit, row->limit, false, limit);
    if (strcmp(out, limit) == 0 && (row->value < row->limit || row->value > row->limit))
        put_value(row->unit, row->value, true, out);
    if (longest_ns == 0)
        return;
    size_t used = strlen(out);
    duration_text(longest_ns, longest);
    snprintf(out + used, THRESHOLD_TEXT_SIZE - used, "; broken for %s at most", longest);
}

void threshold_text_none(int64_t longer_ns, uint64_t warmup, char out[THRESHOLD_TEXT_SIZE])
{
    char warmup_text[32];
    if (longer_ns > 0) {
        duration_text(longer_ns, warmup_text);
        snprintf(out, THRESHOLD_TEXT_SIZE, "no sample: the warm-up of %s was longer than the run",
                 warmup_text);
    } else if (warmup > 0) {
        snprintf(out, THRESHOLD_TEXT_SIZE, "no sample: all were in the warm-up");
    } else {
        snprintf(out, THRESHOLD_TEXT_SIZE, "no sample");
    }
}
