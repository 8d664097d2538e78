/* A script engine of RunScript, which is another plugin's: the result of a script in the language
 * upper is its text in capitals. A file is said by its path. */
#include "plugin.h"

#include <stdbool.h>

enum { ARG_SCRIPT, ARG_PATH }; /* as that type's table has them */

static int32_t prepare(stressor_prepare *place)
{
    static const char wrong[] = "a script begins with a letter";
    const stressor_value *script = &place->args[ARG_SCRIPT];
    if (script->type != STRESSOR_STRING ||
        (script->as.string.length > 0 && (script->as.string.ptr[0] | 0x20) >= 'a'))
        return 0;
    return place->host->problem(place, ARG_SCRIPT, wrong, sizeof wrong - 1);
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    bool inlined = exec->args[ARG_SCRIPT].type == STRESSOR_STRING;
    const stressor_value *text = &exec->args[inlined ? ARG_SCRIPT : ARG_PATH];
    char *out = exec->host->scratch(exec, text->as.string.length + 1);
    if (out == NULL)
        return STRESSOR_FAILED;
    for (uint64_t i = 0; i < text->as.string.length; i++) {
        char c = text->as.string.ptr[i];
        out[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    result->value = stressor_string_n(out, text->as.string.length);
    return STRESSOR_DONE;
}

static const stressor_script_engine engine = {.size = sizeof engine,
                                              .activity = "RunScript",
                                              .language = "upper",
                                              .extension = ".up",
                                              .prepare = prepare,
                                              .start = start};
static const stressor_script_engine *const engines[] = {&engine};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "upper",
                                       .version = "1.0",
                                       .engines = engines,
                                       .engines_count = 1};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
