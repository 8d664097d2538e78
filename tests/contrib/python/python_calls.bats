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

@test "session.browser takes the arguments of requests that can be taken" {
    script <<'PY'
import json
def query(r):
    return r.json()["query"]

b = session.browser
assert query(b.get("/echo", {"q": 1})) == query(b.get("/echo", params={"q": 1})) != ""
assert b.head("/echo", {"q": 1}).ok and b.delete("/echo", {"q": 1}).ok
for send in b.post, b.put, b.patch:
    assert send("/echo", {"a": 1}).json()["body"] == "a=1"
    assert send("/echo", "text").json()["body"] == "text"
    assert json.loads(send("/echo", None, {"a": 1}).json()["body"]) == {"a": 1}
    assert send("/echo", json=None).json()["body"] == ""
assert session.post("/echo", {"a": 2}).json()["body"] == "a=2"
sent = b.request("PUT", "/echo", {"q": 2}, "text", {"X-Mine": "1"}).json()
assert sent["method"] == "PUT" and sent["body"] == "text"
assert "1" in [v for k, v in sent["headers"] if k.lower() == "x-mine"]
assert b.get("/json", cookies=None, files={}, stream=False, allow_redirects=True, proxies=None).ok
assert b.get("/json", timeout=(30, 30)).ok and b.get("/json", timeout=(30, None)).ok
try:
    b.get("/delay/30s", timeout=(0.01, 0.02))
except CallError as e:
    assert e.kind == "timeout" and "0.03" in e.text, e.text
else:
    assert False
PY
    succeeds
}

@test "what of requests cannot be had is told with what to use" {
    script <<'PY'
b = session.browser
def told(error, text, f, *arguments, **named):
    try:
        f(*arguments, **named)
    except error as e:
        assert text in str(e), e
    else:
        assert False, text

told(TypeError, "get() takes no 'cookies': the session keeps its own; headers=", b.get, "/json",
     cookies={"a": "1"})
told(TypeError, "post() takes no 'files': multipart=", b.post, "/echo", files={"f": b"x"})
told(TypeError, "get() takes no 'allow_redirects=False': redirects are always followed", b.get,
     "/json", allow_redirects=False)
told(TypeError, "request() takes no 'stream=True': an answer is always read whole", b.request,
     "GET", "/json", stream=True)
told(TypeError, "get() takes no 'proxies': proxy=", session.get, "/json", proxies={"http": "x"})
told(TypeError, "get() takes no 'cert': client_cert=", b.get, "/json", cert=("a", "b"))
told(TypeError, "get() takes from 2 to 3 positional arguments", b.get, "/json", {}, {})
r = b.get("/json")
told(AttributeError, "no 'history': r.info['redirects']", lambda: r.history)
told(AttributeError, "no 'cookies': the session keeps them", lambda: r.cookies)
told(AttributeError, "no 'iter_lines': the whole answer", lambda: r.iter_lines())
told(AttributeError, "a response has no 'nothing'", lambda: r.nothing)
told(AttributeError, "session.browser has no 'cookies': the session keeps them", lambda: b.cookies)
told(AttributeError, "session.browser has no 'nothing'", lambda: b.nothing)
told(AttributeError, "session.browser has no 'verify'", setattr, b, "verify", False)
told(AttributeError, "no 'auth': auth=(NAME, PASSWORD)", setattr, b, "auth", ("a", "b"))
told(AttributeError, "encoding of a response cannot be set", setattr, r, "encoding", "utf-8")
assert not hasattr(r, "cookies") and hasattr(r, "reason")
PY
    succeeds
}

@test "a response has reason, encoding and elapsed as requests has them" {
    script <<'PY'
r = session.browser.get("/json")
assert (r.status_code, r.reason) == (200, "OK")
assert abs(r.elapsed.total_seconds() - r.info["phases"]["total"] / 1e9) < 2e-6, r.elapsed
assert session.browser.get("/status/404").reason == "Not Found"
assert session.browser.get("/status/299").reason is None
assert Sleep(duration=0).reason is None and Sleep(duration=0).encoding is None
r.headers = type(r.headers)({"content-type": "text/html; Charset=\"ISO-8859-1\""})
assert r.encoding == "ISO-8859-1"
r.headers = type(r.headers)({"content-type": "text/html"})
assert r.encoding is None
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
