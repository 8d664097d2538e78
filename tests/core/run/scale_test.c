/*
 * Large scenarios compile, whole and in the right order. The time is printed, not judged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "recorder.h"

enum { COUNT = 10000 };

static const char head[] = "file_version: stressor#0\n";

static void load(struct trial *t, const struct buf *text)
{
    assert_false(text->failed);
    clock_t from = clock();
    trial_load(t, text->data, NULL);
    print_message("%zu KB of YAML: %.0f ms of CPU\n", text->length / 1024,
                  1e3 * (double)(clock() - from) / CLOCKS_PER_SEC);
    for (size_t i = 0; i < stressor_mistakes_count(t->engine); i++)
        print_error("%s\n", stressor_mistake_text(t->engine, i));
    assert_non_null(t->plan);
}

static void run(struct trial *t)
{
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 1;
    trial_start(t, &o);
    trial_end(t);
}

static void ten_thousand_activities_compile(void **state)
{
    (void)state;
    struct trial t;
    struct buf text;
    buf_init(&text, 0);
    buf_printf(&text, "%sscenario: [{sequence: last}]\nsequences:\n  many:\n", head);
    for (int i = 0; i < COUNT; i++)
        buf_printf(&text,
                   "    - {activity: Note, name: n%d, text: \"%d $(session_id)\", assert_match: "
                   "'%d', store_json: {v%d: 'a[0]'}}\n",
                   i, i, i, i);
    buf_puts(&text, "  last: [{activity: Note, text: ran}]\n");
    load(&t, &text);
    buf_finish(&text);
    run(&t);
    bool ran = strcmp(recorder_notes(), "t01:ran") == 0;
    trial_free(&t);
    assert_true(ran);
}

static void ten_thousand_sequences_are_each_found_by_their_name(void **state)
{
    (void)state;
    struct trial t;
    struct buf text;
    buf_init(&text, 0);
    buf_printf(&text, "%sscenario:\n", head);
    for (int i = COUNT; i-- > 0;)
        buf_printf(&text, "  - {sequence: number %d}\n", i);
    buf_puts(&text, "sequences:\n");
    for (int i = 0; i < COUNT; i++)
        if (i < 3)
            buf_printf(&text, "  number %d: [{activity: Note, text: %c}]\n", i, 'a' + i);
        else
            buf_printf(&text, "  number %d: []\n", i);
    load(&t, &text);
    buf_finish(&text);
    run(&t);
    bool right = strcmp(recorder_notes(), "t01:c t01:b t01:a") == 0;
    trial_free(&t);
    assert_true(right);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_activities_compile),
        cmocka_unit_test(ten_thousand_sequences_are_each_found_by_their_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
