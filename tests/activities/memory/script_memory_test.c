/*
 * Scripts while memory runs out, of Lua too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "memory_trial.h"

const stressor_plugin *script_entry(void);
const stressor_plugin *sleep_entry(void);
const stressor_plugin *debug_entry(void);

static const char scenario[] = "file_version: stressor#0\n"
                               "config: {secret: pass}\n"
                               "sessions: {users: [{name: ann, password: pw}]}\n"
                               "scenario: [{sequence: main}]\n"
                               "sequences:\n"
                               "  main:\n"
                               "  - activity: RunScript\n"
                               "    export: [list, text]\n"
                               "    script: |\n"
                               "      list = {1, 2.5, {a = 'b', c = {}}}\n"
                               "      text = json.encode(list) .. (session.user.password or '')\n"
                               "      assert(#json.decode(json.encode(list)) == 3)\n"
                               "      assert(regex.search('abbc', 'b+'))\n"
                               "      assert(Sleep{duration = 0.0001})\n"
                               "      session:log(text)\n"
                               "      session.context.other = list\n"
                               "      result = {list = list, parts = string.rep('x', 1000)}\n"
                               "  - {activity: $debug()}\n"
                               "  - {activity: Sleep, duration: 0}\n";

static void scripts_end_and_the_want_of_memory_is_told(void **state)
{
    (void)state;
    static const stressor_plugin_entry plugins[] = {script_entry, sleep_entry, debug_entry, NULL};
    memory_trial(plugins, scenario);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_end_and_the_want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
