# Loaded by the tests of scripts in Python: a scenario that is one script.

load "$STRESSOR_SOURCE/tests/activities/helper"

# script [OPTION...]: runs the Python from standard input as one RunScript. $ARGS may hold further
# arguments of it, one a line; $HEAD sections of the file.
script() {
    cat > "$BATS_TEST_TMPDIR/python"
    {
        printf -- '- activity: RunScript\n  language: python\n'
        [ -z "${ARGS:-}" ] || sed 's/^/  /' <<<"$ARGS"
        printf '  script: |2\n'
        sed 's/^/    /' "$BATS_TEST_TMPDIR/python"
    } > "$BATS_TEST_TMPDIR/activity"
    perform "$@" < "$BATS_TEST_TMPDIR/activity"
}
