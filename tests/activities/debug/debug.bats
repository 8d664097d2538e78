#!/usr/bin/env bats
# The context in the log.

load ../helper

@test "every variable of the session is shown, but secrets" {
    HEAD="config: {name: shown, a: 1.0}
context: {list: [1, x, {b: true}], pass: \$(user.password)}
sessions: {users: [{name: eve, password: canary}]}"
    perform <<'YAML'
- {activity: $debug()}
YAML
    succeeds
    says "t01 a = 1.0"
    says "t01 list = [1, 'x', {'b': True}]"
    says "t01 session_id = t01"
    says "'name': 'eve'"
    says "'password': '***'"
    hides canary
}

@test "the last result is shown, though nothing else names it" {
    perform <<'YAML'
- {activity: Debug}
- {activity: $sleep(0)}
YAML
    succeeds
    says "t01 last_result = None"
    perform <<'YAML'
- {activity: RunScript, script: 'result = {n = 7}'}
- {activity: $debug()}
YAML
    succeeds
    says "t01 last_result = {'n': 7}"
    perform <<'YAML'
- {activity: RunScript, script: 'result = {n = 7}'}
- {activity: RunScript, script: 'Debug{}'}
- {activity: RunScript, script: 'result = {n = 8}'}
- {activity: RunScript, script: 'Sleep{duration = 0, debug = true}'}
YAML
    succeeds
    says "t01 last_result = {'n': 7}"
    says "    last_result = {'n': 8}"
}

@test "so it is by debug: true of any activity" {
    perform <<'YAML'
- {activity: RunScript, script: 'result = {n = 7}', debug: true}
YAML
    succeeds
    says "    last_result = {'n': 7}"
}

@test "it runs in a dry run too" {
    HEAD="context: {word: seen}"
    perform --dry-run <<<'- {activity: Debug}'
    succeeds
    says "t01 word = seen"
}
