# What stressor-plugin-check says of plugins that never end.

load helper

@test "never completing is told" { fault never_completes "completes" "within 5 s after cancel"; }
@test "holding up a worker is told" { fault hangs "hangs" "in start of Fault"; }

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
