/*
 * describe -- what a plugin offers, as lines of text, from its tables alone.
 */
#ifndef CORE_CLI_DESCRIBE_H
#define CORE_CLI_DESCRIBE_H

#include <stdio.h>

#include <stressor/stressor.h>

/* The plugin and all that is in it. */
void describe_plugin(FILE *out, const stressor_plugin_entry_info *entry);
void describe_activity(FILE *out, const stressor_activity_type *type);
void describe_macro(FILE *out, const stressor_macro *macro);

#endif
