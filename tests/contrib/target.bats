# The practice target, with curl as its client.

bats_require_minimum_version 1.5.0

setup() {
    load "$STRESSOR_SOURCE/tests/support/servers"
    start_target
    program=$STRESSOR_BUILD/libexec/stressor/stressor-target
}

teardown() {
    stop_servers
}

# ask [CURL OPTION...] PATH: sets status to the answer's, output to its body.
ask() {
    local path=${*: -1} answer
    answer=$(curl -sS --noproxy '*' --max-time 20 -w '\n%{http_code}' "${@:1:$#-1}" "$TARGET_URL$path")
    status=${answer##*$'\n'}
    output=${answer%$'\n'*}
}

# is STATUS JQ-EXPRESSION: what the last answer was.
is() {
    [ "$status" = "$1" ] && jq -e "$2" <<<"$output" >/dev/null && return
    echo "expected $1 and $2, got $status and $output"
    return 1
}

# Leaves a client waiting for 40 s; sets waiting to its pid.
wait_on_delay() {
    local log=$BATS_TEST_TMPDIR/waiting
    : >"$log"
    curl -sS -v --max-time 50 "$TARGET_URL/delay/40s" 3>&- 2>"$log" &
    waiting=$!
    until grep -q '^> GET /delay' "$log"; do
        sleep 0.01
    done
}

@test "a login gives a GUID and a cookie that opens the account" {
    local jar=$BATS_TEST_TMPDIR/jar guid
    ask -c "$jar" -d user=ann -d password=secret /login
    is 200 '.user == "ann" and (.guid | test("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"))'
    guid=$(jq -r .guid <<<"$output")
    ask -b "$jar" /account
    is 200 ".user == \"ann\" and .guid == \"$guid\""
}

@test "a login takes JSON, a form and a multipart form" {
    ask -H 'Content-Type: application/json' -d '{"user":"bob","password":"x"}' /login
    is 200 '.user == "bob"'
    ask -d 'user=b%20b&password=x' /login
    is 200 '.user == "b b"'
    ask -F user=bob -F password=x /login
    is 200 '.user == "bob"'
}

@test "a login refuses the password wrong, and what is no login" {
    ask -d user=ann -d password=wrong /login
    is 401 '.error == "wrong password"'
    ask -d user=ann /login
    is 400 '.error == "password is missing"'
    ask -d password=x /login
    is 400 '.error == "user is missing"'
    ask -d "user=$(printf '%065d' 0)" -d password=x /login
    is 400 '.error == "user and password have at most 64 bytes"'
    ask -H 'Content-Type: application/json' -d '{"user":' /login
    is 400 '.error | test("neither a form nor")'
    ask -H 'Content-Type: application/json' -d '[1]' /login
    is 400 '.error | test("neither a form nor")'
    ask -d $'user=\xff' -d password=x /login
    is 400 '.error == "user is not UTF-8"'
}

@test "the account needs a cookie that was handed out" {
    ask /account
    is 401 '.error == "the cookie session is missing"'
    ask -b session=00000000-0000-4000-8000-000000000000 /account
    is 401 '.error == "the cookie session is not known here"'
}

@test "the protected page needs basic authentication" {
    ask -D "$BATS_TEST_TMPDIR/head" /protected
    is 401 '.error == "basic authentication is missing"'
    grep -qi '^WWW-Authenticate: Basic realm=' "$BATS_TEST_TMPDIR/head"
    ask -u ann:wrong /protected
    is 401 '.error == "wrong password"'
    ask -u ann:secret /protected
    is 200 '.user == "ann"'
}

@test "files are created, replaced, read and deleted" {
    ask -X PUT -d one /files/a.txt
    is 201 '. == {"name": "a.txt", "size": 3}'
    ask -X PUT -d three /files/a.txt
    is 200 '.size == 5'
    ask /files/a.txt
    [ "$status $output" = "200 three" ]
    ask -X DELETE /files/a.txt
    [ "$status" = 204 ]
    ask /files/a.txt
    is 404 '.error == "no such file: a.txt"'
    ask -X DELETE /files/a.txt
    is 404 .error
}

@test "a file's name and size have ceilings" {
    head -c 1048576 /dev/zero >"$BATS_TEST_TMPDIR/most"
    head -c 1048577 /dev/zero >"$BATS_TEST_TMPDIR/more"
    ask -T "$BATS_TEST_TMPDIR/most" /files/a
    is 201 '.size == 1048576'
    ask -T "$BATS_TEST_TMPDIR/more" /files/b
    is 413 .error
    ask -H 'Transfer-Encoding: chunked' -T "$BATS_TEST_TMPDIR/more" /files/b
    is 413 .error
    ask /files/b
    [ "$status" = 404 ]
    ask -X PUT -d x "/files/$(printf '%0100d' 0)"
    [ "$status" = 201 ]
    local name
    for name in "$(printf '%0101d' 0)" '' a/b a%20b %C3%A4; do
        ask -X PUT -d x "/files/$name"
        is 400 '.error | test("name")'
    done
}

@test "an upload without end is cut off" {
    run -0 --separate-stderr timeout 20 bash -c \
        'head -c 40000000 /dev/zero | curl -sS --max-time 20 -T - "$1/files/a" || true' - "$TARGET_URL"
    ask /json
    [ "$status" = 200 ]
}

@test "all files together have a ceiling, which a deletion makes room below" {
    head -c 1048576 /dev/zero >"$BATS_TEST_TMPDIR/file"
    curl -sSf -o /dev/null -T "$BATS_TEST_TMPDIR/file" "$TARGET_URL/files/[1-64]"
    ask -X PUT -d x /files/one-more
    is 507 '.error | test("all files together")'
    ask -X PUT -d smaller /files/7
    is 200 '.size == 7'
    ask -X PUT -d x /files/one-more
    is 201 '.size == 1'
}

@test "the number of files has a ceiling" {
    curl -sSf -o /dev/null -X PUT -d x "$TARGET_URL/files/[1-1000]"
    ask -X PUT -d x /files/one-more
    is 507 '.error | test("1000 files")'
    ask -X PUT -d y /files/1000
    is 200 .name
    ask -X DELETE /files/1
    ask -X PUT -d x /files/one-more
    is 201 .name
}

@test "a status is answered as asked, with any method" {
    ask /status/503
    is 503 '.status == 503'
    ask -X PATCH /status/418
    is 418 '.status == 418'
    ask /status/204
    [ "$status$output" = 204 ]
    for bad in 199 600 1000000000000000000000 -1 abc ''; do
        ask "/status/$bad"
        is 400 .error
    done
}

@test "a delay takes its time and holds up nobody" {
    local start=$EPOCHREALTIME took
    curl -sSf -o /dev/null --parallel --parallel-immediate --parallel-max 50 \
        "$TARGET_URL/delay/400ms?[1-50]"
    took=$((${EPOCHREALTIME/./} - ${start/./}))
    [ "$took" -ge 400000 ]
    [ "$took" -lt 5000000 ]
    [ "$(target_count '.by_route."/delay/DURATION"')" = 50 ]
}

@test "a page is answered while others wait" {
    wait_on_delay
    ask --max-time 5 /json
    [ "$status" = 200 ]
    kill "$waiting"
    wait "$waiting" || true
}

@test "durations are read with their units, up to the ceiling" {
    ask /delay/1500us
    is 200 '.delay_ms == 1.5'
    ask /delay/0.002
    is 200 '.delay_ms == 2'
    ask /delay/0
    is 200 '.delay_ms == 0'
    local bad
    for bad in '' 61s 2m 60.5s 5x -1s 1e3 1h 99999999999999999999s .5 ' 1s'; do
        ask "/delay/${bad// /%20}"
        is 400 '.error | test("up to 60s")'
    done
}

@test "bytes come in the number asked for, up to the ceiling" {
    [ "$(curl -sS "$TARGET_URL/bytes/10000000" | wc -c)" -eq 10000000 ]
    ask /bytes/0
    [ "$status$output" = 200 ]
    ask /bytes/268435457
    is 400 .error
}

@test "redirects are as many as asked for" {
    ask -L /redirect/3
    is 200 '.left == 0'
    [ "$(target_count '.by_status | {"302", "200"}')" = "$(jq . <<<'{"302": 3, "200": 1}')" ]
    ask /redirect/101
    is 400 .error
}

@test "echo tells what arrived" {
    ask -X PUT -H 'X-One: 1' -d 'h=ä' '/echo?a=1&a=2%26&b'
    is 200 '.method == "PUT" and .query == [["a", "1"], ["a", "2&"], ["b", null]] and
            (.headers | contains([["X-One", "1"]])) and .body == "h=ä" and .size == 4'
}

@test "the index page lists every page" {
    ask /
    [ "$status" = 200 ]
    local page
    for page in /login /account /protected /files/NAME /status/N /delay/DURATION /bytes/N \
        /redirect/N /json /echo /stats; do
        [[ $output == *"<code>$page</code>"* ]]
    done
}

@test "an unknown page and a wrong method say what is wrong" {
    ask /nowhere
    is 404 '.error == "no such page: /nowhere"'
    ask -X DELETE -D "$BATS_TEST_TMPDIR/head" /login
    is 405 '.error == "/login takes POST, not DELETE"'
    grep -q '^Allow: POST' "$BATS_TEST_TMPDIR/head"
    ask -I /json
    [ "$status" = 200 ]
}

@test "stats count requests, connections and bytes, but not their own" {
    ask /stats
    is 200 '.requests == 0 and .connections == 0'
    curl -sSf -o /dev/null "$TARGET_URL/bytes/[1-3]"
    ask -X PUT -d 12345 /files/a
    ask -I /bytes/100
    ask /nowhere
    ask /stats
    is 200 '.requests == 6 and .connections == 4 and .bytes_received == 5 and .aborted == 0 and
            .by_method == {"GET": 4, "HEAD": 1, "PUT": 1} and
            .by_status == {"200": 4, "201": 1, "404": 1} and
            .by_route == {"/bytes/N": 4, "/files/NAME": 1, "unknown": 1}'
}

@test "many connections at once lose no request" {
    curl -sSf -o /dev/null --parallel --parallel-immediate --parallel-max 200 \
        "$TARGET_URL/delay/50ms?[1-1000]"
    [ "$(target_count .requests)" = 1000 ]
    [ "$(target_count '.by_status."200"')" = 1000 ]
}

@test "an answer that the client does not take counts as aborted" {
    curl -sS --max-filesize 10 -o /dev/null "$TARGET_URL/bytes/200000000" || true
    for _ in {1..500}; do
        [ "$(target_count .aborted)" = 1 ] && return
    done
    false
}

@test "SIGTERM and SIGINT end it with 0, even while answers wait" {
    wait_on_delay
    ask /json
    stop_target
    wait "$waiting" || true
    start_target
    kill -INT "$TARGET_PID"
    wait "$TARGET_PID"
}

@test "with --until-eof it ends when its input does" {
    run -0 --separate-stderr timeout 20 "$program" --port 0 --until-eof </dev/null
    [[ $output =~ ^listening\ on\ http://127\.0\.0\.1:[0-9]+/$ ]]
}

@test "a port that is taken is reported with a way out" {
    run -1 "$program" --port "$TARGET_PORT"
    [[ $output == *"cannot listen on 127.0.0.1 port $TARGET_PORT: Address already in use"* ]]
    [[ $output == *"--port 0"* ]]
}

@test "wrong usage is 2, and one line says what is wrong" {
    local bad says
    while IFS='|' read -r bad says; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr "$program" $bad
        [ -z "$output" ]
        echo "$bad: $stderr"
        [ "$stderr" = "stressor target: $says"$'\nSee "stressor target --help".' ]
    done <<'END'
--port|option '--port' requires an argument
--port x|a port is 0 to 65535, not x
--port 65536|a port is 0 to 65535, not 65536
--port -1|a port is 0 to 65535, not -1
--nonsense|unrecognized option '--nonsense'
--until-eof=now|option '--until-eof' doesn't allow an argument
-x|invalid option -- 'x'
argument|unexpected argument: argument
END
    run -0 --separate-stderr "$program" --help
    [[ $output == Usage:* ]]
    [ -z "$stderr" ]
}

@test "it listens on 127.0.0.1 only" {
    local hex
    hex=$(printf '%04X' "$TARGET_PORT")
    grep -q "0100007F:$hex 00000000:0000 0A" /proc/net/tcp
    run ! grep "00000000:$hex 00000000:0000 0A" /proc/net/tcp
    run ! grep ":$hex [0:]* 0A" /proc/net/tcp6
}
