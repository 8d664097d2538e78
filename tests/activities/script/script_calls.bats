#!/usr/bin/env bats
# Activities as functions, against the practice target.

load helper

setup_file() {
    load ../helper
    start_target
}

teardown_file() {
    stop_servers
}

setup() {
    HEAD="config: {base_url: '$TARGET_URL'}"
}

teardown() {
    end_child
}

@test "a call gives value, text, status, headers, url and info" {
    script <<'LUA'
local r = assert(GetRequest{url = "/json"})
assert(r.status == 200 and type(r.value) == "table" and json.decode(r.text))
assert(r.headers["content-type"]:find("json") and r.headers["Content-Type"] == r.headers["CONTENT-TYPE"])
assert(r.headers.nothing == nil)
assert(r.url:find("/json$") and r.info.method == "GET" and r.info.phases.total > 0)
r = assert(GetRequest{url = "/bytes/10"})
assert(#r.text == 10 and r.value == r.text)
r = assert(Sleep{duration = 0})
assert(r.value == nil and r.text == nil and r.status == nil)
LUA
    succeeds
}

@test "every type can be called, with the common arguments" {
    script <<'LUA'
assert(HTTPRequest{url = "/json", method = "GET", assert_status = {200}})
assert(PutRequest{url = "/files/a", data = "hello"})
assert(GetRequest{url = "/files/a", assert_match = "^hello$"}.text == "hello")
assert(DeleteRequest{url = "/files/a"})
assert(PostRequest{url = "/login", json = {user = "ann", password = "x"}, store_json = {guid = "guid"}})
assert(session.context.guid == guid and #guid > 0)
assert(HeadRequest{url = "/json"}.status == 200)
LUA
    succeeds
}

@test "session has its browser, with the cookies of the session" {
    perform <<'YAML'
- {activity: PostRequest, url: /login, json: {user: ann, password: x}}
- activity: RunScript
  script: |
    assert(session:get("/account").value.user == "ann")
    assert(session:put("/files/b", {data = "x"}).status == 201)
    assert(session:head("/files/b").status == 200)
    assert(session:delete("/files/b").status == 204)
    assert(session:post("/echo", {data = {a = 1}}).value.method == "POST")
    assert(session:patch("/echo", {data = "x"}).value.method == "PATCH")
    assert(session:options("/echo").value.method == "OPTIONS")
    assert(session:request("get", "/echo", {params = {q = 1}}).value.method == "GET")
    local good, why = pcall(session.get, "/json")
    assert(not good and why:find("expected session:get%(...%), with a colon"), why)
    good, why = pcall(session.get, session)
    assert(not good and why:find("string expected"), why)
    good, why = pcall(session.get, session, "/json", 5)
    assert(not good and why:find("table expected"), why)
YAML
    succeeds
}

@test "a failure gives nil and an error table" {
    script <<'LUA'
local r, err = GetRequest{url = "/status/404"}
assert(r == nil and err.category == "assertion" and err.kind == "status")
assert(err.text:find("got 404") and err.activity == "GetRequest" and err.where == "script:1: ")
assert(err.result.status == 404)
assert(tostring(err):find("^script:1: GetRequest: expected status below 400, got 404"), tostring(err))
r, err = GetRequest{url = "http://127.0.0.1:1/"}
assert(err.category == "target" and err.kind == "connect")
r, err = Sleep{duration = "soon"}
assert(err.category == "script" and err.kind == "bad argument", err.kind)
LUA
    succeeds
}

@test "assert on a failed call fails the script as the call failed" {
    script <<'LUA'
local r = 1
assert(GetRequest{url = "/status/503"})
LUA
    fails "ASSERTION status" "scenario.yaml:6:7): script:2: GetRequest: expected status below 400, got 503 from GET $TARGET_URL/status/503"
    script <<<'assert(session:get("http://127.0.0.1:1/"))'
    fails "TARGET connect" "script:1: GetRequest: "
    script <<<'assert(Sleep{duratin = 1})'
    fails "SCRIPT bad argument" "script:1: Sleep: unknown argument 'duratin' of Sleep; did you mean 'duration'?"
}

@test "a failed call is no error of the run" {
    script <<<'local r, err = GetRequest{url = "/status/500"} assert(err)'
    succeeds
    prints "PASSED"
}

@test "calls that cannot be are told" {
    script <<'LUA'
local function why(f, ...)
    local good, text = pcall(f, ...)
    assert(not good)
    return text
end
assert(why(GetReqest):find("attempt to call a nil value"))
assert(why(GetRequest, "/json"):find("expected arguments by name: GetRequest{name = value, ...}", 1, true))
assert(why(GetRequest, {}, {}):find("expected arguments by name"))
assert(why(GetRequest, {"/json"}):find("GetRequest: expected a table with text keys"))
assert(why(GetRequest, {url = print}):find("GetRequest: a value of type function"))
local text = coroutine.wrap(function() return why(GetRequest, {url = "/json"}) end)()
assert(text:find("GetRequest cannot be called inside a coroutine of the script"), text)
string.gsub("x", "x", function() text = why(Sleep, {duration = 0}) end)
assert(text:find("Sleep cannot be called here"), text)
table.sort({2, 1}, function() text = why(session.get, session, "/json") return false end)
assert(text:find("GetRequest cannot be called here"), text)
LUA
    succeeds
}

@test "calls inside pcall, closures and loops" {
    script <<'LUA'
local function status(n) return (GetRequest{url = "/status/" .. n, assert_status = n}).status end
local good, n = pcall(status, 404)
assert(good and n == 404)
local sum = 0
for i = 1, 20 do sum = sum + status(200 + i % 5) end
assert(sum == 4040, sum)
local x <close> = setmetatable({}, {__close = function() assert(Sleep{duration = 0}) end})
LUA
    succeeds
}

@test "a call yields: sessions of one worker wait side by side" {
    HEAD="config: {base_url: '$TARGET_URL'}
sessions: {count: 40}"
    SECONDS=0
    script <<<'for i = 1, 3 do assert(GetRequest{url = "/delay/100ms"}) end'
    succeeds
    [ "$SECONDS" -lt 8 ]
}

@test "scripts call scripts, not for ever" {
    HEAD='context: {again: "RunScript{script = again}"}'
    script <<'LUA'
local r = assert(RunScript{script = "result = 6 * 7"})
assert(r.value == 42)
assert(RunScript{script = "x = 5", export = "x"})
assert(x == 5)
local r, err = RunScript{script = "error('inner')"}
assert(err.text == "script:1: inner", err.text)
r, err = RunScript{script = "while"}
assert(err.text:find("script:1: "), err.text)
r, err = RunScript{path = "a.lua"}
assert(err.text:find("needs the argument 'script'"), err.text)
assert(RunScript{script = again})
r, err = RunScript{script = "assert(RunScript{script = 'assert(Sleep{duration = 0})'})"}
assert(r, err)
session.context.deep = "depth = (depth or 0) + 1 session.context.depth = depth assert(RunScript{script = deep})"
r, err = RunScript{script = deep}
assert(err.text:find("scripts run scripts, more than 16 deep"), err.text)
assert(session.context.depth == 15, session.context.depth)
LUA
    succeeds
}

@test "an inner script that never ends does not end the outer one" {
    HEAD='config: {script_timeout: 100ms}'
    script <<'LUA'
local r, err = RunScript{script = "while true do end"}
assert(err.kind == "script timeout", err.kind)
r, err = RunScript{script = "Sleep{duration = 0.001} while true do end"}
assert(err.kind == "script timeout", err.kind)
r, err = RunScript{script = "result = ('x'):rep(1e9)"}
assert(err.kind == "script memory", err.kind)
LUA
    succeeds
}

@test "a stop ends a script that waits, without running it further" {
    cd "$BATS_TEST_TMPDIR"
    scenario endless.yaml <<'YAML'
file_version: stressor#0
config: {name: endless}
sessions: {count: 3}
scenario: [{sequence: main}, {sequence: end}]
sequences:
  main:
    - activity: RunScript
      script: |
        local x <close> = setmetatable({}, {__close = function() print("closed") end})
        print("waiting")
        pcall(Sleep, {duration = 3600})
        print("went on")
  end:
    - {activity: RunScript, script: 'print("the end of " .. session.id)'}
YAML
    AWAITED=waiting start run endless.yaml
    await waiting
    await waiting
    kill -INT "$child"
    await "the end of t0"
    finish
    fails_with 3
    [[ $output != *"Errors, the"* ]]
}

@test "a called activity has a row of its own, outside the net counts" {
    script <<<'for i = 1, 5 do Sleep{duration = 0} end'
    succeeds
    prints "PASSED: 1 activity"
    [[ $output =~ Sleep\ +5\ +0 ]]
}
