# The section `thresholds` and `config.watch`: what they do to a run and its exit code.

setup() {
    load helper
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    end_child
}

# thresholds LINES: a scenario of naps that last 20 ms at least, and of one that always fails.
thresholds() {
    cat >scenario.yaml <<YAML
file_version: stressor#0
config: {name: naps}
thresholds: $1
scenario:
  - {sequence: main, repeat: 3}
  - {sequence: bad}
sequences:
  main:
    - {name: nap, activity: Sleep, duration: 0.02, ignore_timing: false}
  bad:
    - {name: late, activity: Sleep, duration: 0.02, assert_max_time: 0.001}
  empty: []
YAML
}

# judged FILTER: what jq makes of the report.
judged() {
    jq -r "$1" report.json
}

@test "a run whose thresholds are met succeeds, whatever its errors are when one is on errors" {
    thresholds '[min of nap >= 20ms, count of main == 3, errors of late <= 1, errors == 0]'
    stressor run --report json=report.json
    succeeds
    [ "$(judged '[.thresholds[].state] | join(" ")')" = "passed passed passed passed" ]
}

@test "an error fails the run where no threshold is on errors" {
    thresholds '[min of nap >= 20ms]'
    stressor run
    fails_with 1
}

@test "a threshold that is not met makes the exit code 4" {
    thresholds '[max of nap < 20ms, errors of late < 1, count of main >= 3]'
    stressor run --report json=report.json
    fails_with 4
    [ "$(judged '[.thresholds[].state] | join(" ")')" = "failed failed passed" ]
    [ "$(judged '.thresholds[1].actual')" = 1 ]
}

@test "a threshold on what never happened fails" {
    thresholds '[count of empty < 5, errors of bad < 5]'
    sed -i '/sequence: bad/d' scenario.yaml
    stressor run --report json=report.json
    fails_with 4
    [ "$(judged '[.thresholds[].actual] | join(", ")')" = "no sample, no sample" ]
}

@test "a line that says abort stops an endless run" {
    thresholds '["max of nap < 20ms for 1s, abort"]'
    sed -i 's/repeat: 3/duration: 600/' scenario.yaml
    run --separate-stderr timeout 60 "$STRESSOR" run --report json=report.json
    fails_with 4
    [ "$(judged '.thresholds[0].aborted')" = true ]
}

@test "a dry run judges nothing" {
    thresholds '[max of nap < 20ms, errors < 100%]'
    sed -i '/sequence: bad/d' scenario.yaml
    stressor run --dry-run --report json=report.json
    succeeds
    [ "$(judged '.thresholds[0].state')" = pending ]
}

@test "mistakes in thresholds are told with their place" {
    thresholds '[p95 of nab < 1s, p95 < 5%]'
    stressor run
    fails_with 2
    says "scenario.yaml:3:14: error: threshold, character 8: no activity, type or sequence is called 'nab'; did you mean 'nap'?"
    says "scenario.yaml:3:31: error: threshold, character 7: expected a duration such as 300ms or 1.5s, found '5%'"
}

@test "watched processes are in the report" {
    thresholds '[]'
    sed -i "s|{name: naps}|{name: naps, watch: [$BASHPID, ./none.pid]}|" scenario.yaml
    stressor run --report json=report.json
    fails_with 1
    [ "$(judged '.processes[0].name')" = stressor ]
    [ "$(judged '.processes[1].pid')" = "$BASHPID" ]
    [ "$(judged '.processes[1].memory_bytes > 0')" = true ]
    [ "$(judged '.processes[2].reason')" = "cannot read pid file ./none.pid: No such file or directory" ]
}
