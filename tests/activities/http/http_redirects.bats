#!/usr/bin/env bats
# Where redirects lead, and with what; URLs that are too long, or hold NUL.

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

@test "NUL in a URL is escaped like all that a URL cannot hold, and ends nothing" {
    HEAD+=$'\ncontext: {nul: "\\0"}'
    perform <<'YAML'
- {activity: GetRequest, url: "echo?x=\0y&z=1", assert_json: {uri: '/echo\?x=%00y&z=1$'}}
- {activity: GetRequest, url: "echo?x=$(nul)&y=2", assert_json: {uri: '/echo\?x=%00&y=2$'}}
- {activity: GetRequest, url: "echo?x=$(nul)", assert_json: {uri: '/echo\?x=%00$'}}
- {activity: StaticRequests, url_list: ["echo?x=\0y&z=1", "echo?x=$(nul)y&z=1"], assert_json: {uri: '/echo\?x=%00y&z=1$'}}
- {activity: GetRequest, url: "json\0/c", assert_status: 400} # nginx takes no such path
YAML
    succeeds
}
