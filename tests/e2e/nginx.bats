# Runs against a real nginx: what it sees of us, what it counts, and what we make of its answers.

setup() {
    load helper
    load "$STRESSOR_SOURCE/tests/support/servers"
    cd "$BATS_TEST_TMPDIR"
    start_nginx
}

teardown() {
    stop_servers
}

# shop ARGUMENT...: runs the scenario of that name, or its copy in the current folder.
shop() {
    local at=$BATS_TEST_DIRNAME/scenarios/shop
    [ ! -e shop ] || at=shop
    stressor run "$at" -o "base_url:$NGINX_URL/" "$@"
}

# broken FILE CHANGE NAME KIND TEXT: in a copy of the shop whose FILE was changed by sed, the
# activity NAME fails with this kind of error and this text, told with its place; nothing else does.
broken() {
    local at
    rm -rf shop
    cp -r "$BATS_TEST_DIRNAME/scenarios/shop" shop
    sed -i -E "$2" "shop/$1"
    if diff -rq "$BATS_TEST_DIRNAME/scenarios/shop" shop >diff; then
        echo "nothing was changed by $2" >&2
        return 1
    fi
    # Where the item starts, which its name does.
    at=$(awk -v name="name: $3" '{ c = index($0, name); if (c && $0 ~ name "$") print NR ":" c }' "shop/$1")
    shop --single
    fails_with 1
    prints "FAILED: 1 error in "
    prints "  1  $4, $3"
    prints "/$3 (shop/$1:$at): $5"
    says "/$3 (shop/$1:$at): $5"
}

# steps ARGUMENT...: runs the activities on standard input, indented by two.
steps() {
    {
        printf 'file_version: stressor#0\nconfig: {request_timeout: 30}\n'
        printf 'sessions: {users: [{name: alice, password: secret}, {name: bob, password: hunter2}]}\n'
        printf 'scenario:\n  - {sequence: main, repeat: $(repeat)}\n'
        printf 'sequences:\n  main:\n'
        cat
    } | sed "s/\$(repeat)/${repeat:-1}/" >steps.yaml
    stressor run steps -o "base_url:$NGINX_URL/" "$@"
}

# metric NAME: its value in the summary.
metric() {
    sed -nE "s/^ *${1//./\\.} +([0-9,]+).*/\1/p" <<<"$output" | tr -d ,
}

# counted REQUESTS CONNECTIONS: by nginx and by us alike.
counted() {
    local ours theirs
    ours="$(metric http.requests) $(metric http.connections)"
    theirs="$(nginx_requests) $(nginx_connections)"
    if [ "$ours" != "$1 $2" ] || [ "$theirs" != "$1 $2" ]; then
        printf 'not %s requests and connections: %s by us, %s by nginx\n' "$1 $2" "$ours" \
            "$theirs" >&2
        return 1
    fi
}

# requested: method, address and status of each request, in order.
requested() {
    nginx_log | cut -d' ' -f3-5
}

@test "the shop is green, and nginx counts the same requests and connections" {
    shop
    succeeds
    prints 'PASSED: 96 activities, no errors'
    # Every session has one connection, and no other uses it.
    counted 96 4
    nginx_log | sed -nE 's/^([0-9]+) .* "session\/(t0[1-4]) .*/\1 \2/p' | sort -u >pairs
    [ "$(wc -l <pairs)" -eq 4 ]
    [ "$(cut -d' ' -f2 pairs | sort -u | xargs)" = "t01 t02 t03 t04" ]
    # Each worked on a file of its own: three times written and read, deleted, asked for in vain.
    [ "$(nginx_log | grep -oE '/dav/[0-9a-f]{32}\.txt' | sort | uniq -c | awk '{ print $1 }' | xargs)" = "8 8 8 8" ]
    [ -z "$(ls "$NGINX_DIR/www/dav")" ]
}

@test "the users of a file are dealt round robin, and nginx knows them by basic auth" {
    shop
    succeeds
    [ "$(nginx_log | sed -nE 's/.*\/(t0[1-4]) .* "([a-z]+)"$/\1 \2/p' | sort -u | xargs)" \
        = "t01 alice t02 bob t03 alice t04 bob" ]
}

@test "each broken expectation of a status is red where it stands" {
    broken scenario.yaml 's/assert_status: 200/assert_status: 201/' \
        login "ASSERTION status" "expected status 201, got 200 from POST $NGINX_URL/login"
    # A failed init ends the session, without `end`.
    [ "$(nginx_requests)" -eq 1 ]
    broken main_sequence.yaml 's/200, 206/206, 404/' \
        items "ASSERTION status" "expected status one of [206, 404], got 200 from GET $NGINX_URL/items.json"
    broken scenario.yaml 's/assert_status: 404/assert_status: 410/' \
        gone "ASSERTION status" "expected status 410, got 404 from GET $NGINX_URL/dav/"
}

@test "an error status is red without an expectation, and green with it" {
    broken main_sequence.yaml 's|/hello.txt|/nowhere.txt|' \
        whole "ASSERTION status" "expected status below 400, got 404 from GET $NGINX_URL/nowhere.txt"
    broken main_sequence.yaml 's|/hello.txt|/status/503|' \
        whole "ASSERTION status" "expected status below 400, got 503"
    steps <<'YAML'
  - {activity: GetRequest, url: /status/503, assert_status: 503}
  - {activity: GetRequest, url: /status/404, assert_status: [200, 404]}
  - {activity: GetRequest, url: /status/204}
YAML
    succeeds
}

@test "each broken expectation of the JSON is red where it stands" {
    broken scenario.yaml 's/0-9a-f\]\{32\}/0-9a-f]{33}/' \
        login "ASSERTION json" "expected 'guid' to match '[0-9a-f]{33}$', got '"
    broken main_sequence.yaml 's/total: 2/total: 3/' \
        items "ASSERTION json" "expected 'total' to equal 3, got 2 from GET"
    # Matched at the start.
    broken main_sequence.yaml 's/name: tw$/name: wo/' \
        items "ASSERTION json" "expected 'items.[1].name' to match 'wo', got 'two' from GET"
    broken main_sequence.yaml 's/items\.\[1\]\.name: tw/items.[2].name: tw/' \
        items "ASSERTION json" "expected 'items.[2].name' in the answer: no item [2] in"
    broken main_sequence.yaml 's/guid: .*/guid: other/' \
        account "ASSERTION json" "expected 'guid' to match 'other', got '"
    broken main_sequence.yaml 's|url: items\.json|url: hello.txt|; /assert_match_headers/d' \
        items "ASSERTION json" "expected JSON, got 'hello"
}

@test "each broken expectation of headers, text and time is red where it stands" {
    broken main_sequence.yaml "s/'application.json'/'text'/" \
        items "ASSERTION headers" "expected headers that match '.*'Content-Type': 'text'' from the start, got {'Server': 'nginx"
    broken main_sequence.yaml 's/\^item 2\$/^item 3$/' \
        read "ASSERTION assert_match" "pattern '^item 3\$' not found in 'of alice"
    broken main_sequence.yaml 's/\(\?i\)//' \
        whole "ASSERTION assert_match" "pattern '^HELLO' not found in 'hello"
    broken main_sequence.yaml 's/max_time: 20/max_time: 0.0000001/' \
        read "ASSERTION assert_max_time" "expected to take at most 100 ns, took "
}

@test "what could not be stored is missed where it is used, and end still tidies up" {
    rm -rf shop
    cp -r "$BATS_TEST_DIRNAME/scenarios/shop" shop
    sed -i 's/second: items.\[1\]/second: items.[7]/' shop/main_sequence.yaml
    # The file is there, so that what follows is not missed too.
    sed -i 's/name: write/name: write\n  activity: PutRequest\n  url: \/dav\/$(guid).txt\n  data: item 2\n\n- name: fill/' \
        shop/main_sequence.yaml
    shop --single
    fails_with 1
    prints 'FAILED: 2 errors in '
    says "/second (shop/main_sequence.yaml:17:3): store_json 'second': no item [7] in [{'id': 1"
    says "there are 2 items [ASSERTION store_json]"
    says "/fill (shop/main_sequence.yaml:33:3): argument 'data': unknown variable 'second'"
    says "(shop/main_sequence.yaml:36:9) [SCRIPT unknown variable]"
    [ -z "$(ls "$NGINX_DIR/www/dav")" ]
}

@test "a wrong password is red in every pass of the user that has it" {
    rm -rf shop
    cp -r "$BATS_TEST_DIRNAME/scenarios/shop" shop
    sed -i 's/hunter2/wrong/' shop/users.yaml
    shop
    fails_with 1
    # Two of four sessions, three passes each.
    prints 'FAILED: 6 errors in 96 activities'
    prints '6  ASSERTION status, protected'
    says "protected (shop/main_sequence.yaml:23:3): expected status 200, got 401"
    [[ $output$stderr != *wrong* ]]
}

@test "a keep-alive limit of the server gives as many connections as it must" {
    repeat=10 steps <<<'  - {activity: GetRequest, url: /three}'
    succeeds
    counted 10 4
    [ "$(nginx_log | cut -d' ' -f2 | xargs)" = "1 2 3 1 2 3 1 2 3 1" ]
}

@test "a server that closes after each answer gets a connection for each request" {
    repeat=7 steps <<<'  - {activity: GetRequest, url: /close, assert_json: {closed: true}}'
    succeeds
    counted 7 7
}

@test "fifty sessions are fifty connections" {
    rm -rf shop
    cp -r "$BATS_TEST_DIRNAME/scenarios/shop" shop
    sed -i 's/count: 4/count: 50/' shop/scenario.yaml
    shop
    succeeds
    counted 1200 50
}

@test "a session talks to two hosts over a connection each" {
    repeat=3 steps <<YAML
  - {activity: GetRequest, url: /json}
  - {activity: GetRequest, url: 'http://localhost:$NGINX_PORT/json'}
YAML
    succeeds
    counted 6 2
}

@test "redirects are followed and counted, and the method goes as browsers do" {
    steps <<'YAML'
  - {activity: GetRequest, url: /redirect, assert_json: {id: 42}}
  - {activity: GetRequest, url: /redirect-relative, assert_json: {id: 42}}
  - {activity: PostRequest, url: /redirect-see-other, data: body, assert_json: {method: GET, length: '$'}}
  - {activity: PostRequest, url: /redirect-keep, data: body, assert_json: {method: POST, length: '4'}}
YAML
    succeeds
    [ "$(requested)" = "GET /redirect 302
GET /json 200
GET /redirect-relative 302
GET /json 200
POST /redirect-see-other 303
GET /echo 200
POST /redirect-keep 307
POST /echo 200" ]
    counted 8 1
}

@test "redirects without end are an error after thirty" {
    steps <<'YAML'
  - {activity: GetRequest, url: /redirect-loop}
YAML
    fails_with 1
    says "expected at most 30 redirects"
    says "[TARGET redirects]"
    [ "$(nginx_requests)" -eq 31 ]
}

@test "a name and password are not sent to the host of a redirect" {
    steps <<'YAML'
  - {activity: GetRequest, url: /echo, auth: [alice, secret], assert_json: {authorization: Basic}}
  - {activity: GetRequest, url: /redirect-host, auth: [alice, secret], assert_json: {host: localhost, authorization: '$'}}
YAML
    succeeds
}

@test "basic auth is the user's, the activity's, or none with null" {
    local alice bob
    alice=$(printf alice:secret | base64) bob=$(printf bob:hunter2 | base64)
    cat >auth.yaml <<YAML
file_version: stressor#0
sessions: {users: [{name: alice, password: secret}], basic_auth: true}
scenario:
  - sequence: main
sequences:
  main:
    - {activity: GetRequest, url: /echo, assert_json: {authorization: Basic $alice\$}}
    - {activity: GetRequest, url: /echo, auth: [bob, hunter2], assert_json: {authorization: Basic $bob\$}}
    - {activity: GetRequest, url: /echo, auth: null, assert_json: {authorization: \$}}
    - {activity: GetRequest, url: /protected}
    - {activity: GetRequest, url: /protected, auth: [bob, hunter2]}
    - {activity: GetRequest, url: /protected, auth: null, assert_status: 401}
    - {activity: GetRequest, url: /protected, auth: [bob, secret], assert_status: 401}
YAML
    stressor run auth -o "base_url:$NGINX_URL"
    succeeds
    # Without basic_auth it is sent where an activity says so.
    steps <<YAML
  - {activity: GetRequest, url: /echo, assert_json: {authorization: \$}}
  - {activity: GetRequest, url: /echo, auth: \$(user.auth), assert_json: {authorization: Basic $alice\$}}
YAML
    succeeds
}

@test "a certificate that nobody signed is refused, unless it is told to be trusted" {
    steps <<YAML
  - {name: unknown, activity: GetRequest, url: "$NGINX_TLS_URL/json"}
YAML
    fails_with 1
    says "[TARGET certificate]"
    [ "$(nginx_requests)" -eq 0 ]
    steps <<YAML
  - {activity: GetRequest, url: "$NGINX_TLS_URL/json", verify: false, assert_json: {id: 42}}
  - {activity: GetRequest, url: "$NGINX_TLS_URL/json", verify: "$NGINX_CA", assert_json: {id: 42}}
YAML
    succeeds
    steps <<YAML
  - {activity: GetRequest, url: "$NGINX_TLS_URL/json", verify: "$NGINX_DIR/key.pem"}
  - {activity: GetRequest, url: "$NGINX_TLS_URL/json", verify: "$NGINX_DIR/none.pem"}
YAML
    fails_with 1
    prints "FAILED: 2 errors"
    says "argument 'verify': the file of CA certificates cannot be used"
    says "[SCRIPT argument]"
}

@test "sessions.verify_ssl is the default of verify" {
    cat >tls.yaml <<YAML
file_version: stressor#0
sessions: {count: 3, verify_ssl: false}
scenario:
  - {sequence: main, repeat: 4}
sequences:
  main:
    - {activity: GetRequest, url: json}
YAML
    stressor run tls -o "base_url:$NGINX_TLS_URL"
    succeeds
    counted 12 3
    sed -i 's/url: json/url: json, verify: true/' tls.yaml
    stressor run tls -o "base_url:$NGINX_TLS_URL"
    fails_with 1
    prints "12  TARGET certificate"
}

@test "plain HTTP to a TLS port and TLS to a plain one are errors of the target" {
    steps <<YAML
  - {activity: GetRequest, url: "http://${NGINX_TLS_URL#https://}/json"}
  - {activity: GetRequest, url: "https://${NGINX_URL#http://}/json", verify: false}
YAML
    fails_with 1
    says "got 400"
    says "[TARGET tls]"
}

@test "cookies are of one session, and sent back by it alone" {
    cat >cookies.yaml <<'YAML'
file_version: stressor#0
sessions: {count: 8}
scenario:
  - {sequence: main, repeat: 5}
sequences:
  main:
    - {activity: GetRequest, url: /login, store_json: {guid: guid}}
    - {activity: GetRequest, url: /account, assert_json: {guid: $(guid)}}
    - {activity: GetRequest, url: /echo, assert_json: {cookie: 'session=$(guid)$'}}
    - {activity: GetRequest, url: 'http://localhost:$(port)/echo', assert_json: {cookie: $}}
YAML
    stressor run cookies -o "base_url:$NGINX_URL" -o "port:$NGINX_PORT"
    succeeds
    steps <<'YAML'
  - {activity: GetRequest, url: /account, assert_status: 401}
YAML
    succeeds
}

@test "every method arrives as it is" {
    steps <<'YAML'
  - {activity: GetRequest, url: /echo, assert_json: {method: GET$}}
  - {activity: PostRequest, url: /echo, assert_json: {method: POST$}}
  - {activity: PutRequest, url: /echo, data: x, assert_json: {method: PUT$, length: 1$}}
  - {activity: DeleteRequest, url: /echo, assert_json: {method: DELETE$}}
  - {activity: PatchRequest, url: /echo, json: {a: 1}, assert_json: {method: PATCH$, type: application/json$}}
  - {activity: OptionsRequest, url: /echo, assert_json: {method: OPTIONS$}}
  - {activity: HeadRequest, url: /100k.txt, assert_match_headers: ".*'Content-Length': '102400'", assert_match: ^$}
  - {activity: HTTPRequest, method: get, url: /echo, assert_json: {method: GET$}}
  - {activity: HTTPRequest, method: PROPFIND, url: /echo, assert_json: {method: PROPFIND$}}
YAML
    succeeds
    [ "$(requested | cut -d' ' -f1 | xargs)" = \
        "GET POST PUT DELETE PATCH OPTIONS HEAD GET PROPFIND" ]
    counted 9 1
}

@test "relative addresses are joined by the rules of RFC 3986" {
    cat >relative.yaml <<'YAML'
file_version: stressor#0
scenario:
  - sequence: main
sequences:
  main:
    - {activity: GetRequest, url: x, assert_status: 404}
    - {activity: GetRequest, url: ./x/../y, assert_status: 404}
    - {activity: GetRequest, url: ../x, assert_status: 404}
    - {activity: GetRequest, url: ../../../x, assert_status: 404}
    - {activity: GetRequest, url: /x, assert_status: 404}
    - {activity: GetRequest, url: '?q', assert_status: 404}
    - {activity: GetRequest, url: '', assert_status: 404}
    - {activity: GetRequest, url: 'ä b', assert_status: 404}
YAML
    stressor run relative -o "base_url:$NGINX_URL/a/b/c"
    succeeds
    [ "$(requested | cut -d' ' -f2)" = "/a/b/x
/a/b/y
/a/x
/x
/x
/a/b/c?q
/a/b/c
/a/b/%C3%A4%20b" ]
}

@test "params are added to those of the address" {
    steps <<'YAML'
  - activity: GetRequest
    url: /echo?x=1
    params: {a: 'b c', n: 2, f: 1.0, t: true, none: null, l: [1, 2], u: 'ä&='}
    assert_json: {uri: '/echo\?x=1&a=b\+c&n=2&f=1.0&t=True&l=1&l=2&u=%C3%A4%26%3D$'}
  - activity: GetRequest
    url: /echo
    params: [[a, 1], [a, 2], [b, '']]
    assert_json: {uri: '/echo\?a=1&a=2&b=$'}
YAML
    succeeds
}

@test "bodies and their types arrive as the arguments say" {
    start_target
    cat >bodies.yaml <<'YAML'
file_version: stressor#0
context: {word: hällo}
scenario:
  - sequence: main
sequences:
  main:
    - activity: PostRequest
      url: /echo
      data: {a: 'b c', none: null, l: [1, 2], w: $(word)}
      assert_json: {body: 'a=b\+c&l=1&l=2&w=h%C3%A4llo$'}
      assert_match: "'application/x-www-form-urlencoded'"
    - activity: PostRequest
      url: /echo
      data: 'as it is: $(word)'
      assert_json: {body: 'as it is: hällo$', size: 16}
    - activity: PostRequest
      url: /echo
      json: {a: [1, 2.5, null, true], w: $(word)}
      assert_json: {body: '\{"a": ?\[1, ?2.5, ?null, ?true\], ?"w": ?"(hällo|h\\u00e4llo)"\}$'}
      assert_match: "'application/json'"
    - activity: PostRequest
      url: /echo
      data: first
      json: {second: 1}
      assert_json: {body: first$}
    - activity: PutRequest
      url: /echo
      assert_json: {size: 0}
YAML
    stressor run bodies -o "base_url:$TARGET_URL"
    succeeds
    [ "$(target_count .requests)" -eq 5 ]
}

@test "headers of the file win over ours in any case of letters, and null removes them" {
    start_target
    cat >headers.yaml <<'YAML'
file_version: stressor#0
scenario:
  - sequence: main
sequences:
  main:
    - activity: GetRequest
      url: /echo
      assert_match: "(?s)\\A(?=.*'Accept', '\\*/\\*')(?=.*'Accept-Encoding', 'gzip, deflate'\\])(?=.*'session/t01 Stressor/)"
    - activity: GetRequest
      url: /echo
      headers: {accept: text/plain, X-Number: 7, user-AGENT: mine}
      assert_match: "(?s)\\A(?=.*'accept', 'text/plain')(?=.*'X-Number', '7')(?=.*'user-AGENT', 'mine')(?!.*\\*/\\*)(?!.*Stressor)"
    - activity: GetRequest
      url: /echo
      headers: {Accept: null, User-Agent: null, Accept-Encoding: null}
      assert_match: "(?s)\\A(?!.*Accept)(?!.*User-Agent)"
    - activity: PostRequest
      url: /echo
      data: {a: 1}
      headers: {content-type: text/weird}
      assert_match: "(?s)\\A(?=.*'content-type', 'text/weird')(?!.*urlencoded)"
YAML
    stressor run headers -o "base_url:$TARGET_URL"
    succeeds
    steps -o $'bad:a\r\nHost: evil' <<'YAML'
  - {activity: GetRequest, url: /json, headers: {X-Bad: $(bad)}}
  - {activity: GetRequest, url: /json, headers: {X-Bad: 'x $(bad)'}}
YAML
    fails_with 1
    prints "2  SCRIPT header"
    [ "$(nginx_requests)" -eq 0 ]
}

@test "a compressed answer is checked as what it holds" {
    steps <<'YAML'
  - activity: GetRequest
    url: /gzip
    assert_match_headers: ".*'Content-Encoding': 'gzip'"
    assert_match: ^x+$
YAML
    succeeds
    # What counts is what it holds, too.
    prints "102 kB"
}

@test "what PUT wrote is in the file" {
    steps <<'YAML'
  - {activity: PutRequest, url: /dav/a/b.txt, data: "first\nsecond", assert_status: 201}
YAML
    succeeds
    [ "$(cat "$NGINX_DIR/www/dav/a/b.txt")" = $'first\nsecond' ]
}
