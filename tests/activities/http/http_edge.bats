#!/usr/bin/env bats
# How requests are sent: HTTP/2, client certificates, addresses, connections, TLS, names.

load ../helper
load more

setup() {
    start_edge
    HEAD="config: {base_url: '$EDGE_TLS_URL'}
sessions: {verify_ssl: false}"
}

teardown() {
    stop_servers
}

@test "HTTP/2 is spoken where it is asked for: by ALPN over TLS, without asking else" {
    perform <<YAML
- {activity: GetRequest, url: /who, http_version: 2, assert_json: {protocol: HTTP/2.0$}}
- {activity: GetRequest, url: /who, assert_json: {protocol: HTTP/1.1$}}
- {activity: PostRequest, url: '$EDGE_H2C_URL/who', http_version: '2', data: hello, assert_json: {protocol: HTTP/2.0$}}
- {activity: GetRequest, url: '$EDGE_URL/who', http_version: 1.1, assert_json: {protocol: HTTP/1.1$}}
YAML
    succeeds
    edge_sees 4 4
    HEAD="config: {base_url: '$EDGE_TLS_URL', http_version: 2}
sessions: {verify_ssl: false, count: 3}"
    perform <<YAML
- {activity: GetRequest, url: /who, assert_json: {protocol: HTTP/2.0$}}
- {activity: GetRequest, url: /who, assert_json: {protocol: HTTP/2.0$}}
- {activity: GetRequest, url: /who, http_version: 1.1, assert_json: {protocol: HTTP/1.1$}}
- {activity: GetRequest, url: /crossing, assert_json: {protocol: HTTP/2.0$}}
YAML
    succeeds
    edge_sees 19 13
}

@test "header names are in small letters over HTTP/2 only" {
    perform <<'YAML'
- {activity: GetRequest, url: /early, http_version: 2, assert_match_headers: ".*'x-mixed-case': 'Value'"}
- {activity: GetRequest, url: /early, http_version: 2, debug: true, headers: {X-Mine: 1}}
- {activity: GetRequest, url: /early, assert_match_headers: ".*'X-Mixed-Case': 'Value'"}
YAML
    succeeds
    says "> GET /early HTTP/2"
}

@test "requests at once share one HTTP/2 connection, cookies and all" {
    HEAD=${HEAD/false/false, count: 4}
    perform <<'YAML'
- activity: StaticRequests
  http_version: 2
  thread_count: 5
  url_list: [/json, /json, /json, /json, /json, /json, /json, /json, /json, /json]
- {activity: GetRequest, url: /json, http_version: 2}
YAML
    succeeds
    edge_sees 44 4
}

@test "what ends one HTTP/2 request leaves the connection to the others" {
    HEAD="config: {base_url: '$EDGE_TLS_URL', http_version: 2, max_body_size: 200000}
sessions: {verify_ssl: false}"
    perform <<'YAML'
- {activity: GetRequest, url: /json}
- {activity: GetRequest, url: /slow, timeout: 0.2}
- {activity: GetRequest, url: /zeros}
- {activity: StaticRequests, url_list: [/slow, /json, /zeros, /json], thread_count: 4, timeout: 0.2}
- {activity: GetRequest, url: /json, assert_json: {ok: true}}
YAML
    fails "TIMEOUT timeout" "expected the whole answer within 0.2 s, from GET $EDGE_TLS_URL/slow"
    says "expected a body of at most 200000 bytes (config.max_body_size), got more from GET $EDGE_TLS_URL/zeros"
    says "2 of 4 failed"
    prints "3 errors in 5 activities"
    edge_sees 8 1
}

@test "a server that speaks HTTP/1 only over TLS is spoken to so; one that does not at all is an error" {
    HEAD="config: {http_version: 2}"
    perform <<YAML
- activity: GetRequest
  url: $EDGE_STRICT_URL/who
  verify: false
  client_cert: $EDGE_DIR/client.pem
  client_key: $EDGE_DIR/client.key
  assert_json: {client: CN=A client$}
YAML
    succeeds
    perform <<<"- {activity: GetRequest, url: '$EDGE_URL/who'}"
    fails_with 1
    says "[TARGET"
}

@test "a client certificate comes from arguments, config or a user" {
    cat "$EDGE_DIR/client.pem" "$EDGE_DIR/client.key" >"$EDGE_DIR/both.pem"
    HEAD="config: {base_url: '$EDGE_STRICT_URL'}
sessions: {users: [{name: ann, password: x, cert: $EDGE_DIR/both.pem}]}"
    perform <<YAML
- {activity: GetRequest, url: /who, verify: $EDGE_DIR/ca.pem, assert_status: 400, assert_match: No required SSL certificate}
- {activity: GetRequest, url: /who, verify: $EDGE_DIR/ca.pem, client_cert: $EDGE_DIR/client.pem, client_key: $EDGE_DIR/client.key, assert_json: {client: CN=A client$, protocol: TLSv1.2$}}
- {activity: GetRequest, url: /who, verify: $EDGE_DIR/ca.pem, client_cert: \$(user.cert), assert_json: {client: CN=A client$}}
- {activity: GetRequest, url: /who, verify: false, client_cert: $EDGE_DIR/other.pem, client_key: $EDGE_DIR/other.key, assert_status: 400, assert_match: SSL certificate error}
YAML
    succeeds
    HEAD="config: {base_url: '$EDGE_STRICT_URL', client_cert: $EDGE_DIR/client.pem, client_key: $EDGE_DIR/client.key}
sessions: {count: 5, verify_ssl: false}"
    perform <<'YAML'
- {activity: GetRequest, url: /who, assert_json: {client: CN=A client$}}
YAML
    succeeds
}

@test "a client certificate that cannot be used is the scenario's fault" {
    HEAD="config: {base_url: '$EDGE_STRICT_URL'}
context: {cert: /nowhere/c.pem}
sessions: {verify_ssl: false}"
    perform <<'YAML'
- {activity: GetRequest, url: /who, client_cert: /nowhere/c.pem, client_key: ''}
YAML
    fails_with 2
    says "argument 'client_cert' of GetRequest: No such file or directory"
    says "argument 'client_key' of GetRequest: expected the path of a PEM file"
    perform <<<'- {activity: GetRequest, url: /who, client_cert: $(cert)}'
    fails "SCRIPT client certificate" "client certificate"
    perform <<<"- {activity: GetRequest, url: /who, client_cert: $EDGE_DIR/client.pem, client_key: $EDGE_DIR/other.key}"
    fails "SCRIPT client certificate" "private key"
    perform <<<"- {activity: GetRequest, url: /who, client_cert: $EDGE_DIR/nginx.conf}"
    fails "SCRIPT client certificate" "certificate"
}

@test "an old TLS is refused when a newer is asked for" {
    HEAD="config: {base_url: '$EDGE_STRICT_URL', tls_min_version: 1.2}
sessions: {verify_ssl: false}"
    perform <<<"- {activity: GetRequest, url: /who, assert_status: 400}"
    succeeds
    perform -o tls_min_version:1.3 <<<"- {activity: GetRequest, url: /who}"
    fails "TARGET tls" "protocol version"
    perform -o tls_min_version:1.25 <<<"- {activity: GetRequest, url: /who}"
    fails_with 2
    says "-o tls_min_version:1.25: error: key 'tls_min_version' of section 'config': expected one of 1.0, 1.1, 1.2, 1.3, found the number 1.25"
}

@test "resolve says where a host is, for that request or for all, and for nobody else" {
    HEAD="config: {base_url: 'http://www.example.test:$EDGE_PORT'}"
    perform <<YAML
- {activity: GetRequest, url: /who, resolve: ['www.example.test:$EDGE_PORT:127.0.0.1'], assert_json: {name: www.example.test$, server: first}}
- {activity: GetRequest, url: /who, resolve: ['other.test:80:127.0.0.1', 'www.example.test:$EDGE_PORT:127.0.0.2'], assert_json: {server: second}}
- {activity: GetRequest, url: 'https://www.example.test:$EDGE_TLS_PORT/who', verify: $EDGE_DIR/ca.pem, resolve: ['www.example.test:$EDGE_TLS_PORT:127.0.0.1'], assert_json: {server: first}}
YAML
    succeeds
    perform <<YAML
- {activity: GetRequest, url: /who, resolve: ['www.example.test:$EDGE_PORT:127.0.0.1']}
- {activity: GetRequest, url: /who}
YAML
    fails "TARGET resolve" "Could not resolve host: www.example.test"
    prints "1 error in 2 activities"
    HEAD="config: {base_url: 'http://www.example.test:$EDGE_PORT', resolve: ['www.example.test:$EDGE_PORT:127.0.0.2']}"
    perform <<'YAML'
- {activity: GetRequest, url: /who, assert_json: {server: second}}
- {activity: GetRequest, url: /who, assert_json: {server: second}}
YAML
    succeeds
}

@test "arguments that cannot be right are told when the scenario is compiled" {
    perform <<'YAML'
- {activity: GetRequest, url: /, http_version: 1.5}
- {activity: GetRequest, url: /, http_version: 3}
- {activity: GetRequest, url: /, resolve: [nothing]}
- {activity: GetRequest, url: /, resolve: ['a:0:127.0.0.1']}
- {activity: GetRequest, url: /, resolve: ['a:80:b']}
- {activity: GetRequest, url: /, proxy: 'ftp://x'}
- {activity: GetRequest, url: /, proxy: 'host:80'}
- {activity: GetRequest, url: /, compress: zip}
YAML
    fails_with 2
    says "argument 'http_version' of GetRequest: expected one of 1.1, 2, found the number 1.5"
    says "scenario.yaml:8:"
    says "argument 'http_version' of GetRequest: expected one of 1.1, 2, found the integer 3"
    says "argument 'resolve' of GetRequest: expected HOST:PORT:ADDRESS such as example.com:443:127.0.0.1, got 'nothing'"
    says "got 'a:0:127.0.0.1'"
    says "got 'a:80:b'"
    says "expected a proxy such as http://host:3128, or '' for none, found text 'ftp://x'"
    says "expected a proxy such as http://host:3128, or '' for none, found text 'host:80'"
    says "expected one of 'gzip'"
    HEAD="config: {connection_reuse: never, dns_ttl: -1, proxy: 5, resolve: x}"
    perform <<<"- {activity: GetRequest, url: /}"
    fails_with 2
    says "connection_reuse"
    says "dns_ttl"
    says "proxy"
    says "resolve"
}

@test "so are settings that cannot be right" {
    HEAD="config:
  http_version: 1.5
  tls_min_version: 1.25"
    perform <<<'- {activity: GetRequest, url: /}'
    fails_with 2
    says "scenario.yaml:3:17: error: key 'http_version' of section 'config': expected one of 1.1, 2, found the number 1.5"
    says "scenario.yaml:4:20: error: key 'tls_min_version' of section 'config': expected one of 1.0, 1.1, 1.2, 1.3, found the number 1.25"
    says "nothing was run"
    # What is only known when a session begins is told then.
    HEAD="config: {version: 1.5, http_version: \$(version)}"
    perform <<<'- {activity: GetRequest, url: /}'
    fails_with 1
    says "http_version: variable 'http_version': expected one of 1.1, 2, found the number 1.5"
}

@test "each request has a connection of its own when that is asked for" {
    HEAD="config: {base_url: '$EDGE_URL', connection_reuse: request}
sessions: {count: 3, verify_ssl: false}"
    perform <<YAML
- {activity: GetRequest, url: /json}
- {activity: GetRequest, url: /there}
- {activity: GetRequest, url: /json}
- {activity: GetRequest, url: '$EDGE_TLS_URL/json', http_version: 2}
- {activity: GetRequest, url: '$EDGE_TLS_URL/json', http_version: 2}
YAML
    succeeds
    edge_sees 18 18
    HEAD=${HEAD/reuse: request/reuse: SESSION}
    perform <<<"- {activity: StaticRequests, url_list: [/json, /json, /json]}"
    succeeds
    edge_sees 27 21
}

@test "names are looked up again when their time is over, and kept until then" {
    unshare -rm true 2>/dev/null || skip "no mount namespaces here"
    local ttl expected
    for ttl in 0 60; do
        expected=$([ "$ttl" = 0 ] && echo second || echo first)
        rm -f "$EDGE_DIR/www/moved"
        : >"$EDGE_DIR/access.log"
        HEAD="config: {base_url: 'http://moving.test:$EDGE_PORT', connection_reuse: request, dns_ttl: $ttl}"
        perform --dry-run <<YAML
- {activity: GetRequest, url: /who, assert_json: {server: first}}
- {activity: PollRequest, url: '$EDGE_URL/moved', interval: 20ms, timeout: 30}
- {activity: GetRequest, url: /who, assert_json: {server: $expected}}
YAML
        run --separate-stderr unshare -rm bash -c '
            printf "127.0.0.1 moving.test localhost\n" >"$1/hosts"
            mount --bind "$1/hosts" /etc/hosts || exit 99
            "$2" run "$3" &
            until grep -q moving.test/who "$1/access.log"; do
                kill -0 $! 2>/dev/null || break
                sleep 0.01
            done
            printf "127.0.0.2 moving.test localhost\n" >"$1/hosts"
            echo moved >"$1/www/moved"
            wait $!' sh "$EDGE_DIR" "$STRESSOR" "$BATS_TEST_TMPDIR/scenario.yaml"
        succeeds
    done
}
