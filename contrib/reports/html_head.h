/*
 * html_head -- what became of the run, at a glance: verdict, trust, key figures, thresholds.
 */
#ifndef CONTRIB_REPORTS_HTML_HEAD_H
#define CONTRIB_REPORTS_HTML_HEAD_H

#include "html.h"

void html_verdict(struct html *h);
void html_key_figures(struct html *h);
void html_run(struct html *h);
void html_thresholds(struct html *h);

#endif
