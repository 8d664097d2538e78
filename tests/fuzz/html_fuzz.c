/*
 * The input is an XPath, a newline and a page to look in, as assert_html does. An XPath that
 * compiles finds something or says why it cannot; texts that are found are trimmed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool on_text(void *data, struct span text)
{
    size_t *left = data;
    require(charset_is_utf8(text));
    require(text.length == 0 || (!is_space(text.ptr[0]) && !is_space(text.ptr[text.length - 1])));
    return --*left > 0;
}

static void look(struct html_page *page, struct html_xpath *x)
{
    char error[200] = "";
    size_t count = 0, again = 0, left = 100;
    enum html_status status = html_find(page, x, &count, on_text, &left, error, sizeof error);
    require(status != HTML_MEMORY);
    require(status != HTML_FAILED || error[0] != '\0');
    if (status == HTML_OK) {
        require(html_find(page, x, &again, NULL, NULL, error, sizeof error) == HTML_OK);
        require(again == count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    char error[200] = "";
    struct span body = {size > 0 ? (const char *)data : "", size}, text;
    struct buf room;
    if (size > 20000)
        return 0;
    if (!ready)
        html_global_init();
    ready = true;
    buf_init(&room, 100000);
    require(charset_text("text/html; charset=utf-8", body, &room, &text));
    const char *end = memchr(text.ptr, '\n', text.length);
    size_t length = end != NULL ? (size_t)(end - text.ptr) : text.length;
    size_t rest = end != NULL ? length + 1 : text.length;
    struct html_xpath *x = html_xpath_new((struct span){text.ptr, length}, error, sizeof error);
    enum html_status status;
    struct html_page *page =
        html_page_new((struct span){text.ptr + rest, text.length - rest}, &status);
    require((page == NULL) == (status != HTML_OK) && status != HTML_MEMORY);
    require(x != NULL || error[0] != '\0');
    if (x != NULL && page != NULL)
        look(page, x);
    html_xpath_free(x);
    html_page_free(page);
    buf_finish(&room);
    return 0;
}
