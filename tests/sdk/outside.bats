# Plugins that are built outside of the tree, against an installation that was moved.

setup_file() {
    load helper
    install_and_move
}

setup() {
    load helper
    cd "$BATS_TEST_TMPDIR"
}

@test "find_package builds plugins in C11 and C++17, with gcc and clang, that run" {
    local cc cxx at name
    while read -r -u 4 cc cxx; do
        at=${cc##*/}
        configure "$at" "$STRESSOR_SOURCE/tests/sdk/outside" "$cc" "$cxx"
        cmake --build "$at"
        cmake --install "$at" --prefix "$PWD/$at.prefix"
        for name in echo shout; do
            exports_only_the_entry "$at/$name.so"
            run readelf -dW "$at/$name.so"
            prints NODELETE
            prints NOW
            [[ $output != *libstressor* && $output != *RUNPATH* ]]
        done
        run readelf -dW "$at/echo.so"
        [[ $output != *stdc++* ]]
        # Without the build: only what was installed.
        rm -r "$at"
        installed run --plugin-path "$at.prefix/lib/stressor/plugins" \
            "$STRESSOR_SOURCE/tests/sdk/outside"
        succeeds
        installed plugin list --plugin-path "$at.prefix/lib/stressor/plugins"
        prints 'echo 1.0: Echoes'
        prints 'shout 1.0: Shouts'
    done 4< <(compilers)
}

@test "the manifest beside a plugin names what it offers, and the file that it is of" {
    local cc cxx id
    read -r cc cxx < <(compilers)
    configure build "$STRESSOR_SOURCE/tests/sdk/outside" "$cc" "$cxx"
    cmake --build build
    id=$(readelf -nW build/echo.so | sed -n 's/.*Build ID: //p')
    [ ${#id} -eq 40 ]
    [ "$(jq -r .build_id build/echo.manifest)" = "$id" ]
    [ "$(jq -c .activities build/echo.manifest)" = '["Echo"]' ]
    [ "$(jq -c .activities build/shout.manifest)" = '["Shout"]' ]
    cmake --install build --prefix "$PWD/prefix"
    cmp build/echo.manifest prefix/lib/stressor/plugins/echo.manifest
    # Nothing else goes into the folder of the plugins.
    [ "$(cd prefix/lib/stressor/plugins && echo *)" = 'echo.manifest echo.so shout.manifest shout.so' ]
    [ "$(find prefix -type f | wc -l)" -eq 4 ]
    cmake --build build --target clean
    [ ! -e build/echo.manifest ]
}

@test "plain cc with the options of pkg-config builds a plugin" {
    local cc cxx at
    while read -r -u 4 cc cxx; do
        at=${cc##*/}
        mkdir "$at"
        # shellcheck disable=SC2046
        "$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror -shared -fPIC -o "$at/echo.so" \
            "$STRESSOR_SOURCE/tests/sdk/outside/echo.c" $(package --cflags stressor)
        # shellcheck disable=SC2046
        "$cxx" -std=c++17 -Wall -Wextra -Wpedantic -Werror -shared -fPIC -o "$at/shout.so" \
            "$STRESSOR_SOURCE/tests/sdk/outside/shout.cpp" $(package --cflags stressor)
        installed run --plugin-path "$at" "$STRESSOR_SOURCE/tests/sdk/outside"
        succeeds
    done 4< <(compilers)
}

@test "a test of a plugin is built with the installed test host, and can fail" {
    local cc cxx
    read -r cc cxx < <(compilers)
    mkdir project
    cp "$STRESSOR_SOURCE/tests/sdk/outside/echo.c" project/
    cat >project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(tested LANGUAGES C)
find_package(Stressor REQUIRED COMPONENTS testhost)
enable_testing()
add_executable(echo_test echo.c echo_test.c)
target_link_libraries(echo_test PRIVATE Stressor::testhost)
add_test(NAME echo COMMAND echo_test hello)
add_test(NAME other COMMAND echo_test other)
set_tests_properties(other PROPERTIES WILL_FAIL ON)
CMAKE
    cat >project/echo_test.c <<'C'
#include <stressor/testhost.h>

#include <string.h>

int main(int argc, char **argv)
{
    stressor_test *t = stressor_test_new(stressor_plugin_v1);
    if (t == NULL || argc < 2)
        return 2;
    stressor_test_context(t, "who", "hello");
    const stressor_test_result *r = stressor_test_run(t, "{activity: Echo, text: $(who)}");
    int wrong = r->status != STRESSOR_DONE || strcmp(r->text, argv[1]) != 0;
    stressor_test_free(t);
    return wrong;
}
C
    CFLAGS=$(sanitizers) configure build project "$cc" "$cxx"
    cmake --build build
    ctest --test-dir build --output-on-failure
}

@test "pkg-config tells the folder of the plugins and the version, wherever the tree lies" {
    [ "$(realpath "$(package --variable=plugindir stressor)")" = "$tree/lib/stressor/plugins" ]
    [ -e "$(package --variable=plugindir stressor)/sleep.so" ]
    [ "$(package --modversion stressor)" = "$("$tree/bin/stressor" --version | awk '{print $2}')" ]
    mv "$tree" "$tree.again"
    run env PKG_CONFIG_PATH="$tree.again/lib/pkgconfig" pkg-config --variable=plugindir stressor
    mv "$tree.again" "$tree"
    [ "$(realpath -m "$output")" = "$tree.again/lib/stressor/plugins" ]
}

@test "every installed header compiles alone, as C11 and C++17, with gcc and clang" {
    local header name strict=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only)
    [ "$(ls "$tree/include/stressor" | wc -l)" -eq \
        "$(ls "$STRESSOR_SOURCE/sdk/include/stressor" | wc -l)" ]
    for header in "$tree"/include/stressor/*.h; do
        name=$(basename "$header" .h)
        printf '#include <stressor/%s.h>\n#include <stressor/%s.h>\n' "$name" "$name" |
            tee "$name.c" >"$name.cpp"
    done
    for name in gcc clang; do
        "$name" -std=c11 "${strict[@]}" -Wstrict-prototypes -I "$tree/include" ./*.c
    done
    for name in g++ clang++; do
        "$name" -std=c++17 "${strict[@]}" -I "$tree/include" ./*.cpp
    done
}

@test "nothing that is installed names the folder of the build or of the source" {
    run grep -rlIF -e "$STRESSOR_BUILD" -e "$STRESSOR_SOURCE/" "$tree"
    [ "$output" = "" ]
}

@test "find_package takes the version and the parts that are there, and refuses others" {
    mkdir project
    cat >project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(wants LANGUAGES C)
find_package(Stressor ${WANTED} REQUIRED)
message(STATUS "plugins in ${Stressor_PLUGIN_DIR}")
CMAKE
    run configure build project cc c++ '-DWANTED=0.1;COMPONENTS;sdk;stressor;program'
    succeeds
    prints "plugins in $tree/lib/stressor/plugins"
    run configure build project cc c++ -DWANTED=99
    [ "$status" -ne 0 ]
    prints 'requested version "99"'
    run configure build project cc c++ '-DWANTED=COMPONENTS;nonsense'
    [ "$status" -ne 0 ]
    prints 'Stressor has no part "nonsense"'
}
