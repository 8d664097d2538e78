/*
 * interpreter -- the one Python of the process: made when the first script is compiled, and never
 * taken down.
 *
 * The functions that take no lock may be called without the GIL; those of the prelude want it.
 */
#ifndef PYTHON_INTERPRETER_H
#define PYTHON_INTERPRETER_H

#include "python.h"

#define PRELUDE_FILE "<stressor>" /* what messages of Python call prelude.py */

/* Functions of prelude.py, and the folder of Python's library; NULL until the interpreter is
 * there. */
struct prelude {
    PyObject *run, *compile, *add_types, *add_folder, *nothing, *library;
};

extern struct prelude prelude;

/* [main] Makes it, unless it is there. NULL: fine, else what went wrong. */
const char *interpreter_need(const stressor_host *host);

#endif
