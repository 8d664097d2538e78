# Servers for the tests of the HTTP activities beside those of tests/support/servers.bash, which
# stops them too.

# start_origin: origin.py. Sets ORIGIN_URL.
start_origin() {
    local url
    servers_listening origin /usr/bin/python3 "$STRESSOR_SOURCE/tests/activities/http/origin.py" ||
        return
    export ORIGIN_URL=$url
}

# free_port: one that nobody listens on now.
free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# certificate DIR NAME SUBJECT EXTENSION...: DIR/NAME.pem and DIR/NAME.key, signed by DIR/ca.pem.
certificate() {
    local dir=$1 name=$2 subject=$3 extension
    shift 3
    for extension in "$@"; do echo "$extension"; done >"$dir/$name.ext"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$subject" \
        -keyout "$dir/$name.key" -out "$dir/$name.csr" 2>>"$dir/openssl.log" &&
        openssl x509 -req -in "$dir/$name.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days 2 \
            -set_serial "$RANDOM" -extfile "$dir/$name.ext" -out "$dir/$name.pem" \
            2>>"$dir/openssl.log"
}

# certificates DIR: ca.pem, server.pem for localhost and 127.0.0.1, client.pem and other.pem (of
# another authority), each with its .key.
certificates() {
    local dir=$1
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj "/CN=Test authority" -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>"$dir/openssl.log" &&
        certificate "$dir" server localhost "subjectAltName=DNS:localhost,DNS:www.example.test,IP:127.0.0.1" &&
        certificate "$dir" client "A client" "extendedKeyUsage=clientAuth" &&
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
            -subj "/CN=Another" -keyout "$dir/other.key" -out "$dir/other.pem" 2>>"$dir/openssl.log"
}

# edge_try: one attempt at nginx on four ports.
edge_try() {
    local deadline=$((SECONDS + 20)) token=$$.$RANDOM.$RANDOM
    local plain=$1 tls=$2 h2c=$3 strict=$4
    cat >"$EDGE_DIR/nginx.conf" <<CONF
daemon off; master_process off; pid $EDGE_DIR/nginx.pid; error_log $EDGE_DIR/error.log info;
events { worker_connections 1024; }
http {
    log_format edge '\$connection \$server_protocol \$ssl_protocol \$request_method \$host\$request_uri \$status "\$ssl_client_s_dn"';
    access_log $EDGE_DIR/access.log edge;
    client_body_temp_path $EDGE_DIR/b; proxy_temp_path $EDGE_DIR/p; fastcgi_temp_path $EDGE_DIR/f;
    uwsgi_temp_path $EDGE_DIR/u; scgi_temp_path $EDGE_DIR/s;
    default_type application/json; types { text/html html; }
    root $EDGE_DIR/www;
    ssl_certificate $EDGE_DIR/server.pem; ssl_certificate_key $EDGE_DIR/server.key;
    ssl_client_certificate $EDGE_DIR/ca.pem;
    server {
        listen 127.0.0.1:$plain;
        listen 127.0.0.1:$tls ssl http2;
        listen 127.0.0.1:$h2c http2;
        location = /ready { access_log off; return 200 "$token"; }
        location = /count { access_log off; return 200 "ok"; }
        location = /who { return 200 '{"name":"\$host","server":"first","protocol":"\$server_protocol"}'; }
        location = /there { return 302 /who; }
        location = /crossing { return 302 http://127.0.0.1:$h2c/who; }
        location = /slow { limit_rate 10k; try_files /100k =404; }
        location = /zeros { gzip_static always; default_type text/plain; }
        location = /early { return 200 "x"; add_header X-Mixed-Case Value always; }
    }
    server {
        listen 127.0.0.2:$plain;
        location = /who { return 200 '{"name":"\$host","server":"second","protocol":"\$server_protocol"}'; }
    }
    server {
        listen 127.0.0.1:$strict ssl;
        ssl_protocols TLSv1.2;
        ssl_verify_client on;
        location = /who { return 200 '{"client":"\$ssl_client_s_dn","protocol":"\$ssl_protocol"}'; }
    }
}
CONF
    : >"$EDGE_DIR/error.log"
    servers_spawn "$EDGE_DIR/out" "$EDGE_DIR/err" \
        nginx -p "$EDGE_DIR" -e "$EDGE_DIR/error.log" -c "$EDGE_DIR/nginx.conf"
    local pid=$!
    while [ "$SECONDS" -lt "$deadline" ]; do
        if [ "$(curl -s --noproxy '*' --max-time 5 "http://127.0.0.1:$plain/ready")" = "$token" ]; then
            export EDGE_URL=http://127.0.0.1:$plain EDGE_PORT=$plain
            export EDGE_TLS_URL=https://127.0.0.1:$tls EDGE_TLS_PORT=$tls
            export EDGE_H2C_URL=http://127.0.0.1:$h2c EDGE_STRICT_URL=https://127.0.0.1:$strict
            return 0
        fi
        if grep -q 'bind() to' "$EDGE_DIR/error.log" || ! kill -0 "$pid" 2>/dev/null; then
            break
        fi
        sleep 0.01
    done
    servers_end "$pid" || true
    return 1
}

# start_edge: nginx with HTTP/2 over TLS and without, and with client certificates over TLS 1.2.
# Sets EDGE_DIR (with the certificates), EDGE_URL, EDGE_TLS_URL, EDGE_H2C_URL, EDGE_STRICT_URL. At
# 127.0.0.2 another server has the port of EDGE_URL.
start_edge() {
    local try base
    EDGE_DIR=$(servers_folder edge)
    export EDGE_DIR
    mkdir "$EDGE_DIR/www"
    echo '{"ok":true}' >"$EDGE_DIR/www/json"
    head -c 102400 /dev/zero >"$EDGE_DIR/www/100k"
    head -c 20000000 /dev/zero | gzip >"$EDGE_DIR/www/zeros.gz"
    certificates "$EDGE_DIR" || return
    for try in {1..20}; do
        base=$((10000 + RANDOM % 22000))
        ! edge_try "$base" "$((base + 1))" "$((base + 2))" "$((base + 3))" || return 0
    done
    cat "$EDGE_DIR/error.log" "$EDGE_DIR/openssl.log" >&2
    return 1
}

# edge_log: the access log, complete.
edge_log() {
    curl -sS --noproxy '*' --max-time 10 -o "$EDGE_DIR/count" "$EDGE_URL/count" || true
    cat "$EDGE_DIR/access.log"
}

# edge_sees REQUESTS CONNECTIONS
edge_sees() {
    local log
    log=$(edge_log)
    [ "$(grep -c . <<<"$log")/$(cut -d' ' -f1 <<<"$log" | sort -u | grep -c .)" = "$1/$2" ] && return
    printf 'expected %s/%s requests and connections, nginx logged:\n%s\n' "$1" "$2" "$log"
    return 1
}

# start_proxy [LINE...]: tinyproxy, with more lines of configuration. Sets PROXY_URL, PROXY_LOG.
start_proxy() {
    local dir port try deadline
    dir=$(servers_folder proxy)
    for try in {1..20}; do
        port=$(free_port)
        {
            printf 'Port %s\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 60\nMaxClients 50\n' "$port"
            printf 'LogFile "%s/log"\nLogLevel Connect\nPidFile "%s/pid"\nDisableViaHeader No\n' "$dir" "$dir"
            for line in "$@"; do echo "$line"; done
        } >"$dir/conf"
        servers_spawn "$dir/out" "$dir/err" tinyproxy -d -c "$dir/conf"
        local pid=$!
        deadline=$((SECONDS + 20))
        while [ "$SECONDS" -lt "$deadline" ] && kill -0 "$pid" 2>/dev/null; do
            if (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
                export PROXY_URL=http://127.0.0.1:$port PROXY_LOG=$dir/log PROXY_PORT=$port
                return 0
            fi
            sleep 0.01
        done
        servers_end "$pid" || true
    done
    cat "$dir/out" "$dir/err" >&2
    return 1
}

# proxied TEXT: how many requests with that text did the proxy see?
proxied() {
    grep -c "Request .*$1" "$PROXY_LOG" || true
}
