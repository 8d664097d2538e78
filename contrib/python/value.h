/*
 * value -- values from the host to Python and back. With the GIL, on the thread of the execution.
 */
#ifndef PYTHON_VALUE_H
#define PYTHON_VALUE_H

#include "python.h"

/* NULL with an exception set. Bytes that are no UTF-8 come as surrogates, and go as what they
 * were. */
PyObject *value_push(struct script *s, const stressor_value *v);
/* False with an exception set, whose text begins with `what`. Lives as long as the execution. */
bool value_read(struct script *s, PyObject *from, const char *what, stressor_value *out);

#endif
