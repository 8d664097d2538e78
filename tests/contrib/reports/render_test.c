/* What every renderer does when the sink, or an allocation, fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_sink.h"
#include "sample.h"

const stressor_plugin *stressor_plugin_v1(void);

/* How many more allocations of the plugin succeed; negative: all. */
static int allocations_left = -1;

static bool may_allocate(void)
{
    if (allocations_left < 0)
        return true;
    return allocations_left > 0 && allocations_left-- > 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_malloc(size_t size)
{
    return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return may_allocate() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
    return may_allocate() ? __real_realloc(memory, size) : NULL;
}

static void a_sink_that_fails_ends_the_rendering_with_its_error(void **state)
{
    (void)state;
    const stressor_plugin *plugin = stressor_plugin_v1();
    struct sample *s = sample_new(SAMPLE_MANY);
    void *data = NULL;
    assert_int_equal(plugin->init(sample_host(), &data), 0);
    for (uint32_t i = 0; i < plugin->reporters_count; i++) {
        struct memory_sink m = {.status = -77};
        if (plugin->reporters[i]->render == NULL)
            continue;
        assert_int_equal(
            plugin->reporters[i]->render(data, sample_snapshot(s), memory_sink_take, &m), -77);
        assert_int_equal(m.calls, 1);
    }
    plugin->fini(data);
    sample_free(s);
}

static int32_t swallow(void *data, const char *bytes, uint64_t length)
{
    (void)data;
    (void)bytes;
    (void)length;
    return 0;
}

static void each_failed_allocation_is_told(void **state)
{
    (void)state;
    const stressor_plugin *plugin = stressor_plugin_v1();
    struct sample *s = sample_new(SAMPLE_PLAIN);
    void *data = NULL;
    allocations_left = 0;
    assert_int_equal(plugin->init(sample_host(), &data), STRESSOR_ENOMEM);
    allocations_left = -1;
    assert_int_equal(plugin->init(sample_host(), &data), 0);
    for (uint32_t i = 0; i < plugin->reporters_count; i++) {
        int32_t status = STRESSOR_ENOMEM;
        for (int n = 0; plugin->reporters[i]->render != NULL && status != 0; n++) {
            allocations_left = n;
            status = plugin->reporters[i]->render(data, sample_snapshot(s), swallow, NULL);
            allocations_left = -1;
            assert_true(status == 0 || status == STRESSOR_ENOMEM);
        }
    }
    plugin->fini(data);
    sample_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sink_that_fails_ends_the_rendering_with_its_error),
        cmocka_unit_test(each_failed_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
