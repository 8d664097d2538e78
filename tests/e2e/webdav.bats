# The example examples/webdav against real Apache and real nginx: green, and red where one of its
# expectations is broken.

setup() {
    load helper
    load "$STRESSOR_SOURCE/tests/support/servers"
    example=$STRESSOR_SOURCE/examples/webdav
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    stop_servers
}

# serve SERVER: starts it. Sets url, files (its folder), serve_pid; its log is ./log.
serve() {
    local line=
    mkfifo out
    servers_spawn out err "$example/serve" "$1" "$PWD/log"
    serve_pid=$!
    exec 6<out
    url='' files=''
    while [ -z "$url" ] && read -r line <&6; do
        case $line in
        'files in '*) files=${line#files in } ;;
        'listening on '*) url=${line#listening on } url=${url%/} ;;
        esac
    done
    exec 6<&-
    rm out
    [ -n "$url" ] || { cat err >&2 && return 1; }
}

# logged PATTERN: how many lines of the log match. Complete once the server has ended.
logged() {
    grep -cE "$1" log || true
}

# --- green ------------------------------------------------------------------------------------------

# green SERVER COPIED: it passes twice in a row, and the server has logged what the scenario says;
# COPIED is its status for COPY.
green() {
    local pass
    serve "$1"
    for pass in 1 2; do
        stressor run "$example" -o "base_url:$url" -o pause:0
        succeeds
        prints 'PASSED: 120 activities, no errors'
        [[ $output =~ http\.requests\ +126 ]]
        [ -z "$(ls -A "$files/www/dav")" ]
    done
    servers_end "$serve_pid"
    # Both runs together: three sessions, two passes each.
    cut -d' ' -f1,3 log | sort | uniq -c | awk '{ print $2, $3, $1 }' >counts
    diff - counts <<END
COPY $2 12
DELETE 204 42
GET 200 120
GET 401 12
GET 404 18
MKCOL 201 6
OPTIONS 200 6
PROPFIND 207 12
PUT 201 24
END
    # Each session acts as a user of its own, is a stranger once, and keeps to its own folder.
    [ "$(sed -nE 's/.* ([a-z]+) "session\/(t0[0-9]) .*/\2 \1/p' log | sort -u | xargs)" \
        = "t01 ann t02 bert t03 cleo" ]
    [ "$(logged '^GET /private/ 401 - "session/t0[123] ')" -eq 6 ]
    [ "$(logged '^GET /private/ 401 (ann|bert|cleo) "session/t0[123] ')" -eq 6 ]
    [ "$(sed -nE 's/.* \/dav\/(t0[0-9]).* "session\/(t0[0-9]) .*/\1 \2/p' log | sort -u | xargs)" \
        = "t01 t01 t02 t02 t03 t03" ]
    # All that the public page links to.
    [ "$(logged '^GET /files/(agenda|poem)\.txt 200')" -eq 24 ]
}

@test "the example is green against Apache, which logs what it says" {
    green apache 201
}

@test "the example is green against nginx, which logs what it says" {
    green nginx 204
}

@test "the example takes a base URL with and without a slash at the end" {
    serve apache
    stressor run "$example" -o "base_url:$url/" -o pause:0 --single
    succeeds
    stressor run "$example" -o "base_url:$url" -o pause:0 --single
    succeeds
}

# --- red --------------------------------------------------------------------------------------------

# item FILE NAME: first and last line of the activity of that name, and the column of its name.
item() {
    awk -v name="$2" '
        first && /^ *- (name|activity):/ { exit }
        !first && $0 ~ "^ *- name: " name "$" { first = NR; column = index($0, "name:") }
        first { last = NR }
        END { print first + 0, last + 0, column + 0 }' "webdav/$1"
}

# broken FILE NAME CHANGE KIND TEXT [ERRORS]: in a copy of the example whose activity NAME was changed
# by sed, or the Lua FILE that it runs, that activity fails with this category and kind and with
# this text, told with its place, first in the summary. With ERRORS, others that need it fail too, as many in all. Notes
# the line that was changed, in ./broken.
broken() {
    local file=$1 name=$2 change=$3 kind=$4 text=$5 errors=${6:-1}
    local yaml=$file first last column line
    [[ $file != *.lua ]] || yaml=main_sequence.yaml
    rm -rf webdav "${files:?}"/www/dav/*
    cp -r "$example" webdav
    read -r first last column < <(item "$yaml" "$name")
    line=$first,$last
    [[ $file != *.lua ]] || line=
    sed -i -E "$line$change" "webdav/$file"
    line=$(diff --unchanged-line-format= --new-line-format= --old-line-format='%dn,' \
        "$example/$file" "webdav/$file" || true)
    if ! [[ $line =~ ^[0-9]+,$ ]]; then
        printf '%s: not one line, but "%s" changed by %s\n' "$name" "$line" "$change" >&2
        return 1
    fi
    echo "$file:${line%,}" >>broken
    stressor run webdav --single -o "base_url:$url" -o pause:0
    text="/$name (webdav/$yaml:$first:$column): $text"
    if ! { fails_with 1 && prints "FAILED: $errors error" && prints "$text" && says "$text" &&
        [[ $output =~ '  '[1-9]'  '"$kind, $name"(' and '[1-9]' more')?$'\n'[^$'\n']*"$text" ]]; }; then
        printf 'where %s was changed by %s\n' "$name" "$change" >&2
        return 1
    fi
}

in_scenario() {
    broken scenario.yaml "$@"
}

in_main() {
    broken main_sequence.yaml "$@"
}

in_script() {
    broken count_words.lua 'count words' "$@"
}

# Every expectation of the example, in its order: the activity, how its line is changed, and the error
# that comes of it.
each_broken() {
    in_scenario 'front page' "s/''/nowhere.html/" \
        'ASSERTION status' "expected status below 400, got 404 from GET $url/nowhere.html"
    in_scenario 'front page' 's/\^Notes/^Note/' \
        'ASSERTION html' "expected '//title' to hold '^Note\$', got 'Notes' from GET $url/"
    in_scenario 'front page' 's/private/public/' \
        'ASSERTION html' "expected '//a[@href=\"public/\"]' to be there, got nothing from GET $url/"
    in_scenario 'front page' 's/form/li/' \
        'ASSERTION html' "expected '//li' not to be there, got 2 of it from GET $url/"
    in_scenario options 's/200/204/' \
        'ASSERTION status' "expected status 204, got 200 from OPTIONS $url/dav/"
    in_scenario options 's/\?2\[/?3[/' \
        'ASSERTION headers' "expected headers that match '.*'DAV': '(1,)?3[,']' from the start, got {'"
    in_scenario stranger 's/401/200/' \
        'ASSERTION status' "expected status 200, got 401 from GET $url/private/"
    in_scenario stranger 's/Members/Friends/' \
        'ASSERTION headers' "expected headers that match '.*'WWW-Authenticate': 'Basic realm=\"Friends\"' from the start, got {'"
    in_scenario 'wrong password' 's/401/403/' \
        'ASSERTION status' "expected status 403, got 401 from GET $url/private/"
    in_scenario 'log in' 's/200/302/' \
        'ASSERTION status' "expected status 302, got 200 from GET $url/private/"
    in_scenario 'log in' 's/only/all/' \
        'ASSERTION html' "expected '//h1' to hold '^Members all\$', got 'Members only' from GET $url/private/"
    in_scenario 'make folder' 's/201/405/' \
        'ASSERTION status' "expected status 405, got 201 from MKCOL $url/dav/t01/"

    in_main list 's|: files/|: filed/|' \
        'ASSERTION status' "expected status below 400, got 404 from GET $url/filed/" 3
    in_main list 's/Index/Table/' \
        'ASSERTION html' "expected '//title' to hold '^Table of /files/?\$', got 'Index of /files" 3
    in_main list 's/: agenda/: addenda/' \
        'ASSERTION html' "expected '//a[@href=\"agenda.txt\"]' to hold 'addenda.txt', got '" 3
    in_main list 's/secret/poem/' \
        'ASSERTION html' "expected '//a[contains(@href, \"poem\")]' not to be there, got 1 of it from GET $url/files/" 3
    in_main list 's/\^3/^4/' \
        'ASSERTION html' "expected 'count(//a[contains(@href, \".txt\")])' to hold '^4\$', got '3' from GET $url/files/" 3
    in_main 'find links' 's/export: links/export: lynx/' \
        'SCRIPT script error' "export 'lynx': the script did not set it" 2
    in_main 'find links' 's/poem/prose/' \
        'ASSERTION assert_match' "pattern '^files/prose\\.txt\$' not found in 'files/agenda.txt"
    in_main 'fetch links' 's/200/304/' \
        'ASSERTION status' "3 of 3 failed: expected status 304, got 200 from GET $url/files/agenda.txt; expected status 304, got 200 from GET $url/files/little-words.txt; "
    in_main 'fetch links' 's/plain/html/' \
        'ASSERTION headers' "3 of 3 failed: expected headers that match '.*'Content-Type': 'text/html'' from the start, got {'"
    in_main protected 's|private/|private/nowhere|' \
        'ASSERTION status' "expected status below 400, got 404 from GET $url/private/nowhere"
    in_main protected 's/yours/mine/' \
        'ASSERTION assert_match' "pattern 'is mine\\.' not found in '<!DOCTYPE html>"
    in_main protected 's/: 5/: 0.0000001/' \
        'ASSERTION assert_max_time' "expected to take at most 100 ns, took "
    in_main write 's/201/200/' \
        'ASSERTION status' "expected status 200, got 201 from PUT $url/dav/t01/note.txt"
    in_main 'own folder' 's|\)/$|)/nowhere/|' \
        'ASSERTION status' "expected status below 400, got 404 from GET $url/dav/t01/nowhere/"
    in_main 'own folder' 's|: \$\(home\)$|: $(home)/attic|' \
        'ASSERTION html' "expected '//h1' to hold 'dav/t01/attic', got 'Index of /dav/t01"
    in_main 'own folder' 's/note\.txt/letter.txt/' \
        'ASSERTION html' "expected '//a[@href=\"letter.txt\"]' to be there, got nothing from GET $url/dav/t01/"
    in_main read 's/note\.txt/letter.txt/' \
        'ASSERTION status' "expected status below 400, got 404 from GET $url/dav/t01/letter.txt" 5
    in_main read 's/A note/No note/' \
        'ASSERTION assert_match' "pattern '^No note of ann, t01:\\nHope is the thing with feathers\$' not found in 'A note of ann, t01:"
    in_main 'count words' 's/- words/- wards/' \
        'SCRIPT script error' "export 'wards': the script did not set it" 4
    in_main 'count words' 's/- longest/- largest/' \
        'SCRIPT script error' "export 'largest': the script did not set it" 4
    in_main 'count words' 's/author: author/author: writer/' \
        'ASSERTION store_json' "store_json 'author': no key 'writer' in {'author': 'ann', 'words': 3}; there are 'author', 'words'" 4
    in_script 's/assert\(page,/assert(not page,/' \
        'SCRIPT script error' "count_words.lua:5: no list of little words" 4
    in_script 's/assert\(head,/assert(not head,/' \
        'SCRIPT script error' "count_words.lua:13: no note" 4
    in_script 's/words > 0/words > 3/' \
        'SCRIPT script error' "count_words.lua:25: no words" 4
    in_script 's/author == /author ~= /' \
        'SCRIPT script error' "count_words.lua:28: somebody else's note" 4
    in_main 'write count' 's/201/204/' \
        'ASSERTION status' "expected status 204, got 201 from PUT $url/dav/t01/count.json"
    in_main 'read count' 's/count\.json/count.xml/' \
        'ASSERTION status' "expected status below 400, got 404 from GET $url/dav/t01/count.xml"
    in_main 'read count' 's/name\)\$/name) II/' \
        'ASSERTION json' "expected 'author' to match 'ann II', got 'ann' from GET $url/dav/t01/count.json"
    in_main 'read count' 's/: \$\(words\)/: 5/' \
        'ASSERTION json' "expected 'words' to equal 5, got 3 from GET $url/dav/t01/count.json"
    in_main 'read count' 's/\{3,\}/{30,}/' \
        'ASSERTION json' "expected 'longest' to match '\\w{30,}\$', got 'feathers' from GET $url/dav/t01/count.json"
    in_main copy 's/\[201, 204\]/[200, 202]/' \
        'ASSERTION status' "expected status one of [200, 202], got 20"
    in_main properties 's/207/200/' \
        'ASSERTION status' "expected status 200, got 207 from PROPFIND $url/dav/t01/"
    in_main properties 's/copy/cope/' \
        'ASSERTION assert_match' "pattern '<D:href>/dav/t01/cope\\.txt</D:href>' not found in '<?xml"
    in_main delete 's/204/200/' \
        'ASSERTION status' "expected status 200, got 204 from DELETE $url/dav/t01/note.txt"
    in_main 'is deleted' 's/404/410/' \
        'ASSERTION status' "expected status 410, got 404 from GET $url/dav/t01/note.txt"
    in_main 'delete copy' 's/204/202/' \
        'ASSERTION status' "expected status 202, got 204 from DELETE $url/dav/t01/copy.txt"
    in_main 'delete count' 's/204/202/' \
        'ASSERTION status' "expected status 202, got 204 from DELETE $url/dav/t01/count.json"

    in_scenario 'remove folder' 's/204/200/' \
        'ASSERTION status' "expected status 200, got 204 from DELETE $url/dav/t01/"
    in_scenario 'folder is gone' 's/404/200/' \
        'ASSERTION status' "expected status 200, got 404 from GET $url/dav/t01/"
}

# red SERVER: each expectation is broken in turn, and none is left out.
red() {
    serve "$1"
    each_broken
    /usr/bin/python3 "$STRESSOR_SOURCE/tests/support/expectations.py" "$example" | sort >expectations
    sort -u broken | diff expectations -
    [ "$(sort broken | uniq -d)" = "" ]
}

@test "each expectation of the example that is broken is red where it stands, against Apache" {
    red apache
}

@test "each expectation of the example that is broken is red where it stands, against nginx" {
    red nginx
}

@test "an expectation that no test breaks is found" {
    cp -r "$example" webdav
    python3 "$STRESSOR_SOURCE/tests/support/expectations.py" webdav >before
    cat >>webdav/main_sequence.yaml <<'YAML'

- activity: GetRequest
  url: files/poem.txt
  assert_match: frog
- activity: RunScript
  export:
    - a
    - b
  store_json:
    c: c
    d: d
  script: |
    a, b = 1, 2
    assert(a < b)   -- as always
    error("never")
YAML
    python3 "$STRESSOR_SOURCE/tests/support/expectations.py" webdav >after
    diff before after >new || true
    first=$(grep -n 'activity: RunScript' webdav/main_sequence.yaml | tail -1 | cut -d: -f1)
    [ "$(sed -n 's/^> main_sequence.yaml://p' new | xargs)" \
        = "$((first - 2)) $((first - 1)) $((first + 2)) $((first + 3)) $((first + 5)) $((first + 6)) $((first + 9)) $((first + 10))" ]
}

# --- the servers ------------------------------------------------------------------------------------

@test "servers of one kind run beside each other and leave nothing behind" {
    local server pid folders=()
    for server in apache apache nginx nginx; do
        serve "$server"
        folders+=("$files")
        pid=$(cat "$files/pid")
        kill -0 "$pid"
        stressor run "$example" -o "base_url:$url" -o pause:0 --single
        succeeds
        pids+=("$pid")
    done
    [ "$(printf '%s\n' "${folders[@]}" | sort -u | wc -l)" -eq 4 ]
    stop_servers
    for pid in "${pids[@]}"; do
        ! kill -0 "$pid" 2>/dev/null
    done
    for files in "${folders[@]}"; do
        [ ! -e "$files" ]
    done
}

@test "a server ends with the one who has started it, without being told" {
    local starter line=
    mkfifo out
    # Its kill is the end of serve, by setpriv, and that of the server.
    bash -c 'setpriv --pdeathsig TERM "$1" nginx "$2" >out 2>err 3>&- & wait' \
        - "$example/serve" "$PWD/log" 3>&- &
    starter=$!
    exec 6<out
    while [[ $line != listening* ]]; do
        read -r line <&6
        [[ $line != files* ]] || files=${line#files in }
    done
    kill -KILL "$starter"
    # Its end: nobody can write any more.
    cat <&6
    exec 6<&-
    [ -n "$files" ]
    [ ! -e "$files" ]
}

@test "the example's script starts a server, and compares what was sent with what it logged" {
    local server
    for server in apache nginx; do
        run --separate-stderr env "STRESSOR=$STRESSOR" "$example/run" "$server" -o pause:0
        succeeds
        prints 'PASSED: 120 activities, no errors'
        prints "webdav: stressor sent 126 requests and $server logged 126: they agree"
    done
    run --separate-stderr env "STRESSOR=$STRESSOR" "$example/run" nginx --single -q -o home:nowhere
    fails_with 1
    prints 'FAILED: '
    run --separate-stderr env "STRESSOR=$STRESSOR" "$example/run" iis
    fails_with 2
    says 'usage: serve apache|nginx [LOG]'
}
