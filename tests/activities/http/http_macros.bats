#!/usr/bin/env bats
# Arguments that macros make what they are: the same rules as for constants, told when they are used.

load ../helper
load more

setup_file() {
    load ../helper
    load more
    start_target
    start_origin
}

teardown_file() {
    stop_servers
}

setup() {
    local many
    many=$(yes a:1:127.0.0.1, | head -n 1001 | tr -d '\n')
    HEAD="config: {base_url: '$TARGET_URL', bad: '(', list: [1], names: {a b: 1}, spaced: '  two words  ',
  path: {'a[': 1}, nul: \"a\\0b\", many: [$many]}"
}

# one ARGUMENTS: a request with them.
one() {
    perform <<<"- {activity: GetRequest, url: /echo, $1}"
}

@test "space around the value of a header is not sent" {
    perform <<'YAML'
- {activity: GetRequest, url: /echo, headers: {X-A: $(spaced)}, assert_match: '"X-A", ?"two words"'}
YAML
    succeeds
}

@test "headers that cannot be sent are mistakes of the scenario" {
    one 'headers: $(names)'
    fails "SCRIPT header" "argument 'headers': characters that no header has stand in the name of 'a b'"
    one 'headers: {X-A: $(list)}'
    fails "SCRIPT header" "argument 'headers': expected a text as the value of 'X-A'"
}

@test "patterns and paths that are none are mistakes of the scenario" {
    one 'assert_match_headers: $(bad)'
    fails "SCRIPT bad argument" "argument 'assert_match_headers'"
    says "expected a regular expression, found text '('; missing closing parenthesis at character 1"
    one 'assert_json: {method: $(bad)}'
    fails "SCRIPT argument" "argument 'assert_json', path 'method': missing closing parenthesis"
    one 'assert_json: $(path)'
    fails "SCRIPT bad argument" "argument 'assert_json'"
    says "'a['"
}

# page ARGUMENTS: a request for the JSON {"list": [1, 2.5], "map": {"a": null, "b": [true]}}.
page() {
    HEAD="config: {base_url: '$ORIGIN_URL'}"
    perform <<YAML
- {activity: PutRequest, url: /page, json: {list: [1, 2.5], map: {a: null, b: [true]}}}
- {activity: GetRequest, url: /page, params: {type: application/json}, $1}
YAML
}

@test "lists and maps of JSON are compared deeply, numbers by their value, keys in any order" {
    page 'assert_json: {list: [1.0, 2.5], map: {b: [true], a: null}}'
    succeeds
    local wrong
    for wrong in '[1]' '[1, 2.5, 3]' '[1, 2]' '[2.5, 1]' '{a: 1}'; do
        page "assert_json: {list: $wrong}"
        fails "ASSERTION json" "expected 'list' to equal "
    done
    for wrong in '{a: null}' '{a: null, c: [true]}' '{a: null, b: [false]}' '{a: null, b: true}' '[1]'; do
        page "assert_json: {map: $wrong}"
        fails "ASSERTION json" "expected 'map' to equal "
    done
}

@test "entries of resolve that are none are mistakes of the scenario" {
    one "resolve: ['\$(spaced)']"
    fails "SCRIPT argument" "argument 'resolve': expected HOST:PORT:ADDRESS such as example.com:443:127.0.0.1, got '  two words  '"
    one "resolve: ['\$(list):1:[]']"
    fails "SCRIPT argument" "got '[1]:1:[]'"
    one 'resolve: $(many)'
    fails "SCRIPT argument" "argument 'resolve': expected at most 1000 entries"
}

@test "a file name with NUL in it is a mistake of the scenario" {
    one 'client_cert: $(nul)'
    fails "SCRIPT argument" "argument 'client_cert': expected a text without NUL"
}
