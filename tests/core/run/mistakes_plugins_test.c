/*
 * What is said of the section `plugins`: plugins that are missing, of another version, or not said
 * as they should be. The only plugins here are the built-in ones; "recorder" is version 1.0.
 */
#include "mistakes.h"

#define HEAD     "file_version: stressor#0\n"
#define REST     "\nscenario: [{sequence: main}]\nsequences: {main: []}\n"
#define EXPECTED "expected NAME or \"NAME >= 1.2, < 2\", found "
#define INSTALL  "\"stressor plugin install PATH\""

static void plugins_that_are_there_in_a_fitting_version_load(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "plugins:" REST, {NULL}, true},
        {HEAD "plugins: []" REST, {NULL}, true},
        {HEAD "plugins: [recorder, recorder]" REST, {NULL}, true},
        {HEAD "plugins: ['recorder >= 1', recorder>=0.9.9, recorder = 1.0.0, '  recorder  ']" REST,
         {NULL},
         true},
        {HEAD "plugins: [\"recorder >= 0.5, < 2\", recorder <= 1.0, 'recorder > 1.0-rc1',\n"
              "  'recorder >= 1.0+build.7', 'recorder\\t>=1,<1.0.0.0.0.0.1']" REST,
         {"3:30: error: item 5 of section 'plugins': " EXPECTED "text *"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void a_missing_plugin_is_told_with_how_to_install_it(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "plugins:\n  - recorder\n  - pgsql >= 1.2" REST,
         {"4:5: error: plugin 'pgsql' is not installed: " INSTALL " installs it (looked in *"},
         false},
        {HEAD "plugins: [recroder]" REST,
         {"2:11: error: plugin 'recroder' is not installed; did you mean 'recorder'? (" INSTALL
          " installs one)"},
         false},
        {HEAD "plugins: [Recorder]" REST,
         {"2:11: error: plugin 'Recorder' is not installed; did you mean 'recorder'? (" INSTALL
          " installs one)"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

#define FOUND ", found 1.0: " INSTALL " installs another (found in the program itself)"

static void a_plugin_of_another_version_is_told_with_both(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "plugins: ['recorder >= 1.2']" REST,
         {"2:11: error: plugin 'recorder': expected version >= 1.2" FOUND},
         false},
        {HEAD "plugins: ['recorder >= 0.1, < 1']" REST,
         {"2:11: error: plugin 'recorder': expected version >= 0.1, < 1" FOUND},
         false},
        {HEAD "plugins: [recorder > 1, recorder < 1.0.0, recorder = 1.0.1, recorder <= 1.0-rc1,\n"
              "  recorder >= 1.10]" REST,
         {"2:11: error: plugin 'recorder': expected version > 1" FOUND,
          "2:25: error: plugin 'recorder': expected version < 1.0.0" FOUND,
          "2:43: error: plugin 'recorder': expected version = 1.0.1" FOUND,
          "2:61: error: plugin 'recorder': expected version <= 1.0-rc1" FOUND,
          "3:3: error: plugin 'recorder': expected version >= 1.10" FOUND},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void what_names_no_plugin_or_version_is_told_item_by_item(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "plugins: recorder" REST,
         {"2:10: error: section 'plugins': expected a list of NAME or \"NAME >= 1.2, < 2\", found "
          "text 'recorder'"},
         false},
        {HEAD "plugins: {recorder: 1}" REST,
         {"2:10: error: section 'plugins': expected a list of NAME or \"NAME >= 1.2, < 2\", found "
          "a map {recorder: 1}"},
         false},
        {HEAD "plugins:\n  - 5\n  - {recorder: 1}\n  -\n  - ''\n  - recorder 1\n"
              "  - recorder => 1\n  - recorder >=\n  - recorder >= x\n  - recorder >= 1,\n"
              "  - recorder >= 1 < 2\n  - recorder >= 1." REST,
         {"3:5: error: item 1 of section 'plugins': " EXPECTED "the integer 5",
          "4:5: error: item 2 of section 'plugins': " EXPECTED "a map {recorder: 1}",
          "5:4: error: item 3 of section 'plugins': " EXPECTED "null",
          "6:5: error: item 4 of section 'plugins': " EXPECTED "text ''",
          "7:5: error: item 5 of section 'plugins': " EXPECTED "text 'recorder 1'",
          "8:5: error: item 6 of section 'plugins': " EXPECTED "text 'recorder => 1'",
          "9:5: error: item 7 of section 'plugins': " EXPECTED "text 'recorder >='",
          "10:5: error: item 8 of section 'plugins': " EXPECTED "text 'recorder >= x'",
          "11:5: error: item 9 of section 'plugins': " EXPECTED "text 'recorder >= 1,'",
          "12:5: error: item 10 of section 'plugins': " EXPECTED "text 'recorder >= 1 < 2'",
          "13:5: error: item 11 of section 'plugins': " EXPECTED "text 'recorder >= 1.'"},
         false},
        {HEAD "plugins: ['re/corder', 'recorder >= 1.2.3.4.5.6.7.8.9',\n"
              "  recorder >= 99999999999999999999, '>= 1']" REST,
         {"2:11: error: item 1 of section 'plugins': " EXPECTED "text 're/corder'",
          "2:24: error: item 2 of section 'plugins': " EXPECTED "text *",
          "3:3: error: item 3 of section 'plugins': " EXPECTED "text *",
          "3:37: error: item 4 of section 'plugins': " EXPECTED "text '>= 1'"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plugins_that_are_there_in_a_fitting_version_load),
        cmocka_unit_test(a_missing_plugin_is_told_with_how_to_install_it),
        cmocka_unit_test(a_plugin_of_another_version_is_told_with_both),
        cmocka_unit_test(what_names_no_plugin_or_version_is_told_item_by_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
