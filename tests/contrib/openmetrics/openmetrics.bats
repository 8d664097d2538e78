# What the plugin "openmetrics" makes of samples and serves of a run, read by a strict parser that is not ours.

bats_require_minimum_version 1.5.0

setup() {
    load "$STRESSOR_SOURCE/tests/e2e/helper"
    render=$STRESSOR_BUILD/tests/render_openmetrics
    cd "$BATS_TEST_TMPDIR"
}

teardown() {
    end_child
}

# parse EXPRESSION: of standard input, where `value` is a function of a sample's name and labels,
# and `families` what the parser found.
parse() {
    /usr/bin/python3 -c '
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families

families = {f.name: f for f in text_string_to_metric_families(sys.stdin.read())}

def value(sample, **labels):
    found = [s.value for f in families.values() for s in f.samples
             if s.name == sample and labels.items() <= s.labels.items()]
    assert len(found) == 1, (sample, labels, found)
    return found[0]

assert eval("(" + sys.argv[1] + ")"), sys.argv[1]' "$1"
}

@test "every sample is OpenMetrics to a strict parser" {
    local sample
    for sample in plain hostile empty many; do
        "$render" openmetrics $sample | parse "len(families) > 20"
    done
}

@test "the figures are those of the snapshot, in base units" {
    "$render" openmetrics plain >plain.prom
    parse "value('stressor_activity_duration_seconds_count', activity='login', phase='main') == 20000
        and value('stressor_activity_errors_total', activity='login', phase='main') == 12
        and value('stressor_activity_errors_total', activity='=1+1\",x', called='true') == 0
        and value('stressor_run_elapsed_seconds') == 12
        and value('stressor_failures_total', category='TIMEOUT', phase='main') == 9
        and value('stressor_failures_total', category='TIMEOUT', phase='warmup') == 3
        and value('stressor_failures_total', category='TIMEOUT', phase='init') == 0
        and value('stressor_threshold_failed', threshold='p95 of login < 1s') == 0
        and value('stressor_threshold_failed', number='3') == 1
        and value('stressor_untrusted') == 1
        and value('stressor_process_up', process='nginx') == 0
        and value('stressor_run_stage', stage='done') == 1" <plain.prom
    parse "value('stressor_plugin_http_requests_total') == 321
        and families['stressor_plugin_http_body_bytes'].unit == 'bytes'
        and value('stressor_plugin_http_body_bytes_total') == 1 << 20
        and value('stressor_plugin2_http_body_bytes') == -5
        and value('stressor_plugin_db_wait_seconds_count') == 2
        and value('stressor_plugin_db_wait_seconds', quantile='1.0') == 0.0015" <plain.prom
    "$STRESSOR_BUILD/tests/render_reports" json plain >plain.json 2>/dev/null || skip "no JSON"
    local ns
    ns=$(jq '.activities[0].latency.percentiles_ns["99"]' plain.json)
    parse "abs(value('stressor_activity_duration_seconds', activity='login', quantile='0.99')
        - $ns / 1e9) < 1e-9" <plain.prom
}

@test "hostile names are labels like others" {
    "$render" openmetrics hostile | parse "any(s.labels.get('activity', '').startswith('<img src=x')
        and s.labels['activity'].find('\"\\'&]]>\n\\\\') > 0
        for s in families['stressor_activity_duration_seconds'].samples)"
}

@test "a run is served on a free port while it goes on, and not after" {
    scenario long.yaml <<'YAML'
file_version: stressor#0
config: {name: served}
scenario:
  - {sequence: main}
sequences:
  main:
    - {activity: $sleep(0), name: nap}
    - {activity: $sleep(600)}
YAML
    AWAITED="openmetrics: serving on" start run long --log run.log --report openmetrics=:0
    local url
    # The log has it when the terminal does, or soon after.
    until url=$(grep -o 'http://127.0.0.1:[0-9]*/metrics' run.log); do
        sleep 0.01
    done
    # There is nothing to show in the first second.
    until curl -sf --noproxy '*' -o live.prom -D head "$url"; do
        sleep 0.05
    done
    grep -qi '^content-type: application/openmetrics-text; version=1.0.0; charset=utf-8' head
    parse "value('stressor_sessions_running') == 1
        and value('stressor_activity_duration_seconds_count', activity='nap') == 1
        and value('stressor_run_info', name='served') == 1" <live.prom
    [ "$(curl -s --noproxy '*' -o /dev/null -w '%{http_code}' -H 'Host: evil.example' "$url")" = 403 ]
    kill -INT "$child"
    finish
    fails_with 3
    [ -z "$(grep 'report openmetrics' run.log)" ] # there is no file to name
    run -7 curl -sf --noproxy '*' "$url"
    [ ! -e results.prom ]
}

@test "without a port it is a file" {
    scenario pauses.yaml <<'YAML'
file_version: stressor#0
scenario:
  - {sequence: main, repeat: 3}
sequences:
  main:
    - {activity: $sleep(0.001), name: nap}
YAML
    stressor run pauses --report openmetrics
    succeeds
    parse "value('stressor_activity_duration_seconds_count', activity='nap') == 3
        and value('stressor_run_stage', stage='done') == 1" <results.prom
}

@test "a wrong port is wrong usage: nothing runs, and it is said what would be right" {
    scenario none.yaml <<'YAML'
file_version: stressor#0
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: $sleep(600)}
YAML
    local port
    for port in 99999 9464x :x localhost; do
        stressor run none --report json --report openmetrics=$port
        fails_with 2
        says "'$port' is not a port, nor an address of this machine with one (such as 9464, 127.0.0.1:9464 or [::1]:9464; 0: a free one; ./$port: a file)"
        says "the run cannot start: the report openmetrics refuses its path '$port'"
        [ -z "$output" ]
        [ ! -e "$port" ]
        [ ! -e results.json ]
    done
}

@test "the port that was chosen is told with -q too" {
    scenario none.yaml <<'YAML'
file_version: stressor#0
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: $sleep(0)}
YAML
    stressor -q run none --report openmetrics=0
    succeeds
    says "openmetrics: serving on http://127.0.0.1:"
    stressor -q run none --report openmetrics=0.0.0.0:0
    succeeds
    says "openmetrics: serving on http://127.0.0.1:"
    says "openmetrics: whoever reaches 0.0.0.0:"
}
