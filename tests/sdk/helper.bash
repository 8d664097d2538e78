# Loaded by the tests of the SDK: what `cmake --install` gives, at another place than where it was
# installed, in $tree. ctest sets the variables; by hand as for tests/e2e/helper.bash.

load "$STRESSOR_SOURCE/tests/e2e/helper"
unset CC CXX CFLAGS CXXFLAGS LDFLAGS CMAKE_PREFIX_PATH PKG_CONFIG_PATH LD_LIBRARY_PATH
export CMAKE_GENERATOR=Ninja
umask 022

# For setup_file: install once.
install_and_move() {
    cmake --install "$STRESSOR_BUILD" --prefix "$BATS_FILE_TMPDIR/prefix" >"$BATS_FILE_TMPDIR/log"
    mv "$BATS_FILE_TMPDIR/prefix" "$BATS_FILE_TMPDIR/moved"
}
tree=$BATS_FILE_TMPDIR/moved

# compilers: a line "CC CXX" for each. A program with sanitizers loads what its own compiler made.
compilers() {
    if [ -n "${STRESSOR_SANITIZE:-}" ]; then
        printf '%s %s\n' "${STRESSOR_CC:-cc}" "${STRESSOR_CXX:-c++}"
    else
        printf '%s\n' 'gcc g++' 'clang clang++'
    fi
}

# configure BUILD SOURCE CC CXX [OPTION]...: a project outside of the tree.
configure() {
    local build=$1 source=$2 cc=$3 cxx=$4
    shift 4
    cmake --no-warn-unused-cli -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER="$cc" \
        -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_PREFIX_PATH="$tree" "$@"
}

# installed ARGUMENT...: as `stressor`, but the one that was installed and moved.
installed() {
    run --separate-stderr "$tree/bin/stressor" "$@"
}

# package ARGUMENT...: pkg-config of the moved tree.
package() {
    PKG_CONFIG_PATH=$tree/lib/pkgconfig pkg-config "$@"
}

# sanitizers: the options that a program needs to be linked with this build's library.
sanitizers() {
    [ -z "${STRESSOR_SANITIZE:-}" ] || echo "-fsanitize=$STRESSOR_SANITIZE"
}

# exports_only_the_entry FILE
exports_only_the_entry() {
    local names
    names=$(nm -D --defined-only "$1" | awk '{print $NF}')
    if [ "$names" != stressor_plugin_v1 ]; then
        printf '%s exports:\n%s\n' "$1" "$names" >&2
        return 1
    fi
}
