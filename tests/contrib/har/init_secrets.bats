#!/usr/bin/env bats
# `stressor init --import`: secrets of recordings are not written.

setup() {
    load "$STRESSOR_SOURCE/tests/e2e/helper"
    load "$STRESSOR_SOURCE/tests/support/servers"
    load "$STRESSOR_SOURCE/tests/contrib/har/har"
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return
}

teardown() {
    stop_servers
}

secret_recording() {
    entries "$(post /login application/json '{"username": "ann", "password": "autumn-leaves"}')" \
        "$(get '/a?api_key=KEYKEY123' | jq -c '.request.headers += [{name: "Authorization", value: "Bearer TOKTOK456"}, {name: "Cookie", value: "before=COOKIE789"}]')" \
        "$(post /b text/plain 'in a text: KEYKEY123')" \
        "$(get /basic | jq -c '.request.headers += [{name: "authorization", value: "Basic YW5uOmF1dHVtbi1sZWF2ZXM="}]')" \
        "$(get '/jwt?x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl')" >a.har
}

@test "secrets are not written but named, and the environment gives them" {
    start_target
    secret_recording
    stressor init out --import a.har
    succeeds
    says "secrets are not written; set these in the environment before a run: STRESSOR_PASSWORD (password in users.yaml)"
    says "STRESSOR_API_KEY"
    says "cookies that were there before the recording are not written"
    ! grep -E 'autumn|KEYKEY|TOKTOK|COOKIE|eyJ|YW5u' out/*.yaml
    lines 'username: $(user.name)' 'password: $(user.password)' 'api_key: $(api_key)' 'Authorization: Bearer $(authorization)' \
        'data: "in a text: $(api_key)"' 'auth: $(user.auth)' 'x: $(x)'
    grep -q 'name: ann' out/users.yaml
    compiles
    export STRESSOR_API_KEY=given-key
    printf '  - {activity: PostRequest, url: /echo, data: $(api_key), assert_json: {body: given-key}}\n' >out/main_sequence.yaml
    stressor -q run out -o "base_url:$TARGET_URL"
    succeeds
}

@test "secrets are found however they are encoded" {
    entries "$(post /login application/json '{"user": "\u00e4nn", "password": "autumn\u002dleaves"}')" \
        "$(post /form application/x-www-form-urlencoded 'a&pwd=second%2Done')" \
        "$(get '/odd?x&session_id=third%2Done')" \
        "$(post /twice application/json '{"a": 1, "a": 2, "pin": "fourth-one"}')" \
        "$(get /userinfo origin=http://bert:fifth-one@site.example)" >a.har
    stressor init out --import a.har
    succeeds
    if grep -E 'autumn|second|third|fourth|fifth' out/*.yaml; then false; fi
    grep -q 'name: "änn"' out/users.yaml
    lines 'user: $(user.name)' 'pwd: $(password_2)' 'session_id: $(session_id_2)' 'auth: [bert, $(password_3)]'
    compiles
}

@test "--keep-secrets writes them" {
    secret_recording
    stressor init out --import a.har --keep-secrets
    succeeds
    [ -z "$stderr" ]
    lines 'username: $(user.name)' "api_key: KEYKEY123" "Authorization: Bearer TOKTOK456" 'Cookie: before=COOKIE789' 'data: "in a text: KEYKEY123"'
    grep -q "password: autumn-leaves" out/users.yaml
    [ "$(stat -c %a out/*.yaml | sort -u)" = 600 ]
    compiles
    stressor init out --import a.har --force
    [ "$(stat -c %a out/*.yaml | sort -u)" = "$(printf '%o' $((0666 & ~$(umask))))" ]
}

# checks: what was made in out is fine, and none of the WORDs stands in it.
checks() {
    local word
    stressor check out
    succeeds
    for word; do
        if grep -rF -- "$word" out; then return 1; fi
    done
}

@test "of several passwords in one request the first logs in, and each other is a secret of its own" {
    entries "$(post /json application/json '{"user": "ann", "password": "OLDPASS11", "new_password": "NEWPASS22"}')" \
        "$(post /form application/x-www-form-urlencoded 'user=ann&password=OLDPASS11&confirm_passwd=FORMPASS33')" \
        "$(get '/query?user=ann&pwd=OLDPASS11&next_pwd=QUERYPASS44')" \
        "$(post /parts multipart/form-data '' | jq -c '.request.postData.params = [{name: "password", value: "OLDPASS11"}, {name: "repeat_password", value: "PARTPASS55"}]')" >a.har
    stressor init out --import a.har
    succeeds
    says "STRESSOR_PASSWORD (password in users.yaml)"
    says "STRESSOR_NEW_PASSWORD"
    checks OLDPASS NEWPASS FORMPASS QUERYPASS PARTPASS
    lines 'user: $(user.name)' 'password: $(user.password)' 'new_password: $(new_password)' "url: /form" 'user: $(user.name)' \
        'password: $(user.password)' 'confirm_passwd: $(confirm_passwd)' "url: /query" 'pwd: $(user.password)' \
        'next_pwd: $(next_pwd)' '- [password, $(user.password)]' '- [repeat_password, $(repeat_password)]'
    grep -qxF '  new_password: $env(STRESSOR_NEW_PASSWORD, not-recorded)' out/scenario.yaml
    grep -q "name: ann" out/users.yaml
    compiles
    stressor init out --import a.har --keep-secrets --force
    succeeds
    lines 'password: $(user.password)' "new_password: NEWPASS22" "confirm_passwd: FORMPASS33" "next_pwd: QUERYPASS44"
    grep -qx "  password: OLDPASS11" out/users.yaml
    checks
}

@test "of several logins in one request the first is the user's" {
    entries "$(post /both application/json '[{"user": "ann", "password": "AAAA1111"}, {"user": "bob", "password": "BBBB2222"}]')" >a.har
    stressor init out --import a.har
    succeeds
    checks AAAA1111 BBBB2222
    lines 'user: $(user.name)' 'password: $(user.password)' "user: bob" 'password: $(password_2)'
    grep -qxF '  password_2: $env(STRESSOR_PASSWORD_2, not-recorded)' out/scenario.yaml
    grep -q "name: ann" out/users.yaml
    compiles
}

@test "a header that logs in goes before a password in the body, which is a secret of its own" {
    entries "$(post /change application/json '{"user": "carl", "old_password": "BODYPASS66"}' |
        jq -c '.request.headers += [{name: "authorization", value: "Basic YW5uOmF1dHVtbi1sZWF2ZXM="}]')" >a.har
    stressor init out --import a.har
    succeeds
    checks BODYPASS autumn YW5u
    lines "user: carl" 'old_password: $(password_2)' 'auth: $(user.auth)'
    grep -q "name: ann" out/users.yaml
    compiles
}

@test "short secrets in a text are replaced where they are a value of their own, and only there" {
    entries "$(post /number application/json '{"pin": "4711", "n": 12345678901234567890123, "m": 47110, "list": [ 4711 ]}')" \
        "$(post /twice application/json '{"user": "ann", "password": "abc", "password": "abc", "x": "abcd", "y": "-abc"}')" \
        "$(post /text text/plain 'pin=4711&a=b4711')" "$(post /plain text/plain 'room 4711 of 4711')" >a.har
    stressor init out --import a.har
    succeeds
    checks '\"4711' '\"abc\"'
    lines 'data: "{\"pin\": \"$(pin)\", \"n\": 12345678901234567890123, \"m\": 47110, \"list\": [ $(pin) ]}"' \
        'data: "{\"user\": \"ann\", \"password\": \"$(user.password)\", \"password\": \"$(user.password)\", \"x\": \"abcd\", \"y\": \"-abc\"}"' \
        'data: "pin=$(pin)&a=b4711"' "data: room 4711 of 4711"
    grep -qxF '  pin: $env(STRESSOR_PIN, not-recorded)' out/scenario.yaml
    compiles
    stressor init out --import a.har --keep-secrets --force
    succeeds
    lines 'data: "{\"pin\": \"4711\", \"n\": 12345678901234567890123, \"m\": 47110, \"list\": [ 4711 ]}"' \
        'data: "{\"user\": \"ann\", \"password\": \"abc\", \"password\": \"abc\", \"x\": \"abcd\", \"y\": \"-abc\"}"'
}

@test "a secret that is a space leaves the spaces of texts alone" {
    entries "$(post /blank application/json '{"user": "ann", "password": " "}')" \
        "$(post /spaces application/json '{"a": [ 1, 2 ], "n": 12345678901234567890123}')" >a.har
    stressor init out --import a.har
    succeeds
    lines 'password: $(user.password)' 'data: "{\"a\": [ 1, 2 ], \"n\": 12345678901234567890123}"'
    compiles
}

@test "of secrets that begin alike the longest is replaced in a text" {
    entries "$(post /login application/json '{"user": "ann", "password": "SAMEPASS-long", "new_password": "SAMEPASS"}')" \
        "$(post /text text/plain 'first SAMEPASS-long, then SAMEPASS')" >a.har
    stressor init out --import a.har
    succeeds
    checks SAMEPASS -long
    lines 'data: "first $(user.password), then $(new_password)"'
    compiles
}

@test "secrets beside bytes that are no UTF-8 are found" {
    entries "$(post /form application/x-www-form-urlencoded 'x=%FF&pwd=FORMPASS88&pin=4711')" \
        "$(get '/q?x=%FF&token=QUERYTOK99')" >a.har
    stressor init out --import a.har
    succeeds
    checks FORMPASS QUERYTOK 4711
    lines 'data: "x=%FF&pwd=$(password_2)&pin=$(pin)"' 'url: "/q?x=%FF&token=$(token)"'
}

@test "secrets that texts name are found: forms, XML, JSON in JSON, GraphQL, parameters of paths" {
    entries "$(get / | jq -c '.request.headers += [{name: "X-Session", value: "HEADSESS1"}, {name: "X-Session-Count", value: "12"}]')" \
        "$(get '/path;jsessionid=PATHSESS2;x=1/y')" "$(get '/back?code=OAUTHCODE123&state=s')" \
        "$(post /text text/plain 'password=TEXTPASS3&x=1')" "$(post /xml application/xml '<a><ns:Password Type="t"> XMLPASS44 </ns:Password><b>XMLPASS44</b></a>')" \
        "$(post /nested application/json '{"payload": "{\"password\": \"NESTPASS5\", \"pin\": \"4711\", \"n\": 14711}"}')" \
        "$(post /graphql application/json '{"query": "mutation($password: String!) { login(token: \"GQLTOKEN6\", password: $password) }"}')" \
        "$(get '/next?to=%2Fa%3Ftoken%3DLINKTOKEN7')" "$(post /prose text/plain 'your password: ask somebody; code=ok')" >a.har
    stressor init out --import a.har
    succeeds
    checks HEADSESS PATHSESS OAUTHCODE TEXTPASS XMLPASS NESTPASS '\"4711' GQLTOKEN LINKTOKEN
    lines 'X-Session: $(x_session)' 'X-Session-Count: "12"' 'url: "/path;jsessionid=$(jsessionid);x=1/y"' 'code: $(code)' \
        'data: "password=$(password_2)&x=1"' 'data: "<a><ns:Password Type=\"t\"> $(password_3) </ns:Password><b>$(password_3)</b></a>"' \
        'payload: "{\"password\": \"$(password_4)\", \"pin\": \"$(pin)\", \"n\": 14711}"' \
        'query: "mutation($password: String!) { login(token: \"$(token)\", password: $password) }"' \
        'to: "/a?token=$(token_2)"' 'data: "your password: ask somebody; code=ok"'
    compiles
}

@test "secrets are listed in the order of the requests" {
    entries "$(get '/a?token=TOKENTOK1')" "$(get '/b?api_key=KEYKEYKEY2')" "$(get '/c?sid=SIDSIDSID3')" >a.har
    stressor init out --import a.har
    succeeds
    says "before a run: STRESSOR_TOKEN, STRESSOR_API_KEY, STRESSOR_SID (or"
    [ "$(grep -o '^  [a-z_]*: \$env' out/scenario.yaml | tr -d ' \n')" = 'token:$envapi_key:$envsid:$env' ]
}
