/*
 * html_charts -- the run over time.
 */
#ifndef CONTRIB_REPORTS_HTML_CHARTS_H
#define CONTRIB_REPORTS_HTML_CHARTS_H

#include "html.h"

void html_charts(struct html *h);

#endif
