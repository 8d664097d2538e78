#include "family.h"

#include <stdbool.h>
#include <stddef.h>

#include <common/utf8.h>

static const char *const types[] = {"counter", "gauge", "summary", "info"};

/* As in quotes: also what HELP wants. */
static void put_escaped(struct out *o, const char *text)
{
    uint32_t c;
    while (text != NULL && (c = text_next(&text)) != 0) {
        switch (c) {
        case '\n': out_text(o, "\\n"); break;
        case '\\': out_text(o, "\\\\"); break;
        case '"': out_text(o, "\\\""); break;
        /* Readers that split at any line end would be led astray. */
        case '\r': out_character(o, TEXT_REPLACEMENT); break;
        default: out_character(o, c < 0x20 && c != '\t' ? TEXT_REPLACEMENT : c);
        }
    }
}

static void begin_line(struct out *o, const char *what, const struct family *f)
{
    out_text(o, "# ");
    out_text(o, what);
    out_char(o, ' ');
    out_text(o, f->name);
    out_char(o, ' ');
}

void family_begin(struct out *o, const struct family *f)
{
    begin_line(o, "TYPE", f);
    out_text(o, types[f->type]);
    out_char(o, '\n');
    if (f->unit != NULL) {
        begin_line(o, "UNIT", f);
        out_text(o, f->unit);
        out_char(o, '\n');
    }
    begin_line(o, "HELP", f);
    put_escaped(o, f->help);
    out_char(o, '\n');
}

static void begin_sample(struct out *o, const struct family *f, const char *suffix,
                         const struct label *labels, const char *quantile)
{
    bool begun = false;
    out_text(o, f->name);
    out_text(o, f->type == FAMILY_COUNTER ? "_total" : f->type == FAMILY_INFO ? "_info" : suffix);
    for (size_t i = 0; labels != NULL && labels[i].name != NULL; i++) {
        if (labels[i].value == NULL || labels[i].value[0] == '\0')
            continue;
        out_text(o, begun ? "," : "{");
        begun = true;
        out_text(o, labels[i].name);
        out_text(o, "=\"");
        put_escaped(o, labels[i].value);
        out_char(o, '"');
    }
    if (quantile != NULL) {
        out_text(o, begun ? ",quantile=\"" : "{quantile=\"");
        out_text(o, quantile);
        out_char(o, '"');
        begun = true;
    }
    out_text(o, begun ? "} " : " ");
}

void family_count(struct out *o, const struct family *f, const struct label *labels, uint64_t n)
{
    begin_sample(o, f, NULL, labels, NULL);
    out_count(o, n);
    out_char(o, '\n');
}

void family_decimal(struct out *o, const struct family *f, const struct label *labels, int64_t n,
                    unsigned decimals)
{
    begin_sample(o, f, NULL, labels, NULL);
    out_decimal(o, n, decimals);
    out_char(o, '\n');
}

void family_real(struct out *o, const struct family *f, const struct label *labels, double x)
{
    begin_sample(o, f, NULL, labels, NULL);
    out_real(o, x);
    out_char(o, '\n');
}

void family_summary(struct out *o, const struct family *f, const struct label *labels,
                    const stressor_snapshot_api *api, const struct summary *summary)
{
    static const struct {
        const char *name;
        double percent;
    } quantiles[] = {{"0.5", 50},  {"0.9", 90},     {"0.95", 95},
                     {"0.99", 99}, {"0.999", 99.9}, {"1.0", 100}};
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles && summary->histogram != NULL &&
                       summary->count > 0;
         i++) {
        begin_sample(o, f, NULL, labels, quantiles[i].name);
        out_decimal(o, api->percentile(summary->histogram, quantiles[i].percent),
                    summary->decimals);
        out_char(o, '\n');
    }
    begin_sample(o, f, "_count", labels, NULL);
    out_count(o, summary->count);
    out_char(o, '\n');
    if (!summary->has_sum)
        return;
    begin_sample(o, f, "_sum", labels, NULL);
    out_decimal(o, summary->sum, summary->decimals);
    out_char(o, '\n');
}
