/*
 * html_rows -- activities and sequences.
 */
#ifndef CONTRIB_REPORTS_HTML_ROWS_H
#define CONTRIB_REPORTS_HTML_ROWS_H

#include "html.h"

void html_activities(struct html *h);
void html_sequences(struct html *h);

#endif
