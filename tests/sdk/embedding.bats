# docs/embedding.md: its program, built as it says, runs its scenario.

setup_file() {
    load helper
    install_and_move
}

setup() {
    load helper
    cd "$BATS_TEST_TMPDIR"
    example embed.c
    example answers.yaml
    example CMakeLists.txt
}

# example NAME: the indented lines after the one that ends in `NAME`.
example() {
    awk -v "name=\`$1\`" '
        within && /^[^ ]/ { exit }
        within { sub(/^    /, ""); print }
        index($0, name) && /:$/ { within = 1 }' "$STRESSOR_SOURCE/docs/embedding.md" >"$1"
    [ -s "$1" ]
}

# runs PROGRAM: its scenario is fine there, and one that fails is told.
runs() {
    run --separate-stderr "$1" answers.yaml
    succeeds
    prints '40 activities, 0 errors, p95 0.'
    sed 's/"42"/"43"/' answers.yaml >wrong.yaml
    run --separate-stderr "$1" wrong.yaml
    fails_with 1
    prints '40 errors'
    prints 'wrong.yaml:10:7'
    sed 's/Answer/Anwser/' answers.yaml >typo.yaml
    run --separate-stderr "$1" typo.yaml
    fails_with 2
    says 'typo.yaml:10:17'
    says 'Answer'
}

@test "the example is built with the options of pkg-config" {
    local cc cxx options
    read -r -a options <<<"$(package --cflags --libs stressor) $(sanitizers)"
    options+=("-Wl,-rpath,$(package --variable=libdir stressor)")
    while read -r -u 4 cc cxx; do
        "$cc" -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -o "embed-${cc##*/}" \
            embed.c "${options[@]}"
        runs "./embed-${cc##*/}"
    done 4< <(compilers)
}

@test "the example is built with find_package, and links nothing but the library" {
    local cc cxx
    read -r cc cxx < <(compilers)
    CFLAGS=$(sanitizers) configure build . "$cc" "$cxx"
    cmake --build build
    runs build/embed
    [ "$(readelf -dW build/embed | grep NEEDED | grep -cE 'uv|jansson|yaml|pcre|ltdl')" -eq 0 ]
}

@test "the example is C++17 as well, but for its tables" {
    local cc cxx
    read -r cc cxx < <(compilers)
    sed -n '/--- running/,$p' embed.c >embed.cpp
    sed -i -e '1i #include <cinttypes>\n#include <cstdio>\n#include <stressor/stressor.h>' \
        -e '/builtin\[\]/d' -e '/const stressor_engine_options options = {/,/};/c\    stressor_engine_options options{};\n    options.size = sizeof options;' embed.cpp
    # shellcheck disable=SC2046
    "$cxx" -std=c++17 -Wall -Wextra -Wpedantic -Werror -o embed embed.cpp \
        $(package --cflags --libs stressor) $(sanitizers) "-Wl,-rpath,$tree/lib"
    sed -i 's/activity: Answer/activity: $sleep(0)/; /assert_match/d' answers.yaml
    run ./embed answers.yaml
    succeeds
}
