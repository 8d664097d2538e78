/*
 * html_style -- html/report.css, as contrib_embed has compiled it in.
 */
#ifndef CONTRIB_REPORTS_HTML_STYLE_H
#define CONTRIB_REPORTS_HTML_STYLE_H

extern const char report_css[];
extern const unsigned long report_css_size;
extern const char report_css_sha256[]; /* base64 */

#endif
