#!/usr/bin/env bats
# Bodies that are uploads, and bodies that are compressed.

load ../helper
load more

setup_file() {
    load ../helper
    load more
    start_origin
}

teardown_file() {
    stop_servers
}

setup() {
    HEAD="config: {base_url: '$ORIGIN_URL'}"
}

@test "parts are texts and files beneath the scenario, with names and types" {
    mkdir "$BATS_TEST_TMPDIR/files"
    printf 'a,b\n1,2\n' >"$BATS_TEST_TMPDIR/files/table.csv"
    head -c 300000 /dev/urandom >"$BATS_TEST_TMPDIR/files/blob"
    perform <<'YAML'
- activity: PostRequest
  url: /parts
  multipart:
    title: grüße
    number: 5
    nothing: null
    tag: [x, y]
    note: {text: '<b>', type: text/html}
    table: {file: files/table.csv, type: text/csv}
    raw: {file: files/blob}
    renamed: {file: files/table.csv, name: "a \"b\".csv"}
    inline: {text: hello, name: hello.txt, type: text/plain}
  assert_json:
    parts.[0]: {field: title, name: null, type: null, length: 7, text: grüße}
    parts.[1].text: ^5$
    parts.[2]: {field: tag, name: null, type: null, length: 1, text: x}
    parts.[3]: {field: tag, name: null, type: null, length: 1, text: y}
    parts.[4]: {field: note, name: null, type: text/html, length: 3, text: <b>}
    parts.[5]: {field: table, name: table.csv, type: text/csv, length: 8, text: "a,b\n1,2\n"}
    parts.[6].name: blob$
    parts.[6].type: application/octet-stream$
    parts.[6].length: 300000
    parts.[7].name: 'a %22b%22.csv$'
    parts.[8]: {field: inline, name: hello.txt, type: text/plain, length: 5, text: hello}
- activity: PutRequest
  url: /body
  multipart: [[b, 1], [a, 2], [b, 3]]
  assert_json: {type: 'multipart/form-data; boundary=stressor[0-9a-f]{32}$', text: '(?s)--.*name="b"\r\n\r\n1\r\n--.*name="a"\r\n\r\n2\r\n--.*name="b"\r\n\r\n3\r\n--stressor[0-9a-f]{32}--\r\n$'}
YAML
    succeeds
}

@test "parts may hold macros, and each request has its own" {
    printf one >"$BATS_TEST_TMPDIR/1.txt"
    printf two >"$BATS_TEST_TMPDIR/2.txt"
    HEAD+="
sessions: {count: 2, users: [{name: '1', password: x}, {name: '2', password: x}]}"
    perform <<'YAML'
- activity: PostRequest
  url: /parts
  multipart: {who: $(user.name), file: {file: $(user.name).txt}, fixed: {file: 1.txt}}
  store_json: {who: 'parts.[0].text', name: 'parts.[1].name', length: 'parts.[1].length'}
  assert_json: {'parts.[0].text': $(user.name)$, 'parts.[1].name': $(user.name)\.txt$, 'parts.[2].text': one$}
YAML
    succeeds
}

@test "a redirect that keeps the method sends the parts again" {
    start_nginx
    perform <<YAML
- {activity: PostRequest, url: '$NGINX_URL/redirect-keep', multipart: {a: b}, assert_json: {method: POST$, type: multipart/form-data}}
- {activity: PostRequest, url: '$NGINX_URL/redirect-see-other', multipart: {a: b}, compress: gzip, assert_json: {method: GET$, type: $}}
YAML
    succeeds
    stop_servers
}

@test "parts that cannot be right are told when the scenario is compiled" {
    mkdir -p "$BATS_TEST_TMPDIR/folder"
    ln -s /etc/hostname "$BATS_TEST_TMPDIR/link"
    perform <<'YAML'
- {activity: PostRequest, url: /parts, multipart: {a: {file: nowhere.txt}}}
- {activity: PostRequest, url: /parts, multipart: {a: {file: ../x}}}
- {activity: PostRequest, url: /parts, multipart: {a: {file: /etc/hostname}}}
- {activity: PostRequest, url: /parts, multipart: {a: {file: link}}}
- {activity: PostRequest, url: /parts, multipart: {a: {file: folder}}}
- {activity: PostRequest, url: /parts, multipart: {b: {name: x}}}
- {activity: PostRequest, url: /parts, multipart: {b: {text: x, file: y}}}
- {activity: PostRequest, url: /parts, multipart: {b: {text: x, kind: y}}}
- {activity: PostRequest, url: /parts, multipart: {b: {text: x, type: ''}}}
- {activity: PostRequest, url: /parts, multipart: [a, b]}
- {activity: PostRequest, url: /parts, multipart: {b: [[x]]}}
YAML
    fails_with 2
    says "argument 'multipart' of PostRequest: 'a': file 'nowhere.txt': No such file or directory"
    says "'a': file '../x': only files in or below the scenario's folder"
    says "'a': file '/etc/hostname': only files in or below the scenario's folder"
    says "'a': file 'link': only files in or below the scenario's folder"
    says "'a': file 'folder': Is a directory"
    says "'b': expected either 'file' or 'text'"
    says "'b': expected the keys 'file' or 'text', 'name' and 'type' only"
    says "'b': 'type': expected a media type such as text/csv"
    says "expected pairs [name, part] in the list"
    says "'b': a list stands in a list"
    says "11 errors"
    perform <<<"- {activity: PostRequest, url: /parts, multipart: {a: b}, data: {c: d}}"
    fails_with 2
    says "multipart"
    perform <<<"- {activity: PostRequest, url: /parts, multipart: {a: b}, json: {c: d}}"
    fails_with 2
}

@test "a file that a macro names fails its request when it cannot be read" {
    HEAD+=$'\ncontext: {file: ../secret, gone: gone.txt}'
    perform <<'YAML'
- {activity: PostRequest, url: /parts, multipart: {a: {file: $(file)}}}
- {activity: PostRequest, url: /parts, multipart: {a: {file: $(gone)}}}
- {activity: HeadRequest, url: /parts, multipart: {a: $(gone)}}
YAML
    fails "SCRIPT argument" "argument 'multipart': 'a': file '../secret': only files in or below the scenario's folder"
    says "'a': file 'gone.txt': No such file or directory"
    says "a HEAD request cannot have a body"
}

@test "bodies are compressed when that is asked for, whatever they are" {
    local text
    text=$(printf 'hello %.0s' {1..1000})
    HEAD+="
context: {way: gzip, text: '$text'}"
    perform <<YAML
- {activity: PostRequest, url: /body, data: '$text', compress: gzip, assert_json: {encoding: gzip$, size: 6000, type: null, text: hello hello}}
- {activity: PostRequest, url: /body, data: \$(text), compress: \$(way), assert_json: {encoding: gzip$, size: 6000}}
- {activity: PostRequest, url: /body, data: {a: '$text'}, compress: GZIP, assert_json: {encoding: gzip$, type: application/x-www-form-urlencoded$, text: a=hello}}
- {activity: PutRequest, url: /body, json: [1, \$(way)], compress: gzip, assert_json: {encoding: gzip$, type: application/json$, text: '\[1,"gzip"\]$'}}
- {activity: PutRequest, url: /body, json: [1], compress: gzip, headers: {Content-Encoding: gzip}, assert_json: {encoding: gzip$, text: '\[1\]$'}}
- {activity: PostRequest, url: /parts, multipart: {a: '$text'}, compress: gzip, assert_json: {'parts.[0].length': 6000}}
- {activity: PostRequest, url: /body, data: '$text', assert_json: {encoding: null, length: 6000}}
- {activity: GetRequest, url: /body, compress: gzip, assert_json: {encoding: null, length: 0}}
YAML
    succeeds
    perform <<YAML
- {activity: PostRequest, url: /body, data: '$text', compress: gzip, store_json: {length: length}, assert_match: '"length": ..,'}
YAML
    succeeds
}

@test "what is constant is sent the same again and again" {
    printf 'content' >"$BATS_TEST_TMPDIR/f"
    HEAD+=$'\nsessions: {count: 3}'
    {
        for _ in 1 2 3; do
            echo "- {activity: PostRequest, url: /parts, multipart: {f: {file: f}}, compress: gzip, assert_json: {'parts.[0]': {field: f, name: f, type: application/octet-stream, length: 7, text: content}}}"
            echo "- {activity: PostRequest, url: /body, json: {a: b}, compress: gzip, assert_json: {encoding: gzip$, text: '{\"a\":\"b\"}$'}}"
        done
    } | perform
    succeeds
}
