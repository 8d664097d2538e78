#include "command.h"

#include <string.h>
#include <unistd.h>

#include <stressor/log.h>

static const char kind[] = "bad argument";
static const char needs_shell[] =
    "expected a list, such as [ls, -l]; a text is run by a shell only with `shell: true`";
static const char needs_text[] = "with `shell: true` expected a text";
static const char no_words[] = "expected at least the name of a program";
static const char too_many_words[] = "expected at most 4096 words";
static const char no_program[] = "the name of the program is empty";
static const char bad_text[] = "a word of a command, or a variable of its environment, cannot hold "
                               "NUL nor more than 131072 bytes";
static const char too_many[] = "expected at most 4096 variables";
static const char bad_name[] = "the name of a variable is not empty and holds neither '=' nor NUL";
static const char no_exit[] = "the list is empty, so that no exit code is right";

_Static_assert(COMMAND_WORDS_MAX == 4096 && COMMAND_TEXT_MAX == 131072, "as the texts say");

/* --- mistakes ----------------------------------------------------------------------------------
 * NULL: there is none. Numbers, whose texts are short, always fit.
 */

static bool fits(const stressor_value *v, uint64_t prefix_length)
{
    uint64_t length = v->as.string.length;
    return v->type != STRESSOR_STRING ||
           (length + prefix_length <= COMMAND_TEXT_MAX &&
            (length == 0 || memchr(v->as.string.ptr, '\0', length) == NULL));
}

static const char *command_mistake(const stressor_host *host, const stressor_value *command,
                                   const stressor_value *shell)
{
    if ((shell->as.integer != 0) != (command->type == STRESSOR_STRING))
        return shell->as.integer != 0 ? needs_text : needs_shell;
    if (command->type == STRESSOR_STRING)
        return fits(command, 0) ? NULL : bad_text;
    if (command->as.list.count == 0 || command->as.list.count > COMMAND_WORDS_MAX)
        return command->as.list.count == 0 ? no_words : too_many_words;
    const stressor_value *name = host->list_at(command, 0);
    if (name->type == STRESSOR_STRING && name->as.string.length == 0)
        return no_program;
    for (uint64_t i = 0; i < command->as.list.count; i++)
        if (!fits(host->list_at(command, i), 0))
            return bad_text;
    return NULL;
}

static bool is_name(const char *name, uint64_t length)
{
    return length > 0 && memchr(name, '=', length) == NULL && memchr(name, '\0', length) == NULL;
}

static const char *environment_mistake(const stressor_host *host, const stressor_value *map)
{
    uint64_t count = map->type == STRESSOR_MAP ? map->as.map.count : 0;
    if (count > COMMAND_WORDS_MAX)
        return too_many;
    for (uint64_t i = 0; i < count; i++) {
        const char *name;
        uint64_t length;
        const stressor_value *v = host->map_at(map, i, &name, &length);
        if (!is_name(name, length))
            return bad_name;
        if (!fits(v, length + 1))
            return bad_text;
    }
    return NULL;
}

static const char *exit_mistake(const stressor_value *expected)
{
    return expected->type == STRESSOR_LIST && expected->as.list.count == 0 ? no_exit : NULL;
}

/* --- words -------------------------------------------------------------------------------------
 */

/* A text that ends in NUL, with `prefix` before it. NULL: the failure is filled in. */
static char *word(stressor_exec *exec, const char *prefix, size_t prefix_length,
                  const stressor_value *v, stressor_failure *failure)
{
    stressor_value text;
    if (exec->host->value_text(exec, v, &text) != STRESSOR_OK) {
        stressor_fail(exec, failure, STRESSOR_GENERATOR, "memory", "out of memory");
        return NULL;
    }
    size_t length = text.as.string.length;
    char *out = exec->host->scratch(exec, prefix_length + length + 1);
    if (out == NULL) {
        stressor_fail(exec, failure, STRESSOR_GENERATOR, "memory", "out of memory");
        return NULL;
    }
    memcpy(out, prefix, prefix_length);
    if (length > 0)
        memcpy(out + prefix_length, text.as.string.ptr, length);
    out[prefix_length + length] = '\0';
    return out;
}

static char **list_of(stressor_exec *exec, size_t count, stressor_failure *failure)
{
    char **list = exec->host->scratch(exec, (count + 1) * sizeof *list);
    if (list == NULL)
        stressor_fail(exec, failure, STRESSOR_GENERATOR, "memory", "out of memory");
    else
        list[count] = NULL;
    return list;
}

static bool shell_words(struct command *c, stressor_exec *exec, stressor_failure *failure)
{
    static char shell[] = "/bin/sh", dash_c[] = "-c";
    c->name = "the shell";
    c->words = list_of(exec, 3, failure);
    if (c->words == NULL)
        return false;
    c->words[0] = shell;
    c->words[1] = dash_c;
    c->words[2] = word(exec, "", 0, &exec->args[ARG_COMMAND], failure);
    return c->words[2] != NULL;
}

static bool list_words(struct command *c, stressor_exec *exec, stressor_failure *failure)
{
    const stressor_value *list = &exec->args[ARG_COMMAND];
    size_t count = list->as.list.count;
    c->words = list_of(exec, count, failure);
    for (size_t i = 0; c->words != NULL && i < count; i++) {
        const stressor_value *v = exec->host->list_at(list, i);
        c->words[i] = word(exec, "", 0, v, failure);
        if (c->words[i] == NULL)
            return false;
        c->has_secrets = c->has_secrets || (v->flags & STRESSOR_SECRET) != 0;
        if (i == 0)
            c->name = (v->flags & STRESSOR_SECRET) != 0 ? "***" : c->words[0];
    }
    return c->words != NULL;
}

/* --- the environment ---------------------------------------------------------------------------
 */

static bool is_named(const char *variable, const char *name, size_t length)
{
    return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

static bool is_overridden(const stressor_exec *exec, const char *variable)
{
    const stressor_value *map = &exec->args[ARG_ENVIRONMENT];
    for (uint64_t i = 0; i < map->as.map.count; i++) {
        const char *name;
        uint64_t length;
        exec->host->map_at(map, i, &name, &length);
        if (is_named(variable, name, length))
            return true;
    }
    return false;
}

static bool add_variable(struct command *c, stressor_exec *exec, uint64_t i, size_t *count,
                         stressor_failure *failure)
{
    const char *name;
    uint64_t length;
    const stressor_value *v = exec->host->map_at(&exec->args[ARG_ENVIRONMENT], i, &name, &length);
    if (v->type == STRESSOR_NULL)
        return true;
    char *prefix = exec->host->scratch(exec, length + 1);
    if (prefix == NULL) {
        stressor_fail(exec, failure, STRESSOR_GENERATOR, "memory", "out of memory");
        return false;
    }
    memcpy(prefix, name, length);
    prefix[length] = '=';
    c->environment[*count] = word(exec, prefix, length + 1, v, failure);
    c->has_secrets = c->has_secrets || (v->flags & STRESSOR_SECRET) != 0;
    return c->environment[(*count)++] != NULL;
}

static bool make_environment(struct command *c, stressor_exec *exec, stressor_failure *failure)
{
    const stressor_value *map = &exec->args[ARG_ENVIRONMENT];
    size_t own = 0, count = 0;
    if (map->type != STRESSOR_MAP || map->as.map.count == 0)
        return true;
    while (environ != NULL && environ[own] != NULL)
        own++;
    c->environment = list_of(exec, own + map->as.map.count, failure);
    if (c->environment == NULL)
        return false;
    for (size_t i = 0; i < own; i++)
        if (!is_overridden(exec, environ[i]))
            c->environment[count++] = environ[i];
    for (uint64_t i = 0; i < map->as.map.count; i++)
        if (!add_variable(c, exec, i, &count, failure))
            return false;
    c->environment[count] = NULL;
    return true;
}

/* --- both --------------------------------------------------------------------------------------
 */

static bool is_fine(stressor_exec *exec, const char *argument, const char *mistake,
                    stressor_failure *failure)
{
    if (mistake != NULL)
        stressor_fail(exec, failure, STRESSOR_SCRIPT, kind, "argument '%s': %s", argument, mistake);
    return mistake == NULL;
}

bool command_make(struct command *c, stressor_exec *exec, stressor_failure *failure)
{
    const stressor_host *host = exec->host;
    const stressor_value *args = exec->args, *command = &args[ARG_COMMAND];
    *c = (struct command){.has_secrets =
                              ((command->flags | args[ARG_STDIN].flags) & STRESSOR_SECRET) != 0};
    if (!is_fine(exec, "command", command_mistake(host, command, &args[ARG_SHELL]), failure) ||
        !is_fine(exec, "environment", environment_mistake(host, &args[ARG_ENVIRONMENT]), failure) ||
        !is_fine(exec, "assert_exit", exit_mistake(&args[ARG_ASSERT_EXIT]), failure))
        return false;
    bool good = command->type == STRESSOR_STRING ? shell_words(c, exec, failure)
                                                 : list_words(c, exec, failure);
    return good && make_environment(c, exec, failure);
}

int32_t command_check(stressor_prepare *place)
{
    const stressor_value *args = place->args;
    const uint8_t *states = place->states;
    const char *mistakes[ARGS_COUNT] = {NULL};
    int32_t status = 0;
    if (states[ARG_COMMAND] == STRESSOR_ARG_CONSTANT && states[ARG_SHELL] == STRESSOR_ARG_CONSTANT)
        mistakes[ARG_COMMAND] = command_mistake(place->host, &args[ARG_COMMAND], &args[ARG_SHELL]);
    if (states[ARG_ENVIRONMENT] == STRESSOR_ARG_CONSTANT)
        mistakes[ARG_ENVIRONMENT] = environment_mistake(place->host, &args[ARG_ENVIRONMENT]);
    if (states[ARG_ASSERT_EXIT] == STRESSOR_ARG_CONSTANT)
        mistakes[ARG_ASSERT_EXIT] = exit_mistake(&args[ARG_ASSERT_EXIT]);
    for (int32_t i = 0; i < ARGS_COUNT; i++)
        if (mistakes[i] != NULL)
            status = stressor_problem(place, i, "%s", mistakes[i]);
    return status;
}
