# SqlQuery against a real PostgreSQL.

setup_file() {
    load "$STRESSOR_SOURCE/tests/contrib/support/database"
    start_postgres
    sql "CREATE TABLE items (id int PRIMARY KEY, name text, price numeric(8,2));
         INSERT INTO items VALUES (1, 'one', 1.50), (2, 'two', 2.25), (3, 'three', NULL);
         CREATE ROLE guest LOGIN PASSWORD 'canary-guest'"
}

teardown_file() {
    stop_postgres
}

setup() {
    load "$STRESSOR_SOURCE/tests/contrib/support/database"
    cd "$BATS_TEST_TMPDIR"
}

# scenario: as scenario_with, on this server.
scenario() {
    scenario_with "pgsql_connection: '$POSTGRES_URI'"
}

# queries_are COUNT TEXT: so many connections have it in their query, the last or the current one.
queries_are() {
    [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%$2%' AND pid <> pg_backend_pid()")" = "$1" ]
}

@test "rows are a list of maps with the types of their columns" {
    scenario <<'Y'
- activity: SqlQuery
  query: >-
    SELECT 7::int2 AS i, 9007199254740993 AS big, 2.5::float8 AS f, true AS truth, NULL AS nothing,
    'text' AS t, '{"a": [1, null]}'::jsonb AS j, 12.50::numeric AS n,
    12345678901234567890.5::numeric AS long, 'NaN'::float8 AS nan, ARRAY[1,2] AS list, 1 AS i
  assert_rows: 1
  assert_value:
    '[0]': {i: 7, big: 9007199254740993, f: 2.5, truth: true, nothing: null, t: text,
            j: {a: [1, null]}, n: 12.5, long: '12345678901234567890.5', nan: NaN, list: '{1,2}',
            i_2: 1}
Y
    perform 0
}

@test "common checks and stores see the rows" {
    scenario <<'Y'
- {activity: SqlQuery, query: SELECT id FROM items ORDER BY id, store_json: {second: '[1].id'}}
- {activity: SqlQuery, query: 'SELECT name FROM items WHERE id = $1', parameters: [$(second)],
   assert_match: "'two'"}
Y
    perform 0
}

@test "parameters are bound by their types, and never become part of the query" {
    scenario <<'Y'
- activity: SqlQuery
  query: 'SELECT $1::int AS i, $2::float8 AS f, $3::bool AS b, $4::text IS NULL AS n, $5::text AS t, $6::jsonb AS j, length($7::bytea) AS z'
  parameters: [41, 2.5, true, null, "'; DROP TABLE items; --", {a: [1]}, "a\0b"]
  assert_value: {'[0]': {i: 41, f: 2.5, b: true, n: true, t: "'; DROP TABLE items; --", j: {a: [1]}, z: 3}}
- {activity: SqlQuery, query: 'SELECT $1::int8 AS least', parameters: [-9223372036854775808],
   assert_value: {'[0].least': -9223372036854775808}}
Y
    perform 0
    [ "$(sql 'SELECT count(*) FROM items')" = 3 ]
}

@test "the number of rows may be asserted, of changes too, exactly and as a range" {
    scenario <<'Y'
- {activity: SqlQuery, query: CREATE TEMP TABLE t (n int), assert_rows: 0}
- {activity: SqlQuery, query: 'INSERT INTO t SELECT generate_series(1, 5)', assert_rows: 5}
- {activity: SqlQuery, query: DELETE FROM t WHERE n > 3, assert_rows: [1, 2]}
- {activity: SqlQuery, query: SELECT * FROM t, assert_rows: [4, 9]}
- {activity: SqlQuery, query: SELECT * FROM t, assert_rows: 2}
Y
    perform 1
    says "expected 4 to 9 rows, got 3 [ASSERTION rows]"
    says "expected 2 rows, got 3 [ASSERTION rows]"
    says "2 errors in 5 activities"
}

@test "assert_value compares like assert_json" {
    scenario <<'Y'
- {activity: SqlQuery, query: SELECT 1 AS n, assert_value: {'[0].n': 1.0}}
- {activity: SqlQuery, query: SELECT 'abc' AS t, assert_value: {'[0].t': a.}}
- {activity: SqlQuery, query: SELECT 'abc' AS t, assert_value: {'[0].t': b}}
- {activity: SqlQuery, query: SELECT 'abc' AS t, assert_value: {'[0].u': a}}
- {activity: SqlQuery, query: SELECT 'abc' AS t, assert_value: {'[0].t': "$(session_id)"}}
Y
    perform 1
    says "expected '[0].t' to match 'b', got 'abc' [ASSERTION value]"
    says "expected '[0].u' in the result"
    says "expected '[0].t' to match 't01', got 'abc'"
    says "3 errors in 5 activities"
}

@test "values that differ by their types alone are told with them" {
    scenario <<'Y'
- {activity: SqlQuery, query: SELECT '5' AS a, assert_value: {'[0].a': 5}}
- {activity: SqlQuery, query: "SELECT 'true' AS a, 'True' AS b", assert_value: {'[0]': {a: true}}}
- {activity: SqlQuery, query: SELECT 6 AS a, assert_value: {'[0].a': 5}}
- {activity: SqlQuery, query: 'SELECT $1::text AS a', parameters: [$(user.password)], assert_value: {'[0].a': $(number)}}
Y
    echo 'sessions: {users: [{name: ann, password: "5"}]}
context: {number: 5}' >>scenario.yaml
    perform 1
    says "expected '[0].a' to equal '5', got '5' (a text, not an integer) [ASSERTION value]"
    says "expected '[0].a' to equal '5', got '6' [ASSERTION value]"
    says "expected '[0].a' to equal '5', got '***' [ASSERTION value]"
}

@test "an error of the server is told with its SQLSTATE, and may be asserted" {
    scenario <<'Y'
- {activity: SqlQuery, query: INSERT INTO items VALUES (1)}
- {activity: SqlQuery, query: INSERT INTO items VALUES (1), assert_error: '23505'}
- {activity: SqlQuery, query: INSERT INTO items VALUES (1), assert_error: '23'}
- {activity: SqlQuery, query: SELEC, assert_error: '23'}
- {activity: SqlQuery, query: SELECT 1, assert_error: '42601'}
- {activity: SqlQuery, query: SELECT 1; SELECT 2}
Y
    perform 1
    says "error 23505: duplicate key value violates unique constraint \"items_pkey\"; Key (id)=(1) already exists. [TARGET sql 23505]"
    says "expected error 23: PostgreSQL answered with error 42601: syntax error"
    says "expected error 42601, but the query succeeded [ASSERTION error]"
    says "[TARGET sql 42601]"
    says "4 errors in 6 activities"
}

@test "a session keeps its connection, its transaction and its prepared statements" {
    sections='scenario: [{sequence: main, repeat: 3}]' scenario <<'Y'
- {activity: SqlQuery, query: BEGIN}
- {activity: SqlQuery, query: 'INSERT INTO items VALUES ($1, NULL)', parameters: [100]}
- {activity: SqlQuery, query: ROLLBACK}
- {activity: SqlQuery, query: SELECT count(*) AS n FROM pg_prepared_statements, assert_value: {'[0].n': 4}}
- {activity: SqlQuery, query: SELECT '$(session_id)' AS with_macro}
- {activity: SqlQuery, query: SELECT 5, prepare: false}
Y
    perform 0
    [[ $output =~ pgsql.connections\ +1 ]]
}

@test "a prepared statement whose table has changed is prepared anew" {
    sections='scenario: [{sequence: main, repeat: 2}]' scenario <<'Y'
- {activity: SqlQuery, query: CREATE TEMP TABLE IF NOT EXISTS changing (a int)}
- {activity: SqlQuery, name: changing, query: SELECT * FROM changing}
- {activity: SqlQuery, query: ALTER TABLE changing ADD COLUMN IF NOT EXISTS b int}
- {activity: SqlQuery, query: DEALLOCATE ALL}
Y
    perform 1
    says "sql 26000"
}

@test "a timeout ends the query in the server too, and the session goes on with its connection" {
    scenario <<'Y'
- {activity: SqlQuery, name: slow, query: SELECT pg_sleep(60), timeout: 300ms}
- {activity: SqlQuery, query: 'SELECT pg_backend_pid() AS pid, 2 AS two', assert_value: {'[0].two': 2}}
Y
    perform 1
    says "expected the whole answer within 0.3 s [TIMEOUT timeout]"
    says "1 error in 2 activities"
    [[ $output =~ pgsql.connections\ +1 ]]
    queries_are 0 'sleep(60)'
}

@test "the server's own statement timeout is an error of the server" {
    scenario <<'Y'
- {activity: SqlQuery, query: SET statement_timeout = 50}
- {activity: SqlQuery, query: SELECT pg_sleep(60)}
- {activity: SqlQuery, query: SELECT pg_sleep(60), assert_error: '57014'}
Y
    perform 1
    says "[TARGET sql 57014]"
    says "1 error in 3 activities"
}

@test "a stop ends a slow query at once, and end runs on the same connection" {
    scenario <<Y
- {activity: SqlQuery, query: SELECT pg_sleep(600) AS stopped_here}
Y
    cat >>scenario.yaml <<'Y'
  end:
    - {activity: SqlQuery, query: SELECT 'the end' AS said, debug: true}
Y
    sed -i 's/^scenario: .*/scenario: [{sequence: main}, {sequence: end}]/' scenario.yaml
    perform_until queries_are 1 stopped_here
    kill -INT "$pid"
    performed 3
    says "'said': 'the end'"
    [[ $output =~ pgsql.connections\ +1 ]]
    queries_are 0 stopped_here
}

@test "a wrong password is told without it" {
    scenario <<Y
- {activity: SqlQuery, query: SELECT 1, connection: "host=127.0.0.1 port=$POSTGRES_PORT user=tester password=canary-wrong dbname=postgres"}
- {activity: SqlQuery, query: SELECT 1, connection: "\$(uri)"}
- {activity: SqlQuery, query: SELECT 1, connection: "canary \$(nonsense)"}
Y
    echo "context: {uri: 'postgresql://tester:canary@wrong@127.0.0.1/postgres', nonsense: nonsense}" >>scenario.yaml
    perform 1 -v --report json=report.json
    says 'password authentication failed for user "tester" [TARGET connect]'
    says "written %40"
    says "[SCRIPT connection]"
    run ! grep canary <<<"$output"
    run ! grep canary report.json
}

@test "a wrong port, a wrong name and no connection at all are told" {
    scenario <<'Y'
- {activity: SqlQuery, query: SELECT 1, connection: host=127.0.0.1 port=1}
- {activity: SqlQuery, query: SELECT 1, connection: host=nobody.invalid}
- {activity: SqlQuery, query: SELECT 1, connection: 'host=a.invalid,$(other)'}
- {activity: SqlQuery, query: SELECT 1}
Y
    sed -i '/^config/d' scenario.yaml
    echo 'context: {other: b.invalid}' >>scenario.yaml
    perform 1
    says "Connection refused"
    says "the name of the PostgreSQL server has no address"
    says "[TARGET resolve]"
    says "needs their addresses in 'hostaddr'"
    says "neither the argument 'connection' nor config.pgsql_connection"
}

@test "a server that says nothing holds up nobody" {
    start_silent
    sections='sessions: {count: 20}
scenario: [{sequence: main}]' scenario <<Y
- {activity: SqlQuery, query: SELECT 1, connection: "host=localhost port=$SILENT_PORT", timeout: 500ms}
Y
    perform 1 --workers 1
    stop_servers
    says "expected the connection within 0.5 s [TIMEOUT timeout]"
    says "20 errors in 20 activities"
}

@test "a server that lacks memory is not taken for this machine" {
    local url
    servers_listening refusing /usr/bin/python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print("listening on tcp://127.0.0.1:%d" % server.getsockname()[1], flush=True)
while True:
    client = server.accept()[0]
    client.recv(4096)
    client.sendall(b"Ecould not fork new process for connection: Cannot allocate memory\n\0")
    client.close()'
    scenario <<Y
- {activity: SqlQuery, query: SELECT 1, connection: "host=127.0.0.1 port=${url##*:} sslmode=disable"}
Y
    perform 1
    stop_servers
    says "could not fork new process for connection: Cannot allocate memory"
    says "[TARGET connect]"
}

@test "a name is resolved aside, and a socket in the file system works" {
    scenario <<Y
- {activity: SqlQuery, query: SELECT 1, connection: "host=localhost port=$POSTGRES_PORT user=tester password=swordfish dbname=postgres"}
- {activity: SqlQuery, query: SELECT inet_server_addr() IS NULL AS local, connection: "$POSTGRES_SOCKET_URI", assert_value: {'[0].local': true}}
Y
    perform 0
}

@test "a connection that the server has ended is made anew" {
    scenario <<'Y'
- {activity: SqlQuery, query: SELECT pg_terminate_backend(pg_backend_pid())}
- {activity: SqlQuery, query: SELECT 1 AS again, assert_value: {'[0].again': 1}}
Y
    perform 1
    says "[TARGET sql 57P01]"
    says "1 error in 2 activities"
    [[ $output =~ pgsql.connections\ +2 ]]
}

@test "a server that is killed mid-run is told" {
    start_postgres # another than that of the other tests
    sections='sessions: {count: 5}
scenario: [{sequence: main}]' scenario <<'Y'
- {activity: SqlQuery, query: SELECT pg_sleep(600) AS killed_here}
- {activity: SqlQuery, query: SELECT 1, timeout: 2s}
Y
    perform_until queries_are 5 killed_here
    stop_postgres
    performed 1
    [[ $output =~ "TARGET sql 57P0"|"TARGET closed" ]]
    says "TARGET connect"
    says "10 errors in 10 activities"
}

@test "200 sessions share few workers, each with one connection" {
    sections='sessions: {count: 200}
scenario: [{sequence: main, repeat: 5}]' scenario <<'Y'
- {activity: SqlQuery, query: 'SELECT $1::text AS id, pg_sleep(0.002)', parameters: [$(session_id)], assert_value: {'[0].id': $(session_id)}}
Y
    perform 0 --workers 2
    says "1,000 activities, no errors"
    [[ $output =~ pgsql.connections\ +200 ]]
    [[ $output =~ pgsql.rows\ +1,000 ]]
}

@test "rows beyond the ceiling fail, however they come, and the session goes on" {
    config='pgsql_max_result: 100000' scenario <<'Y'
- {activity: SqlQuery, query: "SELECT repeat('x', 1000) FROM generate_series(1, 300000)"}
- {activity: SqlQuery, query: SELECT 1 AS n, assert_value: {'[0].n': 1}}
- {activity: SqlQuery, query: "SELECT repeat('x', 100000000)"}
- {activity: SqlQuery, query: SELECT 2 AS n, assert_value: {'[0].n': 2}}
Y
    perform 1
    says "expected rows of at most 100000 bytes (config.pgsql_max_result), got more [TARGET result too large]"
    says "2 errors in 4 activities"
}

@test "COPY is refused" {
    scenario <<'Y'
- {activity: SqlQuery, query: COPY items TO STDOUT}
- {activity: SqlQuery, query: COPY items FROM STDIN}
- {activity: SqlQuery, query: SELECT 1}
Y
    perform 1
    says "[SCRIPT copy]"
    says "2 errors in 3 activities"
}

@test "secrets are masked in what the server says, in results and with debug" {
    scenario <<Y
- {activity: SqlQuery, query: 'SELECT \$1::text AS echo', parameters: [\$(user.password)], debug: true}
- {activity: SqlQuery, query: 'SELECT \$1::text::int', parameters: [\$(user.password)]}
- {activity: SqlQuery, query: "SELECT '\$(user.password)'::int", debug: true}
- {activity: SqlQuery, query: "DO \$x\$BEGIN RAISE WARNING '\$(user.password)'; END\$x\$"}
- {activity: SqlQuery, query: SELECT 1, connection: "$POSTGRES_SOCKET_URI application_name=canary-app", debug: true}
- {activity: \$debug()}
Y
    sed -i "s|^config.*|config: {pgsql_connection: 'host=127.0.0.1 port=$POSTGRES_PORT user=tester password=swordfish dbname=postgres'}\nsessions: {users: [{name: ann, password: canary-password}]}|" scenario.yaml
    perform 1 -v --report json=report.json
    says "sql 22P02"
    says "2 errors in"
    run ! grep -E 'canary|swordfish' <<<"$output"
    run ! grep -E 'canary|swordfish' report.json
}

@test "notices of the server are in the log" {
    scenario <<'Y'
- {activity: SqlQuery, query: "DO $x$BEGIN RAISE WARNING 'be warned'; RAISE NOTICE 'be told'; END$x$"}
Y
    perform 0
    says "pgsql: WARNING: be warned"
    [[ $output != *"be told"* ]]
    perform 0 -v
    says "pgsql: NOTICE: be told"
}

@test "a dry run connects to nothing and takes mock_result" {
    scenario <<'Y'
- {activity: SqlQuery, query: SELECT id, mock_result: [{id: 5}], store_json: {id: '[0].id'}}
- {activity: SqlQuery, query: SELECT 1}
Y
    sed -i 's/^config.*/config: {pgsql_connection: host=127.0.0.1 port=1}/' scenario.yaml
    perform 0 --dry-run
    perform 1
}

@test "a script calls SqlQuery" {
    scenario <<'Y'
- activity: RunScript
  export: [name, failed]
  script: |
    local rows = SqlQuery{query = "SELECT name FROM items WHERE id = $1", parameters = {2}}
    name = rows.value[1].name
    failed = not pcall(SqlQuery, {query = "SELEC"})
- {activity: SqlQuery, query: SELECT '$(name)' AS name, assert_value: {'[0].name': two$}}
Y
    perform 0
}

@test "out of descriptors is told as this machine's trouble" {
    sections='sessions: {count: 60}
scenario: [{sequence: main}]' scenario <<'Y'
- {activity: SqlQuery, query: SELECT pg_sleep(0.5)}
Y
    run -1 prlimit --nofile=64:64 "$STRESSOR" run scenario.yaml --no-color
    says "GENERATOR descriptors"
}

@test "wrong arguments are mistakes of the scenario" {
    scenario <<'Y'
- {activity: SqlQuery}
- {activity: SqlQuery, query: SELECT 1, assert_rows: [1]}
- {activity: SqlQuery, query: SELECT 1, assert_value: {'[0].a': '('}}
- {activity: SqlQuery, query: SELECT 1, assert_error: 23505}
- {activity: SqlQuery, query: SELECT 1, assert_error: '2350'}
- {activity: SqlQuery, query: SELECT 1, parameters: 5}
Y
    perform 2
    says "query"
    says "expected a number or [least, most], got a list of 1"
    says "an SQLSTATE such as '23505'"
}

@test "constants that can never work are all told before the run" {
    scenario <<'Y'
- {activity: SqlQuery, query: SELECT 1, assert_rows: [2, 1]}
- {activity: SqlQuery, query: SELECT 1, connection: canary nonsense}
- {activity: SqlQuery, query: SELECT 1, connection: 'host=a,b'}
- {activity: SqlQuery, query: SELECT 1, connection: 'postgresql://ann:can@ary@host/shop'}
- {activity: SqlQuery, query: "SELECT 1\0"}
- {activity: SqlQuery, query: "\0", connection: canary, assert_rows: [], assert_value: {'[0]': '('}}
Y
    perform 2
    says "scenario.yaml:6:58: error: argument 'assert_rows' of SqlQuery: expected [least, most], got [2, 1]"
    says "scenario.yaml:7:57: error: argument 'connection' of SqlQuery: the connection is neither a postgresql:// URI nor key=value text that libpq knows"
    says "argument 'connection' of SqlQuery: a connection to one of several hosts needs their addresses in 'hostaddr'"
    says "argument 'connection' of SqlQuery: the host holds an '@'"
    says "scenario.yaml:10:35: error: argument 'query' of SqlQuery: the query holds a zero byte"
    says "argument 'assert_value' of SqlQuery: regular expression"
    says "9 errors in scenario.yaml"
    [[ $output != *canary* && $output != *can@ary* ]]
}

@test "mistakes that come in variables are errors of the run" {
    scenario <<'Y'
- {activity: SqlQuery, query: SELECT 1, assert_rows: $(rows)}
- {activity: SqlQuery, query: SELECT 1, connection: "$(rows)"}
Y
    echo 'context: {rows: [2, 1]}' >>scenario.yaml
    perform 1
    says "argument 'assert_rows': expected [least, most], got [2, 1] [SCRIPT argument]"
    says "argument 'connection'"
    says "2 errors in 2 activities"
}

@test "the JSON schema takes the SQLSTATEs that the program takes" {
    "$STRESSOR" schema >schema.json
    states() {
        /usr/bin/python3 - "$@" <<'P'
import json, re, sys
def patterns(node):
    if isinstance(node, dict):
        if "properties" in node and "assert_error" in node["properties"]:
            text = json.dumps(node["properties"]["assert_error"])
            if "SQLSTATE" in text:
                yield from (a["pattern"] for a in node["properties"]["assert_error"]["anyOf"]
                            if a.get("type") == "string")
        for child in node.values():
            yield from patterns(child)
    elif isinstance(node, list):
        for child in node:
            yield from patterns(child)
pattern = next(patterns(json.load(open("schema.json"))))
print(*[bool(re.search(pattern, text)) for text in sys.argv[1:]])
P
    }
    [ "$(states 23 23505 235055 2350 $'23505\n' x)" = "True True False False False False" ]
}

@test "the example runs" {
    run -0 "$STRESSOR" run "$STRESSOR_SOURCE/examples/pgsql" -o "pgsql_connection:$POSTGRES_URI" --no-color
    says "pgsql.rows"
}
