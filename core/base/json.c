#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/plugin.h>

#include "base/container.h"
#include "base/utf8.h"

static const char bom[] = "\xEF\xBB\xBF";

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t bom_length(const char *text, size_t length)
{
    return length >= 3 && memcmp(text, bom, 3) == 0 ? 3 : 0;
}

bool json_looks_like(const char *text, size_t length)
{
    size_t i = bom_length(text, length);
    while (i < length && is_space(text[i]))
        i++;
    while (length > i && is_space(text[length - 1]))
        length--;
    if (i == length)
        return false;
    size_t left = length - i;
    char last = text[length - 1];
    switch (text[i]) {
    case '{': return left > 1 && last == '}';
    case '[': return left > 1 && last == ']';
    case '"': return left > 1 && last == '"';
    case 't': return left == 4 && memcmp(text + i, "true", 4) == 0;
    case 'f': return left == 5 && memcmp(text + i, "false", 5) == 0;
    case 'n': return left == 4 && memcmp(text + i, "null", 4) == 0;
    case '-': return left > 1 && is_digit(last);
    default: return is_digit(text[i]) && is_digit(last);
    }
}

/* Strings of a text in which numerals are marked begin with one NUL more than they have where they
 * begin with one; with a single NUL begins the text of a numeral. */
struct conversion {
    struct arena *arena;
    bool marked;
};

static int convert(const json_t *j, const struct conversion *c, stressor_value *out);

static int convert_string(const json_t *j, const struct conversion *c, stressor_value *out)
{
    const char *text = json_string_value(j);
    size_t length = json_string_length(j);
    uint32_t flags = 0;
    if (c->marked && length != 0 && text[0] == '\0') {
        flags = length > 1 && text[1] == '\0' ? 0 : VALUE_NUMERAL;
        text++;
        length--;
    }
    const char *copy = arena_copy(c->arena, text, length);
    if (copy == NULL)
        return JSON_NOMEM;
    *out = stressor_string_n(copy, length);
    out->flags = flags;
    return JSON_OK;
}

static int convert_array(const json_t *j, const struct conversion *c, stressor_value *out)
{
    size_t count = json_array_size(j);
    out->type = STRESSOR_LIST;
    if (count == 0)
        return JSON_OK;
    stressor_list *box = list_box_new(c->arena, count);
    if (box == NULL)
        return JSON_NOMEM;
    for (size_t i = 0; i < count; i++) {
        int status = convert(json_array_get(j, i), c, &box->items[i]);
        if (status != JSON_OK)
            return status;
    }
    return list_box_seal(box, count, out) == STRESSOR_OK ? JSON_OK : JSON_NOMEM;
}

static int convert_object(json_t *j, const struct conversion *c, stressor_value *out)
{
    size_t count = json_object_size(j);
    out->type = STRESSOR_MAP;
    if (count == 0)
        return JSON_OK;
    stressor_map *box = map_box_new(c->arena, count);
    if (box == NULL)
        return JSON_NOMEM;
    struct map_entry *e = box->entries;
    for (void *i = json_object_iter(j); i != NULL; i = json_object_iter_next(j, i), e++) {
        e->length = json_object_iter_key_len(i);
        e->key = arena_copy(c->arena, json_object_iter_key(i), (size_t)e->length);
        if (e->key == NULL)
            return JSON_NOMEM;
        int status = convert(json_object_iter_value(i), c, &e->value);
        if (status != JSON_OK)
            return status;
    }
    return map_box_seal(box, count, true, out) == STRESSOR_OK ? JSON_OK : JSON_NOMEM;
}

static int convert(const json_t *j, const struct conversion *c, stressor_value *out)
{
    *out = stressor_null();
    switch (json_typeof(j)) {
    case JSON_NULL: break;
    case JSON_TRUE: *out = stressor_bool(1); break;
    case JSON_FALSE: *out = stressor_bool(0); break;
    case JSON_INTEGER: *out = stressor_int(json_integer_value(j)); break;
    case JSON_REAL: *out = stressor_double(json_real_value(j)); break;
    case JSON_STRING: return convert_string(j, c, out);
    case JSON_ARRAY: return convert_array(j, c, out);
    case JSON_OBJECT: return convert_object((json_t *)(uintptr_t)j, c, out);
    }
    return JSON_OK;
}

/* The end of the number that begins at `i`. Does it hold a point or an exponent? */
static size_t number_end(const char *text, size_t length, size_t i, bool *real)
{
    *real = false;
    for (; i < length; i++) {
        char c = text[i];
        if (c == '.' || c == 'e' || c == 'E')
            *real = true;
        else if (!is_digit(c) && c != '-' && c != '+')
            break;
    }
    return i;
}

static bool integer_overflows(const char *number, size_t length)
{
    char digits[32];
    if (length >= sizeof digits)
        return true;
    memcpy(digits, number, length);
    digits[length] = '\0';
    errno = 0;
    strtoll(digits, NULL, 10);
    return errno == ERANGE;
}

static size_t string_end(const char *text, size_t length, size_t i)
{
    for (i++; i < length && text[i] != '"'; i++) {
        if (text[i] == '\\')
            i++;
    }
    return i < length ? i + 1 : length;
}

/* --- integers beyond 64 bits ------------------------------------------------------------------
 *
 * jansson reads them neither as integers nor as doubles. The text is copied with strings in their
 * place, which are marked so that no string of the text can be taken for one. To tell what is wrong
 * with a text it is copied with "e0" behind each instead.
 */

static const char mark[] = "\"\\u0000";
enum { MARK = sizeof mark - 1 };

struct wide {
    struct buf text;
    bool marked;
    size_t asked; /* a place in the copy, … */
    size_t found; /* … and in the original */
};

/* Copies what begins at `from` in the original. */
static void wide_put(struct wide *w, const char *text, size_t from, size_t end)
{
    if (w->text.length <= w->asked)
        w->found = from + (w->asked - w->text.length);
    if (w->found > end)
        w->found = end;
    buf_put(&w->text, text + from, end - from);
}

static void wide_put_token(struct wide *w, const char *text, size_t from, size_t end, bool real)
{
    size_t length = end - from;
    bool string = text[from] == '"';
    bool overflows = !string && !real && integer_overflows(text + from, length);
    if (w->marked && overflows && value_is_digits(text + from, length)) {
        buf_puts(&w->text, mark);
        wide_put(w, text, from, end);
        buf_putc(&w->text, '"');
        return;
    }
    if (w->marked && string && length > MARK && memcmp(text + from, mark, MARK) == 0)
        buf_puts(&w->text, mark), from++;
    wide_put(w, text, from, end);
    if (overflows)
        buf_puts(&w->text, "e0");
}

static void wide_copy(struct wide *w, const char *text, size_t length)
{
    size_t i = 0, end;
    for (; i < length; i = end) {
        bool real = true;
        size_t from = i;
        while (i < length && text[i] != '"' && text[i] != '-' && !is_digit(text[i]))
            i++;
        wide_put(w, text, from, i);
        if (i == length)
            break;
        end = text[i] == '"' ? string_end(text, length, i) : number_end(text, length, i, &real);
        wide_put_token(w, text, i, end, real);
    }
}

static const size_t load_flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;

/* As jansson counts: lines, and characters of the line. */
static void place_at(const char *text, size_t at, json_error_t *problem)
{
    problem->line = 1;
    problem->column = 0;
    for (size_t i = 0; i < at; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            problem->column++;
        if (text[i] == '\n') {
            problem->line++;
            problem->column = 0;
        }
    }
}

static json_t *load_wide(const char *text, size_t length, bool marked, json_error_t *problem)
{
    struct wide w = {.marked = marked, .asked = SIZE_MAX};
    buf_init(&w.text, 0);
    wide_copy(&w, text, length);
    json_t *j = w.text.failed ? NULL : json_loadb(w.text.data, w.text.length, load_flags, problem);
    if (j == NULL && !marked && !w.text.failed) {
        w.asked = (size_t)problem->position;
        buf_clear(&w.text);
        wide_copy(&w, text, length);
        place_at(text, w.found, problem);
    }
    buf_finish(&w.text);
    return j;
}

static json_t *load(const char *text, size_t length, bool *marked, json_error_t *problem)
{
    json_t *j = json_loadb(text, length, load_flags, problem);
    if (j != NULL || json_error_code(problem) != json_error_numeric_overflow)
        return j;
    j = load_wide(text, length, true, problem);
    *marked = j != NULL;
    return j != NULL ? j : load_wide(text, length, false, problem);
}

/* --- reading --------------------------------------------------------------------------------- */

static void explain(int status, json_error_t *problem, struct json_error *error)
{
    memset(error, 0, sizeof *error);
    if (status == JSON_NOMEM) {
        strcpy(error->text, "out of memory");
        return;
    }
    error->line = problem->line;
    error->column = problem->column;
    const char *near = strstr(problem->text, " near ");
    switch (json_error_code(problem)) {
    case json_error_numeric_overflow:
        snprintf(error->text, sizeof error->text, "a number that is too large%s",
                 near != NULL ? near : "");
        break;
    case json_error_stack_overflow:
        snprintf(error->text, sizeof error->text, "nested deeper than %d", VALUE_DEPTH_MAX);
        break;
    default: memccpy(error->text, problem->text, '\0', sizeof error->text - 1);
    }
}

int json_parse(const char *text, size_t length, struct arena *a, stressor_value *out,
               struct json_error *error)
{
    json_error_t problem;
    struct conversion c = {.arena = a};
    memset(&problem, 0, sizeof problem);
    size_t skip = bom_length(text, length);
    json_t *j = load(length != 0 ? text + skip : "", length - skip, &c.marked, &problem);
    int status = j != NULL ? convert(j, &c, out) : JSON_SYNTAX;
    json_decref(j);
    if (status != JSON_OK && error != NULL)
        explain(status, &problem, error);
    return status;
}

/* --- writing --------------------------------------------------------------------------------- */

static void write_escaped(uint32_t c, struct buf *out)
{
    switch (c) {
    case '"': buf_puts(out, "\\\""); break;
    case '\\': buf_puts(out, "\\\\"); break;
    case '\n': buf_puts(out, "\\n"); break;
    case '\r': buf_puts(out, "\\r"); break;
    case '\t': buf_puts(out, "\\t"); break;
    case '\b': buf_puts(out, "\\b"); break;
    case '\f': buf_puts(out, "\\f"); break;
    default: buf_printf(out, "\\u%04" PRIx32, c); break;
    }
}

/* Bytes that are no UTF-8 become U+FFFD each. */
static void write_string(const char *text, size_t length, struct buf *out)
{
    buf_putc(out, '"');
    size_t run = 0;
    for (size_t i = 0, size; i < length && !out->failed; i += size) {
        uint32_t c = 0xFFFD;
        size = utf8_decode(text + i, length - i, &c);
        if (size != 0 && c >= 0x20 && c != '"' && c != '\\')
            continue;
        size = 1;
        buf_put(out, text + run, i - run);
        write_escaped(c, out);
        run = i + size;
    }
    buf_put(out, text + run, length - run);
    buf_putc(out, '"');
}

static void write_double(double d, struct buf *out)
{
    char text[32] = "null";
    if (isfinite(d))
        value_double_text(d, text);
    buf_puts(out, text);
}

static void write_list(const stressor_value *v, bool spaced, struct buf *out)
{
    buf_putc(out, '[');
    for (uint64_t i = 0; i < v->as.list.count && !out->failed; i++) {
        if (i != 0)
            buf_puts(out, spaced ? ", " : ",");
        json_write(&v->as.list.ptr->items[i], spaced, out);
    }
    buf_putc(out, ']');
}

static void write_map(const stressor_value *v, bool spaced, struct buf *out)
{
    buf_putc(out, '{');
    for (uint64_t i = 0; i < v->as.map.count && !out->failed; i++) {
        const struct map_entry *e = &v->as.map.ptr->entries[i];
        if (i != 0)
            buf_puts(out, spaced ? ", " : ",");
        write_string(e->key, (size_t)e->length, out);
        buf_puts(out, spaced ? ": " : ":");
        json_write(&e->value, spaced, out);
    }
    buf_putc(out, '}');
}

bool json_write(const stressor_value *v, bool spaced, struct buf *out)
{
    switch ((enum stressor_type)v->type) {
    case STRESSOR_NULL: buf_puts(out, "null"); break;
    case STRESSOR_BOOL: buf_puts(out, v->as.integer != 0 ? "true" : "false"); break;
    case STRESSOR_INT: buf_printf(out, "%" PRId64, v->as.integer); break;
    case STRESSOR_DOUBLE: write_double(v->as.real, out); break;
    case STRESSOR_STRING:
        if (value_is_numeral(v))
            buf_put(out, v->as.string.ptr, (size_t)v->as.string.length);
        else
            write_string(v->as.string.ptr, (size_t)v->as.string.length, out);
        break;
    case STRESSOR_LIST: write_list(v, spaced, out); break;
    case STRESSOR_MAP: write_map(v, spaced, out); break;
    }
    return !out->failed;
}

bool json_has_numbers(const stressor_value *v)
{
    if (v->type == STRESSOR_DOUBLE)
        return isfinite(v->as.real);
    bool has = true;
    for (uint64_t i = 0; v->type == STRESSOR_LIST && i < v->as.list.count && has; i++)
        has = json_has_numbers(&v->as.list.ptr->items[i]);
    for (uint64_t i = 0; v->type == STRESSOR_MAP && i < v->as.map.count && has; i++)
        has = json_has_numbers(&v->as.map.ptr->entries[i].value);
    return has;
}
