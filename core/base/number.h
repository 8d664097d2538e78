/*
 * number -- text to numbers, the whole text or nothing, independent of the locale.
 */
#ifndef CORE_BASE_NUMBER_H
#define CORE_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As Python's int() and float() read them: white space around, a sign, single underscores between
 * digits; float also "1e3", "inf", "nan". */
bool number_int(const char *text, size_t length, int64_t *out);
bool number_double(const char *text, size_t length, double *out);

#endif
