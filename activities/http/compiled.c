#include "compiled.h"

#include "html.h"

enum { TEXT_BYTES_MAX = 1 << 20 };

static size_t slot_of(struct span text)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32) % COMPILED_SLOTS;
}

static void remember(struct buf *slot, struct span text)
{
    buf_clear(slot);
    buf_append_span(slot, text); /* when that fails the slot never matches */
}

static bool holds(const struct buf *slot, struct span text)
{
    return !slot->failed && span_equal(buf_span(slot), text);
}

static stressor_regex *regex_of(struct http_worker *w, struct compiled_regex *slot,
                                struct span text, uint32_t flags, char *error, size_t error_size)
{
    const stressor_regex_api *api = w->run->plugin->regex;
    if (slot->regex != NULL && holds(&slot->text, text))
        return slot->regex;
    api->free(slot->regex);
    slot->regex = api->compile(text.ptr, text.length, flags, error, error_size);
    remember(&slot->text, text);
    return slot->regex;
}

stressor_regex *compiled_regex(struct http_worker *w, struct span text, char *error,
                               size_t error_size)
{
    return regex_of(w, &w->regexes[slot_of(text)], text, STRESSOR_REGEX_AT_START, error,
                    error_size);
}

stressor_regex *compiled_search(struct http_worker *w, struct span text, char *error,
                                size_t error_size)
{
    return regex_of(w, &w->searches[slot_of(text)], text, 0, error, error_size);
}

struct html_xpath *compiled_xpath(struct http_worker *w, struct span text, char *error,
                                  size_t error_size)
{
    struct compiled_xpath *slot = &w->xpaths[slot_of(text)];
    if (slot->xpath != NULL && holds(&slot->text, text))
        return slot->xpath;
    html_xpath_free(slot->xpath);
    slot->xpath = html_xpath_new(text, error, error_size);
    remember(&slot->text, text);
    return slot->xpath;
}

stressor_path *compiled_path(struct http_worker *w, struct span text, const char **error)
{
    struct compiled_path *slot = &w->paths[slot_of(text)];
    const stressor_path_api *api = w->run->plugin->path;
    if (slot->path != NULL && holds(&slot->text, text))
        return slot->path;
    api->free(slot->path);
    slot->path = api->compile(text.ptr, text.length, error);
    remember(&slot->text, text);
    return slot->path;
}

void compiled_init(struct http_worker *w)
{
    for (size_t i = 0; i < COMPILED_SLOTS; i++) {
        buf_init(&w->regexes[i].text, TEXT_BYTES_MAX);
        buf_init(&w->searches[i].text, TEXT_BYTES_MAX);
        buf_init(&w->xpaths[i].text, TEXT_BYTES_MAX);
        buf_init(&w->paths[i].text, TEXT_BYTES_MAX);
    }
}

void compiled_finish(struct http_worker *w)
{
    for (size_t i = 0; i < COMPILED_SLOTS; i++) {
        w->run->plugin->regex->free(w->regexes[i].regex);
        w->run->plugin->regex->free(w->searches[i].regex);
        html_xpath_free(w->xpaths[i].xpath);
        w->run->plugin->path->free(w->paths[i].path);
        buf_finish(&w->regexes[i].text);
        buf_finish(&w->searches[i].text);
        buf_finish(&w->xpaths[i].text);
        buf_finish(&w->paths[i].text);
    }
}
