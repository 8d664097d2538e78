/* The masks that plugins of clients put over what servers say. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <client/mask.h>
#include <client/resolver.h>

static char memory[4096];
static int memory_is_out;

static void *scratch(stressor_exec *exec, uint64_t size)
{
    (void)exec;
    return memory_is_out || size > sizeof memory ? NULL : memory;
}

static const stressor_host host = {.size = sizeof host, .scratch = scratch};
static stressor_exec exec = {.size = sizeof exec, .host = &host};

static const char *masked(const char *const *secrets, const char *text)
{
    static struct mask m;
    m.count = 0;
    for (; *secrets != NULL; secrets++)
        mask_add_text(&m, *secrets, strlen(*secrets));
    return mask_text(&m, &exec, text);
}

static void a_text_without_secrets_is_itself(void **state)
{
    (void)state;
    const char *text = "nothing here";
    assert_ptr_equal(masked((const char *[]){"secret", "", NULL}, text), text);
    assert_ptr_equal(masked((const char *[]){NULL}, text), text);
}

static void secrets_become_stars_wherever_they_stand(void **state)
{
    (void)state;
    assert_string_equal(masked((const char *[]){"ab", NULL}, "abxabab"), "***x******");
    assert_string_equal(masked((const char *[]){"x", NULL}, "xxx"), "*********");
}

static void the_longest_of_overlapping_secrets_is_masked(void **state)
{
    (void)state;
    assert_string_equal(masked((const char *[]){"pass", "password", NULL}, "a password, a pass"),
                        "a ***, a ***");
}

static void without_memory_nothing_is_shown(void **state)
{
    (void)state;
    memory_is_out = 1;
    assert_string_equal(masked((const char *[]){"ab", NULL}, "x ab"), "***");
    memory_is_out = 0;
}

static void more_secrets_than_are_kept_mask_everything(void **state)
{
    (void)state;
    static struct mask m;
    for (int i = 0; i <= MASK_SECRETS_MAX; i++)
        mask_add_text(&m, "never", 5);
    assert_true(mask_finds(&m, "text", 4));
    assert_string_equal(mask_text(&m, &exec, "text"), "***");
}

static void only_secret_values_are_added(void **state)
{
    (void)state;
    static struct mask m;
    stressor_value open = stressor_string("open"), secret = stressor_string("hidden");
    secret.flags = STRESSOR_SECRET;
    mask_add(&m, &host, &open);
    mask_add(&m, &host, &secret);
    assert_false(mask_finds(&m, "open", 4));
    assert_true(mask_finds(&m, "is hidden", 9));
    assert_false(mask_finds(&m, "is hidden", 8));
}

static void addresses_are_told_from_names(void **state)
{
    (void)state;
    assert_true(resolver_is_address("127.0.0.1"));
    assert_true(resolver_is_address("::1"));
    assert_true(resolver_is_address("fe80::1%eth0"));
    assert_false(resolver_is_address("localhost"));
    assert_false(resolver_is_address("127.0.0.1.example"));
    assert_false(resolver_is_address(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_without_secrets_is_itself),
        cmocka_unit_test(secrets_become_stars_wherever_they_stand),
        cmocka_unit_test(the_longest_of_overlapping_secrets_is_masked),
        cmocka_unit_test(without_memory_nothing_is_shown),
        cmocka_unit_test(more_secrets_than_are_kept_mask_everything),
        cmocka_unit_test(only_secret_values_are_added),
        cmocka_unit_test(addresses_are_told_from_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
