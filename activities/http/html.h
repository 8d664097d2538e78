/*
 * html -- pages as browsers would take them, and XPath on them.
 *
 * Nothing above knows libxml2. A page belongs to one thread, and so does an XPath: evaluating
 * changes it. Sizes, depths and work are bounded, as both come from outside.
 */
#ifndef HTTP_HTML_H
#define HTTP_HTML_H

#include "buf.h"

enum {
    HTML_BYTES_MAX = 8 << 20,       /* of a page */
    HTML_TEXT_BYTES_MAX = 16 << 20, /* of the texts that one search looks at */
    XPATH_BYTES_MAX = 4096,
    XPATH_STEPS_MAX = 5000000 /* of one evaluation */
};

enum html_status {
    HTML_OK = 0,
    HTML_MEMORY,
    HTML_TOO_LARGE, /* more than HTML_BYTES_MAX, or nested too deeply to be parsed */
    HTML_TOO_LONG,  /* the evaluation took more than XPATH_STEPS_MAX steps, or found too much */
    HTML_FAILED     /* the XPath cannot be evaluated: an unknown function, say */
};

struct html_page;
struct html_xpath;

/* [main] once per process. There is no end to it: others in this process may use libxml2. */
void html_global_init(void);

/* NULL: malformed; `error` says how. */
struct html_xpath *html_xpath_new(struct span text, char *error, size_t error_size);
void html_xpath_free(struct html_xpath *x); /* NULL is fine */

/* Parses UTF-8. NULL: `*status` says why. */
struct html_page *html_page_new(struct span text, enum html_status *status);
void html_page_free(struct html_page *page); /* NULL is fine */

/* Evaluates from the root element. `*count` is how much was found: nodes; or 1 for a text that is
 * not empty, a number that is not 0, true; else 0. `each` (NULL: none) is called with the text of
 * each, white space at both ends left out, until it returns false. After HTML_FAILED `error` says
 * why. */
enum html_status html_find(struct html_page *page, struct html_xpath *x, size_t *count,
                           bool (*each)(void *data, struct span text), void *data, char *error,
                           size_t error_size);

#endif
