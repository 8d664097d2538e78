#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/scenario.h"
#include "cli/schema_json.h"

static const char *const parts[] = {"scenario", "sequence", "users", NULL};

static int write_schema(struct console *console, stressor_engine *engine, enum schema_part part)
{
    json_t *document = schema_json_new(engine, part);
    int written = document != NULL ? json_dumpf(document, stdout, JSON_INDENT(1)) : -1;
    json_decref(document);
    int code = command_flush();
    if (document == NULL || (written != 0 && code == COMMAND_FINE)) {
        console_say(console, STRESSOR_LOG_CRITICAL, "out of memory");
        return COMMAND_ERRORS;
    }
    putchar('\n');
    return command_worse(code, command_flush());
}

static int find_part(const struct command *self, const char *word)
{
    for (int i = 0; parts[i] != NULL; i++)
        if (strcmp(parts[i], word) == 0)
            return i;
    const char *nearest = stressor_nearest(word, parts);
    command_wrong(self->name, "there is no part \"%s\"; %s%s%s", word,
                  nearest != NULL ? "did you mean \"" : "there are scenario, sequence and users",
                  nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
    return -1;
}

static int with_engine(const struct common_options *common, enum schema_part part)
{
    struct console console;
    int code = COMMAND_ERRORS;
    if (!console_open(&console, common))
        return COMMAND_USAGE;
    stressor_engine *engine = scenario_engine(&console, common);
    if (engine != NULL)
        code = write_schema(&console, engine, part);
    stressor_engine_free(engine);
    if (!console_close(&console))
        code = command_worse(code, COMMAND_ERRORS);
    return code;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    int first = command_options(self, argc, argv, NULL, NULL, common, &code);
    if (first < 0)
        return code;
    if (argc - first > 1)
        return command_wrong(self->name, "one part at a time; \"%s\" is too many", argv[first + 1]);
    int part = first < argc ? find_part(self, argv[first]) : SCHEMA_SCENARIO;
    return part < 0 ? COMMAND_USAGE : with_engine(common, (enum schema_part)part);
}

const struct command command_schema = {
    .name = "schema",
    .usage = "[PART]",
    .help = "Writes a JSON Schema of scenarios, for editors",
    .details =
        "The schema is made from the plugins that are found: their activities, macros and\n"
        "settings. PART is scenario, which is the default, or sequence or users: what the files\n"
        "hold that a scenario loads as such.\n",
    .run = run,
};
