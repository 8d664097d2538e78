#include "plan/threshold_line.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/duration.h"
#include "base/number.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "config/excerpt.h"

enum { VALUE_MAX = 64 /* bytes */ };

#define PERCENTILE_MAX 99.99
#define A_METRIC       "min, mean, max, a percentile such as p95 or p99.9, count, rate or errors"

struct scan {
    const char *text, *end;
    const char *at;
    struct buf *why;
};

/* A part of the line. */
struct piece {
    const char *text;
    size_t length;
};

/* How the values of a metric are written. */
struct metric {
    const char *name;
    const char *expects;
    bool (*read)(const struct piece *value, struct threshold *out);
    enum threshold_metric metric;
    bool equal; /* == and != make sense */
};

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_op(char c)
{
    return c == '<' || c == '>' || c == '=' || c == '!';
}

static bool piece_is(const struct piece *p, const char *text)
{
    return p->length == strlen(text) && memcmp(p->text, text, p->length) == 0;
}

/* Which character of the line stands there, from 1. */
static size_t character_at(const struct scan *s, const char *where)
{
    size_t count = 1;
    for (const char *p = s->text; p < where; count++) {
        uint32_t unused;
        size_t width = utf8_decode(p, (size_t)(s->end - p), &unused);
        p += width > 0 ? width : 1;
    }
    return count;
}

/* Tells a mistake at a piece of the line, whose text follows; always false. */
__attribute__((format(printf, 3, 4))) static bool refuse(const struct scan *s,
                                                         const struct piece *found, const char *fmt,
                                                         ...)
{
    char shown[EXCERPT_MAX] = "the end of the line";
    va_list args;
    if (found->length > 0)
        excerpt_text(found->text, found->length, shown, sizeof shown);
    buf_printf(s->why, "character %zu: ", character_at(s, found->text));
    va_start(args, fmt);
    buf_vprintf(s->why, fmt, args);
    va_end(args);
    buf_printf(s->why, ", found %s", shown);
    return false;
}

static void skip_blanks(struct scan *s)
{
    while (s->at < s->end && is_blank(*s->at))
        s->at++;
}

/* The next word: up to a blank, an operator or, with `comma`, a comma. */
static struct piece peek_word(struct scan *s, bool comma)
{
    skip_blanks(s);
    const char *p = s->at;
    while (p < s->end && !is_blank(*p) && !is_op(*p) && !(comma && *p == ','))
        p++;
    return (struct piece){s->at, (size_t)(p - s->at)};
}

/* The same, but what stands there even where that is no word, for messages. */
static struct piece peek_any(struct scan *s)
{
    struct piece p = peek_word(s, true);
    if (p.length == 0 && s->at < s->end)
        p.length = 1;
    return p;
}

/* --- the metric ---------------------------------------------------------------------------- */

static bool read_latency(const struct piece *value, struct threshold *out)
{
    int64_t ns;
    if (!duration_parse(value->text, value->length, &ns) || ns < 0)
        return false;
    out->limit = (double)ns;
    return true;
}

static bool read_count(const struct piece *value, struct threshold *out)
{
    int64_t n;
    if (!number_int(value->text, value->length, &n) || n < 0)
        return false;
    out->limit = (double)n;
    return true;
}

static bool read_rate(const struct piece *value, struct threshold *out)
{
    size_t length = value->length;
    double per = 1;
    if (length > 2 && value->text[length - 2] == '/') {
        char unit = value->text[length - 1];
        per = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
        length -= 2;
    }
    if (per == 0 || !number_double(value->text, length, &out->limit))
        return false;
    out->limit /= per;
    return isfinite(out->limit) && out->limit >= 0;
}

static bool read_errors(const struct piece *value, struct threshold *out)
{
    if (value->length == 0 || value->text[value->length - 1] != '%')
        return read_count(value, out);
    out->metric = THRESHOLD_ERRORS_PERCENT;
    return number_double(value->text, value->length - 1, &out->limit) && out->limit >= 0 &&
           out->limit <= 100;
}

#define A_DURATION "a duration such as 300ms or 1.5s"

static const struct metric metrics[] = {
    {"min", A_DURATION, read_latency, THRESHOLD_MIN, false},
    {"mean", A_DURATION, read_latency, THRESHOLD_MEAN, false},
    {"max", A_DURATION, read_latency, THRESHOLD_MAX, false},
    {"count", "a whole number such as 1000", read_count, THRESHOLD_COUNT, true},
    {"rate", "a rate such as 50/s, 30/m or 10/h", read_rate, THRESHOLD_RATE, false},
    {"errors", "a whole number such as 5, or a percentage from 0% to 100%", read_errors,
     THRESHOLD_ERRORS, true},
};
enum { METRICS = sizeof metrics / sizeof *metrics };
static const struct metric percentile = {"p", A_DURATION, read_latency, THRESHOLD_PERCENTILE,
                                         false};

/* What the same is called elsewhere. */
static const char *const synonyms[][2] = {
    {"average", "mean"},   {"avg", "mean"},        {"fail", "errors"},
    {"failed", "errors"},  {"failures", "errors"}, {"median", "p50"},
    {"requests", "count"}, {"rps", "rate"},        {"throughput", "rate"},
};

static bool all_digits(const struct piece *p)
{
    size_t digits = 0, points = 0;
    for (size_t i = 0; i < p->length; i++) {
        digits += p->text[i] >= '0' && p->text[i] <= '9';
        points += p->text[i] == '.';
    }
    return digits > 0 && points <= 1 && digits + points == p->length;
}

static bool unknown_metric(const struct scan *s, const struct piece *word)
{
    struct suggest near;
    const char *best = NULL;
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (piece_is(word, synonyms[i][0]))
            best = synonyms[i][1];
    suggest_init(&near, word->text, word->length);
    for (size_t i = 0; i < METRICS; i++)
        suggest_offer(&near, metrics[i].name, strlen(metrics[i].name));
    best = best != NULL ? best : near.best;
    refuse(s, word, "expected " A_METRIC);
    if (best != NULL)
        buf_printf(s->why, "; did you mean '%s'?", best);
    else if (piece_is(word, "abort"))
        buf_puts(s->why, "; in a list of [ ] a line that holds a comma is put in quotes");
    return false;
}

static const struct metric *take_metric(struct scan *s, struct threshold *out)
{
    struct piece word = peek_word(s, true);
    const struct metric *found = NULL;
    for (size_t i = 0; i < METRICS; i++)
        if (piece_is(&word, metrics[i].name))
            found = &metrics[i];
    struct piece number = word.length > 1 ? (struct piece){word.text + 1, word.length - 1} : word;
    if (found == NULL && word.length > 1 && *word.text == 'p' && all_digits(&number)) {
        if (!number_double(number.text, number.length, &out->percent) || out->percent <= 0 ||
            out->percent > PERCENTILE_MAX) {
            refuse(s, &word, "expected a percentile between p0 and p99.99 (the ends are min, max)");
            return NULL;
        }
        found = &percentile;
    }
    if (found == NULL) {
        if (word.length == 0)
            word = peek_any(s);
        unknown_metric(s, &word);
        return NULL;
    }
    s->at += word.length;
    out->metric = found->metric;
    return found;
}

/* --- the name, the operator ---------------------------------------------------------------- */

static bool take_name(struct scan *s, struct threshold_line *out)
{
    struct piece of = peek_word(s, false);
    if (!piece_is(&of, "of"))
        return true;
    s->at += of.length;
    struct piece name = peek_word(s, false);
    if (name.length > 0 && (*name.text == '\'' || *name.text == '"')) {
        char quote = *name.text;
        const char *end = memchr(name.text + 1, quote, (size_t)(s->end - name.text - 1));
        if (end == NULL) {
            name.length = (size_t)(s->end - name.text);
            return refuse(s, &name, "expected a name and another %c behind it", quote);
        }
        s->at = end + 1;
        name = (struct piece){name.text + 1, (size_t)(end - name.text - 1)};
        if (name.length == 0)
            return refuse(s, &(struct piece){name.text - 1, 2}, "expected a name");
    } else {
        s->at += name.length;
    }
    if (name.length == 0) {
        name = peek_any(s);
        return refuse(s, &name, "expected the name of an activity, a type or a sequence");
    }
    out->name = name.text;
    out->name_length = name.length;
    out->name_at = character_at(s, name.text);
    return true;
}

static const struct {
    const char *text;
    int op; /* enum threshold_op; negative: no operator, but easily taken for one */
    const char *meant;
} ops[] = {
    {"<", THRESHOLD_LESS, NULL},
    {"<=", THRESHOLD_AT_MOST, NULL},
    {">", THRESHOLD_MORE, NULL},
    {">=", THRESHOLD_AT_LEAST, NULL},
    {"==", THRESHOLD_EQUAL, NULL},
    {"!=", THRESHOLD_NOT_EQUAL, NULL},
    {"=", -1, "=="},
    {"=<", -1, "<="},
    {"=>", -1, ">="},
    {"<>", -1, "!="},
    {"\xe2\x89\xa4", -1, "<="},
    {"\xe2\x89\xa5", -1, ">="},
    {"\xe2\x89\xa0", -1, "!="},
};

static bool take_op(struct scan *s, const struct metric *metric, bool named, struct threshold *out)
{
    skip_blanks(s);
    struct piece op = {s->at, 0};
    while (s->at + op.length < s->end && is_op(s->at[op.length]))
        op.length++;
    if (op.length == 0)
        op = peek_any(s);
    const char *expected = metric->equal ? "one of <, <=, >, >=, ==, !=" : "one of <, <=, >, >=";
    const char *meant = NULL;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (!piece_is(&op, ops[i].text))
            continue;
        bool equal = ops[i].op == THRESHOLD_EQUAL || ops[i].op == THRESHOLD_NOT_EQUAL;
        meant = ops[i].meant;
        if (equal && !metric->equal) {
            refuse(s, &op, "expected %s", expected);
            buf_puts(s->why, "; == and != go with count and errors");
            return false;
        }
        if (ops[i].op < 0)
            break;
        out->op = (enum threshold_op)ops[i].op;
        s->at += op.length;
        return true;
    }
    refuse(s, &op, "expected %s%s", named ? "" : "'of NAME' or ", expected);
    if (meant != NULL && (metric->equal || (strcmp(meant, "==") != 0 && strcmp(meant, "!=") != 0)))
        buf_printf(s->why, "; did you mean '%s'?", meant);
    return false;
}

/* --- values -------------------------------------------------------------------------------- */

/* Words up to a comma, `for` or `abort`. Blanks before a unit ("300 ms") are left out in `clean`.
 */
static struct piece take_value(struct scan *s, char clean[VALUE_MAX], size_t *clean_length)
{
    skip_blanks(s);
    struct piece value = {s->at, 0};
    bool first = true;
    *clean_length = 0;
    for (;; first = false) {
        struct piece word = peek_word(s, true);
        if (word.length == 0 || piece_is(&word, "for") || piece_is(&word, "abort"))
            break;
        bool digit = *word.text >= '0' && *word.text <= '9';
        bool after_digit =
            !first && digit && clean[*clean_length - 1] >= '0' && clean[*clean_length - 1] <= '9';
        s->at += word.length;
        value.length = (size_t)(s->at - value.text);
        if (*clean_length + word.length + 1 > VALUE_MAX || after_digit) {
            *clean_length = 0; /* no value is so long, or has two numbers without units */
            break;
        }
        memcpy(clean + *clean_length, word.text, word.length);
        *clean_length += word.length;
    }
    if (value.length == 0) {
        value = peek_any(s);
        *clean_length = 0;
    }
    return value;
}

static bool take_limit(struct scan *s, const struct metric *metric, struct threshold *out)
{
    char clean[VALUE_MAX];
    struct piece short_value = {clean, 0};
    struct piece value = take_value(s, clean, &short_value.length);
    if (short_value.length > 0 && metric->read(&short_value, out))
        return true;
    return refuse(s, &value, "expected %s", metric->expects);
}

/* [for DURATION] */
static bool take_for(struct scan *s, struct threshold *out)
{
    struct piece word = peek_word(s, true);
    if (!piece_is(&word, "for"))
        return true;
    s->at += word.length;
    char clean[VALUE_MAX];
    size_t length;
    struct piece value = take_value(s, clean, &length);
    if (length > 0 && duration_parse(clean, length, &out->for_ns) && out->for_ns >= NS_PER_S)
        return true;
    return refuse(s, &value, "expected a duration of at least 1s");
}

/* [, abort] */
static bool take_abort(struct scan *s, struct threshold *out)
{
    skip_blanks(s);
    if (s->at == s->end)
        return true;
    bool comma = *s->at == ',';
    s->at += comma;
    struct piece word = peek_any(s);
    bool abort = piece_is(&word, "abort");
    if (!comma && abort)
        return refuse(s, &word, "expected a comma before 'abort'");
    if (comma && !abort)
        return refuse(s, &word, "expected 'abort' behind the comma");
    if (!comma)
        return refuse(s, &word, "expected %s', abort' or the end",
                      out->for_ns == 0 ? "'for DURATION', " : "");
    s->at += word.length;
    word = peek_any(s);
    if (word.length > 0)
        return refuse(s, &word, "expected the end behind 'abort'");
    out->abort = true;
    return true;
}

bool threshold_line_parse(const char *text, size_t length, struct threshold_line *out,
                          struct buf *why)
{
    struct scan s = {.text = text, .end = text + length, .at = text, .why = why};
    *out = (struct threshold_line){0};
    if (length > THRESHOLD_LINE_MAX) {
        buf_printf(why, "it is longer than %d bytes", THRESHOLD_LINE_MAX);
        return false;
    }
    const struct metric *metric = take_metric(&s, &out->is);
    return metric != NULL && take_name(&s, out) &&
           take_op(&s, metric, out->name != NULL, &out->is) && take_limit(&s, metric, &out->is) &&
           take_for(&s, &out->is) && take_abort(&s, &out->is);
}
