#include "config/template.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/regex.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "config/excerpt.h"
#include "config/macro_call.h"
#include "config/template_private.h"

/* A template while it is compiled. */
struct compiler {
    const struct template_scope *scope;
    struct arena *arena;
    const struct place *at;
    struct piece *pieces;
    size_t count;
    size_t capacity;
    unsigned depth;    /* of calls in arguments of calls */
    unsigned warnings; /* at most WARNINGS_MAX */
    struct span text;  /* the whole of it, ... */
    struct span core;  /* ... and without the white space around */
};

enum { WARNINGS_MAX = 8 };

static bool compile(struct compiler *c, const char *text, size_t length,
                    const struct template **out);

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static struct stressor_regex *name_regex;

static void name_regex_make(void)
{
    static const char pattern[] = "\\w[\\w.:]*\\Z";
    name_regex = regex_new(pattern, sizeof pattern - 1, REGEX_AT_START, NULL, 0);
}

/* Letters of other scripts are rare: only where there are any is a regex asked. */
bool template_names(const char *text, size_t length)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    bool ascii = true;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] >= 0x80)
            ascii = false;
        else if (!is_word(text[i]) && (i == 0 || (text[i] != '.' && text[i] != ':')))
            return false;
    if (ascii || length == 0)
        return length > 0;
    if (!utf8_valid(text, length))
        return false;
    pthread_once(&once, name_regex_make);
    return name_regex != NULL && regex_match(name_regex, text, length) == REGEX_YES;
}

/* Does `$( name )` begin here? Its length, or 0. */
static size_t scan_variable(const char *text, size_t length, struct span *name)
{
    size_t i = 2;
    if (length < 4 || text[1] != '(')
        return 0;
    while (i < length && is_space(text[i]))
        i++;
    size_t from = i;
    while (i < length &&
           ((unsigned char)text[i] >= 0x80 || is_word(text[i]) || text[i] == '.' || text[i] == ':'))
        i++;
    *name = (struct span){text + from, i - from};
    while (i < length && is_space(text[i]))
        i++;
    if (i == length || text[i] != ')' || !template_names(name->text, name->length))
        return 0;
    return i + 1;
}

static bool no_memory(struct compiler *c)
{
    return diag_error(c->scope->diag, c->at, "out of memory");
}

static struct piece *add_piece(struct compiler *c, enum piece_kind kind)
{
    if (c->count == TEMPLATE_PIECES_MAX) {
        diag_error(c->scope->diag, c->at, "more than %d macros in one text", TEMPLATE_PIECES_MAX);
        return NULL;
    }
    if (c->count == c->capacity) {
        size_t capacity = c->capacity == 0 ? 8 : c->capacity * 2;
        struct piece *more = realloc(c->pieces, capacity * sizeof *more);
        if (more == NULL) {
            no_memory(c);
            return NULL;
        }
        c->pieces = more;
        c->capacity = capacity;
    }
    struct piece *p = &c->pieces[c->count++];
    memset(p, 0, sizeof *p);
    p->kind = kind;
    return p;
}

static bool add_literal(struct compiler *c, const char *text, size_t length)
{
    if (length == 0)
        return true;
    struct piece *p = add_piece(c, PIECE_LITERAL);
    if (p != NULL)
        p->literal = (struct span){text, length};
    return p != NULL;
}

/* The parts behind the first dot. */
static bool split_way(struct compiler *c, struct variable *v, const char *dot)
{
    const char *end = v->name.text + v->name.length;
    for (const char *s = dot; s < end; s++)
        v->way_count += *s == '.';
    v->way = arena_alloc(c->arena, v->way_count * sizeof *v->way);
    if (v->way == NULL)
        return no_memory(c);
    const char *from = dot + 1;
    for (size_t i = 0; i < v->way_count; i++) {
        const char *next = memchr(from, '.', (size_t)(end - from));
        if (next == NULL)
            next = end;
        v->way[i] = (struct span){from, (size_t)(next - from)};
        from = next + 1;
    }
    return true;
}

static bool add_variable(struct compiler *c, const struct span *name)
{
    struct piece *p = add_piece(c, PIECE_VARIABLE);
    if (p == NULL)
        return false;
    struct variable *v = &p->variable;
    const char *dot = memchr(name->text, '.', name->length);
    size_t head_length = dot != NULL ? (size_t)(dot - name->text) : name->length;
    int32_t whole = names_add(c->scope->variables, name->text, name->length);
    int32_t head = names_add(c->scope->variables, name->text, head_length);
    if (whole < 0 || head < 0)
        return no_memory(c);
    v->whole = (uint32_t)whole;
    v->head = (uint32_t)head;
    v->name = *name;
    return dot == NULL || split_way(c, v, dot);
}

static bool check_args(struct compiler *c, const stressor_macro *m, const struct macro_call *call)
{
    struct buf why;
    buf_init(&why, 4096);
    bool fits = macro_call_fits(call, m, &why) || diag_error(c->scope->diag, c->at, "%s", why.data);
    buf_finish(&why);
    return fits;
}

static bool add_call(struct compiler *c, const stressor_macro *macro, void *plugin,
                     const struct macro_call *call)
{
    if (!check_args(c, macro, call))
        return false;
    if (c->depth == TEMPLATE_DEPTH_MAX)
        return diag_error(c->scope->diag, c->at, "macros nested deeper than %d levels",
                          TEMPLATE_DEPTH_MAX);
    struct call made = {.macro = macro, .plugin = plugin, .args_count = call->args_count};
    made.args = arena_zero(c->arena, call->args_count * sizeof *made.args);
    made.texts = arena_alloc(c->arena, call->args_count * sizeof *made.texts);
    if (made.args == NULL || made.texts == NULL)
        return no_memory(c);
    for (size_t i = 0; i < call->args_count; i++) {
        struct compiler inner = {
            .scope = c->scope, .arena = c->arena, .at = c->at, .depth = c->depth + 1};
        made.texts[i] = (struct span){call->args[i].text, call->args[i].length};
        bool fine = compile(&inner, made.texts[i].text, made.texts[i].length, &made.args[i]);
        free(inner.pieces);
        if (!fine)
            return false;
    }
    struct piece *p = add_piece(c, PIECE_CALL);
    if (p != NULL)
        p->call = made;
    return p != NULL;
}

static void offer_macro(void *to, const char *name)
{
    suggest_offer(to, name, strlen(name));
}

/* A call that stays literal: says so where that is hardly meant. `m`: a macro of that name. */
static void warn_literal(struct compiler *c, const stressor_macro *m, const char *name,
                         size_t length)
{
    struct diag *d = c->scope->diag;
    struct suggest near;
    int shown = length < 80 ? (int)length : 80;
    bool whole = c->core.text == name - 1 && c->core.text[c->core.length - 1] == ')';
    if (c->warnings == WARNINGS_MAX)
        return;
    c->warnings++;
    if (m != NULL) {
        if (whole && m->kind == STRESSOR_MACRO_ACTIVITY)
            diag_warn(d, c->at, "$%.*s stands for an activity; here it is plain text", shown, name);
        return;
    }
    suggest_init(&near, name, length);
    if (c->scope->macro_names != NULL)
        c->scope->macro_names(c->scope->data, offer_macro, &near);
    offer_macro(&near, "load");
    offer_macro(&near, "env");
    bool own = near.best != NULL && near.best_length == length &&
               memcmp(near.best, name, length) == 0; /* $load inside a text is plain text */
    if (near.best != NULL && !own)
        diag_warn(d, c->at, "nobody provides a macro '$%.*s'; did you mean '$%.*s'?", shown, name,
                  (int)near.best_length, near.best);
    else if (whole && !own)
        diag_warn(d, c->at, "nobody provides a macro '$%.*s'; it is plain text", shown, name);
}

/* What begins with `$name(` at `at`, after the literal that begins at `from`. `*end`: behind it;
 * left alone when it is literal too. */
static bool compile_call(struct compiler *c, size_t from, size_t at, size_t name_length,
                         size_t *end)
{
    const struct template_scope *s = c->scope;
    void *plugin = NULL;
    const char *text = c->text.text + at;
    const stressor_macro *m =
        s->macro != NULL ? s->macro(s->data, text + 1, name_length, &plugin) : NULL;
    if (m == NULL || m->kind != STRESSOR_MACRO_RUN_TIME || m->expand == NULL) {
        warn_literal(c, m, text + 1, name_length);
        return true;
    }
    struct macro_call call;
    size_t length;
    switch (macro_call_scan(text, c->text.length - at, &call, &length)) {
    case MACRO_CALL_OPEN:
        return diag_error(s->diag, c->at, "$%s has no closing parenthesis", m->name);
    case MACRO_CALL_TOO_MANY:
        return diag_error(s->diag, c->at, "$%s has too many arguments", m->name);
    default: break;
    }
    *end = at + length;
    return add_literal(c, c->text.text + from, at - from) && add_call(c, m, plugin, &call);
}

/* Fills `c->pieces`; none when there is no macro. */
static bool split(struct compiler *c)
{
    const char *text = c->text.text;
    size_t length = c->text.length, from = 0; /* of the literal before the next macro */
    for (size_t i = 0; i < length;) {
        const char *dollar = memchr(text + i, '$', length - i);
        if (dollar == NULL)
            break;
        i = (size_t)(dollar - text);
        struct span name;
        size_t name_length, end = i;
        size_t variable = scan_variable(dollar, length - i, &name);
        if (variable > 0) {
            end = i + variable;
            if (!add_literal(c, text + from, i - from) || !add_variable(c, &name))
                return false;
        } else if (macro_call_name(dollar, length - i, &name_length) &&
                   !compile_call(c, from, i, name_length, &end)) {
            return false;
        }
        if (end > i)
            from = end;
        i = end > i ? end : i + 1;
    }
    return c->count == 0 || add_literal(c, text + from, length - from);
}

static void set_text(struct compiler *c, const char *text, size_t length)
{
    c->text = c->core = (struct span){text, length};
    while (c->core.length > 0 && is_space(c->core.text[0])) {
        c->core.text++;
        c->core.length--;
    }
    while (c->core.length > 0 && is_space(c->core.text[c->core.length - 1]))
        c->core.length--;
}

static bool is_blank(const struct piece *p)
{
    if (p->kind != PIECE_LITERAL)
        return false;
    for (size_t i = 0; i < p->literal.length; i++)
        if (!is_space(p->literal.text[i]))
            return false;
    return true;
}

/* White space around a single macro does not count. */
static void trim(struct compiler *c)
{
    size_t first = is_blank(&c->pieces[0]) ? 1 : 0;
    size_t last = c->count - (c->count > first && is_blank(&c->pieces[c->count - 1]) ? 1 : 0);
    if (last - first != 1)
        return;
    c->pieces[0] = c->pieces[first];
    c->count = 1;
}

static bool compile(struct compiler *c, const char *text, size_t length,
                    const struct template **out)
{
    *out = NULL;
    if (length == 0 || memchr(text, '$', length) == NULL)
        return true;
    set_text(c, text, length);
    if (!split(c))
        return false;
    if (c->count == 0)
        return true;
    trim(c);
    struct template *t = arena_zero(c->arena, sizeof *t);
    struct piece *pieces = arena_alloc(c->arena, c->count * sizeof *pieces);
    if (t == NULL || pieces == NULL)
        return no_memory(c);
    memcpy(pieces, c->pieces, c->count * sizeof *pieces);
    t->at = *c->at;
    t->source = (struct span){text, length};
    t->alone = c->count == 1;
    t->count = c->count;
    t->pieces = pieces;
    *out = t;
    return true;
}

bool template_compile(const struct template_scope *scope, struct arena *a, const struct place *at,
                      const char *text, size_t length, const struct template **out)
{
    struct compiler c = {.scope = scope, .arena = a, .at = at};
    bool macros = length > 0 && memchr(text, '$', length) != NULL;
    *out = NULL;
    if (!macros)
        return true;
    /* Pieces point into the text: into a copy that lives as long as they do. */
    const char *copy = arena_copy(a, text, length);
    bool fine = copy != NULL ? compile(&c, copy, length, out) : no_memory(&c);
    free(c.pieces);
    return fine;
}

const struct place *template_place(const struct template *t)
{
    return &t->at;
}

const char *template_source(const struct template *t, size_t *length)
{
    if (length != NULL)
        *length = t->source.length;
    return t->source.text;
}
