#include "html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <common/markup.h>
#include <common/utf8.h>
#include <common/words.h>

#define CHARACTERS_MOST 1000 /* of any text */

static int32_t count_bytes(void *data, const char *bytes, uint64_t length)
{
    struct html *h = data;
    h->handed += length;
    return h->sink(h->data, bytes, length);
}

void html_begin(struct html *h, const struct reports *r, const stressor_snapshot *s,
                stressor_sink sink, void *data)
{
    h->s = s;
    h->api = r->api;
    h->sink = sink;
    h->data = data;
    h->handed = 0;
    out_begin(&h->out, count_bytes, h);
}

int32_t html_finish(struct html *h)
{
    return out_finish(&h->out);
}

void html_put(struct html *h, const char *markup)
{
    out_text(&h->out, markup);
}

/* --- text ---------------------------------------------------------------------------------- */

/* At most `most` characters of a text, as well-formed UTF-8. */
static const char *cut(const char *text, size_t most, char out[4 * CHARACTERS_MOST + 4])
{
    size_t used = 0;
    uint32_t c;
    most = most < CHARACTERS_MOST ? most : CHARACTERS_MOST;
    for (size_t i = 0; (c = text_next(&text)) != 0; i++) {
        if (i + 1 == most && *text != '\0') {
            used += text_encode(0x2026, out + used);
            break;
        }
        used += text_encode(c, out + used);
    }
    out[used] = '\0';
    return out;
}

void html_text(struct html *h, const char *text, size_t most)
{
    char shown[4 * CHARACTERS_MOST + 4];
    if (text != NULL)
        markup_text(&h->out, cut(text, most, shown));
}

void html_attribute(struct html *h, const char *name, const char *text, size_t most)
{
    char shown[4 * CHARACTERS_MOST + 4];
    markup_attribute(&h->out, name, text != NULL ? cut(text, most, shown) : "");
}

void html_name(struct html *h, const char *name)
{
    html_put(h, "<bdi>");
    html_text(h, name, HTML_NAME_MOST);
    html_put(h, "</bdi>");
}

const char *html_phase(uint32_t phase)
{
    return phase == STRESSOR_PHASE_WARMUP ? "warm-up" : word_phase(phase);
}

/* --- numbers ------------------------------------------------------------------------------- */

static void put_data(struct html *h, const char *figure)
{
    html_put(h, "\">");
    html_text(h, figure, FIGURE_SIZE);
    html_put(h, "</data>");
}

void html_count(struct html *h, uint64_t n)
{
    char figure[FIGURE_SIZE];
    figure_count(n, figure);
    html_put(h, "<data value=\"");
    out_count(&h->out, n);
    put_data(h, figure);
}

void html_time(struct html *h, int64_t ns)
{
    char figure[FIGURE_SIZE];
    figure_time(ns, figure);
    html_put(h, "<data value=\"");
    out_int(&h->out, ns);
    put_data(h, figure);
}

void html_bytes(struct html *h, uint64_t bytes)
{
    char figure[FIGURE_SIZE];
    figure_bytes(bytes, figure);
    html_put(h, "<data value=\"");
    out_count(&h->out, bytes);
    put_data(h, figure);
}

void html_rate(struct html *h, double per_second)
{
    char figure[FIGURE_SIZE];
    figure_real(per_second, figure);
    html_put(h, "<data value=\"");
    out_real(&h->out, per_second);
    put_data(h, figure);
}

void html_cpus(struct html *h, double cpus)
{
    char figure[FIGURE_SIZE];
    figure_percent(cpus * 100, figure);
    html_put(h, "<data value=\"");
    out_real(&h->out, cpus);
    put_data(h, figure);
}

void html_when(struct html *h, int64_t wall_ns)
{
    char when[WHEN_SIZE];
    when_utc(wall_ns, when);
    html_put(h, "<time");
    html_attribute(h, "datetime", when, WHEN_SIZE);
    html_put(h, ">");
    size_t date = strcspn(when, "T");
    size_t all = strcspn(when, ".");
    when[all] = '\0';
    if (date < all)
        when[date] = ' ';
    html_text(h, when, WHEN_SIZE);
    html_put(h, " UTC</time>");
}

/* --- ceilings ------------------------------------------------------------------------------ */

static uint64_t size_so_far(const struct html *h)
{
    return h->handed + h->out.used;
}

struct html_room html_room(const struct html *h, uint32_t rows, uint64_t bytes)
{
    return (struct html_room){size_so_far(h) + bytes, rows};
}

bool html_take(const struct html *h, struct html_room *room)
{
    if (room->rows == 0 || size_so_far(h) >= room->end)
        return false;
    room->rows--;
    return true;
}

void html_more(struct html *h, uint64_t n, const char *one, const char *many)
{
    char figure[FIGURE_SIZE];
    if (n == 0)
        return;
    figure_count(n, figure);
    html_put(h, "<p class=\"more\">… and ");
    html_put(h, figure);
    html_put(h, " more ");
    html_put(h, n == 1 ? one : many);
    html_put(h, "; all are in the JSON report.</p>\n");
}

/* --- structure ----------------------------------------------------------------------------- */

void html_section(struct html *h, const char *id, const char *title)
{
    html_put(h, "<section id=\"");
    html_put(h, id);
    html_put(h, "\" aria-labelledby=\"");
    html_put(h, id);
    html_put(h, "-title\">\n<h2 id=\"");
    html_put(h, id);
    html_put(h, "-title\">");
    html_put(h, title);
    html_put(h, "</h2>\n");
}

void html_section_end(struct html *h)
{
    html_put(h, "</section>\n");
}

void html_table(struct html *h, const char *id, const char *caption,
                const struct html_column *columns, size_t count)
{
    html_put(h, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"");
    html_put(h, id);
    html_put(h, "-caption\"><table id=\"");
    html_put(h, id);
    html_put(h, "\">\n<caption id=\"");
    html_put(h, id);
    html_put(h, "-caption\"><span>");
    html_put(h, caption);
    html_put(h, "</span></caption>\n<thead><tr>");
    for (size_t i = 0; i < count; i++) {
        html_put(h, columns[i].number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        html_put(h, columns[i].title);
        html_put(h, "</th>");
    }
    html_put(h, "</tr></thead>\n<tbody>\n");
}

void html_table_end(struct html *h)
{
    html_put(h, "</tbody></table></div>\n");
}

void html_row_begin(struct html *h, const char *class)
{
    html_put(h, "<tr");
    if (class != NULL)
        html_attribute(h, "class", class, 20);
    html_put(h, "><th scope=\"row\">");
}

void html_row_head_end(struct html *h)
{
    html_put(h, "</th>");
}

void html_row(struct html *h, const char *name)
{
    html_row_begin(h, NULL);
    html_name(h, name);
    html_row_head_end(h);
}

void html_row_end(struct html *h)
{
    html_put(h, "</tr>\n");
}

void html_cell_text(struct html *h, const char *text, size_t most)
{
    html_put(h, "<td>");
    html_text(h, text, most);
    html_put(h, "</td>");
}

void html_cell_none(struct html *h)
{
    html_put(h, "<td class=\"n\">–</td>");
}

void html_cell_count(struct html *h, uint64_t n)
{
    html_put(h, "<td class=\"n\">");
    html_count(h, n);
    html_put(h, "</td>");
}

void html_cell_bad(struct html *h, uint64_t n)
{
    html_put(h, n > 0 ? "<td class=\"n bad\">" : "<td class=\"n\">");
    html_count(h, n);
    html_put(h, "</td>");
}

void html_cell_time(struct html *h, int64_t ns)
{
    html_put(h, "<td class=\"n\">");
    html_time(h, ns);
    html_put(h, "</td>");
}

void html_cell_bytes(struct html *h, uint64_t bytes)
{
    html_put(h, "<td class=\"n\">");
    html_bytes(h, bytes);
    html_put(h, "</td>");
}

void html_cell_rate(struct html *h, double per_second)
{
    html_put(h, "<td class=\"n\">");
    html_rate(h, per_second);
    html_put(h, "</td>");
}

void html_cell_cpus(struct html *h, double cpus)
{
    html_put(h, "<td class=\"n\">");
    html_cpus(h, cpus);
    html_put(h, "</td>");
}

void html_cell_part(struct html *h, uint64_t n, uint64_t of)
{
    char figure[FIGURE_SIZE];
    figure_part(n, of, figure);
    html_put(h, n > 0 ? "<td class=\"n bad\">" : "<td class=\"n\">");
    html_text(h, figure, FIGURE_SIZE);
    html_put(h, "</td>");
}

void html_cells_percentiles(struct html *h, const stressor_histogram *histogram)
{
    static const double percents[HTML_PERCENTILES] = {50, 90, 95, 99};
    for (size_t i = 0; i < HTML_PERCENTILES; i++) {
        if (histogram == NULL || h->api->count(histogram) == 0)
            html_cell_none(h);
        else
            html_cell_time(h, h->api->percentile(histogram, percents[i]));
    }
}

void html_fact_begin(struct html *h, const char *name)
{
    html_put(h, "<div><dt>");
    html_put(h, name);
    html_put(h, "</dt><dd>");
}

void html_fact_end(struct html *h)
{
    html_put(h, "</dd></div>\n");
}

void html_fact(struct html *h, const char *name, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    html_fact_begin(h, name);
    html_text(h, text, HTML_TEXT_MOST);
    html_fact_end(h);
}
