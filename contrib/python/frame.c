#include "frame.h"

#include <string.h>

#include "interpreter.h"

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Packages that were installed lie in a folder of the library's, such as site-packages. */
static bool in_library(const char *file)
{
    const char *library = prelude.library != NULL ? PyUnicode_AsUTF8(prelude.library) : NULL;
    if (library == NULL) {
        PyErr_Clear();
        return false;
    }
    return begins_with(file, library) && file[strlen(library)] == '/' &&
           strstr(file + strlen(library), "-packages/") == NULL;
}

static enum frame_owner owner_of(const char *file)
{
    if (begins_with(file, "<frozen importlib"))
        return FRAME_IMPORT;
    if (begins_with(file, "<frozen ") || strcmp(file, PRELUDE_FILE) == 0 || in_library(file))
        return FRAME_LIBRARY;
    return FRAME_SCRIPT;
}

/* Borrowed from the frame's code, which outlives the frame. */
static const char *file_of(PyFrameObject *frame)
{
    PyCodeObject *code = PyFrame_GetCode(frame);
    const char *file = PyUnicode_AsUTF8(code->co_filename);
    if (file == NULL)
        PyErr_Clear();
    Py_DECREF(code);
    return file != NULL ? file : "";
}

enum frame_owner frame_owner(PyFrameObject *frame)
{
    return owner_of(file_of(frame));
}

enum frame_owner frame_stands_in(PyThreadState *thread)
{
    PyFrameObject *frame = PyThreadState_GetFrame(thread);
    enum frame_owner owner = frame != NULL ? frame_owner(frame) : FRAME_SCRIPT;
    Py_XDECREF(frame);
    return owner;
}

int frame_line(PyThreadState *thread, const char *file)
{
    PyFrameObject *frame = PyThreadState_GetFrame(thread);
    while (frame != NULL && strcmp(file_of(frame), file) != 0) {
        PyFrameObject *outer = PyFrame_GetBack(frame);
        Py_DECREF(frame);
        frame = outer;
    }
    int line = frame != NULL ? PyFrame_GetLineNumber(frame) : 0;
    Py_XDECREF(frame);
    return line;
}
