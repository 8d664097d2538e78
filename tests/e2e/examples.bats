# Each folder of examples/ runs as it is.

setup() {
    load helper
    load "$STRESSOR_SOURCE/tests/support/servers"
    start_target
}

teardown() {
    stop_servers
}

@test "the quickstart passes, and the target counts the same requests and connections" {
    stressor run "$STRESSOR_SOURCE/examples/quickstart" -o "base_url:$TARGET_URL/" -o pause:0
    succeeds
    prints 'PASSED: 4,100 activities, no errors'
    [ "$(target_count .requests)" = 4100 ]
    # Of each session one.
    [ "$(target_count .connections)" = 20 ]
    [ "$(target_count '.by_route."/login"')" = 20 ]
    [ "$(target_count .aborted)" = 0 ]
}

@test "the quickstart fails where the target is not what it expects" {
    stressor run "$STRESSOR_SOURCE/examples/quickstart" -o "base_url:$TARGET_URL/nowhere/" \
        -o pause:0 --single
    fails_with 1
    prints 'main_sequence.yaml:18:3'
    [ "$(target_count '.by_status."404"')" -ge 1 ]
}

@test "the scenario in the README passes as it is printed" {
    sed -n '/^    file_version: /,/^[^ ]/ s/^    //p' "$STRESSOR_SOURCE/README.md" | scenario hello.yaml
    stressor run "$BATS_TEST_TMPDIR/hello.yaml" -o "base_url:$TARGET_URL"
    succeeds
    prints 'PASSED: 1,010 activities, no errors'
    [ "$(target_count .requests)" = 1010 ]
}

@test "the README links every document, and no others" {
    local linked all
    cd "$STRESSOR_SOURCE"
    linked=$(grep -o '](docs/[a-z]*\.md)' README.md | tr -d ']()' | sort)
    all=$(printf '%s\n' docs/*.md | sort)
    [ "$linked" = "$all" ]
}
