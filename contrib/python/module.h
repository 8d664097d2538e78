/*
 * module -- what prelude.py is built on: the module `_stressor`.
 *
 * Its functions speak of the script of their thread; on another thread they raise RuntimeError.
 */
#ifndef PYTHON_MODULE_H
#define PYTHON_MODULE_H

#include "python.h"

/* What is raised in a script that has to end. Once somebody has caught it, it is raised anew at
 * every further line: it cannot be swallowed. Set by module_open. */
extern PyObject *module_stopped;

/* What traces the thread of a script that has to end (a Py_tracefunc): it raises at the next line
 * of the script's own. */
int module_trace(PyObject *object, PyFrameObject *frame, int what, PyObject *arg);

/* For PyImport_AppendInittab, with the name `_stressor`. */
PyObject *module_open(void);

/* Where what threads that run no script print goes to; set before module_open. */
extern const stressor_host *module_host;

#endif
