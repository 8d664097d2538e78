#!/usr/bin/env bats
# The object session, the context, values, secrets, and the helpers.

load helper

@test "session tells who it is" {
    HEAD='sessions: {count: 2, users: [{name: ann, password: x, age: 7}, {name: bob, password: y}]}'
    script <<'LUA'
assert(session.id == "t0" .. session.number and session.dry_run == false)
assert(session.user.name == (session.number == 1 and "ann" or "bob"))
assert(session.user.age == (session.number == 1 and 7 or nil))
assert(session.user.auth[2] == session.user.password)
assert(tostring(session):find("^session") and session.nothing == nil)
session.user.name = "changed"
assert(session.user.name == "changed" and user.name ~= "changed")
LUA
    succeeds
}

@test "context variables are read by their names, macros in them expanded" {
    HEAD='config: {base: "http://h", deep: {a: [1, {b: x}]}, n: 5, f: 1.0, yes: true, nothing: null}
context: {full: "$(base)/x", "odd name": 1}'
    script <<'LUA'
assert(full == "http://h/x" and n == 5 and math.type(n) == "integer" and math.type(f) == "float")
assert(yes == true and nothing == nil and unset == nil)
assert(deep.a[2].b == "x" and #deep.a == 2)
assert(session.context["odd name"] == 1 and session_id == "t01")
LUA
    succeeds
}

@test "a script's variables come first, then the library, then the context" {
    HEAD='context: {type: mine, json: mine, word: mine}'
    script <<'LUA'
assert(type(json) == "table" and session.context.type == "mine" and session.context.json == "mine")
word = "own"
assert(word == "own" and session.context.word == "mine")
word = nil
assert(word == "mine")
LUA
    succeeds
}

@test "assigning to session.context stores a variable at once" {
    HEAD='context: {known: 1}'
    perform <<'YAML'
- activity: RunScript
  export: null
  script: |
    session.context.known = 2
    session.context.new = {a = {1, 2}}
    assert(known == 2 and new.a[2] == 2)
    session.context.new = {a = 3}
    assert(new.a == 3)
    local good, why = pcall(function() session.context.f = print end)
    assert(not good and why:find("context variable 'f': a value of type function"), why)
    session.context.gone = 1
    session.context.gone = nil
    assert(gone == nil)
- {activity: RunScript, script: 'assert(known == 2 and new.a == 3)'}
YAML
    succeeds
}

@test "a list or map of the context is one copy until the next call" {
    HEAD='context: {items: [1, 2], map: {a: 1}}'
    ARGS='export: [items]' script <<'LUA'
items[3] = 3
map.b = 2
assert(#items == 3 and map.b == 2 and #session.context.items == 2)
Sleep{duration = 0}
assert(#items == 2 and map.b == nil)
items[3] = 9
LUA
    succeeds
    perform <<'YAML'
- {activity: RunScript, script: 'result = {list = {1, 2, 3}}', store_json: {items: list}}
- {activity: RunScript, script: 'assert(#items == 3) items[4] = 4', export: items}
- {activity: RunScript, script: 'assert(#items == 4)'}
YAML
    succeeds
}

@test "values keep their types on the way in and out" {
    ARGS='export: all' script <<'LUA'
all = {int = 9007199254740993, float = 2.0, text = "a\0b", yes = true, none = json.null,
       list = {1, 2}, empty_list = json.list{}, empty_map = {}, nested = {{{}}}}
LUA
    succeeds
    perform <<'YAML'
- activity: RunScript
  export: all
  script: |
    all = {int = 9007199254740993, float = 2.0, text = "a\0b", yes = true, none = json.null,
           list = {1, 2}, empty_list = json.list{}, empty_map = {}}
- activity: RunScript
  export: again
  script: |
    assert(all.int == 9007199254740993 and math.type(all.int) == "integer")
    assert(all.float == 2 and math.type(all.float) == "float" and all.text == "a\0b")
    assert(all.yes == true and all.none == json.null and #all.list == 2)
    table.remove(all.list); table.remove(all.list)
    again = all
- activity: RunScript
  assert_match: "^{'empty_list': \\[\\], 'empty_map': {}, 'float': 2.0, 'int': 9007199254740993, 'list': \\[\\], 'none': None, "
  script: |
    again.text = nil
    result = again
YAML
    succeeds
}

@test "json" {
    script <<'LUA'
local t = json.decode('{"a": [1, 2.5, "x", null, true], "e": [], "m": {}, "big": 9007199254740993}')
assert(t.a[2] == 2.5 and t.a[4] == json.null and t.big == 9007199254740993)
assert(json.encode(t) == '{"a":[1,2.5,"x",null,true],"big":9007199254740993,"e":[],"m":{}}')
assert(json.encode({}) == "{}" and json.encode(json.list{}) == "[]" and json.encode(nil) == "null")
assert(json.encode("a\"b") == '"a\\"b"' and json.decode("null") == json.null)
assert(json.decode("7") == 7 and tostring(json.null) == "null")
local nothing, why = json.decode("[1,")
assert(nothing == nil and why:find("line 1"), why)
assert(not pcall(json.encode, print))
assert(json.encode(json.list(json.list{1})) == "[1]")
LUA
    succeeds
}

@test "regex" {
    script <<'LUA'
assert(regex.search("one\ntwo", "^two$") and not regex.search("one", "two"))
assert(regex.match("hello", "he") and not regex.match("hello", "lo"))
assert(regex.search("HELLO", "(?i)hello") and regex.search("é", "^\\w$"))
for i = 1, 200 do assert(regex.search("x" .. i, "x" .. i .. "$")) end
local good, why = pcall(regex.search, "x", "(")
assert(not good and why:find("malformed"), why)
good, why = pcall(regex.search, ("a"):rep(50) .. "!", "^(a+)+$")
assert(not good and why:find("regex limit"), why)
LUA
    succeeds
}

@test "time and random" {
    script <<'LUA'
assert(math.abs(time.now() - os.time()) < 5 and time.iso(0) == "1970-01-01T00:00:00Z")
assert(#time.iso() == 20)
local before = time.monotonic()
Sleep{duration = 0.02}
assert(time.monotonic() - before >= 0.02)
local seen = {}
for i = 1, 200 do
    local n = random.int(1, 3)
    assert(n >= 1 and n <= 3 and math.type(n) == "integer")
    seen[n] = true
    local x = random.number(5, 6)
    assert(x >= 5 and x < 6)
    assert(math.random() < 1 and math.random(4) <= 4 and math.random(-1, 1) >= -1)
end
assert(seen[1] and seen[2] and seen[3])
assert(random.choice{"a"} == "a" and #random.text(12) == 12 and random.text(3, "z") == "zzz")
assert(random.uuid():find("^%x+%-%x+%-4%x%x%x%-[89ab]%x%x%x%-%x+$") and #random.uuid() == 36)
assert(random.int(math.mininteger, math.maxinteger) and math.random(0))
assert(not pcall(random.int, 2, 1) and not pcall(random.choice, {}) and not pcall(math.random, 0, -1))
math.randomseed(42)
LUA
    succeeds
}

@test "random numbers repeat with the seed" {
    script --seed 7 <<<'print(random.int(1, 1000000), math.random(1000000), random.text(8))'
    succeeds
    local first
    first=$(sed -n 's/.*INFO t01 //p' <<<"$stderr")
    script --seed 7 <<<'print(random.int(1, 1000000), math.random(1000000), random.text(8))'
    [ -n "$first" ]
    says "$first"
}

@test "log and print write to the log" {
    script -v <<'LUA'
session:log("plain")
session:log("warning", "a warning")
session:log("debug", {})
session:log(1, "an error")
session:log(42)
print("a", 1, nil, true)
local good, why = pcall(session.log, "no colon")
assert(not good and why:find("with a colon"), why)
assert(not pcall(session.log, session, "loud", "x") and not pcall(session.log, session, 9, "x"))
LUA
    succeeds
    says "INFO t01 plain"
    says "WARNING t01 a warning"
    says "DEBUG t01 table: "
    says "ERROR t01 an error"
    says "INFO t01 42"
    says 'INFO t01 a 1 nil true'
}

@test "secrets are not shown, whatever a script makes of them" {
    HEAD='sessions: {users: [{name: ann, password: canary-1}]}'
    perform -v <<'YAML'
- activity: RunScript
  export: [copy, deep]
  debug: true
  script: |
    copy = "is " .. session.user.password
    deep = {a = {user.password}}
    result = "my " .. copy
    session:log("logged " .. copy)
    print(copy, session.user.auth[2])
- {activity: $debug()}
- {activity: RunScript, script: 'error("failed with " .. copy)'}
- {activity: RunScript, script: 'error{kind = user.password, text = deep.a[1]}'}
- {activity: RunScript, script: 'result = copy', assert_match: none}
- {activity: RunScript, script: 'result = {x = copy:sub(4)}', assert_match: none, debug: true}
- {activity: RunScript, script: 'session.context.kept = user.password:upper() session.context.kept = user.password'}
- {activity: RunScript, script: 'x = kept', export: x, debug: true}
- {activity: $debug()}
- {activity: GetRequest, url: 'http://127.0.0.1:1/$(x)'}
YAML
    fails_with 1
    says "INFO t01 logged is ***"
    says "failed with ***"
    hides canary-1
}
