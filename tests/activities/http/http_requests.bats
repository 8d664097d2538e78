#!/usr/bin/env bats
# What is sent, as the practice target saw it.

load ../helper

setup_file() {
    load ../helper
    start_target
}

teardown_file() {
    stop_servers
}

setup() {
    HEAD="config: {base_url: '$TARGET_URL'}"
}

@test "every type sends its method" {
    perform <<'YAML'
- {activity: GetRequest, url: /echo, assert_json: {method: GET$}}
- {activity: PostRequest, url: /echo, assert_json: {method: POST$}}
- {activity: PutRequest, url: /echo, assert_json: {method: PUT$}}
- {activity: DeleteRequest, url: /echo, assert_json: {method: DELETE$}}
- {activity: PatchRequest, url: /echo, assert_json: {method: PATCH$}}
- {activity: OptionsRequest, url: /echo, assert_json: {method: OPTIONS$}}
- {activity: HTTPRequest, method: report, url: /echo, assert_json: {method: REPORT$}}
- {activity: HeadRequest, url: /echo, assert_match: '^$'}
YAML
    succeeds
}

@test "requests without a body say so, but GET" {
    perform <<'YAML'
- {activity: PostRequest, url: /echo, assert_match: '"Content-Length","0"'}
- {activity: DeleteRequest, url: /echo, assert_match: '"Content-Length","0"'}
- {activity: PostRequest, url: /echo, assert_match: '(?s)\A(?!.*"Content-Type")'}
- {activity: GetRequest, url: /echo, assert_match: '(?s)\A(?!.*"Content-Length")'}
YAML
    succeeds
}

@test "the default headers are those that are documented" {
    perform <<'YAML'
- activity: PostRequest
  url: /echo
  json: {}
  assert_match: '(?s)\A(?=.*"User-Agent","session/t01 Stressor/\d+\.\d+\.\d+")(?=.*"Accept","\*/\*")(?=.*"Accept-Encoding","gzip, deflate")(?!.*"Expect")'
YAML
    succeeds
}

@test "headers of the scenario win in any case of letters, and null removes one" {
    perform <<'YAML'
- activity: PostRequest
  url: /echo
  json: {}
  headers: {user-agent: mine, ACCEPT: null, content-type: application/x-mine, X-Number: 5, X-Empty: ''}
  assert_match: '(?s)\A(?=.*"user-agent","mine")(?!.*"User-Agent")(?!.*"Accept")(?=.*"content-type","application/x-mine")(?!.*application/json)(?=.*"X-Number","5")(?=.*"X-Empty","")'
- activity: PostRequest
  url: /echo
  json: {}
  headers: {Content-Type: null}
  assert_match: '(?s)\A(?!.*"Content-Type")'
YAML
    succeeds
}

@test "parameters are added to those of the url" {
    perform <<'YAML'
- activity: GetRequest
  url: /echo?z=0
  params: {a: 'b c&d', n: null, l: [1, null, 2.0], t: true}
  assert_json: {query: '\[\[.z., .0.\], \[.a., .b c&d.\], \[.l., .1.\], \[.l., .2\.0.\], \[.t., .True.\]\]$'}
- activity: GetRequest
  url: /echo
  params: [[a, 1], [b, x], [a, 2]]
  assert_json: {query: '\[\[.a., .1.\], \[.b., .x.\], \[.a., .2.\]\]$'}
- activity: GetRequest
  url: /echo
  params: {}
  assert_json: {query: []}
YAML
    succeeds
}

@test "a map as data is a form, a text is sent as it is, a value as json" {
    perform <<'YAML'
- activity: PostRequest
  url: /echo
  data: {a: 'b c', u: ä, n: null, l: [x, y], f: 1.0}
  assert_json: {body: 'a=b\+c&u=%C3%A4&l=x&l=y&f=1\.0$', headers: '.*.Content-Type., .application/x-www-form-urlencoded.'}
- activity: PutRequest
  url: /echo
  data: grüße {}
  assert_json: {body: 'grüße \{\}$'}
  assert_match: '(?s)\A(?!.*"Content-Type")'
- activity: PatchRequest
  url: /echo
  json: {a: [1, 2.5, null, true], b: ü}
  assert_json: {body: '\{"a":\[1,2\.5,null,true\],"b":"ü"\}$', headers: '.*.Content-Type., .application/json.'}
- activity: GetRequest
  url: /echo
  json: 5
  assert_json: {method: GET$, body: '5$'}
YAML
    succeeds
}

@test "data that is not empty beats json" {
    perform <<'YAML'
- {activity: PostRequest, url: /echo, data: {a: 1}, json: 5, assert_json: {body: 'a=1$'}}
- {activity: PostRequest, url: /echo, data: {}, json: 5, assert_json: {body: '5$'}}
- {activity: PostRequest, url: /echo, data: '', json: {}, assert_json: {body: '\{\}$'}}
- {activity: PostRequest, url: /echo, json: null, assert_json: {size: 0}}
YAML
    succeeds
}

@test "macros in every argument are expanded anew for each request" {
    HEAD+=$'\ncontext: {who: ann, n: 7, path: echo}'
    perform <<'YAML'
- activity: HTTPRequest
  method: $(verb)
  url: /$(path)
  mock_result: x
YAML
    fails_with 1
    HEAD+=$'\n  verb: put' HEAD="config: {base_url: '$TARGET_URL'}
context: {who: ann, n: 7, path: echo, verb: put, h: {X-Who: one}}"
    perform <<'YAML'
- activity: HTTPRequest
  method: $(verb)
  url: /$(path)
  params: {q: $(who)}
  json: {name: $(who), n: $(n)}
  headers: {X-Who: $(who)}
  assert_status: 200
  assert_json: {method: PUT$, query: '.*ann', body: '\{"name":"ann","n":7\}$', headers: '.*.X-Who., .ann.'}
  store_json: {who: method}
- activity: PostRequest
  url: /$(path)
  data: {name: $(who)}
  headers: $(h)
  assert_json: {body: 'name=$(who)$', headers: '.*.X-Who., .one.'}
YAML
    succeeds
}

@test "basic authentication goes unasked, from the arguments, the URL or the user" {
    perform <<'YAML'
- {activity: GetRequest, url: /echo, auth: [ann, 'p:w'], assert_match: '"Authorization","Basic YW5uOnA6dw=="'}
- {activity: GetRequest, url: /echo, assert_match: '(?s)\A(?!.*Authorization)'}
YAML
    succeeds
    perform -o "base_url:http://bob:x%20y@127.0.0.1:$TARGET_PORT" <<'YAML'
- {activity: GetRequest, url: /echo, assert_match: '"Authorization","Basic Ym9iOnggeQ=="'}
YAML
    succeeds
    HEAD+=$'\nsessions: {basic_auth: true, users: [{name: eve, password: s3}]}'
    perform <<'YAML'
- {activity: GetRequest, url: /echo, assert_match: '"Authorization","Basic ZXZlOnMz"'}
- {activity: GetRequest, url: /echo, auth: null, assert_match: '(?s)\A(?!.*Authorization)'}
- {activity: GetRequest, url: /echo, auth: [ann, b], assert_match: '"Authorization","Basic YW5uOmI="'}
- {activity: GetRequest, url: /echo, auth: $(user.auth), assert_match: '"Authorization","Basic ZXZlOnMz"'}
- {activity: GetRequest, url: /echo, headers: {authorization: mine}, assert_match: '"authorization","mine"'}
YAML
    succeeds
}

@test "a base URL may hold macros and change on the way" {
    HEAD="config: {base_url: 'http://127.0.0.1:\$(port)/echo', port: $TARGET_PORT}"
    perform <<'YAML'
- {activity: GetRequest, url: '', assert_json: {method: GET}}
- {activity: GetRequest, url: '?a=1', assert_json: {query: '\[\[.a., .1.\]\]'}}
- {activity: GetRequest, url: json, name: json, store_json: {port: version}}
- {activity: GetRequest, url: '', timeout: 5}
YAML
    fails_with 1
    says 'from GET http://127.0.0.1:1/echo [TARGET connect]'
}

@test "mistakes in constants are told before anything is sent" {
    perform <<'YAML'
- {activity: GetRequest, url: 'ftp://127.0.0.1/x'}
- {activity: GetRequest, url: /, auth: [ann]}
- {activity: GetRequest, url: /, headers: {'a b': x}}
- {activity: GetRequest, url: /, headers: {X: "a\r\nY: b"}}
- {activity: GetRequest, url: /, params: [a]}
- {activity: GetRequest, url: /, assert_json: {a: '('}}
- {activity: HTTPRequest, url: /, method: 'G T'}
YAML
    fails_with 2
    for line in 6 7 8 9 10 11 12; do
        says "scenario.yaml:$line:"
    done
    says 'is neither http:// nor https://'
}

@test "a URL whose port or address cannot be is told before anything is sent" {
    perform <<'YAML'
- {activity: GetRequest, url: 'http://127.0.0.1:99999/'}
- {activity: GetRequest, url: 'http://[::1/'}
- {activity: PollRequest, url: 'http://a;b/'}
- {activity: StaticRequests, url_list: [/, 'http://127.0.0.1:x/']}
YAML
    fails_with 2
    says "scenario.yaml:6:35: error: argument 'url' of GetRequest: the URL has no valid port: expected at most 65535"
    says "scenario.yaml:7:35: error: argument 'url' of GetRequest: the URL has no valid host"
    says "argument 'url' of PollRequest: the URL has no valid host"
    says "the URL of item 2 has no valid port"
}

@test "one that only a run knows is told then, in the same words" {
    HEAD+=$'\ncontext: {port: 99999, address: "[::1"}'
    perform <<'YAML'
- {activity: GetRequest, url: 'http://127.0.0.1:$(port)/'}
- {activity: GetRequest, url: 'http://$(address)/'}
- {activity: GetRequest, url: 'http://a%20b/'}
YAML
    fails "SCRIPT url" "the URL 'http://127.0.0.1:99999/' has no valid port: expected at most 65535"
    says "the URL 'http://[::1/' has no valid host"
    says "the URL has no valid host, from GET http://a%20b/"
    prints "3 errors in 3 activities"
    perform -o base_url:http://127.0.0.1:99999/ <<<"- {activity: GetRequest, url: /x}"
    fails "SCRIPT url" "the base_url 'http://127.0.0.1:99999/' has no valid port"
}

@test "what can never hold is told before anything is sent" {
    perform <<'YAML'
- {activity: GetRequest, url: /, assert_status: []}
- {activity: HeadRequest, url: /, json: {a: 1}}
- {activity: HeadRequest, url: /, data: text}
- {activity: HeadRequest, url: /, multipart: {a: b}}
- {activity: HTTPRequest, method: head, url: /, json: 0}
- {activity: HeadRequest, url: /, data: {}, json: null}
YAML
    fails_with 2
    says "scenario.yaml:6:53: error: argument 'assert_status' of GetRequest: expected at least one status in the list"
    says "scenario.yaml:7:45: error: argument 'json' of HeadRequest: a HEAD request cannot have a body"
    says "scenario.yaml:8:45: error: argument 'data' of HeadRequest: a HEAD request cannot have a body"
    says "scenario.yaml:9:50: error: argument 'multipart' of HeadRequest: a HEAD request cannot have a body"
    says "scenario.yaml:10:59: error: argument 'json' of HTTPRequest: a HEAD request cannot have a body"
    [[ "$stderr" != *yaml:11:* ]]
    HEAD+=$'\ncontext: {one: 1}'
    perform <<<'- {activity: HeadRequest, url: /, json: $(one)}'
    fails "SCRIPT argument" "a HEAD request cannot have a body"
}

@test "NUL in a header is called so" {
    HEAD+=$'\ncontext: {nul: "a\\0b"}'
    perform <<<'- {activity: GetRequest, url: /, headers: {X: $(nul)}}'
    fails "SCRIPT header" "NUL stands in the value of 'X'"
    perform <<<'- {activity: GetRequest, url: /, headers: {X: "a\0b"}}'
    fails_with 2
    says "argument 'headers' of GetRequest: 'X': NUL stands in the value"
    perform <<<'- {activity: GetRequest, url: /, verify: "a$(nul)"}'
    fails "SCRIPT argument" "argument 'verify': expected a text without NUL"
}

@test "what macros make of an argument is checked too" {
    HEAD+=$'\ncontext: {bad: "a\\nb: c", list: [1], word: x y}'
    perform <<'YAML'
- {activity: GetRequest, url: /, headers: {X: $(bad)}}
YAML
    fails "SCRIPT header" "a line break stands in the value of 'X'"
    perform <<'YAML'
- {activity: GetRequest, url: /, auth: $(list)}
YAML
    fails "SCRIPT argument" "expected [name, password]"
    perform <<'YAML'
- {activity: HTTPRequest, method: $(word), url: /}
YAML
    fails "SCRIPT method" "got 'x y'"
    perform -o base_url: <<'YAML'
- {activity: GetRequest, url: /x}
YAML
    fails_with 2
    perform -o word:http://:80 <<'YAML'
- {activity: GetRequest, url: $(word)}
YAML
    fails "SCRIPT url" "has no valid host"
}
