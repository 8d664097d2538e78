# What stressor-plugin-check says of plugins that do one thing wrong each.

# fault NAME CHECK [WORDS]: of the plugin NAME one fault is told, by the check, with the words in it.
fault() {
    run "$STRESSOR_CHECK" "$STRESSOR_BUILD/tests/sdk/faults/$1.so"
    echo "$output"
    [ "$status" -eq 1 ]
    local faults
    faults=$(grep ^FAULT <<<"$output")
    [ "$(wc -l <<<"$faults")" -eq 1 ]
    [[ "$faults" == "FAULT  $2 "* ]]
    [[ "$faults" == *"${3:-}"* ]]
}

# What stands between a plugin and the allocator is not there with sanitizers.
need_allocator() {
    [ -z "$STRESSOR_SANITIZE" ] || skip "built with sanitizers"
}

@test "of a plugin that does nothing wrong no fault is told" {
    run "$STRESSOR_CHECK" "$STRESSOR_BUILD/tests/sdk/faults/none.so"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" != *FAULT* ]]
    [ "$(grep -c '^ok ' <<<"$output")" -ge 16 ]
}

@test "completing twice is told" { fault double_complete "complete once" "over already"; }
@test "completing inside start is told" { fault complete_in_start "not in start"; }
@test "never completing is told" { fault never_completes "completes" "within 5 s after cancel"; }
@test "completing only when cancelled is told" {
    fault only_cancelled "completes" "only a cancel ever ended it"
}
@test "being pending without a cancel is told" { fault no_cancel "cancel"; }
@test "writing after a cancel is told" { fault write_after_cancel "late use" "after a cancel"; }
@test "exporting more than the entry is told" { fault exports "exports" "fault_helper"; }
@test "a symbol that nobody defines is told" { fault unbound "symbols" "fault_nobody_defines_it"; }
@test "failing without a reason is told" { fault no_reason "results" "without saying why"; }
@test "a default that is not of its type is told" { fault bad_schema "descriptor" "'many'"; }
@test "ending the process is told" { fault exits "crashes" "code 0 in start of Fault"; }
@test "holding up a worker is told" { fault hangs "hangs" "in start of Fault"; }
@test "taking long to load is told" { fault slow_load "load time"; }
@test "refusing to start without a word is told" { fault silent_init "life cycle" "init"; }
@test "a thread that is left is told" { fault thread_left "left behind" "threads"; }
@test "a descriptor that is left is told" { fault descriptor_left "left behind" "/dev/null"; }
@test "a timer that is left is told" { fault timer_left "left behind" "timers"; }

@test "a document that is lost is told" { fault bad_render "reports" "what it writes to fails"; }
@test "a macro that crashes is told with its argument" { fault crash_in_macro "crashes" 'value: "$careless('; }

# looked NAME WORDS: what the last check says of a check.
looked() {
    grep -qE "^(ok  |-   )   $1  +$2" <<<"$output"
}

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

@test "of what waits for others, and never ended, an activity that can is asked for" {
    run "$STRESSOR_CHECK" --quick "$STRESSOR_BUILD/tests/sdk/faults/awaits.so"
    echo "$output"
    [ "$status" -eq 0 ]
    looked completes 'nothing ended of its own accord: say an activity that can with --try'
    run "$STRESSOR_CHECK" --quick --try '{activity: Fault, word: go}' \
        "$STRESSOR_BUILD/tests/sdk/faults/awaits.so"
    echo "$output"
    [ "$status" -eq 0 ]
    looked completes 'whatever was pending did'
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

@test "completing on a thread of its own is told" {
    # The thread sanitizer tells of it, too, and that there is nothing wrong with.
    [[ "${STRESSOR_SANITIZE:-}" != *thread* ]] || skip "built with the thread sanitizer"
    fault wrong_thread "right thread"
}

@test "memory that is left is told" {
    need_allocator
    fault leak "leaks" "100 bytes"
}

@test "memory that is used without looking whether it is there is told" {
    need_allocator
    fault unchecked_memory "no memory" "malloc at +0x"
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
    head -c 3000 "$STRESSOR_BUILD/tests/sdk/faults/none.so" >"$BATS_TEST_TMPDIR/cut.so"
    run "$STRESSOR_CHECK" "$BATS_TEST_TMPDIR/cut.so"
    [ "$status" -eq 1 ]
}

@test "wrong usage is told" {
    run "$STRESSOR_CHECK"
    [ "$status" -eq 2 ]
    run "$STRESSOR_CHECK" "$BATS_TEST_TMPDIR/nothing.so"
    [ "$status" -eq 2 ]
    run "$STRESSOR_CHECK" --seed x "$STRESSOR_BUILD/tests/sdk/faults/none.so"
    [ "$status" -eq 2 ]
    run "$STRESSOR_CHECK" --help
    [ "$status" -eq 0 ]
    [[ "$output" == "Usage: "* ]]
}

@test "a type that the plugin has not got is told" {
    run "$STRESSOR_CHECK" --activity Nobody "$STRESSOR_BUILD/tests/sdk/faults/none.so"
    [ "$status" -eq 1 ]
    [[ "$output" == *"no activity type of this name"* ]]
}
