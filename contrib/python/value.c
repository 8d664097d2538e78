#include "value.h"

#include <math.h>

#include "secret.h"

/* --- to Python ---------------------------------------------------------------------------------
 */

static PyObject *text_from(const char *bytes, uint64_t length)
{
    return PyUnicode_DecodeUTF8(length > 0 ? bytes : "", (Py_ssize_t)length, "surrogateescape");
}

static PyObject *push_list(struct script *s, const stressor_value *v)
{
    PyObject *list = PyList_New((Py_ssize_t)v->as.list.count);
    for (uint64_t i = 0; list != NULL && i < v->as.list.count; i++) {
        PyObject *item = value_push(s, s->exec->host->list_at(v, i));
        if (item == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, (Py_ssize_t)i, item);
    }
    return list;
}

static PyObject *push_map(struct script *s, const stressor_value *v)
{
    PyObject *map = PyDict_New();
    for (uint64_t i = 0; map != NULL && i < v->as.map.count; i++) {
        const char *name;
        uint64_t length;
        const stressor_value *item = s->exec->host->map_at(v, i, &name, &length);
        PyObject *key = text_from(name, length);
        PyObject *value = key != NULL ? value_push(s, item) : NULL;
        if (value == NULL || PyDict_SetItem(map, key, value) != 0)
            Py_CLEAR(map);
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    return map;
}

static PyObject *push_container(struct script *s, const stressor_value *v)
{
    if (Py_EnterRecursiveCall(" in a value that is nested too deeply"))
        return NULL;
    PyObject *made = v->type == STRESSOR_LIST ? push_list(s, v) : push_map(s, v);
    Py_LeaveRecursiveCall();
    return made;
}

PyObject *value_push(struct script *s, const stressor_value *v)
{
    if (!secret_learn(s, v)) {
        PyErr_SetString(PyExc_MemoryError, "too many secrets for one session");
        return NULL;
    }
    switch (v->type) {
    case STRESSOR_BOOL: return PyBool_FromLong((long)v->as.integer);
    case STRESSOR_INT: return PyLong_FromLongLong(v->as.integer);
    case STRESSOR_DOUBLE: return PyFloat_FromDouble(v->as.real);
    case STRESSOR_STRING: return text_from(v->as.string.ptr, v->as.string.length);
    case STRESSOR_LIST:
    case STRESSOR_MAP: return push_container(s, v);
    default: Py_RETURN_NONE;
    }
}

/* --- from Python -------------------------------------------------------------------------------
 */

struct reader {
    struct script *script;
    const stressor_host *host;
    stressor_builder *b;
    const char *what;
    unsigned count;
};

static bool refuse(const struct reader *r, const char *problem)
{
    PyErr_Format(PyExc_ValueError, "%s: %s", r->what, problem);
    return false;
}

static bool read_value(struct reader *r, PyObject *from);

static void put(struct reader *r, stressor_value v, uint32_t flags)
{
    v.flags |= flags;
    r->host->build_value(r->b, &v);
}

static bool put_bytes(struct reader *r, const char *bytes, Py_ssize_t length, bool is_key)
{
    if (is_key)
        r->host->build_key(r->b, bytes, (uint64_t)length);
    else
        put(r, stressor_string_n(bytes, (size_t)length),
            secret_flags(r->script, bytes, (size_t)length));
    return true;
}

static bool read_text(struct reader *r, PyObject *from, bool is_key)
{
    Py_ssize_t length;
    const char *bytes = PyUnicode_AsUTF8AndSize(from, &length);
    if (bytes != NULL)
        return put_bytes(r, bytes, length, is_key);
    PyErr_Clear();
    PyObject *encoded = PyUnicode_AsEncodedString(from, "utf-8", "surrogateescape");
    if (encoded == NULL) {
        PyErr_Clear();
        return refuse(r, "a text holds half a surrogate pair");
    }
    put_bytes(r, PyBytes_AS_STRING(encoded), PyBytes_GET_SIZE(encoded), is_key);
    Py_DECREF(encoded);
    return true;
}

static bool read_number(struct reader *r, PyObject *from)
{
    if (PyFloat_Check(from)) {
        double number = PyFloat_AS_DOUBLE(from);
        if (!isfinite(number))
            return refuse(r, "a number is not finite");
        put(r, stressor_double(number), 0);
        return true;
    }
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(from, &overflow);
    if (overflow != 0)
        return refuse(r, "an integer does not fit into 64 bits");
    put(r, stressor_int(number), secret_number_flags(r->script, number));
    return true;
}

static bool read_list(struct reader *r, PyObject *from)
{
    r->host->build_list(r->b);
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(from); i++)
        if (!read_value(r, PySequence_Fast_GET_ITEM(from, i)))
            return false;
    r->host->build_end(r->b);
    return true;
}

static bool read_map(struct reader *r, PyObject *from)
{
    PyObject *key, *item;
    Py_ssize_t at = 0;
    r->host->build_map(r->b);
    while (PyDict_Next(from, &at, &key, &item)) {
        if (!PyUnicode_Check(key))
            return refuse(r, "the keys of a dict have to be texts");
        if (!read_text(r, key, true) || !read_value(r, item))
            return false;
    }
    r->host->build_end(r->b);
    return true;
}

static bool read_container(struct reader *r, PyObject *from)
{
    if (Py_EnterRecursiveCall(" in a value that leaves a script"))
        return false;
    bool good = PyDict_Check(from) ? read_map(r, from) : read_list(r, from);
    Py_LeaveRecursiveCall();
    return good;
}

static bool read_value(struct reader *r, PyObject *from)
{
    if (++r->count > SCRIPT_VALUES_MAX)
        return refuse(r, "it holds too many values");
    if (from == Py_None) {
        put(r, stressor_null(), 0);
        return true;
    }
    if (PyBool_Check(from)) {
        put(r, stressor_bool(from == Py_True), 0);
        return true;
    }
    if (PyLong_Check(from) || PyFloat_Check(from))
        return read_number(r, from);
    if (PyUnicode_Check(from))
        return read_text(r, from, false);
    if (PyBytes_Check(from))
        return put_bytes(r, PyBytes_AS_STRING(from), PyBytes_GET_SIZE(from), false);
    if (PyDict_Check(from) || PyList_Check(from) || PyTuple_Check(from))
        return read_container(r, from);
    PyErr_Format(PyExc_TypeError, "%s: a value of type %s cannot leave a script", r->what,
                 Py_TYPE(from)->tp_name);
    return false;
}

bool value_read(struct script *s, PyObject *from, const char *what, stressor_value *out)
{
    const stressor_host *host = s->exec->host;
    struct reader r = {.script = s, .host = host, .b = host->build(s->exec), .what = what};
    if (r.b == NULL) {
        PyErr_NoMemory();
        return false;
    }
    if (!read_value(&r, from))
        return false;
    if (host->build_finish(r.b, out) == STRESSOR_OK)
        return true;
    PyErr_NoMemory();
    return false;
}
