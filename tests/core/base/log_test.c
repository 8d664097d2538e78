#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <stressor/plugin.h>

#include "base/buf.h"
#include "base/log.h"

struct seen {
    struct buf text;
    int32_t level;
    int64_t time;
    int inside;
    bool mixed;
};

static void remember(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                     uint64_t length)
{
    struct seen *s = data;
    s->mixed |= s->inside++ != 0;
    s->level = level;
    s->time = time_wall_ns;
    buf_put(&s->text, text, (size_t)length);
    buf_putc(&s->text, '\n');
    s->inside--;
}

static void only_enabled_levels_reach_the_sink(void **state)
{
    (void)state;
    struct seen s = {.inside = 0};
    buf_init(&s.text, 0);
    log_set_sink(remember, &s);
    log_set_level(STRESSOR_LOG_WARNING);
    assert_int_equal(log_level(), STRESSOR_LOG_WARNING);
    assert_true(log_enabled(STRESSOR_LOG_ERROR));
    assert_false(log_enabled(STRESSOR_LOG_INFO));
    log_line(STRESSOR_LOG_INFO, "no");
    log_line(STRESSOR_LOG_WARNING, "yes %d", 1);
    log_bytes(STRESSOR_LOG_DEBUG, "no", 2);
    log_bytes(STRESSOR_LOG_ERROR, "bytes!", 5);
    log_set_sink(NULL, NULL);
    assert_string_equal(s.text.data, "yes 1\nbytes\n");
    assert_int_equal(s.level, STRESSOR_LOG_ERROR);
    assert_true(s.time > INT64_C(1500000000000000000));
    buf_finish(&s.text);
}

static void long_lines_arrive_whole_up_to_a_ceiling(void **state)
{
    (void)state;
    struct seen s = {.inside = 0};
    char *text = calloc(1, 200001);
    assert_non_null(text);
    memset(text, 'x', 200000);
    buf_init(&s.text, 0);
    log_set_sink(remember, &s);
    log_line(STRESSOR_LOG_ERROR, "%.*s", 5000, text);
    size_t first = s.text.length;
    buf_clear(&s.text);
    log_line(STRESSOR_LOG_ERROR, "%s", text);
    log_set_sink(NULL, NULL);
    free(text);
    assert_int_equal(first, 5001);
    assert_int_equal(s.text.length, (64 << 10) + 1);
    buf_finish(&s.text);
}

static void *log_many(void *unused)
{
    (void)unused;
    for (int i = 0; i < 1000; i++)
        log_line(STRESSOR_LOG_ERROR, "line %d", i);
    return NULL;
}

static void lines_of_several_threads_do_not_mix(void **state)
{
    (void)state;
    struct seen s = {.inside = 0};
    buf_init(&s.text, 0);
    log_set_sink(remember, &s);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, log_many, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    log_set_sink(NULL, NULL);
    size_t lines = 0;
    for (size_t i = 0; i < s.text.length; i++)
        lines += s.text.data[i] == '\n';
    assert_int_equal(lines, 4000);
    assert_false(s.mixed);
    buf_finish(&s.text);
}

static void without_a_sink_lines_go_to_standard_error(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int kept = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    log_line(STRESSOR_LOG_ERROR, "it broke");
    log_bytes(-1, "worse", 5);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    char text[64] = "";
    ssize_t got = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    assert_true(got > 0);
    assert_string_equal(text, "ERROR it broke\nCRITICAL worse\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_enabled_levels_reach_the_sink),
        cmocka_unit_test(long_lines_arrive_whole_up_to_a_ceiling),
        cmocka_unit_test(lines_of_several_threads_do_not_mix),
        cmocka_unit_test(without_a_sink_lines_go_to_standard_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
