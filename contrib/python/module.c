#include "module.h"

#include <string.h>

#include "frame.h"
#include "secret.h"
#include "value.h"
#include "watch.h"

_Thread_local struct script *script_current;
PyObject *module_stopped;
const stressor_host *module_host;

static struct script *script_here(void)
{
    if (script_current == NULL)
        PyErr_SetString(PyExc_RuntimeError,
                        "only the thread of a script can do this, while the script runs");
    return script_current;
}

/* --- the exception -----------------------------------------------------------------------------
 */

static bool is_handling_it(void)
{
    PyObject *handled = PyErr_GetHandledException();
    bool is = handled != NULL && PyErr_GivenExceptionMatches(handled, module_stopped);
    Py_XDECREF(handled);
    return is;
}

/* The library's lines are spared on the way to the script's own, and while they clean up. Where one
 * of them has swallowed the exception they are not any more. */
static bool is_spared(PyFrameObject *frame)
{
    switch (frame_owner(frame)) {
    case FRAME_SCRIPT: return false;
    case FRAME_IMPORT: return true;
    default: return !script_current->caught || is_handling_it();
    }
}

int module_trace(PyObject *object, PyFrameObject *frame, int what, PyObject *arg)
{
    (void)object;
    (void)arg;
    if (what != PyTrace_LINE || script_current == NULL || is_spared(frame))
        return 0;
    PyErr_SetNone(module_stopped);
    return -1;
}

/* It is made where a script catches it: the handler's own lines are traced. */
static int stopped_init(PyObject *self, PyObject *args, PyObject *names)
{
    (void)self;
    (void)args;
    (void)names;
    if (script_current != NULL && watch_why(script_current) != SCRIPT_RUNS) {
        script_current->caught = true;
        PyEval_SetTrace(module_trace, NULL);
    }
    return 0;
}

static PyType_Slot stopped_slots[] = {{Py_tp_init, (void *)(uintptr_t)stopped_init}, {0, NULL}};
static PyType_Spec stopped_spec = {
    .name = "_stressor.Stopped", .flags = Py_TPFLAGS_DEFAULT, .slots = stopped_slots};

static PyObject *raise_stopped(void)
{
    PyErr_SetNone(module_stopped);
    return NULL;
}

/* --- the context -------------------------------------------------------------------------------
 */

static PyObject *find(PyObject *self, PyObject *name)
{
    struct script *s = script_here();
    Py_ssize_t length;
    const char *text = s != NULL ? PyUnicode_AsUTF8AndSize(name, &length) : NULL;
    stressor_value v;
    (void)self;
    if (text == NULL)
        return NULL;
    switch (s->exec->host->variable_find(s->exec, text, (uint64_t)length, &v)) {
    case STRESSOR_OK: return value_push(s, &v);
    case STRESSOR_ENOENT: PyErr_SetObject(PyExc_KeyError, name); return NULL;
    case STRESSOR_ENOMEM: return PyErr_NoMemory();
    default:
        return PyErr_Format(PyExc_RuntimeError,
                            "the macros in the context variable '%U' cannot be expanded", name);
    }
}

/* Threads of a script's own have no context, but names of Python. */
static PyObject *look(PyObject *self, PyObject *name)
{
    if (script_current != NULL)
        return find(self, name);
    PyErr_SetObject(PyExc_KeyError, name);
    return NULL;
}

static PyObject *store(PyObject *self, PyObject *args)
{
    struct script *s = script_here();
    const char *name, *what;
    Py_ssize_t length;
    PyObject *from;
    stressor_value v;
    (void)self;
    if (s == NULL || !PyArg_ParseTuple(args, "s#Os", &name, &length, &from, &what) ||
        !value_read(s, from, what, &v))
        return NULL;
    if (s->exec->host->variable_store(s->exec, name, (uint64_t)length, &v) != STRESSOR_OK)
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static void add_name(void *data, const char *name, uint64_t length, const stressor_value *v)
{
    PyObject *list = data;
    PyObject *text = PyUnicode_DecodeUTF8(name, (Py_ssize_t)length, "surrogateescape");
    (void)v;
    if (text == NULL || PyList_Append(list, text) != 0)
        PyErr_Clear();
    Py_XDECREF(text);
}

static PyObject *names(PyObject *self, PyObject *none)
{
    struct script *s = script_here();
    PyObject *list = s != NULL ? PyList_New(0) : NULL;
    (void)self;
    (void)none;
    if (list != NULL)
        s->exec->host->variables(s->exec, add_name, list);
    return list;
}

/* --- calls -------------------------------------------------------------------------------------
 */

static PyObject *text_or_none(const char *text, uint64_t length)
{
    if (text == NULL)
        Py_RETURN_NONE;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)length, "surrogateescape");
}

/* (category, kind, text of the failure, value, text, info) */
static PyObject *push_result(struct script *s, const stressor_result *r)
{
    const stressor_failure *f = &r->failure;
    stressor_value text = stressor_string_n(r->text, r->text_length);
    text.flags = (r->flags & STRESSOR_RESULT_TEXT_IS_SECRET) != 0
                     ? STRESSOR_SECRET
                     : r->value.flags & STRESSOR_SECRET;
    if (r->text != NULL && !secret_learn(s, &text))
        return PyErr_NoMemory();
    return Py_BuildValue("(INNNNN)", f->category,
                         text_or_none(f->kind, f->kind != NULL ? strlen(f->kind) : 0),
                         text_or_none(f->text, f->length), value_push(s, &r->value),
                         text_or_none(r->text, r->text_length), value_push(s, &r->info));
}

static PyObject *call(PyObject *self, PyObject *args)
{
    struct script *s = script_here();
    const char *type;
    PyObject *named;
    stressor_value values;
    stressor_result r = {.size = sizeof r};
    (void)self;
    if (s == NULL || !PyArg_ParseTuple(args, "sO!", &type, &PyDict_Type, &named) ||
        !value_read(s, named, type, &values))
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    if (watch_wait(s))
        s->place->plugin->activity->call_wait(s->exec, type, &values, &r);
    watch_go_on(s);
    Py_END_ALLOW_THREADS;
    if (watch_why(s) != SCRIPT_RUNS || r.failure.category == STRESSOR_CANCELLED)
        return raise_stopped();
    return push_result(s, &r);
}

/* --- the rest ----------------------------------------------------------------------------------
 */

static PyObject *write_log(PyObject *self, PyObject *args)
{
    struct script *s = script_current;
    int level;
    const char *text;
    Py_ssize_t length;
    PyObject *encoded;
    (void)self;
    if (!PyArg_ParseTuple(args, "iO!", &level, &PyUnicode_Type, &encoded))
        return NULL;
    if (level < STRESSOR_LOG_CRITICAL || level > STRESSOR_LOG_TRACE)
        return PyErr_Format(PyExc_ValueError, "expected a level from 0 to 5");
    if (!module_host->log_enabled(module_host, level))
        Py_RETURN_NONE;
    encoded = PyUnicode_AsEncodedString(encoded, "utf-8", "backslashreplace");
    if (encoded == NULL)
        return NULL;
    text = PyBytes_AS_STRING(encoded);
    length = PyBytes_GET_SIZE(encoded);
    if (s == NULL) {
        module_host->log(module_host, level, text, (uint64_t)length);
    } else {
        stressor_value shown = secret_mask(s, text, (size_t)length);
        size_t id = strlen(s->session->id), rest = shown.as.string.length;
        char *line = s->exec->host->scratch(s->exec, id + 1 + rest);
        if (line != NULL) {
            memcpy(line, s->session->id, id);
            line[id] = ' ';
            memcpy(line + id + 1, shown.as.string.ptr, rest);
            module_host->log(module_host, level, line, id + 1 + rest);
        }
    }
    Py_DECREF(encoded);
    Py_RETURN_NONE;
}

static PyObject *log_enabled(PyObject *self, PyObject *level)
{
    long number = PyLong_AsLong(level);
    (void)self;
    if (number == -1 && PyErr_Occurred())
        return NULL;
    return PyBool_FromLong(module_host->log_enabled(module_host, (int32_t)number));
}

static PyObject *nap(PyObject *self, PyObject *duration)
{
    struct script *s = script_here();
    double seconds = PyFloat_AsDouble(duration);
    (void)self;
    if (s == NULL || (seconds == -1.0 && PyErr_Occurred()))
        return NULL;
    if (!(seconds >= 0))
        return PyErr_Format(PyExc_ValueError, "sleep length must be non-negative");
    int64_t duration_ns = seconds < 1e9 ? (int64_t)(seconds * 1e9) : INT64_MAX / 2;
    Py_BEGIN_ALLOW_THREADS;
    watch_sleep(s, duration_ns);
    Py_END_ALLOW_THREADS;
    if (watch_why(s) != SCRIPT_RUNS)
        return raise_stopped();
    Py_RETURN_NONE;
}

/* (id, number, seed, whether it is a dry run) */
static PyObject *facts(PyObject *self, PyObject *none)
{
    struct script *s = script_here();
    (void)self;
    (void)none;
    if (s == NULL)
        return NULL;
    bool dry = (s->exec->flags & STRESSOR_EXEC_DRY_RUN) != 0;
    return Py_BuildValue("(sKKN)", s->session->id, (unsigned long long)s->session->number,
                         (unsigned long long)s->session->seed, PyBool_FromLong(dry));
}

static PyObject *runs_script(PyObject *self, PyObject *none)
{
    (void)self;
    (void)none;
    return PyBool_FromLong(script_current != NULL);
}

static PyMethodDef methods[] = {
    {"find", find, METH_O, "The value of a context variable; KeyError"},
    {"look", look, METH_O, "The same; in a thread that runs no script there is none"},
    {"store", store, METH_VARARGS, "Sets a context variable: name, value, what it is called"},
    {"names", names, METH_NOARGS, "The names of all context variables"},
    {"call", call, METH_VARARGS, "Runs an activity: its type, its arguments as a dict"},
    {"log", write_log, METH_VARARGS, "A line of log: level, text"},
    {"log_enabled", log_enabled, METH_O, "Whether a level is logged"},
    {"sleep", nap, METH_O, "Waits, as long as the script may"},
    {"facts", facts, METH_NOARGS, "What the session is"},
    {"runs_script", runs_script, METH_NOARGS, "Whether this thread runs a script"},
    {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT, .m_name = "_stressor", .m_size = -1, .m_methods = methods};

PyObject *module_open(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL)
        return NULL;
    module_stopped = PyType_FromSpecWithBases(&stopped_spec, PyExc_BaseException);
    if (module_stopped == NULL || PyModule_AddObjectRef(module, "Stopped", module_stopped) != 0)
        Py_CLEAR(module);
    return module;
}
