# Small plugins for the tests of `stressor plugin`, built with plain cc.

# make_plugin NAME VERSION [TYPE [LINES OF C]]: NAME.c in the current folder, a plugin with one activity
# type (none: TYPE is -) that answers with its version; the lines stand before the tables.
make_plugin() {
    local types='types' count=1
    if [ "${3:-Hello}" = - ]; then
        types=NULL count=0
    fi
    cat > "$1.c" <<C
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <stressor/plugin.h>

${4:-}

#ifndef MINOR
#define MINOR STRESSOR_ABI_MINOR
#endif
#ifndef ARGS
#define ARGS .args_count = 0
#endif
#ifndef OFFERS
#define OFFERS .license = "MIT"
#endif

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    (void)exec;
    result->value = stressor_string("$1 $2");
    return STRESSOR_DONE;
}

static const stressor_activity_type type = {.size = sizeof type, .name = "${3:-Hello}",
                                            .help = "Says its version", .start = start, ARGS};
const stressor_activity_type *const types[] = {&type};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "$1",
                                       .version = "$2",
                                       .help = "A plugin of the tests",
                                       .activities = $types,
                                       .activities_count = $count,
                                       OFFERS};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
C
}

# build_plugin NAME FILE.so: nobody else may write to it.
build_plugin() {
    cc -std=gnu11 -shared -fPIC -fvisibility=hidden -Wl,--build-id=sha1 \
        -I "$STRESSOR_SOURCE/sdk/include" -o "$2" "$1.c"
    chmod 644 "$2"
}

# plugin NAME VERSION [TYPE [LINES]]: NAME.so in the current folder.
plugin() {
    make_plugin "$@"
    build_plugin "$1" "$1.so"
}

# scenario_of TYPE TEXT: s.yaml runs the type once, and expects that text.
scenario_of() {
    cat > s.yaml <<YAML
file_version: stressor#0
scenario: [{sequence: main}]
sequences:
  main:
    - activity: $1
      assert_match: ^$2$
YAML
}

# Plugins that do harm while they are loaded: constructor LINES.
constructor() {
    printf '__attribute__((constructor)) static void harm(void)\n{\n%s\n}\n' "$1"
}

SEGFAULT='    *(volatile int *)16 = 1;'
ABORT='    abort();'
EXIT='    exit(0);'
LOOP='    for (volatile int i = 0;; i++)
        ;'

# For tests that build plugins with cmake, with tests of their own: what they need to be linked with
# this build's library.
build_as_this_one() {
    local cache=$STRESSOR_BUILD/CMakeCache.txt
    unset CC CXX CFLAGS CXXFLAGS LDFLAGS CMAKE_PREFIX_PATH PKG_CONFIG_PATH LD_LIBRARY_PATH
    CC=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$cache")
    export CC
    if [ -n "${STRESSOR_SANITIZE:-}" ]; then
        export CFLAGS="-fsanitize=$STRESSOR_SANITIZE"
    elif grep -q '^STRESSOR_COVERAGE:BOOL=ON' "$cache"; then
        export LDFLAGS=--coverage
    fi
}

# install_and_move: once for a file; the program is then $BATS_FILE_TMPDIR/moved/bin/stressor.
install_and_move() {
    cmake --install "$STRESSOR_BUILD" --prefix "$BATS_FILE_TMPDIR/prefix" >"$BATS_FILE_TMPDIR/log"
    mv "$BATS_FILE_TMPDIR/prefix" "$BATS_FILE_TMPDIR/moved"
}
