#!/usr/bin/env bats
# `stressor init`: the folder that it makes, and what it makes of recordings.

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

# --- the folder ------------------------------------------------------------------------------------

@test "without a recording it makes a scenario that runs against the practice target" {
    start_target
    stressor init new
    succeeds
    prints "stressor run new"
    [ "$(ls new)" = "$(printf 'main_sequence.yaml\nscenario.yaml\nusers.yaml')" ]
    [ -z "$(find . -name '.stressor*')" ]
    stressor -q run new -n
    succeeds
    STRESSOR_BASE_URL=$TARGET_URL stressor -q run new
    succeeds
    [ "$(target_count .by_route.'"/files/NAME"')" -eq 14 ]
}

@test "the overview lists it and help explains it" {
    stressor help
    prints "init"
    stressor help init
    succeeds
    prints "--import FILE.har"
}

@test "the next step is printed as a shell reads it" {
    local name printed
    entries "$(get /)" >a.har
    for name in "sp é" "it's" '$x' '~' -dash "-a b"; do
        for import in "" "--import=a.har"; do
            stressor init --force $import -- "$name"
            succeeds
            printed=$(grep '^stressor run ' <<<"$output")
            [ -f "$name/scenario.yaml" ] || return
            [ "$(eval "set -- $printed" && cd -- "$3" && pwd)" = "$PWD/$name" ]
            [[ $printed != "stressor run -"* ]]
        done
    done
    prints "stressor run './-a b'"
}

@test "what is there is left alone without --force, and replaced with it" {
    mkdir there
    echo mine >there/other.txt
    echo old >there/scenario.yaml
    stressor init there
    fails_with 1
    says "there is there already; --force replaces"
    [ "$(cat there/scenario.yaml)" = old ]
    stressor init there --force
    succeeds
    [ "$(cat there/other.txt)" = mine ]
    [ "$(ls -A there)" = "$(printf 'main_sequence.yaml\nother.txt\nscenario.yaml\nusers.yaml')" ]
    stressor -q run there -n
    succeeds
}

@test "an empty folder is filled, a file is not replaced, and a folder above has to be there" {
    mkdir empty
    stressor init empty/
    succeeds
    echo text >file
    stressor init file --force
    fails_with 1
    says "file is there already, and is no folder"
    [ "$(cat file)" = text ]
    stressor init no/such/folder
    fails_with 1
    says "No such file or directory"
}

@test "a folder that cannot take the files stays as it is" {
    mkdir -p there/users.yaml
    echo old >there/scenario.yaml
    stressor init there --force
    fails_with 1
    says "users.yaml is a folder"
    [ "$(cat there/scenario.yaml)" = old ]
    [ "$(ls -A there)" = "$(printf 'scenario.yaml\nusers.yaml')" ]
}

@test "wrong usage is told" {
    stressor init
    fails_with 2
    says "the folder to make is missing"
    stressor init a b
    fails_with 2
    says "one folder at a time"
    stressor init a --opts x
    fails_with 2
    says "--opts and --keep-secrets say how to --import"
    stressor init a --what
    fails_with 2
    [ -z "$(ls -A)" ]
}

# --- bad recordings --------------------------------------------------------------------------------

# refused TEXT: nothing was made of bad.har, and TEXT was said.
refused() {
    stressor init out --import bad.har
    fails_with 1
    says "bad.har: $1"
    [ "$(ls -A)" = bad.har ]
}

@test "what is no recording is refused with its place, and nothing is made" {
    printf '' >bad.har
    refused "line 1, column 1 (byte 0): it is empty"
    printf '<html>' >bad.har
    refused "line 1, column 2 (byte 1): it is not JSON"
    printf '{\n "log": {"entries": [tru]}}' >bad.har
    refused "line 2, column 25 (byte 26): it is not JSON"
    printf '[]' >bad.har
    refused 'it is JSON, but no recording: an object with "log" was expected'
    printf '{"log": {"version": "1.2"}}' >bad.har
    refused 'it is JSON, but no recording: it holds no list "entries"'
    printf '{"log": {"entries": []}}' >bad.har
    refused "there are no entries in it"
    printf '\xff\xfe{\0' >bad.har
    refused "line 1, column 1 (byte 0): it is not JSON in UTF-8, but seems to be UTF-16"
    printf '{"log": {"entries": []}} x' >bad.har
    refused "line 1, column 2"
}

@test "a truncated recording is refused" {
    entries "$(get /)" >whole
    head -c -4 whole >bad.har
    rm whole
    refused "line 1, column"
    says "the JSON ends too early"
}

@test "deep nesting is refused with its place" {
    { printf '{"log":{"x":'; head -c 1000000 /dev/zero | tr '\0' '['; } >bad.har
    refused "line 1, column 11"
    says "it is nested too deeply"
}

@test "numbers and words without end are refused" {
    { printf '{"log":{"x":1'; head -c 1000000 /dev/zero | tr '\0' '1'; } >bad.har
    refused "line 1, column 4"
    says "a number or word without end"
}

@test "a recording that is not there, or no file, is told" {
    stressor init out --import none.har
    fails_with 1
    says "none.har: No such file or directory"
    mkdir folder
    stressor init out --import folder
    fails_with 1
    says "folder: it is no ordinary file"
    mkfifo pipe # nobody writes to it
    stressor init out --import pipe
    fails_with 1
    says "pipe: it is no ordinary file"
    [ "$(ls)" = "$(printf 'folder\npipe')" ]
}

@test "a recording with huge texts needs little memory" {
    case $(nm -D "$STRESSOR_BUILD/libexec/stressor/stressor-init" | grep -cE '__(asan|tsan)_') in
    0) ;;
    *) skip "a sanitizer takes memory of its own" ;;
    esac
    {
        printf '{"log":{"entries":[%s,{"request":{"method":"POST","url":"http://site.example/p","postData":{"text":"' "$(get /)"
        head -c 60000000 /dev/zero | tr '\0' 'x'
        printf '"}},"response":{"status":200,"content":{"mimeType":"application/json","text":"'
        head -c 60000000 /dev/zero | tr '\0' 'y'
        printf '"}}}]}}'
    } >huge.har
    run --separate-stderr /usr/bin/time -f %M "$STRESSOR" init out --import huge.har
    succeeds
    says "1 bodies are not imported"
    [ "$(tail -n 1 <<<"$stderr")" -lt 60000 ]
    grep -q "its body is too large" out/main_sequence.yaml
}

@test "a folder on a full disk stays away" {
    for i in {1..40}; do get "/$i"; done | jq -s '{log: {entries: .}}' >a.har
    run --separate-stderr bash -c 'ulimit -f 1; trap "" XFSZ; exec "$STRESSOR" init out --import a.har'
    fails_with 1
    says "cannot write"
    [ "$(ls -A)" = a.har ]
}

@test "Ctrl-C leaves nothing behind, and is told" {
    mkfifo gate
    entries "$(get /)" >a.har
    # It waits for the options, which never come, so that the signal finds it running.
    "$STRESSOR" init out --import a.har --opts gate 3>&- 2>messages &
    child=$!
    exec 5>gate # waits until it is read
    kill -INT "$child"
    exec 5>&-
    status=0
    wait "$child" || status=$?
    [ "$status" -eq 3 ]
    grep -q "stopped; nothing was written" messages
    [ "$(ls -A)" = "$(printf 'a.har\ngate\nmessages')" ]
}

# --- what becomes of entries -----------------------------------------------------------------------

@test "the most used origin is base_url, and other origins are left out or named" {
    entries "$(get / origin=https://OTHER.example:443)" "$(get /a)" "$(get /b)" >a.har
    stressor init out --import a.har
    succeeds
    prints "1 of other origins"
    grep -q 'base_url: "http://site.example"' out/scenario.yaml
    lines "url: /a" "url: /b"
    echo "skip_externals: false" >opts.yaml
    stressor init all --import a.har --opts opts.yaml
    grep -q 'url: "https://other.example/"' all/main_sequence.yaml
    echo "base_url: https://Other.example" >opts.yaml
    stressor init other --import a.har --opts opts.yaml
    grep -q 'base_url: "https://other.example"' other/scenario.yaml
    [ "$(grep -c 'url:' other/main_sequence.yaml)" -eq 1 ]
    compiles
}

@test "a byte order mark, missing fields and pseudo headers are fine" {
    printf '\xef\xbb\xbf{"log":{"entries":[{"request":{"url":"http://h/x"}},{},{"request":null},
      {"request":{"method":"GET","url":"http://h/y","headers":[{"name":":authority","value":"h"},{"name":"x-one"},
      {"name":"x-two","value":"2"}]},"response":{}}]}}' >a.har
    stressor init out --import a.har
    succeeds
    prints "1 of 4 entries"
    lines "url: /y" "x-two: \"2\""
    ! grep -q authority out/main_sequence.yaml
    compiles
}

@test "queries become parameters, and names that come twice become pairs" {
    entries "$(get '/a?x=a+b+c&y=%C3%BC&on=yes')" "$(get '/b?t=1&t=2&u=')" "$(get '/c?123')" "$(get '/d?x=%FF')" >a.har
    stressor init out --import a.har
    lines "url: /a" "x: a b c" '"y": "ü"' '"on": "yes"' "url: /b" '- [t, "1"]' '- [t, "2"]' '- [u, ""]' \
        'url: "/c?123"' 'url: "/d?x=%FF"'
    compiles
}

@test "forms, JSON and other bodies" {
    entries "$(post /f 'application/x-www-form-urlencoded; charset=UTF-8' 'a=1&b=x+y&a=2')" \
        "$(post /j application/json '{"a": [1, 2.5, 1e5, true, null, {}, []], "b": "yes", "c": "1e3"}')" \
        "$(post /v application/vnd.api+json '{"a": 1}')" \
        "$(post /twice application/json '{"a": 1, "a": 2}')" \
        "$(post /big application/json '[12345678901234567890]')" \
        "$(post /t text/plain 'a: b # c')" "$(post /none '' '')" >a.har
    stressor init out --import a.har
    lines '- [a, "1"]' "- [b, x y]" '- [a, "2"]' "- 2.5" "- 100000.0" "- null" "- {}" "- []" 'b: "yes"' 'c: "1e3"' \
        "a: 1" "Content-Type: application/vnd.api+json" 'data: "{\"a\": 1, \"a\": 2}"' \
        'data: "[12345678901234567890]"' 'data: "a: b # c"' "Content-Type: text/plain" "url: /none"
    compiles
}

@test "what would be encoded otherwise stands as it was recorded" {
    entries "$(get '/a?x[]=1&x[]=2&y=%zz')" "$(get '/b?x=a%20b')" "$(get '/c?x=%c3%bc')" "$(get '/d?t=12:30')" "$(get '/e?')" \
        "$(get '/f?x=%41')" "$(get '/g?q=ü&r=a+b')" "$(post /form application/x-www-form-urlencoded 'a=*&b=(1)')" >a.har
    stressor init out --import a.har
    succeeds
    [ -z "$stderr" ]
    lines 'url: "/a?x[]=1&x[]=2&y=%zz"' 'url: "/b?x=a%20b"' 'url: "/c?x=%c3%bc"' 'url: "/d?t=12:30"' 'url: "/e?"' \
        'url: "/f?x=%41"' "url: /g" "params:" 'q: "ü"' "r: a b" 'data: "a=*&b=(1)"' "Content-Type: application/x-www-form-urlencoded"
    compiles
}

@test "what would be encoded otherwise is written anew where it holds variables, with a warning" {
    entries "$(get /a type=application/json body='{"id": "abc123def456"}')" "$(get '/b?x[]=1&id=abc123def456')" \
        "$(post /form application/x-www-form-urlencoded 'a=*&password=autumn-leaves')" >a.har
    stressor init out --import a.har
    succeeds
    says "2 queries and forms are encoded in another way than recorded, as they hold variables"
    lines "url: /b" '"x[]": "1"' 'id: $(id)' 'a: "*"' 'password: $(password_2)'
    compiles
}

@test "headers without a value and types with parameters are sent as recorded" {
    start_target
    entries "$(get / | jq -c '.request.headers += [{name: "X-Empty", value: ""}]')" \
        "$(post /echo 'application/json;charset=utf-8' '{"a": 1}')" \
        "$(post /echo 'application/x-www-form-urlencoded; charset=UTF-8' 'a=1')" \
        "$(post /echo text/plain 'a=1' | jq -c '.request.headers += [{name: "Content-Type", value: "application/x-www-form-urlencoded"}]')" |
        sed "s#http://site.example#$TARGET_URL#g" >a.har
    stressor init out --import a.har
    succeeds
    lines 'X-Empty: ""' "a: 1" 'Content-Type: "application/json;charset=utf-8"' 'a: "1"' \
        'Content-Type: "application/x-www-form-urlencoded; charset=UTF-8"' 'a: "1"'
    [ "$(grep -c Content-Type: out/main_sequence.yaml)" -eq 2 ]
    compiles
    stressor -q run out
    succeeds
}

@test "JSON with half a character is sent as it stands" {
    start_target
    entries "$(post /echo application/json '{"u": "\ud83d", "v": "\u0000"}')" "$(post /echo application/json '{"u": "\ud83d\ude00"}')" \
        "$(post /echo application/json '{"\ude00": 1, "password": "autumn-leaves"}')" | sed "s#http://site.example#$TARGET_URL#g" >a.har
    stressor init out --import a.har
    succeeds
    lines 'data: "{\"u\": \"\\ud83d\", \"v\": \"\\u0000\"}"' "Content-Type: application/json" 'u: "😀"' \
        'data: "{\"\\ude00\": 1, \"password\": \"$(password_2)\"}"'
    stressor -q run out
    succeeds
}

@test "parameters without the text of their form are taken as they stand, with one warning" {
    entries "$(post /p application/x-www-form-urlencoded '' | jq -c '.request.postData.params = [{name: "a", value: "x%26y"}, {name: "b", value: "%41"}]')" \
        "$(post /q application/x-www-form-urlencoded '' | jq -c '.request.postData.params = [{name: "a", value: "%42"}]')" \
        "$(post /r application/x-www-form-urlencoded '' | jq -c '.request.postData.params = [{name: "a", value: "100%"}]')" >a.har
    stressor init out --import a.har
    succeeds
    says "entry 1 has parameters with '%XX' and no text of the form"
    [ "$(grep -c "parameters with" <<<"$stderr")" -eq 1 ]
    lines "a: x%26y"
    compiles
}

@test "multipart bodies become parts, and bytes that are no text a file" {
    body='--B\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n--B\r\nContent-Disposition: form-data; name="f"; filename="x.csv"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n--B--\r\n'
    bytes=$(printf '%b' '--B\r\nContent-Disposition: form-data; name="f"; filename="p"\r\n\r\n\xff\x01\r\n--B--\r\n' | base64 -w0)
    entries "$(post /m 'multipart/form-data; boundary=B' "$(printf '%b' "$body")")" \
        "$(post /b 'multipart/form-data; boundary=B' "$bytes" base64)" \
        "$(post /p multipart/form-data '' | jq -c '.request.postData.params = [{name: "t", value: "v"}, {name: "f", fileName: "a.bin", contentType: "x/y"}]')" >a.har
    stressor init out --import a.har
    succeeds
    says "1 uploaded files are not in the recording"
    lines '- [a, one]' '- [f, {text: "1,2", name: x.csv, type: text/csv}]' "- [f, {file: upload_1.bin, name: p}]" \
        "- [t, v]" '- [f, {text: "", name: a.bin, type: x/y}] # the recording does not hold the file'
    [ "$(od -An -tx1 out/upload_1.bin)" = " ff 01" ]
    compiles
}

@test "what a redirect led to is not requested again" {
    entries "$(get /a status=302 to=/b)" "$(get /b status=302 to='http://site.example/c?x#y')" "$(get '/c?x')" "$(get /b)" >a.har
    stressor init out --import a.har
    prints "2 followed from redirects"
    lines "# 2 redirects are followed, and not requested again" "url: /a" "url: /b"
    [ "$(grep -c 'url:' out/main_sequence.yaml)" -eq 2 ]
    compiles
}

@test "what is redirected to another origin is left out unless those are requested" {
    entries "$(get /a)" "$(get /away status=302 to=http://third.example/x?token=tokentoken1)" "$(get /x?token=tokentoken1 origin=http://third.example status=302 to=http://site.example/back)" \
        "$(get /back)" "$(get /hop status=307 to=/hop2)" "$(get /hop2 status=303 to=//third.example/y)" "$(get /up status=301 to=https://site.example/up)" >a.har
    stressor init out --import a.har
    succeeds
    prints "3 of 7 entries in 3 activities; left out: 4 of other origins"
    says "entry 2 is left out: it is redirected to http://third.example, and redirects are followed (skip_externals: false requests it)"
    says "entry 5 is left out: it is redirected to http://third.example, "
    lines "url: /a" "# entry 2 is left out: it is redirected to http://third.example, and redirects are followed" "url: /back" \
        "# entry 5 is left out: it is redirected to http://third.example, and redirects are followed" "url: /up"
    ! grep -qE 'away|hop|token' out/main_sequence.yaml
    compiles
    echo "skip_externals: false" >opts.yaml
    stressor init all --import a.har --opts opts.yaml
    succeeds
    [ -z "$stderr" ]
    prints "3 followed from redirects"
    grep -q "url: /away" all/main_sequence.yaml
}

@test "errors are left out, or expected" {
    entries "$(get /a)" "$(get /no status=404)" >a.har
    stressor init out --import a.har
    prints "1 errors"
    ! grep -q /no out/main_sequence.yaml
    echo "skip_errors: false" >opts.yaml
    stressor init all --import a.har --opts opts.yaml
    grep -q "assert_status: 404" all/main_sequence.yaml
}

@test "what never reached a server is left out" {
    entries "$(get /a)" "$(get /blocked status=0)" "$(get /cached | jq -c '._fromCache = "memory"')" \
        "$(get /socket status=101)" "$(get x origin=data:)" >a.har
    stressor init out --import a.har
    prints "1 of 5 entries"
    lines "url: /a"
}

@test "bursts of static files become one activity, as the options say" {
    entries "$(get /)" "$(get /a.css type=TEXT/CSS at=100)" "$(get /b.js type=application/javascript at=110)" \
        "$(get /c.png type=image/png at=120)" "$(get /late.png type=image/png at=900)" \
        "$(get /slow.png type=image/png at=910 time=1500)" "$(get /s.png?token=abcdef type=image/png at=920)" >a.har
    stressor init out --import a.har
    lines "- activity: StaticRequests" "thread_count: 5" "- /a.css" "- /b.js" "- /c.png" "url: /late.png" "url: /slow.png" \
        "url: /s.png" 'token: $(token)'
    [ "$(grep -c StaticRequests out/main_sequence.yaml)" -eq 1 ]
    compiles
    printf 'statics_types: ["image/p"]\ncollate_thread_count: 2\ncollate_max_pause: 10\ncollate_max_len: 2\ncollate_max_duration: 2\n' >opts.yaml
    stressor init two --import a.har --opts opts.yaml
    succeeds
    [ "$(grep -c StaticRequests two/main_sequence.yaml)" -eq 1 ]
    grep -q "thread_count: 2" two/main_sequence.yaml
    grep -q "url: /a.css" two/main_sequence.yaml
}

@test "mistakes in the options are told with their place" {
    entries "$(get /)" >a.har
    for case in "bse_url: true|1:1: unknown option 'bse_url'; expected one of base_url, skip_externals," 'skip_errors: maybe|1:14: skip_errors: expected true or false' \
        'collate_max_len: 0|1:18: collate_max_len: expected a whole number' 'base_url: /x|1:11: base_url: expected true' \
        'statics_types: ["("]|1:17: statics_types: missing closing parenthesis' '[1]|1:1: expected a map' 'skip_errors: []|1:14: expected a plain value' 'a: [|2:1: did not find expected node content' '"|2:1: '; do
        echo "${case%%|*}" >opts.yaml
        stressor init out --import a.har --opts opts.yaml
        fails_with 2
        says "opts.yaml:${case##*|}"
        [ ! -e out ]
    done
    stressor init out --import a.har --opts nowhere.yaml
    fails_with 1
    says "cannot read nowhere.yaml: No such file or directory"
}

@test "each request has a comment with type, size and time, and pauses are kept" {
    entries "$(get / at=0)" "$(get /a at=2530)" "$(get /b at=2900)" "$(get /c at=100000)" >a.har
    stressor init out --import a.har
    lines "# text/html, 7 bytes, 0.030 s, status 200" 'activity: $sleep(2.5)' "activity: \$sleep(30) # the recording paused for 97 s"
    [ "$(grep -c sleep out/main_sequence.yaml)" -eq 2 ]
    echo "pause_max: 0" >opts.yaml
    stressor init none --import a.har --opts opts.yaml
    ! grep -q sleep none/main_sequence.yaml
}

@test "text that reads as a macro is made literal, with a warning" {
    start_target
    entries "$(post '/echo' text/plain 'a $(name) b $load(x) $( user.name ) $(dollar) $x ${y} $("z") $')" | sed "s#http://site.example#$TARGET_URL#g" >a.har
    stressor init out --import a.har
    succeeds
    says "entry 1 holds '\$(name)', which would read as a macro: '\$' is written as \$(dollar)"
    grep -q 'dollar: \$' out/scenario.yaml
    printf '    assert_json: {body: "a \\\\$\\\\($(dollar)name"}\n    debug: true\n' >/dev/null
    printf '    store_json: {got: body}\n- {activity: $debug()}\n' | sed 's/^-/  -/' >>out/main_sequence.yaml
    stressor run out
    succeeds
    says 'a $(name) b $load(x) $( user.name ) $(dollar) $x ${y} $("z") $'
}

@test "what is recorded is told on one line, and cut" {
    entries "$(post /a text/plain $'$load(a\nb\x1b[31m\u202e)\nmore')" "$(post /b text/plain "\$x($(printf 'y%.0s' {1..200}))")" >a.har
    stressor init out --import a.har
    succeeds
    says "entry 1 holds '\$load(a\\nb\\x1b[31m\\u202e)', which would"
    says "entry 2 holds '\$x($(printf 'y%.0s' {1..77})...', which would"
    [ "$(wc -l <<<"$stderr")" -eq 2 ]
    compiles
}

@test "entries are put in the order of their times" {
    entries "$(get /second at=2000)" "$(get /first at=1000)" >a.har
    stressor init out --import a.har
    [ "$(grep -o '/[fs].*' out/main_sequence.yaml | tr '\n' ' ')" = "/first /second " ]
}

# --- correlations ----------------------------------------------------------------------------------

@test "what an answer held and later requests send becomes a variable" {
    entries "$(get /a type=application/json body='{"user": {"token": "abc123def456"}, "items": [{"n": 1}, {"id": 98765432}]}')" \
        "$(get /b type=text/html header='X-Ticket: zz99yy88xx77')" \
        "$(get '/items/98765432?t=abc123def456&ticket=zz99yy88xx77')" \
        "$(post /j application/json '{"id": 98765432, "as_text": "98765432", "t": "abc123def456"}')" >a.har
    stressor init out --import a.har
    succeeds
    lines "token: user.token" 'id: "items.[1].id"' "mock_result: {user: {token: dry run}, items: [null, {id: 0}]} # for dry runs" \
        "x_ticket: X-Ticket" 'url: /items/$(id)' 't: $(token)' 'ticket: $(x_ticket)' 'id: $(id)' 'as_text: "98765432"'
    [ "$(grep -c 'correlated by the import' out/main_sequence.yaml)" -eq 2 ]
    ! grep -q abc123 out/*.yaml
    compiles
}

@test "a secret that an answer held needs no environment, within other texts too" {
    entries "$(get /a type=text/html header='X-Csrf-Token: csrf-1234567890')" \
        "$(post /b application/json '{"t": "csrf-1234567890", "u": "pre csrf-1234567890"}' | jq -c '.request.headers += [{name: "X-CSRF-Token", value: "csrf-1234567890"}]')" \
        "$(post /c application/xml '<csrf>csrf-1234567890</csrf>')" >a.har
    stressor init out --import a.har
    succeeds
    [ -z "$stderr" ]
    lines "x_csrf_token: X-Csrf-Token" 't: $(x_csrf_token)' 'u: pre $(x_csrf_token)' 'X-CSRF-Token: $(x_csrf_token)' \
        'data: "<csrf>$(x_csrf_token)</csrf>"'
    ! grep -q 'env(' out/*.yaml
    compiles
}

@test "what may be chance, or was the user's own, is no correlation" {
    entries "$(get /a?q=mine12345678)" \
        "$(get /b type=application/json body='{"a": "short", "n": 500000, "date": "2026-01-02", "q": "mine12345678", "path": "/items/list1234"}')" \
        "$(post /c application/json '{"a": "short", "n": 500000, "date": "2026-01-02", "q": "mine12345678", "path": "/items/list1234"}')" >a.har
    stressor init out --import a.har
    ! grep -q "store_json" out/main_sequence.yaml
}

@test "bodies in base64 are searched too" {
    entries "$(get /a type=application/json body="$(printf '{"id": "abc123def456"}' | base64 -w0)" | jq -c '.response.content.encoding = "base64"')" \
        "$(get /abc123def456)" >a.har
    stressor init out --import a.har
    lines "id: id" 'url: /$(id)'
    compiles
}
