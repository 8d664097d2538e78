#include "base/duration.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

struct unit {
    const char *name;
    uint64_t ns;
};

static const struct unit units[] = {
    {"d", UINT64_C(86400000000000)},
    {"h", UINT64_C(3600000000000)},
    {"m", UINT64_C(60000000000)},
    {"s", UINT64_C(1000000000)},
    {"ms", UINT64_C(1000000)},
    {"us", UINT64_C(1000)},
    {"ns", UINT64_C(1)},
};
enum { UNITS = sizeof units / sizeof units[0], DAY = 0, HOUR, MINUTE, SECOND };

bool duration_from_seconds(double seconds, int64_t *ns)
{
    double n = seconds * 1e9;
    if (!(n > -0x1p63 && n < 0x1p63))
        return false;
    *ns = llround(n);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One number with its unit, "30m" or "1.5h", added to `*sum`. `*next` is the largest unit that
 * may come, and moves on. */
static bool part_add(const char **at, const char *end, int *next, uint64_t *sum)
{
    const char *p = *at;
    uint64_t whole = 0, fraction = 0, scale = 1;
    bool overflow = false;
    int digits = 0;
    for (; p < end && is_digit(*p); p++, digits++)
        overflow |= __builtin_mul_overflow(whole, UINT64_C(10), &whole) ||
                    __builtin_add_overflow(whole, (uint64_t)(*p - '0'), &whole);
    if (p < end && *p == '.') {
        for (p++; p < end && is_digit(*p); p++, digits++) {
            if (scale < UINT64_C(1000000000000000)) { /* the rest is below a nanosecond */
                fraction = fraction * 10 + (uint64_t)(*p - '0');
                scale *= 10;
            }
        }
    }
    const char *name = p;
    while (p < end && *p >= 'a' && *p <= 'z')
        p++;
    int u = *next;
    while (u < UNITS && (strlen(units[u].name) != (size_t)(p - name) ||
                         memcmp(units[u].name, name, (size_t)(p - name)) != 0))
        u++;
    if (digits == 0 || u == UNITS || overflow)
        return false;
    double rest = (double)fraction / (double)scale * (double)units[u].ns;
    if (__builtin_mul_overflow(whole, units[u].ns, &whole) ||
        __builtin_add_overflow(whole, (uint64_t)llround(rest), &whole) ||
        __builtin_add_overflow(*sum, whole, sum))
        return false;
    *next = u + 1;
    *at = p;
    return true;
}

bool duration_parse(const char *text, size_t length, int64_t *ns)
{
    double seconds;
    if (number_double(text, length, &seconds))
        return duration_from_seconds(seconds, ns);
    const char *at = text, *end = text + length;
    while (at < end && is_space(*at))
        at++;
    while (at < end && is_space(end[-1]))
        end--;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    uint64_t sum = 0;
    int next = 0;
    while (at < end) {
        if (!part_add(&at, end, &next, &sum) || sum > INT64_MAX)
            return false;
    }
    *ns = negative ? -(int64_t)sum : (int64_t)sum;
    return true;
}

/* "1d02h", "1h02m", "2m05s": of what is at least a minute. */
static void text_long(uint64_t n, const char *sign, char *out, size_t size)
{
    int u = n >= units[DAY].ns ? DAY : n >= units[HOUR].ns ? HOUR : MINUTE;
    const struct unit *large = &units[u], *small = &units[u + 1];
    snprintf(out, size, "%s%" PRIu64 "%s%02" PRIu64 "%s", sign, n / large->ns, large->name,
             n % large->ns / small->ns, small->name);
}

static uint64_t rounded(uint64_t n, uint64_t by)
{
    return (n + by / 2) / by;
}

/* As people read it: the unit that is typed is plain ASCII. */
static const char *shown(const struct unit *u)
{
    return strcmp(u->name, "us") == 0 ? "µs" : u->name;
}

/* "12.3 ms": three digits, rounded. False: it rounds up to a thousand, or a minute. */
static bool text_short(uint64_t n, const struct unit *u, const char *sign, char *out, size_t size)
{
    if (u->ns == 1) {
        snprintf(out, size, "%s%" PRIu64 " ns", sign, n);
        return true;
    }
    uint64_t hundredths = rounded(n * 100, u->ns);
    int digits = 2;
    if (hundredths >= 1000) {
        hundredths = rounded(n * 10, u->ns) * 10;
        digits = 1;
    }
    if (hundredths >= 10000) {
        hundredths = rounded(n, u->ns) * 100;
        digits = 0;
    }
    if (hundredths >= (u == &units[SECOND] ? 6000u : 100000u))
        return false;
    if (digits == 0)
        snprintf(out, size, "%s%" PRIu64 " %s", sign, hundredths / 100, shown(u));
    else
        snprintf(out, size, "%s%" PRIu64 ".%0*" PRIu64 " %s", sign, hundredths / 100, digits,
                 digits == 2 ? hundredths % 100 : hundredths % 100 / 10, shown(u));
    return true;
}

void duration_text(int64_t ns, char out[32])
{
    uint64_t n = ns < 0 ? (uint64_t)0 - (uint64_t)ns : (uint64_t)ns;
    const char *sign = ns < 0 ? "-" : "";
    if (n == 0) {
        strcpy(out, "0 s");
        return;
    }
    int u = UNITS - 1;
    while (u > SECOND && n >= units[u - 1].ns)
        u--;
    for (; u >= SECOND && n < units[MINUTE].ns; u--) {
        if (text_short(n, &units[u], sign, out, 32))
            return;
    }
    text_long(n < units[MINUTE].ns ? units[MINUTE].ns : n, sign, out, 32);
}
