/*
 * describe_markdown -- the tables of docs/scenario.md, from the schemas: what describe.h tells, as
 * Markdown. A bar in a text is escaped.
 */
#ifndef CORE_CLI_DESCRIBE_MARKDOWN_H
#define CORE_CLI_DESCRIBE_MARKDOWN_H

#include <stdio.h>

#include <stressor/stressor.h>

void markdown_activity(FILE *out, const stressor_activity_type *type);
void markdown_macro(FILE *out, const stressor_macro *macro);
/* All activities and macros of a plugin. */
void markdown_plugin(FILE *out, const stressor_plugin *plugin);
/* The keys of a section, those of the core and then those of plugins. */
void markdown_section(FILE *out, const char *section, stressor_engine *engine);
/* The arguments that every activity takes. */
void markdown_common(FILE *out);

#endif
