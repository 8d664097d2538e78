#!/usr/bin/env bats
# The command line where no server is needed.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    scenario scenario.yaml <<'YAML'
file_version: stressor#0
config: {name: pauses}
scenario:
  - sequence: main
sequences:
  main:
    - activity: $sleep(0)
      name: pause
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
    scenario endless.yaml <<'YAML'
file_version: stressor#0
scenario:
  - {sequence: main, duration: 600}
sequences:
  main:
    - activity: $sleep(0.001)
YAML
    scenario broken.yaml <<'YAML'
file_version: stressor#0
config: {max_errors: many}
scenario:
  - {sequence: mian}
sequences:
  main:
    - activity: Slep
YAML
}

teardown() {
    end_child
}

# on_terminal COMMAND: what the command shows on a terminal.
on_terminal() {
    output=$(TERM=xterm script -qec "$1" /dev/null < /dev/null)
}

@test "without arguments help goes to standard error" {
    stressor
    fails_with 2
    [ -z "$output" ]
    says "Usage: stressor"
}

@test "-V and --version print the version" {
    stressor -V
    succeeds
    [[ "$output" =~ ^stressor\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    stressor run --version
    succeeds
    [[ "$output" =~ ^stressor\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "-h prints help on the program and on each subcommand" {
    stressor -h
    succeeds
    prints "Subcommands:"
    prints "  run "
    for name in run plugin help; do
        stressor "$name" -h
        succeeds
        prints "Usage: stressor $name"
        first=$output
        stressor help "$name"
        succeeds
        [ "$output" = "$first" ]
    done
}

@test "an unknown subcommand is answered with the nearest and all" {
    stressor rnu
    fails_with 2
    says 'there is no subcommand "rnu"; did you mean "run"?'
    says "plugin, run"
}

@test "a subcommand that is not built in runs the program of that name beside ours" {
    mkdir -p moved/bin moved/libexec/stressor
    cp "$STRESSOR" moved/bin/stressor
    printf '#!/bin/sh\necho "shout $*"\nexit 7\n' > moved/libexec/stressor/stressor-shout
    chmod +x moved/libexec/stressor/stressor-shout
    export LD_LIBRARY_PATH="$STRESSOR_BUILD/lib"
    run --separate-stderr moved/bin/stressor shout --port 1 -v
    fails_with 7
    [ "$output" = "shout --port 1 -v" ]
    run --separate-stderr moved/bin/stressor help shout
    [ "$output" = "shout --help" ]
    run --separate-stderr moved/bin/stressor --help
    succeeds
    prints "  shout"
    printf 'Says it \e[31mloudly\nand more\n' > moved/libexec/stressor/stressor-shout.help
    run --separate-stderr moved/bin/stressor --help
    prints '  shout    Says it \x1b[31mloudly'
    [[ "$output" != *"and more"* ]]
    run --separate-stderr moved/bin/stressor shuot
    fails_with 2
    says 'did you mean "shout"?'
}

@test "a subcommand is never a path" {
    stressor ../../bin/stressor
    fails_with 2
    says "there is no subcommand"
}

@test "an unknown option is answered with the nearest" {
    stressor run --max-erors 3
    fails_with 2
    says 'there is no option "--max-erors"; did you mean "--max-errors"?'
    says 'See "stressor run --help".'
    stressor run -x
    fails_with 2
    says 'there is no option "-x"'
}

@test "an abbreviation that could be two options is refused" {
    stressor run --max 3
    fails_with 2
    says 'it could be "--max-errors" or "--max-time"'
}

@test "values of options are checked" {
    while read -r words; do
        # shellcheck disable=SC2086
        stressor run $words
        fails_with 2
        says "${words%% *}"
    done <<'WORDS'
--max-errors -1
--max-errors x
--max-errors 1x
--max-errors 99999999999999999999
--max-time soon
--max-time -1
--workers 0
--workers 5000
--seed 0
-o novalue
-o :x
WORDS
}

@test "a missing value is named" {
    stressor run --log
    fails_with 2
    says 'option "--log" needs a value: --log PATH'
}

@test "-v and -q exclude each other, wherever they stand" {
    stressor -v run -q
    fails_with 2
    says "-v and -q exclude each other"
    stressor run -qv
    fails_with 2
}

@test "a second scenario is too many" {
    stressor run a b
    fails_with 2
    says '"b" is too many'
}

@test "the scenario of the current folder is the default" {
    stressor run
    succeeds
    prints "PASSED"
    prints "pauses"
}

@test "options stand before or after the subcommand and the scenario" {
    stressor -q run scenario
    succeeds
    [[ "$output" != *"run time"* ]]
    first=${lines[0]}
    stressor run scenario -q
    succeeds
    [[ "$output" != *"run time"* ]]
    [ "${lines[0]}" = "$first" ]
}

@test "-q leaves the verdict, -qq nothing" {
    stressor run -q
    succeeds
    [[ "$output" == PASSED:* ]]
    [ -z "$stderr" ]
    stressor run -qq
    succeeds
    [ -z "$output" ]
}

@test "the summary begins and ends with the verdict and has a row for each activity" {
    stressor run
    succeeds
    [[ "${lines[0]}" == PASSED:* ]]
    [ "${lines[0]}" = "${lines[${#lines[@]} - 1]}" ]
    prints "pause "
    prints "p99.9"
}

@test "the log tells what runs, with its time and level" {
    stressor run
    succeeds
    [[ "$stderr" =~ [0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.[0-9][0-9][0-9]\ INFO\ running\ pauses:\ 1\ session ]]
}

@test "config.verbose sets the level, and -v and -q override it" {
    stressor run -o verbose:2
    succeeds
    [ -z "$stderr" ]
    stressor run -v -o verbose:2
    succeeds
    says "INFO running"
}

@test "-o overrides the config" {
    stressor run -o tag:nightly -o name:other
    succeeds
    prints "nightly"
    prints "other"
}

@test "mistakes are all told, nothing is run, and the exit code is 2" {
    stressor run broken.yaml
    fails_with 2
    says "broken.yaml:2:"
    says "broken.yaml:4:"
    says "broken.yaml:7:"
    says "main"
    says "Sleep"
    says "errors in broken.yaml, nothing was run"
    [ -z "$output" ]
}

@test "a scenario that is not there is a mistake" {
    stressor run nowhere
    fails_with 2
    says "nowhere"
    says "nothing was run"
    mkdir empty
    stressor run empty
    fails_with 2
    says "scenario.yaml"
}

@test "errors make the exit code 1" {
    stressor run endless --max-time 50ms
    fails_with 1
    prints "FAILED"
}

@test "Ctrl-C stops gracefully: end runs, the summary is printed, the exit code is 3" {
    AWAITED=session_id start run long.yaml
    kill -INT "$child"
    await "stopping"
    finish
    [ "$status" -eq 3 ]
    prints "STOPPED by the user"
    prints "tear-down"
}

@test "SIGTERM stops like Ctrl-C" {
    AWAITED=session_id start run long.yaml
    kill -TERM "$child"
    finish
    [ "$status" -eq 3 ]
    prints "STOPPED by the user"
}

@test "a second Ctrl-C stops at once, and the summary is still printed" {
    sed -i 's/tear-down}/tear-down}\n    - activity: $sleep(600)/' long.yaml
    AWAITED=session_id start run long.yaml
    kill -INT "$child"
    await "stopping"
    kill -INT "$child"
    finish
    [ "$status" -eq 3 ]
    prints "STOPPED by the user"
}

@test "a single session runs loops once" {
    sed -i 's/^scenario:/sessions: {count: 5}\nscenario:/' endless.yaml
    stressor run endless --single
    succeeds
    prints "sessions           1"
}

@test "a dry run is called one" {
    stressor run -n long.yaml
    succeeds
    prints "dry run"
}

@test "--log replaces a file and writes the same lines to it" {
    echo "what was there before" > run.log
    stressor run --log run.log
    succeeds
    says "INFO running pauses"
    grep -q "INFO running pauses" run.log
    run ! grep -q "before" run.log
}

@test "--log makes files of their own in a folder" {
    mkdir logs
    stressor run -q --log logs
    succeeds
    says "log: logs/stressor-"
    stressor run -q --log logs/
    succeeds
    set -- logs/*
    [ $# -eq 2 ]
}

@test "a log that cannot be opened is wrong usage" {
    stressor run --log nowhere/run.log
    fails_with 2
    says 'cannot write the log to "nowhere/run.log": No such file or directory'
}

@test "a full disk under the log is told once and makes the exit code 1" {
    stressor run --log /dev/full
    fails_with 1
    [ "$(grep -c "cannot write to the log" <<< "$stderr")" -eq 1 ]
    prints "PASSED"
}

@test "output that cannot be written makes the exit code 1" {
    run --separate-stderr bash -c '"$1" run > /dev/full' bash "$STRESSOR"
    fails_with 1
    says "cannot write to standard output: No space left on device"
    run --separate-stderr bash -c '"$1" --help >&-' bash "$STRESSOR"
    fails_with 1
    says "cannot write to standard output"
}

@test "colours are for terminals, and not with NO_COLOR or --no-color" {
    on_terminal "'$STRESSOR' run -q"
    [[ "$output" == *$'\033['*PASSED* ]]
    on_terminal "NO_COLOR=1 '$STRESSOR' run -q"
    [[ "$output" == *PASSED* && "$output" != *$'\033['* ]]
    on_terminal "'$STRESSOR' --no-color run -q"
    [[ "$output" == *PASSED* && "$output" != *$'\033['* ]]
    stressor run -q
    [[ "$output" != *$'\033['* ]]
}

@test "plugin list shows what is found and from where" {
    stressor plugin list
    succeeds
    prints "sleep 0.1.0"
    prints '$sleep'
    prints "Sleep"
    prints "sleep.so"
    prints ", 0 refused"
}

@test "plugin list counts what was refused and tells why with --verbose" {
    mkdir -m 755 more
    echo "not a plugin" > more/odd.so
    chmod 644 more/odd.so
    stressor plugin list --plugin-path more
    succeeds
    prints ", 1 refused (--verbose says why)"
    stressor plugin list --verbose --plugin-path more
    succeeds
    prints "odd.so: "
    prints "looked in:"
    prints "/more"
}

@test "a folder of --plugin-path that is not there is told" {
    mkdir -m 755 more
    stressor plugin list --verbose --plugin-path mroe --plugin-path more
    succeeds
    prints "/mroe (not there)"
    if [[ "$output" == *"/more (not there)"* ]]; then false; fi
    stressor schema --plugin-path mroe --plugin-path more
    succeeds
    says "plugin folder $PWD/mroe cannot be read: No such file or directory"
    [ "$(grep -c 'plugin folder' <<<"$stderr")" = 1 ]
}

@test "plugin info describes a plugin, an activity and a macro" {
    stressor plugin info sleep
    succeeds
    prints "plugin sleep"
    prints "activity Sleep"
    prints 'macro $sleep(duration'
    stressor plugin info Sleep
    succeeds
    prints "duration: "
    prints "required"
    stressor plugin info '$sleep'
    succeeds
    prints "stands for the activity Sleep"
}

@test "plugin info describes the keys of a section" {
    stressor plugin info sessions
    succeeds
    prints "section sessions"
    prints "ramp_up_delay: duration or list of (duration)"
    prints "basic_auth: true or false"
}

@test "plugin info prints tables in Markdown" {
    stressor plugin info --markdown Sleep
    succeeds
    [ "${lines[0]}" = "| argument | type | default | meaning |" ]
    prints '| `duration` | duration | required | how long to pause'
    stressor plugin info --markdown sleep
    prints '### `Sleep`'
    prints '`$sleep(duration, [duration_2])`: '
    stressor plugin info --markdown scenario
    prints '| `repeat` | whole number | `0` |'
    stressor plugin info --markdown arguments
    prints '| `assert_match` | regex |'
    stressor plugin info --markdown Slep
    fails_with 2
    says 'did you mean "Sleep"?'
}

@test "plugin info of an unknown name answers with the nearest" {
    stressor plugin info Slep
    fails_with 2
    says 'did you mean "Sleep"?'
    stressor plugin info '$slep'
    fails_with 2
    says 'did you mean "$sleep"?'
    stressor plugin info Zzzzzzzz
    fails_with 2
    says "plugin list"
}

@test "plugin wants to know what to do" {
    stressor plugin
    fails_with 2
    stressor plugin lst
    fails_with 2
    says 'did you mean "list"?'
    stressor plugin info
    fails_with 2
    stressor plugin list more
    fails_with 2
    says '"more" is too many'
}
