#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "importer.h"
#include "yaml_text.h"

enum {
    SECRET_FOUND_MIN = 6, /* shorter ones are found only where they are a value of their own */
    NAME_BYTES_MAX = 40
};

/* --- names of variables ----------------------------------------------------------------------- */

/* What sessions, sections and plugins have variables of, or read. */
static const char *const reserved[] = {"session_id",
                                       "user",
                                       "dry_run",
                                       "verbose",
                                       "last_result",
                                       "base_url",
                                       "name",
                                       "details",
                                       "tag",
                                       "max_errors",
                                       "max_time",
                                       "warmup",
                                       "force_single",
                                       "watch",
                                       "request_timeout",
                                       "max_body_size",
                                       "http_version",
                                       "client_cert",
                                       "client_key",
                                       "proxy",
                                       "resolve",
                                       "dns_ttl",
                                       "connection_reuse",
                                       "tls_min_version",
                                       "script_timeout",
                                       "password",
                                       "script_memory",
                                       "script_language",
                                       "dollar",
                                       NULL};

static bool is_taken(const struct importer *im, const struct variable *self, struct span name)
{
    for (const char *const *r = reserved; *r != NULL; r++)
        if (span_is(name, *r))
            return true;
    for (const struct variable *v = im->variables; v != NULL; v = v->next)
        if (v != self && v->named && span_equal(v->name, name))
            return true;
    return false;
}

/* How many are named so already, with or without a number. */
static unsigned count_alike(const struct importer *im, struct span base)
{
    unsigned count = 0;
    for (const struct variable *v = im->variables; v != NULL; v = v->next) {
        if (!v->named || v->name.length < base.length ||
            memcmp(v->name.ptr, base.ptr, base.length) != 0)
            continue;
        struct span rest = {v->name.ptr + base.length, v->name.length - base.length};
        count += rest.length == 0 ||
                 (rest.length > 1 && rest.ptr[0] == '_' && isdigit((unsigned char)rest.ptr[1]));
    }
    return count;
}

bool variable_name(struct importer *im, struct variable *v)
{
    struct span from = v->name;
    char base[NAME_BYTES_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < from.length && n < NAME_BYTES_MAX; i++) {
        unsigned char c = (unsigned char)from.ptr[i];
        bool word = c < 0x80 && isalnum(c);
        if (isupper(c) && n > 0 && islower((unsigned char)from.ptr[i - 1]) &&
            n + 1 < NAME_BYTES_MAX)
            base[n++] = '_';
        if (word)
            base[n++] = (char)tolower(c);
        else if (n > 0 && base[n - 1] != '_')
            base[n++] = '_';
    }
    while (n > 0 && base[n - 1] == '_')
        n--;
    base[n] = '\0';
    char name[NAME_BYTES_MAX + 32], first[NAME_BYTES_MAX + 8];
    snprintf(first, sizeof first, "%s%s",
             n == 0                            ? "value"
             : isdigit((unsigned char)base[0]) ? "v"
                                               : "",
             base);
    for (unsigned count = 1 + count_alike(im, span_of(first));; count++) {
        if (count == 1)
            snprintf(name, sizeof name, "%s", first);
        else
            snprintf(name, sizeof name, "%s_%u", first, count);
        if (!is_taken(im, v, span_of(name)))
            break;
    }
    v->name = pool_copy(&im->kept, span_of(name));
    v->named = true;
    return v->name.ptr != NULL || say_no_memory(im->say);
}

struct variable *variable_add(struct importer *im, enum origin_kind kind, struct span hint,
                              struct span value)
{
    if (im->variables_count == VARIABLES_MAX)
        return NULL;
    struct variable *v = pool_take(&im->kept, sizeof *v);
    if (v == NULL) {
        im->failed = !say_no_memory(im->say);
        return NULL;
    }
    v->kind = kind;
    v->value = pool_copy(&im->kept, value);
    v->name = pool_copy(&im->kept, hint);
    if (v->value.ptr == NULL || v->name.ptr == NULL) {
        im->failed = !say_no_memory(im->say);
        return NULL;
    }
    if (kind == FROM_ENVIRONMENT && value.length > 0)
        im->secret_begins[(unsigned char)value.ptr[0]] = true;
    *im->variables_end = v;
    im->variables_end = &v->next;
    im->variables_count++;
    return v;
}

/* --- literal text ----------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || ((unsigned char)c & 0x80) != 0;
}

/* "$(name)", "$name(": would it be read as a macro, or warned of? */
static bool reads_as_macro(struct span s)
{
    size_t i = 1;
    while (i < s.length && is_word(s.ptr[i]))
        i++;
    if (i >= s.length || s.ptr[i] != '(')
        return false;
    if (i > 1)
        return true;
    for (i++; i < s.length && (s.ptr[i] == ' ' || s.ptr[i] == '\t'); i++)
        ;
    return i < s.length && is_word(s.ptr[i]);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Is it a value of its own, as in "pin": "4711" or pin=4711? Spaces around it are skipped, so it
 * must not begin with one: each would match. */
static bool stands_alone(struct span text, size_t at, size_t length)
{
    static const char openers[] = "\"'=:>[,(&", closers[] = "\"'&,;]})<\r\n";
    size_t before = at, after = at + length;
    while (before > 0 && is_space(text.ptr[before - 1]))
        before--;
    while (after < text.length && (text.ptr[after] == ' ' || text.ptr[after] == '\t'))
        after++;
    return (before == 0 || memchr(openers, text.ptr[before - 1], sizeof openers - 1) != NULL) &&
           (after == text.length || memchr(closers, text.ptr[after], sizeof closers - 1) != NULL);
}

static bool stands_at(struct span text, size_t at, struct span secret, bool with_short)
{
    return secret.length > 0 && text.length - at >= secret.length &&
           memcmp(text.ptr + at, secret.ptr, secret.length) == 0 &&
           (secret.length >= SECRET_FOUND_MIN ||
            (with_short && !is_space(secret.ptr[0]) && stands_alone(text, at, secret.length)));
}

/* The length of the longest secret that stands there; 0: none. `*v` is NULL for the user's
 * password. */
static size_t secret_at(const struct importer *im, struct span text, size_t at, bool with_short,
                        struct variable **v)
{
    size_t length = 0;
    *v = NULL;
    if (im->secret_begins[(unsigned char)text.ptr[at]])
        for (struct variable *i = im->variables; i != NULL; i = i->next)
            if (i->kind == FROM_ENVIRONMENT && i->value.length > length &&
                stands_at(text, at, i->value, with_short)) {
                *v = i;
                length = i->value.length;
            }
    if (im->user_password.length > length && stands_at(text, at, im->user_password, with_short)) {
        *v = NULL;
        length = im->user_password.length;
    }
    return length;
}

static void put_macro(struct importer *im, struct span name, struct text *out)
{
    text_puts(out, "$(");
    text_span(out, name);
    text_char(out, ')');
    im->macros++;
}

static void put_variable(struct importer *im, struct variable *v, struct text *out)
{
    v->used = true;
    put_macro(im, v->name, out);
}

static void put_user_password(struct importer *im, struct text *out)
{
    im->user_used = true;
    put_macro(im, span_of("user.password"), out);
}

/* The variable that holds the value when the current request is sent; NULL: none. */
static struct variable *correlated(const struct importer *im, struct span value)
{
    const struct sent *sent = correlate_find(im, value);
    struct variable *v = sent != NULL ? sent->variable : NULL;
    return v != NULL && v->source < im->current ? v : NULL;
}

static void put_found(struct importer *im, struct variable *v, struct text *out)
{
    struct variable *stored = v != NULL ? correlated(im, v->value) : NULL;
    if (v != NULL)
        put_variable(im, stored != NULL ? stored : v, out);
    else
        put_user_password(im, out);
}

/* `text` begins with what would read as a macro. */
static void tell_macro(struct importer *im, struct span text)
{
    struct text shown;
    size_t end = 0;
    if (im->say->macros++ >= SAY_WARNINGS_MAX)
        return;
    while (end < text.length && text.ptr[end] != ')')
        end++;
    text_init(&shown, 1000);
    yaml_shown(&shown, (struct span){text.ptr, end + (end < text.length)});
    if (shown.failed)
        im->failed = !say_no_memory(im->say);
    else
        say_warning(
            im->say,
            "entry %llu holds '%s', which would read as a macro: '$' is written as $(dollar)",
            (unsigned long long)im->requests[im->current].number + 1, text_all(&shown).ptr);
    text_finish(&shown);
}

static void put_literal(struct importer *im, struct span value, bool with_short, struct text *out)
{
    bool secrets = !im->settings->keep_secrets;
    if (im->collecting)
        return;
    for (size_t i = 0; i < value.length && !out->failed;) {
        struct span rest = {value.ptr + i, value.length - i};
        struct variable *v;
        size_t length = secrets ? secret_at(im, value, i, with_short, &v) : 0;
        if (length > 0) {
            put_found(im, v, out);
            i += length;
        } else if (rest.ptr[0] == '$' && !im->trying && reads_as_macro(rest)) {
            put_macro(im, span_of("dollar"), out);
            im->dollar_used = true;
            tell_macro(im, rest);
            i++;
        } else {
            text_char(out, rest.ptr[0]);
            i++;
        }
    }
}

void express_literal(struct importer *im, struct span value, struct text *out)
{
    put_literal(im, value, false, out);
}

/* --- secrets ---------------------------------------------------------------------------------- */

static struct variable *secret_find(const struct importer *im, struct span value)
{
    for (struct variable *v = im->variables; v != NULL; v = v->next)
        if (v->kind == FROM_ENVIRONMENT && span_equal(v->value, value))
            return v;
    return NULL;
}

static bool is_short_number(struct span value)
{
    for (size_t i = 0; i < value.length; i++)
        if (!isdigit((unsigned char)value.ptr[i]) && value.ptr[i] != '.')
            return false;
    return value.length < 4;
}

static bool is_secret(enum site site, struct span name, struct span value)
{
    if (site == IN_PATH || site == IN_TEXT)
        return secret_is_value(value);
    if (site == IN_JSON_NUMBER && is_short_number(value))
        return false;
    return secret_is_value(value) || secret_is_name(name) || secret_is_code(name, value);
}

static bool is_user_password(const struct importer *im, struct span value)
{
    return im->user_password.ptr != NULL && span_equal(im->user_password, value);
}

static void note_secret(struct importer *im, struct span name, struct span value)
{
    if (im->settings->keep_secrets || value.length == 0 || secret_find(im, value) != NULL ||
        is_user_password(im, value))
        return;
    if (im->variables_count == VARIABLES_MAX)
        im->failed = !say_error(im->say, "it holds more than %d secrets", VARIABLES_MAX);
    else
        variable_add(im, FROM_ENVIRONMENT, name.length > 0 ? name : span_of("secret"), value);
}

static void put_secret(struct importer *im, struct span name, struct span value, struct text *out)
{
    struct variable *v = secret_find(im, value);
    if (v == NULL && is_user_password(im, value)) {
        put_user_password(im, out);
        return;
    }
    if (v == NULL) {
        /* A place that collecting passed over: nothing written would be a request without it. */
        note_secret(im, name, value);
        v = secret_find(im, value);
        if (v != NULL && !variable_name(im, v))
            im->failed = true;
    }
    if (v != NULL && !im->failed)
        put_variable(im, v, out);
}

void express_login(struct importer *im, struct span login, struct span password)
{
    if (im->password.ptr != NULL && !span_equal(im->password, password))
        note_secret(im, span_of("password"), im->password);
    im->login = login;
    im->password = password;
}

void express_end_request(struct importer *im)
{
    if (im->user_password.ptr == NULL && im->login.ptr != NULL && im->password.ptr != NULL) {
        im->user_name = pool_copy(&im->kept, im->login);
        im->user_password = pool_copy(&im->kept, im->password);
        if (im->user_name.ptr == NULL || im->user_password.ptr == NULL)
            im->failed = !say_no_memory(im->say);
    } else if (im->password.ptr != NULL) {
        note_secret(im, span_of("password"), im->password);
    }
    im->login = im->password = (struct span){NULL, 0};
}

/* --- any value -------------------------------------------------------------------------------- */

static bool is_field(enum site site)
{
    return site == IN_FIELD || site == IN_JSON || site == IN_QUERY;
}

/* Until the request's end. */
static struct span keep(struct importer *im, struct span value)
{
    struct span out = pool_copy(&im->scratch, value);
    if (out.ptr == NULL)
        im->failed = !say_no_memory(im->say);
    return out;
}

/* What a text names itself: a form as text, XML, JSON within JSON, a path's ";name=value". */
static void collect_inside(struct importer *im, struct span text)
{
    struct span name, value;
    for (size_t at = 0; !im->failed && secret_in_text(text, &at, &name, &value);) {
        /* The field that it is has told so already. */
        if (im->password.ptr != NULL && span_equal(im->password, value))
            continue;
        correlate_sent(im, value);
        note_secret(im, name, value);
    }
}

static void collect(struct importer *im, enum site site, struct span name, struct span value)
{
    correlate_sent(im, value);
    if (is_field(site) && secret_is_password(name)) {
        if (im->password.ptr == NULL)
            im->password = keep(im, value);
        else if (!span_equal(im->password, value))
            note_secret(im, name, value);
    } else if (is_field(site) && secret_is_login(name)) {
        if (im->login.ptr == NULL)
            im->login = keep(im, value);
    } else if (is_secret(site, name, value)) {
        note_secret(im, name, value);
    } else {
        collect_inside(im, value);
    }
}

void express(struct importer *im, enum site site, struct span name, struct span value,
             struct text *out)
{
    if (value.length == 0)
        return;
    if (im->collecting) {
        collect(im, site, name, value);
        return;
    }
    struct variable *v = correlated(im, value);
    if (v != NULL &&
        ((site != IN_JSON && site != IN_JSON_NUMBER) || v->is_number == (site == IN_JSON_NUMBER))) {
        put_variable(im, v, out);
        return;
    }
    bool is_user = im->user_password.ptr != NULL && is_field(site);
    if (is_user && secret_is_password(name) && is_user_password(im, value)) {
        put_user_password(im, out);
    } else if (is_user && secret_is_login(name) && span_equal(value, im->user_name)) {
        put_macro(im, span_of("user.name"), out);
        im->user_used = true;
    } else if (!im->settings->keep_secrets && is_secret(site, name, value)) {
        put_secret(im, name, value, out);
    } else {
        size_t at = 0;
        struct span named[2];
        bool with_short = site == IN_TEXT || secret_in_text(value, &at, &named[0], &named[1]);
        put_literal(im, value, with_short, out);
    }
}

bool express_varies(struct importer *im, enum site site, struct span name, struct span value)
{
    uint32_t macros = im->macros;
    text_clear(&im->piece);
    im->trying = true;
    express(im, site, name, value, &im->piece);
    im->trying = false;
    bool varies = im->macros != macros;
    im->macros = macros;
    return varies;
}

void express_quoted(struct importer *im, enum site site, struct span name, struct span value,
                    struct text *out)
{
    text_clear(&im->piece);
    express(im, site, name, value, &im->piece);
    im->scalars++;
    if (im->piece.failed)
        out->failed = true;
    else
        yaml_text(out, text_all(&im->piece));
}

void express_quoted_literal(struct importer *im, struct span value, struct text *out)
{
    text_clear(&im->piece);
    express_literal(im, value, &im->piece);
    im->scalars++;
    if (im->piece.failed)
        out->failed = true;
    else
        yaml_text(out, text_all(&im->piece));
}
