/*
 * frame -- where a thread of Python stands, and whose code that is.
 *
 * A script that has to end may stand in code that holds what all scripts share: the lock of a
 * module that is being imported, that of a log, of a queue. Such code is left to run on: what it
 * has taken it gives back.
 */
#ifndef PYTHON_FRAME_H
#define PYTHON_FRAME_H

#include "python.h"

enum frame_owner {
    FRAME_SCRIPT,  /* the script's own, or that of a module which is not Python's */
    FRAME_LIBRARY, /* Python's library, or prelude.py */
    FRAME_IMPORT   /* what imports modules */
};

/* With the GIL, as all here. */
enum frame_owner frame_owner(PyFrameObject *frame);
/* Of the innermost frame of a thread. */
enum frame_owner frame_stands_in(PyThreadState *thread);
/* The innermost line in a file of that name; 0: there is none. */
int frame_line(PyThreadState *thread, const char *file);

#endif
