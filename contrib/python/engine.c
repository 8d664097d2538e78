#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include "interpreter.h"
#include "secret.h"
#include "source.h"
#include "value.h"
#include "watch.h"

/* As the plugin that RunScript belongs to declares it. */
static const stressor_arg script_timeout = {.size = sizeof script_timeout,
                                            .name = "script_timeout",
                                            .types = STRESSOR_ARG_DURATION,
                                            .fallback = "1",
                                            .min = 0.001,
                                            .max = 1e9,
                                            .help = "how long a script may compute between two "
                                                    "waits"};

/* --- places ------------------------------------------------------------------------------------
 */

static void release(void *plugin, void *held)
{
    struct python_place *place = held;
    (void)plugin;
    if (place == NULL)
        return;
    if (place->code != NULL) {
        PyGILState_STATE gil = PyGILState_Ensure();
        Py_DECREF(place->code);
        PyGILState_Release(gil);
    }
    free(place->name);
    free(place);
}

static int32_t check_export(stressor_prepare *p, struct python_place *place)
{
    int32_t arg = source_argument(p, "export");
    if (arg < 0)
        return stressor_problem(p, -1, "the type has no argument 'export'");
    place->arg_export = (uint32_t)arg;
    place->export_absent = p->states[arg] == STRESSOR_ARG_ABSENT;
    if (p->states[arg] != STRESSOR_ARG_CONSTANT || p->args[arg].type != STRESSOR_BOOL ||
        p->args[arg].as.integer == 0)
        return 0;
    return stressor_problem(p, arg, "expected names, or null or false for none");
}

static int32_t prepare_place(stressor_prepare *p, struct python_place *place)
{
    place->timeout_slot = p->host->variable_slot(p->plan, "script_timeout", 14);
    if (place->timeout_slot < 0 || place->plugin->activity->will_call(p) != 0)
        return stressor_problem(p, -1, "out of memory");
    int32_t source = source_prepare(p, place);
    int32_t exports = check_export(p, place);
    return exports != 0 ? exports : source;
}

static int32_t prepare(stressor_prepare *p)
{
    if (!STRESSOR_HAS(p, type) || !STRESSOR_HAS(p->host, open_folder))
        return stressor_problem(p, -1, "Python needs a newer stressor");
    struct python_place *place = calloc(1, sizeof *place);
    if (place == NULL)
        return stressor_problem(p, -1, "out of memory");
    place->plugin = p->plugin;
    int32_t rc = prepare_place(p, place);
    if (rc != 0)
        release(p->plugin, place);
    else
        p->place = place;
    return rc;
}

/* --- the end of an execution -------------------------------------------------------------------
 */

static const char *kept(struct script *s, const char *text, size_t max)
{
    size_t length = strnlen(text, max);
    char *copy = s->exec->host->scratch(s->exec, length + 1);
    if (copy == NULL || secret_flags(s, text, length) != 0)
        return "script error";
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static int32_t fail(struct script *s, uint32_t category, const char *kind, const char *text)
{
    stressor_value shown = secret_mask(s, text, strnlen(text, 16 * SCRIPT_ERROR_MAX));
    uint64_t length = shown.as.string.length;
    return stressor_fail(s->exec, &s->result->failure, category, kind, "%.*s",
                         (int)(length < SCRIPT_ERROR_MAX ? length : SCRIPT_ERROR_MAX),
                         shown.as.string.ptr);
}

/* Of an exception that is set. */
static int32_t fail_by_exception(struct script *s)
{
    PyObject *type, *error, *trace;
    PyErr_Fetch(&type, &error, &trace);
    PyErr_NormalizeException(&type, &error, &trace);
    PyObject *said = error != NULL ? PyObject_Str(error) : NULL;
    PyObject *bytes = said != NULL ? PyUnicode_AsEncodedString(said, "utf-8", "replace") : NULL;
    char text[1024];
    snprintf(text, sizeof text, "%s: %s", s->place->name,
             bytes != NULL ? PyBytes_AS_STRING(bytes) : "out of memory");
    Py_XDECREF(bytes);
    Py_XDECREF(said);
    Py_XDECREF(type);
    Py_XDECREF(error);
    Py_XDECREF(trace);
    PyErr_Clear();
    return fail(s, STRESSOR_SCRIPT, "script error", text);
}

static int32_t fail_by_stop(struct script *s)
{
    PyErr_Clear();
    if (s->stop == SCRIPT_CANCELLED)
        return fail(s, STRESSOR_CANCELLED, "cancelled", "the script was cancelled");
    char where[32] = "";
    if (s->line > 0)
        snprintf(where, sizeof where, "%d: ", s->line);
    return stressor_fail(s->exec, &s->result->failure, STRESSOR_SCRIPT, "script timeout",
                         "%s:%s%sexpected the script to compute for at most %g s at a time "
                         "(config.script_timeout)",
                         s->place->name, where, s->line > 0 ? "" : " ",
                         (double)s->timeout_ns / 1e9);
}

static int32_t take_result(struct script *s, PyObject *from)
{
    stressor_result *r = s->result;
    if (from == Py_None)
        return STRESSOR_DONE;
    if (!value_read(s, from, "variable 'result'", &r->value))
        return fail_by_exception(s);
    if (r->value.type == STRESSOR_STRING) {
        r->text = r->value.as.string.ptr;
        r->text_length = r->value.as.string.length;
        if ((r->value.flags & STRESSOR_SECRET) != 0)
            r->flags |= STRESSOR_RESULT_TEXT_IS_SECRET;
    }
    return STRESSOR_DONE;
}

static void note_unexported(struct script *s, const char *names)
{
    if (*names == '\0' || s->place->noted)
        return;
    s->place->noted = true;
    stressor_log(s->exec->host, STRESSOR_LOG_INFO,
                 "%s: these variables of the script are not exported: %s (`export: [NAME, ...]` "
                 "keeps them, `export: null` says that none are meant)",
                 s->place->name, names);
}

/* What run of prelude.py gave. */
static int32_t finish(struct script *s, PyObject *ended)
{
    int category;
    PyObject *kind, *text, *result, *names;
    if (!PyArg_ParseTuple(ended, "iOOOO", &category, &kind, &text, &result, &names))
        return fail_by_exception(s);
    const char *noted = PyUnicode_AsUTF8(names);
    if (category == 0) {
        note_unexported(s, noted != NULL ? noted : "");
        PyErr_Clear();
        return take_result(s, result);
    }
    PyObject *bytes = PyUnicode_AsEncodedString(text, "utf-8", "replace");
    const char *kind_text = PyUnicode_AsUTF8(kind);
    if (bytes == NULL || kind_text == NULL) {
        Py_XDECREF(bytes);
        return fail_by_exception(s);
    }
    fail(s, (uint32_t)category, kept(s, kind_text, 64), PyBytes_AS_STRING(bytes));
    Py_DECREF(bytes);
    return STRESSOR_FAILED;
}

/* --- one execution -----------------------------------------------------------------------------
 */

static PyObject *export_names(struct script *s)
{
    const stressor_value *v = &s->exec->args[s->place->arg_export];
    if (v->type == STRESSOR_LIST)
        return value_push(s, v);
    PyObject *list = PyList_New(0);
    PyObject *name = list != NULL && v->type == STRESSOR_STRING ? value_push(s, v) : NULL;
    if (name != NULL)
        PyList_Append(list, name);
    Py_XDECREF(name);
    return list;
}

static int32_t perform(struct script *s)
{
    if (!watch_begin(s))
        return stressor_fail(s->exec, &s->result->failure, STRESSOR_GENERATOR, "threads",
                             "no thread can be started to watch scripts");
    script_current = s;
    PyObject *names = export_names(s);
    PyObject *ended =
        names != NULL ? PyObject_CallFunction(prelude.run, "OsOi", s->place->code, s->place->name,
                                              names, (int)s->place->export_absent)
                      : NULL;
    Py_XDECREF(names);
    watch_end(s);
    int32_t status = s->stop != SCRIPT_RUNS ? fail_by_stop(s)
                     : ended == NULL        ? fail_by_exception(s)
                                            : finish(s, ended);
    Py_XDECREF(ended);
    PyErr_Clear();
    script_current = NULL;
    return status;
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    struct script *outer = script_current;
    struct script s = {
        .exec = exec, .session = exec->session_data, .place = exec->place, .result = result};
    stressor_value timeout;
    if (exec->host->variable_get_as(exec, s.place->timeout_slot, &script_timeout, &timeout,
                                    &result->failure) != STRESSOR_OK)
        return STRESSOR_FAILED;
    s.timeout_ns = timeout.as.integer;
    PyGILState_STATE gil = PyGILState_Ensure();
    int32_t status = perform(&s);
    PyGILState_Release(gil);
    script_current = outer;
    return status;
}

const stressor_script_engine python_engine = {.size = sizeof python_engine,
                                              .flags = STRESSOR_ACTIVITY_BLOCKING |
                                                       STRESSOR_ACTIVITY_DRY_RUN,
                                              .activity = "RunScript",
                                              .language = "python",
                                              .extension = ".py",
                                              .help = "Run a script in Python 3.11",
                                              .prepare = prepare,
                                              .release = release,
                                              .start = start,
                                              .cancel = watch_cancel};
