# Servers for the bats tests: nginx, the practice target, the server of bad answers.
#
#     setup() {
#         load "$STRESSOR_SOURCE/tests/support/servers"
#         start_nginx
#     }
#     teardown() { stop_servers; }
#
#     @test "each request of the client is one of the server" {
#         run "$STRESSOR" run "$BATS_TEST_DIRNAME/scenarios/ten" -o "base_url:$NGINX_URL"
#         [ "$status" -eq 0 ]
#         [ "$(nginx_requests)" -eq 10 ]
#         [ "$(nginx_connections)" -eq 1 ]
#     }
#
# Or in setup_file and teardown_file, for all tests of a file; variables are exported. Call the
# start functions directly, never in $( ): each server is a child of the shell that calls, and the
# kernel ends it when that shell ends, however that happens. Everything listens on 127.0.0.1, on a
# free port, in a folder of its own below bats' temporary one. One server of a kind at a time.

: "${STRESSOR_SOURCE:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${STRESSOR_BUILD:=$STRESSOR_SOURCE/build/release}"
: "${STRESSOR:=$STRESSOR_BUILD/bin/stressor}"
export STRESSOR_SOURCE STRESSOR_BUILD STRESSOR

SERVERS_PIDS=()

# servers_folder NAME: makes and prints a new folder.
servers_folder() {
    mktemp -d "${BATS_TEST_TMPDIR:-${BATS_FILE_TMPDIR:-${TMPDIR:-/tmp}}}/$1.XXXXXX"
}

# servers_spawn OUT ERR COMMAND...: in the background, without input; $! is its pid. Bats would
# wait for whoever keeps its descriptor 3 open.
servers_spawn() {
    local out=$1 err=$2
    shift 2
    setpriv --pdeathsig TERM "$@" </dev/null >"$out" 2>"$err" 3>&- &
    SERVERS_PIDS+=($!)
}

# servers_end PID: asks it to end and waits; returns its exit code.
servers_end() {
    local pid=$1 status=0 kept=() p
    for p in "${SERVERS_PIDS[@]}"; do
        [ "$p" = "$pid" ] || kept+=("$p")
    done
    SERVERS_PIDS=("${kept[@]}")
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" || status=$?
    return "$status"
}

# Ends all that were started; for teardown.
stop_servers() {
    local pid
    for pid in "${SERVERS_PIDS[@]}"; do
        servers_end "$pid" || true
    done
}

# servers_listening NAME COMMAND...: starts a program that prints "listening on URL" when it is
# ready, and sets url to it, without the last slash.
servers_listening() {
    local name=$1 folder line=
    shift
    folder=$(servers_folder "$name")
    mkfifo "$folder/out"
    servers_spawn "$folder/out" "$folder/err" "$@"
    read -r line <"$folder/out" || true
    url=${line#listening on }
    url=${url%/}
    if [ -z "$url" ]; then
        echo "$name did not start:" >&2
        cat "$folder/err" >&2
        return 1
    fi
}

# start_target: the practice target. Sets TARGET_URL, TARGET_PORT, TARGET_PID.
start_target() {
    local url
    servers_listening target "$STRESSOR_BUILD/libexec/stressor/stressor-target" --port 0 ||
        return
    export TARGET_URL=$url TARGET_PORT=${url##*:} TARGET_PID=$!
}

stop_target() {
    servers_end "$TARGET_PID"
}

# target_count FIELD: a field of the target's /stats, such as .requests or .by_status."200"
target_count() {
    curl -sS --max-time 10 "$TARGET_URL/stats" | jq -r "$1"
}

# start_raw: the server of bad answers, rawserver.py. Sets RAW_URL, RAW_PORT, RAW_PID.
start_raw() {
    local url
    servers_listening raw /usr/bin/python3 "$STRESSOR_SOURCE/tests/support/rawserver.py" ||
        return
    export RAW_URL=$url RAW_PORT=${url##*:} RAW_PID=$!
}

stop_raw() {
    servers_end "$RAW_PID"
}

# start_nginx [FOLDER]: nginx with nginx.conf, everything of it in FOLDER. Sets NGINX_URL,
# NGINX_TLS_URL, NGINX_CA (the certificate to trust), NGINX_DIR, NGINX_PORT, NGINX_PID.
start_nginx() {
    local dir=${1:-} tls_port try
    [ -n "$dir" ] || dir=$(servers_folder nginx)
    mkdir -p "$dir/www/dav"
    printf '<!DOCTYPE html>\n<html><head><title>Tests</title></head><body><h1>Tests</h1></body></html>\n' \
        >"$dir/www/index.html"
    printf '{"items":[{"id":1,"name":"one"},{"id":2,"name":"two"}],"total":2}\n' >"$dir/www/items.json"
    printf 'hello\n' >"$dir/www/hello.txt"
    head -c 102400 /dev/zero | tr '\0' x >"$dir/www/100k.txt"
    printf 'alice:{PLAIN}secret\nbob:{PLAIN}hunter2\n' >"$dir/htpasswd"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
        -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>"$dir/openssl.log" || return
    for try in {1..20}; do
        # Below the ports that the kernel gives to clients.
        NGINX_PORT=$((10000 + RANDOM % 11000)) tls_port=$((21000 + RANDOM % 11000))
        if nginx_try "$dir" "$NGINX_PORT" "$tls_port"; then
            export NGINX_PORT NGINX_PID NGINX_DIR=$dir NGINX_CA=$dir/cert.pem
            export NGINX_URL=http://127.0.0.1:$NGINX_PORT NGINX_TLS_URL=https://127.0.0.1:$tls_port
            return
        fi
    done
    echo "nginx did not start:" >&2
    tail -5 "$dir/error.log" >&2
    return 1
}

# nginx_try DIR PORT TLS_PORT: one attempt. The token tells our nginx from another's.
nginx_try() {
    local dir=$1 token=$$.$RANDOM.$RANDOM deadline=$((SECONDS + 20))
    sed -e "s|@DIR@|$dir|g; s|@PORT@|$2|g; s|@TLS_PORT@|$3|g; s|@TOKEN@|$token|g" \
        "$STRESSOR_SOURCE/tests/support/nginx.conf" >"$dir/nginx.conf"
    : >"$dir/error.log"
    servers_spawn "$dir/nginx.out" "$dir/nginx.err" \
        nginx -p "$dir" -e "$dir/error.log" -c "$dir/nginx.conf"
    NGINX_PID=$!
    while [ "$SECONDS" -lt "$deadline" ]; do
        if [ "$(curl -s --noproxy '*' --max-time 5 "http://127.0.0.1:$2/ready")" = "$token" ]; then
            return 0
        fi
        if grep -q 'bind() to' "$dir/error.log" || ! kill -0 "$NGINX_PID" 2>/dev/null; then
            break
        fi
        sleep 0.01
    done
    servers_end "$NGINX_PID" || true
    return 1
}

stop_nginx() {
    servers_end "$NGINX_PID"
}

# nginx_log: the access log, complete: nginx has one thread, so that when it answers this request
# the lines of those before are written.
nginx_log() {
    curl -sS --noproxy '*' --max-time 10 -o "$NGINX_DIR/count" "$NGINX_URL/count" || true
    cat "$NGINX_DIR/access.log"
}

# How many requests, connections that carried requests, did nginx see?
nginx_requests() {
    nginx_log | wc -l
}

nginx_connections() {
    nginx_log | cut -d' ' -f1 | sort -u | wc -l
}
