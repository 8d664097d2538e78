# RedisCommand against a real Redis.

setup() {
    load "$STRESSOR_SOURCE/tests/contrib/support/database"
    cd "$BATS_TEST_TMPDIR"
    start_redis
}

teardown() {
    stop_servers
}

# scenario: as scenario_with, on this server.
scenario() {
    scenario_with "redis_address: '$REDIS_ADDRESS'"
}

# blocked_are COUNT: so many clients wait in BLPOP.
blocked_are() {
    [ "$(redis_do CLIENT LIST | grep -c 'cmd=blpop')" = "$1" ]
}

@test "replies become values of their types" {
    scenario <<'Y'
- {activity: RedisCommand, command: [SET, text, käse], assert_reply: OK$}
- {activity: RedisCommand, command: [GET, text], assert_reply: käse$}
- {activity: RedisCommand, command: [INCRBY, number, 41], assert_reply: 41}
- {activity: RedisCommand, command: [INCRBYFLOAT, number, 1.5], assert_reply: 42\.5$}
- {activity: RedisCommand, command: [GET, nothing], store_json: {all: '[0]'}, mock_result: [1]}
- {activity: RedisCommand, command: [RPUSH, list, a, 1], assert_reply: 2}
- {activity: RedisCommand, command: [LRANGE, list, 0, -1], assert_reply: [a, '1'], store_json: {first: '[0]'}}
- {activity: RedisCommand, command: [SET, copy, $(first)]}
- {activity: RedisCommand, command: [EVAL, 'return {1, {2, {"x", false}}}', 0], assert_reply: [1, [2, [x, null]]]}
Y
    perform 1
    says "1 error in 9 activities"
    [ "$(redis_do GET copy)" = a ]
}

@test "arguments are sent byte by byte" {
    scenario <<'Y'
- {activity: RedisCommand, command: [SET, "a\0b c", "\r\n*1\r\n$8\r\nFLUSHALL\r\n\0"], assert_reply: OK}
- {activity: RedisCommand, command: [STRLEN, "a\0b c"], assert_reply: 21}
- {activity: RedisCommand, command: [GET, "a\0b c"], assert_reply: "\r\n\\*1\r\n\\$8\r\nFLUSHALL\r\n\0$"}
- {activity: RedisCommand, command: [SET, empty, '']}
- {activity: RedisCommand, command: [STRLEN, empty], assert_reply: 0}
Y
    perform 0
}

@test "a pipeline is answered as one list, and its first error fails it" {
    scenario <<'Y'
- activity: RedisCommand
  pipeline: [[SET, k, v], [GET, k], [INCR, n], [GET, none]]
  assert_reply: [OK, v, 1, null]
- activity: RedisCommand
  pipeline: [[SET, k, v2], [INCR, k], [NONSENSE], [INCR, n]]
- {activity: RedisCommand, command: [GET, n], assert_reply: '2$'}
Y
    perform 1
    says "Redis answered command 2 of the pipeline with an error: ERR value is not an integer or out of range [TARGET redis ERR]"
    says "1 error in 3 activities"
}

@test "error replies are failures, unless they are expected" {
    scenario <<'Y'
- {activity: RedisCommand, command: [LPUSH, l, x]}
- {activity: RedisCommand, command: [GET, l]}
- {activity: RedisCommand, command: [GET, l], assert_error: WRONGTYPE}
- {activity: RedisCommand, command: [GET, l], assert_error: ERR}
- {activity: RedisCommand, command: [PING], assert_error: ERR}
- {activity: RedisCommand, command: [PING], assert_reply: PING}
Y
    perform 1
    says "[TARGET redis WRONGTYPE]"
    says "begins with 'ERR', got 'WRONGTYPE"
    says "begins with 'ERR', but there was none [ASSERTION error]"
    says "expected the value to match 'PING', got 'PONG' [ASSERTION reply]"
    says "4 errors in 6 activities"
}

@test "a transaction stays on the session's connection" {
    sections='scenario: [{sequence: main, repeat: 3}]' scenario <<'Y'
- {activity: RedisCommand, command: [MULTI]}
- {activity: RedisCommand, command: [INCR, n], assert_reply: QUEUED}
- {activity: RedisCommand, command: [INCR, n]}
- {activity: RedisCommand, command: [EXEC], assert_match: '^\[\d, \d\]$'}
Y
    perform 0
    [ "$(redis_do GET n)" = 6 ]
    [[ $output =~ redis.connections\ +1 ]]
    [[ $output =~ redis.commands\ +12 ]]
}

@test "login and database belong to the connection" {
    redis_do ACL SETUSER joe on '>canary-joe' '~*' +@all
    redis_do CONFIG SET requirepass canary-pass
    config='redis_auth: canary-pass, redis_database: 2' scenario <<'Y'
- {activity: RedisCommand, command: [SET, where, two]}
- {activity: RedisCommand, command: [ACL, WHOAMI], auth: [joe, canary-joe], database: 0, assert_reply: joe$}
- {activity: RedisCommand, command: [EXISTS, where], auth: [joe, canary-joe], database: 0, assert_reply: 0}
- {activity: RedisCommand, command: [GET, where], assert_reply: two}
- {activity: RedisCommand, command: [PING], auth: canary-wrong}
- {activity: RedisCommand, command: [PING], database: 99}
- {activity: RedisCommand, command: [ECHO, $(redis_auth)], debug: true}
- {activity: RedisCommand, command: [$(redis_auth)]}
- {activity: $debug()}
Y
    perform 1 -v --report json=report.json
    says "Redis refused the login or database: WRONGPASS"
    says "[TARGET login]"
    says "DB index is out of range"
    says "3 errors in"
    [[ $output =~ redis.connections\ +4 ]]
    run ! grep canary <<<"$output"
    run ! grep canary report.json
}

@test "a timeout ends the wait, and the session connects anew" {
    scenario <<'Y'
- {activity: RedisCommand, command: [BLPOP, nothing, 0], timeout: 200ms}
- {activity: RedisCommand, command: [PING], assert_reply: PONG}
Y
    perform 1
    says "expected all replies within 0.2 s [TIMEOUT timeout]"
    says "1 error in 2 activities"
    [[ $output =~ redis.connections\ +2 ]]
}

@test "a stop ends a slow command at once, and end runs" {
    sections='scenario: [{sequence: main}, {sequence: end}]' scenario <<'Y'
- {activity: RedisCommand, command: [BLPOP, nothing, 0], timeout: 0}
Y
    cat >>scenario.yaml <<'Y'
  end:
    - {activity: RedisCommand, command: [SET, ended, yes it has]}
Y
    perform_until blocked_are 1
    kill -INT "$pid"
    performed 3
    [ "$(redis_do GET ended)" = 'yes it has' ]
}

@test "a wrong port, name and address are told" {
    scenario <<'Y'
- {activity: RedisCommand, command: [PING], address: '127.0.0.1:1'}
- {activity: RedisCommand, command: [PING], address: 'nobody.invalid:6379'}
- {activity: RedisCommand, command: [PING], address: '/nowhere/socket'}
- {activity: RedisCommand, command: [PING], address: '127.0.0.1:$(port)'}
Y
    echo 'context: {port: 99999}' >>scenario.yaml
    perform 1
    says "cannot connect to Redis at 127.0.0.1 port 1: Connection refused [TARGET connect]"
    says "the name 'nobody.invalid' has no address"
    says "cannot connect to Redis at /nowhere/socket: No such file or directory"
    says "the address is neither HOST:PORT nor [IPV6]:PORT nor a path [SCRIPT address]"
}

@test "a server that says nothing, or nothing of Redis, is told" {
    start_silent
    start_target
    scenario <<Y
- {activity: RedisCommand, command: [PING], address: 'localhost:$SILENT_PORT', timeout: 300ms}
- {activity: RedisCommand, command: [PING], address: '127.0.0.1:$TARGET_PORT'}
Y
    perform 1
    says "expected all replies within 0.3 s [TIMEOUT timeout]"
    says "[TARGET closed]"
}

@test "a name is resolved aside, and a socket in the file system works" {
    scenario <<Y
- {activity: RedisCommand, command: [PING], address: 'localhost:$REDIS_PORT', assert_reply: PONG}
- {activity: RedisCommand, command: [PING], address: '$REDIS_SOCKET', assert_reply: PONG}
Y
    perform 0
}

@test "a server that is killed mid-run is told" {
    sections='sessions: {count: 5}
scenario: [{sequence: main}]' scenario <<'Y'
- {activity: RedisCommand, command: [BLPOP, nothing, 0]}
- {activity: RedisCommand, command: [PING]}
Y
    perform_until blocked_are 5
    kill -KILL "$REDIS_PID"
    performed 1
    says "TARGET closed"
    says "10 errors in 10 activities"
}

@test "a connection that the server has closed is made anew" {
    scenario <<'Y'
- {activity: RedisCommand, command: [PING]}
- {activity: RedisCommand, command: [CLIENT, KILL, TYPE, normal, SKIPME, 'no']}
- {activity: RedisCommand, name: may fail, command: [PING]}
- {activity: RedisCommand, command: [SET, again, here], assert_reply: OK}
Y
    run timeout 100 "$STRESSOR" run scenario.yaml --no-color
    [[ $output =~ redis.connections\ +2 ]]
    [ "$(redis_do GET again)" = here ]
}

@test "200 sessions share few workers, each with one connection" {
    sections='sessions: {count: 200}
scenario: [{sequence: main, repeat: 10}]' scenario <<'Y'
- {activity: RedisCommand, command: [SET, $(session_id), $(session_id)]}
- {activity: RedisCommand, command: [GET, $(session_id)], assert_reply: $(session_id)$}
Y
    perform 0 --workers 2
    says "4,000 activities, no errors"
    [[ $output =~ redis.connections\ +200 ]]
    [ "$(redis_do DBSIZE)" = 200 ]
}

@test "replies beyond the ceiling fail, however they come, and the session goes on" {
    config='redis_max_reply: 100000' scenario <<'Y'
- {activity: RedisCommand, command: [SETRANGE, long, 50000000, x]}
- {activity: RedisCommand, command: [GET, long]}
- {activity: RedisCommand, command: [EVAL, 'local t = {} for i = 1, 5000 do t[i] = i end return t', 0]}
- {activity: RedisCommand, command: [PING], assert_reply: PONG}
Y
    perform 1
    says "expected replies of at most 100000 bytes (config.redis_max_reply), got more [TARGET reply too large]"
    says "2 errors in 4 activities"
}

@test "commands that would change the protocol are refused" {
    scenario <<'Y'
- {activity: RedisCommand, command: ["$(words.0)", c]}
- {activity: RedisCommand, pipeline: [[PING], ["$(words.1)"]]}
- {activity: RedisCommand, command: [PING]}
Y
    echo 'context: {words: {0: subscribe, 1: MONITOR}}' >>scenario.yaml
    perform 1
    says "commands that subscribe, monitor or replicate are not supported [SCRIPT command]"
    says "2 errors in 3 activities"
}

@test "a dry run connects to nothing and takes mock_result" {
    scenario <<'Y'
- {activity: RedisCommand, command: [GET, k], address: '127.0.0.1:1', mock_result: [5], store_json: {five: '[0]'}}
Y
    perform 0 --dry-run
    perform 1
}

@test "a script calls RedisCommand" {
    redis_do SET k fetched
    scenario <<'Y'
- activity: RunScript
  script: RedisCommand{command = {"SET", "copy", RedisCommand{command = {"GET", "k"}}.value}}
Y
    perform 0
    [ "$(redis_do GET copy)" = fetched ]
}

@test "out of descriptors is told as this machine's trouble" {
    sections='sessions: {count: 60}
scenario: [{sequence: main}]' scenario <<'Y'
- {activity: RedisCommand, command: [BLPOP, nothing, 1]}
Y
    run -1 prlimit --nofile=64:64 "$STRESSOR" run scenario.yaml --no-color
    says "GENERATOR descriptors"
}

@test "wrong arguments are mistakes of the scenario" {
    scenario <<'Y'
- {activity: RedisCommand}
- {activity: RedisCommand, command: [PING], pipeline: [[PING]]}
- {activity: RedisCommand, command: PING}
- {activity: RedisCommand, command: [[PING]]}
- {activity: RedisCommand, command: [PING], assert_reply: '('}
- {activity: RedisCommand, command: [PING], database: -1}
Y
    perform 2
    says "6 errors in scenario.yaml"
}

@test "constants that can never work are all told before the run" {
    scenario <<'Y'
- {activity: RedisCommand, command: []}
- {activity: RedisCommand, command: [subscribe, a]}
- {activity: RedisCommand, pipeline: []}
- {activity: RedisCommand, pipeline: [[PING], []]}
- {activity: RedisCommand, pipeline: [[PING], [[PING]]]}
- {activity: RedisCommand, command: [PING], address: 'a:b:c'}
- {activity: RedisCommand, command: [PING], address: 'a:b:1'}
- {activity: RedisCommand, command: [PING], address: '127.0.0.1:99999'}
- {activity: RedisCommand, command: [PING], address: ''}
- {activity: RedisCommand, command: [PING], auth: [x, y, z]}
- {activity: RedisCommand, command: [PING], auth: []}
- {activity: RedisCommand, command: [SYNC], address: ':', auth: [canary], assert_reply: '('}
Y
    perform 2
    says "scenario.yaml:6:41: error: argument 'command' of RedisCommand: a command is empty"
    says "scenario.yaml:7:41: error: argument 'command' of RedisCommand: commands that subscribe, monitor or replicate are not supported"
    says "scenario.yaml:8:42: error: argument 'pipeline' of RedisCommand: the pipeline is empty"
    says "scenario.yaml:9:42: error: argument 'pipeline' of RedisCommand: a command is empty"
    says "a command consists of texts and numbers only"
    says "argument 'address' of RedisCommand: it is neither HOST:PORT nor [IPV6]:PORT nor a path"
    says "argument 'auth' of RedisCommand: it is neither a password nor [name, password]"
    says "argument 'assert_reply' of RedisCommand: regular expression"
    says "15 errors in scenario.yaml"
    [[ $output != *canary* ]]
}

@test "mistakes that come in variables are errors of the run" {
    scenario <<'Y'
- {activity: RedisCommand, command: $(nothing)}
- {activity: RedisCommand, pipeline: $(nothing)}
- {activity: RedisCommand, command: [PING], auth: $(nothing)}
- {activity: RedisCommand, command: [PING], address: "$(session_id):b:1"}
Y
    echo 'context: {nothing: []}' >>scenario.yaml
    perform 1
    says "a command is empty [SCRIPT command]"
    says "the pipeline is empty [SCRIPT command]"
    says "'auth' is neither a password nor [name, password] [SCRIPT argument]"
    says "the address is neither HOST:PORT nor [IPV6]:PORT nor a path [SCRIPT address]"
    says "4 errors in 4 activities"
}

@test "the example runs" {
    run -0 "$STRESSOR" run "$STRESSOR_SOURCE/examples/redis" -o "redis_address:$REDIS_ADDRESS" --no-color
    says "redis.commands"
    [ "$(redis_do DBSIZE)" = 0 ]
}
