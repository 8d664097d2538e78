#!/usr/bin/env bats
# Whose cookies a request sends: the session's, the file's, or none.

load ../helper
load more

setup_file() {
    load ../helper
    load more
    start_origin
}

teardown_file() {
    stop_servers
}

setup() {
    HEAD="config: {base_url: '$ORIGIN_URL'}"
}

@test "a cookie of the file goes instead of those of the session, in any case of letters" {
    perform <<'YAML'
- {activity: GetRequest, url: '/cookies?set=a%3D1'}
- {activity: GetRequest, url: /cookies, headers: {Cookie: a=9}, assert_json: {sent: '\[.a=9.\]$'}}
- {activity: GetRequest, url: /cookies, headers: {cookie: 'b=2; c=3'}, assert_json: {sent: '\[.b=2; c=3.\]$'}}
- {activity: PostRequest, url: /cookies, data: x, headers: {COOKIE: d=4}, assert_json: {sent: '\[.d=4.\]$'}}
- {activity: StaticRequests, url_list: [/cookies, /cookies], thread_count: 2, headers: {Cookie: e=5}, assert_json: {sent: '\[.e=5.\]$'}}
- {activity: GetRequest, url: /cookies, assert_json: {sent: '\[.a=1.\]$'}}
YAML
    succeeds
}

@test "null as the cookie sends none, also after a redirect" {
    HEAD+=$'\ncontext: {none: null}'
    perform <<'YAML'
- {activity: GetRequest, url: '/cookies?set=a%3D1'}
- {activity: GetRequest, url: /cookies, headers: {Cookie: null}, assert_json: {sent: '\[\]$'}}
- {activity: GetRequest, url: /cookies, headers: {cookie: $(none)}, assert_json: {sent: '\[\]$'}}
- {activity: GetRequest, url: '/cookies?to=/cookies', headers: {Cookie: null}, assert_json: {sent: '\[\]$'}}
- {activity: GetRequest, url: /cookies, assert_json: {sent: '\[.a=1.\]$'}}
YAML
    succeeds
}

@test "what such an answer sets, changes and removes is the session's from then on" {
    HEAD+=$'\nsessions: {count: 20}'
    perform <<'YAML'
- {activity: GetRequest, url: '/cookies?set=a%3D1&set=b%3D2'}
- activity: GetRequest
  url: '/cookies?set=a%3D$(session_id);%20HttpOnly&set=b%3Dx;%20Max-Age%3D0&set=c%3D3;%20Path%3D/cookies/deep&set=d%3D4'
  headers: {Cookie: own=1}
  assert_json: {sent: '\[.own=1.\]$'}
- {activity: GetRequest, url: /cookies, assert_json: {sent: '\[.d=4; a=$(session_id).\]$'}}
- {activity: GetRequest, url: /cookies/deep, assert_json: {sent: '\[.c=3; d=4; a=$(session_id).\]$'}}
- {activity: GetRequest, url: '/cookies?set=e%3D5', headers: {Cookie: null}}
- {activity: GetRequest, url: '/cookies', assert_json: {sent: '\[.e=5; d=4; a=$(session_id).\]$'}}
YAML
    succeeds
}

@test "a redirect gets the session's cookies, not the file's, here and at another host" {
    perform <<YAML
- {activity: GetRequest, url: '/cookies?set=a%3D1'}
- {activity: GetRequest, url: '/cookies?to=/cookies', headers: {Cookie: own=1}, assert_json: {sent: '\[.a=1.\]$'}}
- {activity: GetRequest, url: '/cookies?set=a%3D2&to=/cookies', headers: {Cookie: own=1}, assert_json: {sent: '\[.a=2.\]$'}}
- {activity: GetRequest, url: '/cookies?to=${ORIGIN_URL/127.0.0.1/localhost}/cookies', headers: {Cookie: own=1}, assert_json: {sent: '\[\]$'}}
YAML
    succeeds
}

@test "requests with cookies of their own use the session's connection" {
    start_nginx
    HEAD="config: {base_url: '$NGINX_URL'}"
    perform <<'YAML'
- {activity: GetRequest, url: /login}
- {activity: GetRequest, url: /echo, headers: {Cookie: own=1}, assert_json: {cookie: own=1$}}
- {activity: GetRequest, url: /login, headers: {Cookie: null}, store_json: {guid: guid}}
- {activity: GetRequest, url: /account, assert_json: {guid: '$(guid)$'}}
YAML
    succeeds
    [ "$(nginx_requests)/$(nginx_connections)" = 4/1 ]
}
