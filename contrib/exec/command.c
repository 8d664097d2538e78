#include "command.h"

#include <string.h>
#include <unistd.h>

#include <stressor/log.h>

static const char kind[] = "bad argument";
static const char needs_shell[] =
    "expected a list, such as [ls, -l]; a text is run by a shell only with `shell: true`";
static const char needs_text[] = "with `shell: true` expected a text";
static const char bad_name[] = "the name of a variable is not empty and holds neither '=' nor NUL";

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
    if (length + prefix_length > COMMAND_TEXT_MAX ||
        (length > 0 && memchr(text.as.string.ptr, '\0', length) != NULL)) {
        stressor_fail(exec, failure, STRESSOR_SCRIPT, kind,
                      "a word of a command, or a variable of its environment, cannot hold NUL nor "
                      "more than %d bytes",
                      COMMAND_TEXT_MAX);
        return NULL;
    }
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
    if (count == 0 || count > COMMAND_WORDS_MAX) {
        stressor_fail(exec, failure, STRESSOR_SCRIPT, kind,
                      "argument 'command': expected 1 to %d words", COMMAND_WORDS_MAX);
        return false;
    }
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

static bool is_name(const char *name, uint64_t length)
{
    return length > 0 && memchr(name, '=', length) == NULL && memchr(name, '\0', length) == NULL;
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
    if (!is_name(name, length)) {
        stressor_fail(exec, failure, STRESSOR_SCRIPT, kind, "argument 'environment': %s", bad_name);
        return false;
    }
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
    if (map->as.map.count > COMMAND_WORDS_MAX) {
        stressor_fail(exec, failure, STRESSOR_SCRIPT, kind,
                      "argument 'environment': expected at most %d variables", COMMAND_WORDS_MAX);
        return false;
    }
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

bool command_make(struct command *c, stressor_exec *exec, stressor_failure *failure)
{
    const stressor_value *command = &exec->args[ARG_COMMAND];
    bool shell = exec->args[ARG_SHELL].as.integer != 0;
    *c = (struct command){
        .has_secrets = ((command->flags | exec->args[ARG_STDIN].flags) & STRESSOR_SECRET) != 0};
    if (shell != (command->type == STRESSOR_STRING)) {
        stressor_fail(exec, failure, STRESSOR_SCRIPT, kind, "argument 'command': %s",
                      shell ? needs_text : needs_shell);
        return false;
    }
    bool good = shell ? shell_words(c, exec, failure) : list_words(c, exec, failure);
    return good && make_environment(c, exec, failure);
}

static int32_t check_words(stressor_prepare *place)
{
    const stressor_value *command = &place->args[ARG_COMMAND];
    if (place->states[ARG_COMMAND] != STRESSOR_ARG_CONSTANT ||
        place->states[ARG_SHELL] == STRESSOR_ARG_TEMPLATE)
        return 0;
    bool shell = place->args[ARG_SHELL].as.integer != 0;
    if (shell != (command->type == STRESSOR_STRING))
        return stressor_problem(place, ARG_COMMAND, "%s", shell ? needs_text : needs_shell);
    if (command->type == STRESSOR_LIST && command->as.list.count == 0)
        return stressor_problem(place, ARG_COMMAND, "expected at least the name of a program");
    return 0;
}

static int32_t check_environment(stressor_prepare *place)
{
    const stressor_value *map = &place->args[ARG_ENVIRONMENT];
    if (place->states[ARG_ENVIRONMENT] != STRESSOR_ARG_CONSTANT)
        return 0;
    for (uint64_t i = 0; i < map->as.map.count; i++) {
        const char *name;
        uint64_t length;
        place->host->map_at(map, i, &name, &length);
        if (!is_name(name, length))
            return stressor_problem(place, ARG_ENVIRONMENT, "%s", bad_name);
    }
    return 0;
}

int32_t command_check(stressor_prepare *place)
{
    int32_t rc = check_words(place);
    return rc != 0 ? rc : check_environment(place);
}
