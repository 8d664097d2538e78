#!/usr/bin/env bats
# Proxies: from arguments, config and the environment.

load ../helper
load more

setup() {
    command -v tinyproxy >/dev/null || skip "no tinyproxy here"
    unset http_proxy https_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY NO_PROXY
    start_nginx
    start_proxy
    HEAD="config: {base_url: '$NGINX_URL'}"
}

teardown() {
    stop_servers
}

@test "an argument, config or the environment names the proxy, in this order" {
    perform <<YAML
- {activity: GetRequest, url: /json, assert_json: {id: 42}}
- {activity: GetRequest, url: /json, proxy: '$PROXY_URL', assert_match_headers: ".*'Via': .*tinyproxy"}
YAML
    succeeds
    [ "$(proxied "GET $NGINX_URL/json")" -eq 1 ]
    HEAD="config: {base_url: '$NGINX_URL', proxy: '$PROXY_URL'}"
    perform <<'YAML'
- {activity: GetRequest, url: /json, assert_match_headers: .*tinyproxy}
- {activity: GetRequest, url: /json, proxy: '', assert_match_headers: '(?!.*tinyproxy)'}
- {activity: GetRequest, url: /json, proxy: null, assert_match_headers: '(?!.*tinyproxy)'}
- {activity: StaticRequests, url_list: [/json, /items.json], thread_count: 2}
YAML
    succeeds
    [ "$(proxied "GET")" -eq 4 ]
    HEAD="config: {base_url: '$NGINX_URL'}"
    http_proxy=$PROXY_URL perform <<'YAML'
- {activity: GetRequest, url: /json, assert_match_headers: .*tinyproxy}
- {activity: GetRequest, url: /json, proxy: null, assert_match_headers: '(?!.*tinyproxy)'}
YAML
    succeeds
    ALL_PROXY=$PROXY_URL perform <<<"- {activity: GetRequest, url: /json, assert_match_headers: .*tinyproxy}"
    succeeds
    ALL_PROXY=$PROXY_URL NO_PROXY=127.0.0.1 HTTP_PROXY=$PROXY_URL perform <<<"- {activity: GetRequest, url: /json, assert_match_headers: '(?!.*tinyproxy)'}"
    succeeds
    HTTP_PROXY=$PROXY_URL perform <<<"- {activity: GetRequest, url: /json, assert_match_headers: '(?!.*tinyproxy)'}"
    succeeds
    http_proxy=$PROXY_URL no_proxy=127.0.0.1 perform <<YAML
- {activity: GetRequest, url: /json, assert_match_headers: '(?!.*tinyproxy)'}
- {activity: GetRequest, url: /json, proxy: '$PROXY_URL', assert_match_headers: .*tinyproxy}
YAML
    succeeds
    for HEAD in "config: {base_url: '$NGINX_URL', proxy: null}" "config: {base_url: '$NGINX_URL', proxy: ''}"; do
        http_proxy=$PROXY_URL perform <<<"- {activity: GetRequest, url: /json, assert_match_headers: '(?!.*tinyproxy)'}"
        succeeds
    done
    [ "$(proxied "GET")" -eq 7 ]
}

@test "TLS goes through a tunnel, and the certificate is that of the server" {
    perform <<YAML
- {activity: GetRequest, url: '$NGINX_TLS_URL/json', proxy: '$PROXY_URL', verify: $NGINX_CA, assert_json: {id: 42}}
- {activity: GetRequest, url: '$NGINX_TLS_URL/json', proxy: '$PROXY_URL', verify: $NGINX_CA, assert_match_headers: '(?!.*tinyproxy)'}
YAML
    succeeds
    [ "$(proxied CONNECT)" -eq 1 ]
}

@test "a proxy with a password gets it, and nobody else sees it" {
    start_proxy "BasicAuth user s3cret"
    perform <<YAML
- {activity: GetRequest, url: /json, proxy: 'http://user:s3cret@127.0.0.1:$PROXY_PORT', debug: true}
- {activity: GetRequest, url: '$NGINX_TLS_URL/json', verify: false, proxy: 'http://user:s3cret@127.0.0.1:$PROXY_PORT', debug: true}
YAML
    succeeds
    hides s3cret dXNlcjpzM2NyZXQ
    perform <<YAML
- {activity: GetRequest, url: /json, proxy: '$PROXY_URL', assert_status: 407}
- {activity: GetRequest, url: '$NGINX_TLS_URL/json', verify: false, proxy: '$PROXY_URL'}
YAML
    fails "TARGET proxy" "407"
    prints "1 error in 2 activities"
}

@test "a proxy that is not there is told" {
    perform <<'YAML'
- {activity: GetRequest, url: /json, proxy: 'http://127.0.0.1:1'}
- {activity: GetRequest, url: /json, proxy: 'http://nowhere.invalid:3128'}
YAML
    fails "TARGET connect" "Failed to connect to 127.0.0.1 port 1"
    says "Could not resolve proxy: nowhere.invalid"
}
