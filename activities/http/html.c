#include "html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

struct html_page {
    htmlDocPtr doc;
    xmlNodePtr root; /* NULL: the page is empty */
};

struct html_xpath {
    xmlXPathCompExprPtr compiled;
};

/* The first error of a context: libxml2 tells several, the first says what is wrong. */
struct complaint {
    int code; /* enum xmlXPathError; 0: none */
    char *text;
    size_t size;
};

/* libxml2 gives no words to those who ask for the numbers. */
static const char *const words[] = {
    [XPATH_NUMBER_ERROR] = "expected a number",
    [XPATH_UNFINISHED_LITERAL_ERROR] = "a quote is missing",
    [XPATH_START_LITERAL_ERROR] = "expected a text in quotes",
    [XPATH_VARIABLE_REF_ERROR] = "expected the name of a variable",
    [XPATH_UNDEF_VARIABLE_ERROR] = "there are no variables",
    [XPATH_INVALID_PREDICATE_ERROR] = "a predicate [...] is malformed",
    [XPATH_EXPR_ERROR] = "expected an expression",
    [XPATH_UNCLOSED_ERROR] = "a parenthesis is missing",
    [XPATH_UNKNOWN_FUNC_ERROR] = "it calls a function that there is not",
    [XPATH_INVALID_OPERAND] = "an operand is of the wrong type",
    [XPATH_INVALID_TYPE] = "a part is of the wrong type",
    [XPATH_INVALID_ARITY] = "a function has the wrong number of arguments",
    [XPATH_UNDEF_PREFIX_ERROR] = "there are no namespace prefixes",
    [XPATH_ENCODING_ERROR] = "it is not UTF-8",
    [XPATH_INVALID_CHAR_ERROR] = "it holds a character that XML does not allow",
    [XPATH_MEMORY_ERROR] = "out of memory",
    [XPATH_STACK_ERROR] = "it is nested too deeply",
    [XPATH_RECURSION_LIMIT_EXCEEDED] = "it is nested too deeply",
};

static void on_error(void *data, xmlErrorPtr error)
{
    struct complaint *c = data;
    if (c->code != 0 || error == NULL || error->domain != XML_FROM_XPATH)
        return;
    bool memory = error->code == XML_ERR_NO_MEMORY;
    c->code = memory ? XPATH_MEMORY_ERROR : error->code - XML_XPATH_EXPRESSION_OK;
    bool known = c->code > 0 && (size_t)c->code < sizeof words / sizeof *words;
    const char *text = known && words[c->code] != NULL ? words[c->code] : "it is malformed";
    if (error->str1 != NULL && error->int1 > 0)
        snprintf(c->text, c->size, "%s, at character %d", text, error->int1 + 1);
    else
        snprintf(c->text, c->size, "%s", text);
}

void html_global_init(void)
{
    xmlInitParser();
}

/* Some errors are written to the standard error output too, whatever handlers there are. The
 * setting is the thread's, and may matter to others in this process. */
static void say_nothing(void *data, const char *format, ...)
{
    (void)data;
    (void)format;
}

static xmlXPathObjectPtr evaluate(xmlXPathCompExprPtr compiled, xmlXPathContextPtr context)
{
    struct complaint *c = context->userData;
    xmlGenericErrorFunc say = xmlGenericError;
    void *data = xmlGenericErrorContext;
    xmlSetGenericErrorFunc(NULL, say_nothing);
    xmlXPathObjectPtr found = xmlXPathCompiledEval(compiled, context);
    xmlSetGenericErrorFunc(data, say);
    if (found == NULL && c->code == 0) { /* the only one that is not told: of a function's name */
        c->code = XPATH_UNDEF_PREFIX_ERROR;
        snprintf(c->text, c->size, "%s", words[c->code]);
    }
    return found;
}

/* --- XPath ------------------------------------------------------------------------------------ */

static xmlXPathContextPtr context_new(xmlDocPtr doc, xmlNodePtr node, struct complaint *complaint)
{
    xmlXPathContextPtr context = xmlXPathNewContext(doc);
    if (context == NULL)
        return NULL;
    context->node = node;
    context->opLimit = XPATH_STEPS_MAX;
    context->error = on_error;
    context->userData = complaint;
    return context;
}

static char *copied(struct span text)
{
    char *copy = malloc(text.length + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, text.ptr, text.length);
    copy[text.length] = '\0';
    return copy;
}

/* Unknown functions and prefixes are found out only by evaluating. */
static bool is_evaluable(xmlXPathCompExprPtr compiled, struct complaint *complaint)
{
    static const char empty[] = "<html><body><p>x</p></body></html>";
    enum html_status status;
    struct html_page *page = html_page_new(span_of(empty), &status);
    if (page == NULL)
        return true;
    xmlXPathContextPtr context = context_new(page->doc, page->root, complaint);
    xmlXPathObjectPtr found = context != NULL ? evaluate(compiled, context) : NULL;
    bool good = context == NULL || found != NULL;
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    html_page_free(page);
    return good;
}

struct html_xpath *html_xpath_new(struct span text, char *error, size_t error_size)
{
    struct complaint complaint = {0, error, error_size};
    struct html_xpath *x = NULL;
    snprintf(error, error_size, "out of memory");
    if (text.length == 0 || text.length > XPATH_BYTES_MAX ||
        memchr(text.ptr, '\0', text.length) != NULL) {
        snprintf(error, error_size, "expected 1 to %d characters", XPATH_BYTES_MAX);
        return NULL;
    }
    char *copy = copied(text);
    xmlXPathContextPtr context = copy != NULL ? context_new(NULL, NULL, &complaint) : NULL;
    if (context != NULL)
        x = calloc(1, sizeof *x);
    if (x != NULL)
        x->compiled = xmlXPathCtxtCompile(context, (const xmlChar *)copy);
    xmlXPathFreeContext(context);
    free(copy);
    if (x != NULL && x->compiled != NULL && is_evaluable(x->compiled, &complaint))
        return x;
    html_xpath_free(x);
    return NULL;
}

void html_xpath_free(struct html_xpath *x)
{
    if (x == NULL)
        return;
    xmlXPathFreeCompExpr(x->compiled);
    free(x);
}

/* --- pages ------------------------------------------------------------------------------------ */

struct html_page *html_page_new(struct span text, enum html_status *status)
{
    struct html_page *page = calloc(1, sizeof *page);
    htmlParserCtxtPtr parser = page != NULL ? htmlNewParserCtxt() : NULL;
    *status = HTML_MEMORY;
    if (parser == NULL) {
        free(page);
        return NULL;
    }
    if (text.length > HTML_BYTES_MAX) {
        *status = HTML_TOO_LARGE;
    } else if (text.length == 0) {
        *status = HTML_OK;
    } else {
        page->doc = htmlCtxtReadMemory(
            parser, text.ptr, (int)text.length, NULL, "UTF-8",
            HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD | HTML_PARSE_COMPACT);
        *status = parser->errNo == XML_ERR_NO_MEMORY ? HTML_MEMORY
                  : parser->disableSAX != 0          ? HTML_TOO_LARGE
                  : page->doc == NULL                ? HTML_MEMORY
                                                     : HTML_OK;
    }
    htmlFreeParserCtxt(parser);
    if (*status != HTML_OK) {
        html_page_free(page);
        return NULL;
    }
    page->root = page->doc != NULL ? xmlDocGetRootElement(page->doc) : NULL;
    return page;
}

void html_page_free(struct html_page *page)
{
    if (page == NULL)
        return;
    xmlFreeDoc(page->doc);
    free(page);
}

/* --- finding ---------------------------------------------------------------------------------- */

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct span trimmed(struct span s)
{
    while (s.length > 0 && is_space(s.ptr[0]))
        s = (struct span){s.ptr + 1, s.length - 1};
    while (s.length > 0 && is_space(s.ptr[s.length - 1]))
        s.length--;
    return s;
}

struct visitor {
    bool (*each)(void *data, struct span text);
    void *data;
    size_t left; /* bytes that may still be looked at */
};

/* Takes the text, which libxml2 made; `*on` says whether to go on. */
static enum html_status visit(struct visitor *v, xmlChar *text, bool *on)
{
    if (text == NULL)
        return HTML_MEMORY;
    struct span s = span_of((const char *)text);
    enum html_status status = s.length <= v->left ? HTML_OK : HTML_TOO_LONG;
    v->left -= status == HTML_OK ? s.length : 0;
    *on = status == HTML_OK && v->each(v->data, trimmed(s));
    xmlFree(text);
    return status;
}

static enum html_status visit_nodes(struct visitor *v, const xmlNodeSet *nodes)
{
    enum html_status status = HTML_OK;
    bool on = true;
    for (int i = 0; nodes != NULL && i < nodes->nodeNr && on && status == HTML_OK; i++) {
        xmlChar *text = xmlNodeGetContent(nodes->nodeTab[i]);
        if (text == NULL)
            text = xmlStrdup((const xmlChar *)"");
        status = visit(v, text, &on);
    }
    return status;
}

static enum html_status take(xmlXPathObjectPtr found, size_t *count, struct visitor *v)
{
    bool on = true;
    if (found->type == XPATH_NODESET || found->type == XPATH_XSLT_TREE) {
        *count = found->nodesetval != NULL ? (size_t)found->nodesetval->nodeNr : 0;
        return v->each != NULL ? visit_nodes(v, found->nodesetval) : HTML_OK;
    }
    *count = xmlXPathCastToBoolean(found) != 0;
    return v->each != NULL ? visit(v, xmlXPathCastToString(found), &on) : HTML_OK;
}

enum html_status html_find(struct html_page *page, struct html_xpath *x, size_t *count,
                           bool (*each)(void *data, struct span text), void *data, char *error,
                           size_t error_size)
{
    struct complaint complaint = {0, error, error_size};
    struct visitor visitor = {each, data, HTML_TEXT_BYTES_MAX};
    *count = 0;
    if (page->root == NULL)
        return HTML_OK;
    xmlXPathContextPtr context = context_new(page->doc, page->root, &complaint);
    if (context == NULL)
        return HTML_MEMORY;
    xmlXPathObjectPtr found = evaluate(x->compiled, context);
    enum html_status status = HTML_OK;
    if (found != NULL)
        status = take(found, count, &visitor);
    else if (complaint.code == XPATH_MEMORY_ERROR)
        status = HTML_MEMORY;
    else if (complaint.code == XPATH_OP_LIMIT_EXCEEDED)
        status = HTML_TOO_LONG;
    else
        status = HTML_FAILED;
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return status;
}
