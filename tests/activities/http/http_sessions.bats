#!/usr/bin/env bats
# What belongs to a session: cookies, connections, redirects, as nginx saw them.

load ../helper

setup() {
    start_nginx
    HEAD="config: {base_url: '$NGINX_URL'}"
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

@test "each session has one connection for all of its requests" {
    HEAD+=$'\nsessions: {count: 20}'
    perform <<'YAML'
- {activity: GetRequest, url: /json}
- {activity: PostRequest, url: /echo, json: {a: 1}}
- {activity: HeadRequest, url: /json}
- {activity: GetRequest, url: /status/404, assert_status: [404]}
- {activity: GetRequest, url: /json}
YAML
    succeeds
    server_sees 100 20
}

@test "a connection that the server has closed is made anew, without an error" {
    perform <<'YAML'
- {activity: GetRequest, url: /close}
- {activity: GetRequest, url: /close}
- {activity: GetRequest, url: /three}
- {activity: GetRequest, url: /three}
YAML
    succeeds
    server_sees 4 3
}

@test "a connection that the server closes while a session rests is made anew" {
    perform <<'YAML'
- {activity: GetRequest, url: /three}
- {activity: GetRequest, url: /three}
- {activity: GetRequest, url: /three}
- {activity: $sleep(0.05)}
- {activity: GetRequest, url: /three}
YAML
    succeeds
    server_sees 4 2
}

@test "cookies belong to the session that got them" {
    HEAD+=$'\nsessions: {count: 30}'
    perform <<'YAML'
- {activity: GetRequest, url: /account, assert_status: 401}
- {activity: GetRequest, url: /login, store_json: {guid: guid}}
- {activity: $sleep(0.05)}
- {activity: GetRequest, url: /account, assert_json: {guid: '$(guid)$'}}
- {activity: GetRequest, url: /account, assert_json: {guid: '$(guid)$'}}
YAML
    succeeds
    server_sees 120 30
}

@test "sessions that take turns with the same handles keep cookies and connections apart" {
    HEAD+=$'\nsessions: {count: 1500}'
    perform <<'YAML'
- {activity: GetRequest, url: /account, assert_status: 401}
- {activity: '$sleep(0, 0.2)'}
- {activity: GetRequest, url: /login, store_json: {guid: guid}}
- {activity: '$sleep(0.1, 0.4)'}
- {activity: GetRequest, url: /account, assert_json: {guid: '$(guid)$'}}
- {activity: '$sleep(0.1, 0.4)'}
- activity: PostRequest
  url: /redirect-see-other
  auth: [a, b]
  assert_json: {cookie: 'session=$(guid)$', agent: 'session/$(session_id) Stressor/'}
YAML
    succeeds
    server_sees 7500 1500
}

@test "redirects are followed, absolute or relative, on the same connection" {
    perform <<'YAML'
- {activity: GetRequest, url: /redirect, assert_json: {status: ok}}
- {activity: GetRequest, url: /redirect-relative, assert_json: {status: ok}}
YAML
    succeeds
    server_sees 4 1
}

@test "the method changes with a redirect as in version 0" {
    perform <<'YAML'
- {activity: PostRequest, url: /redirect-see-other, data: {a: 1}, assert_json: {method: GET$, length: '$', type: '$'}}
- {activity: PutRequest, url: /redirect-see-other, json: {a: 1}, assert_json: {method: GET$, length: '$', type: '$'}}
- {activity: PostRequest, url: /redirect-keep, data: {a: 1}, assert_json: {method: POST$, length: 3$, type: application/x-www-form-urlencoded}}
- {activity: PutRequest, url: /redirect-keep, data: text, assert_json: {method: PUT$, length: 4$, type: '$'}}
YAML
    succeeds
}

@test "authorization is dropped on the way to another host, and kept on the same" {
    perform <<'YAML'
- activity: GetRequest
  url: /redirect-host
  auth: [alice, secret]
  headers: {X-Other: stays}
  assert_json: {host: localhost, authorization: '$'}
- {activity: GetRequest, url: /redirect-host, headers: {Authorization: mine}, assert_json: {authorization: '$'}}
- {activity: GetRequest, url: /redirect-keep, auth: [alice, secret], assert_json: {authorization: Basic}}
- {activity: GetRequest, url: /redirect-keep, headers: {Authorization: mine}, assert_json: {authorization: mine}}
YAML
    succeeds
}

@test "a loop of redirects ends" {
    perform <<'YAML'
- {activity: GetRequest, url: /redirect-loop}
YAML
    fails "TARGET redirects" "expected at most 30 redirects, the last of them from GET $NGINX_URL/redirect-loop"
    server_sees 31 1
}

@test "compressed answers are decoded" {
    perform <<'YAML'
- {activity: GetRequest, url: /gzip, assert_match: '\A(?:x{51200}){2}\Z', assert_match_headers: ".*'Content-Encoding': 'gzip'"}
YAML
    succeeds
}

@test "files are made, read and removed" {
    perform <<'YAML'
- {activity: PutRequest, url: /dav/a/b.txt, data: hello you, assert_status: 201}
- {activity: GetRequest, url: /dav/a/../a/b.txt, assert_match: '\Ahello you\Z'}
- {activity: DeleteRequest, url: /dav/a/b.txt, assert_status: 204}
- {activity: GetRequest, url: /dav/a/b.txt, assert_status: 404}
YAML
    succeeds
}

@test "certificates are checked unless that is switched off, or a file of them is given" {
    HEAD="config: {base_url: '$NGINX_TLS_URL'}"
    perform <<'YAML'
- {activity: GetRequest, url: /json}
YAML
    fails "TARGET certificate" "self-signed certificate"
    perform <<YAML
- {activity: GetRequest, url: /json, verify: false}
- {activity: GetRequest, url: /json, verify: '$NGINX_CA'}
- {activity: GetRequest, url: /json, verify: '$NGINX_CA'}
YAML
    succeeds
    server_sees 3 2
    perform <<'YAML'
- {activity: GetRequest, url: /json, verify: /nowhere/ca.pem}
YAML
    fails "SCRIPT argument" "argument 'verify'"
    HEAD+=$'\nsessions: {verify_ssl: false, count: 3}'
    perform <<'YAML'
- {activity: GetRequest, url: /json}
- {activity: GetRequest, url: /json}
YAML
    succeeds
    server_sees 9 5
}

@test "a body that is too large for the ceiling fails, one that just fits does not" {
    perform -o max_body_size:102399 <<'YAML'
- {activity: GetRequest, url: /100k.txt}
YAML
    fails "TARGET body too large" "expected a body of at most 102399 bytes"
    perform -o max_body_size:102400 <<'YAML'
- {activity: GetRequest, url: /100k.txt}
- {activity: GetRequest, url: /gzip}
YAML
    succeeds
}

@test "a dry run sends nothing" {
    perform --dry-run <<'YAML'
- {activity: GetRequest, url: /json, assert_match: dummy_result}
- {activity: GetRequest, url: /json, mock_result: {id: 7}, store_json: {x: id}}
YAML
    succeeds
    server_sees 0 0
}

@test "a proxy of the environment is used" {
    HEAD="config: {base_url: 'http://nowhere.invalid'}"
    http_proxy=$NGINX_URL NO_PROXY= no_proxy= perform <<'YAML'
- {activity: GetRequest, url: /json, assert_json: {id: 42}}
YAML
    succeeds
    server_sees 1 1
}
