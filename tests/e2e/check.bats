#!/usr/bin/env bats
# `stressor check`: scenarios are compiled, and nothing is run.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    scenario good.yaml <<'END'
file_version: stressor#0
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: GetRequest, url: http://127.0.0.1:1/, timeout: $(slow)}
    - activity: $sleep(3600)
END
    scenario bad.yaml <<'END'
file_version: stressor#0
scenario: [{sequence: man}]
sequences:
  main:
    - {activity: GetRequest}
END
    scenario doubtful.yaml <<'END'
file_version: stressor#0
sessions: {cuont: 3}
scenario: [{sequence: main}]
sequences:
  main: []
END
}

@test "what compiles is fine, and is not run" {
    stressor check good.yaml
    succeeds
    [ "$output" = "good.yaml: fine" ]
    [ -z "$stderr" ]
}

@test "mistakes are told with their places, counted, and make the exit code 2" {
    stressor check bad.yaml
    fails_with 2
    [ "$output" = "bad.yaml: 2 errors" ]
    says "bad.yaml:2:23: error: unknown sequence 'man'; did you mean 'main'?"
    says "bad.yaml:5:7: error: missing argument 'url' of GetRequest"
}

@test "warnings are told and counted, and are fine" {
    stressor check doubtful.yaml
    succeeds
    [ "$output" = "doubtful.yaml: fine, 1 warning" ]
    says "doubtful.yaml:2:12: warning: unknown key 'cuont'"
}

# configured ENTRY [DURATION [OPTION...]]: a scenario with that in `config` is fine, with warnings or
# without.
configured() {
    scenario config.yaml <<END
file_version: stressor#0
config: {$1}
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: Sleep, duration: ${2:-1}}
END
    stressor check "${@:3}" config.yaml
    succeeds
}

@test "a key of config that is nearly a setting, and that nothing reads, is warned of" {
    configured "max_tme: 5"
    says "config.yaml:2:10: warning: 'max_tme' is no setting, and a variable that nothing in the file reads; did you mean 'max_time'?"
    configured "request_timout: 5" # of a plugin that this scenario does not need
    says "config.yaml:2:10: warning: 'request_timout' is no setting, and a variable that nothing in the file reads; did you mean 'request_timeout'?"
    configured "colour: red" 1 -o max_erors:5
    says "-o max_erors:5: warning: 'max_erors' is no setting"
}

@test "a variable of config is warned of neither when it is read nor when it is like no setting" {
    configured "max_tme: 5" '$(max_tme)'
    [ -z "$stderr" ]
    configured "colour: red"
    [ -z "$stderr" ]
    configured "max_time: 5"
    [ -z "$stderr" ]
}

@test "of several scenarios each has a line, and one that is broken does not end it" {
    stressor check bad.yaml good.yaml doubtful nowhere.yaml
    fails_with 2
    [ "$output" = "bad.yaml: 2 errors
good.yaml: fine
doubtful: fine, 1 warning
nowhere.yaml: 1 error
4 scenarios, 2 with errors" ]
}

@test "options are part of what is compiled" {
    stressor check good.yaml -o verbose:many
    fails_with 2
    says "-o verbose:many: error: key 'verbose' of section 'config'"
    stressor check -o verbose:4 good.yaml
    succeeds
    stressor check -o verbose good.yaml
    fails_with 2
    says '-o wants NAME:VALUE'
}

@test "without a scenario it is that of the current folder" {
    mkdir here
    cp good.yaml here/scenario.yaml
    cd here
    stressor check
    succeeds
    [ "$output" = "scenario.yaml: fine" ]
    cd ..
    stressor check here
    [ "$output" = "here/scenario.yaml: fine" ]
}

@test "a folder without a scenario is named as it was given" {
    mkdir empty
    stressor check empty
    fails_with 2
    [ "$output" = "empty: 1 error" ]
    [ "$stderr" = "empty: error: this folder holds no scenario.yaml" ]
    stressor run empty
    fails_with 2
    says "1 error in empty, nothing was run"
    cd empty
    stressor check
    fails_with 2
    [ "$output" = ".: 1 error" ]
}

@test "names of files cannot turn the terminal's colours" {
    cp good.yaml $'red\e[31m.yaml'
    stressor check $'red\e[31m.yaml'
    succeeds
    [ "$output" = 'red\x1b[31m.yaml: fine' ]
}

@test "a full disk is an error" {
    run --separate-stderr bash -c '"$STRESSOR" check good.yaml > /dev/full'
    fails_with 1
    says "cannot write to standard output"
    run --separate-stderr bash -c '"$STRESSOR" schema > /dev/full'
    fails_with 1
    run --separate-stderr bash -c '"$STRESSOR" show good.yaml > /dev/full'
    fails_with 1
}
