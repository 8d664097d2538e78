#!/usr/bin/env bats
# `stressor show`: the compiled plan as YAML.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
}

# value PATH: what PyYAML reads there in the output, as JSON; PATH is Python behind `plan`.
value() {
    printf '%s\n' "$output" | /usr/bin/python3 -c '
import json, sys, yaml
plan = yaml.safe_load(sys.stdin)
print(json.dumps(eval("plan" + sys.argv[1]), ensure_ascii=False))' "$1"
}

# is PATH JSON
is() {
    local found
    found=$(value "$1")
    if [ "$found" != "$2" ]; then
        printf '%s is %s instead of %s in\n%s\n' "$1" "$found" "$2" "$output" >&2
        return 1
    fi
}

@test "what runs is shown in its order, with labels, limits and loops" {
    scenario plan.yaml <<'END'
file_version: stressor#0
config: {max_errors: 10, max_time: 1h, warmup: 1.5, watch: [self, 1], details: For a test}
sessions: {count: "4", duration: 5m, ramp_up_delay: [0.1, 300ms]}
scenario:
  - sequence: init
  - {sequence: main, repeat: "3", duration: 2m}
  - sequence: end
sequences:
  main:
    - {activity: GetRequest, name: front, url: http://127.0.0.1:1/, timeout: 1.25, monitor: yes}
    - activity: $sleep($(pause), 2)
  end: []
  init: []
  spare:
thresholds:
  - p95 of front < 300ms
  - errors < 1%, abort
context: {pause: 0.5}
END
    stressor show plan.yaml
    succeeds
    is '["config"]["max_errors"]' 10
    is '["config"]["max_time"]' '"3600s"'
    is '["config"]["warmup"]' '"1.5s"'
    is '["config"]["watch"]' '["self", "1"]'
    is '["config"]["details"]' '"For a test"'
    is '["sessions"]["count"]' 4
    is '["sessions"]["duration"]' '"300s"'
    is '["sessions"]["ramp_up_delay"]' '["100ms", "300ms"]'
    is '["sessions"]["users"]' '[{"name": "anonymous", "password": "***"}]'
    is '["scenario"]' '[{"sequence": "init"}, {"sequence": "main", "repeat": 3, "duration": "120s"}, {"sequence": "end"}]'
    is '["sequences"]["main"][0]' '{"activity": "GetRequest", "name": "front", "url": "http://127.0.0.1:1/", "timeout": "1.25s", "monitor": true}'
    is '["sequences"]["main"][1]' '{"activity": "Sleep", "duration": "$(pause)", "duration_2": "2s"}'
    is '["sequences"]["spare"]' '[]'
    is '["thresholds"]' '["p95 of front < 300ms", "errors < 1%, abort"]'
    is '["context"]' '{"pause": 0.5}'
    is '["plugins"][0].keys().__len__()' 1
    prints "# main/1/front, plan.yaml:10:7"
    prints "spare: []                              # not in the scenario: never runs"
    prints "# set-up: an error in it ends the session"
    prints "# tear-down: runs after errors, limits and a graceful stop too"
}

@test "what the file does not say is marked as a default" {
    scenario plan.yaml <<'END'
file_version: stressor#0
config: {http_version: 2, dns_ttl: null, proxy: null}
sessions: {verify_ssl: false}
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: StaticRequests, url_list: [http://127.0.0.1:1/]}
    - {activity: StaticRequests, url_list: [http://127.0.0.1:1/], thread_count: 1}
END
    stressor show plan.yaml
    succeeds
    [[ "$output" =~ 'name: plan '\ *'# default' ]]
    [[ "$output" =~ 'count: 1 '\ *'# default' ]]
    [[ "$output" =~ 'dns_ttl: 60s '\ *'# default' ]]
    [[ "$output" =~ 'basic_auth: false '\ *'# default' ]]
    [[ "$output" =~ 'verify_ssl: false'$'\n' ]]
    [[ "$output" =~ 'http_version: 2.0'$'\n' ]]
    [[ "$output" =~ 'proxy: null'$'\n' ]]
    [ "$(grep -c 'thread_count: 1' <<< "$output")" = 2 ]
    [ "$(grep -c 'thread_count: 1  *# default' <<< "$output")" = 1 ]
}

@test "options count as said, and change what is shown" {
    scenario plan.yaml <<'END'
file_version: stressor#0
config: {base_url: http://one/}
context: {pause: 1}
scenario: [{sequence: main}]
sequences: {main: []}
END
    stressor show -o base_url:http://two/ -o pause:3 -o name:mine -o extra:yes plan.yaml
    succeeds
    is '["config"]["base_url"]' '"http://two/"'
    is '["config"]["name"]' '"mine"'
    is '["context"]' '{"pause": 3, "extra": "yes"}'
    ! [[ "$output" =~ 'name: mine '\ *'# default' ]]
}

@test "secrets are masked wherever they stand, and macros for them are not" {
    scenario plan.yaml <<'END'
file_version: stressor#0
config: {base_url: "http://ann:s3cret-1@127.0.0.1:1/", api_token: s3cret-2}
context: {deep: {er: [{client_secret: s3cret-3}]}, login_password: $env(STRESSOR_TEST_SECRET)}
sessions:
  basic_auth: true
  users: [{name: ann, password: s3cret-4, pin_secret: s3cret-5, town: Ulm}]
scenario: [{sequence: main}]
sequences:
  main:
    - activity: PostRequest
      url: http://bert:s3cret-6@127.0.0.1:1/
      auth: [ann, s3cret-7]
      headers: {Authorization: Bearer s3cret-8, cookie: s3cret-9, X-Api-Key: $env(STRESSOR_TEST_SECRET), Accept: text/html}
      json: {user: ann, password: s3cret-11, tokens: [s3cret-12], again: $(user.password)}
      mock_result: {access_token: s3cret-13}
    - activity: PostRequest
      url: x
      auth: $(user.auth)
      headers: {Authorization: $(api_token), Cookie: "a=s3cret-14 $(x)"}
      json: {password: $(user.password), passwd: "$(a)s3cret-15$(b)"}
END
    export STRESSOR_TEST_SECRET=s3cret-10
    stressor show plan.yaml -o db_password:s3cret-16
    succeeds
    [[ "$output" != *s3cret* ]]
    [[ "$stderr" != *s3cret* ]]
    is '["config"]["base_url"]' '"http://ann:***@127.0.0.1:1/"'
    is '["context"]' '{"api_token": "***", "db_password": "***", "deep": {"er": [{"client_secret": "***"}]}, "login_password": "***"}'
    is '["sessions"]["users"]' '[{"name": "ann", "password": "***", "pin_secret": "***", "town": "***"}]'
    is '["sequences"]["main"][0]["url"]' '"http://bert:***@127.0.0.1:1/"'
    is '["sequences"]["main"][0]["auth"]' '"***"'
    is '["sequences"]["main"][0]["headers"]' '{"Authorization": "***", "cookie": "***", "X-Api-Key": "***", "Accept": "text/html"}'
    is '["sequences"]["main"][0]["json"]' '{"user": "ann", "password": "***", "tokens": "***", "again": "$(user.password)"}'
    is '["sequences"]["main"][0]["mock_result"]' '{"access_token": "***"}'
    is '["sequences"]["main"][1]["auth"]' '"$(user.auth)"'
    is '["sequences"]["main"][1]["headers"]' '{"Authorization": "$(api_token)", "Cookie": "***"}'
    is '["sequences"]["main"][1]["json"]' '{"password": "$(user.password)", "passwd": "***"}'
}

@test "secrets in the query of a URL and in a form that is a text are masked" {
    scenario plan.yaml <<'END'
file_version: stressor#0
scenario: [{sequence: main}]
sequences:
  main:
    - activity: PostRequest
      url: http://127.0.0.1:1/?page=2&access_token=s3cret-1&api_key=$(key)#end
      data: password=s3cret-2&user=ann&token=&secret=s3cret-3
    - {activity: RunScript, script: "token = 1 result=token", export: token}
END
    stressor show plan.yaml
    succeeds
    is '["sequences"]["main"][0]["url"]' '"http://127.0.0.1:1/?page=2&access_token=***&api_key=$(key)#end"'
    is '["sequences"]["main"][0]["data"]' '"password=***&user=ann&token=&secret=***"'
    is '["sequences"]["main"][1]["script"]' '"token = 1 result=token"'
}

@test "texts of all kinds read back as they are, and none moves the cursor" {
    scenario plan.yaml <<'END'
file_version: stressor#0
context:
  block: |
    first: line
      # second

    fourth
  open: "a\nb"
  trailing: "a\n\n"
  leading: "  a\nb"
  only: "\n"
  empty: ""
  number: "12"
  boolean: "yes"
  nothing: "null"
  date: "2020-01-01"
  colon: "a: b"
  comment: "a #b"
  flow: "[a]"
  quotes: "it's \"so\""
  back: 'a\b'
  escape: "red\e[31m"
  bell: "\a\u202e\u200b\u2028\ufeff"
  accents: Größe ☃
  spaces: "a "
  "key: \e": 1
  float: 1.0e+20
  infinite: -.inf
  nested: [[1, [2, {a: []}]], {}, {b: {c: null}}]
scenario: [{sequence: "a\e[2J: b"}]
sequences:
  "a\e[2J: b":
    - {activity: Sleep, name: "pause\n\e[31m", duration: 1}
END
    stressor show plan.yaml
    succeeds
    ! [[ "$output" =~ [$'\e\a'] ]]
    is '["context"]["block"]' '"first: line\n  # second\n\nfourth\n"'
    is '["context"]["open"]' '"a\nb"'
    is '["context"]["trailing"]' '"a\n\n"'
    is '["context"]["leading"]' '"  a\nb"'
    is '["context"]["only"]' '"\n"'
    is '["context"]["empty"]' '""'
    is '["context"]["number"]' '"12"'
    is '["context"]["boolean"]' '"yes"'
    is '["context"]["nothing"]' '"null"'
    is '["context"]["date"]' '"2020-01-01"'
    is '["context"]["colon"]' '"a: b"'
    is '["context"]["comment"]' '"a #b"'
    is '["context"]["flow"]' '"[a]"'
    is '["context"]["quotes"]' '"it'"'"'s \"so\""'
    is '["context"]["back"]' '"a\\b"'
    is '["context"]["escape"]' '"red\u001b[31m"'
    is '["context"]["accents"]' '"Größe ☃"'
    is '["context"]["spaces"]' '"a "'
    is '["context"]["key: \x1b"]' 1
    is '["context"]["float"]' 1e+20
    is '["context"]["infinite"]' -Infinity
    is '["context"]["nested"]' '[[1, [2, {"a": []}]], {}, {"b": {"c": null}}]'
    is '["sequences"]["a\x1b[2J: b"][0]["name"]' '"pause\n\u001b[31m"'
    prints '"\x07\u202e\u200b\u2028\ufeff"'
}

@test "long texts and many users are cut short" {
    {
        printf 'file_version: stressor#0\nscenario: []\nsequences: {}\nsessions:\n  users:\n'
        for i in {1..30}; do
            printf '    - {name: u%s, password: x}\n' "$i"
        done
        printf 'context:\n  long: %s\n' "$(printf 'ä%.0s' {1..20000})"
    } | scenario plan.yaml
    stressor show plan.yaml
    succeeds
    is '["sessions"]["users"].__len__()' 20
    prints "# … and 10 more"
    prints "(40000 bytes)"
    [ "${#output}" -lt 20000 ]
}

@test "an alias that stands very often does not fill the disk" {
    {
        printf 'file_version: stressor#0\nscenario: []\nsequences: {}\ncontext:\n'
        printf '  a: &a %s\n' "$(printf 'x%.0s' {1..16000})"
        printf '  b: &b [%s*a]\n' "$(printf '*a, %.0s' {1..99})"
        printf '  c: &c [%s*b]\n' "$(printf '*b, %.0s' {1..99})"
    } | scenario plan.yaml
    stressor show plan.yaml
    succeeds
    prints "… and more than can be shown"
    [ "${#output}" -lt 68000000 ]
}

@test "the examples are shown as they stand" {
    for example in quickstart webdav; do
        stressor show "$STRESSOR_SOURCE/examples/$example"
        succeeds
        is '["sequences"].keys().__len__()' 3
        [ -z "$stderr" ]
    done
}

@test "what does not compile is not shown" {
    scenario plan.yaml <<< 'file_version: stressor#0'
    stressor show plan.yaml
    fails_with 2
    [ -z "$output" ]
    says "missing section 'sequences'"
    stressor show plan.yaml other.yaml
    fails_with 2
    says '"other.yaml" is too many'
}
