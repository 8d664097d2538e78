#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "form.h"
#include "request.h"

static void the_method_after_a_redirect_is_that_of_pythons_requests(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *before, *after;
    } cases[] = {
        {301, "GET", "GET"},   {301, "POST", "GET"},  {301, "PUT", "PUT"},   {301, "HEAD", "HEAD"},
        {302, "POST", "GET"},  {302, "PUT", "GET"},   {302, "HEAD", "HEAD"}, {303, "DELETE", "GET"},
        {303, "HEAD", "HEAD"}, {307, "POST", "POST"}, {308, "PUT", "PUT"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(redirect_method(cases[i].before, cases[i].status), cases[i].after);
}

static void only_answers_that_lead_somewhere_are_redirects(void **state)
{
    (void)state;
    struct transport_response r = {.status = 302, .location = "http://h/"};
    assert_true(redirect_is(&r));
    r.status = 304;
    assert_false(redirect_is(&r));
    r.status = 300;
    assert_false(redirect_is(&r));
    r.status = 308;
    r.location = NULL;
    assert_false(redirect_is(&r));
}

static void methods_are_tokens_of_any_case(void **state)
{
    (void)state;
    char method[METHOD_LENGTH_MAX + 1];
    assert_true(request_method(span_of("m-Search"), method));
    assert_string_equal(method, "M-SEARCH");
    assert_false(request_method(span_of(""), method));
    assert_false(request_method(span_of("G T"), method));
    assert_false(request_method(span_of("GET\r\nX:"), method));
    assert_false(request_method(span_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), method));
}

static void headers_hold_no_line_breaks_and_no_nul(void **state)
{
    (void)state;
    assert_true(request_header_name_is_fine(span_of("X-Name_1")));
    assert_false(request_header_name_is_fine(span_of("")));
    assert_false(request_header_name_is_fine(span_of("X Name")));
    assert_false(request_header_name_is_fine(span_of("X:")));
    assert_false(request_header_name_is_fine(span_of("X\r\nY")));
    assert_null(request_header_value_problem(span_of("a: b; \xc3\xa4")));
    assert_string_equal(request_header_value_problem(span_of("a\nb")), "a line break");
    assert_string_equal(request_header_value_problem(span_of("a\rb")), "a line break");
    assert_string_equal(request_header_value_problem((struct span){"a\0b", 3}), "NUL");
}

static void form_texts_are_percent_encoded_with_plus_for_space(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    form_append_text(&out, span_of("aZ09_.-~ +&=%/\xc3\xa4"));
    assert_string_equal(out.data, "aZ09_.-~+%2B%26%3D%25%2F%C3%A4");
    buf_finish(&out);
}

static void a_buffer_stays_below_its_ceiling_and_remembers_that_it_failed(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5);
    assert_true(buf_append_text(&b, "12345"));
    assert_false(buf_append_char(&b, '6'));
    assert_false(buf_append(&b, "", 0));
    assert_string_equal(b.data, "12345");
    buf_clear(&b);
    assert_true(buf_append_text(&b, "1"));
    buf_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_method_after_a_redirect_is_that_of_pythons_requests),
        cmocka_unit_test(only_answers_that_lead_somewhere_are_redirects),
        cmocka_unit_test(methods_are_tokens_of_any_case),
        cmocka_unit_test(headers_hold_no_line_breaks_and_no_nul),
        cmocka_unit_test(form_texts_are_percent_encoded_with_plus_for_space),
        cmocka_unit_test(a_buffer_stays_below_its_ceiling_and_remembers_that_it_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
