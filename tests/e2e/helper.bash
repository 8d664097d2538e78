# Loaded by all tests of the program as a whole. ctest sets the variables; by hand:
#     STRESSOR=build/debug/bin/stressor STRESSOR_BUILD=build/debug STRESSOR_SOURCE=. bats FILE

bats_require_minimum_version 1.5.0

: "${STRESSOR:?path of the program}"
: "${STRESSOR_BUILD:?build folder}"
: "${STRESSOR_SOURCE:?source folder}"

# Nothing of the user's own may reach the tests.
unset STRESSOR_PLUGIN_PATH NO_COLOR
export XDG_DATA_HOME="$BATS_TEST_TMPDIR/data"
export LC_ALL=C.UTF-8
export TZ=UTC

# The program with its output in $output, its messages in $stderr, and its exit code in $status.
stressor() {
    run --separate-stderr "$STRESSOR" "$@"
}

# fails_with STATUS: else show what came.
fails_with() {
    if [ "$status" -ne "$1" ]; then
        printf 'exit code %s instead of %s\n%s\n%s\n' "$status" "$1" "$output" "$stderr" >&2
        return 1
    fi
}

succeeds() {
    fails_with 0
}

# says TEXT: TEXT is in the messages.
says() {
    if [[ "$stderr" != *"$1"* ]]; then
        printf '"%s" was not said, but:\n%s\n' "$1" "$stderr" >&2
        return 1
    fi
}

# prints TEXT: TEXT is in the output.
prints() {
    if [[ "$output" != *"$1"* ]]; then
        printf '"%s" was not printed, but:\n%s\n' "$1" "$output" >&2
        return 1
    fi
}

# scenario NAME: a file from standard input, in the test's own folder.
scenario() {
    cat > "$BATS_TEST_TMPDIR/$1"
}

# start ARGS...: the program in the background as $child, in the current folder, once it has said
# $AWAITED, or that it runs; other messages may come before that.
start() {
    rm -f messages
    mkfifo messages
    "$STRESSOR" "$@" > output 2> messages 3>&- &
    child=$!
    exec 7< messages
    await "${AWAITED:-running }"
}

# await TEXT: reads messages until one holds it.
await() {
    local line seen=
    while read -r -t 60 -u 7 line; do
        if [[ "$line" == *"$1"* ]]; then
            return 0
        fi
        seen+=$line$'\n'
    done
    printf '"%s" did not come, but:\n%s' "$1" "$seen" >&2
    return 1
}

# finish: waits for its end; its exit code is in $status, what it printed in $output.
finish() {
    status=0
    wait "$child" || status=$?
    child=
    output=$(cat output)
    stderr=
}

# end_child: for teardown, where a test may have failed before `finish`.
end_child() {
    if [ -n "${child:-}" ]; then
        kill -KILL "$child" 2> /dev/null || true
    fi
}
