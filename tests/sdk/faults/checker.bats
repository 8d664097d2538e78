# What stressor-plugin-check looks at and what not, and how it is called.

load helper

@test "what a plugin has none of is not tried, which is no fault" {
    run "$STRESSOR_CHECK" --quick "$STRESSOR_BUILD/tests/sdk/faults/none.so"
    [ "$status" -eq 0 ]
    looked 'complete once' 'of [1-9][0-9]* executions'
    looked macros 'not tried: no macros'
    looked reports 'not tried: no reports'
    run "$STRESSOR_CHECK" --quick "$STRESSOR_BUILD/lib/stressor/plugins/reports.so"
    [ "$status" -eq 0 ]
    for check in results 'complete once' 'not in start' 'right thread' completes cancel 'late use'; do
        looked "$check" 'not tried: no activities$'
    done
    looked reports '[1-9][0-9]* written and rendered'
    looked 'life cycle' 'from init'
}

@test "a plugin that offers nothing is no fault, but said" {
    run "$STRESSOR_CHECK" --quick "$STRESSOR_BUILD/tests/sdk/faults/offers_nothing.so"
    [ "$status" -eq 0 ]
    [[ "$output" == *"note   it offers nothing: no activity types, "* ]]
}

@test "what a crash while loading hides is not called fine" {
    fault crash_on_load crashes "Aborted in loading it"
    looked file 'a shared object'
    looked exports 'only stressor_plugin_v1'
    for check in symbols 'load time' descriptor 'life cycle'; do
        looked "$check" 'not looked at'
    done
}

@test "macros are run, with what they need and more" {
    run "$STRESSOR_CHECK" --quick "$STRESSOR_BUILD/lib/stressor/plugins/sleep.so"
    [ "$status" -eq 0 ]
    looked macros 'in [1-9][0-9]* runs'
}

@test "a script engine runs beside the plugin that declares its type" {
    run "$STRESSOR_CHECK" --quick "$STRESSOR_BUILD/tests/plugins/upper.so"
    [ "$status" -eq 0 ]
    looked 'complete once' 'not tried: none of its activities ran'
    [[ "$output" == *"RunScript for upper was not run, as another plugin declares it; say its file with --with"* ]]
    run "$STRESSOR_CHECK" --quick --with "$STRESSOR_BUILD/lib/stressor/plugins/script.so" \
        "$STRESSOR_BUILD/tests/plugins/upper.so"
    echo "$output"
    [ "$status" -eq 0 ]
    looked 'complete once' 'of [1-9][0-9]* executions'
    run "$STRESSOR_CHECK" --quick --with "$BATS_TEST_TMPDIR/none.so" "$STRESSOR_BUILD/tests/plugins/upper.so"
    [ "$status" -eq 2 ]
}

@test "a crash is told with the argument that led to it, and comes again with the same seed" {
    fault crash_on_argument "crashes" "in start of Fault"
    [[ "$output" =~ "count: -"[0-9] ]]
    local first=$output
    run "$STRESSOR_CHECK" --seed 1 --activity Fault "$STRESSOR_BUILD/tests/sdk/faults/crash_on_argument.so"
    [ "$(grep ^FAULT <<<"$output")" = "$(grep ^FAULT <<<"$first")" ]
}

@test "an activity that the author gives is tried" {
    run "$STRESSOR_CHECK" --quick --try '{activity: Fault, count: -3}' \
        "$STRESSOR_BUILD/tests/sdk/faults/crash_on_argument.so"
    [ "$status" -eq 1 ]
    [[ "$output" == *"{activity: Fault, count: -3}"* ]]
}

@test "a long argument is shortened in what is told" {
    local long
    long=$(printf 'x%.0s' {1..998})
    run "$STRESSOR_CHECK" --quick --try "{activity: Fault, name: \"$long\", count: -3}" \
        "$STRESSOR_BUILD/tests/sdk/faults/crash_on_argument.so"
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"x... (1000 bytes), count: -3}"* ]]
}

@test "what is no plugin is told" {
    echo text >"$BATS_TEST_TMPDIR/text.so"
    run "$STRESSOR_CHECK" "$BATS_TEST_TMPDIR/text.so"
    [ "$status" -eq 1 ]
    [[ "$output" == "FAULT  file "*"not an ELF file"* ]]
    local whole=$STRESSOR_BUILD/tests/sdk/faults/none.so size
    size=$(stat -c %s "$whole")
    for length in 3000 $((size / 2)) $((size - 1)); do
        head -c "$length" "$whole" >"$BATS_TEST_TMPDIR/cut.so"
        run "$STRESSOR_CHECK" "$BATS_TEST_TMPDIR/cut.so"
        [ "$status" -eq 1 ]
        [[ "$output" == "FAULT  file "*"it is cut off: "* ]]
        [ "$(grep -c ^FAULT <<<"$output")" -eq 1 ]
    done
}

# wrong WORDS ARGUMENT...: they are wrong usage, told in one line and where to read more.
wrong() {
    local words=$1
    shift
    run --separate-stderr "$STRESSOR_CHECK" "$@"
    echo "$stderr"
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    [[ "$stderr" == "stressor-plugin-check: $words"* ]]
    [[ "$stderr" == *$'\nSee "stressor-plugin-check --help".' ]]
    [ "$(wc -l <<<"$stderr")" -eq 2 ]
}

@test "wrong usage is told" {
    local none=$STRESSOR_BUILD/tests/sdk/faults/none.so seed tries=()
    wrong "expected one FILE.so, found 0"
    wrong "expected one FILE.so, found 2" "$none" "$none"
    wrong "there is no file '$BATS_TEST_TMPDIR/nothing.so'" "$BATS_TEST_TMPDIR/nothing.so"
    wrong "there is no file 'nowhere.so'" --with nowhere.so "$none"
    for seed in x -1 18446744073709551616; do
        wrong "'$seed' is no seed: a number" --seed "$seed" "$none"
    done
    for _ in {1..200}; do
        tries+=(--try '{activity: Fault}')
    done
    wrong "at most " "${tries[@]}" "$none"
    wrong "unrecognized option '--quik'" --quik "$none"
    run --separate-stderr "$STRESSOR_CHECK" --help
    [ "$status" -eq 0 ]
    [[ "$output" == "Usage: "* ]]
    [ -z "$stderr" ]
}

@test "a type that the plugin has not got is wrong usage, and so is an activity that does not compile" {
    local none=$STRESSOR_BUILD/tests/sdk/faults/none.so
    wrong "the plugin has no activity type 'Nobody'" --activity Nobody "$none"
    wrong "--try '{activity: Nobody}' does not compile: " --try '{activity: Nobody}' "$none"
    [[ "$stderr" == *"unknown activity type 'Nobody'"* ]]
    wrong "--try '{activity: Fault, nothing: 1}' does not compile: " \
        --try '{activity: Fault}' --try '{activity: Fault, nothing: 1}' --quick "$none"
}
