#include "pairs.h"

#include <ctype.h>
#include <string.h>

/* --- URLs ------------------------------------------------------------------------------------- */

static struct span from(struct span s, size_t at)
{
    return (struct span){s.ptr + at, s.length - at};
}

static size_t until(struct span s, const char *any)
{
    size_t i = 0;
    while (i < s.length && (s.ptr[i] == '\0' || strchr(any, s.ptr[i]) == NULL))
        i++;
    return i;
}

static struct span origin_of(struct pool *pool, struct span scheme, struct span host)
{
    const char *port = scheme.length == 5 ? ":443" : ":80";
    size_t n = strlen(port);
    if (host.length > n && memcmp(host.ptr + host.length - n, port, n) == 0)
        host.length -= n;
    char *out = pool_take(pool, scheme.length + 3 + host.length + 1);
    if (out == NULL)
        return (struct span){NULL, 0};
    size_t k = 0;
    for (size_t i = 0; i < scheme.length; i++)
        out[k++] = (char)tolower((unsigned char)scheme.ptr[i]);
    for (const char *c = "://"; *c != '\0'; c++)
        out[k++] = *c;
    for (size_t i = 0; i < host.length; i++)
        out[k++] = (char)tolower((unsigned char)host.ptr[i]);
    return (struct span){out, k};
}

static bool host_is_fine(struct span host)
{
    for (size_t i = 0; i < host.length; i++)
        if ((unsigned char)host.ptr[i] <= ' ' || host.ptr[i] == 0x7f ||
            strchr("\"'<>\\^`{|}$%", host.ptr[i]) != NULL)
            return false;
    return host.length > 0 && host.ptr[0] != ':';
}

bool url_read(struct pool *pool, struct span text, struct url *out)
{
    *out = (struct url){.path = {"/", 1}};
    bool secure = span_begins_nocase(text, "https://");
    if (!secure && !span_begins_nocase(text, "http://"))
        return false;
    struct span scheme = {text.ptr, secure ? 5 : 4};
    struct span rest = from(text, scheme.length + 3);
    rest.length = until(rest, "#");
    struct span host = {rest.ptr, until(rest, "/?")};
    rest = from(rest, host.length);
    for (size_t i = host.length; i > 0; i--)
        if (host.ptr[i - 1] == '@') {
            out->userinfo = (struct span){host.ptr, i - 1};
            host = from(host, i);
            break;
        }
    if (!host_is_fine(host))
        return false;
    size_t path = until(rest, "?");
    if (path > 0)
        out->path = (struct span){rest.ptr, path};
    if (path < rest.length)
        out->query = from(rest, path + 1);
    out->origin = origin_of(pool, scheme, host);
    out->no_memory = out->origin.ptr == NULL;
    return !out->no_memory;
}

static struct span glue(struct pool *pool, struct span a, struct span b, struct span c)
{
    char *out = pool_take(pool, a.length + b.length + c.length + 1);
    if (out == NULL)
        return (struct span){NULL, 0};
    struct span all[] = {a, b, c};
    size_t n = 0;
    for (size_t i = 0; i < 3; i++) {
        if (all[i].length > 0)
            memcpy(out + n, all[i].ptr, all[i].length);
        n += all[i].length;
    }
    return (struct span){out, n};
}

struct span url_follow(struct pool *pool, const struct url *base, struct span ref)
{
    ref = span_trim(ref);
    ref.length = until(ref, "#");
    struct span none = {"", 0}, scheme = {base->origin.ptr, until(base->origin, "/")};
    size_t colon = until(ref, ":/?");
    if (colon < ref.length && ref.ptr[colon] == ':')
        return pool_copy(pool, ref);
    if (span_begins(ref, "//"))
        return glue(pool, scheme, none, ref);
    if (span_begins(ref, "/"))
        return glue(pool, base->origin, none, ref);
    struct span folder = base->path;
    if (!span_begins(ref, "?") && ref.length > 0)
        while (folder.length > 0 && folder.ptr[folder.length - 1] != '/')
            folder.length--;
    while (span_begins(ref, "./") || span_begins(ref, "../")) {
        bool up = ref.ptr[1] == '.';
        ref = from(ref, up ? 3 : 2);
        if (up && folder.length > 1)
            do
                folder.length--;
            while (folder.length > 0 && folder.ptr[folder.length - 1] != '/');
    }
    return glue(pool, base->origin, folder, ref);
}

/* --- forms ------------------------------------------------------------------------------------ */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct span percent_decode(struct pool *pool, struct span s, bool plus)
{
    char *out = pool_take(pool, s.length + 1);
    size_t n = 0;
    for (size_t i = 0; out != NULL && i < s.length; i++) {
        if (s.ptr[i] == '%' && i + 2 < s.length && hex(s.ptr[i + 1]) >= 0 &&
            hex(s.ptr[i + 2]) >= 0) {
            out[n++] = (char)(hex(s.ptr[i + 1]) << 4 | hex(s.ptr[i + 2]));
            i += 2;
        } else {
            out[n++] = plus && s.ptr[i] == '+' ? ' ' : s.ptr[i];
        }
    }
    return (struct span){out, n};
}

/* Would it be the same, decoded and encoded again? URLs with characters beyond ASCII are recorded
 * as they are shown, not as they are sent. */
static bool encodes_alike(struct span s)
{
    for (size_t i = 0; i < s.length; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool stands = c >= 0x80 || isalnum(c) || (c != '\0' && strchr("-._~", c) != NULL);
        if (c != '%' ? !stands && c != '+' : i + 2 >= s.length)
            return false;
        if (c != '%')
            continue;
        int high = hex(s.ptr[i + 1]), low = hex(s.ptr[i + 2]);
        if (high < 0 || low < 0 || islower((unsigned char)s.ptr[i + 1]) ||
            islower((unsigned char)s.ptr[i + 2]))
            return false;
        c = (unsigned char)(high << 4 | low);
        if (c == ' ' || (c < 0x80 && isalnum(c)) || (c != '\0' && strchr("-._~", c) != NULL))
            return false;
        i += 2;
    }
    return true;
}

struct pair *pairs_add(struct pool *pool, struct pairs *p)
{
    if (p->count == p->size) {
        size_t size = p->size * 2 + 8;
        struct pair *items = size <= 2 * PAIRS_MAX ? pool_take(pool, size * sizeof *items) : NULL;
        if (items == NULL) {
            p->no_memory = true;
            return NULL;
        }
        if (p->count > 0)
            memcpy(items, p->items, p->count * sizeof *items);
        p->items = items;
        p->size = size;
    }
    return &p->items[p->count++];
}

void pairs_of_query(struct pool *pool, struct span query, struct pairs *out)
{
    *out = (struct pairs){.exact = true};
    while (query.length > 0) {
        struct span piece = {query.ptr, until(query, "&")};
        bool last = piece.length == query.length;
        query = from(query, piece.length + !last);
        out->exact &= piece.length > 0 && (last || query.length > 0);
        if (piece.length == 0)
            continue;
        size_t name = until(piece, "=");
        struct pair *p = pairs_add(pool, out);
        if (p == NULL)
            return;
        p->has_value = name < piece.length;
        struct span raw_name = {piece.ptr, name}, raw_value = from(piece, name + p->has_value);
        p->name = percent_decode(pool, raw_name, true);
        p->value = percent_decode(pool, raw_value, true);
        out->no_memory |= p->name.ptr == NULL || p->value.ptr == NULL;
        if (out->no_memory)
            return;
        out->exact &= p->has_value && span_is_utf8(p->name) && span_is_utf8(p->value) &&
                      encodes_alike(raw_name) && encodes_alike(raw_value);
    }
}

bool pairs_repeat(const struct pairs *p)
{
    if (p->count > PAIRS_COMPARED_MAX)
        return true;
    for (size_t i = 0; i < p->count; i++)
        for (size_t j = 0; j < i; j++)
            if (span_equal(p->items[i].name, p->items[j].name))
                return true;
    return false;
}

/* --- multipart -------------------------------------------------------------------------------- */

/* The parameter NAME of "type; name=value; other="value"". */
static struct span parameter(struct span s, const char *name)
{
    while (s.length > 0) {
        size_t at = until(s, ";");
        s = span_trim(from(s, at < s.length ? at + 1 : at));
        if (!span_begins_nocase(s, name) || s.length == strlen(name) || s.ptr[strlen(name)] != '=')
            continue;
        s = from(s, strlen(name) + 1);
        if (!span_begins(s, "\""))
            return span_trim((struct span){s.ptr, until(s, ";")});
        s = from(s, 1);
        return (struct span){s.ptr, until(s, "\"")};
    }
    return (struct span){NULL, 0};
}

/* Browsers write three characters so. */
static struct span unquoted(struct pool *pool, struct span s)
{
    static const struct {
        const char *code;
        char c;
    } codes[] = {{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}};
    struct span out = pool_copy(pool, s);
    char *to = (char *)(size_t)out.ptr;
    size_t n = 0;
    for (size_t i = 0; out.ptr != NULL && i < s.length; i++) {
        char c = s.ptr[i];
        for (size_t k = 0; k < 3; k++)
            if (span_begins_nocase(from(s, i), codes[k].code)) {
                c = codes[k].c;
                i += 2;
                break;
            }
        to[n++] = c;
    }
    return (struct span){out.ptr, n};
}

static bool read_part(struct pool *pool, struct span part, struct pairs *out)
{
    size_t end;
    if (!span_find(part, "\r\n\r\n", &end))
        return false;
    struct span head = {part.ptr, end};
    struct pair *p = pairs_add(pool, out);
    if (p == NULL)
        return false;
    p->has_value = true;
    p->value = from(part, end + 4);
    while (head.length > 0) {
        size_t at;
        if (!span_find(head, "\r\n", &at))
            at = head.length;
        struct span line = {head.ptr, at};
        head = from(head, at < head.length ? at + 2 : at);
        if (span_begins_nocase(line, "content-disposition:")) {
            struct span name = parameter(line, "name"), file = parameter(line, "filename");
            if (name.ptr != NULL)
                p->name = unquoted(pool, name);
            if (file.ptr != NULL)
                p->file = unquoted(pool, file);
            out->no_memory |= (name.ptr != NULL && p->name.ptr == NULL) ||
                              (file.ptr != NULL && p->file.ptr == NULL);
        } else if (span_begins_nocase(line, "content-type:")) {
            p->type = span_trim(from(line, strlen("content-type:")));
        }
    }
    return p->name.ptr != NULL;
}

bool pairs_of_multipart(struct pool *pool, struct span type, struct span body, struct pairs *out)
{
    *out = (struct pairs){.exact = true};
    struct span boundary = parameter(type, "boundary");
    char mark[80] = "\r\n--";
    size_t at;
    if (boundary.ptr == NULL || boundary.length == 0 || boundary.length > 72)
        return false;
    memcpy(mark + 4, boundary.ptr, boundary.length);
    mark[4 + boundary.length] = '\0';
    if (memchr(boundary.ptr, '\0', boundary.length) != NULL)
        return false;
    if (span_begins(body, mark + 2))
        at = 0;
    else if (span_find(body, mark, &at))
        at += 2;
    else
        return false;
    body = from(body, at + strlen(mark) - 2);
    while (span_begins(body, "\r\n")) {
        body = from(body, 2);
        if (!span_find(body, mark, &at) || !read_part(pool, (struct span){body.ptr, at}, out))
            return false;
        body = from(body, at + strlen(mark));
    }
    return span_begins(body, "--") && out->count > 0;
}
