#include "plan/compile.h"

#include <string.h>

/* The section `sessions`: who acts, how many at once, how they start. */

#define ARG(NAME, ...) static const stressor_arg NAME = {.size = sizeof(stressor_arg), __VA_ARGS__}

/* SECRET: no message shows what stands in them. */
ARG(arg_users, .name = "users", .types = STRESSOR_ARG_LIST,
    .flags = STRESSOR_ARG_RAW | STRESSOR_ARG_SECRET,
    .help = "maps with name (which is shown), password and anything else, dealt round robin");
ARG(arg_count, .name = "count", .types = STRESSOR_ARG_INT, .min = 1, .max = PLAN_SESSIONS_MAX,
    .fallback = "1", .help = "number of sessions");
ARG(arg_duration, .name = "duration", .types = STRESSOR_ARG_DURATION, .fallback = "0",
    .help = "stop looping when a session is this old; `end` still runs");
ARG(arg_ramp, .name = "ramp_up_delay", .types = STRESSOR_ARG_DURATION | STRESSOR_ARG_LIST,
    .items = STRESSOR_ARG_DURATION, .fallback = "0",
    .help = "pause between the starts of one session and the next; [min, max] for a random one");

enum session_arg { USERS, COUNT, DURATION, RAMP, ARGS };
static const stressor_arg *const session_args[ARGS] = {
    [USERS] = &arg_users, [COUNT] = &arg_count, [DURATION] = &arg_duration, [RAMP] = &arg_ramp};

const stressor_arg *compile_sessions_arg(size_t index)
{
    return index < ARGS ? session_args[index] : NULL;
}

/* Names and passwords may look like numbers: their text counts, as the file has it. */
static bool identity(struct compile *c, const struct node *user, const char *key, bool null_fine,
                     stressor_value *out)
{
    const struct node *n = node_get(user, key);
    if (n == NULL)
        return diag_error(
            c->diag, &user->at,
            "missing key '%s' of a user: expected {name: NAME, password: PASSWORD, …}", key);
    if (n->broken)
        return false;
    if (n->kind != NODE_SCALAR || (n->scalar.type == STRESSOR_NULL && !null_fine))
        return diag_error(c->diag, &n->at, "key '%s' of a user: expected text, found %s", key,
                          node_kind_text(n));
    if (n->scalar.type == STRESSOR_NULL)
        return *out = stressor_null(), true;
    if (n->scalar.type != STRESSOR_STRING) {
        *out = stressor_string_n(n->text, n->length);
        return true;
    }
    return template_node_value(&c->scope, &c->plan->arena, n, false, out);
}

static bool finish_user(struct compile *c, const struct node *n, const stressor_value *name,
                        const stressor_value *password, stressor_value *out)
{
    struct stressor_builder b;
    builder_init(&b, &c->plan->arena);
    builder_map(&b);
    builder_key(&b, "name", strlen("name"));
    builder_value(&b, name);
    builder_key(&b, "password", strlen("password"));
    builder_value(&b, password);
    builder_key(&b, "auth", strlen("auth"));
    if (password->type == STRESSOR_NULL) {
        builder_value(&b, password);
    } else {
        builder_list(&b);
        builder_value(&b, name);
        builder_value(&b, password);
        builder_end(&b);
    }
    for (size_t i = 0; n != NULL && i < n->count; i++) {
        const struct node *key = n->entries[i].key;
        stressor_value v;
        if (strcmp(key->text, "name") == 0 || strcmp(key->text, "password") == 0)
            continue;
        if (!template_node_value(&c->scope, &c->plan->arena, n->entries[i].value, false, &v))
            return false;
        builder_key(&b, key->text, key->length);
        builder_value(&b, &v);
    }
    builder_end(&b);
    return builder_finish(&b, out) == STRESSOR_OK || diag_error(c->diag, NULL, "out of memory");
}

static bool compile_user(struct compile *c, const struct node *n, stressor_value *out)
{
    if (n->broken)
        return false;
    if (n->kind != NODE_MAP)
        return diag_error(c->diag, &n->at,
                          "expected a user as a map with 'name' and 'password', found %s",
                          node_kind_text(n));
    stressor_value name, password;
    bool good = identity(c, n, "name", false, &name);
    if (!identity(c, n, "password", true, &password) || !good)
        return false;
    if (password.type != STRESSOR_NULL && !value_make_secret(&c->plan->arena, &password))
        return diag_error(c->diag, NULL, "out of memory");
    return finish_user(c, n, &name, &password, out);
}

static void compile_users(struct compile *c, const struct node *list)
{
    struct stressor_plan *plan = c->plan;
    bool some = list != NULL && list->kind == NODE_LIST && list->count > 0;
    plan->users = compile_alloc(c, (some ? list->count : 1) * sizeof *plan->users);
    if (plan->users == NULL)
        return;
    if (!some) {
        stressor_value name = stressor_string("anonymous"), password = stressor_string("");
        if (finish_user(c, NULL, &name, &password, &plan->users[0]))
            plan->users_count = 1;
        return;
    }
    for (size_t i = 0; i < list->count; i++)
        if (compile_user(c, list->items[i], &plan->users[plan->users_count]))
            plan->users_count++;
}

static void compile_ramp(struct compile *c, const stressor_value *v, const struct node *at)
{
    struct stressor_plan *plan = c->plan;
    if (v->type == STRESSOR_INT)
        plan->ramp_min_ns = plan->ramp_max_ns = v->as.integer;
    if (v->type != STRESSOR_LIST)
        return;
    if (v->as.list.count == PLAN_RAMP_MAX) {
        plan->ramp_min_ns = value_at(v, 0)->as.integer;
        plan->ramp_max_ns = value_at(v, 1)->as.integer;
    }
    const char *wrong = v->as.list.count != PLAN_RAMP_MAX ? "a duration or [min, max]"
                        : plan->ramp_min_ns > plan->ramp_max_ns
                            ? "[min, max], the smaller one first"
                            : NULL;
    if (wrong != NULL)
        compile_expected(c, at, "key 'ramp_up_delay' of section 'sessions': expected %s", wrong);
}

void compile_sessions(struct compile *c)
{
    struct node none = {.kind = NODE_MAP, .at = c->root->at};
    struct node *map = compile_section(c, "sessions", false);
    if (map == NULL)
        map = &none;
    stressor_value values[ARGS];
    memset(values, 0, sizeof values);
    bool good = compile_bind_section(c, "sessions", map, session_args, ARGS, values,
                                     SCHEMA_UNKNOWN_WARN, &c->plan->session_settings);
    compile_users(c, node_get(map, "users"));
    if (!good)
        return;
    c->plan->sessions_count = (uint64_t)values[COUNT].as.integer;
    c->plan->session_duration_ns = values[DURATION].as.integer;
    compile_ramp(c, &values[RAMP], node_get(map, "ramp_up_delay"));
}
