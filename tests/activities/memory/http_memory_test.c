/*
 * Requests of all kinds while memory runs out. The server is in this program, and has memory.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <microhttpd.h>

#include "memory_trial.h"

const stressor_plugin *http_entry(void);
const stressor_plugin *script_entry(void);

static const char page[] = "<html><head><title>A page</title></head><body>x</body></html>";
static const char json[] = "{\"state\": \"done\", \"list\": [1, {\"a\": 2.5}]}";

/* /page is HTML, /redirect leads there, and all else is JSON. */
static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **seen)
{
    (void)data, (void)method, (void)version, (void)upload;
    static char token;
    if (*seen == NULL) {
        *seen = &token;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    bool html = strcmp(url, "/page") == 0, leads = strcmp(url, "/redirect") == 0;
    const char *body = html ? page : json;
    size_t length = strlen(body);
    char stored[5 + sizeof page + sizeof json] = {1, (char)(length & 0xff), (char)(length >> 8),
                                                  (char)(~length & 0xff), (char)(~length >> 8)};
    memcpy(stored + 5, body, length); /* deflate that compresses nothing */
    struct MHD_Response *r =
        MHD_create_response_from_buffer(5 + length, stored, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(r, "Content-Encoding", "deflate");
    MHD_add_response_header(r, "Content-Type",
                            html ? "text/html; charset=iso-8859-15" : "application/json");
    MHD_add_response_header(r, "Set-Cookie", "a=b");
    if (leads)
        MHD_add_response_header(r, "Location", "/page");
    enum MHD_Result queued = MHD_queue_response(connection, leads ? 302 : 200, r);
    MHD_destroy_response(r);
    return queued;
}

static const char scenario[] =
    "file_version: stressor#0\n"
    "config: {base_url: 'http://127.0.0.1:%u', request_timeout: 20, resolve: "
    "['a.test:%u:127.0.0.1']}\n"
    "sessions: {users: [{name: ann, password: pw}], basic_auth: true}\n"
    "scenario: [{sequence: main}]\n"
    "sequences:\n"
    "  main:\n"
    "  - {activity: GetRequest, url: /page, params: {a: 1, b: 'ü'}, headers: {X-A: b, Accept: "
    "null},\n"
    "     auth: [n, p], assert_html: {//title: 'A p', //p: false}, assert_match: '<html',\n"
    "     assert_match_headers: '{'}\n"
    "  - {activity: PostRequest, url: /json, data: {a: b, c: 1}, compress: gzip, debug: true,\n"
    "     assert_json: {state: done, list: [1, {a: 2.5}]}, store_json: {two: 'list[1]'}}\n"
    "  - {activity: PutRequest, url: '/json/$(two.a)', json: {a: $(two)}, headers: {Cookie: c=d}}\n"
    "  - {activity: PostRequest, url: /json, multipart: {a: b, c: {text: d, name: e, type: f/g}}}\n"
    "  - {activity: GetRequest, url: 'http://n:p@127.0.0.1:%u/redirect', assert_status: 200}\n"
    "  - {activity: HTTPRequest, method: OPTIONS, url: 'http://a.test:%u/json', auth: null,\n"
    "     timeout: 10, http_version: 1.1}\n"
    "  - {activity: StaticRequests, url_list: [/a, /page, /redirect], thread_count: 2}\n"
    "  - {activity: PollRequest, url: /json, interval: 0, timeout: 20,\n"
    "     assert_json: {state: done}}\n"
    "  - activity: RunScript\n"
    "    script: |\n"
    "      local r = assert(session:get('/page', {params = {a = 1}}))\n"
    "      assert(r.status == 200 and r.headers['set-cookie'] == 'a=b' and r.url:find('a=1'))\n";

static void requests_end_and_the_want_of_memory_is_told(void **state)
{
    (void)state;
    static const stressor_plugin_entry plugins[] = {http_entry, script_entry, NULL};
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *server =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL, answer,
                         NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&local, MHD_OPTION_END);
    assert_non_null(server);
    unsigned port = MHD_get_daemon_info(server, MHD_DAEMON_INFO_BIND_PORT)->port;
    char yaml[sizeof scenario + 64];
    snprintf(yaml, sizeof yaml, scenario, port, port, port, port);
    memory_trial(plugins, yaml);
    MHD_stop_daemon(server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_end_and_the_want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
