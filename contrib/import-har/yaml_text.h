/*
 * yaml_text -- text as YAML 1.1 reads it back, quoted where it has to be.
 */
#ifndef IMPORT_HAR_YAML_H
#define IMPORT_HAR_YAML_H

#include "text.h"

/* A scalar that is text, whatever it looks like; on one line. */
void yaml_text(struct text *out, struct span s);
/* A comment's text: control characters become blanks, and it is cut. */
void yaml_comment(struct text *out, struct span s);
/* For messages: one line of it, with control characters shown, cut after about 80 bytes. */
void yaml_shown(struct text *out, struct span s);
void yaml_indent(struct text *out, unsigned columns);

#endif
