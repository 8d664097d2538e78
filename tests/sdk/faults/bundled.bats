# stressor-plugin-check finds nothing in the plugins that come with stressor.

# fine FILE: no fault is told of it.
fine() {
    run "$STRESSOR_CHECK" --quick "$@"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" != *FAULT* ]]
}

plugins=$STRESSOR_BUILD/lib/stressor/plugins

@test "Sleep has no fault" {
    fine "$plugins/sleep.so"
}

@test "the debug plugin has no fault" {
    fine "$plugins/debug.so"
}

@test "the HTTP plugin has no fault" {
    fine --try '{activity: GetRequest, url: "http://127.0.0.1:1/"}' \
        --try '{activity: PostRequest, url: "http://[::1]:1/", json: {a: 1}}' "$plugins/http.so"
}

@test "scripts have no fault" {
    fine --try '{activity: RunScript, script: "x = 1"}' \
        --try '{activity: RunScript, script: "while true do end", name: endless}' \
        "$plugins/script.so"
}

@test "no other plugin of this build has a fault" {
    for file in "$plugins"/*.so; do
        case ${file##*/} in
        sleep.so | debug.so | http.so | script.so) ;;
        python.so) fine --with "$plugins/script.so" "$file" ;;
        *) fine "$file" ;;
        esac
    done
}
