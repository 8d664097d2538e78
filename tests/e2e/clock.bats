#!/usr/bin/env bats
# The clock of the machine is set while a run goes on: what is measured stays right, and the dates
# are those that the clock showed.

load helper
load ../support/servers

setup() {
    cd "$BATS_TEST_TMPDIR"
    head -c 8 /dev/zero > step
    start_target
}

teardown() {
    end_child
    stop_servers
}

# start_stepped ARGS...: as `start`, with a clock that `forward` and `backward` step.
start_stepped() {
    STEP_CLOCK=$PWD/step LD_PRELOAD=$STRESSOR_BUILD/tests/step_clock.so \
        ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0 start "$@"
}

# By an hour.
forward() {
    printf '\x10\x0e\0\0\0\0\0\0' 1<> step
}

backward() {
    printf '\xf0\xf1\xff\xff\xff\xff\xff\xff' 1<> step
}

# Lets the run go on that polls for the file `go`.
go() {
    curl -sS --noproxy '*' -X PUT -d x "$TARGET_URL/files/go"
}

# What `start` and `end` of the summary are apart, in seconds.
apart() {
    local from to
    from=$(sed -n 's/^  start  *//p' <<< "$output")
    to=$(sed -n 's/^  end  *//p' <<< "$output")
    echo $(($(date -d "$to" +%s) - $(date -d "$from" +%s)))
}

# Before and after the step: pauses, requests, a script, a limit of each kind that half an hour
# would reach.
waiting() {
    scenario stepped.yaml << YAML
file_version: stressor#0
config: {base_url: '$TARGET_URL', max_time: 30m, request_timeout: 30m, script_timeout: 30m}
sessions: {count: 3, duration: 30m}
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: GetRequest, url: /json, name: before, assert_max_time: 30m}
    - {activity: PollRequest, url: /files/go, name: across, interval: 10ms, timeout: 30m,
       assert_max_time: 30m, monitor: true}
    - {activity: GetRequest, url: /json, name: after, assert_max_time: 30m}
    - {activity: Sleep, duration: 20ms, name: pause}
    - {activity: RunScript, script: x = 1, export: null, name: script}
YAML
}

check_times() {
    local unit='(ns|µs|ms|s)' name
    finish
    succeeds
    prints "PASSED"
    # None is negative, and none is of minutes or hours.
    [[ "$output" =~ run\ time\ +[0-9.]+\ $unit$'\n' ]]
    [[ "$output" =~ net\ time\ +[0-9.]+\ $unit$'\n' ]]
    [[ "$output" =~ sequence\ duration\ +[0-9.]+\ $unit\ mean ]]
    [[ "$output" =~ within\ [0-9.]+\ $unit$'\n' ]]
    for name in before across after pause script; do
        grep -qE "^[ *!~]+ $name +3 +0 +[0-9.,]+( +[0-9.,]+ $unit){8}\$" <<< "$output"
    done
}

@test "a clock that is set forward during a run changes no figure, and reaches no limit" {
    waiting
    start_stepped run stepped.yaml
    forward
    go
    check_times
    [ "$(apart)" -ge 3600 ]
    [ "$(apart)" -lt 5400 ]
}

@test "nor does one that is set back" {
    waiting
    start_stepped run stepped.yaml
    backward
    go
    check_times
    [ "$(apart)" -le 0 ]
    [ "$(apart)" -gt -5400 ]
}

@test "limits are reached when they are, though the clock was set back" {
    scenario limit.yaml << YAML
file_version: stressor#0
config: {base_url: '$TARGET_URL', max_time: 2}
scenario: [{sequence: main, repeat: 3000}]
sequences:
  main:
    - {activity: PollRequest, url: /files/go, interval: 10ms, timeout: 1m}
    - {activity: Sleep, duration: 20ms}
YAML
    start_stepped run limit.yaml
    backward
    go
    finish
    fails_with 1
    prints "(max_time was reached)"
    [[ "$output" =~ run\ time\ +[0-9.]+\ s$'\n' ]]
}

@test "the log shows the time of the clock, before and after" {
    local before after passed
    waiting
    start_stepped run stepped.yaml -v --log log
    forward
    go
    finish
    succeeds
    before=$(date -d "$(sed -n '1s/ .*//p' log)" +%s)
    after=$(date -d "$(sed -n '$s/ .*//p' log)" +%s)
    passed=$(((after - before + 86400) % 86400))
    [ "$passed" -ge 3600 ]
    [ "$passed" -lt 5400 ]
}
