# What `stressor run --report` takes, where reports go, and what is said of them.

setup() {
    load helper
    cd "$BATS_TEST_TMPDIR"
    scenario pauses.yaml <<'YAML'
file_version: stressor#0
config: {name: pauses}
scenario:
  - {sequence: main, repeat: 3}
sequences:
  main:
    - {activity: $sleep(0.001), name: nap}
YAML
    scenario long.yaml <<'YAML'
file_version: stressor#0
scenario:
  - {sequence: main}
  - {sequence: end}
sequences:
  main:
    - activity: $debug()
    - activity: $sleep(600)
  end:
    - {activity: $sleep(0), name: tear-down}
YAML
    linger="$STRESSOR_BUILD/tests/e2e/plugins"
}

teardown() {
    end_child
}

@test "a report goes to results.EXTENSION, and it is said where" {
    stressor run pauses --report json
    succeeds
    says "INFO report json: results.json"
    prints "PASSED: 3 activities, no errors"
    [ "$(jq -r .run.name results.json)" = pauses ]
}

@test "several reports go to paths of their own" {
    stressor run pauses --report json=a.json --report json=b.json --report csv --report=junit=c=d.xml
    succeeds
    cmp a.json b.json
    [ -s results.csv ]
    [ -s c=d.xml ]
    # No temporary file is left.
    [ "$(find . -name ".stressor*")" = "" ]
}

@test "a report tells what a short run has used too" {
    scenario busy.yaml <<'YAML'
file_version: stressor#0
scenario: [{sequence: main}]
sequences:
  main:
    - activity: RunScript
      script: for i = 1, 8e6 do end
YAML
    stressor run busy --report json
    succeeds
    # Seen in steps of 10 ms.
    jq -e '.processes[0].cpu_ns >= 10000000' results.json
}

@test "with -q nothing is said of a report that was written" {
    stressor -q run pauses --report json
    succeeds
    [ -z "$stderr" ]
    [ -s results.json ]
}

@test "a report on standard output moves the summary to standard error" {
    stressor run pauses --report json=-
    succeeds
    [ "$(jq -r .run.name <<<"$output")" = pauses ]
    says "PASSED: 3 activities, no errors"
}

@test "an unknown kind is answered with the nearest and all, and nothing runs" {
    stressor run pauses --report json --report jsno=x
    fails_with 2
    says 'there is no report of the kind "jsno"; did you mean "json"?'
    says "  csv[=FILE]  "
    says "  junit[=FILE]  "
    [ -z "$output" ]
    [ ! -e results.json ]
}

@test "values that are no report are refused" {
    local value
    for value in "" = =x json=; do
        stressor run pauses --report "$value"
        fails_with 2
        says "--report wants KIND or KIND=PATH"
    done
    stressor run pauses --report
    fails_with 2
    says 'option "--report" needs a value: --report KIND[=PATH]'
}

@test "two reports in one place are refused" {
    local pair
    mkdir -p deep
    for pair in "json json" "json=x csv=x" "json json=results.json" "csv=results.json json" \
        "json=./results.json json" "json=deep/x csv=deep/../deep/x"; do
        stressor run pauses --report "${pair% *}" --report "${pair#* }"
        fails_with 2
        says "would be in the same place"
    done
    stressor run pauses --report json --report csv=results.xml --report csv=deep/results.json
    succeeds
}

@test "two reports in one place are refused though links hide it, be the file there or not" {
    local there pair
    mkdir -p deep
    ln -s x.json link.json
    ln -s link.json chain.json
    ln -s deep lower
    ln -s ../x.json deep/up.json
    ln -s "$PWD/deep/y.json" absolute.json
    for there in no yes; do
        [ "$there" = no ] || touch x.json deep/y.json
        for pair in "json=x.json html=link.json" "html=link.json json=x.json" \
            "csv=chain.json json=link.json" "json=lower/up.json csv=x.json" \
            "json=lower/y.json csv=deep/y.json" "json=absolute.json csv=lower/y.json"; do
            stressor run pauses --report "${pair% *}" --report "${pair#* }"
            fails_with 2
            says "would be in the same place"
            [ -z "$output" ]
        done
    done
    ln x.json hard.json
    stressor run pauses --report json=x.json --report csv=hard.json
    fails_with 2
    says "the reports json and csv would be in the same place"
    [ ! -s x.json ]
    # A link to a place of its own.
    ln -s z.csv free.csv
    stressor run pauses --report json=x.json --report csv=free.csv
    succeeds
}

@test "a report and the log in one place are refused" {
    local pair
    ln -s run.log link.json
    for pair in "run.log json=run.log" "results.json json" "./run.log csv=link.json"; do
        stressor run pauses --log "${pair% *}" --report "${pair#* }"
        fails_with 2
        says "would be in the same place; give each a path of its own: --log PATH, --report KIND=PATH"
        [ -z "$output" ]
    done
    mkdir logs
    stressor run pauses --log logs --report json=logs/run.json
    succeeds
    stressor run pauses --log /dev/null --report json=/dev/null
    succeeds
}

@test "what would replace the scenario is refused, and it stays as it is" {
    local scenario report
    mkdir folder
    cp pauses.yaml folder/scenario.yaml
    ln -s pauses.yaml link.yaml
    cp pauses.yaml before
    for scenario in pauses pauses.yaml ./link link.yaml; do
        for report in json=pauses.yaml csv=link.yaml; do
            stressor run "$scenario" --report "$report"
            fails_with 2
            says "the report ${report%=*} would replace the scenario "
            [ -z "$output" ]
        done
        stressor run "$scenario" --log pauses.yaml
        fails_with 2
        says "the log would replace the scenario "
    done
    for scenario in folder folder/ folder/scenario.yaml; do
        stressor run "$scenario" --report json=folder/scenario.yaml
        fails_with 2
        says "the report json would replace the scenario folder/"
    done
    cd folder
    stressor run --report json=scenario.yaml
    fails_with 2
    says "the report json would replace the scenario ./scenario.yaml; give it a path of its own: --report KIND=PATH"
    stressor run --log ../folder/scenario.yaml
    fails_with 2
    stressor run . --log scenario.yaml
    fails_with 2
    says "the log would replace the scenario ./scenario.yaml; give it a path of its own: --log PATH"
    stressor check ../pauses . --log scenario.yaml
    fails_with 2
    says "the log would replace the scenario"
    stressor show --log scenario.yaml
    fails_with 2
    says "the log would replace the scenario"
    cmp scenario.yaml ../before
    cmp ../pauses.yaml ../before
    # A log for what is not there yet is not taken for the scenario either.
    stressor run new.yaml --log new.yaml
    fails_with 2
    [ ! -e new.yaml ]
}

@test "without its plugin the monitor is told to be missing" {
    mkdir -p bare/bin bare/lib
    cp "$STRESSOR" bare/bin/stressor
    cp -P "$STRESSOR_BUILD"/lib/libstressor.so* bare/lib/
    local option
    for option in --monitor --monitor=8080; do
        run --separate-stderr bare/bin/stressor run pauses "$option"
        fails_with 2
        says "no plugin is installed that offers the monitor"
        says "No plugin offers any kind of report."
    done
}

@test "--monitor is the report of that kind, and its value the port" {
    local port
    for port in none 99999 ""; do
        stressor run long --report json --monitor="$port"
        fails_with 2
        says "'$port' is not a port, nor an address of this machine with one (such as 8686, 127.0.0.1:8686 or [::1]:8686; 0: a free one)"
        says "the run cannot start: the report monitor refuses its path '$port'"
        [ -z "$output" ]
        [ ! -e results.json ]
    done
    stressor run pauses --monitor --report monitor
    fails_with 2
    says "the reports monitor and monitor would be in the same place"
}

@test "a port beside --monitor is told from a scenario" {
    local words
    for words in 8080 "8080 pauses" "pauses 8080" "127.0.0.1:8080"; do
        # shellcheck disable=SC2086 # several words
        stressor run --monitor $words
        fails_with 2
        says "a port is written --monitor="
        says 8080
    done
    stressor run --monitor=0 8080
    fails_with 2
    [[ "$stderr" != *"a port is written"* ]]
    stressor run --monitor pauses long
    fails_with 2
    says '"long" is too many'
}

@test "a watched process that is not there is told at once" {
    scenario watched.yaml <<'YAML'
file_version: stressor#0
config: {watch: ["no such name, surely"]}
scenario: [{sequence: main}]
sequences:
  main:
    - activity: $sleep(600)
YAML
    AWAITED="WARNING cannot watch 'no such name, surely' (yet): no process is called" start run watched
    kill -KILL "$child"
}

@test "several reports may go to one device" {
    stressor run pauses --report json=/dev/null --report csv=/dev/null --report junit=/dev/../dev/null
    succeeds
    prints "PASSED"
}

@test "a report that cannot be written makes the exit code 1, and the others are written" {
    stressor run pauses --report csv=/dev/full --report json --report junit=nowhere/x.xml
    fails_with 1
    prints "FAILED: 3 activities, no errors, but 2 reports failed"
    [[ "$output" != *PASSED* ]]
    says "the report csv failed: cannot write '/dev/full': No space left on device"
    says "the report junit failed: cannot write 'nowhere/x.xml': No such file or directory"
    says "INFO report json: results.json"
    [ "$(jq -r .run.name results.json)" = pauses ]
    stressor -q run pauses --report csv=/dev/full
    fails_with 1
    # On a busy machine a line on trust follows.
    [ "${lines[0]}" = "FAILED: 3 activities, no errors, but a report failed" ]
    says "the report csv failed: "
}

@test "after Ctrl-C reports are written" {
    AWAITED=session_id start run long.yaml --report json --report csv
    kill -INT "$child"
    await "report json: results.json"
    finish
    fails_with 3
    prints "STOPPED by the user"
    [ "$(jq -r .run.verdict results.json)" = stopped ]
    grep -q "tear-down" results.csv
}

@test "what stays is named, and the first Ctrl-C after the run ends it with the run's exit code" {
    AWAITED=stays start run pauses --report linger --plugin-path "$linger"
    kill -INT "$child"
    finish
    succeeds
    prints "PASSED: 3 activities, no errors"
    AWAITED="the linger stays; Ctrl-C to end" start run pauses --report linger \
        --plugin-path "$linger" --max-time 0.0001
    kill -TERM "$child"
    finish
    fails_with 1
}

@test "after a graceful stop it stays too, until the next Ctrl-C" {
    AWAITED=session_id start run long.yaml --report linger --plugin-path "$linger"
    kill -INT "$child"
    await "stays"
    kill -INT "$child"
    finish
    fails_with 3
    prints "tear-down"
}

@test "after SIGTERM nothing stays" {
    AWAITED=session_id start run long.yaml --report linger --plugin-path "$linger"
    kill -TERM "$child"
    finish
    fails_with 3
    prints "tear-down"
}
