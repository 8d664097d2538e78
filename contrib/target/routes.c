#include "routes.h"

#include <string.h>

#define GET "GET, HEAD"

const struct route routes[] = {
    {"/", NULL, GET, page_index, "This page"},
    {"/account", NULL, GET, account_page, "The user whom the session cookie belongs to, or 401"},
    {"/bytes/N", "/bytes/", GET, page_bytes, "N bytes of text"},
    {"/delay/DURATION", "/delay/", GET, page_delay, "Answers after 500ms, 2s or 0.5 (seconds)"},
    {"/echo", NULL, NULL, page_echo, "The request as it came, in JSON; any method"},
    {"/files/NAME", "/files/", GET ", PUT, DELETE", files_serve, "Files in memory"},
    {"/json", NULL, GET, page_json, "A small JSON document"},
    {"/login", NULL, "POST", account_login,
     "Takes user and password, JSON or form; gives a GUID and a session cookie"},
    {"/protected", NULL, GET, account_protected, "Needs basic authentication"},
    {"/redirect/N", "/redirect/", GET, page_redirect, "Redirects N times"},
    {"/stats", NULL, GET, page_stats, "What was counted; not counted itself"},
    {"/status/N", "/status/", NULL, page_status, "Answers with the status N; any method"},
};
const unsigned routes_count = sizeof routes / sizeof *routes;

_Static_assert(sizeof routes / sizeof *routes <= STATS_ROUTES, "each route has its count");

void route_find(struct request *r)
{
    for (r->route = 0; r->route < routes_count; r->route++) {
        const struct route *route = &routes[r->route];
        size_t length = route->prefix ? strlen(route->prefix) : 0;
        if (route->prefix ? strncmp(r->path, route->prefix, length) == 0
                          : strcmp(r->path, route->name) == 0) {
            r->rest = r->path + length;
            return;
        }
    }
}

static bool allows(const char *methods, const char *method)
{
    size_t length = strlen(method);
    for (const char *m = methods; m; m = strchr(m, ' ')) {
        m += *m == ' ';
        if (strncmp(m, method, length) == 0 && (m[length] == ',' || m[length] == '\0')) {
            return true;
        }
    }
    return false;
}

enum MHD_Result route_handle(struct request *r)
{
    if (r->route == routes_count) {
        return answer(r, MHD_HTTP_NOT_FOUND, response_error(r, "no such page: %s", r->path));
    }
    const struct route *route = &routes[r->route];
    if (route->methods && !allows(route->methods, r->method)) {
        struct MHD_Response *response =
            response_error(r, "%s takes %s, not %s", route->name, route->methods, r->method);
        if (response) {
            MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, route->methods);
        }
        return answer(r, MHD_HTTP_METHOD_NOT_ALLOWED, response);
    }
    return route->handle(r);
}

const char *route_name(unsigned route)
{
    return route < routes_count ? routes[route].name : "unknown";
}
