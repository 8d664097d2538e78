#include <common/markup.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_sink.h"

static void check(const char *text, const char *expected)
{
    struct memory_sink m = {0};
    struct out o;
    out_begin(&o, memory_sink_take, &m);
    markup_text(&o, text);
    assert_int_equal(out_finish(&o), 0);
    assert_string_equal(m.text != NULL ? m.text : "", expected);
    free(m.text);
}

static void markup_in_texts_is_text(void **state)
{
    (void)state;
    check("<img src=x onerror='a(\"&\")'>",
          "&lt;img src=x onerror=&#39;a(&quot;&amp;&quot;)&#39;&gt;");
    check("]]>", "]]&gt;");
    check(NULL, "");
}

static void white_space_is_kept(void **state)
{
    (void)state;
    check("a\tb\r\nc  d", "a&#9;b&#13;&#10;c  d");
}

static void what_xml_cannot_say_is_replaced(void **state)
{
    (void)state;
    check("a\x01\x1b|\x7f\xc2\x85|\xef\xbf\xbe|\xff|\xed\xa0\x80",
          "a\uFFFD\uFFFD|\uFFFD\uFFFD|\uFFFD|\uFFFD|\uFFFD\uFFFD\uFFFD");
    check("größe 漢 \U0001F600", "größe 漢 \U0001F600");
}

static void what_turns_the_direction_of_other_text_is_replaced(void **state)
{
    (void)state;
    check("a\u202A\u202B\u202C\u202D\u202Eb", "a\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDb");
    check("a\u2066\u2067\u2068\u2069b", "a\uFFFD\uFFFD\uFFFD\uFFFDb");
    check("\u2029\u202F\u2065\u206A\u200F שלום", "\u2029\u202F\u2065\u206A\u200F שלום");
}

static void attributes_are_quoted(void **state)
{
    (void)state;
    struct memory_sink m = {0};
    struct out o;
    out_begin(&o, memory_sink_take, &m);
    markup_attribute(&o, "name", "a\" b=\"c");
    assert_int_equal(out_finish(&o), 0);
    assert_string_equal(m.text, " name=\"a&quot; b=&quot;c\"");
    free(m.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_in_texts_is_text),
        cmocka_unit_test(white_space_is_kept),
        cmocka_unit_test(what_xml_cannot_say_is_replaced),
        cmocka_unit_test(what_turns_the_direction_of_other_text_is_replaced),
        cmocka_unit_test(attributes_are_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
