#include "multipart.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stressor/log.h>

#include "request.h"

bool multipart_init(struct http_plugin *plugin)
{
    static const char beginning[] = "multipart/form-data; boundary=";
    unsigned char random[16];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return false;
    char *end = stpcpy(plugin->multipart_type, beginning);
    plugin->boundary = end;
    end = stpcpy(end, "stressor");
    for (size_t i = 0; i < sizeof random; i++)
        end += sprintf(end, "%02x", random[i]);
    return true;
}

/* --- one part as the scenario describes it ---------------------------------------------------- */

struct part {
    struct span field, file, name, type;
    const stressor_value *text; /* NULL: the file's content */
    bool has_name, has_type;
};

static const char *take_key(struct part *p, struct span key, const stressor_value *v)
{
    bool is_text = v->type == STRESSOR_STRING;
    if (v->type == STRESSOR_NULL)
        return NULL;
    if (span_equal(key, span_of("text"))) {
        p->text = v;
        return v->type == STRESSOR_LIST || v->type == STRESSOR_MAP ? "'text': expected a text"
                                                                   : NULL;
    }
    if (span_equal(key, span_of("file"))) {
        p->file = is_text ? value_span(v) : (struct span){"", 0};
        return p->file.length > 0 ? NULL : "'file': expected a path";
    }
    if (span_equal(key, span_of("name"))) {
        p->has_name = true;
        p->name = is_text ? value_span(v) : (struct span){"", 0};
        return is_text ? NULL : "'name': expected a text";
    }
    if (span_equal(key, span_of("type"))) {
        p->has_type = true;
        p->type = is_text ? value_span(v) : (struct span){"", 0};
        return p->type.length > 0 && request_header_value_problem(p->type) == NULL
                   ? NULL
                   : "'type': expected a media type such as text/csv";
    }
    return "expected the keys 'file' or 'text', 'name' and 'type' only";
}

static struct span last_part(struct span path)
{
    for (size_t i = path.length; i > 0; i--)
        if (path.ptr[i - 1] == '/')
            return (struct span){path.ptr + i, path.length - i};
    return path;
}

/* What is wrong with it; NULL: nothing. */
static const char *read_part(const stressor_host *host, struct span field, const stressor_value *v,
                             struct part *p)
{
    *p = (struct part){.field = field, .text = v};
    if (v->type != STRESSOR_MAP)
        return v->type == STRESSOR_LIST ? "a list stands in a list" : NULL;
    p->text = NULL;
    for (uint64_t i = 0; i < v->as.map.count; i++) {
        const char *key;
        uint64_t length;
        const stressor_value *value = host->map_at(v, i, &key, &length);
        const char *problem = take_key(p, (struct span){key, length}, value);
        if (problem != NULL)
            return problem;
    }
    if ((p->text != NULL) == (p->file.length > 0))
        return "expected either 'file' or 'text'";
    if (p->file.length > 0 && !p->has_name) {
        p->has_name = true;
        p->name = last_part(p->file);
    }
    return NULL;
}

/* --- all parts --------------------------------------------------------------------------------*/

/* What is done with each; false ends the walk. */
struct visit {
    const stressor_host *host;
    bool (*part)(void *data, const struct part *p, const char *problem);
    void *data;
};

static bool visit_value(const struct visit *w, struct span field, const stressor_value *v)
{
    struct part p;
    if (v->type == STRESSOR_NULL)
        return true;
    const char *problem = read_part(w->host, field, v, &p);
    return w->part(w->data, &p, problem);
}

static bool visit_field(const struct visit *w, struct span field, const stressor_value *v)
{
    if (v->type != STRESSOR_LIST)
        return visit_value(w, field, v);
    for (uint64_t i = 0; i < v->as.list.count; i++)
        if (!visit_value(w, field, w->host->list_at(v, i)))
            return false;
    return true;
}

static bool visit_pair(const struct visit *w, const stressor_value *item)
{
    struct part none = {.field = {"", 0}};
    const stressor_value *name =
        item->type == STRESSOR_LIST && item->as.list.count == 2 ? w->host->list_at(item, 0) : NULL;
    if (name == NULL || name->type != STRESSOR_STRING)
        return w->part(w->data, &none, "expected pairs [name, part] in the list");
    return visit_field(w, value_span(name), w->host->list_at(item, 1));
}

static bool visit_all(const struct visit *w, const stressor_value *parts)
{
    for (uint64_t i = 0; parts->type == STRESSOR_LIST && i < parts->as.list.count; i++)
        if (!visit_pair(w, w->host->list_at(parts, i)))
            return false;
    for (uint64_t i = 0; parts->type == STRESSOR_MAP && i < parts->as.map.count; i++) {
        const char *key;
        uint64_t length;
        const stressor_value *v = w->host->map_at(parts, i, &key, &length);
        if (!visit_field(w, (struct span){key, length}, v))
            return false;
    }
    return true;
}

/* --- files ------------------------------------------------------------------------------------*/

/* A descriptor, or -1 with the reason. */
static int open_file(const stressor_host *host, stressor_plan *plan, struct span path, char *why,
                     size_t why_size)
{
    int fd = host->open_beneath(plan, path.ptr, path.length);
    if (fd >= 0)
        return fd;
    if (fd == STRESSOR_EINVAL)
        snprintf(why, why_size, "only files in or below the scenario's folder");
    else
        snprintf(why, why_size, "%s", strerrordesc_np(errno));
    return -1;
}

static bool append_file(int fd, struct buf *out, char *why, size_t why_size)
{
    char piece[65536];
    ssize_t got;
    while ((got = read(fd, piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0 && !buf_append(out, piece, (size_t)got)) {
            snprintf(why, why_size, "the body would be larger than %d bytes", FORM_BYTES_MAX);
            return false;
        }
    if (got < 0)
        snprintf(why, why_size, "%s", strerrordesc_np(errno));
    return got == 0;
}

/* --- writing ----------------------------------------------------------------------------------*/

struct writer {
    struct http_call *call;
    struct buf *out;
    stressor_failure *failure;
    int32_t status;
};

/* As browsers do it. */
static void append_quoted(struct buf *out, struct span text)
{
    buf_append_char(out, '"');
    for (size_t i = 0; i < text.length; i++)
        switch (text.ptr[i]) {
        case '"': buf_append_text(out, "%22"); break;
        case '\r': buf_append_text(out, "%0D"); break;
        case '\n': buf_append_text(out, "%0A"); break;
        default: buf_append_char(out, text.ptr[i]); break;
        }
    buf_append_char(out, '"');
}

static void append_head(struct writer *w, const struct part *p)
{
    buf_append_text(w->out, "--");
    buf_append_text(w->out, call_plugin(w->call)->boundary);
    buf_append_text(w->out, "\r\nContent-Disposition: form-data; name=");
    append_quoted(w->out, p->field);
    if (p->has_name) {
        buf_append_text(w->out, "; filename=");
        append_quoted(w->out, p->name);
    }
    if (p->has_type || p->file.length > 0) {
        buf_append_text(w->out, "\r\nContent-Type: ");
        buf_append_span(w->out, p->has_type ? p->type : span_of("application/octet-stream"));
    }
    buf_append_text(w->out, "\r\n\r\n");
}

static bool fail_part(struct writer *w, const struct part *p, const char *what)
{
    w->status = stressor_fail(
        w->call->exec, w->failure, STRESSOR_SCRIPT, "argument", "argument 'multipart': '%.*s': %s",
        (int)(p->field.length < 100 ? p->field.length : 100), p->field.ptr, what);
    return false;
}

static bool append_content(struct writer *w, const struct part *p)
{
    char why[200], text[4300];
    if (p->text != NULL) {
        stressor_value v = *p->text;
        if (v.type != STRESSOR_STRING &&
            w->call->exec->host->value_text(w->call->exec, &v, &v) != 0)
            w->out->failed = true;
        else
            buf_append_span(w->out, value_span(&v));
        return true;
    }
    int fd = open_file(w->call->exec->host, w->call->place->plan, p->file, why, sizeof why);
    bool good = fd >= 0 && append_file(fd, w->out, why, sizeof why);
    if (fd >= 0)
        close(fd);
    if (good)
        return true;
    snprintf(text, sizeof text, "file '%.*s': %s",
             (int)(p->file.length < 4000 ? p->file.length : 4000), p->file.ptr, why);
    return fail_part(w, p, text);
}

static bool write_part(void *data, const struct part *p, const char *problem)
{
    struct writer *w = data;
    if (problem != NULL)
        return fail_part(w, p, problem);
    append_head(w, p);
    if (!append_content(w, p))
        return false;
    return buf_append_text(w->out, "\r\n");
}

int32_t multipart_append(struct http_call *c, struct buf *out, stressor_failure *failure)
{
    struct writer w = {c, out, failure, 0};
    struct visit visit = {c->exec->host, write_part, &w};
    visit_all(&visit, call_arg(c, ARG_MULTIPART));
    if (w.status != 0)
        return w.status;
    buf_append_text(out, "--");
    buf_append_text(out, call_plugin(c)->boundary);
    return buf_append_text(out, "--\r\n") ? 0 : request_no_memory(c, failure);
}

/* --- looking ---------------------------------------------------------------------------------- */

struct look {
    const stressor_host *host;
    stressor_plan *plan;
    char *text;
    size_t text_size;
};

static bool look_at(void *data, const struct part *p, const char *problem)
{
    struct look *l = data;
    char why[200];
    int field = (int)(p->field.length < 100 ? p->field.length : 100);
    if (problem != NULL) {
        snprintf(l->text, l->text_size, "'%.*s': %s", field, p->field.ptr, problem);
        return false;
    }
    if (p->text != NULL)
        return true;
    int fd = open_file(l->host, l->plan, p->file, why, sizeof why);
    if (fd < 0)
        snprintf(l->text, l->text_size, "'%.*s': file '%.*s': %s", field, p->field.ptr,
                 (int)(p->file.length < 300 ? p->file.length : 300), p->file.ptr, why);
    else
        close(fd);
    return fd >= 0;
}

bool multipart_check(const stressor_host *host, stressor_plan *plan, const stressor_value *parts,
                     char *text, size_t text_size)
{
    struct look look = {host, plan, text, text_size};
    struct visit visit = {host, look_at, &look};
    return visit_all(&visit, parts);
}
