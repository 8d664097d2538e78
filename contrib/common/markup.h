/*
 * markup -- text in XML and HTML. All text from outside goes through here.
 */
#ifndef CONTRIB_COMMON_MARKUP_H
#define CONTRIB_COMMON_MARKUP_H

#include "out.h"

/* Text as the content of an element, or within the quotes of an attribute: no markup in it is
 * markup any more, white space is kept, and what XML or HTML cannot say (control characters,
 * malformed UTF-8) or what turns the direction of other text (embeddings, overrides and isolates)
 * becomes U+FFFD. NULL: nothing. */
void markup_text(struct out *o, const char *text);
/* ` name="text"` */
void markup_attribute(struct out *o, const char *name, const char *text);

#endif
