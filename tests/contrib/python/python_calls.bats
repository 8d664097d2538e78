#!/usr/bin/env bats
# Scripts in Python call activities, against the practice target.

load helper

setup_file() {
    load helper
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

@test "session.browser asks as version 0's did" {
    script <<'PY'
r = session.browser.get("/json")
assert r.status_code == 200 and r.ok and r.json() == r.value and isinstance(r.content, bytes)
assert "json" in r.headers["content-type"] and "CONTENT-TYPE" in r.headers
assert r.headers.get("nothing", "none") == "none" and r.url.endswith("/json")
assert r.elapsed.total_seconds() > 0
r = session.browser.get("/status/404")
assert r.status_code == 404 and not r.ok
try:
    r.raise_for_status()
except CallError as e:
    assert e.kind == "status"
else:
    assert False
session.browser.headers["X-Mine"] = "1"
r = session.browser.post("/echo", data={"a": 1}, headers={"X-Other": "2"})
sent = {k.lower(): v for k, v in r.json()["headers"]}
assert sent["x-mine"] == "1" and sent["x-other"] == "2" and r.json()["method"] == "POST"
assert session.browser.put("/files/py", data="x").status_code in (201, 204)
assert session.browser.delete("/files/py").status_code == 204
assert session.browser.request("GET", "/echo", params={"q": [1, 2]}).json()["method"] == "GET"
PY
    succeeds
}

@test "activities are functions, and their failures exceptions" {
    script <<'PY'
r = PostRequest(url="/login", json={"user": "ann", "password": "x"}, store_json={"guid": "guid"})
assert r.status == 200 and guid == r.value["guid"] and session.get("/account").value["user"] == "ann"
try:
    GetRequest(url="/status/503")
except CallError as e:
    assert (e.category, e.kind, e.activity) == ("assertion", "status", "GetRequest")
    assert e.result.status == 503 and str(e).startswith("GetRequest: expected status below 400, got 503")
else:
    assert False
r = RunScript(script="result = 5")
assert r.value == 5 and r.text is None
assert Sleep(duration=0).value is None
PY
    succeeds
}

@test "an uncaught failure of a call is the script's, of the same kind" {
    script <<'PY'
x = 1
session.get("/status/500")
PY
    fails "ASSERTION status" "scenario.yaml:6:7): script:2: GetRequest: expected status below 400, got 500"
    script <<<'session.browser.get("http://127.0.0.1:1/")'
    fails "TARGET connect" "script:1: GetRequest: "
    script <<<'Sleep(duratin=1)'
    fails "SCRIPT bad argument" "script:1: Sleep: unknown argument 'duratin' of Sleep; did you mean 'duration'?"
    script <<<'Sleep(duration={1})'
    fails "SCRIPT script error" "script:1: TypeError: Sleep: a value of type set cannot leave a script"
}

@test "a script that is called is in Lua, and one in Python is refused" {
    script <<'PY'
assert RunScript(script="result = 'a' .. 'b'", language="lua").value == "ab"
try:
    RunScript(script="x = 1", language="python")
except CallError as e:
    assert (e.category, e.kind) == ("script", "bad argument")
    assert "a script that is called can only be in 'lua', found 'python'" in str(e)
else:
    assert False
PY
    succeeds
}

@test "100 sessions run scripts at once, each with names of its own" {
    HEAD="config: {base_url: '$TARGET_URL'}
sessions: {count: 100}"
    perform <<'YAML'
- activity: RunScript
  language: python
  script: |
    import time
    mine = session.id
    for i in range(3):
        r = session.browser.get("/echo", params={"me": mine})
        assert mine in r.text, r.text
        Sleep(duration=0.02)
        time.sleep(0.01)
    assert mine == session.id
  export: mine
- {activity: RunScript, language: python, script: 'assert mine == session.id'}
YAML
    succeeds
    prints "PASSED"
}

@test "a thread of a script's own cannot speak for the session, and does not keep the process" {
    script <<'PY'
import threading
said = []
def work():
    try:
        session.context.x = 1
    except RuntimeError as e:
        said.append(str(e))
thread = threading.Thread(target=work)
thread.start()
thread.join()
assert "only the thread of a script can do this" in said[0], said
def forever():
    while True:
        pass
threading.Thread(target=forever).start()
threading.Thread(target=threading.Event().wait).start()
PY
    succeeds
}
