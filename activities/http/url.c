#include "url.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

struct parts {
    struct span scheme, authority, path, query;
    bool has_scheme, has_authority, has_query;
};

void url_init(struct url *u)
{
    *u = (struct url){.has_name = false};
    buf_init(&u->text, URL_LENGTH_MAX);
    buf_init(&u->name, URL_LENGTH_MAX);
    buf_init(&u->password, URL_LENGTH_MAX);
    buf_init(&u->merged, URL_LENGTH_MAX);
}

void url_finish(struct url *u)
{
    buf_finish(&u->text);
    buf_finish(&u->name);
    buf_finish(&u->password);
    buf_finish(&u->merged);
}

bool url_copy(struct url *to, const struct url *from)
{
    buf_clear(&to->text);
    buf_clear(&to->name);
    buf_clear(&to->password);
    to->has_name = from->has_name;
    to->origin_length = from->origin_length;
    return buf_append_span(&to->text, buf_span(&from->text)) &&
           buf_append_span(&to->name, buf_span(&from->name)) &&
           buf_append_span(&to->password, buf_span(&from->password));
}

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct span trimmed(struct span s)
{
    while (s.length > 0 && is_space(s.ptr[0])) {
        s.ptr++;
        s.length--;
    }
    while (s.length > 0 && is_space(s.ptr[s.length - 1]))
        s.length--;
    return s;
}

/* Takes what stands before the first of the bytes `ends`, and leaves the rest in `s`. */
static struct span take_until(struct span *s, const char *ends)
{
    size_t n = 0, ends_count = strlen(ends); /* strchr would find its NUL too */
    while (n < s->length && memchr(ends, s->ptr[n], ends_count) == NULL)
        n++;
    struct span taken = {s->ptr, n};
    s->ptr += n;
    s->length -= n;
    return taken;
}

static void skip(struct span *s, size_t n)
{
    s->ptr += n;
    s->length -= n;
}

static size_t scheme_length(struct span s)
{
    if (s.length == 0 || !is_alpha(s.ptr[0]))
        return 0;
    size_t n = 1;
    while (n < s.length && (is_alpha(s.ptr[n]) || is_digit(s.ptr[n]) || s.ptr[n] == '+' ||
                            s.ptr[n] == '-' || s.ptr[n] == '.'))
        n++;
    return n < s.length && s.ptr[n] == ':' ? n : 0;
}

static struct parts split(struct span s)
{
    struct parts p = {.has_scheme = false};
    size_t n = scheme_length(s);
    if (n > 0) {
        p.scheme = (struct span){s.ptr, n};
        p.has_scheme = true;
        skip(&s, n + 1);
    }
    struct span before = take_until(&s, "#");
    s = before;
    if (s.length >= 2 && s.ptr[0] == '/' && s.ptr[1] == '/') {
        skip(&s, 2);
        p.authority = take_until(&s, "/?");
        p.has_authority = true;
    }
    p.path = take_until(&s, "?");
    if (s.length > 0) {
        skip(&s, 1);
        p.query = s;
        p.has_query = true;
    }
    return p;
}

bool url_is_absolute(struct span url)
{
    return scheme_length(trimmed(url)) > 0;
}

/* Unreserved and reserved characters but '#'; of a '%' its two digits decide. */
static bool may_stand(unsigned char c)
{
    static const char other[] = "-._~!$&'()*+,;=:@/?[]";
    return c < 0x80 &&
           (is_alpha((char)c) || is_digit((char)c) || (c != 0 && strchr(other, c) != NULL));
}

static void append_escaped(struct buf *out, struct span s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.length; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        size_t from = i;
        while (i < s.length && may_stand((unsigned char)s.ptr[i]))
            i++;
        if (i > from) {
            buf_append(out, s.ptr + from, i - from);
            i--;
        } else if (c == '%' && i + 2 < s.length && hex_digit(s.ptr[i + 1]) >= 0 &&
                   hex_digit(s.ptr[i + 2]) >= 0) {
            buf_append(out, s.ptr + i, 3);
            i += 2;
        } else {
            char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
            buf_append(out, escape, 3);
        }
    }
}

/* Removes the last segment of what stands behind `start`, with its slash. */
static void drop_segment(struct buf *out, size_t start)
{
    size_t n = out->length;
    while (n > start && out->data[n - 1] != '/')
        n--;
    buf_cut(out, n > start ? n - 1 : start);
}

/* RFC 3986 section 5.2.4, for a path that begins with a slash. */
static void append_path(struct buf *out, struct span path)
{
    size_t start = out->length;
    while (path.length > 0) {
        skip(&path, 1); /* the slash */
        struct span segment = take_until(&path, "/");
        bool last = path.length == 0;
        bool dot = segment.length == 1 && segment.ptr[0] == '.';
        bool dots = segment.length == 2 && segment.ptr[0] == '.' && segment.ptr[1] == '.';
        if (dots)
            drop_segment(out, start);
        if (!dot && !dots) {
            buf_append_char(out, '/');
            append_escaped(out, segment);
        } else if (last) {
            buf_append_char(out, '/');
        }
    }
}

static void append_decoded(struct buf *out, struct span s)
{
    buf_append(out, "", 0);
    for (size_t i = 0; i < s.length; i++) {
        int high = s.ptr[i] == '%' && i + 2 < s.length ? hex_digit(s.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.ptr[i + 2]) : -1;
        if (low >= 0) {
            buf_append_char(out, (char)(high * 16 + low));
            i += 2;
        } else {
            buf_append_char(out, s.ptr[i]);
        }
    }
}

/* Index of the '@' that ends the user information; the length when there is none. */
static size_t userinfo_length(struct span authority)
{
    size_t n = authority.length;
    while (n > 0 && authority.ptr[n - 1] != '@')
        n--;
    return n > 0 ? n - 1 : authority.length;
}

/* What stands between brackets: an IPv6 address, perhaps with its zone. */
static bool address_is_fine(struct span s)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char address[sizeof(struct in6_addr)];
    struct span zone = s;
    struct span digits = take_until(&zone, "%");
    if (digits.length >= sizeof text || memchr(s.ptr, '\0', s.length) != NULL || zone.length == 1)
        return false;
    memcpy(text, digits.ptr, digits.length);
    text[digits.length] = '\0';
    return inet_pton(AF_INET6, text, address) == 1;
}

/* Takes it from the start of `s`. */
static bool take_host(struct span *s)
{
    if (s->length > 0 && s->ptr[0] == '[') {
        skip(s, 1);
        struct span address = take_until(s, "]");
        if (s->length == 0)
            return false;
        skip(s, 1);
        return address_is_fine(address);
    }
    struct span name = take_until(s, ":");
    for (size_t i = 0; i < name.length; i++)
        if ((unsigned char)name.ptr[i] <= ' ' ||
            strchr("!\"$&'()*+,;<=>[\\]^`{|}\x7f", name.ptr[i]) != NULL)
            return false;
    return name.length > 0;
}

/* Is it nothing, or a colon and at most 65535? */
static bool port_is_fine(struct span s)
{
    unsigned port = 0;
    if (s.length > 0 && s.ptr[0] != ':')
        return false;
    for (size_t i = 1; i < s.length && port <= 65535; i++) {
        if (!is_digit(s.ptr[i]))
            return false;
        port = 10 * port + (unsigned)(s.ptr[i] - '0');
    }
    return port <= 65535;
}

static bool has_nul(const struct buf *b)
{
    return memchr(buf_span(b).ptr, '\0', b->length) != NULL;
}

static enum url_error append_authority(struct url *out, struct span authority)
{
    size_t n = userinfo_length(authority);
    struct span host = authority;
    if (n < authority.length) {
        struct span user = {authority.ptr, n};
        struct span name = take_until(&user, ":");
        out->has_name = true;
        append_decoded(&out->name, name);
        if (user.length > 0)
            skip(&user, 1);
        append_decoded(&out->password, user);
        skip(&host, n + 1);
    }
    struct span port = host;
    if (!take_host(&port))
        return URL_HOST;
    if (!port_is_fine(port))
        return URL_PORT;
    buf_append_span(&out->text, host);
    return has_nul(&out->name) || has_nul(&out->password) ? URL_USER : URL_OK;
}

/* RFC 3986 section 5.2.3 */
static struct span merged(struct url *out, const struct parts *base, struct span path)
{
    buf_clear(&out->merged);
    size_t n = base->path.length;
    while (n > 0 && base->path.ptr[n - 1] != '/')
        n--;
    if (n == 0)
        buf_append_char(&out->merged, '/');
    else
        buf_append(&out->merged, base->path.ptr, n);
    buf_append_span(&out->merged, path);
    return buf_span(&out->merged);
}

/* RFC 3986 section 5.2.2 */
static struct parts transformed(struct url *out, const struct parts *base, struct parts ref)
{
    if (ref.has_scheme)
        return ref;
    ref.scheme = base->scheme;
    ref.has_scheme = true;
    if (ref.has_authority)
        return ref;
    ref.authority = base->authority;
    ref.has_authority = base->has_authority;
    if (ref.path.length == 0) {
        ref.path = base->path;
        if (!ref.has_query) {
            ref.query = base->query;
            ref.has_query = base->has_query;
        }
    } else if (ref.path.ptr[0] != '/') {
        ref.path = merged(out, base, ref.path);
    }
    return ref;
}

enum url_error url_resolve(struct span base, struct span ref, struct url *out)
{
    buf_clear(&out->text);
    buf_clear(&out->name);
    buf_clear(&out->password);
    out->has_name = false;
    struct parts from = split(trimmed(base));
    struct parts target = split(trimmed(ref));
    if (!target.has_scheme && !from.has_scheme)
        return URL_RELATIVE;
    target = transformed(out, &from, target);
    bool tls = span_equal_nocase(target.scheme, span_of("https"));
    if (!tls && !span_equal_nocase(target.scheme, span_of("http")))
        return URL_SCHEME;
    if (!target.has_authority)
        return URL_HOST;
    buf_append_text(&out->text, tls ? "https://" : "http://");
    enum url_error error = append_authority(out, target.authority);
    if (error != URL_OK)
        return error;
    out->origin_length = out->text.length;
    if (target.path.length == 0)
        buf_append_char(&out->text, '/');
    else
        append_path(&out->text, target.path);
    if (target.has_query) {
        buf_append_char(&out->text, '?');
        append_escaped(&out->text, target.query);
    }
    if (out->text.full || out->name.full || out->password.full || out->merged.full)
        return URL_LENGTH;
    bool failed =
        out->text.failed || out->name.failed || out->password.failed || out->merged.failed;
    return failed ? URL_MEMORY : URL_OK;
}

const char *url_error_text(enum url_error error)
{
    static const char *const texts[] = {
        [URL_OK] = "is fine",
        [URL_RELATIVE] = "is relative, and there is no absolute base_url",
        [URL_SCHEME] = "is neither http:// nor https://",
        [URL_HOST] = "has no valid host",
        [URL_PORT] = "has no valid port: expected at most 65535",
        [URL_USER] = "has NUL in its name or password",
        [URL_LENGTH] = "is too long: expected at most 1 MiB",
        [URL_MEMORY] = "needs more memory than there is",
    };
    return texts[error];
}

/* "host:port" of a URL's origin without a port that goes without saying. */
static struct span plain_host(const struct url *u, bool *tls)
{
    struct span host = {u->text.data, u->origin_length};
    *tls = strncmp(host.ptr, "https:", 6) == 0;
    skip(&host, *tls ? 8 : 7);
    const char *port = *tls ? ":443" : ":80";
    size_t n = strlen(port);
    if (host.length > n && memcmp(host.ptr + host.length - n, port, n) == 0)
        host.length -= n;
    return host;
}

static bool has_port(struct span host)
{
    size_t n = host.length;
    while (n > 0 && is_digit(host.ptr[n - 1]))
        n--;
    return n > 0 && host.ptr[n - 1] == ':';
}

bool url_same_origin(const struct url *a, const struct url *b)
{
    bool tls_a, tls_b;
    struct span host_a = plain_host(a, &tls_a);
    struct span host_b = plain_host(b, &tls_b);
    if (!span_equal_nocase(host_a, host_b))
        return false;
    return tls_a == tls_b || (!tls_a && tls_b && !has_port(host_a));
}

void url_show(struct span url, struct buf *out)
{
    struct span all = url;
    size_t n = scheme_length(url);
    if (n > 0)
        skip(&url, n + 1);
    while (url.length > 0 && url.ptr[0] == '/')
        skip(&url, 1);
    struct span authority = take_until(&url, "/?#");
    size_t at = userinfo_length(authority);
    if (at == authority.length) {
        buf_append_span(out, all);
        return;
    }
    struct span user = {authority.ptr, at};
    struct span name = take_until(&user, ":");
    buf_append(out, all.ptr, (size_t)(name.ptr + name.length - all.ptr));
    if (user.length > 0)
        buf_append_text(out, ":***");
    buf_append(out, authority.ptr + at, all.length - (size_t)(authority.ptr + at - all.ptr));
}
