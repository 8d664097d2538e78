#!/usr/bin/env bats
# The arguments of RunScript, its result and exports, and how mistakes are told.

load helper

@test "result becomes the result of the activity" {
    ARGS='assert_match: ^seven$' script <<<'result = "seven"'
    succeeds
    ARGS=$'assert_match: "\'a\': \\\\[1, 2\\\\]"\nstore_json: {x: "a[1]"}' script <<<'result = {a = {1, 2}}'
    succeeds
    perform <<'YAML'
- {activity: RunScript, script: 'result = {n = 7, list = {}, text = "x"}'}
- {activity: RunScript, script: 'assert(last_result.n == 7 and last_result.text == "x")'}
- {activity: RunScript, script: 'x = 1', export: null}
- {activity: RunScript, script: 'assert(last_result == nil)'}
YAML
    succeeds
}

@test "result and session hide context variables of those names" {
    HEAD='context: {result: from the context, session: from the context}'
    script <<'LUA'
assert(result == nil and session.id == "t01")
assert(session.context.result == "from the context")
LUA
    succeeds
}

@test "export takes a name, a list of names, or none" {
    perform <<'YAML'
- {activity: RunScript, script: 'a = 1', export: a}
- {activity: RunScript, script: 'b, c = {x = 2.5}, {json.null, true}', export: [b, c]}
- {activity: RunScript, script: 'd = 1', export: null}
- {activity: RunScript, script: 'd = 1', export: false}
- {activity: RunScript, script: 'd = 1', export: []}
- {activity: RunScript, script: 'd = 1'}
- activity: RunScript
  export: [a, result]
  script: |
    assert(a == 1 and b.x == 2.5 and c[1] == json.null and c[2] == true and d == nil)
    a = nil
    result = 7
    a = json.null
- {activity: RunScript, script: 'assert(a == nil and session.context.result == 7)'}
YAML
    succeeds
    says "INFO script: these variables of the script are not exported: d (\`export: [NAME, ...]\` keeps them, \`export: null\` says that none are meant)"
    [ "$(grep -c "not exported" <<<"$stderr")" -eq 1 ]
}

@test "what is not exported is told once a place, and only of variables with data" {
    HEAD='sessions: {count: 10}'
    perform <<'YAML'
- {activity: RunScript, script: 'zz = 1 function f() end result = 5'}
- {activity: RunScript, script: 'function f() end local x = 5 result = x'}
YAML
    succeeds
    [ "$(grep -c "not exported: zz (" <<<"$stderr")" -eq 1 ]
    [ "$(grep -c "not exported" <<<"$stderr")" -eq 1 ]
}

@test "a name that the script did not set cannot be exported" {
    HEAD='context: {here: 1}'
    ARGS='export: [nix]' script <<<'x = 1'
    fails "SCRIPT script error" "export 'nix': the script did not set it"
    ARGS='export: here' script <<<'local y = here'
    fails "SCRIPT script error" "export 'here': the script did not set it"
    ARGS='export: true' script <<<'x = 1'
    fails_with 2
    says "argument 'export' of RunScript: expected names, or null or false for none"
}

@test "what is no data cannot be exported, and is named" {
    ARGS='export: f' script <<<'function f() end'
    fails "SCRIPT script error" "export 'f': a value of type function cannot leave a script"
    ARGS='export: t' script <<<'t = {a = {go = print}}'
    fails "SCRIPT script error" "export 't': a value of type function cannot leave a script (at 'go')"
    ARGS='export: t' script <<<'t = {1, 2, nil, 4, [10] = 5}'
    fails "SCRIPT script error" "export 't': a table is neither a list 1..n without gaps nor a map with text keys"
    ARGS='export: t' script <<<'t = {[true] = 1}'
    fails "SCRIPT script error" "neither a list"
    ARGS='export: t' script <<<'t = 0 / 0'
    fails "SCRIPT script error" "export 't': a number is not finite"
    script <<<'result = coroutine.create(print)'
    fails "SCRIPT script error" "variable 'result': a value of type thread cannot leave a script"
}

@test "script and path exclude each other, and one is needed" {
    echo 'result = 1' > "$BATS_TEST_TMPDIR/a.lua"
    perform <<'YAML'
- {activity: RunScript}
- {activity: RunScript, script: 'x = 1', path: a.lua}
- {activity: RunScript, scrpt: 'x = 1'}
YAML
    fails_with 2
    says "scenario.yaml:6:"
    says "scenario.yaml:7:"
    says "scenario.yaml:8:"
}

@test "a script may stand in a file" {
    mkdir "$BATS_TEST_TMPDIR/scripts"
    printf '\xef\xbb\xbf#!/usr/bin/lua\nresult = "from " .. "a file"\n' > "$BATS_TEST_TMPDIR/scripts/a.lua"
    printf 'x = nil\nerror("broken")' > "$BATS_TEST_TMPDIR/b.lua"
    perform <<'YAML'
- {activity: RunScript, path: scripts/a.lua, assert_match: ^from a file$}
- {activity: RunScript, script: $load(scripts/a.lua), assert_match: ^from a file$}
YAML
    succeeds
    perform <<'YAML'
- {activity: RunScript, path: b.lua}
- {activity: RunScript, script: $load(b.lua)}
YAML
    fails "SCRIPT script error" "scenario.yaml:6:7): b.lua:2: broken"
    prints "SCRIPT script error, main/1/RunScript and 1 more"
    says "scenario.yaml:7:7): script:2: broken"
}

@test "a file outside of the folder, or none, is told" {
    echo 'x = 1' > "$BATS_TEST_TMPDIR/../outside.lua"
    head -c 1048577 /dev/zero | tr '\0' ' ' > "$BATS_TEST_TMPDIR/large.lua"
    mkdir "$BATS_TEST_TMPDIR/folder.lua"
    perform <<'YAML'
- {activity: RunScript, path: ../outside.lua}
- {activity: RunScript, path: /etc/passwd}
- {activity: RunScript, path: nowhere.lua}
- {activity: RunScript, path: large.lua}
- {activity: RunScript, path: folder.lua}
YAML
    rm -f "$BATS_TEST_TMPDIR/../outside.lua"
    fails_with 2
    says "scenario.yaml:6:35: error: argument 'path' of RunScript: the file '../outside.lua' has to be in the scenario's folder or below"
    says "scenario.yaml:7:35: error: argument 'path' of RunScript: the file '/etc/passwd' has to be in the scenario's folder or below"
    says "scenario.yaml:8:35: error: argument 'path' of RunScript: cannot open the file 'nowhere.lua': No such file or directory"
    says "scenario.yaml:9:35: error: argument 'path' of RunScript: expected a script of at most 1048576 bytes"
    says "scenario.yaml:10:35: error: argument 'path' of RunScript: cannot open the file 'folder.lua': Is a directory"
}

@test "macros in a script are left alone" {
    HEAD='context: {name: ann}'
    script <<'LUA'
assert("$(name)" == "$" .. "(name)" and name == "ann")
LUA
    succeeds
}

@test "a syntax error is told when the scenario is compiled, with its line and the keys of other languages" {
    printf 'x = 1\nx = = 2\n' > "$BATS_TEST_TMPDIR/bad.lua"
    perform <<'YAML'
- activity: RunScript
  script: |
    x = 1
    import os
- {activity: RunScript, path: bad.lua}
YAML
    fails_with 2
    says "scenario.yaml:7:15: error: argument 'script' of RunScript: script:2: syntax error near 'os' (scripts are Lua unless \`language: python\`, a \`path\` ending in .py, or config.script_language: python says otherwise)"
    says "bad.lua:2: unexpected symbol near '='"
}

@test "the language may be said, and one that nobody runs is told" {
    ARGS='language: lua' script <<<'assert(string.rep)'
    succeeds
    HEAD='config: {script_language: lua}'
    script <<<'assert(string.rep)'
    succeeds
    HEAD=
    ARGS='language: cobol' script <<<'assert(string.rep)'
    fails_with 2
    says "no plugin runs RunScript for the language 'cobol'"
}

@test "an error names the line of the script and the place in the scenario" {
    script <<'LUA'
local function deep()
    local t
    return t.x
end
deep()
LUA
    fails "SCRIPT script error" "scenario.yaml:6:7): script:3: attempt to index a nil value (local 't')"
    script <<<'error("plain", 0)'
    fails "SCRIPT script error" "scenario.yaml:6:7): plain [SCRIPT"
    script <<<'error({})'
    fails "SCRIPT script error" "the script raised a table without a text"
    script <<<'error(nil)'
    fails "SCRIPT script error" "the script raised a value of type nil"
    script <<<'error(setmetatable({}, {__tostring = function() while true do end end}))'
    fails "SCRIPT script error" "the script raised a table without a text"
    script <<<'error(("x"):rep(1000000))'
    fails "SCRIPT script error" "script:1: xxx"
}

@test "a script may say what kind of error it is" {
    script <<<'error{category = "assertion", kind = "login", text = "no guid came"}'
    fails "ASSERTION login" "no guid came"
    script <<<'error{category = "nonsense", text = "odd"}'
    fails "SCRIPT script error" "odd"
}

@test "the common arguments hold for scripts" {
    ARGS='assert_match: nix' script <<<'result = "abc"'
    fails "ASSERTION assert_match" "pattern 'nix' not found in 'abc'"
    ARGS=$'assert_max_time: 1ms' script <<<'Sleep{duration = 0.02}'
    fails "ASSERTION assert_max_time" "expected to take at most 1.00 ms"
}

@test "scripts run in a dry run, unless they are mocked, and send nothing" {
    perform --dry-run <<'YAML'
- activity: RunScript
  export: null
  script: |
    assert(session.dry_run and dry_run)
    local r = assert(GetRequest{url = "http://nowhere.invalid/"})
    assert(r.value == "dummy_result" and r.text == "dummy_result" and r.status == nil)
    r = assert(GetRequest{url = "http://nowhere.invalid/", mock_result = {id = 7}})
    assert(r.value.id == 7)
    assert(session:get("http://nowhere.invalid/").value == "dummy_result")
- {activity: RunScript, script: 'error("it ran")', mock_result: {a: 1}, store_json: {b: a}}
- {activity: RunScript, script: 'assert(b == 1)'}
YAML
    succeeds
}
