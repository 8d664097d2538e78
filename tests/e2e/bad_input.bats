#!/usr/bin/env bats
# Scenarios and plugins that are wrong, as the command line tells of them: exit code 2, nothing run.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    chmod 755 .
    unset XDG_DATA_HOME
    export HOME="$BATS_TEST_TMPDIR"
}

teardown() {
    chmod -R u+rwX "$BATS_TEST_TMPDIR"
}

# refused LINE...: the scenario s.yaml is, with these lines and no other messages.
refused() {
    stressor run s.yaml
    refused_with "$@"
}

refused_with() {
    local expected
    fails_with 2
    [ -z "$output" ]
    expected=$(printf '%s\n' "$@")
    if [ "$stderr" != "$expected" ]; then
        diff <(echo "$expected") <(echo "$stderr") >&2
        return 1
    fi
}

# A plugin that the build made for tests, in the folder `more`.
plugin() {
    mkdir -p -m 755 more
    cp "$STRESSOR_BUILD/tests/plugins/$1.so" "more/$2"
    chmod 755 "more/$2"
}

@test "every mistake is told in one go, and nothing is run" {
    scenario s.yaml <<'YAML'
file_version: stressor#0
sesions: {count: 3}
config: {max_errors: many}
sessions:
  count: 0
  cuont: 3
scenario:
  - sequence: mian
  - {sequence: main, repeat: often}
sequences:
  main:
    - activity: $sleep(0)
      name: does not run
    - activity: Slep
    - activity: Sleep
    - activity: Sleep
      duartion: 1
    - activity: $sleep(
    - activity: $sleep(1, 2, 3)
    - activity: GetRequest
      url: 12
      assert_match: '(abc'
  more: $load(../more.yaml)
YAML
    local nearest="$BATS_TEST_TMPDIR/.local/share/stressor/plugins"
    local bundled="$STRESSOR_BUILD/lib/stressor/plugins"
    refused \
        "s.yaml:2:1: error: unknown section 'sesions'; did you mean 'sessions'?" \
        "s.yaml:3:22: error: key 'max_errors' of section 'config': expected an integer, found text 'many'" \
        "s.yaml:5:10: error: key 'count' of section 'sessions': expected an integer from 1 to 10000000, found the integer 0" \
        "s.yaml:6:3: warning: unknown key 'cuont' of section 'sessions' is ignored; did you mean 'count'?" \
        "s.yaml:8:15: error: unknown sequence 'mian'; did you mean 'main'?" \
        "s.yaml:9:30: error: key 'repeat' of section 'scenario': expected an integer, found text 'often'" \
        "s.yaml:14:17: error: unknown activity type 'Slep'; did you mean 'Sleep'? (plugins are looked for in $nearest, $bundled)" \
        "s.yaml:15:7: error: missing argument 'duration' of Sleep (duration): how long to pause" \
        "s.yaml:16:7: error: missing argument 'duration' of Sleep (duration): how long to pause" \
        "s.yaml:17:7: error: unknown argument 'duartion' of Sleep; did you mean 'duration'?" \
        "s.yaml:18:17: error: missing ')' in '\$sleep('" \
        "s.yaml:19:17: error: \$sleep(duration, duration_2) takes at most 2 arguments, found 3" \
        "s.yaml:21:12: error: argument 'url' of GetRequest: expected text, found the integer 12; put it in quotes if it is text" \
        "s.yaml:22:21: error: argument 'assert_match' of GetRequest: expected a regular expression, found text '(abc'; missing closing parenthesis at character 4" \
        "s.yaml:23:9: error: cannot load '../more.yaml': it leaves the scenario's folder" \
        "14 errors in s.yaml, nothing was run"
}

@test "another file version is refused naming both" {
    scenario s.yaml <<< 'file_version: stressor#7'
    refused \
        "s.yaml:1:15: error: key 'file_version': this stressor reads 'stressor#0', the file is of version 'stressor#7'" \
        "1 error in s.yaml, nothing was run"
}

@test "broken YAML is told with its place" {
    printf 'file_version: stressor#0\nconfig:\n\tname: a\n' > s.yaml
    refused \
        "s.yaml:3:1: error: not valid YAML: found character that cannot start any token, while scanning for the next token; it is a tab: indent with spaces" \
        "1 error in s.yaml, nothing was run"
    printf 'file_version: stressor#0\nsequences: {main: [\n' > s.yaml
    refused \
        "s.yaml:3:1: error: not valid YAML: did not find expected node content, while parsing a flow node; the '[' at 2:19 is not closed" \
        "1 error in s.yaml, nothing was run"
}

@test "YAML bombs are refused at once" {
    { printf 'a: '; head -c 1000000 /dev/zero | tr '\0' '['; } > s.yaml
    refused "s.yaml:1:67: error: nested deeper than 64 levels" \
        "1 error in s.yaml, nothing was run"
    {
        echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
        for i in 1 2 3 4 5 6 7 8 9; do
            echo "a$i: &a$i [$(printf "*a$((i - 1)), %.0s" 1 2 3 4 5 6 7 8 9 10)]"
        done
    } > s.yaml
    stressor run s.yaml
    fails_with 2
    says "s.yaml:7:"
    says "error: the file is too large here: more than 2000000 nodes, aliases written out"
}

@test "a macro that a comma cuts off inside brackets is told to be quoted" {
    local hint="; inside { } and [ ] a value that holds a comma must be quoted"
    scenario s.yaml <<'YAML'
file_version: stressor#0
context: {a: [$env(A, b)]}
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: $sleep(1, 2)}
    - activity: $sleep(1
    - {activity: "$sleep(1"}
    - {activity: "$sleep(0, 1)"}
YAML
    refused "s.yaml:2:15: error: \$env has no closing parenthesis$hint" \
        "s.yaml:6:18: error: missing ')' in '\$sleep(1'$hint" \
        "s.yaml:7:17: error: missing ')' in '\$sleep(1'" \
        "s.yaml:8:18: error: missing ')' in '\$sleep(1'" \
        "4 errors in s.yaml, nothing was run"
}

@test "more mistakes than are told one by one are counted all the same" {
    local extra
    for extra in 1 57; do
        {
            printf 'file_version: stressor#0\nscenario: [{sequence: main}]\nsequences:\n  main:\n'
            printf -- '    - activity: Nothing%s\n' $(seq $((200 + extra)))
        } > s.yaml
        stressor run s.yaml
        fails_with 2
        says "error: and $extra more error"
        [ "${stderr##*$'\n'}" = "$((200 + extra)) errors in s.yaml, nothing was run" ]
    done
}

@test "a scenario that is not there, a folder without one, an empty file, a binary one" {
    stressor run none
    refused_with "none: error: there is no such scenario: neither 'none' nor 'none.yaml'" \
        "1 error in none, nothing was run"
    mkdir folder
    stressor run folder
    fails_with 2
    says "folder: error: this folder holds no scenario.yaml"
    : > s.yaml
    stressor run s
    fails_with 2
    says "s.yaml:1:1: error: the file is empty"
    printf 'a: \xff\n' > s.yaml
    refused "s.yaml:1:4: error: byte 0xff is not UTF-8" "1 error in s.yaml, nothing was run"
}

@test "files that load each other are told with the way" {
    scenario s.yaml <<< 'config: $load(a.yaml)'
    echo '{x: $load(b.yaml)}' > a.yaml
    echo '[$load(a.yaml)]' > b.yaml
    stressor run s.yaml
    fails_with 2
    says "b.yaml:1:2: error: files that load each other: a.yaml loads b.yaml loads a.yaml"
}

@test "a link out of the folder is not loaded" {
    scenario s.yaml <<< 'config: $load(a.yaml)'
    ln -s /etc/hostname a.yaml
    stressor run s.yaml
    fails_with 2
    says "s.yaml:1:9: error: cannot load 'a.yaml': it leaves the scenario's folder"
}

@test "mistakes of -o are told as those of the file" {
    printf 'file_version: stressor#0\nscenario: [{sequence: a}]\nsequences: {a: []}\n' > s.yaml
    stressor run s.yaml -o max_errors:many -o verbose:9
    refused_with \
        "-o max_errors:many: error: key 'max_errors' of section 'config': expected an integer, found text 'many'" \
        "-o verbose:9: error: key 'verbose' of section 'config': expected an integer from 0 to 5, found the integer 9" \
        "2 errors in s.yaml, nothing was run"
    stressor run s.yaml -o nonsense
    fails_with 2
    says 'not "nonsense"'
    stressor run s.yaml -o tag:2024 -o name:1.50
    succeeds
    prints "1.50"
}

@test "a password is in no message" {
    cat > s.yaml <<'YAML'
file_version: stressor#0
sessions: {users: {name: a, password: canary-1}}
context: [{password: canary-2}]
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: GetRequest, url: /, auth: [a, canary-3, b]}
    - {activity: GetRequest, url: /, auth: {a: canary-4}}
YAML
    stressor run s.yaml
    fails_with 2
    says "***"
    [[ "$stderr$output" != *canary* ]]
}

@test "plugins that are no plugins are refused by name with the reason" {
    plugin undefined undefined.so
    plugin other_major other_major.so
    plugin newer_minor newer_minor.so
    plugin no_entry no_entry.so
    plugin good loose.so
    chmod 666 more/loose.so
    echo "no library" > more/text.so
    chmod 644 more/text.so
    stressor plugin list --verbose --plugin-path more
    succeeds
    prints ", 6 refused"
    local more
    more=$(realpath more)
    prints "refused: $more/loose.so: it is writable by everybody (mode 0666)"
    prints "refused: $more/newer_minor.so: it needs ABI minor 7, this stressor has 1"
    prints "refused: $more/no_entry.so: it has no entry stressor_plugin_v1: it is not a plugin of stressor"
    prints "refused: $more/other_major.so: it is made for plugin ABI 2, this stressor has 1"
    prints "refused: $more/text.so: it is not an ELF file"
    prints "refused: $more/undefined.so: it cannot be loaded: undefined symbol: nobody_defines_this"
}

@test "a folder that everybody may write to is not searched" {
    plugin good good.so
    chmod 777 more
    stressor plugin list --verbose --plugin-path more
    succeeds
    [[ "$output" != *"from       $(realpath more)"* ]]
    prints "writable by everybody"
}

@test "planted plugins and libtool archives in the current folder are not loaded" {
    plugin good good.so
    cp more/good.so sleep.so
    cp more/good.so good.so
    for name in good sleep http; do
        printf "dlname='good.so'\nlibrary_names='good.so'\nold_library=''\ninstalled=yes\nlibdir='%s'\n" \
            "$PWD" > "$name.la"
    done
    scenario s.yaml <<'YAML'
file_version: stressor#0
scenario: [{sequence: main}]
sequences: {main: [{activity: Hello}]}
YAML
    stressor plugin list --verbose
    succeeds
    [[ "$output" != *"good "* && "$output" != *"$PWD/good"* && "$output" != *"$PWD/sleep"* ]]
    prints "sleep "
    stressor run s.yaml
    fails_with 2
    says "s.yaml:3:31: error: unknown activity type 'Hello': no plugin offers it"
    stressor run s.yaml --plugin-path more
    succeeds
}
