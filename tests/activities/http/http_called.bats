#!/usr/bin/env bats
# The HTTP activities as scripts call them: all arguments come with the call.

load ../helper
load more

setup() {
    start_origin
    HEAD="config: {base_url: '$ORIGIN_URL'}"
}

teardown() {
    stop_servers
}

@test "a script polls, uploads, compresses, fetches in parallel and looks into pages" {
    printf abc >"$BATS_TEST_TMPDIR/f.txt"
    curl -sS --noproxy '*' -X PUT --data-binary '<h1>Hello</h1>' "$ORIGIN_URL/page"
    perform <<'YAML'
- activity: RunScript
  export: got
  script: |
    local polled = PollRequest{url="/after/2", interval=0.01}
    local static = StaticRequests{url_list={"/page", "/after/0"}, thread_count=2}
    local parts = PostRequest{url="/parts", compress="gzip", multipart={f={file="f.txt"}}}
    local page = GetRequest{url="/page", http_version=1.1, assert_html={["//h1"]="^Hello$"}}
    got = {polled.value.asked, static.value[2].status, parts.value.parts[1].text, page.status}
- activity: $debug()
YAML
    succeeds
    says "got = [3, 200, 'abc', 200]"
}

@test "what a script gets wrong is told where it calls" {
    local call said
    while IFS='|' read -r call said; do
        perform <<YAML
- activity: RunScript
  script: |
    assert($call)
YAML
        fails_with 1
        says "$said"
    done <<'TABLE'
GetRequest{url="/page", assert_html={["//h1["]=true}}|argument 'assert_html', XPath '//h1[': expected an expression, at character 6
GetRequest{url="/page", assert_html={["//h1"]=5}}|assert_html
GetRequest{url="/page", http_version=1.5}|argument 'http_version': expected one of 1.1, 2
GetRequest{url="/page", resolve={"a:b:c"}}|argument 'resolve': expected HOST:PORT:ADDRESS
PostRequest{url="/parts", multipart={f={file="../f"}}}|argument 'multipart': 'f': file '../f': only files in or below the scenario's folder
PostRequest{url="/parts", multipart={f={kind="x"}}}|argument 'multipart': 'f': expected the keys
StaticRequests{url_list={"ftp://x"}}|the URL 'ftp://x'
PollRequest{url="/after/9", interval=0.001, max_polls=2}|after 2 polls in
TABLE
}
