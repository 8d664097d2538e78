# Database servers for the bats tests: PostgreSQL and Redis. Load servers.bash first; what it says
# about servers holds for these too.
#
#     setup_file() {
#         load "$STRESSOR_SOURCE/tests/support/servers"
#         load "$STRESSOR_SOURCE/tests/support/databases"
#         start_postgres
#     }
#     teardown_file() { stop_postgres; }

# PostgreSQL refuses to be root: what to put in front of its programs.
databases_as_nobody=()
if [ "$(id -u)" -eq 0 ]; then
    databases_as_nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups --)
fi

# databases_on_port VARIABLE LOG COMMAND...: sets it to a port on which the command succeeds.
databases_on_port() {
    local variable=$1 log=$2
    shift 2
    for _ in {1..20}; do
        printf -v "$variable" %s $((10000 + RANDOM % 22000)) # below the ports that clients get
        "$@" && return
    done
    tail -5 "$log" >&2
    return 1
}

# start_postgres: a new cluster. Sets POSTGRES_DIR (its socket lies in it), POSTGRES_PORT,
# POSTGRES_PID, POSTGRES_URI (over TCP with the password of the superuser `tester`, swordfish) and
# POSTGRES_SOCKET_URI (without). Its backends end with it.
start_postgres() {
    local bin
    bin=$(pg_config --bindir)
    POSTGRES_DIR=$(servers_folder postgres)
    chmod o+x "${BATS_RUN_TMPDIR:-$POSTGRES_DIR}" # nobody has to pass
    echo swordfish >"$POSTGRES_DIR/password"
    [ "$(id -u)" -ne 0 ] || chown -R nobody:nogroup "$POSTGRES_DIR"
    if ! (cd "$POSTGRES_DIR" && "${databases_as_nobody[@]}" "$bin/initdb" -D "$POSTGRES_DIR/data" -U tester \
        --no-sync --no-instructions -E UTF8 --locale=C --auth-local=trust \
        --auth-host=scram-sha-256 --pwfile="$POSTGRES_DIR/password" >"$POSTGRES_DIR/initdb.log" 2>&1); then
        cat "$POSTGRES_DIR/initdb.log" >&2
        return 1
    fi
    databases_on_port POSTGRES_PORT "$POSTGRES_DIR/log" restart_postgres || return
    export POSTGRES_DIR POSTGRES_PORT
    export POSTGRES_URI=postgresql://tester:swordfish@127.0.0.1:$POSTGRES_PORT/postgres
    export POSTGRES_SOCKET_URI="host=$POSTGRES_DIR port=$POSTGRES_PORT user=tester dbname=postgres"
}

# The server of start_postgres again, after it was ended.
restart_postgres() {
    local deadline=$((SECONDS + 30))
    "${databases_as_nobody[@]}" setpriv --pdeathsig QUIT "$(pg_config --bindir)/postgres" \
        -D "$POSTGRES_DIR/data" -c listen_addresses=127.0.0.1 -c "port=$POSTGRES_PORT" \
        -c "unix_socket_directories=$POSTGRES_DIR" -c fsync=off -c max_connections=300 \
        -c shared_buffers=16MB -c autovacuum=off </dev/null >"$POSTGRES_DIR/log" 2>&1 3>&- &
    export POSTGRES_PID=$!
    while [ "$SECONDS" -lt "$deadline" ] && kill -0 "$POSTGRES_PID" 2>/dev/null; do
        [[ $(sed -n 8p "$POSTGRES_DIR/data/postmaster.pid" 2>/dev/null) == ready* ]] && return
        sleep 0.02
    done
    stop_postgres
    return 1
}

# stop_postgres: at once. For the shell that started it.
stop_postgres() {
    kill -QUIT "$POSTGRES_PID" 2>/dev/null || true
    wait "$POSTGRES_PID" || true
}

# sql TEXT: prints what a query answers, by a client that is not ours.
sql() {
    psql -X -q -A -t -h "$POSTGRES_DIR" -p "$POSTGRES_PORT" -U tester -d postgres -c "$1"
}

# start_redis [OPTION...]: Sets REDIS_DIR, REDIS_PORT, REDIS_PID, REDIS_ADDRESS, and REDIS_SOCKET.
start_redis() {
    REDIS_DIR=$(servers_folder redis)
    databases_on_port REDIS_PORT "$REDIS_DIR/log" redis_try "$@" || return
    export REDIS_DIR REDIS_PORT REDIS_PID REDIS_SOCKET=$REDIS_DIR/socket
    export REDIS_ADDRESS=127.0.0.1:$REDIS_PORT
}

redis_try() {
    local deadline=$((SECONDS + 20))
    servers_spawn "$REDIS_DIR/log" "$REDIS_DIR/err" redis-server --bind 127.0.0.1 \
        --port "$REDIS_PORT" --unixsocket "$REDIS_DIR/socket" --dir "$REDIS_DIR" --save '' \
        --appendonly no --daemonize no --enable-debug-command yes "$@"
    REDIS_PID=$!
    while [ "$SECONDS" -lt "$deadline" ] && kill -0 "$REDIS_PID" 2>/dev/null; do
        grep -qs 'Ready to accept connections' "$REDIS_DIR/log" && return
        sleep 0.01
    done
    servers_end "$REDIS_PID" || true
    return 1
}

# redis_do COMMAND...: what Redis answers, by a client that is not ours.
redis_do() {
    redis-cli -s "$REDIS_DIR/socket" --no-auth-warning "$@"
}

# start_silent: a server that takes connections and says nothing. Sets SILENT_PORT.
start_silent() {
    local url
    servers_listening silent /usr/bin/python3 -c '
import signal, socket
server = socket.create_server(("127.0.0.1", 0))
print("listening on tcp://127.0.0.1:%d" % server.getsockname()[1], flush=True)
signal.pause()' || return
    export SILENT_PORT=${url##*:}
}
