/*
 * The input is a base URL, a newline and a reference to resolve against it, as of a redirect. What
 * comes is fit to be sent, resolves to itself, and shows no password.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool begins(struct span s, const char *with)
{
    return s.length >= strlen(with) && memcmp(s.ptr, with, strlen(with)) == 0;
}

static void check_text(const struct url *u)
{
    struct span text = buf_span(&u->text);
    require(begins(text, "http://") || begins(text, "https://"));
    require(text.ptr[text.length] == '\0' && strlen(text.ptr) == text.length);
    require(u->origin_length > strlen("http://") && u->origin_length < text.length);
    require(text.ptr[u->origin_length] == '/' || text.ptr[u->origin_length] == '?');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        require(c > ' ' && c != 0x7f && c != '#');
        require(i < u->origin_length || c < 0x80);
        require(i >= u->origin_length || i < strlen("https://") || c != '@');
    }
    require(strstr(text.ptr + u->origin_length, "/../") == NULL || strchr(text.ptr, '?') != NULL);
    require(url_same_origin(u, u));
    require(url_is_absolute(text));
}

/* What is resolved once stays as it is. */
static void check_again(const struct url *u)
{
    struct url again, copy;
    url_init(&again);
    url_init(&copy);
    struct span text = buf_span(&u->text);
    enum url_error error = url_resolve((struct span){"", 0}, text, &again);
    require(error == URL_OK && span_equal(buf_span(&again.text), text));
    require(!again.has_name && again.origin_length == u->origin_length);
    require(url_copy(&copy, u) && span_equal(buf_span(&copy.text), text));
    require(span_equal(buf_span(&copy.password), buf_span(&u->password)));
    url_finish(&again);
    url_finish(&copy);
}

static void check_shown(struct span url)
{
    struct buf once, twice;
    buf_init(&once, URL_LENGTH_MAX + 16);
    buf_init(&twice, URL_LENGTH_MAX + 16);
    url_show(url, &once);
    url_show(buf_span(&once), &twice);
    require(!once.failed && !twice.failed);
    require(span_equal(buf_span(&once), buf_span(&twice)));
    buf_finish(&once);
    buf_finish(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 10000)
        return 0;
    const char *text = size > 0 ? (const char *)data : "";
    const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
    size_t length = end != NULL ? (size_t)(end - text) : size;
    size_t rest = end != NULL ? length + 1 : size;
    struct span base = {text, length}, ref = {text + rest, size - rest};
    struct url u;
    url_init(&u);
    enum url_error error = url_resolve(base, ref, &u);
    require(url_error_text(error) != NULL && error != URL_LENGTH && error != URL_MEMORY);
    if (error == URL_OK) {
        check_text(&u);
        check_again(&u);
    }
    check_shown(base);
    check_shown(ref);
    url_finish(&u);
    return 0;
}
