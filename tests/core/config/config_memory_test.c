/*
 * The way of a value from YAML to an expanded argument while memory runs out, at each allocation in
 * turn: every path ends in an error that is told, and nothing is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/container.h"
#include "base/diag.h"
#include "base/names.h"
#include "config/loader.h"
#include "config/schema.h"
#include "config/template.h"
#include "nomem.h"
#include <cmocka.h>

static const char text[] =
    "url: &u /item/$(id)/$(user.name)\n"
    "status: [200, '404', $(code)]\n"
    "headers: &h {A: *u, B: '$join($(id), \"x y\")', home: '$env(HOME, x)'}\n"
    "params: {<<: *h, C: 1}\n";

static int32_t join_texts(void *plugin, stressor_exec *exec, const stressor_value *args,
                          uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    (void)plugin;
    (void)exec;
    (void)failure;
    *out = args[args_count - 1];
    return 0;
}

static const char *const join_args[] = {"a", "b", NULL};
static const stressor_macro join_macro = {.size = sizeof join_macro,
                                          .kind = STRESSOR_MACRO_RUN_TIME,
                                          .name = "join",
                                          .args = join_args,
                                          .args_required = 2,
                                          .expand = join_texts};

static const stressor_macro *find_join(void *data, const char *name, size_t length, void **plugin)
{
    *plugin = data;
    return length == 4 && memcmp(name, "join", 4) == 0 ? &join_macro : NULL;
}

static const stressor_value id = {.type = STRESSOR_INT, .as.integer = 7};
static const stressor_arg url = {
    .size = sizeof url, .name = "url", .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_SECRET};
static const stressor_arg status = {.size = sizeof status,
                                    .name = "status",
                                    .types = STRESSOR_ARG_LIST | STRESSOR_ARG_INT,
                                    .items = STRESSOR_ARG_INT};
static const stressor_arg headers = {
    .size = sizeof headers, .name = "headers", .types = STRESSOR_ARG_MAP};
static const stressor_arg params = {
    .size = sizeof params, .name = "params", .types = STRESSOR_ARG_MAP};
static const stressor_arg *const args[] = {&url, &status, &headers, &params};

enum { ARGS = 4 };

/* Every variable is 7 but `user`, which is a map. */
struct values {
    const struct names *names;
    stressor_value user;
};

static const stressor_value *get(void *data, uint32_t slot)
{
    const struct values *v = data;
    const char *name = names_text(v->names, (int32_t)slot, NULL);
    if (strchr(name, '.') != NULL)
        return NULL;
    return strcmp(name, "user") == 0 ? &v->user : &id;
}

/* False: something failed, and said so. */
static bool expand_all(const stressor_value *values, struct values *variables, struct arena *a)
{
    for (size_t i = 0; i < ARGS; i++) {
        struct template_env env = {
            .variable = get, .data = variables, .variables = variables->names, .arena = a};
        stressor_failure failure = {0};
        stressor_value out;
        bool absent;
        if (!template_expand_value(&values[i], &env, &out, &failure)) {
            assert_non_null(failure.kind);
            assert_non_null(failure.text);
            assert_int_equal(failure.category, STRESSOR_GENERATOR);
            return false;
        }
        if (!schema_coerce(args[i], &out, a, &absent, NULL))
            return false;
    }
    return true;
}

static bool compile_all(struct arena *a, struct names *names, struct diag *d,
                        stressor_value values[ARGS])
{
    struct template_scope scope = {.variables = names, .macro = find_join, .diag = d};
    uint8_t states[ARGS];
    struct place places[ARGS];
    struct schema_table table = {args, ARGS, values, states, places};
    struct loader *l = loader_new(a, d, &scope);
    if (l == NULL)
        return false;
    struct node *n = loader_memory(l, text, sizeof text - 1, "s.yaml", NULL);
    bool fine = n != NULL && schema_bind(&table, 1, n, NULL, SCHEMA_UNKNOWN_ERROR, "X", &scope, a);
    loader_free(l);
    fine = fine && diag_errors(d) == 0;
    assert_int_equal(fine, diag_errors(d) == 0);
    return fine;
}

static bool make_user(struct arena *a, stressor_value *user)
{
    struct stressor_builder b;
    stressor_value name = stressor_string("ann");
    builder_init(&b, a);
    builder_map(&b);
    builder_key(&b, "name", 4);
    builder_value(&b, &name);
    builder_end(&b);
    return builder_finish(&b, user) == 0;
}

/* All of it, with memory for `calls` allocations. */
static bool attempt(long calls)
{
    struct arena plan, scratch;
    struct diag *d = diag_new();
    struct values variables;
    stressor_value values[ARGS];
    assert_non_null(d);
    arena_init(&plan, 128, 0);
    arena_init(&scratch, 16, 0);
    nomem_here(calls, true);
    struct names *names = names_new();
    variables.names = names;
    bool fine = names != NULL && make_user(&plan, &variables.user) &&
                compile_all(&plan, names, d, values) && expand_all(values, &variables, &scratch);
    nomem_end();
    arena_finish(&plan);
    arena_finish(&scratch);
    names_free(names);
    diag_free(d);
    return fine;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    long calls = 0;
    while (!attempt(calls)) {
        calls++;
        assert_in_range(calls, 0, 10000);
    }
    assert_in_range(calls, 20, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
