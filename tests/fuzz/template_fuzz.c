/*
 * Any bytes as a text with macros: compiled, then expanded among variables of which some are made
 * from the same bytes, so that they refer to each other and to themselves.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/template.h"

enum { SLOTS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static int32_t echo(void *plugin, stressor_exec *exec, const stressor_value *args,
                    uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    (void)plugin;
    (void)exec;
    (void)failure;
    *out = args_count > 0 ? args[0] : stressor_null();
    return args_count > 2 ? -1 : 0;
}

static const stressor_macro macro = {
    .size = sizeof macro, .kind = STRESSOR_MACRO_RUN_TIME, .name = "f", .expand = echo};

static const stressor_macro *find_macro(void *data, const char *name, size_t length, void **plugin)
{
    *plugin = data;
    return length == 1 && *name == 'f' ? &macro : NULL;
}

static void offer_macros(void *data, void (*each)(void *to, const char *name), void *to)
{
    (void)data;
    each(to, macro.name);
}

/* The slots in turn: the template itself, unset, an integer, a map that holds the template. */
struct variables {
    stressor_value kinds[4];
};

static const stressor_value *variable(void *data, uint32_t slot)
{
    struct variables *v = data;
    return slot % 4 == 1 || slot >= SLOTS * 4 ? NULL : &v->kinds[slot % 4];
}

static void expand(const struct template *t, const struct names *names, struct arena *a)
{
    struct variables v = {{stressor_null(), stressor_null(), stressor_int(-7), stressor_null()}};
    struct stressor_builder b;
    stressor_value out;
    stressor_failure failure = {0};
    v.kinds[0].type = STRESSOR_STRING;
    v.kinds[0].flags = VALUE_TEMPLATE;
    v.kinds[0].as.string.ptr = (const void *)t;
    builder_init(&b, a);
    builder_map(&b);
    builder_key(&b, "a", 1);
    builder_value(&b, &v.kinds[0]);
    builder_key(&b, "b", 1);
    builder_value(&b, &v.kinds[2]);
    builder_end(&b);
    if (builder_finish(&b, &v.kinds[3]) != 0)
        return;
    struct template_env env = {.variable = variable, .data = &v, .variables = names, .arena = a};
    bool fine = template_expand(t, &env, &out, &failure);
    require(env.depth == 0);
    if (fine)
        require((out.flags & (VALUE_TEMPLATE | VALUE_TEMPLATES)) == 0);
    else
        require(failure.text != NULL && failure.kind != NULL && failure.category != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct diag *d = diag_new();
    struct names *names = names_new();
    struct place at = {"fuzz.yaml", 1, 1};
    const struct template *t = NULL;
    struct template_scope scope = {
        .variables = names, .macro = find_macro, .macro_names = offer_macros, .diag = d};
    arena_init(&a, 4096, 8u << 20);
    if (d != NULL && names != NULL) {
        bool fine = template_compile(&scope, &a, &at, (const char *)data, size, &t);
        require(fine == (diag_errors(d) == 0));
        if (fine && t != NULL)
            expand(t, names, &a);
    }
    arena_finish(&a);
    names_free(names);
    diag_free(d);
    return 0;
}
