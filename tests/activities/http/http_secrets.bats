#!/usr/bin/env bats
# Passwords, credentials and cookies show in nothing that is written.

load ../helper

setup_file() {
    load ../helper
    start_target
    start_nginx
}

teardown_file() {
    stop_servers
}

setup() {
    HEAD="config: {base_url: '$TARGET_URL'}"
}

@test "credentials and cookies are masked in the log of a request" {
    HEAD+=$'\nsessions: {users: [{name: eve, password: canary-1}]}'
    perform -v <<'YAML'
- {activity: PostRequest, url: /login, data: {user: $(user.name), password: $(user.password)}, debug: true}
- {activity: GetRequest, url: /account, debug: true}
- {activity: GetRequest, url: /bytes/10, debug: true, headers: {Cookie: own=canary-2}}
- {activity: GetRequest, url: /bytes/10, debug: true, auth: $(user.auth)}
- {activity: GetRequest, url: /bytes/10, debug: true, headers: {authorization: canary-3, X-Mine: $(user.password), X-Open: shown}}
- {activity: GetRequest, url: /bytes/10, debug: true, params: {p: $(user.password)}}
- {activity: $debug()}
YAML
    succeeds
    says "Authorization: ***"
    says "Set-Cookie: ***"
    says "Cookie: ***"
    says "X-Mine: ***"
    says "X-Open: shown"
    hides canary-1 canary-2 canary-3 ZXZlOmNhbmFyeS0x
}

@test "credentials of a URL and secret parameters are masked in failures" {
    HEAD+=$'\nsessions: {users: [{name: eve, password: canary-1}]}'
    perform <<YAML
- {activity: GetRequest, url: 'http://eve:canary-4@127.0.0.1:$TARGET_PORT/status/404'}
- {activity: GetRequest, url: '/status/404', params: {p: \$(user.password)}}
- {activity: GetRequest, url: '/status/404?p=\$(user.password)'}
- {activity: GetRequest, url: '/json', assert_json: {name: \$(user.password)}}
- {activity: GetRequest, url: 'x://eve:\$(user.password)@h/'}
YAML
    fails "ASSERTION status" "got 404 from GET http://127.0.0.1:$TARGET_PORT/status/404"
    says "from GET *** ["
    says "expected 'name' to match ***, got ***"
    hides canary-1 canary-4
}

@test "cookies do not show where headers are told" {
    perform -o "base_url:$NGINX_URL" <<'YAML'
- {activity: GetRequest, url: /login, assert_match_headers: x}
YAML
    fails "ASSERTION headers" "'Set-Cookie': '***'"
}
