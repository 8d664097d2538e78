/*
 * html_distribution -- how the latencies of the most frequent activities are spread: a small
 * histogram each, all on one logarithmic axis.
 */
#ifndef CONTRIB_REPORTS_HTML_DISTRIBUTION_H
#define CONTRIB_REPORTS_HTML_DISTRIBUTION_H

#include "html.h"

void html_distributions(struct html *h);

#endif
