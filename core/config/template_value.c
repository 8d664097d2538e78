/*
 * A node of the scenario as a value with templates in it.
 */
#include "config/template.h"

static bool no_memory(const struct template_scope *scope, const struct node *n)
{
    return diag_error(scope->diag, &n->at, "out of memory");
}

static bool scalar_value(const struct template_scope *scope, struct arena *a, const struct node *n,
                         bool raw, stressor_value *out)
{
    const struct template *t = NULL;
    *out = n->scalar;
    if (raw || n->script || n->literal || n->scalar.type != STRESSOR_STRING)
        return true;
    if (!template_compile(scope, a, &n->at, n->text, n->length, &t))
        return false;
    if (t == NULL)
        return true;
    out->flags |= VALUE_TEMPLATE;
    out->as.string.ptr = (const void *)t;
    out->as.string.length = 0;
    return true;
}

bool template_node_value(const struct template_scope *scope, struct arena *a, const struct node *n,
                         bool raw, stressor_value *out)
{
    *out = stressor_null();
    if (n->kind == NODE_SCALAR)
        return scalar_value(scope, a, n, raw, out);
    struct stressor_builder b;
    bool fine = true;
    builder_init(&b, a);
    if (n->kind == NODE_MAP)
        builder_map(&b);
    else
        builder_list(&b);
    for (size_t i = 0; i < n->count; i++) {
        const struct node *child = n->kind == NODE_MAP ? n->entries[i].value : n->items[i];
        stressor_value v;
        fine &= template_node_value(scope, a, child, raw, &v);
        if (n->kind == NODE_MAP) {
            size_t length;
            const char *key = node_key_name(n->entries[i].key, &length);
            builder_key(&b, key, length);
        }
        builder_value(&b, &v);
    }
    builder_end(&b);
    if (builder_finish(&b, out) != 0) {
        *out = stressor_null();
        return no_memory(scope, n);
    }
    return fine;
}
