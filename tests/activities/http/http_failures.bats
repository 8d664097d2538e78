#!/usr/bin/env bats
# Targets that answer badly or not at all, and a machine that cannot go on.

load ../helper

setup_file() {
    load ../helper
    start_raw
}

teardown_file() {
    stop_servers
}

teardown() {
    end_child
}

setup() {
    HEAD="config: {base_url: '$RAW_URL', max_body_size: 3000000}"
}

# answers PATH KIND TEXT: a request to PATH ends in that failure.
answers() {
    perform <<<"- {activity: GetRequest, url: $1, assert_match: x, timeout: 20}"
    fails "$2" "$3"
    says "GET $RAW_URL$1"
}

@test "answers that are not HTTP are the target's fault, each in its own words" {
    answers /garbage "TARGET malformed" "HTTP/0.9"
    answers /bad-version "TARGET malformed" "Unsupported HTTP version"
    answers /bad-length "TARGET malformed" "Invalid Content-Length"
    answers /bad-chunk "TARGET malformed" "chunked-encoding"
    answers /bad-gzip "TARGET malformed" "the body is not compressed as its Content-Encoding says"
    answers /wrong-gzip "TARGET malformed" "the body is not compressed as its Content-Encoding says"
    answers /unasked-coding "TARGET malformed" "the Content-Encoding is none that was asked for"
}

@test "an answer that goes on with a header of no header is malformed, also after a good one" {
    perform <<'END'
- {activity: GetRequest, url: /ok}
- {activity: GetRequest, url: /folded-first}
- {activity: GetRequest, url: /ok}
- {activity: GetRequest, url: /folded-first}
END
    fails "TARGET malformed" "a space before its name"
    prints "FAILED: 2 errors in 4 activities"
}

@test "answers that end early are told from those that are wrong" {
    answers /short-body "TARGET short body" "90 bytes remaining"
    answers /cut-chunk "TARGET short body" "outstanding read data"
    answers /cut-gzip "TARGET short body" "the compressed body ends early"
    answers /cut-gzip-trailer "TARGET short body" "the compressed body ends early"
    answers /cut-deflate "TARGET short body" "the compressed body ends early"
}

@test "compressed answers that are whole are decoded, in one piece or byte by byte" {
    perform <<'YAML'
- {activity: GetRequest, url: /many-gzips, assert_json: {ok: true, id: 42}}
- {activity: GetRequest, url: /zlib-deflate, assert_json: {ok: true, id: 42}}
- {activity: GetRequest, url: /bare-deflate, assert_json: {ok: true, id: 42}}
- {activity: GetRequest, url: /identity, assert_json: {ok: true, id: 42}}
- {activity: GetRequest, url: /empty-gzip, assert_match: '\A\Z'}
- {activity: HeadRequest, url: /empty-gzip}
- {activity: GetRequest, url: /cut-gzip}
- {activity: GetRequest, url: /ok, assert_json: {ok: true, id: 42}}
- {activity: GetRequest, url: /zlib-deflate, headers: {Accept-Encoding: 'gzip, br'}, assert_json: {ok: true, id: 42}}
- {activity: GetRequest, url: /cut-gzip, headers: {Accept-Encoding: gzip}}
- {activity: GetRequest, url: /zlib-deflate, headers: {Accept-Encoding: null}, assert_json: {ok: true, id: 42}}
YAML
    fails_with 1
    prints "2 errors in 11 activities"
    says "the compressed body ends early, from GET $RAW_URL/cut-gzip [TARGET short body]"
}

@test "headers have a ceiling, in all and in one line" {
    answers /endless-head "TARGET headers too large" "at most 262144 bytes in 1000 lines"
    answers /huge-header "TARGET headers too large" "at most 262144 bytes"
    answers /endless-1xx "TARGET headers too large" "at most 262144 bytes"
}

@test "bodies have a ceiling, counted after decompression" {
    answers /endless-chunks "TARGET body too large" "at most 3000000 bytes"
    answers /gzip-bomb "TARGET body too large" "at most 3000000 bytes"
}

@test "a session goes on after each of them" {
    perform <<'YAML'
- {activity: GetRequest, url: /bad-chunk}
- {activity: GetRequest, url: /ok, assert_json: {id: 42}}
- {activity: GetRequest, url: /short-body}
- {activity: GetRequest, url: /ok, assert_json: {id: 42}}
- {activity: GetRequest, url: /gzip-bomb}
- {activity: GetRequest, url: /ok, assert_json: {id: 42}}
YAML
    fails_with 1
    prints "3 errors in 6 activities"
}

@test "a time-out bounds the whole request and fires on time" {
    HEAD="config: {base_url: '$RAW_URL', request_timeout: 300ms}"
    perform <<'YAML'
- {activity: GetRequest, url: /slow}
- {activity: GetRequest, url: /slow-head}
- {activity: GetRequest, url: /slow, timeout: 0.2, assert_max_time: 0.25}
- {activity: GetRequest, url: /ok}
YAML
    fails "TIMEOUT timeout" "expected the whole answer within 0.3 s, from GET $RAW_URL/slow"
    says "expected the whole answer within 0.2 s"
    [[ "$stderr" != *assert_max_time* ]]
    prints "3 errors in 4 activities"
}

@test "a refused connection is the target's fault" {
    local port
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    HEAD="config: {base_url: 'http://127.0.0.1:$port'}"
    perform <<<"- {activity: GetRequest, url: /}"
    fails "TARGET connect" "Failed to connect to 127.0.0.1 port $port"
}

@test "an unknown host is told as such" {
    HEAD="config: {base_url: 'http://nowhere.invalid'}"
    perform <<<"- {activity: GetRequest, url: /}"
    fails "TARGET resolve" "Could not resolve host: nowhere.invalid"
}

@test "a machine out of descriptors is never the target's fault" {
    local url taken told
    perform --dry-run <<<"- {activity: GetRequest, url: /ok}"
    for url in "$RAW_URL" "http://localhost.localdomain.invalid"; do
        told=0
        for taken in {40..58}; do
            run --separate-stderr bash -c 'ulimit -n 64
                for i in $(seq "$1"); do exec {fd}</dev/null || exit 99; done 2>/dev/null
                exec "$2" run "$3" -q -o "base_url:$4"' \
                sh "$taken" "$STRESSOR" "$BATS_TEST_TMPDIR/scenario.yaml" "$url"
            [ "$status" -ne 99 ] || break
            [[ "$stderr" != *"[GENERATOR descriptors]"* ]] || told=$((told + 1))
            [[ "$stderr" != *"[TARGET"* || "$stderr" == *"resolve]"* && "$told" -eq 0 ]]
        done
        [ "$told" -gt 1 ]
    done
}

@test "a machine out of local ports is not the target's fault" {
    unshare -rn true 2>/dev/null || skip "no network namespaces here"
    HEAD="config: {base_url: 'http://127.0.0.1:9'}"
    perform --dry-run <<<"- {activity: GetRequest, url: /}"
    run --separate-stderr unshare -rn sh -c '
        ip link set lo up
        echo "40000 40001" >/proc/sys/net/ipv4/ip_local_port_range
        exec /usr/bin/python3 - "$@"' sh "$STRESSOR" "$BATS_TEST_TMPDIR/scenario.yaml" <<'PY'
import socket, subprocess, sys
taken = []
server = socket.create_server(("127.0.0.1", 9), backlog=100)
for port in (40000, 40001):
    s = socket.socket()
    s.bind(("127.0.0.1", port))
    s.connect(("127.0.0.1", 9))
    taken.append(s)
sys.exit(subprocess.run([sys.argv[1], "run", sys.argv[2]]).returncode)
PY
    fails "GENERATOR local ports" "this machine is out of local ports for that server; let connections "
}

@test "a stop cancels a request that is under way" {
    local to
    to=$(printf ' 0100007F:%04X 01 ' "$RAW_PORT")
    HEAD="config: {base_url: '$RAW_URL'}
sessions: {count: 5}"
    perform --dry-run <<<"- {activity: GetRequest, url: /slow}"
    cd "$BATS_TEST_TMPDIR"
    start run scenario.yaml
    until [ "$(grep -c "$to" /proc/net/tcp)" -eq 5 ]; do
        kill -0 "$child"
        sleep 0.01
    done
    kill -INT "$child"
    finish
    [ "$status" -eq 3 ]
    [[ "$output" =~ cancelled\ +5\ by\ the\ stop ]]
    [[ "$(cat <&7)" != *INTERNAL* ]]
}
