#include "request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Context variables hold durations as they were written. */

static const struct {
    const char *unit;
    double seconds;
} units[] = {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1},
             {"m", 60},    {"h", 3600},  {"d", 86400}};

static bool from_seconds(double seconds, int64_t *ns)
{
    if (!(seconds >= 0 && seconds <= 1e9))
        return false;
    *ns = (int64_t)ceil(seconds * 1e9);
    return true;
}

static bool unit_of(const char **p, double *seconds)
{
    size_t n = strspn(*p, "abcdefghijklmnopqrstuvwxyz");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].unit) == n && memcmp(units[i].unit, *p, n) == 0) {
            *seconds = units[i].seconds;
            *p += n;
            return true;
        }
    return false;
}

static bool from_text(struct span text, int64_t *ns)
{
    char copy[64];
    while (text.length > 0 && strchr(" \t\n", text.ptr[text.length - 1]) != NULL)
        text.length--;
    if (text.length == 0 || text.length >= sizeof copy)
        return false;
    memcpy(copy, text.ptr, text.length);
    copy[text.length] = '\0';
    const char *p = copy + strspn(copy, " \t\n");
    double total = 0, last = INFINITY;
    do {
        if (strchr("0123456789.", *p) == NULL)
            return false;
        char *end;
        double number = strtod(p, &end), unit;
        if (end == p)
            return false;
        p = end;
        if (*p == '\0' && total == 0 && isinf(last))
            return from_seconds(number, ns);
        if (!unit_of(&p, &unit) || unit >= last)
            return false;
        total += number * unit;
        last = unit;
    } while (*p != '\0');
    return from_seconds(total, ns);
}

bool duration_of(const stressor_value *v, int64_t *ns)
{
    switch (v->type) {
    case STRESSOR_INT:
        if (v->as.integer < 0 || v->as.integer > 1000000000)
            return false;
        *ns = v->as.integer * 1000000000;
        return true;
    case STRESSOR_DOUBLE: return from_seconds(v->as.real, ns);
    case STRESSOR_STRING: return from_text(value_span(v), ns);
    default: return false;
    }
}
