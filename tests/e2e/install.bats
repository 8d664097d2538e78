# What `cmake --install` gives works wherever it is moved to, and builds plugins.

setup() {
    load helper
    load "$STRESSOR_SOURCE/tests/support/servers"
    tree=$BATS_TEST_TMPDIR/moved
    cmake --install "$STRESSOR_BUILD" --prefix "$BATS_TEST_TMPDIR/prefix" >"$BATS_TEST_TMPDIR/log"
    mv "$BATS_TEST_TMPDIR/prefix" "$tree"
}

teardown() {
    stop_servers
}

# installed ARGUMENT...: as `stressor`, but the one that was installed and moved.
installed() {
    run --separate-stderr env -u LD_LIBRARY_PATH "$tree/bin/stressor" "$@"
}

@test "a moved tree finds its plugins and nothing of the build" {
    installed plugin list
    succeeds
    prints http
    prints sleep
    prints debug
    [[ $output$stderr != *"$STRESSOR_BUILD"* ]]
    run readelf -d "$tree/bin/stressor" "$tree"/lib/libstressor.so.* "$tree"/lib/stressor/plugins/*.so
    [[ $output != *"$STRESSOR_BUILD"* ]]
}

@test "a moved tree starts its practice target and runs its example against it" {
    local url
    servers_listening target "$tree/bin/stressor" target --port 0
    installed run "$tree/share/stressor/examples/quickstart" -o "base_url:$url" -o pause:0
    succeeds
    [ "$(TARGET_URL=$url target_count .requests)" -gt 1000 ]
}

@test "the program and the core link no HTTP library" {
    run ldd "$tree/bin/stressor"
    [[ $output == *libstressor* ]]
    [[ $output != *libcurl* ]]
    [[ $output != *libmicrohttpd* ]]
}

@test "a plugin built with plain cc against the installed headers runs" {
    mkdir "$BATS_TEST_TMPDIR/plugins"
    cat >"$BATS_TEST_TMPDIR/greet.c" <<'C'
#include <stressor/plugin.h>

static int32_t greet_start(stressor_exec *x, stressor_result *r)
{
    (void)x;
    r->value = stressor_string("hello from outside");
    return STRESSOR_DONE;
}

static const stressor_activity_type greet = {
    .size = sizeof greet, .name = "Greet", .help = "Says hello", .start = greet_start};
static const stressor_activity_type *const types[] = {&greet};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "greet",
                                       .version = "1.0",
                                       .help = "Greets",
                                       .activities = types,
                                       .activities_count = 1};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
C
    cc -std=c11 -Wall -Wextra -Wpedantic -Werror -shared -fPIC -I "$tree/include" \
        -o "$BATS_TEST_TMPDIR/plugins/greet.so" "$BATS_TEST_TMPDIR/greet.c"
    chmod go-w "$BATS_TEST_TMPDIR/plugins" "$BATS_TEST_TMPDIR/plugins/greet.so"
    scenario greet.yaml <<'YAML'
file_version: stressor#0
scenario:
  - sequence: main
sequences:
  main:
    - activity: Greet
      assert_match: ^hello from outside$
    - activity: Greet
      name: other
      assert_match: ^goodbye
YAML
    installed run --plugin-path "$BATS_TEST_TMPDIR/plugins" "$BATS_TEST_TMPDIR/greet.yaml"
    fails_with 1
    prints 'FAILED: 1 error in 2 activities'
    prints 'greet.yaml:8:7'
    installed plugin list --plugin-path "$BATS_TEST_TMPDIR/plugins"
    succeeds
    prints greet
    installed run "$BATS_TEST_TMPDIR/greet.yaml"
    fails_with 2
    says Greet
}
