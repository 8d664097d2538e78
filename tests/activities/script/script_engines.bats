#!/usr/bin/env bats
# Languages that other plugins bring for RunScript.

load helper

setup() {
    engines upper
}

# engines NAME...: the test plugins that are installed besides.
engines() {
    local name
    mkdir -p -m 755 "$BATS_TEST_TMPDIR/more"
    chmod 755 "$BATS_TEST_TMPDIR"
    for name in "$@"; do
        cp "$STRESSOR_BUILD/tests/plugins/$name.so" "$BATS_TEST_TMPDIR/more"
        chmod 755 "$BATS_TEST_TMPDIR/more/$name.so"
    done
    export STRESSOR_PLUGIN_PATH=$BATS_TEST_TMPDIR/more
}

@test "an engine of another plugin runs scripts of its language, beside Lua" {
    echo 'result = "file"' > "$BATS_TEST_TMPDIR/a.lua"
    perform <<'YAML'
- {activity: RunScript, script: hello, language: upper, assert_match: '^HELLO$'}
- {activity: RunScript, path: some.up, assert_match: '^SOME.UP$'}
- {activity: RunScript, path: any.txt, language: upper, assert_match: '^ANY.TXT$'}
- {activity: RunScript, script: 'result = "hello"', assert_match: '^hello$'}
- {activity: RunScript, path: a.lua, assert_match: '^file$'}
YAML
    succeeds
}

@test "config.script_language is what scripts are in that do not say" {
    echo 'result = "file"' > "$BATS_TEST_TMPDIR/a.lua"
    HEAD='config: {script_language: upper}'
    perform <<'YAML'
- {activity: RunScript, script: hello, assert_match: '^HELLO$'}
- {activity: RunScript, path: any.txt, assert_match: '^ANY.TXT$'}
- {activity: RunScript, script: 'result = "hello"', language: lua, assert_match: '^hello$'}
- {activity: RunScript, path: a.lua, assert_match: '^file$'}
YAML
    succeeds
}

@test "its mistakes are told at the argument" {
    perform <<<"- {activity: RunScript, script: '1', language: upper}"
    fails_with 2
    says "scenario.yaml:6:37: error: argument 'script' of RunScript: a script begins with a letter"
}

@test "a language that nobody runs is told with those that there are" {
    perform <<<"- {activity: RunScript, script: a, language: uper}"
    fails_with 2
    says "scenario.yaml:6:50: error: no plugin runs RunScript for the language 'uper' (there are 'upper', 'python', 'lua'); did you mean 'upper'?"
    perform <<<"- {activity: RunScript, script: a, language: cobol}"
    fails_with 2
    says "for the language 'cobol' (there are 'upper', 'python', 'lua')"
}

# with_only NAME...: the program finds these of its own plugins and no others, as they are beside
# the library that it loads.
with_only() {
    local folder=$BATS_TEST_TMPDIR/own name
    mkdir -p -m 755 "$folder/stressor/plugins"
    cp -L "$STRESSOR_BUILD/lib/libstressor.so.1" "$folder"
    for name in "$@"; do
        cp "$STRESSOR_BUILD/lib/stressor/plugins/$name.so" "$folder/stressor/plugins"
    done
    chmod -R go-w "$folder"
    export LD_LIBRARY_PATH=$folder
    unset STRESSOR_PLUGIN_PATH
}

@test "without its plugin Python is a language that nobody runs" {
    with_only script
    perform <<<"- {activity: RunScript, script: 'result = _VERSION', assert_match: ^Lua}"
    succeeds
    perform <<<"- {activity: RunScript, script: x = 1, language: python}"
    fails_with 2
    says "scenario.yaml:6:54: error: no plugin runs RunScript for the language 'python' (there are 'lua')"
    perform <<<"- {activity: RunScript, path: a.py}"
    fails_with 2
    says "no plugin runs Python scripts"
    HEAD='config: {script_language: python}'
    perform <<<"- {activity: RunScript, script: x = 1}"
    fails_with 2
    says "no plugin runs RunScript for the language 'python'"
}

@test "a script that is called is in Lua, and one that asks for another language is refused" {
    perform <<'YAML'
- activity: RunScript
  script: |
    assert(RunScript{script = "result = 7 // 2", language = "lua"}.value == 3)
    for _, language in ipairs{"python", "upper", "cobol", "LUA", "lua\0"} do
      local r, err = RunScript{script = "result = 1", language = language}
      assert(r == nil and err.category == "script" and err.kind == "bad argument", language)
      assert(err.text:find("argument 'language': a script that is called can only be in 'lua', found '", 1, true))
    end
    assert(RunScript{script = "x = 1", language = "python"})
YAML
    fails "SCRIPT bad argument" "RunScript: argument 'language': a script that is called can only be in 'lua', found 'python'"
}

@test "a script that is called does not become Lua where config says that scripts are not" {
    HEAD='config: {script_language: upper}'
    perform <<'YAML'
- activity: RunScript
  language: lua
  script: |
    assert(RunScript{script = "result = 5", language = "lua"}.value == 5)
    assert(RunScript{script = "result = 5"})
YAML
    fails "SCRIPT bad argument" "RunScript: config.script_language: a script that is called can only be in 'lua' (the argument 'language' can say so), found 'upper'"
    HEAD='config: {script_language: lua}'
    perform <<<"- {activity: RunScript, script: 'assert(RunScript{script = \"result = 5\"}.value == 5)'}"
    succeeds
}

@test "of two plugins with one language, or one extension, the first is used, and the other told" {
    engines upper upper_again
    perform <<'YAML'
- {activity: RunScript, script: hello, language: upper, assert_match: '^HELLO$'}
- {activity: RunScript, path: some.up, assert_match: '^SOME.UP$'}
- {activity: RunScript, script: hello, language: up}
YAML
    succeeds
    says "WARNING script language 'upper' of plugin upper-again ($BATS_TEST_TMPDIR/more/upper_again.so) is hidden by that of plugin upper ($BATS_TEST_TMPDIR/more/upper.so)"
    says "WARNING script extension '.up' of plugin upper-again"
}
