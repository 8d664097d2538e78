#!/usr/bin/env bats
# Scripts in Python that do not end by themselves.

load helper

teardown() {
    end_child
}

@test "an endless script is ended, and only it" {
    HEAD='config: {script_timeout: 0.2}
sessions: {count: 3}'
    perform <<'YAML'
- activity: RunScript
  language: python
  script: |
    n = session.number
    while n == 2: pass
- {activity: RunScript, language: python, script: 'result = "fine"', assert_match: fine}
YAML
    fails "SCRIPT script timeout" "script:2: expected the script to compute for at most 0.2 s at a time (config.script_timeout)"
    prints "FAILED: 1 error in 6 activities"
}

@test "an endless script is ended whatever it catches" {
    HEAD='config: {script_timeout: 0.1}'
    script <<'PY'
def swallow():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
        finally:
            continue
while True:
    try:
        swallow()
    except:
        pass
PY
    fails "SCRIPT script timeout" "script:"
    script <<'PY'
class Deaf:
    def __exit__(self, *a):
        return True
    def __enter__(self):
        pass
while True:
    with Deaf():
        while True:
            pass
PY
    fails "SCRIPT script timeout" "script:"
}

@test "waiting is not computing" {
    HEAD='config: {script_timeout: 0.1}'
    script <<'PY'
import time
time.sleep(0.3)
Sleep(duration=0.3)
result = "rested"
PY
    succeeds
}

@test "after a script was ended the session goes on" {
    HEAD='config: {script_timeout: 0.1}'
    perform <<'YAML'
- {activity: RunScript, language: python, script: 'while True: pass'}
- {activity: RunScript, language: python, script: "x = 0\nfor i in range(100000): x += i\nresult = x", assert_match: '^4999950000$'}
YAML
    fails_with 1
    prints "FAILED: 1 error in 2 activities"
}

# Python's library is shared by all scripts: what one holds of it, it has to give back.

@test "a script that is ended while it imports keeps no other from importing" {
    HEAD='config: {script_timeout: 0.2}
sessions: {count: 3}'
    cat > "$BATS_TEST_TMPDIR/once.py" <<'PY'
import sys
if not hasattr(sys, "begun"):
    sys.begun = True
    while True: pass
PY
    perform <<'YAML'
- {activity: RunScript, language: python, script: 'import once'}
- {activity: RunScript, language: python, script: 'import once; result = "fine"', assert_match: fine}
YAML
    fails "SCRIPT script timeout" "script:1: expected the script to compute for at most 0.2 s"
    prints "FAILED: 1 error in 6 activities"
}

@test "a script that is ended while it logs keeps no other from logging" {
    HEAD='config: {script_timeout: 0.2}
sessions: {count: 3}'
    cat > "$BATS_TEST_TMPDIR/slow.py" <<'PY'
import logging
class Slow(logging.Handler):
    begun = False
    def emit(self, record):
        if not Slow.begun:
            Slow.begun = True
            while True: pass
logging.getLogger().addHandler(Slow())
PY
    perform <<'YAML'
- {activity: RunScript, language: python, script: 'import slow, logging; logging.info("one")'}
- {activity: RunScript, language: python, script: 'import logging; logging.info("two")'}
YAML
    fails "SCRIPT script timeout" "script:1: expected the script to compute for at most 0.2 s"
    prints "FAILED: 1 error in 6 activities"
}

@test "a script that is long in Python's library is ended there" {
    HEAD='config: {script_timeout: 0.1}'
    script <<'PY'
import heapq
heapq.nsmallest(2, iter(int, 1))
PY
    fails "SCRIPT script timeout" "script:"
}

@test "a script that imports again and again is ended" {
    HEAD='config: {script_timeout: 0.1}'
    script <<'PY'
while True:
    try:
        import nosuchmodule
    except ImportError:
        pass
PY
    fails "SCRIPT script timeout" "script:"
    script <<'PY'
import importlib, keyword
while True:
    importlib.reload(keyword)
PY
    fails "SCRIPT script timeout" "script:"
}

@test "library code that catches whatever it is called with does not keep a script alive" {
    HEAD='config: {script_timeout: 0.1}'
    script <<'PY'
import asyncio
loop = asyncio.new_event_loop()
def tick():
    for n in range(10000000):
        pass
    loop.call_soon(tick)
loop.call_soon(tick)
loop.run_forever()
PY
    fails "SCRIPT script timeout" "script:"
}

# Finalizers run in any thread that makes an object.
@test "finalizers that take long stand in nobody's way" {
    HEAD='config: {script_timeout: 0.3}
sessions: {count: 2}'
    script <<'PY'
import gc, time
class Slow:
    def __init__(self):
        self.me = self
    def __del__(self):
        for n in range(20000000):
            pass
if session.number == 2:
    time.sleep(0.2)
    until = time.monotonic() + 0.4
    while time.monotonic() < until:
        pass
else:
    time.sleep(0.1)
    gc.disable()
    Slow()
    keep = [[] for i in range(2000)]
    gc.enable()
    while True:
        pass
PY
    fails "SCRIPT script timeout" "script:"
}

# stopped SCRIPT: runs it in three sessions until one says `begun`, and stops the run: others may
# have begun, or be about to.
stopped() {
    cd "$BATS_TEST_TMPDIR"
    {
        printf 'file_version: stressor#0\nsessions: {count: 3}\nscenario: [{sequence: main}]\n'
        printf 'config: {script_timeout: 1000}\n'
        printf 'sequences:\n  main:\n    - activity: RunScript\n      language: python\n'
        printf '      script: |2\n'
        sed 's/^/        /' <<<"$1"
        printf '  end:\n    - {activity: RunScript, language: python, script: "print(1)"}\n'
    } > s.yaml
    AWAITED="begun" start run s.yaml
    kill -INT "$child"
    finish
    fails_with 3
}

@test "a stop ends a script that computes" {
    stopped 'print("begun")
while True:
    try:
        while True: pass
    except BaseException:
        pass'
}

@test "a stop ends a script that sleeps" {
    stopped 'import time
print("begun")
time.sleep(1000)'
}

@test "a stop ends a script that waits for a call" {
    stopped 'print("begun")
try:
    Sleep(duration=1000)
finally:
    Sleep(duration=1000)'
}

@test "a stop ends scripts that import, one after the other" {
    cat > "$BATS_TEST_TMPDIR/slow.py" <<'PY'
print("begun")
while True: pass
PY
    stopped 'import slow'
    ! grep -F "put aside" <<<"$output"
}

@test "signals stay stressor's: Ctrl-C stops the run, and SIGPIPE is no matter of Python's" {
    stopped 'import signal, time
print("begun")
try:
    signal.signal(signal.SIGINT, lambda *a: None)
except ValueError:
    pass
time.sleep(1000)'
}

# A regex holds Python's lock and looks at nothing: all scripts stand still.
@test "a script that nothing can end does not keep the process from ending" {
    stopped 'import re
print("begun")
re.match(r"(a+)+$", "a" * 60 + "b")'
    await "did not end the activity within 5 s of the stop; the session is put aside"
}
