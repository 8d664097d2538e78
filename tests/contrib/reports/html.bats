# The HTML report as other programs see it: parsers, and a real browser.

bats_require_minimum_version 1.5.0

setup() {
    load "$STRESSOR_SOURCE/tests/e2e/helper"
    render=$STRESSOR_BUILD/tests/render_reports
    cd "$BATS_TEST_TMPDIR"
    scenario hostile.yaml <<'YAML'
file_version: stressor#0
config:
  name: 'Shop </title><svg/onload=document.title="hit"> & "co"'
  tag: </style><script>document.title="hit"</script>
  base_url: http://ann:canary-url@127.0.0.1:9/
  proxy: http://ann:canary-proxy@127.0.0.1:9/
  api_token: canary-config
  warmup: 0.2
  watch: [no-such-program, '1']
context: {password: canary-context}
sessions:
  count: 4
  users:
    - {name: ann, password: canary-user}
scenario:
  - {sequence: init}
  - {sequence: main, repeat: 25}
  - {sequence: end}
thresholds:
  - p95 of nap < 10s
  - count of check > 99999
sequences:
  init:
    - {activity: $sleep(0.001), name: '<img src=x onerror=document.title="hit">'}
  main:
    - {activity: $sleep(0.05), name: nap, ignore_timing: false, monitor: true}
    - {activity: $debug(), name: check, assert_match: never}
    - {activity: $debug(), name: '</td></table><iframe srcdoc="<script>parent.hit=1</script>">'}
    - {activity: $debug(), name: "aVeryLongNameWithoutAnyBlankInItThatGoesOnAndOnAndOnUntilItIsLonger"}
    - {activity: $debug(), name: "größe 漢字 \U0001F600 \u202E&lt;b&gt;", assert_match: '<b>never</b>'}
  end:
    - {activity: $sleep(0), name: tear-down}
YAML
}

@test "the page is well-formed XML and HTML, and its policy allows its style" {
    local sample
    for sample in plain hostile empty many; do
        "$render" html $sample >$sample.html
        xmllint --noout $sample.html
        /usr/bin/python3 -c '
import base64, hashlib, html.parser, re, sys

class Reader(html.parser.HTMLParser):
    void = {"meta"}
    open = []
    def handle_starttag(self, tag, attributes):
        if tag not in self.void:
            self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        pass
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

text = open(sys.argv[1], encoding="utf-8").read()
reader = Reader()
reader.feed(text)
reader.close()
assert not reader.open, reader.open
style = re.search("<style>(.*?)</style>", text, re.S).group(1)
digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
assert f"style-src \x27sha256-{digest}\x27;" in text, digest
ids = re.findall(" id=\"([^\"]*)\"", text)
assert len(ids) == len(set(ids)), "an id stands twice"
for wanted in re.findall("(?:href=\"#|aria-labelledby=\")([^\"]*)\"", text):
    assert set(wanted.split()) <= set(ids), wanted
assert len(text.encode()) < 1000000' $sample.html
    done
}

@test "a browser shows the figures of the JSON report, and texts stay texts" {
    stressor run hostile --report json --report html
    fails_with 4
    setpriv --pdeathsig TERM /usr/bin/python3 "$STRESSOR_SOURCE/tests/contrib/reports/html_browser.py" . 3>&-
}

@test "no secret is on the page" {
    stressor run hostile --report html
    fails_with 4
    [ -s results.html ]
    run -1 grep -o "canary-[a-z]*" results.html
    grep -q '\*\*\*' results.html
}
