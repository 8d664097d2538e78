#!/usr/bin/env bats
# PollRequest: one URL until the answer is right.

load ../helper
load more

setup() {
    start_origin
    HEAD="config: {base_url: '$ORIGIN_URL'}"
}

teardown() {
    end_child
    stop_servers
}

# asked JQ: a field of what the server was asked for.
asked() {
    curl -sS --noproxy '*' "$ORIGIN_URL/asked" | jq -r "$1"
}

@test "it asks until the status is right" {
    perform <<'YAML'
- {activity: PollRequest, url: /after/3, interval: 10ms, assert_json: {asked: 4}}
- {activity: PollRequest, url: /after/3, interval: 10s}
YAML
    succeeds
    prints "2 activities"
    [ "$(asked '."/after/3"')" = 5 ]
}

@test "it asks until JSON, HTML, headers, or the common assertions are right, and stores what came" {
    perform <<'YAML'
- {activity: PollRequest, url: /states/1, interval: 10ms, assert_json: {state: done}}
- {activity: PollRequest, url: /states/2, interval: 10ms, assert_match: '"done"', store_json: {asked: asked}}
- {activity: PollRequest, url: /states/3, interval: 10ms, store_json: {asked: asked}}
- {activity: GetRequest, url: /states/$(asked), assert_status: 200}
- {activity: PollRequest, url: /after/1, interval: 10ms, assert_status: 200, assert_match_headers: .*json, timeout: 20}
YAML
    succeeds
    [ "$(asked '[."/states/1", ."/states/2", ."/states/3", ."/states/4", ."/after/1"] | join(" ")')" = "2 3 4 1 2" ]
}

@test "it gives up after max_polls and says what the last answer was" {
    perform <<'YAML'
- {activity: PollRequest, url: /after/100, interval: 5ms, max_polls: 4}
- {activity: PollRequest, url: /states/100, interval: 5ms, max_polls: 3, assert_match: done}
YAML
    fails "ASSERTION status" "expected an answer that is right, after 4 polls in "
    says "the last: expected status below 400, got 503 from GET $ORIGIN_URL/after/100"
    says "after 3 polls in "
    says "pattern 'done' not found in"
    says "[ASSERTION assert_match]"
    prints "2 errors in 2 activities"
    [ "$(asked '."/after/100"')/$(asked '."/states/100"')" = 4/3 ]
}

@test "it gives up when its time is over, waiting or asking, and says the last answer that came" {
    perform <<'YAML'
- {activity: PollRequest, url: /after/100, interval: 10s, timeout: 300ms, assert_max_time: 0.6}
- {activity: PollRequest, url: /silent/5, interval: 10ms, timeout: 300ms, assert_max_time: 0.6}
YAML
    fails "TIMEOUT timeout" "expected an answer that is right in time, after 1 poll in 0.3"
    says "the last: expected status below 400, got 503 from GET $ORIGIN_URL/after/100"
    # What is left of its time when it asks.
    [[ "$stderr" =~ "the last: expected the whole answer within 0."(3|2[0-9]*)" s, from GET $ORIGIN_URL/silent/5" ]]
    [[ "$stderr" != *assert_max_time* ]]
}

@test "config.request_timeout bounds each request, and the next may be answered" {
    HEAD="config: {base_url: '$ORIGIN_URL', request_timeout: 200ms}"
    perform <<'YAML'
- {activity: PollRequest, url: /silent/2, interval: 10ms, timeout: 20, assert_json: {asked: 3}}
YAML
    succeeds
}

@test "the interval lies between the starts of two requests" {
    perform <<'YAML'
- {activity: PollRequest, url: /after/4, interval: 150ms}
YAML
    succeeds
    [ "$(asked '.times | length')" -eq 4 ]
    [ "$(asked '.times | add >= 0.3')" = true ]
}

@test "a server that is not there yet is waited for" {
    local port
    port=$(free_port)
    perform --dry-run <<YAML
- {activity: PollRequest, url: 'http://127.0.0.1:$port/', interval: 20ms, timeout: 30}
YAML
    cd "$BATS_TEST_TMPDIR"
    start run scenario.yaml
    servers_spawn "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err" \
        /usr/bin/python3 -m http.server --bind 127.0.0.1 "$port"
    finish
    [ "$status" -eq 0 ]
    perform <<YAML
- {activity: PollRequest, url: 'http://127.0.0.1:1/', interval: 1ms, max_polls: 3}
YAML
    fails "TARGET connect" "after 3 polls in"
}

@test "what the scenario got wrong ends it at once" {
    HEAD+=$'\ncontext: {bad: "ftp://x"}'
    perform <<'YAML'
- {activity: PollRequest, url: $(bad), interval: 10s, timeout: 30, assert_max_time: 5}
- {activity: PollRequest, url: /states/0, interval: 10s, timeout: 30, assert_html: {"count(1)": true}}
YAML
    fails_with 2
    says "XPath 'count(1)'"
    perform <<'YAML'
- {activity: PollRequest, url: $(bad), interval: 10s, timeout: 30, assert_max_time: 5}
- {activity: PollRequest, url: /, headers: {"a b": 1}}
YAML
    fails_with 2
    says "argument 'headers' of PollRequest: 'a b' cannot be the name of a header"
    perform <<'YAML'
- {activity: PollRequest, url: $(bad), interval: 10s, timeout: 30, assert_max_time: 5}
YAML
    fails "SCRIPT url" "the URL 'ftp://x'"
    perform <<'YAML'
- {activity: PollRequest, url: /, interval: -1}
- {activity: PollRequest, url: /, max_polls: 0}
- {activity: PollRequest, interval: 1}
- {activity: PollRequest, url: /, method: POST}
YAML
    fails_with 2
    says "argument 'interval' of PollRequest"
    says "argument 'max_polls' of PollRequest"
    says "'url'"
    says "'method'"
}

@test "a stop ends it while it waits and while it asks" {
    local url
    HEAD+=$'\nsessions: {count: 3}'
    for url in /after/1000 /silent/1000; do
        perform --dry-run <<<"- {activity: PollRequest, url: $url, interval: 1h}"
        cd "$BATS_TEST_TMPDIR"
        rm -f messages
        start run scenario.yaml
        until [ "$(asked ".\"$url\"")" = 3 ]; do
            kill -0 "$child"
            sleep 0.01
        done
        kill -INT "$child"
        finish
        [ "$status" -eq 3 ]
        [[ "$output" == *"cancelled"*"3 by the stop"* ]]
        [[ "$(cat <&7)" != *INTERNAL* ]]
    done
}

@test "many sessions poll at once" {
    HEAD+=$'\nsessions: {count: 50}'
    perform <<'YAML'
- {activity: PollRequest, url: /after/300, interval: 5ms, timeout: 60}
YAML
    succeeds
}

@test "a dry run asks nobody" {
    perform --dry-run <<<"- {activity: PollRequest, url: /after/3}"
    succeeds
    [ "$(asked '."/after/3"')" = null ]
}
