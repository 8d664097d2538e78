# What stressor_add_plugin says where it is called in a wrong way.

setup_file() {
    load helper
    install_and_move
}

setup() {
    load helper
    cd "$BATS_TEST_TMPDIR"
    mkdir project
    printf 'int nothing;\n' >project/fine.c
    cp project/fine.c project/fine.cpp
    languages=C
}

# refused TEXT ARGUMENT...: stressor_add_plugin(ARGUMENT...) fails with TEXT.
refused() {
    local text=$1
    shift
    printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' "project(wrong LANGUAGES $languages)" \
        'find_package(Stressor REQUIRED)' "stressor_add_plugin($*)" >project/CMakeLists.txt
    rm -rf build
    run configure build project cc c++
    [ "$status" -ne 0 ]
    # CMake breaks and indents the lines.
    output=$(tr -s ' \n' ' ' <<<"$output")
    prints "$text"
}

@test "a name that is no plugin's is refused" {
    refused "'my plugin' is no name of a plugin: letters, digits, '-' and '_', at most 100" \
        '"my plugin"' SOURCES fine.c
    refused "'../escape' is no name" ../escape SOURCES fine.c
    refused "'' is no name" '""' SOURCES fine.c
    refused 'is no name' "$(printf 'a%.0s' {1..101})" SOURCES fine.c
}

@test "a source that is not there is named with its path" {
    refused "stressor_add_plugin(hello): there is no source $PWD/project/helo.c" \
        hello SOURCES fine.c helo.c
}

@test "a plugin without sources, or with words outside of keywords, is refused with the usage" {
    refused 'stressor_add_plugin(hello): no SOURCES: stressor_add_plugin(NAME SOURCES file...' hello
    refused "'fine.c' belongs to no keyword: stressor_add_plugin(NAME SOURCES" hello fine.c
}

@test "a language that the project does not enable is named" {
    refused 'fine.cpp is C++, which this project does not enable: write project(... LANGUAGES C CXX)' \
        hello SOURCES fine.cpp
    refused 'LANGUAGES names CXX, which this project does not enable' \
        hello SOURCES fine.c LANGUAGES C CXX
    languages=CXX
    refused 'fine.c is C, which this project does not enable' hello SOURCES fine.c
}

@test "a linker without version scripts is refused" {
    mkdir bin
    cat >bin/ld <<'SH'
#!/bin/sh
for word; do
    case $word in --version-script*) echo "ld: unknown option $word" >&2; exit 1 ;; esac
done
exec /usr/bin/ld "$@"
SH
    chmod +x bin/ld
    export CFLAGS=-B$PWD/bin
    refused 'takes no version script (--version-script)' hello SOURCES fine.c
}

# builds NAME SOURCE [CC]: a project that makes a plugin of it, configured into `build`.
builds() {
    printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(wrong LANGUAGES C CXX)' \
        'find_package(Stressor REQUIRED)' "stressor_add_plugin($1 SOURCES $2)" >project/CMakeLists.txt
    configure build project "${3:-cc}" c++
}

@test "a symbol that nobody defines is found when linking, not when a scenario runs" {
    cat >project/fine.c <<'C'
#include <stressor/plugin.h>
int missing(void);
const stressor_plugin *stressor_plugin_v1(void)
{
    return missing() ? NULL : NULL;
}
C
    builds hello fine.c
    run cmake --build build
    [ "$status" -ne 0 ]
    prints "undefined reference to \`missing'"
}

@test "a plugin that cannot be loaded is told when it is built" {
    cat >project/fine.c <<'C'
#include <stressor/plugin.h>
const stressor_plugin *stressor_plugin_v1(void)
{
    return NULL;
}
C
    builds hello fine.c
    run cmake --build build
    [ "$status" -ne 0 ]
    prints "hello.so: "
    [ ! -e build/hello.manifest ]
    run cmake --build build
    [ "$status" -ne 0 ]
}

@test "with sanitizers a plugin has no manifest, and may leave symbols to the program" {
    CFLAGS=-fsanitize=address builds echo "$STRESSOR_SOURCE/tests/sdk/outside/echo.c" clang
    cmake --build build
    exports_only_the_entry build/echo.so
    [ ! -e build/echo.manifest ]
    cmake --install build --prefix "$PWD/prefix"
    [ -e prefix/lib/stressor/plugins/echo.so ]
}
