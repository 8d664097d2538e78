#!/usr/bin/env bats
# `plugin install` and `plugin remove` of built plugins: for the user, and for all.

load helper
load plugins

setup() {
    umask 022
    cd "$BATS_TEST_TMPDIR"
    place=$XDG_DATA_HOME/stressor/plugins
}

teardown() {
    [ -z "${elsewhere:-}" ] || rm -rf "$elsewhere"
}

# only FILE...: nothing else lies in the folder of installed plugins.
only() {
    local found
    found=$(ls -A "$place")
    if [ "$found" != "$(printf '%s\n' "$@")" ]; then
        printf 'in %s lies:\n%s\n' "$place" "$found" >&2
        return 1
    fi
}

# a_tree [PATH]: a copy of the program with its libraries and plugins, as $tree, to write to.
a_tree() {
    tree=${1:-$BATS_TEST_TMPDIR/tree}
    mkdir -p "$tree"
    cp -R "$STRESSOR_BUILD/bin" "$STRESSOR_BUILD/lib" "$tree/"
    chmod -R go-w "$tree"
}

@test "a plugin is installed for the user, with its manifest, and runs" {
    plugin hello 1.0
    stressor plugin install hello.so
    succeeds
    [ "$output" = "hello 1.0: A plugin of the tests
    activities Hello
    in         $place/hello.so
installed" ]
    [ -z "$stderr" ]
    only hello.manifest hello.so
    [ "$(stat -c %a "$place/hello.so" "$place/hello.manifest")" = $'644\n644' ]
    cmp hello.so "$place/hello.so"
    [ "$(jq -r .name "$place/hello.manifest")" = hello ]
    scenario_of Hello 'hello 1.0'
    stressor run -q s.yaml
    succeeds
}

@test "folders that are missing are made for the user alone to write to" {
    plugin hello 1.0
    umask 000
    stressor plugin install hello.so
    succeeds
    [ "$(stat -c %a "$XDG_DATA_HOME" "$place")" = $'755\n755' ]
    stressor plugin info hello
    succeeds
}

@test "without XDG_DATA_HOME it is a folder in the home, and without a home none" {
    plugin hello 1.0
    unset XDG_DATA_HOME
    HOME=$BATS_TEST_TMPDIR/home stressor plugin install hello.so
    succeeds
    [ -e home/.local/share/stressor/plugins/hello.so ]
    run --separate-stderr env -u HOME "$STRESSOR" plugin install hello.so
    fails_with 1
    says "there is no folder to install in: HOME is not set"
}

@test "the same once more is said to be installed, and another version or build replaces it" {
    plugin hello 1.0
    stressor plugin install hello.so
    succeeds
    local before
    before=$(stat -c %i "$place/hello.so")
    stressor plugin install hello.so
    succeeds
    [ "$output" = "hello 1.0 is installed already, in $place/hello.so" ]
    [ "$(stat -c %i "$place/hello.so")" = "$before" ]
    plugin hello 1.0 Hello '__attribute__((used)) static int more = 42;'
    stressor plugin install hello.so
    succeeds
    prints "installed, in place of another build of 1.0"
    plugin hello 1.1
    stressor plugin install hello.so
    succeeds
    prints "installed, in place of hello 1.0"
    only hello.manifest hello.so
    scenario_of Hello 'hello 1.1'
    stressor run -q s.yaml
    succeeds
    stressor plugin list --verbose
    prints "hello 1.1"
    prints ", 0 refused"
}

@test "a version that no scenario can require is installed, with a warning" {
    plugin badver banana
    stressor plugin install badver.so
    succeeds
    prints "installed"
    [ "$stderr" = 'stressor: no scenario can require a version of badver: "banana" cannot be compared, a version such as 1.2.3 can' ]
    scenario_of Hello 'badver banana'
    sed -i '1a plugins: ["badver >= 1"]' s.yaml
    stressor check s.yaml
    fails_with 2
    says "plugin 'badver': expected version >= 1, but its version 'banana' cannot be compared"
    for version in "" v1 1. 1..2 1.2.3.4.5.6.7.8.9 1234567890 "1 2"; do
        plugin badver "$version"
        stressor plugin install badver.so
        succeeds
        says "no scenario can require a version of badver: \"$version\" cannot be compared"
    done
    for version in 0 1.2.3 1.2.3.4.5.6.7.8 999999999 1.0-rc1 1.0+b_2.x-3; do
        plugin badver "$version"
        stressor plugin install badver.so
        succeeds
        [ -z "$stderr" ]
        sed -i "2s/.*/plugins: ['badver = $version']/" s.yaml
        stressor check s.yaml
        succeeds
    done
}

@test "what another plugin offers is not hidden without --force" {
    plugin hello 1.0
    stressor plugin install hello.so
    succeeds
    plugin other 1.0 Hello
    stressor plugin install other.so
    fails_with 1
    says "the activity type Hello is that of the plugin hello: $place/hello.so"
    says "other.so is refused: other would share these names; --force installs it nevertheless"
    only hello.manifest hello.so
    plugin mine 1.0 GetRequest '
static const stressor_macro sleeps = {.size = sizeof sleeps, .kind = STRESSOR_MACRO_ACTIVITY,
                                      .name = "sleep", .activity = "Sleep"};
static const stressor_macro *const macros[] = {&sleeps};
static const stressor_arg arg = {.size = sizeof arg, .name = "base_url",
                                 .types = STRESSOR_ARG_STRING};
static const stressor_setting base = {.size = sizeof base, .section = "config", .arg = &arg};
static const stressor_setting *const settings[] = {&base};
static int32_t render(void *plugin, const stressor_snapshot *s, stressor_sink sink, void *to)
{
    (void)plugin, (void)s;
    return sink(to, "{}", 2);
}
static const stressor_reporter_type json = {.size = sizeof json, .kind = "json",
                                            .extension = "json", .render = render};
static const stressor_reporter_type *const reporters[] = {&json};
#define OFFERS \
    .macros = macros, .macros_count = 1, .settings = settings, .settings_count = 1, \
    .reporters = reporters, .reporters_count = 1'
    stressor plugin install mine.so
    fails_with 1
    for thing in "activity type GetRequest" "setting config.base_url"; do
        says "the $thing is that of the plugin http: "
    done
    says 'the macro $sleep is that of the plugin sleep: '
    says "the kind of report json is that of the plugin reports: "
    stressor plugin install --force other.so
    succeeds
    only hello.manifest hello.so other.manifest other.so
}

@test "a plugin of the name of one of stressor's is not installed without --force" {
    plugin sleep 9.0 Doze
    stressor plugin install sleep.so
    fails_with 1
    says "a plugin sleep is there already: $(realpath "$STRESSOR_BUILD")/lib/stressor/plugins/sleep.so"
    only
    stressor plugin install --force sleep.so
    succeeds
    stressor plugin info sleep
    prints "plugin sleep 9.0"
    stressor plugin remove sleep
    succeeds
    stressor plugin info Sleep
    succeeds
}

@test "a file of the plugin's name that holds another plugin is not replaced without --force" {
    plugin other 1.0 Other
    mkdir -p "$place"
    cp other.so "$place/hello.so"
    plugin hello 1.0
    stressor plugin install hello.so
    fails_with 1
    says "$place/hello.so holds the plugin other; --force replaces it"
    only hello.so
    stressor plugin install --force hello.so
    succeeds
    stressor plugin info hello
    succeeds
}

@test "a broken plugin that is installed is replaced by a good one" {
    mkdir -p "$place"
    plugin hello 0.9 Hello "$(constructor "$ABORT")"
    cp hello.so "$place/"
    plugin hello 1.0
    stressor plugin install hello.so
    succeeds
    only hello.manifest hello.so
    stressor plugin list --verbose
    prints "hello 1.0"
    prints ", 0 refused"
}

@test "a plugin in which the check finds faults is refused with them" {
    make_plugin leaky 1.0 Leaky '__attribute__((visibility("default"))) int secret_of_mine = 1;'
    build_plugin leaky leaky.so
    stressor plugin install leaky.so
    fails_with 1
    says "secret_of_mine"
    says "stressor: leaky.so is refused: stressor-plugin-check has found faults in it"
    only
}

@test "check takes a file, or the name of an installed plugin" {
    plugin hello 1.0
    stressor plugin check --quick hello.so
    succeeds
    grep -qE '^ok +exports +only stressor_plugin_v1$' <<<"$output"
    stressor plugin install hello.so
    stressor plugin check hello --quick --seed 7
    succeeds
    prints "arguments made up with seed 7"
    stressor plugin check hello --seed many
    fails_with 2
    stressor plugin check hello --quick --try '{activity: Hello}' --with hello.so
    succeeds
    stressor plugin check hello --quick --try '{activity: Nobody}'
    fails_with 2
    says "--try '{activity: Nobody}' does not compile: "
    stressor plugin check hello --activity Nobody
    fails_with 2
    says "the plugin has no activity type 'Nobody'"
    stressor plugin check hello --quick --with nothing.so
    fails_with 2
    says "there is no file 'nothing.so'"
    plugin bad 1.0 Bad "$(constructor "$ABORT")"
    cp bad.so "$place/"
    stressor plugin check --quick bad
    fails_with 1
    prints "1 fault in $place/bad.so"
}

@test "in a folder that others may write to nothing is installed" {
    plugin hello 1.0
    mkdir -p "$place"
    chmod 777 "$place"
    stressor plugin install hello.so
    fails_with 1
    says "no plugin in $place would be loaded: it is writable by everybody (mode 0777)"
    only
}

@test "paths that are no plugins are wrong usage" {
    stressor plugin install
    fails_with 2
    says "it wants a PATH: of a plugin.so, a source folder, or a .tar.gz of one"
    stressor plugin install nothing.so
    fails_with 2
    says "cannot open nothing.so: No such file or directory"
    mkdir empty
    stressor plugin install empty
    fails_with 2
    says "empty is no source folder: it has no CMakeLists.txt"
    echo text > file.txt
    stressor plugin install file.txt
    fails_with 2
    says "file.txt is neither a plugin.so, nor a source folder, nor a .tar.gz of one"
    stressor plugin install a b
    fails_with 2
    says '"b" is too many'
}

@test "--system installs into the folder of the program, and --system removes" {
    a_tree
    plugin hello 1.0
    run --separate-stderr "$tree/bin/stressor" plugin install --system hello.so
    succeeds
    prints "    in         $tree/lib/stressor/plugins/hello.so"
    [ ! -e "$place" ]
    run --separate-stderr "$tree/bin/stressor" plugin remove hello
    fails_with 1
    says "hello is installed for all users, in $tree/lib/stressor/plugins/hello.so: --system removes it"
    run --separate-stderr "$tree/bin/stressor" plugin remove --system hello
    succeeds
    [ "$output" = "removed hello: $tree/lib/stressor/plugins/hello.so" ]
    [ ! -e "$tree/lib/stressor/plugins/hello.so" ]
    [ ! -e "$tree/lib/stressor/plugins/hello.manifest" ]
}

@test "--system without the right to write says so, and how it goes without" {
    # Where another user may look.
    elsewhere=$(mktemp -d "${TMPDIR:-/tmp}/stressor-test-XXXXXX")
    chmod 755 "$elsewhere"
    a_tree "$elsewhere/tree"
    cd "$elsewhere"
    plugin hello 1.0
    chmod 555 "$tree/lib/stressor/plugins"
    local as=()
    if [ "$(id -u)" -eq 0 ]; then
        as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
        "${as[@]}" test -x "$tree/bin/stressor" || skip "others may not look into $TMPDIR"
    fi
    run --separate-stderr "${as[@]}" "$tree/bin/stressor" plugin install --system hello.so
    fails_with 1
    says "cannot write to $tree/lib/stressor/plugins: Permission denied; without --system a plugin is yours alone"
}

@test "a plugin is removed with its manifest, even one that crashes" {
    plugin hello 1.0
    stressor plugin install hello.so
    succeeds
    stressor plugin remove hello
    succeeds
    [ "$output" = "removed hello: $place/hello.so" ]
    only
    plugin hello 1.0 Hello "$(constructor "$SEGFAULT")"
    cp hello.so "$place/"
    stressor plugin remove hello
    succeeds
    only
}

@test "a plugin is removed by its name without a look at it or at others" {
    plugin hello 1.0 Hello "$(constructor '    if (getenv("HARM") != NULL)
        abort();')"
    stressor plugin install hello.so
    succeeds
    plugin waits 1.0 Wait "$(constructor '    FILE *f = fopen(getenv("HARM"), "w");
    fclose(f);' | sed '1i #include <stdio.h>')"
    HARM=$BATS_TEST_TMPDIR/opened stressor plugin manifest waits.so
    succeeds
    rm opened
    cp waits.so "$place/"
    HARM=$BATS_TEST_TMPDIR/opened stressor plugin remove hello
    succeeds
    [ "$output" = "removed hello: $place/hello.so" ]
    [ ! -e opened ]
    only waits.so
}

@test "only plugins that install has put there are removed" {
    stressor plugin remove
    fails_with 2
    says "it wants the NAME of an installed plugin"
    plugin hello 1.0
    stressor plugin install hello.so
    stressor plugin remove helo
    fails_with 2
    says 'no plugin "helo" is installed; did you mean "hello"?'
    stressor plugin remove ../plugins/hello
    fails_with 2
    stressor plugin remove sleep
    fails_with 1
    says "sleep is installed for all users, in "
    mkdir -m 755 more
    plugin apart 1.0 Apart
    mv apart.so more/
    stressor plugin remove apart --plugin-path more
    fails_with 1
    says "apart is in $PWD/more/apart.so, where \"plugin install\" does not put plugins: it is not removed"
    [ -e more/apart.so ]
    only hello.manifest hello.so
}

@test "a stop in the middle of an install leaves nothing behind" {
    mkdir project "$BATS_TEST_TMPDIR/tmp"
    cat > project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.19)
project(slow NONE)
execute_process(COMMAND sh -c "echo > begun; exec cat hold" WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
CMAKE
    mkfifo project/begun project/hold
    TMPDIR=$BATS_TEST_TMPDIR/tmp "$STRESSOR" plugin install project > output 2>&1 3>&- &
    local child=$! code=0
    read -r < project/begun
    kill -TERM "$child"
    wait "$child" || code=$?
    [ "$code" -eq 3 ]
    only
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
}
