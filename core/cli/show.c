#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/scenario.h"

enum { OVERRIDE };

static const struct option_spec table[] = {
    {OVERRIDE, 'o', "option", "NAME:VALUE", "set a config entry and context variable; repeatable"},
    {0, 0, NULL, NULL, NULL},
};

struct view {
    const struct command *self;
    struct scenario_overrides overrides;
    struct console console;
};

static int32_t to_stdout(void *data, const char *bytes, uint64_t length)
{
    (void)data;
    return fwrite(bytes, 1, (size_t)length, stdout) == length ? 0 : STRESSOR_ESYSTEM;
}

static int show_plan(struct view *v, const stressor_plan *plan)
{
    int32_t status = stressor_plan_show(plan, to_stdout, NULL);
    int code = command_flush();
    if (status == STRESSOR_ENOMEM)
        console_say(&v->console, STRESSOR_LOG_CRITICAL, "out of memory");
    return status < 0 ? COMMAND_ERRORS : code;
}

static int show(struct view *v, const char *path, const struct common_options *common)
{
    stressor_engine *engine = scenario_engine(&v->console, common);
    if (engine == NULL)
        return COMMAND_ERRORS;
    const stressor_load_options load = {.size = sizeof load, .overrides = v->overrides.texts};
    stressor_plan *plan = stressor_load_file(engine, path, &load);
    scenario_say_mistakes(&v->console, engine);
    int code = plan != NULL ? show_plan(v, plan) : COMMAND_USAGE;
    stressor_plan_free(plan);
    stressor_engine_free(engine);
    return code;
}

static bool take(void *data, int id, const char *value)
{
    struct view *v = data;
    (void)id;
    return scenario_overrides_add(&v->overrides, v->self->name, value);
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    struct view v = {.self = self};
    int code = COMMAND_USAGE;
    if (!scenario_overrides_init(&v.overrides, argc))
        return COMMAND_ERRORS;
    int first = command_options(self, argc, argv, take, &v, common, &code);
    if (first >= 0 && argc - first > 1) {
        code = command_wrong(self->name, "one scenario at a time; \"%s\" is too many",
                             argv[first + 1]);
    } else if (first >= 0 &&
               scenario_console(&v.console, common, self->name, argv + first, argc - first)) {
        code = show(&v, first < argc ? argv[first] : ".", common);
        if (!console_close(&v.console))
            code = command_worse(code, COMMAND_ERRORS);
    }
    scenario_overrides_finish(&v.overrides);
    return code;
}

const struct command command_show = {
    .name = "show",
    .usage = "[OPTION]... [SCENARIO]",
    .help = "Shows what a scenario would run, in which order and with which values",
    .details =
        "SCENARIO is a file, with or without \".yaml\", or a folder that holds scenario.yaml; the\n"
        "current folder when left out. What is printed is YAML: constants as they were\n"
        "understood, texts with macros as they are written, \"# default\" behind what the file\n"
        "does not say, *** in the place of secrets.\n",
    .options = table,
    .run = run,
};
