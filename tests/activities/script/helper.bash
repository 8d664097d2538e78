# Loaded by the tests of scripts: a scenario that is one script.

load ../helper

# script [OPTION...]: runs the Lua from standard input as one RunScript. $ARGS may hold further
# arguments of it, one a line; $HEAD sections of the file.
script() {
    cat > "$BATS_TEST_TMPDIR/lua"
    {
        printf -- '- activity: RunScript\n'
        [ -z "${ARGS:-}" ] || sed 's/^/  /' <<<"$ARGS"
        printf '  script: |2\n'
        sed 's/^/    /' "$BATS_TEST_TMPDIR/lua"
    } > "$BATS_TEST_TMPDIR/activity"
    perform "$@" < "$BATS_TEST_TMPDIR/activity"
}
