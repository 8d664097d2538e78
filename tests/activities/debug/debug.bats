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

@test "it runs in a dry run too" {
    HEAD="context: {word: seen}"
    perform --dry-run <<<'- {activity: Debug}'
    succeeds
    says "t01 word = seen"
}
