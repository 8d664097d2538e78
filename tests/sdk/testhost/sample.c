#include "sample.h"

#include <stressor/log.h>
#include <stressor/loop.h>

int sample_inits, sample_finis;
static const stressor_loop_api *loop;
static int64_t greeting_slot;

static const stressor_arg arg_who = {.size = sizeof arg_who,
                                     .name = "who",
                                     .types = STRESSOR_ARG_STRING,
                                     .flags = STRESSOR_ARG_REQUIRED,
                                     .help = "whom"};
static const stressor_arg arg_greeting = {.size = sizeof arg_greeting,
                                          .name = "greeting",
                                          .types = STRESSOR_ARG_STRING,
                                          .fallback = "Hello",
                                          .help = "how"};
static const stressor_arg arg_duration = {.size = sizeof arg_duration,
                                          .name = "duration",
                                          .types = STRESSOR_ARG_DURATION,
                                          .flags = STRESSOR_ARG_REQUIRED,
                                          .help = "how long"};
static const stressor_arg *const greet_args[] = {&arg_who};
static const stressor_arg *const nap_args[] = {&arg_duration};

static int32_t greet_prepare(stressor_prepare *place)
{
    greeting_slot = place->host->variable_slot(place->plan, "greeting", 8);
    return greeting_slot >= 0 ? STRESSOR_OK : STRESSOR_ENOMEM;
}

static int32_t greet_start(stressor_exec *x, stressor_result *r)
{
    stressor_value greeting, who = x->args[0];
    if (x->host->variable_get_as(x, greeting_slot, &arg_greeting, &greeting, &r->failure) != 0)
        return STRESSOR_FAILED;
    if (who.as.string.length == 0)
        return stressor_fail(x, &r->failure, STRESSOR_TARGET, "nobody", "nobody to greet");
    uint64_t length = greeting.as.string.length + 2 + who.as.string.length;
    char *text = x->host->scratch(x, length);
    if (text == NULL)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    char *at = text;
    for (uint64_t i = 0; i < greeting.as.string.length; i++)
        *at++ = greeting.as.string.ptr[i];
    *at++ = ',';
    *at++ = ' ';
    for (uint64_t i = 0; i < who.as.string.length; i++)
        *at++ = who.as.string.ptr[i];
    r->value = stressor_string_n(text, length);
    stressor_log(x->host, STRESSOR_LOG_INFO, "greeted");
    return STRESSOR_DONE;
}

static void nap_over(void *data)
{
    static const stressor_result result = {.size = sizeof result};
    stressor_exec *x = data;
    loop->timer_free(x->data);
    x->host->complete(x, &result);
}

static int32_t nap_start(stressor_exec *x, stressor_result *r)
{
    (void)r;
    x->data = loop->timer_new(x->worker, nap_over, x);
    loop->timer_start(x->data, x->args[0].as.integer);
    return STRESSOR_PENDING;
}

static void nap_cancel(stressor_exec *x)
{
    stressor_result r = {.size = sizeof r};
    loop->timer_free(x->data);
    stressor_fail(x, &r.failure, STRESSOR_CANCELLED, "cancelled", "woken");
    x->host->complete(x, &r);
}

static int32_t deaf_start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_PENDING;
}

static void deaf_cancel(stressor_exec *x)
{
    (void)x;
}

static int32_t items_start(stressor_exec *x, stressor_result *r)
{
    static const char text[] = "{\"items\": [{\"id\": 7}]}";
    stressor_builder *b = x->host->build(x);
    stressor_value status = stressor_int(200);
    x->host->build_map(b);
    x->host->build_key(b, "status", 6);
    x->host->build_value(b, &status);
    x->host->build_end(b);
    r->text = text;
    r->text_length = sizeof text - 1;
    r->flags = STRESSOR_RESULT_TEXT_IS_VALUE;
    return x->host->build_finish(b, &r->info) == 0 ? STRESSOR_DONE : STRESSOR_FAILED;
}

static const stressor_activity_type greet = {.size = sizeof greet,
                                             .name = "Greet",
                                             .help = "Greet",
                                             .args = greet_args,
                                             .args_count = 1,
                                             .prepare = greet_prepare,
                                             .start = greet_start};
static const stressor_activity_type nap = {.size = sizeof nap,
                                           .name = "Nap",
                                           .help = "Nap",
                                           .args = nap_args,
                                           .args_count = 1,
                                           .start = nap_start,
                                           .cancel = nap_cancel};
static const stressor_activity_type deaf = {.size = sizeof deaf,
                                            .name = "Deaf",
                                            .help = "Wait",
                                            .start = deaf_start,
                                            .cancel = deaf_cancel};
static const stressor_activity_type items = {
    .size = sizeof items, .name = "Items", .help = "Give items", .start = items_start};
static const stressor_activity_type broken = {.size = sizeof broken, .name = "No", .help = "No"};
static const stressor_activity_type *const types[] = {&greet, &nap, &deaf, &items};
static const stressor_activity_type *const broken_types[] = {&broken};
static const stressor_setting setting = {
    .size = sizeof setting, .section = "config", .arg = &arg_greeting};
static const stressor_setting *const settings[] = {&setting};

static int32_t init(const stressor_host *host, void **data)
{
    (void)data;
    sample_inits++;
    loop = host->extension(host, STRESSOR_LOOP_1);
    return STRESSOR_OK;
}

static void fini(void *data)
{
    (void)data;
    sample_finis++;
}

const stressor_plugin *sample_entry(void)
{
    static const stressor_plugin plugin = {.size = sizeof plugin,
                                           .abi_minor = STRESSOR_ABI_MINOR,
                                           .abi_draft = STRESSOR_ABI_DRAFT,
                                           .name = "sample",
                                           .version = "1.0",
                                           .help = "For tests",
                                           .activities = types,
                                           .activities_count = 4,
                                           .settings = settings,
                                           .settings_count = 1,
                                           .init = init,
                                           .fini = fini};
    return &plugin;
}

const stressor_plugin *sample_broken_entry(void)
{
    static const stressor_plugin plugin = {.size = sizeof plugin,
                                           .abi_minor = STRESSOR_ABI_MINOR,
                                           .abi_draft = STRESSOR_ABI_DRAFT,
                                           .name = "broken",
                                           .version = "1.0",
                                           .help = "For tests",
                                           .activities = broken_types,
                                           .activities_count = 1};
    return &plugin;
}
