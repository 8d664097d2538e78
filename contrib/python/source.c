#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stressor/log.h>

#include "interpreter.h"

enum { SHOWN_MAX = 200 /* bytes of a path in a message */ };

int32_t source_argument(const stressor_prepare *p, const char *name)
{
    for (uint32_t i = 0; i < p->type->args_count; i++)
        if (strcmp(p->type->args[i]->name, name) == 0)
            return (int32_t)i;
    return -1;
}

/* --- the folder --------------------------------------------------------------------------------
 */

/* So that scripts can import what lies beside the scenario. One that came from memory has none. */
static void add_folder(stressor_prepare *p)
{
    char link[40], folder[4096];
    int fd = p->host->open_folder(p->plan, "", 0);
    if (fd < 0)
        return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, folder, sizeof folder);
    close(fd);
    PyObject *text = NULL, *done = NULL;
    if (length > 0 && length < (ssize_t)sizeof folder)
        text = PyUnicode_DecodeFSDefaultAndSize(folder, length);
    if (text != NULL)
        done = PyObject_CallOneArg(prelude.add_folder, text);
    if (done == NULL)
        PyErr_Clear();
    Py_XDECREF(done);
    Py_XDECREF(text);
}

/* --- compiling ---------------------------------------------------------------------------------
 */

static int32_t compile(stressor_prepare *p, struct python_place *place, int32_t arg,
                       const char *text, size_t length)
{
    PyObject *code =
        PyObject_CallFunction(prelude.compile, "y#s", text, (Py_ssize_t)length, place->name);
    int32_t rc = 0;
    if (code == NULL) {
        PyErr_Clear();
        return stressor_problem(p, arg, "the script cannot be compiled");
    }
    if (!PyUnicode_Check(code)) {
        place->code = code;
        return 0;
    }
    const char *why = PyUnicode_AsUTF8(code);
    if (why == NULL)
        PyErr_Clear();
    rc = stressor_problem(p, arg, "%s", why != NULL ? why : "it is no valid Python");
    Py_DECREF(code);
    return rc;
}

static int32_t compile_text(stressor_prepare *p, struct python_place *place, int32_t arg,
                            const char *text, size_t length)
{
    if (length > SCRIPT_BYTES_MAX)
        return stressor_problem(p, arg, "expected a script of at most %d bytes", SCRIPT_BYTES_MAX);
    const char *why = interpreter_need(p->host);
    if (why != NULL)
        return stressor_problem(p, arg, "Python does not start: %s", why);
    PyGILState_STATE gil = PyGILState_Ensure();
    add_folder(p);
    int32_t rc = compile(p, place, arg, text, length);
    PyGILState_Release(gil);
    /* The host keeps results only where somebody asks for them, and a script asks when it runs. */
    static const char *const words[] = {"last_result", "Debug", "debug"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(text, length, words[i], strlen(words[i])) != NULL)
            p->host->variable_slot(p->plan, "last_result", 11);
    return rc;
}

/* --- files -------------------------------------------------------------------------------------
 */

/* The file's bytes, up to one more than there may be. NULL: the problem is told. */
static char *read_file(stressor_prepare *p, int32_t arg, int fd, size_t *length)
{
    char *bytes = malloc(SCRIPT_BYTES_MAX + 1);
    ssize_t got = 1;
    *length = 0;
    if (bytes == NULL)
        stressor_problem(p, arg, "out of memory");
    while (bytes != NULL && got != 0 && *length <= SCRIPT_BYTES_MAX) {
        got = read(fd, bytes + *length, SCRIPT_BYTES_MAX + 1 - *length);
        if (got > 0)
            *length += (size_t)got;
        if (got < 0 && errno != EINTR) {
            stressor_problem(p, arg, "cannot read the file: %s", strerror(errno));
            free(bytes);
            bytes = NULL;
        }
    }
    return bytes;
}

static int32_t prepare_path(stressor_prepare *p, struct python_place *place, int32_t arg)
{
    const char *path = p->args[arg].as.string.ptr;
    size_t length = p->args[arg].as.string.length;
    int shown = length < SHOWN_MAX ? (int)length : SHOWN_MAX;
    int fd = p->host->open_beneath(p->plan, path, length);
    if (fd == STRESSOR_EINVAL)
        return stressor_problem(
            p, arg, "the file '%.*s' has to be in the scenario's folder or below", shown, path);
    if (fd < 0)
        return stressor_problem(p, arg, "cannot open the file '%.*s': %s", shown, path,
                                strerror(errno));
    char *bytes = read_file(p, arg, fd, &length);
    close(fd);
    int32_t rc = bytes != NULL ? compile_text(p, place, arg, bytes, length) : STRESSOR_EINVAL;
    free(bytes);
    return rc;
}

int32_t source_prepare(stressor_prepare *p, struct python_place *place)
{
    int32_t script = source_argument(p, "script"), path = source_argument(p, "path");
    bool is_file = path >= 0 && p->states[path] == STRESSOR_ARG_CONSTANT &&
                   p->args[path].type == STRESSOR_STRING;
    if (!is_file && (script < 0 || p->args[script].type != STRESSOR_STRING))
        return stressor_problem(p, -1, "expected a script, or the path of one");
    stressor_value name = is_file ? p->args[path] : stressor_string("script");
    place->name = strndup(name.as.string.ptr, name.as.string.length);
    if (place->name == NULL)
        return stressor_problem(p, -1, "out of memory");
    if (is_file)
        return prepare_path(p, place, path);
    const stressor_value *text = &p->args[script];
    return compile_text(p, place, script, text->as.string.ptr, text->as.string.length);
}
