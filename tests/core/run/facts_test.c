/*
 * The configuration that reports show, and that no secret is in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/plan.h"
#include "recorder.h"

/* clang-format off */
#define HEAD "file_version: stressor#0\n"
#define REST "sequences: {init: [], main: [{activity: Note, name: login, text: a}]}\n"
/* clang-format on */

/* NULL: there is no such fact. */
static const char *fact(const struct stressor_plan *plan, const char *section, const char *name)
{
    for (size_t i = 0; i < plan->facts_count; i++)
        if (strcmp(plan->facts[i].section, section) == 0 && strcmp(plan->facts[i].name, name) == 0)
            return plan->facts[i].text;
    return NULL;
}

static void every_section_is_told_as_the_file_has_it(void **state)
{
    (void)state;
    struct trial t;
    const char *overrides[] = {"tag:nightly", "pause:2", "extra:5", NULL};
    trial_load(&t,
               HEAD "config: {name: shop, tag: x, max_time: 5m, empty: , on: yes}\n"
                    "context: {pause: 1, hello: 'from $(tag)', all: [1, {a: 'b', c: [2]}]}\n"
                    "sessions: {count: 3, ramp_up_delay: [0.1, 0.3], users: "
                    "[{name: ann, password: autumn}, {name: bert, password: bonfire}]}\n"
                    "scenario: [{sequence: init}, {sequence: main, repeat: 5}, {sequence: main, "
                    "duration: 2m}, {sequence: main, repeat: 2, duration: 1s}]\n"
                    "thresholds: [max of login < 1s, errors < 1%]\n" REST,
               overrides);
    assert_non_null(t.plan);
    assert_string_equal(fact(t.plan, "config", "name"), "shop");
    assert_string_equal(fact(t.plan, "config", "tag"), "nightly");
    assert_string_equal(fact(t.plan, "config", "max_time"), "5m");
    assert_string_equal(fact(t.plan, "config", "empty"), "null");
    assert_string_equal(fact(t.plan, "config", "extra"), "5");
    assert_null(fact(t.plan, "config", "pause"));
    assert_string_equal(fact(t.plan, "context", "pause"), "2");
    assert_string_equal(fact(t.plan, "context", "hello"), "from $(tag)");
    assert_string_equal(fact(t.plan, "context", "all"), "[1, {a: 'b', c: [2]}]");
    assert_string_equal(fact(t.plan, "sessions", "users"), "2");
    assert_string_equal(fact(t.plan, "sessions", "count"), "3");
    assert_string_equal(fact(t.plan, "sessions", "ramp_up_delay"), "[0.1, 0.3]");
    assert_string_equal(fact(t.plan, "scenario", "init"), "once");
    assert_string_equal(fact(t.plan, "scenario", "main"), "repeat 5");
    assert_string_equal(fact(t.plan, "thresholds", "1"), "max of login < 1s");
    assert_string_equal(fact(t.plan, "thresholds", "2"), "errors < 1%");
    const struct plan_fact *last = &t.plan->facts[t.plan->facts_count - 3];
    assert_string_equal(last->text, "repeat 2, duration 1.00 s");
    assert_string_equal(last[-1].text, "duration 2m00s");
    trial_free(&t);
}

static void a_base_url_that_holds_macros_is_told_as_it_stands_there(void **state)
{
    static const struct {
        const char *config, *override, *told;
    } all[] = {
        {"base_url: 'http://127.0.0.1:$(port)/x'", NULL, "http://127.0.0.1:$(port)/x"},
        {"base_url: 'http://ann:canary@127.0.0.1:$(port)/'", NULL,
         "http://ann:***@127.0.0.1:$(port)/"},
        {"base_url: 'http://127.0.0.1:$(port)/x'", "base_url:http://[::1]:$(port)/",
         "http://[::1]:$(port)/"},
        {"base_url: 'http://127.0.0.1/'", NULL, "http://127.0.0.1/"},
        {"a: b", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct trial t;
        char yaml[500];
        const char *overrides[] = {all[i].override, NULL};
        snprintf(yaml, sizeof yaml,
                 HEAD "config: {port: 8080, %s}\nscenario: [{sequence: main}]\n" REST,
                 all[i].config);
        trial_load(&t, yaml, overrides);
        assert_non_null(t.plan);
        if (all[i].told == NULL)
            assert_null(t.plan->base_url);
        else
            assert_string_equal(t.plan->base_url, all[i].told);
        trial_free(&t);
    }
}

static void no_secret_is_in_the_facts(void **state)
{
    (void)state;
    struct trial t;
    const char *overrides[] = {"api_token:canary0", "url2:http://u:canary1@h/", NULL};
    trial_load(
        &t,
        HEAD "config: {Password: canary2, base_url: 'http://ann:canary3@127.0.0.1/', my_secret: "
             "[canary4]}\n"
             "context:\n  headers: {Authorization: canary5, Cookie: canary6, X-Api-Key: canary7}\n"
             "  user2: &u {name: ann, password: canary8, auth: [ann, canary9]}\n"
             "  list: [[{access_token: canary10}], 'see ftp://a:canary11@b']\n"
             "  ACCESSTOKEN: canary12\n  credentials: canary13\n  passphrase: canary14\n"
             "  pwd: canary15\n  again: {deep: {deeper: *u}}\n"
             "sessions: {users: [*u, {name: bert, password: canary16}]}\n"
             "scenario: [{sequence: main}]\n" REST,
        overrides);
    assert_non_null(t.plan);
    assert_true(t.plan->facts_count > 10);
    for (size_t i = 0; i < t.plan->facts_count; i++) {
        if (strstr(t.plan->facts[i].text, "canary") != NULL)
            print_error("%s: %s\n", t.plan->facts[i].name, t.plan->facts[i].text);
        assert_null(strstr(t.plan->facts[i].text, "canary"));
    }
    assert_string_equal(fact(t.plan, "config", "Password"), "***");
    assert_string_equal(fact(t.plan, "config", "api_token"), "***");
    assert_string_equal(fact(t.plan, "config", "base_url"), "http://ann:***@127.0.0.1/");
    assert_string_equal(fact(t.plan, "context", "headers"),
                        "{Authorization: ***, Cookie: ***, X-Api-Key: ***}");
    assert_string_equal(fact(t.plan, "context", "user2"),
                        "{name: 'ann', password: ***, auth: ***}");
    trial_free(&t);
}

static void long_configurations_are_cut(void **state)
{
    (void)state;
    enum { SIZE = 64 << 10, ENTRIES = 400 };
    char *yaml = malloc(SIZE);
    assert_non_null(yaml);
    int used = snprintf(yaml, SIZE, HEAD "context:\n  long: '");
    memset(yaml + used, 'x', 5000);
    used += 5000;
    used += snprintf(yaml + used, (size_t)(SIZE - used), "'\n");
    for (int i = 0; i < ENTRIES; i++)
        used += snprintf(yaml + used, (size_t)(SIZE - used), "  key%d: %d\n", i, i);
    snprintf(yaml + used, (size_t)(SIZE - used), "scenario: [{sequence: main}]\n" REST);
    struct trial t;
    trial_load(&t, yaml, NULL);
    free(yaml);
    assert_non_null(t.plan);
    assert_true(strlen(fact(t.plan, "context", "long")) < 1000);
    assert_int_equal(t.plan->facts_count, 300);
    assert_string_equal(fact(t.plan, "context", "key5"), "5");
    assert_string_equal(t.plan->facts[299].name, "\xe2\x80\xa6");
    trial_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_section_is_told_as_the_file_has_it),
        cmocka_unit_test(a_base_url_that_holds_macros_is_told_as_it_stands_there),
        cmocka_unit_test(no_secret_is_in_the_facts),
        cmocka_unit_test(long_configurations_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
