#include "base/diag.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/conceal.h"
#include "base/utf8.h"

enum { DIAG_TEXT_MAX = 4000 }; /* bytes of one text; the rest is cut */

struct diag_item {
    const char *text;
    size_t file; /* its number in `files` */
    size_t order;
    unsigned line, column;
    bool warning;
};

struct diag {
    struct arena arena;
    const char **files; /* in the order first seen; NULL is number 0 */
    size_t files_count;
    size_t count;
    size_t seen;
    size_t errors;
    size_t dropped_errors, dropped_warnings;
    char more[64];
    struct diag_item items[DIAG_MAX];
};

struct diag *diag_new(void)
{
    struct diag *d = calloc(1, sizeof *d);
    if (d != NULL)
        arena_init(&d->arena, 4096, 0);
    return d;
}

void diag_free(struct diag *d)
{
    if (d == NULL)
        return;
    arena_finish(&d->arena);
    free(d->files);
    free(d);
}

/* The file's number, 0 also when there is no memory for it. */
static size_t file_number(struct diag *d, const char *file)
{
    if (file == NULL)
        return 0;
    for (size_t i = 0; i < d->files_count; i++) {
        if (strcmp(d->files[i], file) == 0)
            return i + 1;
    }
    const char **files = realloc(d->files, (d->files_count + 1) * sizeof *files);
    if (files == NULL)
        return 0;
    d->files = files;
    files[d->files_count] = arena_copy(&d->arena, file, strlen(file));
    if (files[d->files_count] == NULL)
        return 0;
    return ++d->files_count;
}

/* One line, that moves no cursor: control characters become spaces, bytes that are not UTF-8 '?'.
 */
static void make_plain(struct buf *b)
{
    size_t kept = 0;
    for (size_t i = 0, size; i < b->length; i += size) {
        uint32_t c = 0;
        size = utf8_decode(b->data + i, b->length - i, &c);
        if (size == 0 || c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            b->data[kept++] = size == 0 ? '?' : ' ';
            size = size == 0 ? 1 : size;
        } else {
            memmove(b->data + kept, b->data + i, size);
            kept += size;
        }
    }
    b->length = kept;
}

static const char *text_make(struct diag *d, const struct place *at, bool warning, const char *fmt,
                             va_list args)
{
    struct buf b;
    buf_init(&b, 0);
    if (at != NULL && at->file != NULL)
        buf_printf(&b, "%s:", at->file);
    if (at != NULL && at->file != NULL && at->line != 0) {
        buf_printf(&b, "%u:", at->line);
        if (at->column != 0)
            buf_printf(&b, "%u:", at->column);
    }
    if (b.length != 0)
        buf_putc(&b, ' ');
    buf_puts(&b, warning ? "warning: " : "error: ");
    buf_vprintf(&b, fmt, args);
    struct buf concealed;
    buf_init(&concealed, 0);
    if (conceal_passwords(b.data, b.length, &concealed)) {
        buf_finish(&b);
        b = concealed;
    }
    make_plain(&b);
    size_t length = b.length;
    if (length > DIAG_TEXT_MAX) { /* not in the middle of a character */
        length = DIAG_TEXT_MAX;
        while (length > 0 && ((unsigned char)b.data[length] & 0xC0) == 0x80)
            length--;
    }
    const char *text = b.failed ? NULL : arena_copy(&d->arena, b.data, length);
    buf_finish(&b);
    return text;
}

/* A place for one more, NULL when full. An error is worth more than a warning. */
static struct diag_item *item_new(struct diag *d, bool warning)
{
    if (d->count < DIAG_MAX)
        return &d->items[d->count++];
    for (size_t i = DIAG_MAX; i-- > 0 && !warning;) {
        if (d->items[i].warning) {
            d->dropped_warnings++;
            return &d->items[i];
        }
    }
    return NULL;
}

static void diag_add(struct diag *d, const struct place *at, bool warning, const char *fmt,
                     va_list args)
{
    if (!warning)
        d->errors++;
    struct diag_item *item = item_new(d, warning);
    if (item == NULL) {
        *(warning ? &d->dropped_warnings : &d->dropped_errors) += 1;
        return;
    }
    item->text = text_make(d, at, warning, fmt, args);
    if (item->text == NULL)
        item->text = warning ? "warning: out of memory" : "error: out of memory";
    item->file = at != NULL ? file_number(d, at->file) : 0;
    item->line = at != NULL ? at->line : 0;
    item->column = at != NULL ? at->column : 0;
    item->order = d->seen++;
    item->warning = warning;
}

bool diag_error(struct diag *d, const struct place *at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    diag_add(d, at, false, fmt, args);
    va_end(args);
    return false;
}

void diag_warn(struct diag *d, const struct place *at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    diag_add(d, at, true, fmt, args);
    va_end(args);
}

size_t diag_errors(const struct diag *d)
{
    return d->errors;
}

static int compare(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int item_order(const void *a, const void *b)
{
    const struct diag_item *x = a, *y = b;
    int order = compare(x->file, y->file);
    if (order == 0)
        order = compare(x->line, y->line);
    if (order == 0)
        order = compare(x->column, y->column);
    return order != 0 ? order : compare(x->order, y->order);
}

void diag_sort(struct diag *d)
{
    qsort(d->items, d->count, sizeof d->items[0], item_order);
    size_t errors = d->dropped_errors, warnings = d->dropped_warnings;
    if (errors != 0)
        snprintf(d->more, sizeof d->more, "error: and %zu more error%s", errors,
                 errors == 1 ? "" : "s");
    else if (warnings != 0)
        snprintf(d->more, sizeof d->more, "warning: and %zu more warning%s", warnings,
                 warnings == 1 ? "" : "s");
}

size_t diag_count(const struct diag *d)
{
    return d->count + (d->more[0] != '\0');
}

const char *diag_text(const struct diag *d, size_t i)
{
    return i < d->count ? d->items[i].text : d->more;
}

bool diag_is_warning(const struct diag *d, size_t i)
{
    return i < d->count ? d->items[i].warning : d->dropped_errors == 0;
}
