/*
 * Expanding templates. What comes out lives in the arena of the environment, or is borrowed from
 * the variables.
 */
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "config/excerpt.h"
#include "config/template_private.h"

enum { SMALL_PIECES = 12 };

/* Kinds of failures, which errors are grouped by. */
static const char unknown_variable[] = "unknown variable";
static const char macro_loop[] = "macro loop";
static const char text_too_long[] = "text too long";
static const char out_of_memory[] = "out of memory";
static const char macro_failed[] = "macro";

struct expansion {
    struct template_env *env;
    stressor_failure *failure;
    bool hide; /* the template's own text must not be shown */
};

static bool expand(const struct template *t, const struct expansion *x, stressor_value *out);
static bool expand_value(const stressor_value *in, const struct expansion *x, stressor_value *out);

static bool fail(const struct expansion *x, uint32_t category, const char *kind, const char *text,
                 size_t length)
{
    const char *copy = arena_copy(x->env->arena, text, length);
    *x->failure = (stressor_failure){.category = category, .kind = kind};
    x->failure->text = copy != NULL ? copy : kind;
    x->failure->length = copy != NULL ? length : strlen(kind);
    return false;
}

static bool no_memory(const struct expansion *x)
{
    return fail(x, STRESSOR_GENERATOR, out_of_memory, out_of_memory, sizeof out_of_memory - 1);
}

/* Appends " in 'the source' (scenario.yaml:12:9)". */
static void put_source(const struct expansion *x, const struct template *t, struct buf *out)
{
    char shown[EXCERPT_MAX];
    if (!x->hide) {
        excerpt_text(t->source.text, t->source.length, shown, sizeof shown);
        buf_printf(out, " in %s", shown);
    }
    if (t->at.file != NULL)
        buf_printf(out, " (%s:%u:%u)", t->at.file, t->at.line, t->at.column);
}

static bool fail_at(const struct expansion *x, const struct template *t, const char *kind,
                    const char *what)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_puts(&text, what);
    put_source(x, t, &text);
    fail(x, STRESSOR_SCRIPT, kind, text.data, text.length);
    buf_finish(&text);
    return false;
}

static bool fail_unknown(const struct expansion *x, const struct template *t,
                         const struct variable *v)
{
    struct buf text;
    char shown[EXCERPT_MAX];
    buf_init(&text, 4096);
    excerpt_text(v->name.text, v->name.length, shown, sizeof shown);
    buf_printf(&text, "unknown variable %s", shown);
    put_source(x, t, &text);
    template_explain_unknown(v, x->env, &text);
    fail(x, STRESSOR_SCRIPT, unknown_variable, text.data, text.length);
    buf_finish(&text);
    return false;
}

static const stressor_value *variable(const struct template_env *env, uint32_t slot)
{
    return env->variable != NULL ? env->variable(env->data, slot) : NULL;
}

static bool expand_variable(const struct variable *v, const struct template *t,
                            const struct expansion *x, stressor_value *out)
{
    const stressor_value *found = variable(x->env, v->whole);
    stressor_value head;
    if (found == NULL && v->way_count > 0 && (found = variable(x->env, v->head)) != NULL) {
        if ((found->flags & VALUE_TEMPLATE) != 0) {
            if (!expand_value(found, x, &head))
                return false;
            found = &head;
        }
        for (size_t i = 0; i < v->way_count && found != NULL; i++)
            found = value_get(found, v->way[i].text, v->way[i].length);
    }
    if (found == NULL)
        return fail_unknown(x, t, v);
    if ((found->flags & (VALUE_TEMPLATE | VALUE_TEMPLATES)) == 0) {
        *out = *found;
        return true;
    }
    return expand_value(found, x, out);
}

/* The text form, in the arena unless it is a string already. */
static bool to_text(const struct expansion *x, const stressor_value *v, stressor_value *out)
{
    if (v->type == STRESSOR_STRING) {
        *out = *v;
        return true;
    }
    struct buf text;
    buf_init(&text, TEMPLATE_TEXT_MAX);
    bool secret = value_text(v, 0, &text);
    const char *copy = text.failed ? NULL : arena_copy(x->env->arena, text.data, text.length);
    *out = stressor_string_n(copy, text.length);
    out->flags = secret || (v->flags & STRESSOR_SECRET) != 0 ? STRESSOR_SECRET : 0;
    buf_finish(&text);
    return copy != NULL || no_memory(x);
}

static bool call_failed(const struct call *c, const struct template *t, const struct expansion *x,
                        const stressor_failure *from)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_printf(&text, "$%s: ", c->macro->name);
    if (from->text != NULL)
        buf_put_shown(&text, from->text, (size_t)(from->length < 2048 ? from->length : 2048));
    else
        buf_puts(&text, "failed");
    put_source(x, t, &text);
    fail(x, from->category != STRESSOR_NO_FAILURE ? from->category : STRESSOR_SCRIPT,
         from->kind != NULL ? from->kind : macro_failed, text.data, text.length);
    buf_finish(&text);
    return false;
}

static bool expand_call(const struct call *c, const struct template *t, const struct expansion *x,
                        stressor_value *out)
{
    stressor_value
        args[sizeof((struct macro_call *)0)->args / sizeof *((struct macro_call *)0)->args];
    stressor_failure failure = {0};
    uint32_t secret = 0;
    for (size_t i = 0; i < c->args_count; i++) {
        stressor_value v;
        if (c->args[i] == NULL)
            args[i] = stressor_string_n(c->texts[i].text, c->texts[i].length);
        else if (!expand(c->args[i], x, &v) || !to_text(x, &v, &args[i]))
            return false;
        secret |= args[i].flags & STRESSOR_SECRET;
    }
    *out = stressor_null();
    if (c->macro->expand(c->plugin, x->env->exec, args, (uint32_t)c->args_count, out, &failure) < 0)
        return call_failed(c, t, x, &failure);
    out->flags &= STRESSOR_SECRET;
    return secret == 0 || value_make_secret(x->env->arena, out) || no_memory(x);
}

static bool expand_piece(const struct piece *p, const struct template *t, const struct expansion *x,
                         stressor_value *out)
{
    if (p->kind == PIECE_LITERAL) {
        *out = stressor_string_n(p->literal.text, p->literal.length);
        return true;
    }
    if (++x->env->pieces > TEMPLATE_PIECES_MAX)
        return fail_at(x, t, macro_loop, "too many macros within macros");
    return p->kind == PIECE_VARIABLE ? expand_variable(&p->variable, t, x, out)
                                     : expand_call(&p->call, t, x, out);
}

/* How many bytes a value takes as text, at most; in digits for integers. */
static uint64_t text_room(const stressor_value *v)
{
    return v->type == STRESSOR_INT ? 20 : v->as.string.length;
}

static char *put_int(char *at, int64_t number)
{
    char digits[20];
    size_t used = 0;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[used++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0)
        *at++ = '-';
    while (used > 0)
        *at++ = digits[--used];
    return at;
}

static bool join(const struct template *t, const struct expansion *x, stressor_value *values,
                 stressor_value *out)
{
    uint64_t room = 1;
    uint32_t secret = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (!expand_piece(&t->pieces[i], t, x, &values[i]))
            return false;
        if (values[i].type != STRESSOR_INT && values[i].type != STRESSOR_STRING &&
            !to_text(x, &values[i], &values[i]))
            return false;
        secret |= values[i].flags & STRESSOR_SECRET;
        room += text_room(&values[i]);
        if (room > TEMPLATE_TEXT_MAX)
            return fail_at(x, t, text_too_long, "the text grows too long");
    }
    char *text = arena_alloc(x->env->arena, (size_t)room), *at = text;
    if (text == NULL)
        return no_memory(x);
    for (size_t i = 0; i < t->count; i++) {
        if (values[i].type == STRESSOR_INT) {
            at = put_int(at, values[i].as.integer);
        } else if (values[i].as.string.length > 0) {
            memcpy(at, values[i].as.string.ptr, (size_t)values[i].as.string.length);
            at += values[i].as.string.length;
        }
    }
    *at = '\0';
    *out = stressor_string_n(text, (size_t)(at - text));
    out->flags = secret;
    return true;
}

static bool expand(const struct template *t, const struct expansion *x, stressor_value *out)
{
    stressor_value small[SMALL_PIECES], *values = small;
    if (x->env->depth >= TEMPLATE_DEPTH_MAX)
        return fail_at(x, t, macro_loop, "macros within macros without end");
    if (t->count > SMALL_PIECES) {
        values = arena_alloc(x->env->arena, t->count * sizeof *values);
        if (values == NULL)
            return no_memory(x);
    }
    x->env->depth++;
    bool fine = t->alone ? expand_piece(&t->pieces[0], t, x, out) : join(t, x, values, out);
    x->env->depth--;
    return fine;
}

static bool expand_container(const stressor_value *in, const struct expansion *x,
                             stressor_value *out)
{
    struct stressor_builder b;
    bool map = in->type == STRESSOR_MAP;
    uint64_t count = map ? in->as.map.count : in->as.list.count;
    builder_init(&b, x->env->arena);
    if (map)
        builder_map(&b);
    else
        builder_list(&b);
    for (uint64_t i = 0; i < count && b.error == 0; i++) {
        const char *key = NULL;
        uint64_t key_length = 0;
        const stressor_value *item = map ? value_entry(in, i, &key, &key_length) : value_at(in, i);
        stressor_value v;
        if (!expand_value(item, x, &v))
            return false;
        if (map)
            builder_key(&b, key, (size_t)key_length);
        builder_value(&b, &v);
    }
    builder_end(&b);
    if (builder_finish(&b, out) != 0)
        return no_memory(x);
    out->flags |= in->flags & STRESSOR_SECRET;
    return true;
}

static bool expand_value(const stressor_value *in, const struct expansion *x, stressor_value *out)
{
    if ((in->flags & VALUE_TEMPLATES) != 0)
        return expand_container(in, x, out);
    if ((in->flags & VALUE_TEMPLATE) == 0) {
        *out = *in;
        return true;
    }
    struct expansion inner = *x;
    inner.hide = x->hide || (in->flags & STRESSOR_SECRET) != 0;
    const struct template *t = (const void *)in->as.string.ptr;
    if (!expand(t, &inner, out))
        return false;
    return (in->flags & STRESSOR_SECRET) == 0 || value_make_secret(x->env->arena, out) ||
           no_memory(x);
}

/* The ceiling on pieces is one of each expansion that is asked for from outside. */
static void begin(struct template_env *env)
{
    if (env->depth == 0)
        env->pieces = 0;
}

bool template_expand(const struct template *t, struct template_env *env, stressor_value *out,
                     stressor_failure *failure)
{
    begin(env);
    return expand(t, &(struct expansion){env, failure, false}, out);
}

bool template_expand_value(const stressor_value *in, struct template_env *env, stressor_value *out,
                           stressor_failure *failure)
{
    begin(env);
    return expand_value(in, &(struct expansion){env, failure, false}, out);
}

/* Offers the names of variables that are set. */
static void suggest_variable(const struct template_env *env, struct suggest *near)
{
    size_t count = env->variables != NULL ? names_count(env->variables) : 0;
    for (size_t i = 0; i < count; i++) {
        size_t length;
        const char *name = names_text(env->variables, (int32_t)i, &length);
        if (variable(env, (uint32_t)i) != NULL)
            suggest_offer(near, name, length);
    }
}

/* Offers the keys of a map. */
static void suggest_key(const stressor_value *map, struct suggest *near)
{
    for (uint64_t i = 0; i < map->as.map.count; i++) {
        const char *key;
        uint64_t length;
        if (value_entry(map, i, &key, &length) != NULL)
            suggest_offer(near, key, (size_t)length);
    }
}

/* The variable is there; the way into it breaks off. */
static void explain_way(const struct variable *v, const stressor_value *at, struct buf *out)
{
    size_t i = 0;
    while (i < v->way_count && at->type == STRESSOR_MAP) {
        const stressor_value *next = value_get(at, v->way[i].text, v->way[i].length);
        if (next == NULL)
            break;
        at = next;
        i++;
    }
    if (i == v->way_count)
        return;
    int before = (int)(v->way[i].text - 1 - v->name.text);
    if (at->type != STRESSOR_MAP) {
        buf_printf(out, "; '%.*s' is no map, but %s", before, v->name.text,
                   (at->flags & VALUE_TEMPLATE) != 0 ? "a macro" : value_type_name(at->type));
        return;
    }
    struct suggest near;
    suggest_init(&near, v->way[i].text, v->way[i].length);
    suggest_key(at, &near);
    if (near.best == NULL) {
        buf_printf(out, "; '%.*s' has no '%.*s'", before, v->name.text, (int)v->way[i].length,
                   v->way[i].text);
        return;
    }
    const char *rest = v->way[i].text + v->way[i].length;
    buf_printf(out, "; did you mean '%.*s.%.*s%.*s'?", before, v->name.text, (int)near.best_length,
               near.best, (int)(v->name.text + v->name.length - rest), rest);
}

void template_explain_unknown(const struct variable *v, const struct template_env *env,
                              struct buf *out)
{
    const stressor_value *head = v->way_count > 0 ? variable(env, v->head) : NULL;
    if (head != NULL) {
        explain_way(v, head, out);
        return;
    }
    struct suggest near;
    suggest_init(&near, v->name.text, v->name.length);
    suggest_variable(env, &near);
    const char *rest = v->name.text + v->name.length;
    if (near.best == NULL && v->way_count > 0) { /* is the part before the dot misspelt? */
        rest = v->way[0].text - 1;
        suggest_init(&near, v->name.text, (size_t)(rest - v->name.text));
        suggest_variable(env, &near);
    }
    if (near.best != NULL)
        buf_printf(out, "; did you mean '%.*s%.*s'?", (int)near.best_length, near.best,
                   (int)(v->name.text + v->name.length - rest), rest);
}
