#!/usr/bin/env bats
# Plugins that are no good: each is refused by name with its reason, and those beside it are not.

load helper
load plugins

setup() {
    umask 022
    cd "$BATS_TEST_TMPDIR"
}

# refused FILE REASON: by `list`, while the good plugin beside it is shown, by `info` and `install`.
refused() {
    local more
    mkdir -p -m 755 more
    [ -e more/good.so ] || { plugin good 1.0 Good && mv good.so more/; }
    more=$(realpath more)
    stressor plugin list --verbose --plugin-path more
    succeeds
    prints "refused: $more/$1: $2"
    prints "good 1.0: A plugin of the tests"
    prints "    activities Good"
    prints "plugins, 1 refused"
    stressor plugin info "${1%.so}" --plugin-path more
    fails_with 1
    says "stressor: the plugin $more/$1 is refused: $2"
    stressor plugin install "more/$1"
    fails_with 1
    says "stressor: more/$1 is refused: $2"
    [ -z "$output" ]
    [ -z "$(ls -A "$XDG_DATA_HOME/stressor/plugins")" ]
}

# harmful LINES: more/bad.so runs them while it is loaded.
harmful() {
    plugin bad 1.0 Bad "$(constructor "$1")"
    mkdir -p -m 755 more
    mv bad.so more/
}

@test "a plugin that crashes while it is loaded is refused with its signal" {
    harmful "$SEGFAULT"
    refused bad.so "it crashed (signal 11, Segmentation fault) while it was loaded"
}

@test "a plugin that aborts while it is loaded is refused with its signal" {
    harmful "$ABORT"
    refused bad.so "it crashed (signal 6, Aborted) while it was loaded"
}

@test "a plugin that ends the process while it is loaded is refused with the exit code" {
    harmful '    exit(7);'
    refused bad.so "it ended the process (exit code 7) while it was loaded"
    harmful "$EXIT"
    refused bad.so "it ended the process (exit code 0) while it was loaded"
}

@test "a plugin that computes without end while it is loaded is refused" {
    harmful "$LOOP"
    stressor plugin list --verbose --plugin-path more
    succeeds
    # The latter where the machine gives it less than half of a CPU.
    [[ $output =~ "/more/bad.so: it "("computed for more than 5 s"|"took more than 10 s")" while it was loaded" ]]
}

@test "a plugin that waits without end while it is loaded is named, and refused" {
    harmful '    for (;;)
        pause();'
    stressor plugin list --verbose --plugin-path more
    succeeds
    prints "refused: $(realpath more)/bad.so: it took more than 10 s while it was loaded"
    [ "$stderr" = "stressor: still loading $(realpath more)/bad.so" ]
}

@test "a plugin that closes all descriptors while it is loaded is refused" {
    harmful '    for (int fd = 0; fd < 100; fd++)
        close(fd);'
    refused bad.so "it closed the descriptors of the process while it was loaded"
    stressor plugin manifest more/bad.so
    fails_with 1
    says "plugin $(realpath more)/bad.so: it closed the descriptors of the process while it was loaded"
}

@test "a plugin that calls exit does not let the program end as if all was well" {
    scenario_of Debug '.*'
    for code in 0 3; do
        harmful "    exit($code);"
        for command in "run s.yaml" "check s.yaml" "schema"; do
            stressor $command --plugin-path more
            fails_with 1
            says "stressor: plugin $(realpath more)/bad.so ended the process while it was loaded"
        done
    done
    make_plugin bad 1.0 Bad
    sed -i 's|result->value = .*|exit(0);|' bad.c
    build_plugin bad more/bad.so
    scenario_of Bad '.*'
    stressor run s.yaml --plugin-path more
    fails_with 1
    says "stressor: exit was called before the command had come to its end"
}

@test "a file that is cut off is refused" {
    mkdir -m 755 more
    plugin bad 1.0 Bad
    head -c 9000 bad.so > more/bad.so
    refused bad.so "it is cut off: the file ends before what is to be loaded"
}

@test "an argument that is called as one that every activity has is refused" {
    plugin bad 1.0 Bad '
static const stressor_arg arg = {.size = sizeof arg, .name = "name", .types = STRESSOR_ARG_INT};
static const stressor_arg *const list[] = {&arg};
#define ARGS .args = list, .args_count = 1'
    mkdir -m 755 more
    mv bad.so more/
    refused bad.so "activity type 'Bad': argument 'name': every activity has one of this name already"
}

@test "a plugin that writes without end while it is loaded is refused" {
    plugin bad 1.0 Bad "#include <stdio.h>
$(constructor '    for (;;)
        puts("and on and on");')"
    mkdir -m 755 more
    mv bad.so more/
    refused bad.so "it crashed (signal 25, File size limit exceeded) while it was loaded"
}

@test "a plugin that crashes when it is asked what it is is refused" {
    make_plugin bad 1.0
    sed -i 's|return &plugin;|return (const stressor_plugin *)16;|' bad.c
    mkdir -m 755 more
    build_plugin bad more/bad.so
    refused bad.so "it crashed (signal 11, Segmentation fault) while it was loaded"
}

@test "several plugins that crash are all told of, and info of another one answers" {
    mkdir -m 755 more
    for name in a b c; do
        plugin $name 1.0 "T$name" "$(constructor "$ABORT")"
        mv $name.so more/
    done
    plugin good 1.0 Good
    mv good.so more/
    stressor plugin list --verbose --plugin-path more
    succeeds
    for name in a b c; do
        prints "refused: $(realpath more)/$name.so: it crashed (signal 6, Aborted) while it was loaded"
    done
    prints ", 3 refused"
    stressor plugin info Good --plugin-path more
    succeeds
    prints "activity Good: Says its version"
    [ -z "$stderr" ]
}

@test "a plugin that needs a newer ABI is refused with both minors" {
    plugin bad 1.0 Bad '#define MINOR 99'
    mkdir -m 755 more
    mv bad.so more/
    refused bad.so "it needs ABI minor 99, this stressor has "
}

@test "a plugin with a type twice is refused" {
    make_plugin bad 1.0 Bad
    sed -i -e 's|types\[\] = {&type}|types[] = {\&type, \&type}|' \
        -e 's|activities_count = 1|activities_count = 2|' bad.c
    mkdir -m 755 more
    build_plugin bad more/bad.so
    refused bad.so "activity type 'Bad': the plugin has it twice"
}

@test "a plugin with a malformed schema is refused" {
    plugin bad 1.0 Bad '
static const stressor_arg arg = {.size = sizeof arg, .name = "twice", .types = STRESSOR_ARG_INT};
static const stressor_arg *const list[] = {&arg, &arg};
#define ARGS .args = list, .args_count = 2'
    mkdir -m 755 more
    mv bad.so more/
    refused bad.so "activity type 'Bad': argument 'twice' "
}

@test "a file that others may write to is refused" {
    mkdir -m 755 more
    plugin bad 1.0 Bad
    mv bad.so more/
    chmod 666 more/bad.so
    refused bad.so "it is writable by everybody (mode 0666)"
}

@test "a file that is no plugin is refused" {
    mkdir -m 755 more
    echo "not a library" > more/text.so
    refused text.so "it is not an ELF file"
    rm more/text.so
    echo 'int answer(void); int answer(void) { return 42; }' > none.c
    build_plugin none more/none.so
    refused none.so "it has no entry stressor_plugin_v1: it is not a plugin of stressor"
}

@test "a plugin for another kind of machine is refused" {
    mkdir -m 755 more
    plugin bad 1.0 Bad
    printf '\x67\x12' | dd of=bad.so bs=1 seek=18 conv=notrunc status=none
    mv bad.so more/
    refused bad.so "it is made for another kind of machine (ELF machine 4711; this is "
}

@test "the macros of the core itself are explained" {
    stressor plugin info '$load'
    succeeds
    prints 'macro $load(path): What another YAML file holds, or for the key script its text'
    prints "of stressor itself"
    stressor plugin info '$env'
    succeeds
    prints 'macro $env(name, [default]): A variable of the environment, as text'
    stressor plugin info '$loads'
    fails_with 2
}

@test "check wants a file or the name of an installed plugin" {
    stressor plugin check
    fails_with 2
    says "it wants a FILE.so, or the NAME of an installed plugin"
    stressor plugin check nobody
    fails_with 2
    says 'no plugin "nobody" is installed'
    stressor plugin check ./nobody.so
    fails_with 2
    says "cannot read ./nobody.so: No such file or directory"
}

@test "names are listed for programs, sorted, once each, of the kinds that were asked for" {
    mkdir -m 755 more
    plugin zebra 1.0 Aardvark
    plugin yak 1.0 yak # a plugin and a type of one name
    mv zebra.so yak.so more/
    stressor plugin list --names --plugin-path more
    succeeds
    [ "$output" = "$(LC_ALL=C sort -u <<< "$output")" ]
    for name in Aardvark zebra yak http GetRequest '$sleep' json; do
        [ "$(grep -cFx -e "$name" <<< "$output")" -eq 1 ]
    done
    [[ $output != *base_url* ]]
    stressor plugin list --names=plugins --plugin-path more
    succeeds
    [[ $'\n'$output$'\n' == *$'\nyak\nzebra\n' && $output != *GetRequest* ]]
    stressor plugin list --names=macros
    succeeds
    [ "$output" = $'$debug\n$sleep' ]
    stressor plugin list --names=reporters
    succeeds
    [ "$output" = $'csv\nhtml\njson\njunit\nmonitor\nopenmetrics' ]
    stressor plugin list --names=settings
    succeeds
    grep -qx config.base_url <<< "$output"
    stressor plugin list --names=things
    fails_with 2
    says "--names=things: KIND is plugins, activities, macros, reporters or settings"
    [ -z "$output" ]
}

@test "each part of plugin has help of its own" {
    for part in list info new check install remove; do
        stressor plugin $part --help
        succeeds
        [[ "$output" == "Usage: stressor plugin $part"* ]]
        local help=$output
        stressor help plugin $part
        succeeds
        [ "$output" = "$help" ]
    done
    stressor plugin --help
    succeeds
    prints "  install  Installs a plugin, once it is checked"
    stressor plugin
    fails_with 2
    says "say what to do: list, info, new, check, install, remove"
    stressor plugin instal
    fails_with 2
    says 'there is no "plugin instal"; did you mean "install"?'
}
