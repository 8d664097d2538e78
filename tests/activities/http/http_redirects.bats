#!/usr/bin/env bats
# Where redirects lead, and with what; URLs that are too long.

load ../helper

setup() {
    start_nginx
    HEAD="config: {base_url: '$NGINX_URL'}"
}

teardown() {
    stop_servers
}

# as_ann URL: with a name and a password in it.
as_ann() {
    printf 'http://ann:pw@%s' "${1#http://}"
}

@test "name and password of a URL go along to the same host, and not to another" {
    perform <<YAML
- {activity: GetRequest, url: '$(as_ann "$NGINX_URL")/redirect-keep', assert_json: {authorization: Basic YW5uOnB3$}}
- {activity: GetRequest, url: '$(as_ann "$NGINX_URL")/redirect-host', assert_json: {host: localhost, authorization: $}}
- {activity: GetRequest, url: /echo, assert_json: {authorization: $}}
YAML
    succeeds
    hides pw
}

@test "a redirect to something else than HTTP is an error that names it, without its password" {
    start_raw
    perform <<YAML
- {activity: GetRequest, url: '$RAW_URL/redirect-elsewhere'}
YAML
    fails "TARGET redirect" "GET $RAW_URL/redirect-elsewhere was redirected to 'ftp://ann:***@127.0.0.1/x', which is neither http:// nor https://"
    hides ann:pw
}

@test "a URL that macros make too long is a mistake of the scenario, not want of memory" {
    perform <<'YAML'
- {activity: RunScript, export: long, script: "long = string.rep('x', 1 << 20)"}
- {activity: GetRequest, url: '/a/$(long)'}
- {activity: GetRequest, url: /b, params: {q: $(long)}}
YAML
    fails "SCRIPT url" "the URL '/a/xxxx"
    says "the URL '$NGINX_URL/b?q="
    says "is too long: expected at most 1 MiB"
    prints "2 errors in 3 activities"
    hides "out of memory"
}
