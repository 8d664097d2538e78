#!/usr/bin/env bats
# The examples of docs/scripts.md run as they stand.

load helper

setup_file() {
    load ../helper
    start_target
}

teardown_file() {
    stop_servers
}

# examples LANGUAGE: writes each block of docs/scripts.md to example-N.LANGUAGE, and counts them.
examples() {
    awk -v language="$1" -v folder="$BATS_TEST_TMPDIR" '
        $0 == "```" language { n++; inside = 1; file = folder "/example-" n "." language; next }
        $0 == "```" { inside = 0 }
        inside { print > file }
        END { print n + 0 }' "$STRESSOR_SOURCE/docs/scripts.md"
}

@test "each list of activities in the reference runs without an error" {
    HEAD="config: {base_url: '$TARGET_URL'}"
    count=$(examples yaml)
    [ "$count" -eq 8 ]
    for n in $(seq "$count"); do
        perform < "$BATS_TEST_TMPDIR/example-$n.yaml"
        succeeds || { echo "example $n"; return 1; }
    done
}

@test "each script in the reference runs without an error" {
    count=$(examples lua)
    [ "$count" -eq 1 ]
    script < "$BATS_TEST_TMPDIR/example-1.lua"
    succeeds
}

@test "the reference names every function that there is" {
    script <<'LUA'
local names = {}
for _, t in ipairs{"json", "regex", "time", "random"} do
    for name in pairs(_ENV[t]) do names[#names + 1] = t .. "." .. name end
end
print(table.concat(names, " "))
LUA
    succeeds
    for name in $(sed -n 's/.*INFO t01 //p' <<<"$stderr"); do
        grep -qF "\`$name" "$STRESSOR_SOURCE/docs/scripts.md" || { echo "$name"; return 1; }
    done
}
