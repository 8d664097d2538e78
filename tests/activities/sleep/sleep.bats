#!/usr/bin/env bats
# Pauses.

load ../helper

@test "a pause is as long as it says, and not counted in net times" {
    perform <<'YAML'
- {activity: Sleep, duration: 200ms, assert_max_time: 0.25}
- {activity: $sleep(0.1), assert_max_time: 0.15}
- {activity: Sleep, duration: 0.2, assert_max_time: 0.19}
YAML
    fails "ASSERTION assert_max_time" "main/3/Sleep"
    prints "1 error in 3 activities"
}

@test "with two durations it lies between both, in either order, and differs" {
    HEAD='sessions: {count: 40}'
    perform <<'YAML'
- {activity: Sleep, duration: 0.3, duration_2: 0.1, assert_max_time: 0.35}
- {activity: '$sleep(0, 0.1)', assert_max_time: 0.06, name: half}
YAML
    fails_with 1
    errors=$(grep -c 'ERROR.*main/2.*assert_max_time' <<<"$stderr")
    [ "$errors" -gt 0 ] && [ "$errors" -lt 40 ]
    [[ "$stderr" != *main/1/* ]]
}

@test "a dry run does not wait" {
    perform --dry-run <<'YAML'
- {activity: $sleep(60)}
- {activity: Sleep, duration: 60, duration_2: 90}
YAML
    succeeds
}

@test "a limit of time cuts pauses short, and that is no error of theirs" {
    HEAD='config: {max_time: 0.2}
sessions: {count: 100}'
    perform <<'YAML'
- {activity: $sleep(0.1)}
- {activity: $sleep(0.15)}
- {activity: $sleep(60)}
YAML
    [ "$status" -eq 1 ]
    [[ "$stderr" != *"cut short"* ]]
}

@test "negative and missing durations are mistakes" {
    perform <<'YAML'
- {activity: Sleep}
- {activity: Sleep, duration: -1}
- {activity: Sleep, duration: soon}
YAML
    fails_with 2
    says "scenario.yaml:6:"
    says "scenario.yaml:7:"
    says "scenario.yaml:8:"
}
