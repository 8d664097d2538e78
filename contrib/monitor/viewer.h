/*
 * viewer -- one who follows the events of the hub.
 */
#ifndef CONTRIB_MONITOR_VIEWER_H
#define CONTRIB_MONITOR_VIEWER_H

#include <microhttpd.h>

#include "hub.h"

/* Answers with the stream of events, or with 503 when there are too many viewers. */
enum MHD_Result viewer_answer(struct MHD_Connection *c, struct hub *hub);

#endif
