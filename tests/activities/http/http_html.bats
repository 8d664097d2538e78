#!/usr/bin/env bats
# assert_html: pages, and what XPath finds in them.

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

# page: standard input is what the server shows from now on.
page() {
    curl -sS --noproxy '*' -X PUT --data-binary @- "$ORIGIN_URL/page"
}

a_page() {
    page <<'HTML'
<!DOCTYPE html>
<HTML><head><title>  Index of /
</title><meta charset="latin1"></head>
<body><h1 class="top">Index <b>of</b> /</h1>
<ul><li><a href="/one.txt">one.txt</a><li><a href='/two.txt'>zwölf &amp; two</a></ul>
<input disabled name=q value=5><p></p></body></HTML>
HTML
}

@test "what must be there is, what must not is not, and texts hold what they should" {
    a_page
    perform <<'YAML'
- activity: GetRequest
  url: /page
  assert_html:
    //h1: true
    //h2: false
    /html/body/ul/li[2]/a: two
    ./body/h1: ^Index of /$
    head/title: ^Index of /$
    //a: zwölf & t
    //a/@href: ^/two
    //li/a/text(): one\.txt
    //input[@name='q']/@value: '5'
    count(//a): '2'
    count(//li) = 2: true
    //p/node(): false
    string(//h1/@class): top
    //h1: true
YAML
    succeeds
}

@test "what is wrong is said with the XPath and what was found" {
    a_page
    local xpath expected said
    while IFS='|' read -r xpath expected said; do
        perform <<<"- {activity: GetRequest, url: /page, assert_html: {\"$xpath\": $expected}}"
        fails "ASSERTION html" "$said from GET $ORIGIN_URL/page"
    done <<'TABLE'
//h2|true|expected '//h2' to be there, got nothing
//a|false|expected '//a' not to be there, got 2 of it
count(//a) = 3|true|expected 'count(//a) = 3' to be there, got nothing
//h1|^index|expected '//h1' to hold '^index', got 'Index of /'
//a|three|expected '//a' to hold 'three', got 'one.txt' and others
//h2|x|expected '//h2' to hold 'x', got nothing there
h1|true|expected 'h1' to be there, got nothing
TABLE
}

@test "the first that fails ends the checks, after those of the status" {
    a_page
    perform <<'YAML'
- {activity: GetRequest, url: /page, assert_status: 201, assert_html: {//h2: true}}
- {activity: GetRequest, url: /page, assert_html: {//h3: true, //h4: true}}
YAML
    fails "ASSERTION html" "expected '//h3' to be there"
    says "expected status 201"
    [[ "$stderr" != *"//h2"* && "$stderr" != *"//h4"* ]]
}

@test "an XPath or a regex that cannot be right is told when the scenario is compiled" {
    perform <<'YAML'
- activity: GetRequest
  url: /page
  assert_html: {'//h1[': true, 'nothing(//a)': true, 'x:a': true, 'x:f()': true, '$v': true, '': true}
YAML
    fails_with 2
    says "scenario.yaml:8:"
    says "argument 'assert_html' of GetRequest: XPath '//h1[': expected an expression, at character 6"
    says "XPath 'nothing(//a)': it calls a function that there is not"
    says "XPath 'x:a': there are no namespace prefixes"
    says "XPath 'x:f()': there are no namespace prefixes"
    says "XPath '\$v': there are no variables"
    says "XPath '': expected 1 to 4096 characters"
    perform <<'YAML'
- {activity: GetRequest, url: /page, assert_html: {'//a': '(', '//b': 5}}
YAML
    fails_with 2
    says "argument 'assert_html' of GetRequest: '//a': expected a regular expression"
    says "'//b': expected true or false or a regular expression, found the integer 5"
}

@test "XPaths and regexes with macros are looked at when they are used" {
    a_page
    HEAD+=$'\ncontext: {text: "Index", broken: "(", wanted: true}'
    perform <<'YAML'
- {activity: GetRequest, url: /page, assert_html: {//h1: ^$(text), //h2: false}}
- {activity: GetRequest, url: /page, assert_html: {//h1: $(wanted)}}
YAML
    succeeds
    perform <<'YAML'
- {activity: GetRequest, url: /page, assert_html: {//h1: $(broken)}}
YAML
    fails_with 1
    says "[SCRIPT"
}

@test "a page may be empty, broken, no page at all, or of any charset" {
    printf '' | page
    perform <<<"- {activity: GetRequest, url: /page, assert_html: {//h1: false}}"
    succeeds
    printf '<p>a<div><b>c</p></div></x></b><h1>\xe4<' | page
    perform <<'YAML'
- {activity: GetRequest, url: /page, assert_html: {//h1: '^ä', //div/b: c}}
- {activity: GetRequest, url: '/page?type=text/plain;charset=utf-8', assert_html: {//h1: '^\uFFFD'}}
YAML
    succeeds
    printf '{"a": [1, 2]}' | page
    perform <<<"- {activity: GetRequest, url: /page, assert_html: {//h1: false}, assert_json: {'a.[0]': 1}}"
    succeeds
    head -c 3000 /dev/urandom | page
    perform <<<"- {activity: GetRequest, url: /page, assert_html: {//h1/h1/h1: false}}"
    succeeds
}

@test "depth, size and work are bounded" {
    python3 -c 'print("<div>" * 100000 + "x")' | page
    perform <<<"- {activity: GetRequest, url: /page, assert_html: {//div: true}}"
    fails "ASSERTION html" "nested at most"
    python3 -c 'print("<p>x</p>" * 1200000)' | page
    perform <<<"- {activity: GetRequest, url: /page, assert_html: {//p: true}}"
    fails "ASSERTION html" "expected HTML of at most 8388608 bytes"
    python3 -c 'print("<p>x</p>" * 20000)' | page
    perform <<<"- {activity: GetRequest, url: /page, assert_html: {'//p[count(//p[count(//p) > 5]) > 5]': true}}"
    fails "SCRIPT argument" "it takes too long to evaluate on that page"
    perform <<<"- {activity: GetRequest, url: /page, assert_html: {'$(printf '(%.0s' {1..700})1': true}}"
    fails_with 2
    says "it is nested too deeply"
}

@test "sessions on several workers check the same page" {
    a_page
    HEAD+=$'\nsessions: {count: 20}'
    perform <<'YAML'
- {activity: GetRequest, url: /page, assert_html: {//h1: Index, "contains(//h1, 'of')": true, //h2: false}}
- {activity: GetRequest, url: /page, assert_html: {//a: two, "//a[starts-with(@href, '/t')]": zwölf}}
YAML
    succeeds
}
