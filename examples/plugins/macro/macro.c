/*
 * macro -- macros of each kind:
 *
 *     $dice(SIDES)    a whole number from 1 to SIDES, anew for each execution
 *     $today(DAYS)    a date, as in 2024-05-31, so many days from now, when the scenario is loaded
 *     $wait(SECONDS)  stands for the activity Sleep
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include <stressor/log.h>
#include <stressor/plugin.h>

#define DIGITS 18 /* of a number that fits */

/* A whole number from `least` to `most`, as text or not; false: it is none. */
static int whole_number(const stressor_value *v, int64_t least, int64_t most, int64_t *out)
{
    char text[DIGITS + 2];
    char *end;
    *out = v->as.integer;
    if (v->type == STRESSOR_STRING) {
        if (v->as.string.length == 0 || v->as.string.length >= sizeof text)
            return 0;
        for (uint64_t i = 0; i < v->as.string.length; i++)
            text[i] = v->as.string.ptr[i];
        text[v->as.string.length] = '\0';
        errno = 0;
        *out = strtoll(text, &end, 10);
        if (errno != 0 || *end != '\0')
            return 0;
    } else if (v->type != STRESSOR_INT) {
        return 0;
    }
    return *out >= least && *out <= most;
}

static int32_t wrong(stressor_failure *failure, const char *text)
{
    stressor_value said = stressor_string(text);
    failure->category = STRESSOR_SCRIPT;
    failure->kind = "macro";
    failure->text = said.as.string.ptr;
    failure->length = said.as.string.length;
    return STRESSOR_EINVAL;
}

/* The numbers come from the session's own generator: the same seed throws the same again. */
static int32_t dice(void *plugin, stressor_exec *exec, const stressor_value *args,
                    uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    int64_t sides = 6;
    (void)plugin;
    if (args_count > 0 && !whole_number(&args[0], 1, 1000000, &sides))
        return wrong(failure, "the sides of $dice are a whole number from 1 to 1000000");
    *out = stressor_int(1 + (int64_t)(exec->host->random(exec->session) % (uint64_t)sides));
    return STRESSOR_OK;
}

static int32_t today(void *plugin, stressor_exec *exec, const stressor_value *args,
                     uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    static char text[32]; /* load time is on one thread, and the text is copied */
    int64_t days = 0;
    struct tm day;
    (void)plugin;
    (void)exec;
    if (args_count > 0 && !whole_number(&args[0], -100000, 100000, &days))
        return wrong(failure, "the days of $today are a whole number from -100000 to 100000");
    time_t now = time(NULL);
    gmtime_r(&now, &day);
    day.tm_mday += (int)days;
    timegm(&day);
    *out = stressor_string_n(text, strftime(text, sizeof text, "%Y-%m-%d", &day));
    return STRESSOR_OK;
}

static const char *const dice_args[] = {"sides", NULL};
static const stressor_macro dice_macro = {.size = sizeof dice_macro,
                                          .kind = STRESSOR_MACRO_RUN_TIME,
                                          .name = "dice",
                                          .help = "A whole number from 1 to SIDES, or to 6",
                                          .args = dice_args,
                                          .expand = dice};

static const char *const today_args[] = {"days", NULL};
static const stressor_macro today_macro = {.size = sizeof today_macro,
                                           .kind = STRESSOR_MACRO_LOAD_TIME,
                                           .name = "today",
                                           .help =
                                               "The date (UTC) so many DAYS from now, or of today",
                                           .args = today_args,
                                           .expand = today};

static const char *const wait_args[] = {"duration", NULL};
static const stressor_macro wait_macro = {.size = sizeof wait_macro,
                                          .kind = STRESSOR_MACRO_ACTIVITY,
                                          .name = "wait",
                                          .help = "Pause for so long",
                                          .args = wait_args,
                                          .args_required = 1,
                                          .activity = "Sleep"};

static const stressor_macro *const macros[] = {&dice_macro, &today_macro, &wait_macro};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "macro",
                                       .version = "1.0.0",
                                       .help = "Dice, dates and a pause",
                                       .license = "MIT",
                                       .macros = macros,
                                       .macros_count = sizeof macros / sizeof *macros};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
