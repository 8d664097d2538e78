# Loaded by the tests of activities: the helpers of the tests of the program, and a scenario in a
# few lines.

load "$STRESSOR_SOURCE/tests/e2e/helper"
load "$STRESSOR_SOURCE/tests/support/servers"

# perform [OPTION...]: runs one sequence, the list of activities from standard input, once. $HEAD
# may hold sections of the file, such as "sessions: {count: 5}".
perform() {
    {
        printf 'file_version: stressor#0\n%s\n' "$HEAD"
        printf 'scenario: [{sequence: main}]\nsequences:\n  main:\n'
        sed 's/^/    /'
    } > "$BATS_TEST_TMPDIR/scenario.yaml"
    stressor run "$BATS_TEST_TMPDIR/scenario.yaml" "$@"
}

# fails KIND TEXT: the run failed with an error of that category and kind, and said the text.
fails() {
    fails_with 1
    says "[$1]"
    says "$2"
}

# hides TEXT...: none of them is in anything that was written.
hides() {
    local text
    for text in "$@"; do
        if [[ "$output$stderr" == *"$text"* ]]; then
            printf '"%s" shows in:\n%s\n%s\n' "$text" "$output" "$stderr" >&2
            return 1
        fi
    done
}
