/*
 * secret -- texts that must not be shown: they are masked where a script says something, and marked
 * where they leave it. On the thread of the execution.
 */
#ifndef PYTHON_SECRET_H
#define PYTHON_SECRET_H

#include "python.h"

/* Remembers the secrets in a value that a script reads. False: there are too many, or no memory. */
bool secret_learn(struct script *s, const stressor_value *v);
/* STRESSOR_SECRET when the text holds one, else 0. */
uint32_t secret_flags(const struct script *s, const char *text, size_t length);
/* The same of a number, whose text is one. */
uint32_t secret_number_flags(const struct script *s, int64_t number);
/* The text with asterisks; in memory of the execution where there are any. */
stressor_value secret_mask(const struct script *s, const char *text, size_t length);
void secret_finish(struct secrets *all);

#endif
