#!/usr/bin/env bats
# Scripts in Python: their variables, results and errors.

load helper

@test "language, path and config.script_language ask for Python" {
    echo 'result = "file " + __name__' > "$BATS_TEST_TMPDIR/some.py"
    perform <<'YAML'
- {activity: RunScript, script: 'result = "in" + "line"', language: python, assert_match: '^inline$'}
- {activity: RunScript, path: some.py, assert_match: '^file script$'}
- {activity: RunScript, script: 'result = "lua" .. 1', assert_match: '^lua1$'}
YAML
    succeeds
    HEAD='config: {script_language: python}' perform <<<"- {activity: RunScript, script: 'result = f\"{1 + 1}\"', assert_match: '^2$'}"
    succeeds
}

@test "modules written in C are found, those of the library and beside the scenario too" {
    echo 'def answer(): return 42' > "$BATS_TEST_TMPDIR/besides.py"
    script <<'PY'
import math, json, ssl, _decimal, sqlite3, ctypes, decimal
import besides
assert math.sqrt(4) == 2 and json.loads("[1]") == [1] and besides.answer() == 42
assert decimal.Decimal("0.1") + decimal.Decimal("0.2") == decimal.Decimal("0.3")
PY
    succeeds
    [ ! -e "$BATS_TEST_TMPDIR/__pycache__" ]
}

@test "variables of the context can be read anywhere in a script, and are hidden by its own" {
    HEAD='context: {greeting: hello, id: 7, items: [1, {a: null}], n: 1.5, yes_no: true, session: s, result: r}'
    script <<'PY'
class A:
    x = greeting + "!"
    def f(self):
        return [greeting for _ in items]
assert A.x == "hello!" and A().f() == ["hello", "hello"]
assert id == 7 and items == [1, {"a": None}] and n == 1.5 and yes_no is True
assert session.context["session"] == "s" and session.context.result == "r"
assert "greeting" in session.context and session.context.get("nothing", 3) == 3
assert type(len) and max(1, 2) == 2
greeting = "mine"
assert greeting == "mine" and session.context["greeting"] == "hello"
try:
    nothing
except NameError as e:
    assert "'nothing'" in str(e)
else:
    assert False
try:
    result
except NameError:
    pass
else:
    assert False
PY
    succeeds
}

@test "what a script sets is gone when it ends, but for what it exports" {
    perform <<'YAML'
- {activity: RunScript, language: python, export: [a, b], script: "a = 1\nb = {'x': [1, 2.5, None, True, 'text', (1, 2)]}\nc = 3"}
- activity: RunScript
  language: python
  script: |
    assert a == 1 and b == {"x": [1, 2.5, None, True, "text", [1, 2]]}
    try:
        c
    except NameError:
        result = "gone"
  assert_match: '^gone$'
YAML
    succeeds
    ARGS='export: c' script <<<'d = 1'
    fails "SCRIPT script error" "script: export 'c': the script did not set it"
}

@test "lists of the context are copies; exported or assigned they are kept" {
    HEAD='context: {items: [1]}'
    perform <<'YAML'
- {activity: RunScript, language: python, script: 'items.append(2)'}
- {activity: RunScript, language: python, script: 'assert items == [1]', export: null}
- {activity: RunScript, language: python, script: 'items.append(2)', export: items}
- {activity: RunScript, language: python, script: "assert items == [1, 2]\nsession.context.items = []\nassert items == []\nsession.context['more'] = 5"}
- {activity: RunScript, language: python, script: 'assert items == [] and more == 5'}
YAML
    succeeds
}

@test "what is not exported is noted once" {
    HEAD='sessions: {count: 5}'
    script <<'PY'
import json
def f(): pass
a = b = 1
PY
    succeeds
    says "script: these variables of the script are not exported: a, b (\`export: [NAME, ...]\` keeps them"
    [ "$(grep -c "not exported" <<<"$stderr")" -eq 1 ]
    ARGS='export: null' script <<<'a = 1'
    succeeds
    [[ "$stderr" != *"not exported"* ]]
}

@test "what cannot leave a script is told with the variable" {
    ARGS='export: x' script <<<'x = {1, 2}'
    fails "SCRIPT script error" "script: export 'x': a value of type set cannot leave a script"
    script <<<'result = [float("nan")]'
    fails "SCRIPT script error" "script: variable 'result': a number is not finite"
    script <<<'result = 2 ** 64'
    fails "SCRIPT script error" "variable 'result': an integer does not fit into 64 bits"
    script <<<'result = {1: 2}'
    fails "SCRIPT script error" "variable 'result': the keys of a dict have to be texts"
    script <<'PY'
result = []
result.append(result)
PY
    fails "SCRIPT script error" "maximum recursion depth exceeded"
}

@test "texts that are no UTF-8 go through unharmed" {
    script <<'PY'
session.context.raw = b"a\xff\x00b"
assert session.context.raw == "a\udcff\x00b"
session.context.again = session.context.raw
assert session.context.again.encode("utf-8", "surrogateescape") == b"a\xff\x00b"
result = "ä€😀"
PY
    succeeds
}

@test "a syntax error is told before anything runs, with the script's line" {
    script <<'PY'
a = 1
if a
    b
PY
    fails_with 2
    says "scenario.yaml:8:15: error: argument 'script' of RunScript: script:2: expected ':'"
    printf 'x = (\n' > "$BATS_TEST_TMPDIR/bad.py"
    perform <<<"- {activity: RunScript, path: bad.py}"
    fails_with 2
    says "argument 'path' of RunScript: bad.py:1: '(' was never closed"
    perform <<<"- {activity: RunScript, path: none.py}"
    fails_with 2
    says "cannot open the file 'none.py': No such file or directory"
    perform <<<"- {activity: RunScript, path: ../none.py}"
    fails_with 2
    says "the file '../none.py' has to be in the scenario's folder or below"
    perform <<<"- {activity: RunScript, language: python, script: \"a\\0b\"}"
    fails_with 2
    says "script: source code string cannot contain null bytes"
}

@test "an error names the line of the script and the place in the scenario" {
    script <<'PY'
def f(d):
    return d["x"]
f({})
PY
    fails "SCRIPT script error" "scenario.yaml:6:7): script:2: KeyError: no key 'x'"
    printf 'def f():\n    raise ValueError("deep")\n' > "$BATS_TEST_TMPDIR/helper_module.py"
    printf '\nimport helper_module\nhelper_module.f()\n' > "$BATS_TEST_TMPDIR/file.py"
    perform <<<"- {activity: RunScript, path: file.py}"
    fails "SCRIPT script error" "file.py:3: ValueError: deep (in $BATS_TEST_TMPDIR/helper_module.py:2)"
    script <<<'assert 1 == 2, "one is not two"'
    fails "ASSERTION script assertion" "script:1: AssertionError: one is not two"
    script <<<'import json; json.loads("{")'
    fails "SCRIPT script error" "script:1: JSONDecodeError: Expecting property name"
    script <<<'def f(): f()
f()'
    fails "SCRIPT script error" "script:1: RecursionError: maximum recursion depth exceeded"
}

@test "a script may exit early" {
    script <<'PY'
import sys
result = "early"
sys.exit()
result = "late"
PY
    succeeds
    script <<<'exit("bad")'
    fails "SCRIPT script error" "script: the script exited with bad"
}

@test "what a script prints and logs goes to the log" {
    script <<'PY'
import logging, sys
print("one", 2, end="")
print("\nthree")
sys.stderr.write("four\nfive")
session.log("six")
session.log("warning", "seven")
session.log(1, 8)
logging.error("nine %d", 9)
logging.getLogger("x").info("ten")
logging.debug("no")
PY
    succeeds
    for line in "INFO t01 one 2" "INFO t01 three" "WARNING t01 four" "WARNING t01 five" \
        "INFO t01 six" "WARNING t01 seven" "ERROR t01 8" "ERROR t01 nine 9" "INFO t01 ten"; do
        says "$line"
    done
    [[ "$stderr" != *"t01 no"* && "$output" != *one* ]]
}

@test "a script knows its session" {
    HEAD='sessions: {count: 2, users: [{name: ann, password: p, role: boss}]}' script <<'PY'
assert session.id in ("t01", "t02") and session.number in (1, 2) and session.dry_run is False
assert session.user.name == "ann" and session.user["role"] == "boss"
try:
    session.user.nothing
except AttributeError as e:
    assert "no 'nothing'" in str(e)
PY
    succeeds
}

@test "chance repeats with the seed" {
    local first
    ARGS="assert_match: '(?!)'" script --seed 5 <<<'result = str(session.random.randint(1, 10**9))'
    first=$(grep -o "not found in '[0-9]*'" <<<"$stderr" | head -1)
    [ -n "$first" ]
    ARGS="assert_match: '(?!)'" script --seed 5 <<<'result = str(session.random.randint(1, 10**9))'
    [ "$first" = "$(grep -o "not found in '[0-9]*'" <<<"$stderr" | head -1)" ]
}

@test "a secret that a script reads is masked where it says it, and stays one" {
    HEAD='sessions: {users: [{name: ann, password: hush-hush}]}'
    script <<'PY'
print("it is " + session.user.password)
import logging
logging.warning(session.user.password * 2)
raise ValueError("not " + session.user.password)
PY
    fails "SCRIPT script error" "script:4: ValueError: not ***"
    says "it is ***"
    says "WARNING t01 ******"
    hides hush-hush
    perform <<'YAML'
- {activity: RunScript, language: python, export: kept, script: 'kept = {"x": ["<" + user["password"] + ">"]}'}
- {activity: RunScript, language: python, script: 'result = kept["x"][0]', assert_match: nothing}
YAML
    fails_with 1
    hides hush-hush
}

@test "in a dry run scripts run, and what they call is mocked" {
    script --dry-run <<'PY'
assert session.dry_run is True
assert session.browser.get("http://127.0.0.1:1/").text == "dummy_result"
PY
    succeeds
}

@test "a stressor that only lists its plugins does not start Python" {
    # The leak checker cannot work where somebody traces.
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 \
        strace -f -e trace=openat -o "$BATS_TEST_TMPDIR/trace" "$STRESSOR" plugin list > "$BATS_TEST_TMPDIR/list" 2>&1
    grep -q python "$BATS_TEST_TMPDIR/list"
    ! grep -q 'encodings' "$BATS_TEST_TMPDIR/trace"
}
