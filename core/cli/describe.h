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
void describe_reporter(FILE *out, const stressor_reporter_type *reporter);
void describe_setting(FILE *out, const stressor_setting *setting, const stressor_plugin *plugin);
void describe_engine(FILE *out, const stressor_script_engine *engine);
/* The keys of a section of the scenario file, those of the core and then those of plugins. */
void describe_section(FILE *out, const char *section, stressor_engine *engine);
/* "whole number or list of (string)". */
void describe_arg_types(FILE *out, const stressor_arg *arg);

#endif
