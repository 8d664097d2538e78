#include <stdio.h>
#include <string.h>

#include "importer.h"
#include "yaml_text.h"

/* The parts of JSON that are stored, as one value for dry runs: `rests` are what is left of the
 * paths, below a container. */
static void put_mock(struct span *rests, size_t count, const bool *numbers, struct text *out)
{
    if (count > 0 && rests[0].length == 0) {
        text_puts(out, numbers[0] ? "0" : "dry run");
        return;
    }
    bool is_list = rests[0].ptr[0] == '[', done[64] = {false};
    unsigned next = 0;
    text_char(out, is_list ? '[' : '{');
    for (;;) {
        struct span below[64], first = {NULL, 0};
        bool below_numbers[64];
        size_t n = 0;
        unsigned least = 0, item = 0;
        /* Of a list the smallest index that is left. */
        for (size_t i = 0; i < count; i++) {
            size_t end = 0;
            while (end < rests[i].length && rests[i].ptr[end] != '.')
                end++;
            struct span part = {rests[i].ptr, end};
            if (done[i])
                continue;
            if (is_list && sscanf(part.ptr, "[%u]", &item) != 1)
                continue;
            if (first.ptr == NULL || (is_list && item < least)) {
                first = part;
                least = item;
            }
        }
        if (first.ptr == NULL)
            break;
        for (size_t i = 0; i < count; i++)
            if (!done[i] && rests[i].length >= first.length &&
                memcmp(rests[i].ptr, first.ptr, first.length) == 0 &&
                (rests[i].length == first.length || rests[i].ptr[first.length] == '.')) {
                size_t skip = first.length + (rests[i].length > first.length);
                below_numbers[n] = numbers[i];
                below[n++] = (struct span){rests[i].ptr + skip, rests[i].length - skip};
                done[i] = true;
            }
        for (; is_list && next < least; next++)
            text_puts(out, next > 0 ? ", null" : "null");
        text_puts(out, text_all(out).ptr[out->length - 1] == '[' ||
                               text_all(out).ptr[out->length - 1] == '{'
                           ? ""
                           : ", ");
        if (!is_list) {
            yaml_text(out, first);
            text_puts(out, ": ");
        }
        put_mock(below, n, below_numbers, out);
        next++;
    }
    text_char(out, is_list ? ']' : '}');
}

void stores_write(struct importer *im, const struct request *r, struct text *out)
{
    struct span paths[64];
    bool numbers[64];
    size_t count = 0;
    for (int kind = FROM_JSON; kind <= FROM_HEADER; kind++) {
        bool any = false;
        for (const struct store *s = r->stores; s != NULL && count < 64; s = s->next) {
            if ((int)s->variable->kind != kind)
                continue;
            if (!any) {
                text_puts(out, "    # sent again by later requests: correlated by the import\n");
                text_puts(out, kind == FROM_JSON ? "    store_json:\n" : "    store_header:\n");
            }
            any = true;
            text_puts(out, "      ");
            text_span(out, s->variable->name);
            text_puts(out, ": ");
            yaml_text(out, s->variable->path);
            text_char(out, '\n');
            im->scalars += 4;
            if (kind == FROM_JSON) {
                numbers[count] = s->variable->is_number;
                paths[count++] = s->variable->path;
            }
        }
        if (kind == FROM_JSON && any) {
            text_puts(out, "    mock_result: ");
            put_mock(paths, count, numbers, out);
            text_puts(out, " # for dry runs\n");
        }
    }
}
