#!/usr/bin/env bats
# docs/tutorial.md: whoever does what it tells gets what it says.

load helper

setup() {
    load "$STRESSOR_SOURCE/tests/support/servers"
    start_target
    child=
    cd "$BATS_TEST_TMPDIR"
    # On a free port, in the place of the one that a reader has.
    sed "s#http://127\.0\.0\.1:8080/#$TARGET_URL/#" "$STRESSOR_SOURCE/docs/tutorial.md" > page.md
    export STRESSOR_BASE_URL=$TARGET_URL/
    PATH=$(dirname "$STRESSOR"):$PATH
    mkdir here
    cd here
    run python3 "$STRESSOR_SOURCE/tests/e2e/tutorial.py" ../page.md
    echo "$output"
    done_with=$status
}

teardown() {
    end_child
    stop_servers
}

@test "every step of the tutorial works, and prints what it says" {
    [ "$done_with" -eq 0 ]
    [[ "$output" =~ ^1[0-9]" blocks were run, 2"[0-9]" lines of output compared"$ ]]
    [ "$(ls)" = "$(printf '%s\n' after.json before.html before.json first pick.lua shop.yaml users.yaml)" ]
    # At least six runs of ten sessions with forty requests and more.
    [ "$(target_count .requests)" -ge 2400 ]
}

@test "what the tutorial leaves to its reader's terminals works, too" {
    sed -n '/^```console/,/^```$/p' "$STRESSOR_SOURCE/docs/tutorial.md" | grep -v '^```' > console
    # The server that setup has started; the installation, which tests/sdk/package.bats does.
    [ "$(grep '^stressor' console)" = $'stressor target\nstressor run shop --monitor' ]
    AWAITED='monitor: http://127.0.0.1:' start run shop --monitor=0
    await 'running shop'
    kill -TERM "$child" # Ctrl-C would leave the page there
    finish
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
    [[ "$output" == *"shop"* ]]
}

@test "the pages that the tutorial names are there, and the commands to build are those of building.md" {
    local page
    for page in $(grep -oE '\]\([a-z]+\.md' "$STRESSOR_SOURCE/docs/tutorial.md" | cut -c3-); do
        [ -e "$STRESSOR_SOURCE/docs/$page" ]
    done
    grep -q '^## Debian packages' "$STRESSOR_SOURCE/docs/building.md"
    [ -x "$STRESSOR_SOURCE/.ci/setup" ]
    grep -q '"name": "release"' "$STRESSOR_SOURCE/CMakePresets.json"
}
