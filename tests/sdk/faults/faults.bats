# What stressor-plugin-check says of plugins that do one thing wrong each; more in waiting.bats and
# hanging.bats.

load helper

@test "of a plugin that does nothing wrong no fault is told" {
    run "$STRESSOR_CHECK" "$STRESSOR_BUILD/tests/sdk/faults/none.so"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" != *FAULT* ]]
    [ "$(grep -c '^ok ' <<<"$output")" -ge 16 ]
}

@test "completing twice is told" { fault double_complete "complete once" "over already"; }
@test "completing inside start is told" { fault complete_in_start "not in start"; }
@test "being pending without a cancel is told" { fault no_cancel "cancel"; }
@test "writing after a cancel is told" { fault write_after_cancel "late use" "after a cancel"; }
@test "exporting more than the entry is told" { fault exports "exports" "fault_helper"; }
@test "a symbol that nobody defines is told" { fault unbound "symbols" "fault_nobody_defines_it"; }
@test "failing without a reason is told" { fault no_reason "results" "without saying why"; }
@test "a default that is not of its type is told" { fault bad_schema "descriptor" "'many'"; }
@test "ending the process is told" { fault exits "crashes" "code 0 in start of Fault"; }
@test "refusing to start without a word is told" { fault silent_init "life cycle" "init"; }
@test "a thread that is left is told" { fault thread_left "left behind" "threads"; }
@test "a descriptor that is left is told" { fault descriptor_left "left behind" "/dev/null"; }
@test "a timer that is left is told" { fault timer_left "left behind" "timers"; }
@test "a document that is lost is told" { fault bad_render "reports" "what it writes to fails"; }
@test "a macro that crashes is told with its argument" { fault crash_in_macro "crashes" 'value: "$careless('; }

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
