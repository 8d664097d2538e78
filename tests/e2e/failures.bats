# How load generators fail, and that this one does not: see each test's name.

setup() {
    load helper
    load "$STRESSOR_SOURCE/tests/support/servers"
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    end_child
    stop_servers
}

# Figures of memory and time mean something only without sanitizers.
sanitized() {
    [ -n "${STRESSOR_SANITIZE:-}" ]
}

# one SCENARIO_LINES: writes one.yaml, of the activities on standard input, indented by two.
# $HEAD may hold sections of the file, $LOOP the rest of the scenario's entry.
one() {
    {
        printf 'file_version: stressor#0\n%s\n' "${HEAD:-}"
        printf 'scenario:\n  - {sequence: main%s}\nsequences:\n  main:\n' "${LOOP:+, $LOOP}"
        cat
    } >one.yaml
}

# peak ARGS...: as stressor; the peak of its memory in kB is in $peak.
peak() {
    run --separate-stderr /usr/bin/python3 -ISc '
import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(pid, 0)
print(used.ru_maxrss, file=open(sys.argv[1], "w"))
sys.exit(os.waitstatus_to_exitcode(status))' peak "$STRESSOR" "$@"
    peak=$(<peak)
}

# within SECONDS COMMAND...: the command took no longer.
within() {
    local limit=$1 start=$EPOCHREALTIME took
    shift
    "$@"
    took=$((${EPOCHREALTIME/./} - ${start/./}))
    sanitized && limit=$((limit * 10))
    if [ "$took" -gt "${limit}000000" ]; then
        echo "$* took $took µs, more than $limit s" >&2
        return 1
    fi
}

# latency NAME: minimum and maximum of a row of the summary, in whole milliseconds.
latency() {
    awk -v name="$1" '
        function ms(value, unit) {
            gsub(",", "", value)
            return int(value * (unit == "s" ? 1000 : unit == "ms" ? 1 : 0.001))
        }
        { sub(/^ *[*!~]+ /, "") }
        $1 == name { print ms($5, $6), ms($(NF - 1), $NF); exit }' <<<"$output"
}

metric() {
    sed -nE "s/^ *${1//./\\.} +([0-9,]+).*/\1/p" <<<"$output" | tr -d ,
}

# --- out of file descriptors -------------------------------------------------------------------

@test "too few descriptors are told before the run, and never blamed on the target" {
    start_nginx
    HEAD='sessions: {count: 200}' one <<'YAML'
    - {activity: GetRequest, url: /json}
    - {activity: Sleep, duration: 1}
YAML
    run --separate-stderr prlimit --nofile=64 "$STRESSOR" run one -o "base_url:$NGINX_URL"
    fails_with 1
    [[ "$stderr" =~ WARNING\ 200\ sessions\ may\ need\ ([0-9]+)\ file\ descriptors,\ but\ the\ limit\ is\ 64 ]]
    [ "${BASH_REMATCH[1]}" -ge 200 ]
    says 'raise `ulimit -n`'
    prints "GENERATOR descriptors"
    [[ "$output" != *TARGET* ]]
    [[ "$stderr" != *TARGET* ]]
    # What was not sent is not counted as a request.
    [ "$(metric http.requests)" -lt 200 ]
    [ "$(nginx_requests)" -eq "$(metric http.requests)" ]
}

@test "a run without descriptors for its workers does not start, and says why once" {
    local limit refused=0
    one <<< '    - {activity: $sleep(0)}'
    for ((limit = 4, status = 127; status != 0; limit++)); do
        run -127 --separate-stderr prlimit --nofile=$limit "$STRESSOR" run one || true
        case $status in
        0 | 2 | 127) continue ;; # enough, or not even for the scenario, or for the program itself
        esac
        fails_with 1
        [ -z "$output" ]
        says "CRITICAL a worker cannot open its loop: too many open files"
        says "CRITICAL the run cannot start: the workers did not start (the log says why)"
        [ "$(grep -c "cannot start" <<< "$stderr")" -eq 1 ]
        refused=$((refused + 1))
    done
    [ "$refused" -gt 0 ]
}

@test "the soft limit of descriptors is raised as far as it may be" {
    start_nginx
    HEAD='sessions: {count: 200}' one <<'YAML'
    - {activity: GetRequest, url: /json}
    - {activity: Sleep, duration: 0.2}
YAML
    run --separate-stderr prlimit --nofile=64:4096 "$STRESSOR" run one -o "base_url:$NGINX_URL"
    succeeds
    [[ "$stderr" != *WARNING* ]]
    [ "$(nginx_connections)" -eq 200 ]
}

# --- Ctrl-C ------------------------------------------------------------------------------------

# waiting [RAMP_UP TYPE ARGUMENT [ID]]: starts a run whose sessions wait for an answer that never
# comes, until session ID is one of them. `end` has a request that is answered, and then the
# activity given.
waiting() {
    start_raw
    scenario waiting.yaml <<YAML
file_version: stressor#0
config: {base_url: "$RAW_URL"}
sessions: {count: 20, ramp_up_delay: ${1:-0}}
scenario:
  - {sequence: main}
  - {sequence: end}
sequences:
  main:
    - {activity: \$debug()}
    - {name: unanswered, activity: GetRequest, url: /silent}
    - {name: unreached, activity: GetRequest, url: /ok}
  end:
    - {name: bye, activity: GetRequest, url: /ok}
    - {name: hanging, activity: ${2:-Sleep}, ${3:-duration: 0}}
YAML
    # On one worker sessions start in order.
    AWAITED="${4:-t20} session_id" start run waiting --workers 1 --report json --report csv
}

# reports_tell_the_stop [SESSIONS]: what a stop leaves is as complete as of a run that came to its
# end; so many sessions ran `end`.
reports_tell_the_stop() {
    [ "$(jq -r '.run.verdict, .run.stage' results.json)" = $'stopped\ndone' ]
    [[ "$(head -n 1 results.csv)" == time,* ]]
    [ $# -gt 0 ] || return 0
    [ "$(jq '[.activities[] | select(.name == "bye") | .count] | add' results.json)" = "$1" ]
    [[ "$(tail -n +2 results.csv)" == *bye* ]]
}

@test "Ctrl-C cancels requests, runs end, prints the summary, and ends with 3" {
    waiting
    kill -INT "$child"
    within 2 finish
    fails_with 3
    prints "STOPPED by the user: "
    prints "no errors"
    prints "bye"
    # All sessions ran `end`, over a connection each.
    grep -qE '^ *bye +end +20 +0 ' <<<"$output"
    [[ "$output" != *unreached* ]]
    reports_tell_the_stop 20
}

@test "SIGTERM does as Ctrl-C" {
    waiting
    kill -TERM "$child"
    within 2 finish
    fails_with 3
    prints "STOPPED by the user: "
    grep -qE '^ *bye +end +20 +0 ' <<<"$output"
    reports_tell_the_stop 20
}

@test "a second Ctrl-C stops at once what hangs in end, and prints the summary" {
    waiting 0 GetRequest 'url: /silent'
    kill -INT "$child"
    await "stopping"
    kill -INT "$child"
    within 1 finish
    fails_with 3
    prints "STOPPED by the user: "
    prints "cancelled"
    reports_tell_the_stop
}

@test "Ctrl-C while sessions still start: those that did run end, no more start" {
    waiting 10 Sleep 'duration: 0' t01
    kill -INT "$child"
    within 2 finish
    fails_with 3
    prints "1 of 20 started"
    grep -qE '^ *bye +end +1 +0 ' <<<"$output"
    reports_tell_the_stop 1
}

# --- the generator as the bottleneck -------------------------------------------------------------

@test "a run that this machine could not keep up with is called untrusted; --strict exits with 5" {
    # 2,000 sessions want a CPU for 1 ms each 11 ms: two hundred times what a worker has.
    HEAD='sessions: {count: 2000}' LOOP='duration: 0.5' one <<'YAML'
    - {name: pause, activity: Sleep, duration: 0.01}
    - {name: busy, activity: RunScript, script: "local x = 0 for i = 1, 50000 do x = x + i end"}
YAML
    stressor run one --workers 1 --report json
    succeeds
    prints "PASSED: "
    [ "$(jq -r .run.verdict results.json)" = passed ]
    prints "NOT TRUSTED: these figures may tell of this machine, not of the target"
    prints "  - the workers were late by "
    prints "use more workers or fewer sessions"
    stressor -q run one --workers 1 --strict --report json --report junit --report html
    fails_with 5
    prints "but the figures are not to be trusted"
    [[ "$output" != *PASSED* ]]
    prints "NOT TRUSTED"
    prints "  - the workers were late by "
    # Reports say what the exit code does.
    [ "$(jq -r '.trust.verdict, .run.verdict' results.json)" = $'untrusted\nuntrusted' ]
    grep -q ' tests="1" failures="1" ' results.xml
    grep -q '<failure type="untrusted" message="the figures are not to be trusted">' results.xml
    grep -q '^the workers were late by ' results.xml
    grep -q '</span> Failed: not to be trusted</p>' results.html
    stressor compare results.json results.json
    succeeds
    prints ", failed: not to be trusted"
    # What the target did is told first.
    echo '    - {name: fails, activity: RunScript, script: error("no")}' >>one.yaml
    stressor -q run one --workers 1 --strict
    fails_with 1
    prints "NOT TRUSTED"
}

@test "an easy run is trusted" {
    # Of 3 s a tenth is allowed, so that a machine that does much else can run this test.
    HEAD='sessions: {count: 5}' one <<'YAML'
    - {name: pause, activity: Sleep, duration: 3, ignore_timing: false}
    - {name: easy, activity: RunScript, script: "local x = 1"}
    - {name: pause, activity: Sleep, duration: 0.01, ignore_timing: false}
    - {name: pause, activity: Sleep, duration: 3, ignore_timing: false}
    - {name: pause, activity: Sleep, duration: 3, ignore_timing: false}
YAML
    stressor run one --workers 1 --strict
    succeeds
    prints "Trusted: the generator was late by "
    [[ "$output" != *"NOT TRUSTED"* ]]
}

# --- memory --------------------------------------------------------------------------------------

@test "ten million activities need no more memory than one million" {
    sanitized && skip "a figure of memory"
    local small
    # Both last some seconds: what follows a run takes its memory once.
    for LOOP in $'repeat: 10000}\n  - {sequence: rest' $'repeat: 100000}\n  - {sequence: rest'; do
        HEAD='sessions: {count: 10}' one <<'YAML'
    - {activity: Sleep, duration: 0}
    - {activity: Sleep, duration: 0}
    - {activity: Sleep, duration: 0}
    - {activity: Sleep, duration: 0}
    - {activity: Sleep, duration: 0}
    - {activity: Sleep, duration: 0}
    - {activity: Sleep, duration: 0}
    - {activity: Sleep, duration: 0}
    - {activity: Sleep, duration: 0}
    - {activity: Sleep, duration: 0}
  rest:
    - {activity: Sleep, duration: 2.2}
YAML
        peak run one -q
        succeeds
        : "${small:=$peak}"
    done
    prints 'PASSED: 10,000,010 activities'
    echo "$small kB, then $peak kB"
    [ $((peak - small)) -lt 2000 ]
}

@test "many errors with texts of their own need no more memory than a few" {
    sanitized && skip "a figure of memory"
    local small
    # Nobody listens on port 1.
    for LOOP in 'repeat: 50' 'repeat: 500'; do
        HEAD='sessions: {count: 100}' one <<'YAML'
    - {activity: GetRequest, url: 'http://127.0.0.1:1/$(session_id)'}
YAML
        peak run one
        fails_with 1
        : "${small:=$peak}"
    done
    prints "50,000  TARGET connect, "
    echo "$small kB, then $peak kB"
    [ $((peak - small)) -lt 2000 ]
    # One example of each kind is shown, some are logged.
    [ "$(grep -c 'Failed to connect' <<<"$output")" -eq 1 ]
    [ "$(grep -c 'Failed to connect' <<<"$stderr")" -lt 100 ]
}

# --- response bombs ----------------------------------------------------------------------------

@test "bodies without end are cut off early and keep memory small" {
    local name small
    start_raw
    one <<<'    - {activity: GetRequest, url: /ok, assert_match: ok}'
    peak run one -o "base_url:$RAW_URL"
    succeeds
    small=$peak
    for name in gzip-bomb endless-chunks; do
        # Nobody wants the body, or an assertion does, up to the ceiling.
        one <<YAML
    - {name: bomb, activity: GetRequest, url: /$name}
    - {name: after, activity: GetRequest, url: /ok}
YAML
        within 10 peak run one -o "base_url:$RAW_URL"
        fails_with 1
        prints "FAILED: 1 error in 2 activities"
        prints "TARGET body too large, bomb"
        says "expected a body of at most 67108864 bytes"
        sanitized || [ $((peak - small)) -lt 20000 ]
        one <<<"    - {name: bomb, activity: GetRequest, url: /$name, assert_match: never}"
        within 10 peak run one -o "base_url:$RAW_URL" -o max_body_size:10000000
        fails_with 1
        prints "TARGET body too large, bomb"
        says "expected a body of at most 10000000 bytes"
        sanitized || [ $((peak - small)) -lt 20000 ]
    done
}

# --- answers that are wrong -------------------------------------------------------------------

@test "each malformed answer is an error of its own kind, and the session goes on" {
    start_raw
    local mode kind number=0
    cat >kinds <<'KINDS'
close           TARGET closed
reset           TARGET reset
reset-body      TARGET reset
short-body      TARGET short body
cut-chunk       TARGET short body
two-lengths     TARGET short body
bad-length      TARGET malformed
bad-chunk       TARGET malformed
garbage         TARGET malformed
bad-version     TARGET malformed
bad-status      TARGET malformed
bad-gzip        TARGET malformed
endless-head    TARGET headers too large
huge-header     TARGET headers too large
endless-1xx     TARGET headers too large
redirect-loop   TARGET redirects
deep-json       ASSERTION json
nul-body        ASSERTION json
KINDS
    while read -r mode kind; do
        case $kind in
        ASSERTION*) echo "    - {name: $mode, activity: GetRequest, url: /$mode, assert_json: {a: 1}}" ;;
        *) echo "    - {name: $mode, activity: GetRequest, url: /$mode}" ;;
        esac
        echo "    - {activity: GetRequest, url: /ok, assert_json: {ok: true}}"
    done <kinds | HEAD='config: {request_timeout: 30}' one
    stressor run one -o "base_url:$RAW_URL"
    fails_with 1
    prints "FAILED: 18 errors in 36 activities"
    while read -r mode kind; do
        # The line where it stands, its name and its kind.
        line=$((6 + 2 * number))
        if ! grep -qE "ERROR t01 main/$((2 * number + 1))/$mode \(one\.yaml:$((line + 1)):7\): .*\[$kind\]\$" <<<"$stderr"; then
            printf '%s is not told as %s:\n' "$mode" "$kind" >&2
            grep "/$mode " <<<"$stderr" >&2
            return 1
        fi
        number=$((number + 1))
    done <kinds
}

@test "time-outs fire on time and stay in the latencies" {
    start_raw
    HEAD='sessions: {count: 10}' one <<'YAML'
    - {name: silent, activity: GetRequest, url: /silent, timeout: 0.5}
    - {name: slow, activity: GetRequest, url: /slow, timeout: 500ms}
    - {name: slow-head, activity: GetRequest, url: /slow-head, timeout: 0.5}
    - {name: after, activity: GetRequest, url: /ok}
YAML
    stressor run one -o "base_url:$RAW_URL"
    fails_with 1
    prints "FAILED: 30 errors in 40 activities"
    prints "30  TIMEOUT timeout, "
    local name min max
    for name in silent slow slow-head; do
        read -r min max <<<"$(latency "$name")"
        echo "$name: $min ms to $max ms"
        [ "$min" -ge 500 ]
        # 50 ms late at most, on a machine that does nothing else.
        sanitized || [ "$max" -lt 750 ]
        grep -qE "^ *([*!~]+ +)?$name +10 +10 " <<<"$output"
    done
}

# --- secrets ---------------------------------------------------------------------------------------

@test "no secret is in anything that is written" {
    start_nginx
    scenario secrets.yaml <<YAML
file_version: stressor#0
config:
  base_url: http://base:CANARY-base@127.0.0.1:$NGINX_PORT/
context:
  own: {Authorization: Bearer CANARY-context}
sessions:
  users: [{name: eve, password: CANARY-user}]
  basic_auth: true
scenario:
  - sequence: main
sequences:
  main:
    - {activity: GetRequest, url: /json, debug: true}
    - {activity: GetRequest, url: /json, debug: true, auth: [eve, CANARY-auth]}
    - {activity: GetRequest, url: /json, debug: true, auth: \$(user.auth)}
    - {activity: GetRequest, url: /json, debug: true, headers: {authorization: Bearer CANARY-header, Cookie: a=CANARY-cookie}}
    - {activity: GetRequest, url: /json, debug: true, headers: \$(own)}
    - {activity: GetRequest, url: 'http://eve:CANARY-url@127.0.0.1:$NGINX_PORT/json', debug: true}
    - {activity: GetRequest, url: 'http://eve:CANARY-failing@127.0.0.1:$NGINX_PORT/nowhere', debug: true}
    - {activity: GetRequest, url: 'http://eve:CANARY-refused@127.0.0.1:1/', debug: true}
    - {activity: GetRequest, url: 'http://eve:CANARY-unknown@127.0.0.1:1/\$(nothing)', debug: true}
    - {activity: GetRequest, url: /json, params: {p: \$(user.password)}, debug: true, assert_status: 500}
    - {activity: PostRequest, url: /json, data: {p: \$(user.password)}, debug: true, assert_json: {p: \$(user.password)}}
    - {activity: PostRequest, url: /json, json: [\$(user.password)], debug: true, assert_match: \$(user.password)}
    - {activity: GetRequest, url: 'x://\$(user.password)/'}
    - {activity: Sleep, duration: \$(user.password)}
    - {activity: \$debug()}
YAML
    stressor run -vv secrets --log run.log
    fails_with 1
    says "/json"
    [ -s run.log ]
    printf '%s\n%s\n' "$output" "$stderr" >written
    run ! grep -aHn CANARY written run.log
    # In base64 neither.
    for text in eve:CANARY-user eve:CANARY-auth base:CANARY-base eve:CANARY-url; do
        run ! grep -aF "$(printf %s "$text" | base64)" written run.log
    done
    # They were sent all the same.
    [ "$(nginx_log | grep -c '"eve"$')" -ge 1 ] || [ "$(nginx_requests)" -ge 9 ]
}

@test "a mistake in a scenario does not show a secret" {
    scenario mistake.yaml <<'YAML'
file_version: stressor#0
config: {base_url: 'ftp://eve:CANARY-base@127.0.0.1/'}
sessions:
  users: [{name: eve, password: [CANARY-user]}]
scenario:
  - sequence: main
sequences:
  main:
    - {activity: GetRequest, url: /, auth: {a: CANARY-auth}}
    - {activity: GetRequest, url: /, auth: CANARY-text}
YAML
    stressor run mistake
    fails_with 2
    says "mistake.yaml:9:"
    [[ "$output$stderr" != *CANARY* ]]
}

# --- files outside ----------------------------------------------------------------------------

@test "\$load stays beneath the folder of the scenario" {
    local path
    mkdir -p root/in root-evil
    echo 'CANARY' >outside.yaml
    echo 'CANARY' >root-evil/x.yaml
    echo '1.5' >root/in/fine.yaml
    ln -s ../outside.yaml root/link.yaml
    ln -s .. root/folder
    ln -s in/fine.yaml root/inside.yaml
    ln -s /dev/zero root/zero.yaml
    mkfifo root/fifo.yaml
    for path in ../outside.yaml ../root-evil/x.yaml in/../../outside.yaml link.yaml \
        folder/outside.yaml "$PWD/outside.yaml" /dev/zero zero.yaml fifo.yaml ../root/in/../../outside.yaml; do
        scenario root/scenario.yaml <<YAML
file_version: stressor#0
context: {x: \$load($path)}
scenario: []
sequences: {}
YAML
        run --separate-stderr timeout 20 "$STRESSOR" run root
        fails_with 2
        says "root/scenario.yaml:2:14: error: "
        says "$path"
        [[ "$output$stderr" != *CANARY* ]]
    done
    for path in in/fine.yaml ./in/../in/fine.yaml inside.yaml; do
        scenario root/scenario.yaml <<YAML
file_version: stressor#0
context: {x: \$load($path)}
scenario: [{sequence: main}]
sequences: {main: [{activity: Sleep, duration: \$(x), mock_result: 1}]}
YAML
        stressor run root -n
        succeeds
    done
}

# --- bombs and endless expressions ------------------------------------------------------------

@test "a bomb of YAML is refused with its place, in little time and memory" {
    local name
    {
        printf 'file_version: stressor#0\ncontext: '
        head -c 20000 /dev/zero | tr '\0' '['
    } >brackets.yaml
    {
        printf 'file_version: stressor#0\ncontext:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n'
        for i in {1..9}; do
            printf '  a%d: &a%d [%s]\n' "$i" "$i" "$(printf "*a$((i - 1)), %.0s" {1..10})"
        done
        printf 'scenario: []\nsequences: {}\n'
    } >laughs.yaml
    {
        printf 'file_version: stressor#0\ncontext:\n'
        for i in {1..300}; do
            printf '%*s- \n' "$i" ''
        done
    } >steps.yaml
    {
        printf 'file_version: stressor#0\ncontext: {a: &a [*a]}\nscenario: []\nsequences: {}\n'
    } >itself.yaml
    for name in brackets laughs steps itself; do
        within 2 peak run "$name"
        fails_with 2
        grep -qE "^$name\.yaml:[0-9]+:[0-9]+: error: " <<<"$stderr"
        says "nothing was run"
        sanitized || [ "$peak" -lt 100000 ]
    done
}

@test "a regex that never ends is told as such, not as a text that does not match" {
    start_nginx
    printf '%s!\n' "$(head -c 5000 /dev/zero | tr '\0' a)" >"$NGINX_DIR/www/a.txt"
    one <<'YAML'
    - {activity: GetRequest, url: /a.txt, assert_match: ^(a+)+$}
    - {activity: GetRequest, url: /a.txt, assert_match: ^(a|aa)+$}
    - {activity: GetRequest, url: /a.txt, assert_match_headers: '(?:.+)+(?:.+)+[~^]$'}
    - {activity: GetRequest, url: /a.txt, assert_match: ^a+!$}
YAML
    within 10 stressor run one -o "base_url:$NGINX_URL"
    fails_with 1
    prints "FAILED: 3 errors in 4 activities"
    [ "$(grep -c 'SCRIPT regex limit' <<<"$stderr")" -eq 3 ]
    [[ "$stderr" != *"not found"* ]]
}

# --- plugin hijack ----------------------------------------------------------------------------

@test "libraries that lie around are not loaded" {
    local name
    printf '%s\n' '#include <fcntl.h>' '#include <unistd.h>' \
        '__attribute__((constructor)) static void planted(void)' \
        '{ int fd = open("LOADED", O_CREAT | O_WRONLY, 0600); if (fd >= 0) close(fd); }' >planted.c
    mkdir scenario plugins
    cc -shared -fPIC -o planted.so planted.c
    for name in http sleep debug evil libhttp stressor; do
        cp planted.so "$name.so"
        cp planted.so "scenario/$name.so"
        cp planted.so "plugins/$name.so"
        printf "dlname='%s.so'\nlibrary_names='%s.so'\nold_library=''\ninstalled=no\n" \
            "$name" "$name" >"$name.la"
        cp "$name.la" scenario/
    done
    scenario scenario/scenario.yaml <<'YAML'
file_version: stressor#0
scenario:
  - sequence: main
sequences:
  main:
    - {activity: GetRequest, url: 'http://127.0.0.1:1/'}
    - {activity: $sleep(0)}
    - {activity: $debug()}
YAML
    local try
    for try in "" STRESSOR_PLUGIN_PATH= STRESSOR_PLUGIN_PATH=: STRESSOR_PLUGIN_PATH=. \
        STRESSOR_PLUGIN_PATH=plugins LTDL_LIBRARY_PATH=. LTDL_LIBRARY_PATH="$PWD"; do
        run --separate-stderr env $try "$STRESSOR" run scenario
        fails_with 1
        prints "FAILED: 1 error in 1 activity"
        [ ! -e LOADED ]
    done
    (
        cd scenario
        run --separate-stderr "$STRESSOR" run
        fails_with 1
        [ ! -e LOADED ]
    )
    stressor plugin list
    succeeds
    [[ "$output" != *evil* ]]
    [ ! -e LOADED ]
}
