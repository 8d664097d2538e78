#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <stressor/log.h>

/* On the first line, so that the lines keep their numbers. With the environment in a local
 * variable one compiled function serves all executions. */
static const char prefix[] = "local _ENV = ...;";

static const char hint[] = "scripts are Lua unless `language: python`, a `path` ending in .py, or "
                           "config.script_language: python says otherwise";

enum { CHECK_MEMORY_MAX = 256 << 20, SHOWN_MAX = 200 /* bytes of a path in a message */ };

/* --- compiling ---------------------------------------------------------------------------------
 */

struct pieces {
    const struct source *source;
    unsigned next;
};

/* A byte order mark is no text, nor is a first line that begins with '#'. */
static size_t skipped(const struct source *source)
{
    size_t at = 0;
    if (source->length >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    if (at < source->length && source->text[at] == '#') {
        const char *end = memchr(source->text + at, '\n', source->length - at);
        at = end != NULL ? (size_t)(end - source->text) : source->length;
    }
    return at;
}

static const char *read_piece(lua_State *L, void *data, size_t *size)
{
    struct pieces *p = data;
    (void)L;
    switch (p->next++) {
    case 0: *size = sizeof prefix - 1; return prefix;
    case 1: {
        size_t at = skipped(p->source);
        *size = p->source->length - at;
        return *size > 0 ? p->source->text + at : NULL;
    }
    default: *size = 0; return NULL;
    }
}

static int compile(lua_State *L, const struct source *source)
{
    struct pieces pieces = {source, 0};
    return lua_load(L, read_piece, &pieces, source->name, "t");
}

void source_push(lua_State *L, const struct script_place *place, const struct source *source)
{
    if (!place->dynamic && lua_rawgetp(L, LUA_REGISTRYINDEX, place) != LUA_TNIL)
        return;
    if (!place->dynamic)
        lua_pop(L, 1);
    if (compile(L, source) != LUA_OK)
        lua_error(L);
    if (place->dynamic)
        return;
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, place);
}

/* --- checking ----------------------------------------------------------------------------------
 */

static void *allocate(void *data, void *old, size_t old_size, size_t size)
{
    size_t *used = data, had = old != NULL ? old_size : 0;
    if (size == 0) {
        free(old);
        *used -= had;
        return NULL;
    }
    if (size > had && *used + size - had > CHECK_MEMORY_MAX)
        return NULL;
    void *p = realloc(old, size);
    if (p != NULL)
        *used = *used - had + size;
    return p;
}

static int32_t check(stressor_prepare *p, struct script_place *place, enum script_arg arg)
{
    size_t used = 0;
    int32_t rc = 0;
    lua_State *L = lua_newstate(allocate, &used);
    if (L == NULL)
        return stressor_problem(p, (int32_t)arg, "out of memory");
    if (compile(L, &place->source) != LUA_OK) {
        const char *why = lua_tostring(L, -1);
        rc =
            stressor_problem(p, (int32_t)arg, "%s (%s)", why != NULL ? why : "out of memory", hint);
    }
    lua_close(L);
    return rc;
}

/* --- reading -----------------------------------------------------------------------------------
 */

/* Into `file`, behind the name. */
static int32_t read_file(stressor_prepare *p, struct script_place *place, int fd, size_t name_room)
{
    size_t length = 0;
    ssize_t got = 1;
    char *file = realloc(place->file, name_room + SCRIPT_BYTES_MAX + 1);
    if (file == NULL)
        return stressor_problem(p, ARG_PATH, "out of memory");
    place->file = file;
    while (got != 0 && length <= SCRIPT_BYTES_MAX) {
        got = read(fd, file + name_room + length, SCRIPT_BYTES_MAX + 1 - length);
        if (got < 0 && errno != EINTR)
            return stressor_problem(p, ARG_PATH, "cannot read the file: %s", strerror(errno));
        length += got > 0 ? (size_t)got : 0;
    }
    if (length > SCRIPT_BYTES_MAX)
        return stressor_problem(p, ARG_PATH, "expected a script of at most %d bytes",
                                SCRIPT_BYTES_MAX);
    file = realloc(place->file, name_room + length + 1);
    if (file != NULL)
        place->file = file;
    place->source = (struct source){place->file + name_room, length, place->file};
    return 0;
}

static int32_t prepare_path(stressor_prepare *p, struct script_place *place)
{
    const stressor_value *path = &p->args[ARG_PATH];
    const char *text = path->as.string.ptr;
    size_t length = path->as.string.length;
    if (length >= 3 && strncasecmp(text + length - 3, ".py", 3) == 0)
        return stressor_problem(p, ARG_PATH,
                                "no plugin runs Python scripts; those of this one are Lua");
    size_t name_room = length + 2;
    place->file = malloc(name_room);
    if (place->file == NULL)
        return stressor_problem(p, ARG_PATH, "out of memory");
    place->file[0] = '@';
    memcpy(place->file + 1, text, length);
    place->file[length + 1] = '\0';
    int shown = length < SHOWN_MAX ? (int)length : SHOWN_MAX;
    int fd = p->host->open_beneath(p->plan, text, length);
    if (fd == STRESSOR_EINVAL)
        return stressor_problem(p, ARG_PATH,
                                "the file '%.*s' has to be in the scenario's folder or below",
                                shown, text);
    if (fd < 0)
        return stressor_problem(p, ARG_PATH, "cannot open the file '%.*s': %s", shown, text,
                                strerror(errno));
    int32_t rc = read_file(p, place, fd, name_room);
    close(fd);
    return rc != 0 ? rc : check(p, place, ARG_PATH);
}

int32_t source_prepare(stressor_prepare *prepare, struct script_place *place)
{
    const stressor_value *script = &prepare->args[ARG_SCRIPT];
    if (prepare->states[ARG_PATH] == STRESSOR_ARG_CONSTANT)
        return prepare_path(prepare, place);
    place->source = (struct source){script->as.string.ptr, script->as.string.length, "=script"};
    if (place->source.length > SCRIPT_BYTES_MAX)
        return stressor_problem(prepare, ARG_SCRIPT, "expected a script of at most %d bytes",
                                SCRIPT_BYTES_MAX);
    return check(prepare, place, ARG_SCRIPT);
}
