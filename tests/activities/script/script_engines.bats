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
    says "scenario.yaml:6:50: error: no plugin runs RunScript for the language 'uper' (there are 'upper', 'lua'); did you mean 'upper'?"
    perform <<<"- {activity: RunScript, script: a, language: cobol}"
    fails_with 2
    says "for the language 'cobol' (there are 'upper', 'lua')"
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
