/*
 * source -- the text of a script, from the scenario or a file, compiled.
 */
#ifndef PYTHON_SOURCE_H
#define PYTHON_SOURCE_H

#include "python.h"

/* [main] Where an argument of that name stands; -1: the type has none. */
int32_t source_argument(const stressor_prepare *p, const char *name);
/* [main] Fills in name and code of the place; 0, or that of host->problem. Starts Python. */
int32_t source_prepare(stressor_prepare *p, struct python_place *place);

#endif
