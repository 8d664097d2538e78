/* What every renderer does with a sink that fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_sink.h"
#include "sample.h"

const stressor_plugin *stressor_plugin_v1(void);

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sink_that_fails_ends_the_rendering_with_its_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
