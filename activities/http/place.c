#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include "activity.h"
#include "html.h"
#include "multipart.h"
#include "options.h"
#include "request.h"

/* --- what a place has compiled ------------------------------------------------------------- */

/* The text of a key, or of an argument that is no secret, for a message. */
static int shown(struct span s)
{
    return s.length < 100 ? (int)s.length : 100;
}

static int32_t prepare_check(stressor_prepare *p, struct http_place *place, struct json_check *out,
                             uint64_t i)
{
    struct http_plugin *plugin = place->plugin;
    const char *error = "", *key;
    uint64_t length;
    out->expected = p->host->map_at(&p->args[ARG_ASSERT_JSON], i, &key, &length);
    out->name = (struct span){key, length};
    out->path = plugin->path->compile(key, length, &error);
    if (out->path == NULL)
        return stressor_problem(p, ARG_ASSERT_JSON, "path '%.*s': %s", shown(out->name), key,
                                error);
    if (out->expected->type != STRESSOR_STRING)
        return 0;
    char why[200] = "";
    struct span pattern = value_span(out->expected);
    out->regex = plugin->regex->compile(pattern.ptr, pattern.length, STRESSOR_REGEX_AT_START, why,
                                        sizeof why);
    if (out->regex == NULL)
        return stressor_problem(p, ARG_ASSERT_JSON, "the regex of '%.*s': %s", shown(out->name),
                                key, why);
    return 0;
}

static int32_t prepare_json(stressor_prepare *p, struct http_place *place)
{
    const stressor_value *map = &p->args[ARG_ASSERT_JSON];
    if (map->type != STRESSOR_MAP || map->as.map.count == 0)
        return 0;
    place->checks = calloc(map->as.map.count, sizeof *place->checks);
    if (place->checks == NULL)
        return stressor_problem(p, ARG_ASSERT_JSON, "out of memory");
    place->checks_count = map->as.map.count;
    int32_t rc = 0;
    for (uint64_t i = 0; i < map->as.map.count; i++)
        if (prepare_check(p, place, &place->checks[i], i) != 0)
            rc = STRESSOR_EINVAL;
    return rc;
}

static int32_t prepare_headers_regex(stressor_prepare *p, struct http_place *place)
{
    const stressor_value *v = &p->args[ARG_ASSERT_MATCH_HEADERS];
    if (v->type != STRESSOR_STRING)
        return 0;
    char why[200] = "";
    place->headers_regex = place->plugin->regex->compile(v->as.string.ptr, v->as.string.length,
                                                         STRESSOR_REGEX_AT_START, why, sizeof why);
    return place->headers_regex != NULL ? 0
                                        : stressor_problem(p, ARG_ASSERT_MATCH_HEADERS, "%s", why);
}

/* --- constants that cannot be right -------------------------------------------------------- */

static enum url_error url_error(const stressor_value *ref)
{
    struct url url;
    url_init(&url);
    enum url_error error = url_resolve(span_of("http://base/"), value_span(ref), &url);
    url_finish(&url);
    return error == URL_MEMORY ? URL_OK : error;
}

static int32_t check_url(stressor_prepare *p, struct http_place *place)
{
    (void)place;
    const stressor_value *v = &p->args[ARG_URL];
    bool is_list = v->type == STRESSOR_LIST;
    if (!is_list && url_error(v) != URL_OK)
        return stressor_problem(p, ARG_URL, "the URL %s", url_error_text(url_error(v)));
    for (uint64_t i = 0; is_list && i < v->as.list.count; i++) {
        enum url_error error = url_error(p->host->list_at(v, i));
        if (error != URL_OK)
            return stressor_problem(p, ARG_URL, "the URL of item %" PRIu64 " %s", i + 1,
                                    url_error_text(error));
    }
    return 0;
}

static int32_t check_pairs(stressor_prepare *p, enum http_arg arg)
{
    const stressor_value *v = &p->args[arg];
    if (v->type != STRESSOR_LIST)
        return 0;
    for (uint64_t i = 0; i < v->as.list.count; i++) {
        const stressor_value *item = p->host->list_at(v, i);
        if (item->type != STRESSOR_LIST || item->as.list.count != 2)
            return stressor_problem(p, (int32_t)arg, "expected pairs [name, value] in the list");
    }
    return 0;
}

static int32_t check_params(stressor_prepare *p, struct http_place *place)
{
    (void)place;
    return check_pairs(p, ARG_PARAMS);
}

/* A HEAD request is not to have the body that this argument would be. */
static int32_t check_body(stressor_prepare *p, const struct http_place *place, enum http_arg arg)
{
    char method[METHOD_LENGTH_MAX + 1] = "";
    if (place->method == NULL && place->states[ARG_METHOD] == STRESSOR_ARG_CONSTANT &&
        !request_method(value_span(&p->args[ARG_METHOD]), method))
        return 0;
    if (strcmp(place->method != NULL ? place->method : method, "HEAD") != 0 ||
        !request_makes_body(&p->args[arg], arg))
        return 0;
    return stressor_problem(p, (int32_t)arg, "%s", REQUEST_HEAD_HAS_NO_BODY);
}

static int32_t check_data(stressor_prepare *p, struct http_place *place)
{
    return check_body(p, place, ARG_DATA) != 0 ? STRESSOR_EINVAL : check_pairs(p, ARG_DATA);
}

static int32_t check_json(stressor_prepare *p, struct http_place *place)
{
    return check_body(p, place, ARG_JSON);
}

static int32_t check_headers(stressor_prepare *p, struct http_place *place)
{
    (void)place;
    const stressor_value *map = &p->args[ARG_HEADERS];
    int32_t rc = 0;
    for (uint64_t i = 0; map->type == STRESSOR_MAP && i < map->as.map.count; i++) {
        const char *key;
        uint64_t length;
        const stressor_value *v = p->host->map_at(map, i, &key, &length);
        struct span name = {key, length};
        if (!request_header_name_is_fine(name))
            rc = stressor_problem(p, ARG_HEADERS, "'%.*s' cannot be the name of a header",
                                  shown(name), key);
        else if (v->type == STRESSOR_LIST || v->type == STRESSOR_MAP)
            rc = stressor_problem(p, ARG_HEADERS, "'%.*s': expected a text", shown(name), key);
        else if (v->type == STRESSOR_STRING && request_header_value_problem(value_span(v)) != NULL)
            rc = stressor_problem(p, ARG_HEADERS, "'%.*s': %s stands in the value", shown(name),
                                  key, request_header_value_problem(value_span(v)));
    }
    return rc;
}

static int32_t check_auth(stressor_prepare *p, struct http_place *place)
{
    (void)place;
    const stressor_value *v = &p->args[ARG_AUTH];
    if (v->type == STRESSOR_LIST && v->as.list.count != 2)
        return stressor_problem(p, ARG_AUTH, "expected [name, password]");
    return 0;
}

static int32_t check_method(stressor_prepare *p, struct http_place *place)
{
    char method[METHOD_LENGTH_MAX + 1];
    if (place->method != NULL || request_method(value_span(&p->args[ARG_METHOD]), method))
        return 0;
    return stressor_problem(p, ARG_METHOD, "expected a method such as GET");
}

static int32_t check_html(stressor_prepare *p, struct http_place *place)
{
    (void)place;
    const stressor_value *map = &p->args[ARG_ASSERT_HTML];
    int32_t rc = 0;
    for (uint64_t i = 0; map->type == STRESSOR_MAP && i < map->as.map.count; i++) {
        const char *key;
        uint64_t length;
        char error[300] = "";
        p->host->map_at(map, i, &key, &length);
        struct span name = {key, length};
        struct html_xpath *xpath = html_xpath_new(name, error, sizeof error);
        if (xpath == NULL)
            rc = stressor_problem(p, ARG_ASSERT_HTML, "XPath '%.*s': %s", shown(name), key, error);
        html_xpath_free(xpath);
    }
    return rc;
}

static int32_t check_status(stressor_prepare *p, struct http_place *place)
{
    (void)place;
    const stressor_value *v = &p->args[ARG_ASSERT_STATUS];
    if (v->type == STRESSOR_LIST && v->as.list.count == 0)
        return stressor_problem(p, ARG_ASSERT_STATUS, "expected at least one status in the list");
    return 0;
}

static int32_t check_multipart(stressor_prepare *p, struct http_place *place)
{
    char text[700] = "";
    if (check_body(p, place, ARG_MULTIPART) != 0)
        return STRESSOR_EINVAL;
    bool good = multipart_check(p->host, place->plan, &p->args[ARG_MULTIPART], text, sizeof text);
    return good ? 0 : stressor_problem(p, ARG_MULTIPART, "%s", text);
}

static int32_t check_options(stressor_prepare *p, struct http_place *place)
{
    int32_t rc = 0;
    for (int i = ARG_HTTP_VERSION; i <= ARG_RESOLVE; i++) {
        enum http_option option = (enum http_option)(i - ARG_HTTP_VERSION);
        char text[300];
        place->has_options |= place->states[i] != STRESSOR_ARG_ABSENT;
        if (place->states[i] != STRESSOR_ARG_CONSTANT)
            continue;
        const char *what = options_problem(p->host, option, &p->args[i], text, sizeof text);
        if (what == NULL)
            what = options_file_problem(option, &p->args[i]);
        if (what != NULL)
            rc = stressor_problem(p, i, "%s", what);
    }
    return rc;
}

static const struct {
    enum http_arg arg;
    int32_t (*check)(stressor_prepare *p, struct http_place *place);
} steps[] = {
    {ARG_URL, check_url},
    {ARG_PARAMS, check_params},
    {ARG_DATA, check_data},
    {ARG_JSON, check_json},
    {ARG_HEADERS, check_headers},
    {ARG_AUTH, check_auth},
    {ARG_ASSERT_STATUS, check_status},
    {ARG_ASSERT_MATCH_HEADERS, prepare_headers_regex},
    {ARG_ASSERT_JSON, prepare_json},
    {ARG_ASSERT_HTML, check_html},
    {ARG_MULTIPART, check_multipart},
    {ARG_METHOD, check_method},
};

static bool take_slots(stressor_prepare *p, struct http_place *place)
{
    place->base_url_slot = p->host->variable_slot(p->plan, "base_url", 8);
    place->timeout_slot = p->host->variable_slot(p->plan, "request_timeout", 15);
    place->max_body_slot = p->host->variable_slot(p->plan, "max_body_size", 13);
    place->user_slot = p->host->variable_slot(p->plan, "user", 4);
    for (int i = 0; i < OPTIONS_COUNT; i++) {
        const char *name = http_options[i]->name;
        place->option_slots[i] = p->host->variable_slot(p->plan, name, strlen(name));
        if (place->option_slots[i] < 0)
            return false;
    }
    return place->base_url_slot >= 0 && place->timeout_slot >= 0 && place->max_body_slot >= 0 &&
           place->user_slot >= 0;
}

static int32_t prepare_constants(stressor_prepare *p, struct http_place *place)
{
    int32_t rc = 0;
    for (uint32_t i = 0; i < p->args_count && i < ARGS_COUNT; i++)
        place->states[i] = p->states[i];
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (place->states[steps[i].arg] == STRESSOR_ARG_CONSTANT && steps[i].check(p, place) != 0)
            rc = STRESSOR_EINVAL;
    return check_options(p, place) == 0 ? rc : STRESSOR_EINVAL;
}

int32_t place_prepare(stressor_prepare *prepare, const char *method)
{
    struct http_plugin *plugin = prepare->plugin;
    struct http_place *place = calloc(1, sizeof *place);
    if (place == NULL)
        return stressor_problem(prepare, -1, "out of memory");
    place->plugin = plugin;
    place->plan = prepare->plan;
    place->method = method;
    place->dynamic = (prepare->flags & STRESSOR_PREPARE_DYNAMIC) != 0;
    place->has_options = place->dynamic;
    place->number = plugin->places_next++;
    plugin->places_live++;
    int32_t rc = 0;
    if (!take_slots(prepare, place))
        rc = stressor_problem(prepare, -1, "out of memory");
    else if (!place->dynamic)
        rc = prepare_constants(prepare, place);
    if (rc != 0)
        place_release(plugin, place);
    else
        prepare->place = place;
    return rc;
}

void place_release(void *data, void *held)
{
    struct http_plugin *plugin = data;
    struct http_place *place = held;
    if (place == NULL)
        return;
    for (size_t i = 0; i < place->checks_count; i++) {
        plugin->path->free(place->checks[i].path);
        plugin->regex->free(place->checks[i].regex);
    }
    free(place->checks);
    plugin->regex->free(place->headers_regex);
    free(place);
    if (--plugin->places_live == 0)
        plugin->places_next = 0; /* numbers index arrays: they must stay small */
}
