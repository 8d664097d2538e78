/*
 * secret -- the texts that a script has seen and nobody else may.
 *
 * Lua's strings carry no flag. So the texts are remembered, and what leaves the script is compared
 * with them: a text that holds one is a secret again.
 */
#ifndef SCRIPT_SECRET_H
#define SCRIPT_SECRET_H

#include "script.h"

/* Remembers a text or number that is a secret, or those in a list or map. False: out of memory.
 * Does not raise. */
bool secret_learn(struct script *s, const stressor_value *v);
/* Whether the text holds a secret. */
bool secret_is_in(const struct script *s, const char *text, size_t length);
/* The flags that a value needs which leaves the script. */
uint32_t secret_flags(const struct script *s, const stressor_value *v);
/* The text with *** in place of secrets, in memory of the execution; when that is used up nothing
 * but ***. */
stressor_value secret_mask(const struct script *s, const char *text, size_t length);

#endif
