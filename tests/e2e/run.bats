# `stressor run` against the practice target: what options do, what the summary says, how it ends.

setup() {
    load helper
    load "$STRESSOR_SOURCE/tests/support/servers"
    cd "$BATS_TEST_TMPDIR"
    start_target
    mkdir visit
    scenario visit/scenario.yaml <<'YAML'
file_version: stressor#0
config: {name: visit, request_timeout: 60}
context: {status: 200, path: /json}
sessions: {count: 5}
scenario:
  - {sequence: init}
  - {sequence: main, repeat: 4}
  - {sequence: end}
sequences:
  init:
    - {name: login, activity: PostRequest, url: /login, json: {user: joe, password: x}}
  main:
    - {name: json, activity: GetRequest, url: $(path), assert_status: $(status)}
    - {name: bytes, activity: GetRequest, url: /bytes/1000}
    - {name: pause, activity: Sleep, duration: $(pause)}
  end:
    - {name: bye, activity: GetRequest, url: /}
YAML
    cp visit/scenario.yaml visit.yaml
    cat >endless.yaml <<'YAML'
file_version: stressor#0
config: {name: endless}
sessions: {count: 2}
scenario:
  - {sequence: main, duration: 600}
  - {sequence: end}
sequences:
  main:
    - {name: fails, activity: GetRequest, url: /status/500}
    - {name: pause, activity: Sleep, duration: 0.001}
  end:
    - {name: bye, activity: GetRequest, url: /json}
YAML
}

teardown() {
    end_child
    stop_servers
}

# visit ARGS...: against the target.
visit() {
    run --separate-stderr timeout 90 "$STRESSOR" run -o "base_url:$TARGET_URL/" -o pause:0 "$@"
}

# fact NAME: what the summary says of it.
fact() {
    sed -nE "s/^  $1  +//p" <<<"$output"
}

metric() {
    sed -nE "s/^ *${1//./\\.} +([0-9,]+).*/\1/p" <<<"$output" | tr -d ,
}

# row NAME COUNT ERRORS: of the summary.
row() {
    if ! grep -qE "^ *([*!~]+ +)?$1 +(init +|end +)?$2 +$3 " <<<"$output"; then
        printf 'no row "%s" with count %s and %s errors in:\n%s\n' "$1" "$2" "$3" "$output" >&2
        return 1
    fi
}

# now_ms: for what has to be quick or slow.
now_ms() {
    echo $((${EPOCHREALTIME/./} / 1000))
}

@test "the numbers of the summary are those of the target" {
    visit visit
    succeeds
    [[ "${lines[0]}" == "PASSED: 50 activities, no errors" ]]
    row login 5 0
    row json 20 0
    row bytes 20 0
    row pause 20 0
    row bye 5 0
    [ "$(fact sessions | cut -d, -f1)" = 5 ]
    [[ "$(fact activities)" == "50, "*"; 70 with untimed ones" ]]
    [ "$(fact sequences | cut -d, -f1)" = 30 ]
    [ "$(fact errors)" = 0 ]
    [ "$(metric http.requests)" -eq "$(target_count .requests)" ]
    [ "$(metric http.connections)" -eq "$(target_count .connections)" ]
    [ "$(target_count .requests)" -eq 50 ]
    [ "$(target_count .connections)" -eq 5 ]
    [ "$(target_count '.by_status."200"')" -eq 50 ]
    [ "$(target_count '.by_route."/json"')" -eq 20 ]
    [ "$(target_count '.by_route."/bytes/N"')" -eq 20 ]
    [ "$(target_count .aborted)" -eq 0 ]
}

@test "the summary says what ran: name, tag, base URL, start, end" {
    visit visit -o tag:nightly -o "name:other name"
    succeeds
    [ "$(fact name)" = "other name" ]
    [ "$(fact tag)" = nightly ]
    [ "$(fact 'base URL')" = "$TARGET_URL/" ]
    [[ "$(fact start)" =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+\+00:00$ ]]
    [[ "$(fact end)" > "$(fact start)" ]]
}

@test "a scenario is given with .yaml, without it, as a folder, or as the current one" {
    local path
    for path in visit.yaml ./visit visit/ visit/scenario "$PWD/visit/scenario.yaml"; do
        visit "$path" --single -q
        succeeds
        [ "${lines[0]}" = "PASSED: 4 activities, no errors" ]
    done
    rm visit.yaml
    visit visit --single -q
    succeeds
    cd visit
    visit --single -q
    succeeds
    [ "$(target_count .requests)" -eq 28 ]
}

@test "a file and a folder of the same name are told apart by how they are written" {
    sed -i 's/name: visit/name: file/' visit.yaml
    visit visit.yaml --single
    [ "$(fact name)" = file ]
    visit visit/ --single
    [ "$(fact name)" = visit ]
}

@test "--single is one session, and loops run once" {
    visit visit --single
    succeeds
    [ "$(target_count .requests)" -eq 4 ]
    [ "$(fact sessions)" = 1 ]
    # Loops by time too.
    visit endless --single
    fails_with 1
    row fails 1 1
}

@test "config.force_single does as --single" {
    sed -i 's/name: visit/name: visit, force_single: yes/' visit.yaml
    visit visit.yaml
    succeeds
    [ "$(target_count .requests)" -eq 4 ]
}

@test "a dry run sends nothing, waits for nothing, and says so" {
    local start
    start=$(now_ms)
    visit visit -n -o pause:3600
    succeeds
    [ $(($(now_ms) - start)) -lt 20000 ]
    prints "dry run"
    [ "$(target_count .requests)" -eq 0 ]
    [ "$(target_count .connections)" -eq 0 ]
    row json 20 0
    # Nobody has to be there.
    stressor run visit --dry-run -o base_url:http://127.0.0.1:1/ -o pause:1
    succeeds
    visit visit -o dry_run:true
    succeeds
    prints "dry run"
    [ "$(target_count .requests)" -eq 0 ]
    # The common checks apply to what is given instead.
    cat >mock.yaml <<'YAML'
file_version: stressor#0
scenario: [{sequence: main}]
sequences:
  main:
    - {name: dummy, activity: GetRequest, url: x, assert_match: ^dummy_result$, assert_status: 418}
    - {name: mock, activity: GetRequest, url: x, mock_result: {a: [1]}, store_json: {one: 'a.[0]'}}
    - {name: use, activity: GetRequest, url: x, mock_result: 'is $(one)', assert_match: ^is 1$}
    - {name: red, activity: GetRequest, url: x, assert_match: other}
YAML
    stressor run mock -n
    fails_with 1
    prints "FAILED: 1 error in 4 activities"
    row red 1 1
}

@test "--max-errors stops the main part, and end still runs" {
    visit endless --max-errors 7
    fails_with 1
    row bye 2 0
    # At the limit each session may be in the middle of a request that fails too.
    local failed
    failed=$(target_count '.by_status."500"')
    [ "$failed" -ge 7 ]
    [ "$failed" -le 9 ]
    row fails "$failed" "$failed"
    # The limit is an error itself.
    [ "$(fact errors)" = $((failed + 1)) ]
    prints max_errors
}

@test "max_errors of the scenario counts, and --max-errors beats it" {
    sed -i 's/name: endless/name: endless, max_errors: 3/' endless.yaml
    visit endless
    fails_with 1
    [ "$(target_count '.by_status."500"')" -le 5 ]
    visit endless --max-errors 20
    fails_with 1
    [ "$(target_count '.by_status."500"')" -ge 23 ]
}

@test "--max-time takes units, stops in time, and is an error" {
    local value start took
    sed -i 's|/status/500|/status/200|' endless.yaml
    for value in 0.2 200ms 0.2s; do
        start=$(now_ms)
        visit endless --max-time "$value"
        took=$(($(now_ms) - start))
        fails_with 1
        [ "$took" -ge 200 ]
        [ "$took" -lt 20000 ]
        prints "FAILED: 1 error in "
        prints max_time
        prints "the run has reached its limit of 0.2 s"
        row bye 2 0
    done
    visit endless -o max_time:100ms
    fails_with 1
    prints max_time
}

@test "max_time lets an activity finish, skips the rest, and then end runs" {
    cat >slow.yaml <<'YAML'
file_version: stressor#0
sessions: {count: 2}
scenario: [{sequence: main}, {sequence: end}]
sequences:
  main:
    - {name: slow, activity: GetRequest, url: /delay/600ms}
    - {name: pause, activity: Sleep, duration: 600}
    - {name: unreached, activity: GetRequest, url: /json}
  end:
    - {name: bye, activity: GetRequest, url: /json}
YAML
    visit slow --max-time 300ms
    fails_with 1
    prints "FAILED: 1 error in 4 activities"
    row slow 2 0
    row bye 2 0
    [[ "$output" != *unreached* ]]
    [ "$(target_count .aborted)" -eq 0 ]
}

@test "-o overrides config and context, as number where it reads as one" {
    visit visit -o status:500
    fails_with 1
    prints "20  ASSERTION status, json"
    says "expected status 500, got 200"
    visit visit -o request_timeout:0.1 -o path:/delay/5s --single
    fails_with 1
    prints "TIMEOUT timeout"
    # Split at the first colon; the last one wins.
    stressor run visit --single -q -o base_url:http://127.0.0.1:1/ --option "base_url:$TARGET_URL" -o pause:0
    succeeds
}

@test "--log writes a file, or a new one in a folder, with what was said" {
    mkdir logs
    visit visit -o status:500 --log run.log
    fails_with 1
    [ "$(sort run.log)" = "$(sort <<<"$stderr")" ]
    grep -q "expected status 500, got 200" run.log
    for _ in 1 2 3; do
        visit visit --log logs/ --single -q
        succeeds
    done
    set -- logs/*
    [ $# -eq 3 ]
}

@test "a log file is not coloured, and has no more than the messages" {
    output=$(TERM=xterm script -qec "'$STRESSOR' run visit -o base_url:$TARGET_URL/ -o pause:0 -o status:500 --log run.log" \
        /dev/null </dev/null) || true
    [[ "$output" == *$'\033['* ]]
    run ! grep -q $'\033' run.log
    grep -q ERROR run.log
}

@test "-q leaves the verdict and the errors, -qq nothing" {
    visit visit -q
    succeeds
    [ "${lines[0]}" = "PASSED: 50 activities, no errors" ]
    [[ "$output" != *"run time"* ]]
    [ -z "$stderr" ]
    visit visit -q -o status:500
    fails_with 1
    [ "${lines[0]}" = "FAILED: 20 errors in 50 activities" ]
    prints "20  ASSERTION status, json"
    [[ "$output" != *"http.requests"* ]]
    visit visit -qq
    succeeds
    [ -z "$output$stderr" ]
    visit visit -qq -o status:500
    fails_with 1
    [ -z "$output" ]
}

@test "nothing is coloured but on a terminal" {
    visit visit -vv -o status:500 --single
    fails_with 1
    [[ "$output$stderr" != *$'\033'* ]]
    export TERM=xterm-256color COLORTERM=truecolor
    visit visit -o status:500 --single
    [[ "$output$stderr" != *$'\033'* ]]
    local colour=$'\033\\[[0-9;]*m'
    local command="'$STRESSOR' run visit --single -o base_url:$TARGET_URL/ -o pause:0"
    [[ "$(script -qec "$command" /dev/null </dev/null)" =~ ${colour}PASSED ]]
    run ! grep -qE "$colour" < <(script -qec "$command --no-color" /dev/null </dev/null)
    run ! grep -qE "$colour" < <(NO_COLOR=1 script -qec "$command" /dev/null </dev/null)
    # An empty one does not count.
    [[ "$(NO_COLOR= script -qec "$command" /dev/null </dev/null)" =~ $colour ]]
}

@test "the exit code tells errors, mistakes and stops apart" {
    visit visit --single
    succeeds
    visit visit --single -o status:404
    fails_with 1
    visit nowhere
    fails_with 2
    visit visit --max-erors 1
    fails_with 2
    says 'did you mean "--max-errors"?'
    [ "$(target_count .requests)" -eq 8 ]
    # Stopped by the user, whatever the errors were.
    AWAITED=ERROR start run endless -o "base_url:$TARGET_URL"
    kill -INT "$child"
    finish
    fails_with 3
    prints "STOPPED by the user: "
    prints "ASSERTION status"
}

# wait_for COMMAND...: until it succeeds.
wait_for() {
    local deadline=$((SECONDS + 30))
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.02
    done
}

# nginx_writes N: nginx is sending N answers, besides the one that says so.
nginx_writes() {
    curl -sS --noproxy '*' --max-time 10 "$NGINX_URL/count" | grep -q "Writing: $(($1 + 1)) "
}

nginx_has_logged() {
    [ "$(nginx_requests)" -eq "$1" ]
}

@test "a stopped run counts the requests and connections that the server had" {
    start_nginx
    sed -i 's|/status/500|/slow|; s/count: 2/count: 8/' endless.yaml
    start run endless -o "base_url:$NGINX_URL"
    wait_for nginx_writes 8
    kill -INT "$child"
    finish
    fails_with 3
    row bye 8 0
    [ "$(metric http.requests)" -eq 16 ]
    # A cancelled request takes its connection with it.
    [ "$(metric http.connections)" -eq 16 ]
    wait_for nginx_has_logged 16
    [ "$(nginx_connections)" -eq 16 ]
}

@test "a scenario with mistakes sends nothing" {
    sed -i 's/activity: Sleep/activity: Slep/; s/{sequence: end}/{sequence: ende}/' visit.yaml
    visit visit.yaml
    fails_with 2
    says "visit.yaml:8:"
    says "visit.yaml:15:"
    says 'Sleep'
    says "2 errors in visit.yaml, nothing was run"
    [ -z "$output" ]
    [ "$(target_count .requests)" -eq 0 ]
}

@test "a summary that cannot be written is an error, though the run was fine" {
    run --separate-stderr bash -c '"$1" run visit --single -o "base_url:$2" -o pause:0 >/dev/full' bash \
        "$STRESSOR" "$TARGET_URL"
    fails_with 1
    says "cannot write to standard output: No space left on device"
    [ "$(target_count .requests)" -eq 4 ]
    run --separate-stderr bash -c '"$1" run visit --single -o "base_url:$2" -o pause:0 | true; exit "${PIPESTATUS[0]}"' \
        bash "$STRESSOR" "$TARGET_URL"
    # Neither a crash nor a signal.
    [ "$status" -le 1 ]
}

@test "two runs at once do not disturb each other" {
    timeout 90 "$STRESSOR" run visit -q -o "base_url:$TARGET_URL/" -o pause:0 >other 3>&- &
    local other=$!
    visit visit
    succeeds
    wait "$other"
    [ "$(head -n 1 other)" = "PASSED: 50 activities, no errors" ]
    [ "$(metric http.requests)" -eq 50 ]
    [ "$(target_count .requests)" -eq 100 ]
}
