#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/log.h"
#include "config/schema.h"
#include "run/exec.h"
#include "run/session.h"

/* The common clauses: assert_max_time, assert_match and store_json, all of them evaluated. */

enum { EXCERPT_MAX = 200 };

struct check {
    struct exec *x;
    const stressor_result *result;
    bool peek;
    stressor_failure *failure;
};

/* The first failure gives category and kind, the texts add up. */
static void failed(struct check *c, uint32_t category, const char *kind, const char *text)
{
    stressor_failure *f = c->failure;
    if (f->category == STRESSOR_NO_FAILURE)
        exec_fail(c->x, f, category, kind, "%s", text);
    else
        exec_fail(c->x, f, f->category, f->kind, "%.*s; %s", (int)f->length, f->text, text);
}

static void failed_as(struct check *c, const stressor_failure *why)
{
    char *text = arena_copy(c->x->arena, why->text, why->length);
    failed(c, why->category, why->kind, text != NULL ? text : "out of memory");
}

static bool expanded(struct check *c, const stressor_value *in, stressor_value *out)
{
    struct template_env env = exec_env(c->x);
    stressor_failure f;
    if (template_expand_value(in, &env, out, &f))
        return true;
    failed_as(c, &f);
    return false;
}

static void check_max_time(struct check *c, int64_t latency_ns)
{
    stressor_value limit = c->x->place->common.max_time;
    bool constant = limit.type == STRESSOR_INT;
    if (!expanded(c, &limit, &limit))
        return;
    struct buf why;
    buf_init(&why, 512);
    bool absent = false;
    if (!constant &&
        !schema_coerce(common_args[COMMON_ASSERT_MAX_TIME], &limit, c->x->arena, &absent, &why)) {
        failed(c, STRESSOR_SCRIPT, "bad argument", why.data);
    } else if (!absent && latency_ns > limit.as.integer) {
        char took[32], most[32];
        duration_text(latency_ns, took);
        duration_text(limit.as.integer, most);
        buf_printf(&why, "expected to take at most %s, took %s", most, took);
        failed(c, STRESSOR_ASSERTION, "assert_max_time", why.data);
    }
    buf_finish(&why);
}

/* The beginning of a text, for messages. */
static void excerpt(struct buf *out, const stressor_value *v)
{
    struct buf text;
    buf_init(&text, 0);
    value_text(v, VALUE_TEXT_MASK, &text);
    size_t length = text.length < EXCERPT_MAX ? text.length : EXCERPT_MAX;
    while (length < text.length && length > 0 && ((unsigned char)text.data[length] & 0xc0) == 0x80)
        length--;
    buf_put_shown(out, text.data, length);
    if (length < text.length)
        buf_puts(out, "…");
    buf_finish(&text);
}

/* Of JSON the body as received is tried first, then the text of its value. */
static int match_result(struct check *c, const struct stressor_regex *regex,
                        const stressor_value *value)
{
    const stressor_result *r = c->result;
    int found = REGEX_NO;
    if (r->text != NULL) {
        found = regex_match(regex, r->text, r->text_length);
        if (found != REGEX_NO || value->type == STRESSOR_STRING)
            return found;
    }
    struct buf text;
    buf_init(&text, 0);
    value_text(value, 0, &text);
    found = text.failed ? REGEX_NOMEM : regex_match(regex, text.data, text.length);
    buf_finish(&text);
    return found;
}

static void say_mismatch(struct check *c, int found, const stressor_value *pattern,
                         const stressor_value *value)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_puts(&text, "pattern '");
    excerpt(&text, pattern);
    if (found == REGEX_NO) {
        buf_puts(&text, "' not found in '");
        excerpt(&text, value);
        buf_puts(&text, "'");
        failed(c, STRESSOR_ASSERTION, "assert_match", text.data);
    } else if (found == REGEX_LIMIT) {
        buf_puts(&text, "': regex limit: it takes too long to tell whether it matches");
        failed(c, STRESSOR_SCRIPT, "regex limit", text.data);
    } else {
        failed(c, STRESSOR_GENERATOR, "memory", "out of memory for assert_match");
    }
    buf_finish(&text);
}

static void check_match(struct check *c)
{
    const struct plan_common *common = &c->x->place->common;
    const struct stressor_regex *regex = common->match;
    struct stressor_regex *own = NULL;
    stressor_value pattern = common->match_text;
    if (regex == NULL) {
        char why[160] = "it is not text";
        if (!expanded(c, &common->match_text, &pattern))
            return;
        if (pattern.type == STRESSOR_STRING)
            own = regex_new(pattern.as.string.ptr, pattern.as.string.length, REGEX_MULTILINE, why,
                            sizeof why);
        if (own == NULL) {
            failed(c, STRESSOR_SCRIPT, "bad regex", why);
            return;
        }
        regex = own;
    }
    const stressor_value *value = exec_value(c->x, c->result);
    int found = value != NULL ? match_result(c, regex, value) : REGEX_NOMEM;
    if (found != REGEX_YES)
        say_mismatch(c, found, &pattern, value);
    regex_free(own);
}

static bool keep(struct exec *x, const struct plan_store *store, const stressor_value *v)
{
    if (store->slot == PLAN_SLOT_BY_NAME)
        return variables_store(x->session, store->name, strlen(store->name), v, x);
    return variables_set(x->session, store->slot, v, x);
}

static void store(struct check *c, const struct plan_store *store, const stressor_value *root)
{
    const struct stressor_path *path = store->path;
    struct stressor_path *own = NULL;
    struct buf why;
    buf_init(&why, 4096);
    buf_printf(&why, "store_json '%s': ", store->name);
    if (path == NULL) {
        stressor_value text;
        const char *error = "the path is not text";
        if (!expanded(c, &store->path_text, &text))
            goto done;
        if (text.type == STRESSOR_STRING)
            own = path_new(text.as.string.ptr, text.as.string.length, &error);
        if (own == NULL) {
            buf_puts(&why, error);
            failed(c, STRESSOR_SCRIPT, "bad path", why.data);
            goto done;
        }
        path = own;
    }
    if (root->type != STRESSOR_MAP && root->type != STRESSOR_LIST) {
        buf_printf(&why, "the result is no JSON object or list but %s '",
                   value_type_name(root->type));
        excerpt(&why, root);
        buf_printf(&why, "'%s%s", c->x->not_json != NULL ? "; as JSON: " : "",
                   c->x->not_json != NULL ? c->x->not_json : "");
        failed(c, STRESSOR_ASSERTION, "store_json", why.data);
        goto done;
    }
    const stressor_value *v = path_get(path, root, &why);
    if (v == NULL)
        failed(c, STRESSOR_ASSERTION, "store_json", why.data);
    else if (!c->peek && !keep(c->x, store, v))
        failed(c, STRESSOR_GENERATOR, "memory", "out of memory for store_json");
done:
    path_free(own);
    buf_finish(&why);
}

bool exec_check(struct exec *x, const stressor_result *r, int64_t latency_ns, bool peek,
                stressor_failure *failure)
{
    const struct plan_common *common = &x->place->common;
    struct check c = {x, r, peek, failure};
    *failure = (stressor_failure){0};
    if (common->max_time.type != STRESSOR_NULL)
        check_max_time(&c, latency_ns);
    if (common->match_text.type != STRESSOR_NULL)
        check_match(&c);
    if (common->stores_count > 0) {
        const stressor_value *root = exec_value(x, r);
        if (root == NULL)
            failed(&c, STRESSOR_GENERATOR, "memory", "out of memory for the result");
        for (size_t i = 0; root != NULL && i < common->stores_count; i++)
            store(&c, &common->stores[i], root);
    }
    return failure->category == STRESSOR_NO_FAILURE;
}

/* --- debug: true ----------------------------------------------------------------------------- */

struct debug {
    struct exec *x;
    struct buf *out;
};

static void debug_variable(void *data, const char *name, uint64_t length,
                           const stressor_value *value)
{
    const struct debug *d = data;
    stressor_value shown = exec_shown(d->x, value);
    buf_printf(d->out, "\n    %.*s = ", (int)length, name);
    value_text(&shown, VALUE_TEXT_MASK | VALUE_TEXT_QUOTE, d->out);
}

void exec_debug(struct exec *x, const stressor_result *r, int64_t latency_ns)
{
    const struct plan_place *p = x->place;
    struct buf text;
    buf_init(&text, 256 << 10);
    buf_printf(&text, "%s %s: %.3f ms", x->session->id, p->label, (double)latency_ns / 1e6);
    for (uint32_t i = 0; i < x->pub.args_count; i++) {
        if (x->pub.args[i].type == STRESSOR_NULL)
            continue;
        buf_printf(&text, "\n    %s: ", p->type->args[i]->name);
        value_text(&x->pub.args[i], VALUE_TEXT_MASK | VALUE_TEXT_QUOTE, &text);
    }
    if (r->info.type == STRESSOR_MAP) {
        buf_puts(&text, "\n  info ");
        value_text(&r->info, VALUE_TEXT_MASK, &text);
    }
    const stressor_value *value = exec_value(x, r);
    if (value != NULL) {
        buf_puts(&text, "\n  result ");
        value_text(value, VALUE_TEXT_MASK | VALUE_TEXT_QUOTE, &text);
    }
    buf_puts(&text, "\n  context");
    variables_each(x->session, debug_variable, &(struct debug){x, &text});
    log_bytes(STRESSOR_LOG_INFO, text.data, text.length);
    buf_finish(&text);
}
