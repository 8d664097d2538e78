/*
 * compiled -- regexes and paths of texts that hold macros, and XPaths, remembered by the worker.
 *
 * A text that comes with each execution is often the same as before; an XPath is no thing that
 * workers can share. What is returned belongs to
 * the memory and lives until the next call; it is not to be freed.
 */
#ifndef HTTP_COMPILED_H
#define HTTP_COMPILED_H

#include "http.h"

/* A regex that must match from the start. NULL: malformed; `error` says how. */
stressor_regex *compiled_regex(struct http_worker *w, struct span text, char *error,
                               size_t error_size);
/* One that may match anywhere. */
stressor_regex *compiled_search(struct http_worker *w, struct span text, char *error,
                                size_t error_size);
stressor_path *compiled_path(struct http_worker *w, struct span text, const char **error);
struct html_xpath *compiled_xpath(struct http_worker *w, struct span text, char *error,
                                  size_t error_size);
void compiled_init(struct http_worker *w);
void compiled_finish(struct http_worker *w);

#endif
