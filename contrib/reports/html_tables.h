/*
 * html_tables -- errors, metrics, what was used, and the configuration.
 */
#ifndef CONTRIB_REPORTS_HTML_TABLES_H
#define CONTRIB_REPORTS_HTML_TABLES_H

#include "html.h"

void html_errors(struct html *h);
void html_metrics(struct html *h);
void html_use(struct html *h);
void html_configuration(struct html *h);

#endif
