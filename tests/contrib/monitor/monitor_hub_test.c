#include "hub.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

#include "sample.h"

#define LONG_NS INT64_C(60000000000)

struct waiting {
    struct hub *hub;
    enum hub_news news;
    struct event *event;
};

static void *wait_for_news(void *data)
{
    struct waiting *w = data;
    w->news = hub_wait(w->hub, 0, LONG_NS, &w->event);
    return NULL;
}

static void a_viewer_gets_the_newest_state_and_each_only_once(void **state)
{
    (void)state;
    struct event *event = NULL;
    struct sample *s = sample_new(SAMPLE_PLAIN);
    struct hub *hub = hub_new(sample_api());
    assert_int_equal(hub_wait(hub, 0, 0, &event), HUB_NOTHING);
    hub_show(hub, sample_snapshot(s));
    hub_show(hub, sample_snapshot(s));
    assert_int_equal(hub_wait(hub, 0, LONG_NS, &event), HUB_STATE);
    assert_int_equal(event->version, 2);
    assert_int_equal(hub_wait(hub, event->version, 0, &event), HUB_NOTHING);
    hub_drop(hub, event);
    hub_free(hub);
    sample_free(s);
    assert_int_equal(sample_retained(), 0);
}

static void viewers_share_what_is_rendered_once(void **state)
{
    (void)state;
    struct event *one = NULL;
    struct event *other = NULL;
    struct sample *s = sample_new(SAMPLE_PLAIN);
    struct hub *hub = hub_new(sample_api());
    hub_show(hub, sample_snapshot(s));
    hub_wait(hub, 0, LONG_NS, &one);
    hub_wait(hub, 0, LONG_NS, &other);
    assert_ptr_equal(one, other);
    /* A slow viewer keeps its event while others go on. */
    hub_show(hub, sample_snapshot(s));
    hub_drop(hub, other);
    hub_wait(hub, 1, LONG_NS, &other);
    assert_ptr_not_equal(one, other);
    assert_int_equal(one->version, 1);
    hub_drop(hub, one);
    hub_drop(hub, other);
    hub_free(hub);
    sample_free(s);
    assert_int_equal(sample_retained(), 0);
}

static void an_event_is_one_line_of_data(void **state)
{
    (void)state;
    static const char head[] = "event: state\ndata: {";
    struct event *event = NULL;
    struct sample *s = sample_new(SAMPLE_HOSTILE);
    struct hub *hub = hub_new(sample_api());
    hub_show(hub, sample_snapshot(s));
    assert_int_equal(hub_wait(hub, 0, LONG_NS, &event), HUB_STATE);
    assert_memory_equal(event->bytes, head, sizeof head - 1);
    assert_memory_equal(event->bytes + event->size - 3, "}\n\n", 3);
    size_t breaks = 0;
    for (size_t i = 0; i < event->size; i++)
        breaks += event->bytes[i] == '\n' || event->bytes[i] == '\r';
    assert_int_equal(breaks, 3);
    hub_drop(hub, event);
    hub_free(hub);
    sample_free(s);
}

static void who_waits_is_woken_by_news_and_by_the_end(void **state)
{
    (void)state;
    pthread_t thread;
    struct sample *s = sample_new(SAMPLE_PLAIN);
    struct waiting w = {.hub = hub_new(sample_api())};
    assert_int_equal(pthread_create(&thread, NULL, wait_for_news, &w), 0);
    hub_show(w.hub, sample_snapshot(s));
    pthread_join(thread, NULL);
    assert_int_equal(w.news, HUB_STATE);
    hub_drop(w.hub, w.event);
    hub_free(w.hub);

    w = (struct waiting){.hub = hub_new(sample_api())};
    assert_int_equal(pthread_create(&thread, NULL, wait_for_news, &w), 0);
    hub_close(w.hub);
    pthread_join(thread, NULL);
    assert_int_equal(w.news, HUB_CLOSED);
    hub_free(w.hub);
    sample_free(s);
}

static void there_are_32_viewers_at_most(void **state)
{
    (void)state;
    struct hub *hub = hub_new(sample_api());
    for (int i = 0; i < HUB_VIEWERS_MOST; i++)
        assert_true(hub_enter(hub));
    assert_false(hub_enter(hub));
    hub_leave(hub);
    assert_true(hub_enter(hub));
    hub_free(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_viewer_gets_the_newest_state_and_each_only_once),
        cmocka_unit_test(viewers_share_what_is_rendered_once),
        cmocka_unit_test(an_event_is_one_line_of_data),
        cmocka_unit_test(who_waits_is_woken_by_news_and_by_the_end),
        cmocka_unit_test(there_are_32_viewers_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
