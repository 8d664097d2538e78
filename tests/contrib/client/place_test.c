/* What a place of a client's activity knows: its settings and what it expects. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <client/args.h>
#include <client/client.h>
#include <client/place.h>

enum { ARG_LIMIT, ARG_EXPECTED, ARGS_COUNT };

ARG(limit, .name = "limit", .types = STRESSOR_ARG_INT);
ARG(expected, .name = "expected", .types = STRESSOR_ARG_ANY);
ARG(config_limit, .name = "test_limit", .types = STRESSOR_ARG_INT);
SETTING(setting_limit, config_limit);

static const stressor_arg *const args_table[ARGS_COUNT] = {&limit, &expected};
static const stressor_setting *const settings[] = {&setting_limit};
static const struct place_kind kind = {
    .settings = settings, .settings_count = 1, .expect_arg = ARG_EXPECTED, .failure = "reply"};
static const stressor_activity_type type = {
    .size = sizeof type, .name = "Test", .args = args_table, .args_count = ARGS_COUNT};

/* --- a host ---------------------------------------------------------------------------------- */

static int64_t slot;            /* given out in prepare */
static int32_t variable_status; /* of the setting */
static int64_t problem_arg;     /* -2: none was reported */

static int64_t variable_slot(stressor_plan *plan, const char *name, uint64_t length)
{
    (void)plan;
    assert_int_equal(length, strlen("test_limit"));
    assert_memory_equal(name, "test_limit", length);
    return slot;
}

static int32_t variable_get_as(stressor_exec *exec, int64_t at, const stressor_arg *arg,
                               stressor_value *out, stressor_failure *failure)
{
    (void)exec;
    assert_int_equal(at, slot);
    assert_ptr_equal(arg, &config_limit);
    if (variable_status == 0)
        *out = stressor_int(7);
    if (variable_status == STRESSOR_EINVAL)
        failure->kind = "said by the host";
    return variable_status;
}

static int32_t problem(stressor_prepare *place, int32_t arg, const char *text, uint64_t length)
{
    (void)place;
    (void)text;
    assert_true(length > 0);
    problem_arg = arg;
    return STRESSOR_EINVAL;
}

static void *scratch(stressor_exec *exec, uint64_t size)
{
    static char memory[4096];
    (void)exec;
    return size <= sizeof memory ? memory : NULL;
}

static int32_t value_text(stressor_exec *exec, const stressor_value *v, stressor_value *out)
{
    (void)exec;
    (void)v;
    *out = stressor_string("text");
    return 0;
}

static void free_path(stressor_path *path)
{
    assert_null(path);
}

static void free_regex(stressor_regex *regex)
{
    assert_null(regex);
}

static const stressor_path_api path_api = {.free = free_path};
static const stressor_regex_api regex_api = {.free = free_regex};
static const stressor_host host = {.size = sizeof host,
                                   .variable_slot = variable_slot,
                                   .variable_get_as = variable_get_as,
                                   .problem = problem,
                                   .scratch = scratch,
                                   .value_text = value_text};
static struct client client = {.host = &host,
                               .expect = {.host = &host, .path = &path_api, .regex = &regex_api}};

static stressor_value constants[ARGS_COUNT], args[ARGS_COUNT]; /* of the place, of an execution */
static stressor_exec exec = {.size = sizeof exec, .host = &host, .args = args};
static stressor_failure failure;

static struct place *prepare(stressor_value expectation, uint8_t expectation_state)
{
    args[ARG_LIMIT] = stressor_null();
    args[ARG_EXPECTED] = constants[ARG_EXPECTED] = expectation;
    failure = (stressor_failure){.category = STRESSOR_NO_FAILURE};
    problem_arg = -2;
    const uint8_t states[ARGS_COUNT] = {[ARG_EXPECTED] = expectation_state};
    stressor_prepare p = {.size = sizeof p,
                          .host = &host,
                          .plugin = &client,
                          .args = constants,
                          .states = states,
                          .args_count = ARGS_COUNT,
                          .type = &type};
    struct place *place = place_new(&p, &kind, sizeof *place);
    assert_ptr_equal(p.place, place);
    return place;
}

/* --- settings -------------------------------------------------------------------------------- */

static void an_argument_goes_before_its_setting(void **state)
{
    (void)state;
    slot = 3;
    variable_status = 0;
    struct place *p = prepare(stressor_null(), STRESSOR_ARG_CONSTANT);
    stressor_value out;
    assert_int_equal(place_arg(p, &exec, ARG_LIMIT, 0, &out, &failure), 0);
    assert_int_equal(out.as.integer, 7);
    args[ARG_LIMIT] = stressor_int(5);
    assert_int_equal(place_arg(p, &exec, ARG_LIMIT, 0, &out, &failure), 0);
    assert_int_equal(out.as.integer, 5);
    place_release(&client, p);
}

static void a_setting_that_is_not_there_is_null(void **state)
{
    (void)state;
    variable_status = STRESSOR_ENOENT;
    struct place *p = prepare(stressor_null(), STRESSOR_ARG_CONSTANT);
    stressor_value out = stressor_int(1);
    assert_int_equal(place_setting(p, &exec, 0, &out, &failure), 0);
    assert_int_equal(out.type, STRESSOR_NULL);
    assert_int_equal(failure.category, STRESSOR_NO_FAILURE);
    place_release(&client, p);
}

static void a_setting_that_cannot_be_read_fails(void **state)
{
    (void)state;
    struct place *p = prepare(stressor_null(), STRESSOR_ARG_CONSTANT);
    stressor_value out;
    variable_status = STRESSOR_EINVAL;
    assert_int_equal(place_setting(p, &exec, 0, &out, &failure), STRESSOR_FAILED);
    assert_string_equal(failure.kind, "said by the host");
    variable_status = STRESSOR_ENOMEM;
    assert_int_equal(place_setting(p, &exec, 0, &out, &failure), STRESSOR_FAILED);
    assert_int_equal(failure.category, STRESSOR_GENERATOR);
    assert_string_equal(failure.kind, "memory");
    place_release(&client, p);
}

static void a_setting_without_a_slot_is_a_problem(void **state)
{
    (void)state;
    slot = -1;
    assert_null(prepare(stressor_null(), STRESSOR_ARG_CONSTANT));
    assert_int_equal(problem_arg, -1);
    slot = 3;
}

/* --- expectations ---------------------------------------------------------------------------- */

static void judge(struct place *p, int64_t answer, int32_t status)
{
    stressor_value v = stressor_int(answer);
    assert_int_equal(place_judge(p, &exec, &v, &failure), status);
}

static void where_nothing_is_expected_any_answer_will_do(void **state)
{
    (void)state;
    struct place *p = prepare(stressor_null(), STRESSOR_ARG_CONSTANT);
    assert_null(p->expect);
    judge(p, 1, STRESSOR_DONE);
    place_release(&client, p);
}

static void a_constant_expectation_is_made_once(void **state)
{
    (void)state;
    struct place *p = prepare(stressor_int(4), STRESSOR_ARG_CONSTANT);
    assert_non_null(p->expect);
    args[ARG_EXPECTED] = stressor_int(9); /* not looked at any more */
    judge(p, 4, STRESSOR_DONE);
    judge(p, 5, STRESSOR_FAILED);
    assert_int_equal(failure.category, STRESSOR_ASSERTION);
    assert_string_equal(failure.kind, "reply");
    place_release(&client, p);
}

static void an_expectation_with_macros_is_made_when_it_runs(void **state)
{
    (void)state;
    struct place *p = prepare(stressor_null(), STRESSOR_ARG_TEMPLATE);
    assert_null(p->expect);
    args[ARG_EXPECTED] = stressor_int(6);
    judge(p, 6, STRESSOR_DONE);
    args[ARG_EXPECTED] = stressor_int(7);
    judge(p, 6, STRESSOR_FAILED);
    assert_string_equal(failure.kind, "reply");
    place_release(&client, p);
}

static void what_differs_by_its_type_alone_is_told_with_it(void **state)
{
    (void)state;
    struct place *p = prepare(stressor_int(4), STRESSOR_ARG_CONSTANT);
    stressor_value v = stressor_string("4");
    assert_int_equal(place_judge(p, &exec, &v, &failure), STRESSOR_FAILED);
    assert_string_equal(failure.text, "expected the value to equal 'text', got 'text' (a text, not "
                                      "an integer)");
    judge(p, 5, STRESSOR_FAILED);
    assert_string_equal(failure.text, "expected the value to equal 'text', got 'text'");
    v.flags |= STRESSOR_SECRET;
    assert_int_equal(place_judge(p, &exec, &v, &failure), STRESSOR_FAILED);
    assert_string_equal(failure.text, "expected the value to equal 'text', got '***'");
    place_release(&client, p);
}

static void a_place_that_is_not_there_may_be_released(void **state)
{
    (void)state;
    place_release(&client, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_argument_goes_before_its_setting),
        cmocka_unit_test(a_setting_that_is_not_there_is_null),
        cmocka_unit_test(a_setting_that_cannot_be_read_fails),
        cmocka_unit_test(a_setting_without_a_slot_is_a_problem),
        cmocka_unit_test(where_nothing_is_expected_any_answer_will_do),
        cmocka_unit_test(a_constant_expectation_is_made_once),
        cmocka_unit_test(an_expectation_with_macros_is_made_when_it_runs),
        cmocka_unit_test(what_differs_by_its_type_alone_is_told_with_it),
        cmocka_unit_test(a_place_that_is_not_there_may_be_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
