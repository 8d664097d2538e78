/*
 * routes -- the pages of the target: a table.
 *
 * A route with a prefix takes every path that begins so; another one takes exactly its name.
 * The files pages.c, account.c and files.c hold the handlers.
 */
#ifndef TARGET_ROUTES_H
#define TARGET_ROUTES_H

#include "request.h"

struct route {
    const char *name;    /* as people write it: "/status/N" */
    const char *prefix;  /* "/status/", or NULL */
    const char *methods; /* as in the header Allow; NULL: any */
    enum MHD_Result (*handle)(struct request *r);
    const char *help;
};

extern const struct route routes[];
extern const unsigned routes_count;

/* Sets the request's route and rest. */
void route_find(struct request *r);
/* Answers. */
enum MHD_Result route_handle(struct request *r);
/* The name of the route in this place of the table; "unknown" behind the last. */
const char *route_name(unsigned route);

enum MHD_Result page_index(struct request *r);
enum MHD_Result page_json(struct request *r);
enum MHD_Result page_echo(struct request *r);
enum MHD_Result page_status(struct request *r);
enum MHD_Result page_delay(struct request *r);
enum MHD_Result page_bytes(struct request *r);
enum MHD_Result page_redirect(struct request *r);
enum MHD_Result page_stats(struct request *r);
enum MHD_Result account_login(struct request *r);
enum MHD_Result account_page(struct request *r);
enum MHD_Result account_protected(struct request *r);
enum MHD_Result files_serve(struct request *r);

#endif
