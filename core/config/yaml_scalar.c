/*
 * The plain scalars of YAML 1.1 as PyYAML's resolver reads them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "config/yaml.h"

static const struct {
    const char *text;
    uint32_t type;
    int truth;
} words[] = {
    {"~", STRESSOR_NULL, 0},     {"null", STRESSOR_NULL, 0},  {"Null", STRESSOR_NULL, 0},
    {"NULL", STRESSOR_NULL, 0},  {"yes", STRESSOR_BOOL, 1},   {"Yes", STRESSOR_BOOL, 1},
    {"YES", STRESSOR_BOOL, 1},   {"no", STRESSOR_BOOL, 0},    {"No", STRESSOR_BOOL, 0},
    {"NO", STRESSOR_BOOL, 0},    {"true", STRESSOR_BOOL, 1},  {"True", STRESSOR_BOOL, 1},
    {"TRUE", STRESSOR_BOOL, 1},  {"false", STRESSOR_BOOL, 0}, {"False", STRESSOR_BOOL, 0},
    {"FALSE", STRESSOR_BOOL, 0}, {"on", STRESSOR_BOOL, 1},    {"On", STRESSOR_BOOL, 1},
    {"ON", STRESSOR_BOOL, 1},    {"off", STRESSOR_BOOL, 0},   {"Off", STRESSOR_BOOL, 0},
    {"OFF", STRESSOR_BOOL, 0},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The value of a digit of any base up to 16; 99: none. */
static unsigned digit_value(char c)
{
    if (is_digit(c))
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 99;
}

/* Where a run of digits of that base and underscores ends. */
static const char *skip_digits(const char *s, const char *end, unsigned base)
{
    while (s < end && (*s == '_' || digit_value(*s) < base))
        s++;
    return s;
}

/* Where a run of `:N`, N below 60, ends; `s` itself when there is none. */
static const char *skip_sixties(const char *s, const char *end)
{
    while (s < end && *s == ':') {
        const char *at = s + 1;
        if (end - at >= 2 && *at >= '0' && *at <= '5' && is_digit(at[1]))
            at += 2;
        else if (end - at >= 1 && is_digit(*at))
            at += 1;
        else
            break;
        s = at;
    }
    return s;
}

struct shape {
    bool is_int;
    unsigned base;      /* 2, 8, 10, 16, or 60 */
    const char *digits; /* behind sign and prefix */
};

static bool int_shape(const char *s, const char *end, struct shape *shape)
{
    if (s < end && (*s == '-' || *s == '+'))
        s++;
    if (s == end || !is_digit(*s))
        return false;
    *shape = (struct shape){.is_int = true, .base = 10, .digits = s};
    if (*s == '0' && end - s > 1) {
        shape->base = s[1] == 'b' ? 2 : s[1] == 'x' ? 16 : 8;
        shape->digits = shape->base == 8 ? s + 1 : s + 2;
        return shape->digits < end && skip_digits(shape->digits, end, shape->base) == end;
    }
    const char *rest = skip_digits(s, end, 10);
    if (rest == end)
        return true;
    shape->base = 60;
    return *s != '0' && skip_sixties(rest, end) == end;
}

static bool take(uint64_t *sum, uint64_t factor, uint64_t more)
{
    return !__builtin_mul_overflow(*sum, factor, sum) && !__builtin_add_overflow(*sum, more, sum);
}

/* False: beyond 64 bits, or no digit at all ("0x_"). */
static bool int_value(const char *text, const char *end, const struct shape *shape, int64_t *out)
{
    uint64_t sum = 0, part = 0;
    unsigned base = shape->base == 60 ? 10 : shape->base;
    bool any = shape->base == 8; /* "0_" is 0 */
    for (const char *s = shape->digits; s < end; s++) {
        if (*s == '_')
            continue;
        if (*s == ':') {
            if (!take(&sum, 60, part))
                return false;
            part = 0;
            continue;
        }
        any = true;
        if (!take(&part, base, digit_value(*s)))
            return false;
    }
    if (!any || !take(&sum, 60, part))
        return false;
    uint64_t limit = (uint64_t)INT64_MAX + (*text == '-');
    if (sum > limit)
        return false;
    *out = *text != '-' ? (int64_t)sum : sum == 0 ? 0 : -(int64_t)(sum - 1) - 1;
    return true;
}

/* `.inf`, `.nan` without their sign. */
static bool is_special(const char *s, size_t length, const char *const names[3])
{
    for (int i = 0; i < 3; i++)
        if (length == 4 && memcmp(s, names[i], 4) == 0)
            return true;
    return false;
}

static bool float_shape(const char *s, const char *end)
{
    if (s < end && *s == '.' && end - s > 1 && is_digit(s[1])) {
        s = skip_digits(s + 1, end, 10);
    } else {
        if (s < end && (*s == '-' || *s == '+'))
            s++;
        if (s == end || !is_digit(*s))
            return false;
        s = skip_digits(s, end, 10);
        const char *sixties = skip_sixties(s, end);
        if (sixties == end || *sixties != '.')
            return false;
        bool plain = sixties == s;
        s = skip_digits(sixties + 1, end, 10);
        if (!plain)
            return s == end;
    }
    if (s == end)
        return true;
    if ((*s != 'e' && *s != 'E') || end - s < 3 || (s[1] != '-' && s[1] != '+'))
        return false;
    for (s += 2; s < end; s++)
        if (!is_digit(*s))
            return false;
    return true;
}

/* The digits without underscores. Base 60 is summed from the last part, as PyYAML does. */
static bool float_digits(char *s, size_t length, double *out)
{
    double sum = 0, factor = 1;
    for (;;) {
        char *colon = memrchr(s, ':', length);
        char *part = colon != NULL ? colon + 1 : s;
        double d;
        if (!number_double(part, (size_t)(s + length - part), &d))
            return false;
        if (colon == NULL && factor == 1) {
            *out = d;
            return true;
        }
        sum += d * factor;
        factor *= 60;
        if (colon == NULL)
            break;
        length = (size_t)(colon - s);
    }
    *out = sum;
    return true;
}

static bool float_value(const char *text, size_t length, double *out)
{
    char small[64];
    char *copy = length < sizeof small ? small : malloc(length + 1);
    if (copy == NULL)
        return false;
    size_t used = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] != '_' && !(i == 0 && (text[i] == '+' || text[i] == '-')))
            copy[used++] = text[i];
    copy[used] = '\0';
    bool ok = float_digits(copy, used, out);
    if (ok && text[0] == '-')
        *out = -*out;
    if (copy != small)
        free(copy);
    return ok;
}

static bool special_value(const char *text, size_t length, double *out)
{
    static const char *const inf[] = {".inf", ".Inf", ".INF"}, *const nan[] = {".nan", ".NaN",
                                                                               ".NAN"};
    if (is_special(text, length, nan)) {
        *out = (double)NAN;
        return true;
    }
    bool minus = length > 0 && *text == '-';
    if (minus || (length > 0 && *text == '+')) {
        text++;
        length--;
    }
    if (!is_special(text, length, inf))
        return false;
    *out = minus ? -(double)INFINITY : (double)INFINITY;
    return true;
}

bool yaml_scalar(const char *text, size_t length, stressor_value *v)
{
    *v = stressor_null();
    if (length == 0)
        return true;
    if (*text == '+' || *text == '-' || *text == '.' || is_digit(*text)) {
        struct shape shape;
        double d;
        if (int_shape(text, text + length, &shape)) {
            *v = stressor_int(0);
            return int_value(text, text + length, &shape, &v->as.integer);
        }
        if (float_shape(text, text + length)) {
            *v = stressor_double(0);
            return float_value(text, length, &v->as.real);
        }
        if (special_value(text, length, &d)) {
            *v = stressor_double(d);
            return true;
        }
    } else if (length <= 5) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (strlen(words[i].text) == length && memcmp(words[i].text, text, length) == 0) {
                if (words[i].type == STRESSOR_BOOL)
                    *v = stressor_bool(words[i].truth);
                return true;
            }
    }
    *v = stressor_string_n(text, length);
    return true;
}
