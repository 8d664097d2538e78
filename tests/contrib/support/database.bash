# Loaded by the tests of the plugins of databases: the servers, and scenarios in a few lines.

bats_require_minimum_version 1.5.0

load "$STRESSOR_SOURCE/tests/support/servers"
load "$STRESSOR_SOURCE/tests/support/databases"

# scenario_with SETTING: scenario.yaml in the current folder, with this one of config. Standard input
# is the list of the activities of `main`; more of config may stand in $config, other sections than
# that which runs `main` once in $sections.
scenario_with() {
    local plain='scenario: [{sequence: main}]'
    {
        echo "file_version: stressor#0"
        echo "config: {$1${config:+, $config}}"
        echo "${sections:-$plain}"
        echo "sequences:"
        echo "  main:"
        sed 's/^/    /'
    } >scenario.yaml
}

# perform EXIT-CODE [OPTION...]: runs it.
perform() {
    local expected=$1
    shift
    run timeout 100 "$STRESSOR" run scenario.yaml --no-color "$@"
    exited "$expected"
}

# perform_until COMMAND...: runs it in the background, and returns when the command is true. Sets pid.
perform_until() {
    "$STRESSOR" run scenario.yaml --no-color --max-time 100 >out 2>&1 3>&- &
    pid=$!
    until "$@"; do
        kill -0 "$pid" || return
    done
}

# performed EXIT-CODE: waits for it to end.
performed() {
    status=0
    wait "$pid" || status=$?
    output=$(<out)
    exited "$1"
}

exited() {
    [ "$status" -eq "$1" ] && return
    echo "expected $1, got $status: $output"
    return 1
}

# says TEXT: TEXT is in what it said.
says() {
    [[ $output == *"$1"* ]] && return
    echo "expected '$1' in: $output"
    return 1
}
