#!/usr/bin/env bats
# Manifests beside plugins: how they are written, and that a plugin with one waits until it is used.

load helper
load plugins

setup() {
    umask 022
    cd "$BATS_TEST_TMPDIR"
}

# told NAME: NAME.so in `more`, which prints LOADED when it is loaded, with its manifest.
told() {
    mkdir -p -m 755 more
    plugin "$1" 1.0 "$2" "#include <stdio.h>
$(constructor '    if (getenv("TELL") != NULL)
        fputs("LOADED\n", stderr);')"
    mv "$1.so" more/
    stressor plugin manifest "more/$1.so"
    succeeds
}

not_said() {
    if [[ "$stderr" == *"$1"* ]]; then
        printf '"%s" was said:\n%s\n' "$1" "$stderr" >&2
        return 1
    fi
}

@test "the manifest lies beside the plugin and names what it offers and which build it is" {
    plugin greets 1.5 Greet
    stressor plugin manifest greets.so
    succeeds
    [ -z "$output" ]
    [ -z "$stderr" ]
    [ "$(stat -c %a greets.manifest)" = 644 ]
    [ "$(jq -c '[.manifest, .name, .version, .activities, .macros]' greets.manifest)" = \
        '[1,"greets","1.5",["Greet"],[]]' ]
    [ "$(jq -r .build_id greets.manifest)" = \
        "$(readelf -n greets.so | sed -n 's/.*Build ID: //p')" ]
    [ "$(echo *.manifest*)" = greets.manifest ]
}

@test "a plugin that does harm while it is loaded gets no manifest, and an old one stays as it was" {
    local harm
    echo old > bad.manifest
    for harm in "$SEGFAULT" "$ABORT" "$EXIT"; do
        plugin bad 1.0 Bad "$(constructor "$harm")"
        stressor plugin manifest bad.so
        fails_with 1
        says "$(realpath bad.so)"
        says "while it was loaded"
        [ "$(cat bad.manifest)" = old ]
        [ "$(echo *.manifest*)" = bad.manifest ]
    done
}

@test "what is no plugin, or has no build id, is told" {
    echo text > text.so
    stressor plugin manifest text.so
    fails_with 1
    says "stressor: plugin $(realpath text.so): it has no build id"
    plugin plain 1.0
    objcopy --remove-section .note.gnu.build-id plain.so
    stressor plugin manifest plain.so
    fails_with 1
    says "stressor: plugin $(realpath plain.so): it has no build id"
    stressor plugin manifest none.so
    fails_with 1
    says "stressor: cannot open none.so: No such file or directory"
    stressor plugin manifest text
    fails_with 2
    says '"text" is no FILE.so'
    stressor plugin manifest
    fails_with 2
    [ "$(echo *.manifest*)" = '*.manifest*' ]
}

@test "a plugin with a manifest is opened by the scenario that uses it, and by no other" {
    told waits Wait
    scenario_of Debug '.*'
    TELL=1 stressor run s.yaml --plugin-path more
    not_said LOADED
    scenario_of Wait 'waits 1.0'
    TELL=1 stressor run s.yaml --plugin-path more
    succeeds
    says LOADED
    stressor plugin list --plugin-path more
    succeeds
    prints "waits 1.0: A plugin of the tests"
}

@test "without a manifest that is of this build, the plugin is opened at once" {
    told waits Wait
    plugin waits 2.0 Wait "#include <stdio.h>
$(constructor '    if (getenv("TELL") != NULL)
        fputs("LOADED\n", stderr);')"
    mv waits.so more/
    scenario_of Debug '.*'
    TELL=1 stressor -vvv run s.yaml --plugin-path more
    says "LOADED"
    says "more/waits.so is ignored: it is that of the build "
}

@test "a plugin that dies when it is used is named" {
    plugin dies 1.0 Die "$(constructor '    if (getenv("DIE") != NULL)
        *(volatile int *)16 = 1;')"
    mkdir -m 755 more
    mv dies.so more/
    stressor plugin manifest more/dies.so
    succeeds
    scenario_of Die '.*'
    ulimit -c 0
    DIE=1 stressor run s.yaml --plugin-path more
    [ "$status" -ne 0 ]
    says "stressor: died while loading plugin $(realpath more/dies.so)"
}

@test "a scenario is told which plugins it lacks, how to get them, and why a found one is refused" {
    told waits Wait
    scenario_of Wait 'waits 1.0'
    echo 'plugins: [waits >= 0.9]' >> s.yaml
    stressor run s.yaml --plugin-path more
    succeeds
    scenario_of Wait 'waits 1.0'
    echo "plugins: ['waits >= 1.1, < 2', gone]" >> s.yaml
    stressor run s.yaml --plugin-path more
    fails_with 2
    says "s.yaml:7:11: error: plugin 'waits': expected version >= 1.1, < 2, found 1.0: \"stressor plugin install PATH\" installs another (found in $(realpath more/waits.so))"
    says "s.yaml:7:32: error: plugin 'gone' is not installed: \"stressor plugin install PATH\" installs it (looked in $(realpath more)"
    chmod 666 more/waits.so
    stressor run s.yaml --plugin-path more
    fails_with 2
    says "s.yaml:7:11: error: plugin 'waits' is refused: it is writable by everybody (mode 0666) ($(realpath more/waits.so))"
}

# late SECTION FLAGS FALLBACK: late.so with its manifest; type Late tells its setting `colour`.
late() {
    mkdir -p -m 755 more
    cat > late.c <<C
#include <string.h>

#include <stressor/plugin.h>

static const stressor_host *host;
static stressor_value colour;

static int32_t init(const stressor_host *h, void **data)
{
    *data = NULL;
    host = h;
    return 0;
}

static int32_t run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    (void)data, (void)plan;
    *run_data = NULL;
    colour = stressor_string("none");
    host->setting(run, "sessions", "colour", &colour);
    return 0;
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    (void)exec;
    result->value = colour;
    return STRESSOR_DONE;
}

static const stressor_arg arg = {.size = sizeof arg, .name = "colour", .types = STRESSOR_ARG_STRING,
                                 .flags = $2, .fallback = $3};
static const stressor_setting setting = {.size = sizeof setting, .section = "$1", .arg = &arg};
static const stressor_setting *const settings[] = {&setting};
static const stressor_activity_type type = {.size = sizeof type, .name = "Late", .start = start};
static const stressor_activity_type *const types[] = {&type};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "late",
                                       .activities = types,
                                       .activities_count = 1,
                                       .settings = settings,
                                       .settings_count = 1,
                                       .init = init,
                                       .run_open = run_open};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
C
    build_plugin late more/late.so
    stressor plugin manifest more/late.so
    succeeds
}

@test "settings of a plugin that an activity opens fall back to their defaults" {
    late sessions 0 '"red"'
    scenario_of Late red
    stressor run s.yaml --plugin-path more
    succeeds
    echo 'sessions: {colour: green, count: 2}' >> s.yaml
    sed -i 's/red/green/' s.yaml
    stressor run s.yaml --plugin-path more
    succeeds
}

@test "what a plugin requires is required of those who use it" {
    local section
    for section in sessions config; do
        late $section STRESSOR_ARG_REQUIRED NULL
        scenario_of Late '.*'
        stressor run s.yaml --plugin-path more
        fails_with 2
        says "s.yaml:1:1: error: missing"
        says colour
        scenario_of Debug '.*'
        stressor run s.yaml --plugin-path more
        [ "$status" -ne 2 ]
        scenario_of Late '.*'
        echo "$section: {colour: [1]}" >> s.yaml
        stressor run s.yaml --plugin-path more
        fails_with 2
        says "s.yaml:7:$((${#section} + 12)): error: key 'colour' of section '$section'"
    done
}

@test "a misspelt setting is told with the nearest, though the plugin was not open" {
    late sessions 0 NULL
    scenario_of Debug '.*'
    echo 'sessions: {color: red}' >> s.yaml
    stressor run s.yaml --plugin-path more
    says "s.yaml:7:12: warning: unknown key 'color' of section 'sessions' is ignored; did you mean 'colour'?"
}
