#include "cli/compare_limit.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

/* Digits with at most one point: no exponents, no white space, no "inf". */
static bool read_number(const char *text, size_t length, double *out)
{
    char digits[32];
    if (length == 0 || length >= sizeof digits)
        return false;
    memcpy(digits, text, length);
    digits[length] = '\0';
    const char *point = strchr(digits, '.');
    if (strspn(digits, "0123456789.") != length || (point != NULL && strchr(point + 1, '.')) ||
        strcmp(digits, ".") == 0)
        return false;
    *out = strtod(digits, NULL);
    return true;
}

enum limit_reading limit_read(struct limit *l, enum figure_kind kind, const char *text)
{
    double sign = *text == '-' ? -1 : 1;
    const char *number = text + (*text == '-' || *text == '+');
    size_t length = strlen(number);
    int64_t ns;
    *l = (struct limit){.given = true, .text = text};
    if (length > 0 && number[length - 1] == '%') {
        l->relative = true;
        length--;
        if (!read_number(number, length, &l->by))
            return LIMIT_WRONG;
    } else if (kind >= FIGURE_ERRORS) {
        if (!read_number(number, length, &l->by))
            return LIMIT_WRONG;
    } else {
        /* A number without a unit would be seconds: hardly what is meant. */
        if (strpbrk(number, "smhnuµ") == NULL || *number < '0' || *number > '9' ||
            stressor_parse_duration(number, &ns) != 0)
            return LIMIT_WRONG;
        l->by = (double)ns;
    }
    l->by *= sign;
    return number == text && l->by > 0 ? LIMIT_UNSIGNED : LIMIT_READ;
}

double error_percent(const struct result_row *row)
{
    return row->count > 0 ? 100.0 * (double)row->errors / (double)row->count : 0;
}

double limit_figure(const struct result_row *row, enum figure_kind kind)
{
    if (kind == FIGURE_RATE)
        return row->per_second;
    return kind == FIGURE_ERRORS ? (double)row->errors : (double)row->ns[kind];
}

bool limit_holds(const struct limit *l, enum figure_kind kind, const struct result_row *a,
                 const struct result_row *b)
{
    /* So that 10 % of 100 ms is 110 ms whatever the binary fractions say. */
    const double slack = 1e-9;
    if (!l->given)
        return true;
    if (kind == FIGURE_ERRORS && l->relative)
        return error_percent(b) <= error_percent(a) + l->by + slack;
    double before = limit_figure(a, kind), now = limit_figure(b, kind);
    double allowed = l->relative ? before * (1 + l->by / 100) : before + l->by;
    if (kind == FIGURE_RATE)
        return now >= allowed - slack * fabs(allowed);
    return now <= allowed + slack * fabs(allowed);
}
