# Thresholds as a user meets them: exit codes, what the summary says, aborts.

setup() {
    load helper
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    end_child
}

# run_with ARGS...: a run judged by the lines on standard input. Activities: "ok" (5 times), "bad" (5
# times, fails each time), "nap" (5 times, at least 20 ms).
run_with() {
    {
        printf 'file_version: stressor#0\nthresholds:\n'
        sed 's/^/  - /'
        cat <<'YAML'
scenario:
  - {sequence: main, repeat: 5}
sequences:
  main:
    - {name: ok, activity: RunScript, script: "local x = 1"}
    - {name: bad, activity: RunScript, script: "error('bad')"}
    - {name: nap, activity: Sleep, duration: 0.02}
YAML
    } >judged.yaml
    stressor run judged "$@"
}

# judged STATE LINE [ACTUAL]: how the summary shows a threshold.
judged() {
    if ! grep -qF -- "  $1  $2" <<<"$output" || ! grep -F -- "  $1  $2" <<<"$output" | grep -qE -- "${3:-}"; then
        printf 'no %s "%s" with "%s" in:\n%s\n' "$1" "$2" "${3:-}" "$output" >&2
        return 1
    fi
}

@test "thresholds that hold pass, those on errors in place of the rule that any error fails" {
    run_with <<'LINES'
errors <= 5
p95 of nap < 60s
min of nap >= 20ms
count of ok == 5
errors of ok == 0
LINES
    succeeds
    [[ "${lines[0]}" == "PASSED: 5 errors in 10 activities" ]]
    judged passed "errors <= 5" "  5$"
    judged passed "p95 of nap < 60s" "ms$"
    judged passed "count of ok == 5" "  5$"
    judged passed "errors of ok == 0" "  0$"
}

@test "without a threshold on errors any error still fails the run" {
    run_with <<<"count of ok == 5"
    fails_with 1
    judged passed "count of ok == 5"
    [[ "${lines[0]}" == "FAILED: 5 errors in 10 activities" ]]
}

@test "each line that fails is named, and the exit code is 4" {
    run_with <<'LINES'
errors < 5
p95 of nap < 1ms
count of ok > 5
errors of bad < 50%
LINES
    fails_with 4
    [[ "${lines[0]}" == "FAILED by 4 thresholds (errors < 5; p95 of nap < 1ms; count of ok > 5; and 1 more): 5 errors in 10 activities" ]]
    judged FAILED "errors < 5" "  5$"
    judged FAILED "p95 of nap < 1ms" " ms$"
    judged FAILED "count of ok > 5" "  5$"
    judged FAILED "errors of bad < 50%" "  100 %$"
}

@test "with -q the verdict and what failed are left" {
    run_with -q <<'LINES'
errors <= 5
count of ok > 5
LINES
    fails_with 4
    [[ "${lines[0]}" == "FAILED by a threshold (count of ok > 5): 5 errors in 10 activities" ]]
    judged FAILED "count of ok > 5"
    [[ "$output" != *"errors <= 5"* ]]
    run_with -qq <<<"count of ok > 5"
    fails_with 4
    [ -z "$output" ]
}

@test "a line without any sample fails" {
    scenario unseen.yaml <<'YAML'
file_version: stressor#0
thresholds: [count of unseen < 5, errors of unseen == 0]
scenario:
  - {sequence: init}
  - {sequence: main}
sequences:
  init:
    - {name: breaks, activity: RunScript, script: "error('no')"}
  main:
    - {name: unseen, activity: RunScript, script: "local x = 1"}
YAML
    stressor run unseen
    fails_with 4
    judged FAILED "count of unseen < 5" "no sample"
    judged FAILED "errors of unseen == 0" "no sample"
}

@test "a line with a mistake is told with its place, and nothing runs" {
    run_with <<'LINES'
p95 < 1s
p95 of nop < 1s
p101 < 1s
LINES
    fails_with 2
    says "judged.yaml:4:"
    says "nop"
    says "judged.yaml:5:"
    says "2 errors in judged, nothing was run"
}

endless() {
    scenario endless.yaml <<YAML
file_version: stressor#0
thresholds: ["$1"]
scenario:
  - {sequence: main, duration: 600}
  - {sequence: end}
sequences:
  main:
    - {name: nap, activity: Sleep, duration: 0.05}
  end:
    - {name: bye, activity: Sleep, duration: 0}
YAML
}

@test "abort stops the run gracefully when a line is lost" {
    endless "max of nap < 10ms, abort"
    stressor run endless --report json
    fails_with 4
    [[ "${lines[0]}" == "FAILED by a threshold (max of nap < 10ms, abort): "*" (it stopped the run)" ]]
    judged FAILED "max of nap < 10ms, abort" "after [0-9.]+ s, stopped the run$"
    says "WARNING stopping: the threshold 'max of nap < 10ms, abort' has failed: "
    grep -qE '^ *bye +end +1 +0 ' <<<"$output"
    [ "$(jq -r '.run.verdict, .run.stop_reason' results.json)" = $'threshold\nthreshold' ]
}

@test "for wants a line to be broken for so long, and fails it once it was" {
    endless "p95 of nap < 10ms for 2s, abort"
    stressor run endless
    fails_with 4
    judged FAILED "p95 of nap < 10ms for 2s, abort" "after [2-9]"
    endless "p95 of nap < 10ms for 1h"
    stressor run endless --max-time 1.1
    fails_with 1
    judged passed "p95 of nap < 10ms for 1h"
}

@test "of several exit codes a stop comes first, then a threshold, then errors and trust" {
    # Threshold and errors: 4. Threshold, errors and a report: 4.
    run_with --report csv=/dev/full <<<"count of ok > 5"
    fails_with 4
    says "the report csv failed"
    # A stop, a threshold and errors: 3.
    endless "count of nap > 1000000"
    start run endless
    kill -INT "$child"
    finish
    fails_with 3
    prints "STOPPED by the user: "
    judged FAILED "count of nap > 1000000"
    # Wrong usage: 2, and nothing runs.
    run_with --report nothing <<<"count of ok > 5"
    fails_with 2
    [ -z "$output" ]
}

@test "a dry run judges nothing" {
    run_with -n <<<"p95 of nap < 1ms"
    fails_with 1
    judged pending "p95 of nap < 1ms"
}
