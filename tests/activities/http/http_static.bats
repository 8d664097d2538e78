#!/usr/bin/env bats
# StaticRequests: several URLs, some at once.

load ../helper
load more

setup() {
    start_nginx
    HEAD="config: {base_url: '$NGINX_URL'}"
    local i
    for i in 1 2 3 4 5 6 7 8; do echo "image $i" >"$NGINX_DIR/www/$i.png"; done
    URLS='/1.png, /2.png, /3.png, /4.png, /5.png, /6.png, /7.png, /8.png'
}

teardown() {
    stop_servers
}

# server_sees REQUESTS CONNECTIONS
server_sees() {
    [ "$(nginx_requests)/$(nginx_connections)" = "$1/$2" ] && return
    echo "expected $1/$2 requests and connections, nginx counted:"
    nginx_log
    return 1
}

@test "every URL is asked for once with GET, one after the other on one connection" {
    perform <<YAML
- {activity: GetRequest, url: /}
- {activity: StaticRequests, url_list: [$URLS]}
YAML
    succeeds
    server_sees 9 1
    [ "$(nginx_log | grep -c 'GET /[1-8].png 200')" -eq 8 ]
    [ "$(nginx_log | cut -d' ' -f4 | sort -u | wc -l)" -eq 9 ]
    prints "2 activities"
}

@test "so many at once as thread_count says, each on a connection, kept for later" {
    HEAD+=$'\nsessions: {count: 3}'
    perform <<YAML
- {activity: StaticRequests, url_list: [$URLS], thread_count: 4}
- {activity: StaticRequests, url_list: [$URLS], thread_count: 4}
- {activity: GetRequest, url: /json}
YAML
    succeeds
    server_sees 51 12
}

@test "they really run at once" {
    start_raw
    HEAD="config: {base_url: '$RAW_URL'}"
    perform <<'YAML'
- {activity: StaticRequests, url_list: [/slow, /silent, /slow-head, /silent], thread_count: 4, timeout: 0.5, assert_max_time: 0.9}
YAML
    fails "TIMEOUT timeout" "4 of 4 failed: expected the whole answer within 0.5 s, from GET $RAW_URL/slow; "
    [[ "$stderr" != *assert_max_time* ]]
}

@test "one that fails fails the activity and is named, and all others are tried" {
    perform <<YAML
- {activity: StaticRequests, url_list: [/1.png, /missing.png, /3.png, /status/503, /5.png], thread_count: 2}
YAML
    fails "ASSERTION status" "2 of 5 failed: expected status below 400, got 404 from GET $NGINX_URL/missing.png; expected status below 400, got 503 from GET $NGINX_URL/status/503"
    prints "1 error in 1 activity"
    server_sees 5 2
    perform <<YAML
- {activity: StaticRequests, url_list: ['http://127.0.0.1:1/x', /1.png, 'ftp://x', /2.png]}
YAML
    fails_with 2
    says "argument 'url_list' of StaticRequests: the URL of item 3"
    HEAD+=$'\ncontext: {bad: "ftp://x"}'
    perform <<YAML
- {activity: StaticRequests, url_list: [\$(bad), /1.png, 'http://127.0.0.1:1/x', /2.png, \$(bad)], thread_count: 3}
YAML
    fails "SCRIPT url" "3 of 5 failed: the URL 'ftp://x'"
    says "GET http://127.0.0.1:1/x"
    server_sees 7 4
}

@test "status and the request arguments hold for each" {
    perform <<YAML
- {activity: StaticRequests, url_list: [/status/404, /status/204], assert_status: [204, 404]}
- activity: StaticRequests
  url_list: [/echo, echo?x=1]
  params: {a: 1}
  headers: {User-Agent: mine, Cookie: k=v}
  auth: [alice, secret]
  assert_json: {method: GET$, agent: mine$, cookie: k=v$, authorization: Basic, uri: '/echo\?.*a=1$'}
- {activity: StaticRequests, url_list: [/, index.html], assert_html: {//h1: Tests}, assert_match_headers: .*text/html}
YAML
    succeeds
    perform <<YAML
- {activity: StaticRequests, url_list: [/json, /echo], assert_json: {status: ok}}
YAML
    fails "ASSERTION json" "GET $NGINX_URL/echo"
}

@test "the session's cookies go along and are kept" {
    perform <<'YAML'
- {activity: GetRequest, url: /account, assert_status: 401}
- {activity: StaticRequests, url_list: [/login, /1.png]}
- {activity: StaticRequests, url_list: [/account, /account], thread_count: 2}
- {activity: GetRequest, url: /account}
YAML
    succeeds
}

@test "redirects are followed" {
    perform <<<"- {activity: StaticRequests, url_list: [/redirect, /redirect-relative], thread_count: 2, assert_json: {status: ok}}"
    succeeds
    server_sees 4 2
}

@test "the result lists what was asked for" {
    perform <<YAML
- activity: StaticRequests
  url_list: [/1.png, /status/404]
  assert_status: [200, 404]
  assert_match: "'/status/404', 'status': 404"
  store_json: {first: '[0].status', second: '[1].url'}
- {activity: GetRequest, url: /status/\$(first), assert_status: 404}
YAML
    succeeds
}

@test "a list may be empty or come from a variable" {
    HEAD+="
context: {urls: [$URLS], n: 3}"
    perform <<'YAML'
- {activity: StaticRequests, url_list: []}
- {activity: StaticRequests, url_list: $(urls), thread_count: $(n)}
- {activity: StaticRequests, url_list: [/1.png], thread_count: 256}
YAML
    succeeds
    server_sees 9 3
}

@test "arguments that cannot be right are told" {
    perform <<'YAML'
- {activity: StaticRequests, url_list: [/], thread_count: 0}
- {activity: StaticRequests}
- {activity: StaticRequests, url_list: [5]}
- {activity: StaticRequests, url_list: [/], url: /}
- {activity: StaticRequests, url_list: [/], method: POST}
YAML
    fails_with 2
    says "argument 'thread_count' of StaticRequests"
    says "argument 'url_list'"
    says "'url'"
    says "'method'"
}

@test "a stop cancels all that is under way" {
    local to
    start_raw
    to=$(printf ' 0100007F:%04X 01 ' "$RAW_PORT")
    HEAD="config: {base_url: '$RAW_URL'}
sessions: {count: 2}"
    perform --dry-run <<<"- {activity: StaticRequests, url_list: [/silent, /slow, /silent, /silent], thread_count: 3}"
    cd "$BATS_TEST_TMPDIR"
    start run scenario.yaml
    until [ "$(grep -c "$to" /proc/net/tcp)" -eq 6 ]; do
        kill -0 "$child"
        sleep 0.01
    done
    kill -INT "$child"
    finish
    [ "$status" -eq 3 ]
    prints " 2 by the stop"
    [[ "$(cat <&7)" != *INTERNAL* ]]
}
