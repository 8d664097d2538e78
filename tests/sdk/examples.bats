# The example plugins, built outside of the tree as their readers would, run their scenarios.

setup_file() {
    load helper
    install_and_move
    local cc cxx name
    local warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-declarations -Werror'
    while read -r -u 4 cc cxx; do
        for name in hello alloc cpp macro reporter; do
            configure "$BATS_FILE_TMPDIR/$cc/$name" "$STRESSOR_SOURCE/examples/plugins/$name" "$cc" "$cxx" \
                -DCMAKE_C_FLAGS="$warnings $(sanitizers)" -DCMAKE_CXX_FLAGS="$warnings $(sanitizers)"
            cmake --build "$BATS_FILE_TMPDIR/$cc/$name"
        done
    done 4< <(compilers) >"$BATS_FILE_TMPDIR/built"
}

setup() {
    load helper
    cd "$BATS_TEST_TMPDIR"
}

# with_each NAME FUNCTION: calls it for the plugin as each compiler made it, its folder in $plugin.
with_each() {
    local cc cxx
    example=$STRESSOR_SOURCE/examples/plugins/$1
    while read -r -u 4 cc cxx; do
        plugin=$BATS_FILE_TMPDIR/$cc/$1
        "$2"
    done 4< <(compilers)
}

# try ACTIVITIES [ARGUMENT]...: a scenario of these, with the plugin.
try() {
    local activities=$1
    shift
    printf '%s\n' 'file_version: stressor#0' 'sessions: {users: [{name: ann, password: autumn}]}' \
        'scenario: [{sequence: main}]' "sequences: {main: [$activities]}" >try.yaml
    installed run --plugin-path "$plugin" try.yaml "$@"
}

@test "there is no example without a test" {
    local name
    for name in "$STRESSOR_SOURCE"/examples/plugins/*/; do
        grep -q "^    with_each $(basename "$name") " "$BATS_TEST_FILENAME"
    done
}

# In the schema that is made with the plugin its scenario is fine, and a wrong one is not.
admitted() {
    "$tree/bin/stressor" schema --plugin-path "$plugin" >schema.json
    /usr/bin/python3 "$STRESSOR_SOURCE/tests/support/admits.py" schema.json "$example/scenario.yaml"
    sed 's/^\( *\)- activity: .*/&\n\1  no_such_argument: 1/' "$example/scenario.yaml" >wrong.yaml
    run /usr/bin/python3 "$STRESSOR_SOURCE/tests/support/admits.py" schema.json wrong.yaml
    [ "$status" -eq 1 ]
    [[ "$output" == *wrong.yaml:* ]]
}

@test "the schema that is made with a plugin admits its scenario" {
    local name
    for name in hello alloc cpp macro reporter; do
        with_each "$name" admitted
    done
}

hello() {
    installed run --plugin-path "$plugin" "$example"
    succeeds
    prints 'PASSED: 2 activities, no errors'
    try '{activity: Hello, who: Bob, assert_match: Hello, assert_max_time: 5, debug: true}'
    succeeds
    says 'Hello, Bob'
    try '{activity: Hello, who: $(user.password), debug: true}'
    succeeds
    [[ $output$stderr != *autumn* ]]
    try '{activity: Hello, who: 5}'
    fails_with 2
    says "argument 'who' of Hello"
}

@test "hello greets, and keeps a secret" {
    with_each hello hello
}

alloc() {
    installed run --plugin-path "$plugin" "$example" --report json=out.json
    succeeds
    # 4 sessions, 5 times 1 MB and 0.5 MB each.
    [ "$(jq '.metrics[] | select(.name == "alloc.bytes").value' out.json)" = 30000000 ]
    [ "$(jq '[.. | .memory_max_bytes? // empty] | max' out.json)" -gt 30000000 ]
    try '{activity: PsAlloc, allocate_mb: 1}, {activity: PsAlloc, allocate_mb: 0.5, assert_match: ^1500000$},
        {activity: PsAlloc, allocate_mb: 0.25, per_session: true, assert_match: ^250000$}'
    succeeds
    try '{activity: PsAlloc, allocate_mb: 5000}'
    fails_with 2
    says 'from 0 to 1024'
}

@test "alloc takes memory of the run and of the session, and counts it" {
    with_each alloc alloc
}

cpp() {
    installed run --plugin-path "$plugin" "$example"
    succeeds
    prints 'PASSED: 2 activities, no errors'
    try '{activity: CountWords, text: "", assert_match: "^[{][}]$"}'
    succeeds
    try '{activity: CountWords}'
    fails_with 2
    says "'text'"
}

@test "cpp counts words" {
    with_each cpp cpp
}

macro() {
    installed run --plugin-path "$plugin" "$example"
    succeeds
    prints 'PASSED: 10 activities, no errors'
    try '$wait(0)'
    fails_with 2
    try '{activity: $wait(0)}'
    succeeds
    try '{activity: Sleep, duration: $dice(0)}'
    fails_with 1
    says 'the sides of $dice are a whole number from 1 to 1000000'
    try '{activity: Sleep, duration: $dice(9, 9)}'
    fails_with 2
    says 'dice'
    try '{activity: Sleep, duration: 0, mock_result: $today(no)}'
    fails_with 2
    says 'the days of $today are a whole number'
}

@test "macro throws dice, tells dates and waits" {
    with_each macro macro
}

reporter() {
    installed run --plugin-path "$plugin" "$example" --report markdown
    succeeds
    grep -q '^# reporter$' results.md
    grep -q '^20 activities in 0\.[0-9]* s, 0 errors\.$' results.md
    grep -qE '^\| short \\\| pause \| 20 \| 0 \| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \|$' results.md
    installed run --plugin-path "$plugin" "$example" --report markdown=nowhere/x.md
    fails_with 1
    says "cannot write 'nowhere/x.md'"
}

@test "reporter writes a table in Markdown" {
    with_each reporter reporter
}
