# Old binaries: plugins and programs that were built against the headers of a release run today.
#
# ctest sets STRESSOR, STRESSOR_BUILD, STRESSOR_SOURCE and STRESSOR_SANITIZE; by hand as for
# tests/e2e/helper.bash.

setup() {
    load "$STRESSOR_SOURCE/tests/e2e/helper"
    cd "$BATS_TEST_TMPDIR"
    strict=(-std=c11 -Wall -Wextra -Wpedantic -Werror)
}

# each FUNCTION: for each release, its folder in $release.
each() {
    local release
    for release in "$STRESSOR_SOURCE"/tests/abi/v*/; do
        release=${release%/}
        "$1"
    done
}

builds_alone() {
    # Only the headers of that release: today's would hide what has changed.
    local used
    used=$("${CC:-cc}" "${strict[@]}" -I"$release/include" -M "$release/plugin.c" "$release/program.c" |
        tr ' ' '\n' | grep '/stressor/[a-z]*\.h$')
    [[ $used == *"$release/include/stressor/plugin.h"* ]]
    ! grep -v "^$release/include/" <<<"$used"
}

@test "each release has headers of its own" {
    each builds_alone
}

plugin_runs() {
    local name=${release##*/}
    mkdir "$name"
    "${CC:-cc}" "${strict[@]}" -shared -fPIC -I"$release/include" -o "$name/old.so" "$release/plugin.c"
    stressor run --plugin-path "$name" "$release/scenario.yaml" --report old=rows --report json=out.json
    succeeds
    says 'old plugin in stressor'
    prints 'PASSED: 36 activities, no errors'
    for row in values later main/3/OldLater block script sum Sleep; do
        grep -q "^$row 6 0 fine$" rows
    done
    [ "$(jq '.metrics[] | select(.name == "old.executions").value' out.json)" = 18 ]
    [[ $output$stderr != *quiet* ]]

    # What it declares is checked, and what it refuses is told with its place.
    printf '%s\n' 'file_version: stressor#0' 'scenario: [{sequence: main}]' 'sequences:' '  main:' \
        '    - {activity: OldValues, whole: 7}' '    - {activity: OldValues, whole: 12}' \
        '    - {activity: OldValues, colour: blue}' '    - {activity: OldValues, list: [1], map: {a: 1}}' \
        '    - {activity: OldValues, pattern: "("}' '    - {activity: OldLater}' >wrong.yaml
    stressor run --plugin-path "$name" wrong.yaml
    fails_with 2
    says "wrong.yaml:5:36: error: argument 'whole' of OldValues: 7 is refused"
    says "wrong.yaml:6:36: error: argument 'whole' of OldValues: expected an integer from 1 to 9"
    says "wrong.yaml:7:37: error: argument 'colour' of OldValues: expected one of 'red', 'green'"
    says "wrong.yaml:8:7: error: OldValues takes only one of its arguments 'list', 'map'"
    says "wrong.yaml:9:38: error: argument 'pattern' of OldValues: expected a regular expression"
    says "wrong.yaml:10:7: error: missing argument 'json' of OldLater"

    # A stop ends what is pending.
    printf '%s\n' 'file_version: stressor#0' 'config: {max_time: 0.3}' 'scenario: [{sequence: main, duration: 20}]' \
        'sequences: {main: [{activity: OldLater, json: "1", delay: 0.01}]}' >limit.yaml
    stressor run --plugin-path "$name" limit.yaml
    fails_with 1
    prints 'FAILED: 1 error'
    stressor plugin info --plugin-path "$name" OldValues
    succeeds
    prints colour
}

@test "a plugin of each release does in today's program all that it did" {
    each plugin_runs
}

program_runs() {
    local sanitizer=()
    [ -z "${STRESSOR_SANITIZE:-}" ] || sanitizer=("-fsanitize=$STRESSOR_SANITIZE")
    "${CC:-cc}" "${strict[@]}" "${sanitizer[@]}" -I"$release/include" -o program "$release/program.c" -L"$STRESSOR_BUILD/lib" \
        -lstressor "-Wl,-rpath,$STRESSOR_BUILD/lib"
    run --separate-stderr ./program
    succeeds
    [ "$output" = "wrong 1 1
ended 1
row ask 5 0 1
row doubt 5 5 1
group ASSERTION assert_match doubt 5
verdict 4
rendered 1" ]
}

@test "a program of each release finds in today's library all that it found" {
    each program_runs
}
