#include "curl_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the same settings are the same object ---------------------------------------------------- */

static size_t hash_of(const char *bytes, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32);
}

/* The numbers, then each text with its NUL, one that is none as a newline. */
static bool make_key(const struct transport_settings *s, struct buf *key)
{
    const char *texts[] = {s->proxy, s->client_cert, s->client_key, s->resolve};
    char numbers[64];
    snprintf(numbers, sizeof numbers, "%d %d %d %d %d %" PRId64, s->http2, s->fresh, s->has_proxy,
             s->has_dns_ttl, s->tls_min, s->has_dns_ttl ? s->dns_ttl_s : 0);
    buf_append(key, numbers, strlen(numbers) + 1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = texts[i] != NULL ? texts[i] : "\n";
        buf_append(key, text, strlen(text) + 1);
    }
    return !key->failed;
}

static void point_texts(struct transport_options *o)
{
    struct transport_settings *s = &o->settings;
    const char **texts[] = {&s->proxy, &s->client_cert, &s->client_key, &s->resolve};
    const char *at = o->key + strlen(o->key) + 1;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = strcmp(at, "\n") == 0 ? NULL : at;
        at += strlen(at) + 1;
    }
}

/* "host:port:address" as libcurl's "host:port:address:", that is: at the same port. Unlike its
 * own list of addresses this one ends with the request. */
static bool add_connection(struct transport_options *o, struct span line)
{
    size_t colon = 0, colons = 0;
    while (colon < line.length && (colons += line.ptr[colon] == ':') < 2)
        colon++;
    struct span address = {line.ptr + colon + 1, line.length - colon - 1};
    bool bare6 = memchr(address.ptr, ':', address.length) != NULL && *address.ptr != '[';
    struct buf text;
    buf_init(&text, OPTION_BYTES_MAX);
    buf_append(&text, line.ptr, colon + 1);
    buf_append_text(&text, bare6 ? "[" : "");
    buf_append_span(&text, address);
    struct curl_slist *list = NULL;
    if (buf_append_text(&text, bare6 ? "]:" : ":"))
        list = curl_slist_append(o->connect_to, text.data);
    buf_finish(&text);
    if (list != NULL)
        o->connect_to = list;
    return list != NULL;
}

static bool make_connections(struct transport_options *o)
{
    const char *at = o->settings.resolve;
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, "\n");
        if (!add_connection(o, (struct span){at, length}))
            return false;
        at += length + (at[length] == '\n');
    }
    return true;
}

static struct transport_options *options_new(struct transport *t,
                                             const struct transport_settings *settings,
                                             const struct buf *key)
{
    struct transport_options *o = calloc(1, sizeof *o + key->length + 1);
    if (o == NULL)
        return NULL;
    o->transport = t;
    o->settings = *settings;
    o->key_length = key->length;
    memcpy(o->key, key->data, key->length);
    point_texts(o);
    if (!make_connections(o)) {
        curl_slist_free_all(o->connect_to);
        free(o);
        return NULL;
    }
    o->hash = hash_of(key->data, key->length);
    o->serial = ++t->options_serial;
    struct transport_options **bucket = &t->options[o->hash % OPTIONS_BUCKETS];
    o->next = *bucket;
    *bucket = o;
    return o;
}

struct transport_options *transport_options_take(struct transport *t,
                                                 const struct transport_settings *settings)
{
    struct buf key;
    struct transport_options *o = NULL;
    buf_init(&key, OPTION_BYTES_MAX);
    if (make_key(settings, &key)) {
        size_t hash = hash_of(key.data, key.length);
        o = t->options[hash % OPTIONS_BUCKETS];
        while (o != NULL && (o->hash != hash || o->key_length != key.length ||
                             memcmp(o->key, key.data, key.length) != 0))
            o = o->next;
        if (o == NULL)
            o = options_new(t, settings, &key);
        if (o != NULL)
            o->users++;
    }
    buf_finish(&key);
    return o;
}

void transport_options_drop(struct transport_options *o)
{
    if (o == NULL || --o->users > 0)
        return;
    struct transport_options **link = &o->transport->options[o->hash % OPTIONS_BUCKETS];
    while (*link != o)
        link = &(*link)->next;
    *link = o->next;
    curl_slist_free_all(o->connect_to);
    free(o);
}

const struct transport_settings *transport_options_settings(const struct transport_options *o)
{
    return &o->settings;
}

/* --- giving them to a handle ------------------------------------------------------------------ */

static long tls_version(int number)
{
    switch (number) {
    case 10: return CURL_SSLVERSION_TLSv1_0;
    case 11: return CURL_SSLVERSION_TLSv1_1;
    case 12: return CURL_SSLVERSION_TLSv1_2;
    case 13: return CURL_SSLVERSION_TLSv1_3;
    default: return CURL_SSLVERSION_DEFAULT;
    }
}

static bool give(CURL *easy, const struct transport_settings *s, struct curl_slist *connect_to)
{
    const char *proxy = s->proxy != NULL ? s->proxy : "";
    const char *key = s->client_key != NULL ? s->client_key : s->client_cert;
    CURLcode rc = CURLE_OK;
#define SET(option, value)                                                                         \
    if (rc == CURLE_OK)                                                                            \
    rc = curl_easy_setopt(easy, option, value)
    SET(CURLOPT_PROXY, s->has_proxy ? proxy : NULL);
    SET(CURLOPT_NOPROXY, s->has_proxy ? "" : NULL);
    SET(CURLOPT_SSLCERT, s->client_cert);
    SET(CURLOPT_SSLKEY, key);
    SET(CURLOPT_SSLVERSION, tls_version(s->tls_min));
    SET(CURLOPT_CONNECT_TO, connect_to);
    SET(CURLOPT_FRESH_CONNECT, s->fresh ? 1L : 0L);
    SET(CURLOPT_FORBID_REUSE, s->fresh ? 1L : 0L);
    SET(CURLOPT_PIPEWAIT, s->http2 ? 1L : 0L); /* rather than connections side by side */
    SET(CURLOPT_DNS_CACHE_TIMEOUT, s->has_dns_ttl ? (long)s->dns_ttl_s : (long)TRANSPORT_DNS_TTL_S);
#undef SET
    return rc == CURLE_OK;
}

static long version_wanted(const struct transport_request *request)
{
    if (request->options == NULL || !request->options->settings.http2)
        return CURL_HTTP_VERSION_1_1;
    bool tls = request->url.length > 5 && (request->url.ptr[4] | 0x20) == 's';
    return tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
}

bool options_apply(struct transport_exchange *x, const struct transport_request *request)
{
    static const struct transport_settings defaults = {.http2 = false};
    struct applied *last = &x->applied;
    const struct transport_options *o = request->options;
    uint64_t serial = o != NULL ? o->serial : 0;
    long version = version_wanted(request);
    if (last->http_version != version) {
        last->http_version = version;
        if (curl_easy_setopt(x->easy, CURLOPT_HTTP_VERSION, version) != CURLE_OK)
            return false;
    }
    if (last->options_serial == serial)
        return true;
    last->options_serial = serial;
    return give(x->easy, o != NULL ? &o->settings : &defaults, o != NULL ? o->connect_to : NULL);
}
