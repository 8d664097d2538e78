/*
 * engine -- RunScript for `language: python`.
 */
#ifndef PYTHON_ENGINE_H
#define PYTHON_ENGINE_H

#include "python.h"

extern const stressor_script_engine python_engine;

#endif
