#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/scenario.h"
#include "cli/text.h"

enum { OVERRIDE };

static const struct option_spec table[] = {
    {OVERRIDE, 'o', "option", "NAME:VALUE", "set a config entry and context variable; repeatable"},
    {0, 0, NULL, NULL, NULL},
};

struct check {
    const struct command *self;
    struct scenario_overrides overrides;
    struct console console;
};

/* "2 errors"; nothing where there are none. */
static void put_count(size_t count, const char *what, const char *before)
{
    if (count > 0)
        printf("%s%zu %s%s", before, count, what, count == 1 ? "" : "s");
}

/* False: it does not compile. */
static bool check_one(struct check *c, stressor_engine *engine, const char *path)
{
    const stressor_load_options load = {.size = sizeof load, .overrides = c->overrides.texts};
    stressor_plan *plan = stressor_load_file(engine, path, &load);
    bool fine = plan != NULL;
    scenario_say_mistakes(&c->console, engine);
    char file[4352];
    scenario_file(path, file, sizeof file);
    char *clean = text_clean(file, strlen(file), "\\n");
    size_t errors = stressor_mistakes_errors(engine), warnings = 0;
    for (size_t i = 0; i < stressor_mistakes_count(engine); i++)
        warnings += stressor_mistake_is_warning(engine, i) != 0;
    printf("%s: ", clean != NULL ? clean : "?");
    free(clean);
    if (fine || errors == 0)
        fputs(fine ? "fine" : "cannot be loaded (see the log)", stdout);
    put_count(errors, "error", "");
    put_count(warnings, "warning", fine || errors > 0 ? ", " : "");
    putchar('\n');
    stressor_plan_free(plan);
    return fine;
}

static int check_all(struct check *c, char *const *paths, int count,
                     const struct common_options *common)
{
    static char dot[] = ".";
    static char *const here[] = {dot};
    int wrong = 0;
    stressor_engine *engine = scenario_engine(&c->console, common);
    if (engine == NULL)
        return COMMAND_ERRORS;
    if (count == 0) {
        paths = here;
        count = 1;
    }
    for (int i = 0; i < count; i++)
        wrong += !check_one(c, engine, paths[i]);
    if (count > 1)
        printf("%d scenarios, %d with errors\n", count, wrong);
    stressor_engine_free(engine);
    return command_worse(wrong > 0 ? COMMAND_USAGE : COMMAND_FINE, command_flush());
}

static bool take(void *data, int id, const char *value)
{
    struct check *c = data;
    (void)id;
    return scenario_overrides_add(&c->overrides, c->self->name, value);
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    struct check c = {.self = self};
    int code = COMMAND_USAGE;
    if (!scenario_overrides_init(&c.overrides, argc))
        return COMMAND_ERRORS;
    int first = command_options(self, argc, argv, take, &c, common, &code);
    if (first >= 0 &&
        scenario_console(&c.console, common, self->name, argv + first, argc - first)) {
        code = check_all(&c, argv + first, argc - first, common);
        if (!console_close(&c.console))
            code = command_worse(code, COMMAND_ERRORS);
    }
    scenario_overrides_finish(&c.overrides);
    return code;
}

const struct command command_check = {
    .name = "check",
    .usage = "[OPTION]... [SCENARIO]...",
    .help = "Compiles scenarios, tells their mistakes, and runs nothing",
    .details = "Each SCENARIO is a file, with or without \".yaml\", or a folder that holds "
               "scenario.yaml;\n"
               "the current folder when left out. The exit code is 0 when all compile, else 2.\n",
    .options = table,
    .run = run,
};
