# Loaded by the tests of stressor-plugin-check.

bats_require_minimum_version 1.5.0

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

# looked NAME WORDS: what the last check says of a check.
looked() {
    grep -qE "^(ok  |-   )   $1  +$2" <<<"$output"
}
