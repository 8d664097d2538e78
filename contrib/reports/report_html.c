/*
 * report_html -- the results as one page that needs nothing else: no scripts, no other files, below
 * 1 MB. It is well-formed XML too.
 */
#include "html.h"
#include "html_charts.h"
#include "html_distribution.h"
#include "html_head.h"
#include "html_rows.h"
#include "html_style.h"
#include "html_tables.h"
#include "reports.h"

/* The style is the only thing that the page may apply, known by its digest. */
static void put_head(struct html *h)
{
    html_put(h, "<!DOCTYPE html>\n"
                "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                "<meta charset=\"utf-8\"/>\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'sha256-");
    html_put(h, report_css_sha256);
    html_put(h, "'; base-uri 'none'; form-action 'none'\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                "<meta name=\"referrer\" content=\"no-referrer\"/>\n<title>");
    html_text(h, h->s->name != NULL ? h->s->name : "stressor", HTML_NAME_MOST);
    html_put(h, " – stressor report</title>\n<style>");
    out_bytes(&h->out, report_css, report_css_size);
    html_put(h, "</style>\n</head>\n");
}

static void put_link(struct html *h, const char *id, const char *title, bool there)
{
    if (!there)
        return;
    html_put(h, "<li><a href=\"#");
    html_put(h, id);
    html_put(h, "\">");
    html_put(h, title);
    html_put(h, "</a></li>\n");
}

static void put_contents(struct html *h)
{
    const stressor_snapshot *s = h->s;
    html_put(h, "<nav aria-label=\"Contents\"><ul>\n");
    put_link(h, "thresholds", "Thresholds", s->thresholds_count > 0);
    put_link(h, "charts", "Over time", true);
    put_link(h, "activities", "Activities", true);
    put_link(h, "errors", "Errors", s->errors > 0 || s->error_groups_count > 0);
    put_link(h, "sequences", "Sequences", s->sequences_count > 0);
    put_link(h, "metrics", "Metrics", s->metrics_count > 0);
    put_link(h, "resources", "Resources", true);
    put_link(h, "configuration", "Configuration", s->facts_count > 0);
    html_put(h, "</ul></nav>\n");
}

static int32_t render(void *plugin, const stressor_snapshot *s, stressor_sink sink, void *data)
{
    struct html h;
    html_begin(&h, plugin, s, sink, data);
    put_head(&h);
    html_put(&h, "<body>\n<header>\n<p class=\"kind\">Load test report</p>\n<h1>");
    html_text(&h, s->name != NULL ? s->name : "stressor", HTML_NAME_MOST);
    html_put(&h, "</h1>\n");
    put_contents(&h);
    html_put(&h, "</header>\n<main>\n");
    html_verdict(&h);
    html_key_figures(&h);
    html_run(&h);
    html_thresholds(&h);
    html_charts(&h);
    html_activities(&h);
    html_distributions(&h);
    html_errors(&h);
    html_sequences(&h);
    html_metrics(&h);
    html_use(&h);
    html_configuration(&h);
    html_put(&h, "</main>\n<footer>\n<p>stressor ");
    html_text(&h, s->version, 40);
    html_put(&h, ".</p>\n</footer>\n</body>\n</html>\n");
    return html_finish(&h);
}

const stressor_reporter_type report_html = {
    .size = sizeof report_html,
    .kind = "html",
    .help = "All results as one page, for people",
    .path_help = "FILE",
    .extension = "html",
    .render = render,
};
