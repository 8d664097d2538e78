# The monitor as programs meet it: who is answered, what is served, how the run is stopped.
# What people see is tested with a browser, in browser.py.

setup() {
    load "$STRESSOR_SOURCE/tests/e2e/helper"
    load "$STRESSOR_SOURCE/tests/support/servers"
    cd "$BATS_TEST_TMPDIR"
    sleepers 2
}

teardown() {
    end_child
    stop_servers
}

# sleepers COUNT: a scenario whose sessions sleep until they are stopped.
sleepers() {
    scenario sleep.yaml <<EOF
file_version: stressor#0
config: {name: sleepers}
sessions: {count: $1}
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: Sleep, duration: 1000, name: long pause}
EOF
}

# watch ARGS...: runs a scenario with a monitor on a free port, as $child; its address is in $at
# (HOST:PORT). Messages go into the file `messages`.
watch() {
    "$STRESSOR" run --report monitor=0 "$@" >output 2>messages 3>&- &
    child=$!
    find_address messages
}

# find_address MESSAGES: waits until the monitor has said where it is.
find_address() {
    local deadline=$((SECONDS + 60))
    until at=$(sed -n 's|.*monitor: http://\([^/]*\)/$|\1|p' "$1") && [ -n "$at" ]; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.01
    done
}

# answer [CURL OPTION...] PATH: the status is in $code, headers in the file `head`, the body in `body`.
answer() {
    : >body
    code=$(curl -sS --noproxy '*' --max-time 30 -D head -o body -w '%{http_code}' \
        "${@:1:$#-1}" "http://$at${*: -1}")
}

# answers STATUS [CURL OPTION...] PATH
answers() {
    answer "${@:2}"
    [ "$code" = "$1" ] && return
    echo "expected $1, got $code from ${*:2}" >&2
    cat head body >&2
    return 1
}

token() {
    answers 200 /
    token=$(sed -n 's/.*name="stressor-token" content="\([0-9a-f]*\)".*/\1/p' body)
    [ ${#token} -eq 32 ]
}

# The first event that says so: event JQ-EXPRESSION
event() {
    local line
    while read -r -t 60 line; do
        if [[ $line == "data: {"* ]] && jq -e "$1" <<<"${line#data: }" >event; then
            return 0
        fi
    done < <(curl -sSN --noproxy '*' --max-time 60 "http://$at/events" 3>&-)
    echo "no such event at $at" >&2
    return 1
}

@test "it listens on the loopback interface and nowhere else" {
    watch sleep
    [[ $at == 127.0.0.1:* ]]
    local port=${at##*:}
    [ "$(ss -Hltn "sport = :$port" | awk '{print $4}')" = "127.0.0.1:$port" ]
}

@test "only our own names are served, with our port" {
    watch sleep
    local port=${at##*:} path
    for path in / /app.js /events /table/sessions /report.json /nothing; do
        answers 403 -H 'Host: evil.example' "$path"
        answers 403 -H "Host: evil.example:$port" "$path"
    done
    answers 403 -H 'Host: localhost:1' /
    answers 403 -H 'Host:' /
    answers 403 -X POST -H "Host: evil.example:$port" /stop
    answers 200 -H "Host: localhost:$port" /
    answers 200 -H "Host: [::1]:$port" /
}

@test "orders need POST, the token and our own origin" {
    watch sleep
    token
    local header="X-Stressor-Token: $token" path
    for path in /stop /abort; do
        answers 405 "$path"
        grep -qi '^Allow: POST' head
        answers 405 -H "$header" "$path"
        answers 405 -X PUT -H "$header" "$path"
        answers 403 -X POST "$path"
        answers 403 -X POST -H 'X-Stressor-Token: 00000000000000000000000000000000' "$path"
        answers 403 -X POST -d "token=$token" "$path?token=$token"
        answers 403 -X POST -H "$header" -H 'Origin: http://evil.example' "$path"
        answers 403 -X POST -H "$header" -H 'Origin: null' "$path"
        answers 403 -X POST -H "$header" -H 'Origin: http://127.0.0.1:1' "$path"
        answers 403 -X POST -H "$header" -H 'Sec-Fetch-Site: cross-site' "$path"
    done
    event '.run.stage == "running"'
    answers 202 -X POST -H "$header" -H "Origin: http://$at" /stop
    event '.run.stage == "done" and .run.verdict == "stopped"'
    answers 409 -X POST -H "$header" /stop
    kill -INT "$child"
    finish
    [ "$status" -eq 3 ]
}

@test "abort stops a run whose end takes long" {
    scenario sleep.yaml <<'EOF'
file_version: stressor#0
scenario: [{sequence: main}, {sequence: end}]
sequences:
  main: [{activity: Sleep, duration: 1000}]
  end: [{activity: Sleep, duration: 1000, name: tidy up}]
EOF
    watch sleep
    token
    answers 202 -X POST -H "X-Stressor-Token: $token" /stop
    event '.run.stage == "stopping"'
    answers 202 -X POST -H "X-Stressor-Token: $token" /abort
    event '.run.stage == "done"'
    kill -INT "$child"
    finish
    [ "$status" -eq 3 ]
}

@test "every answer forbids foreign scripts, framing, guessing and keeping" {
    watch sleep
    local path
    for path in / /app.js /style.css /table/activities /report.json /nothing; do
        answer "$path"
        grep -qi "^Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';" head
        grep -qi '^X-Content-Type-Options: nosniff' head
        grep -qi '^Referrer-Policy: no-referrer' head
        grep -qi '^Cache-Control: no-store' head
        grep -qi '^X-Frame-Options: DENY' head
        run grep -i "unsafe\|^Access-Control" head
        [ "$status" -eq 1 ]
    done
    answers 200 /
    run grep -iE '<script[^>]*>[^<]|<style| style=| on[a-z]+=' body
    [ "$status" -eq 1 ]
}

@test "pages that are not there, methods and bodies that are not taken" {
    watch sleep
    event '.run.stage == "running"'
    answers 404 /index.html
    answers 404 /favicon.ico
    answers 404 /%00
    answers 404 /report.json%00.html
    answers 404 /../../etc/passwd
    answers 404 --path-as-is /../../etc/passwd
    answers 405 -X POST /
    answers 405 -X DELETE /table/sessions
    answers 405 -X OPTIONS /events
    answers 400 '/table/sessions?limit=x'
    answers 400 '/table/sessions?offset=-1'
    answers 400 '/table/activities?offset=99999999999999999999'
    answers 400 '/table/activities?sort=nothing'
    answers 400 "/table/activities?filter=$(printf '%0201d' 0)"
    head -c 5000 /dev/zero >large
    answers 413 -X POST --data-binary @large /stop
    answers 411 -X POST -H 'Transfer-Encoding: chunked' -d x /stop
    answers 200 -I /
    answers 200 -I /events
    run -0 grep -i '^Content-Type: text/event-stream' head
    run -0 grep -i '^Content-Length: 0' head
}

@test "the tables are those of the run, in parts" {
    sleepers 30
    watch sleep
    event '.totals.sessions_running == 30'
    answers 200 '/table/sessions?offset=20&limit=5'
    jq -e '.total == 30 and (.rows | length) == 5 and .rows[0].id == "t21" and
        .rows[0].path == "main/1/long pause" and .rows[0].last_error == null' body
    answers 200 '/table/sessions?filter=T07'
    jq -e '.total == 1 and .rows[0].number == 7' body
    answers 200 '/table/activities?sort=p95_ns&order=down'
    jq -e '.rows[0].name == "long pause"' body
    answers 200 /table/sequences
    jq -e '.rows[0].name == "main"' body
}

@test "the report is that of the report plugin" {
    watch sleep
    event '.run.stage == "running"'
    answers 200 /report.json
    jq -e '.run.name == "sleepers" and (.schema | startswith("stressor.results#"))' body
    grep -qi '^Content-Disposition: attachment; filename="results.json"' head
    answer /report.html
    [ "$code" = 200 ] || [ "$code" = 404 ]
}

@test "there are 32 viewers at most, and a place is free again when one goes" {
    watch sleep
    event '.run.stage == "running"'
    local viewers=() i pid
    for i in {1..32}; do
        curl -sSN --noproxy '*' --max-time 60 -o "events.$i" "http://$at/events" 3>&- &
        viewers+=($!)
    done
    for i in {1..32}; do
        until [ -s "events.$i" ]; do sleep 0.01; done
    done
    answers 503 /events
    kill "${viewers[0]}"
    until answer -I / && curl -sSN --noproxy '*' --max-time 1 "http://$at/events" 2>/dev/null | grep -q '^retry'; do
        sleep 0.05
    done
    for pid in "${viewers[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait "${viewers[@]}" || true
}

@test "a viewer who does not read stops nobody" {
    watch sleep
    exec 8<>"/dev/tcp/${at%:*}/${at##*:}"
    printf 'GET /events HTTP/1.1\r\nHost: %s\r\n\r\n' "$at" >&8
    event '.run.elapsed_ns > 2000000000'
    token
    answers 202 -X POST -H "X-Stressor-Token: $token" /stop
    event '.run.stage == "done"'
    exec 8>&-
}

@test "a given port that is taken is an error that names it; the run goes on and exits with 1" {
    watch sleep
    scenario short.yaml <<'EOF'
file_version: stressor#0
scenario: [{sequence: main}]
sequences: {main: [{activity: Sleep, duration: 0.01}]}
EOF
    stressor run --report "monitor=${at##*:}" short
    fails_with 1
    says "monitor: cannot listen on ${at##*:}: Address already in use"
}

@test "where it listens on all addresses the one of this machine is shown, with a warning" {
    "$STRESSOR" run --report monitor=0.0.0.0:0 sleep >output 2>messages 3>&- &
    child=$!
    find_address messages
    [[ $at == 127.0.0.1:* ]]
    answers 200 /
    grep -q "WARNING monitor: whoever reaches 0.0.0.0:${at##*:} can see the run and stop it" messages
}

@test "what is no address is wrong usage" {
    scenario short.yaml <<'EOF'
file_version: stressor#0
scenario: [{sequence: main}]
sequences: {main: [{activity: Sleep, duration: 0.01}]}
EOF
    local wrong
    for wrong in nothing 127.0.0.1 70000 192.0.2.300:80 some.example:80; do
        stressor run --report "monitor=$wrong" short
        fails_with 2
        says "monitor: '$wrong' is not a port"
    done
}

@test "without a port two monitors live side by side, however quiet, and the page stays until Ctrl-C" {
    scenario short.yaml <<'EOF'
file_version: stressor#0
scenario: [{sequence: main}]
sequences: {main: [{activity: Sleep, duration: 0.01, name: nap}]}
EOF
    local one other
    mkdir a b
    for one in a b; do
        servers_spawn "$one/out" "$one/err" "$STRESSOR" run --monitor -qq short
    done
    for one in a b; do
        find_address "$one/err"
        eval "at_$one=$at"
    done
    [ "$at_a" != "$at_b" ]
    for at in "$at_a" "$at_b"; do
        event '.run.stage == "done" and .run.verdict == "passed"'
        answers 200 /table/activities
        jq -e '.rows[0].name == "nap" and .rows[0].count == 1' body
    done
    kill -INT "${SERVERS_PIDS[@]}"
    wait "${SERVERS_PIDS[0]}"
    wait "${SERVERS_PIDS[1]}"
}

@test "secrets show nowhere" {
    start_target
    export CANARY=canary-5f3b
    scenario secret.yaml <<EOF
file_version: stressor#0
config: {name: canaries, base_url: '$TARGET_URL', canary: \$secret(CANARY)}
context: {later: \$secret(CANARY)}
sessions:
  count: 3
  users:
    - {name: ann, password: canary-5f3b}
    - {name: \$secret(CANARY), password: x}
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: GetRequest, url: '/status/500?key=\$(canary)', name: in the address}
    - {activity: GetRequest, url: /status/500, headers: {Authorization: 'Bearer \$(later)', Cookie: 'a=\$(canary)'}}
    - {activity: PostRequest, url: /status/500, auth: [ann, \$(user.password)], data: {password: \$(later)}}
    - {activity: GetRequest, url: /json, assert_match: 'x \$(canary)', name: in a check}
    - {activity: RunScript, script: 'error("no " .. canary)', name: in a script}
    - {activity: Sleep, duration: 1000}
EOF
    watch secret
    event '.totals.errors == 15 and .totals.sessions_running == 3'
    cp event everything
    local path
    for path in /table/sessions /table/activities /table/sequences /report.json /; do
        answers 200 "$path"
        cat head body >>everything
    done
    answers 200 '/table/sessions?filter=5f3b'
    jq -e '.total == 0' body
    answers 200 /table/sessions
    jq -e '.rows[0].user == "ann" and (.rows[0].last_error | length > 0)' body
    run grep -o '.\{60\}5f3b' everything
    [ "$status" -eq 1 ]
}
