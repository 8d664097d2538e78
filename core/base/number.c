#include "base/number.h"

#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_TEXT_MAX = 1024 };

/* What is still to be read, and what strtod gets to see of it. */
struct scan {
    const char *at, *end;
    char clean[NUMBER_TEXT_MAX];
    size_t length;
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool scan_init(struct scan *s, const char *text, size_t length)
{
    s->length = 0;
    while (length != 0 && is_space(*text))
        text++, length--;
    while (length != 0 && is_space(text[length - 1]))
        length--;
    s->at = text;
    s->end = text + length;
    return length != 0 && length < sizeof s->clean;
}

static bool scan_any(struct scan *s, const char *set)
{
    if (s->at == s->end || *s->at == '\0' || strchr(set, *s->at) == NULL)
        return false;
    s->clean[s->length++] = *s->at++;
    return true;
}

/* Digits, with single underscores between them. False: there are none. */
static bool scan_digits(struct scan *s)
{
    static const char digits[] = "0123456789";
    if (!scan_any(s, digits))
        return false;
    for (;;) {
        if (scan_any(s, digits))
            continue;
        if (s->end - s->at < 2 || s->at[0] != '_' || s->at[1] < '0' || s->at[1] > '9')
            return true;
        s->at++;
    }
}

static bool scan_word(struct scan *s)
{
    static const char *const words[] = {"inf", "infinity", "nan"};
    size_t left = (size_t)(s->end - s->at);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (left != strlen(words[i]) || strncasecmp(s->at, words[i], left) != 0)
            continue;
        memcpy(s->clean + s->length, s->at, left);
        s->length += left;
        s->at = s->end;
        return true;
    }
    return false;
}

static bool scan_real(struct scan *s)
{
    scan_any(s, "+-");
    if (scan_word(s))
        return true;
    bool whole = scan_digits(s);
    bool fraction = scan_any(s, ".") && scan_digits(s);
    if (!whole && !fraction)
        return false;
    if (!scan_any(s, "eE"))
        return true;
    scan_any(s, "+-");
    return scan_digits(s);
}

bool number_int(const char *text, size_t length, int64_t *out)
{
    struct scan s;
    if (!scan_init(&s, text, length))
        return false;
    scan_any(&s, "+-");
    if (!scan_digits(&s) || s.at != s.end)
        return false;
    s.clean[s.length] = '\0';
    errno = 0;
    long long n = strtoll(s.clean, NULL, 10);
    if (errno != 0)
        return false;
    *out = n;
    return true;
}

static locale_t c_locale;

static void c_locale_make(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

bool number_double(const char *text, size_t length, double *out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct scan s;
    if (!scan_init(&s, text, length) || !scan_real(&s) || s.at != s.end)
        return false;
    pthread_once(&once, c_locale_make);
    if (c_locale == (locale_t)0)
        return false;
    s.clean[s.length] = '\0';
    *out = strtod_l(s.clean, NULL, c_locale);
    return true;
}
