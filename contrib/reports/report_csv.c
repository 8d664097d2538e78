/*
 * report_csv -- a line for each second and activity that completed in it, as RFC 4180 has it,
 * written while the run goes on.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include <common/out.h>
#include <common/utf8.h>
#include <common/words.h>

#include "reports.h"

/* How far a row was counted in the lines written so far. */
struct counted {
    uint64_t count;
    uint64_t errors;
    int64_t sum_ns;
};

struct csv {
    const struct reports *plugin;
    const stressor_control *control;
    stressor_file *file;
    struct counted *rows; /* by index */
    size_t rows_count;
    struct out out;
};

static const char header[] =
    "time,elapsed_s,phase,activity,type,count,errors,mean_ms,p50_ms,p90_ms,"
    "p95_ms,p99_ms,max_ms\r\n";

static const double percents[] = {50, 90, 95, 99, 100};

static int32_t to_file(void *data, const char *bytes, uint64_t length)
{
    struct csv *c = data;
    return c->control->file_write(c->file, bytes, length);
}

/* A cell of text, quoted. Spreadsheets take what begins like a formula for one, quotes or not: an
 * apostrophe before it makes it text. */
static void put_text(struct out *o, const char *text)
{
    uint32_t c;
    out_char(o, '"');
    if (text != NULL && *text != '\0' && strchr("=+-@\t\r\n", *text) != NULL)
        out_char(o, '\'');
    while (text != NULL && (c = text_next(&text)) != 0) {
        if (c == '"')
            out_char(o, '"');
        out_character(o, c);
    }
    out_text(o, "\",");
}

static void put_ms(struct out *o, int64_t ns)
{
    out_char(o, ',');
    out_decimal(o, ns, 6);
}

static void put_line(struct csv *c, const stressor_snapshot *s, const stressor_row *row,
                     const struct counted *before)
{
    struct out *o = &c->out;
    char when[WHEN_SIZE];
    uint64_t count = row->count - before->count;
    when_utc(s->started_wall_ns + s->elapsed_ns, when);
    out_text(o, when);
    out_char(o, ',');
    out_decimal(o, s->elapsed_ns / 1000000, 3);
    out_char(o, ',');
    out_text(o, word_phase(row->phase));
    out_char(o, ',');
    put_text(o, row->name);
    put_text(o, row->type);
    out_count(o, count);
    out_char(o, ',');
    out_count(o, row->errors - before->errors);
    put_ms(o, (row->sum_ns - before->sum_ns) / (int64_t)count);
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        if (row->interval != NULL && c->plugin->api->count(row->interval) > 0)
            put_ms(o, c->plugin->api->percentile(row->interval, percents[i]));
        else
            out_char(o, ',');
    }
    out_text(o, "\r\n");
}

static bool make_room(struct csv *c, size_t count)
{
    if (count <= c->rows_count)
        return true;
    struct counted *rows = realloc(c->rows, count * sizeof *rows);
    if (rows == NULL)
        return false;
    memset(rows + c->rows_count, 0, (count - c->rows_count) * sizeof *rows);
    c->rows = rows;
    c->rows_count = count;
    return true;
}

/* The lines of the time since the last call. Counts are differences to what was written then, so
 * that they add up to those of the run whatever happened between. */
static void tick(void *reporter, const stressor_snapshot *s)
{
    struct csv *c = reporter;
    for (uint32_t i = 0; i < s->rows_count && c->out.status == 0; i++) {
        const stressor_row *row = s->rows[i];
        if (!make_room(c, (size_t)row->index + 1)) {
            out_fail(&c->out, STRESSOR_ENOMEM);
            stressor_log(c->plugin->host, STRESSOR_LOG_ERROR, "csv: out of memory");
            return;
        }
        struct counted *before = &c->rows[row->index];
        if (row->count > before->count)
            put_line(c, s, row, before);
        *before = (struct counted){row->count, row->errors, row->sum_ns};
    }
}

static void csv_close(void *reporter)
{
    struct csv *c = reporter;
    if (c->file != NULL)
        c->control->file_close(c->file, 0);
    free(c->rows);
    free(c);
}

static int32_t csv_open(void *plugin, const stressor_control *control, const char *path,
                        void **reporter)
{
    struct csv *c = calloc(1, sizeof *c);
    if (c == NULL)
        return STRESSOR_ENOMEM;
    c->plugin = plugin;
    c->control = control;
    int32_t status = control->file_open(control, path, &c->file);
    if (status < 0) {
        c->file = NULL;
        csv_close(c);
        return status;
    }
    out_begin(&c->out, to_file, c);
    out_text(&c->out, header);
    *reporter = c;
    return 0;
}

static int32_t end(void *reporter, const stressor_snapshot *s)
{
    struct csv *c = reporter;
    tick(c, s);
    int32_t status = out_finish(&c->out);
    int32_t closed = c->control->file_close(c->file, status == 0);
    c->file = NULL;
    return status < 0 ? status : closed;
}

const stressor_reporter_type report_csv = {
    .size = sizeof report_csv,
    .kind = "csv",
    .help = "A line for each second and activity",
    .path_help = "FILE",
    .extension = "csv",
    .open = csv_open,
    .tick = tick,
    .end = end,
    .close = csv_close,
};
