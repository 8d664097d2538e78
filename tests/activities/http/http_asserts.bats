#!/usr/bin/env bats
# The clauses that judge an answer.

load ../helper
load more

setup_file() {
    load ../helper
    load more
    start_nginx
    start_origin
}

teardown_file() {
    stop_servers
}

setup() {
    HEAD="config: {base_url: '$NGINX_URL'}"
}

@test "without assert_status 400 and above are errors" {
    perform <<'YAML'
- {activity: GetRequest, url: /status/204}
YAML
    succeeds
    perform <<'YAML'
- {activity: GetRequest, url: /status/404}
YAML
    fails "ASSERTION status" "expected status below 400, got 404 from GET $NGINX_URL/status/404"
    perform <<'YAML'
- {activity: GetRequest, url: /status/503}
YAML
    fails "ASSERTION status" "got 503"
}

@test "assert_status takes a code or a list of them" {
    perform <<'YAML'
- {activity: GetRequest, url: /status/404, assert_status: 404}
- {activity: GetRequest, url: /status/500, assert_status: [404, 500]}
YAML
    succeeds
    perform <<'YAML'
- {activity: GetRequest, url: /json, assert_status: 404}
- {activity: GetRequest, url: /json, assert_status: [201, 204]}
YAML
    fails "ASSERTION status" "expected status 404, got 200 from GET $NGINX_URL/json"
    says "expected status one of [201, 204], got 200"
}

@test "assert_json matches texts from the start and compares the rest" {
    HEAD+=$'\ncontext: {the_id: 42, ok: "o[k]"}'
    perform <<'YAML'
- activity: GetRequest
  url: /json
  assert_json:
    status: o
    id: 42
    items: [{id: 1}, {id: 2.0}]
    items.[0].id: '1$'
    items[-1].id: 2
    items.[1]: "{'id': 2}"
- activity: GetRequest
  url: /json
  assert_json: {status: $(ok), id: $(the_id), 'items.[0].id': '(1|$(the_id))$'}
YAML
    succeeds
    perform <<'YAML'
- {activity: GetRequest, url: /json, assert_json: {status: k}}
- {activity: GetRequest, url: /json, assert_json: {id: 43}}
- {activity: GetRequest, url: /json, assert_json: {id: true}}
- {activity: GetRequest, url: /json, assert_json: {'items.[2]': 1}}
- {activity: GetRequest, url: /hello.txt, assert_json: {a: 1}}
YAML
    fails "ASSERTION json" "expected 'status' to match 'k', got 'ok' from GET $NGINX_URL/json"
    says "expected 'id' to equal 43, got 42"
    says "expected 'id' to equal True, got 42"
    says "expected 'items.[2]' in the answer"
    says "expected JSON, got 'hello '"
}

@test "booleans and null read as Python prints them" {
    start_target
    perform -o "base_url:$TARGET_URL" <<'YAML'
- {activity: GetRequest, url: /json, assert_json: {ok: 'True$', nothing: 'None$', ratio: '0\.5$'}}
- {activity: GetRequest, url: /json, assert_json: {ok: true, nothing: null, ratio: 0.5}}
YAML
    stop_target
    succeeds
}

@test "assert_match_headers matches the headers' text from the start" {
    perform <<'YAML'
- {activity: GetRequest, url: /json, assert_match_headers: "\\{'Server': 'nginx/[^']*', 'Date': '.*'Content-Length': '51'"}
YAML
    succeeds
    perform <<'YAML'
- {activity: GetRequest, url: /json, assert_match_headers: "'Server'"}
YAML
    fails "ASSERTION headers" "expected headers that match ''Server'' from the start, got {'Server': 'nginx"
}

@test "the first check that fails is the one that is told, in the order status, headers, json" {
    perform <<'YAML'
- {activity: GetRequest, url: /json, assert_status: 201, assert_match_headers: x, assert_json: {id: 1}}
- {activity: GetRequest, url: /json, assert_match_headers: x, assert_json: {id: 1}}
YAML
    fails "ASSERTION status" "expected status 201"
    says "[ASSERTION headers]"
    [[ "$stderr" != *"[ASSERTION json]"* ]]
}

@test "a regex that does not end is told from one that does not match" {
    start_target
    perform -o "base_url:$TARGET_URL" <<'YAML'
- activity: PostRequest
  url: /echo
  data: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab
  assert_json: {body: '^(a+)+$'}
YAML
    stop_target
    fails_with 1
    says "regex limit]"
}

@test "a result is the JSON where the body is JSON, else the text" {
    perform <<'YAML'
- {activity: GetRequest, url: /json, store_json: {first: 'items.[0]'}}
- {activity: PutRequest, url: '/dav/$(first.id)', json: $(first), assert_status: [201, 204]}
- {activity: GetRequest, url: '/dav/$(first.id)', assert_match: '\A\{"id":1\}\Z'}
- {activity: GetRequest, url: /hello.txt, assert_match: '\Ahello\n\Z'}
YAML
    succeeds
}

@test "a header without a value is an empty text" {
    perform -o "base_url:$ORIGIN_URL" <<'YAML'
- {activity: GetRequest, url: /blank, store_header: {none: x-none, blank: X-Blank, last: X-Last}}
- {activity: PostRequest, url: /body, data: '[$(none)$(blank)$(last)]', assert_json: {text: '\[\]$'}}
- {activity: GetRequest, url: /blank, assert_match_headers: ".*'X-None': '', 'X-Blank': '', 'X-Last': ''\\}"}
YAML
    succeeds
}

@test "store_header stores headers, in any case of letters" {
    perform <<'YAML'
- {activity: GetRequest, url: /status/204, store_header: {kind: sErVeR, server: Server}}
- {activity: $debug()}
- {activity: GetRequest, url: /status/$(kind), assert_status: [200, 404]}
YAML
    succeeds
    says "kind = nginx"
    says "server = nginx"
}

@test "a header that is not there fails, and the others are stored" {
    perform <<'YAML'
- {activity: GetRequest, url: /status/204, store_header: {none: X-None, kind: Server}}
- {activity: $debug()}
YAML
    fails "ASSERTION store_header" "store_header 'none': no header 'X-None' in {'Server': 'nginx" "from GET $NGINX_URL/status/204"
    says "kind = nginx"
}

@test "nothing is stored from an answer that fails its checks" {
    perform <<'YAML'
- {activity: GetRequest, url: /status/404, store_header: {kind: Server}}
- {activity: $debug()}
YAML
    fails "ASSERTION status" "got 404"
    if [[ $stderr == *"kind ="* ]]; then false; fi
}
