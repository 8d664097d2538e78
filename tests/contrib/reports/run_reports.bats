# The reports of real runs agree with one another.

bats_require_minimum_version 1.5.0

setup() {
    load "$STRESSOR_SOURCE/tests/e2e/helper"
    cd "$BATS_TEST_TMPDIR"
    scenario mixed.yaml <<'YAML'
file_version: stressor#0
config: {name: 'Shop "1"'}
context: {password: hidden-canary}
sessions:
  count: 4
scenario:
  - {sequence: init}
  - {sequence: main, repeat: 25}
thresholds:
  - p95 of nap < 10s
  - count of check > 99999
sequences:
  init:
    - {activity: $sleep(0.001), name: '=setup'}
  main:
    - {activity: $sleep(0.05), name: nap, ignore_timing: false, monitor: true}
    - {activity: $debug(), name: check, monitor: true, assert_match: never}
YAML
}

@test "JSON, CSV and JUnit of one run tell the same" {
    stressor run mixed --report json --report csv --report junit
    fails_with 4
    # The counts of all seconds add up to those of the run.
    /usr/bin/python3 -c '
import collections, csv, json
import xml.etree.ElementTree as tree
run = json.load(open("results.json"))
counts, errors = collections.Counter(), collections.Counter()
lines = list(csv.DictReader(open("results.csv", newline="")))
for line in lines:
    counts[line["phase"], line["activity"]] += int(line["count"])
    errors[line["phase"], line["activity"]] += int(line["errors"])
assert len({line["time"] for line in lines}) > 1
assert counts["main", "nap"] == 100, counts
assert counts["init", "\x27=setup"] == 4, counts
for row in run["activities"]:
    name = "\x27=setup" if row["name"] == "=setup" else row["name"]
    assert counts[row["phase"], name] == row["count"], (row, counts)
    assert errors[row["phase"], name] == row["errors"], (row, errors)
cases = {c.get("name"): c for c in tree.parse("results.xml").iter("testcase")}
assert set(cases) == {"run", "nap", "check", "p95 of nap < 10s", "count of check > 99999"}, cases
assert cases["nap"].find("failure") is None
assert cases["check"].find("failure").get("message") == "100 of 100 failed"
assert "ASSERTION" in cases["check"].find("failure").text
assert cases["p95 of nap < 10s"].find("failure") is None
assert cases["count of check > 99999"].find("failure") is not None
assert run["run"]["verdict"] == "threshold", run["run"]
assert run["totals"]["errors"] == 100'
    run -1 grep -r hidden-canary .  --include='results.*'
}

@test "two runs compare" {
    stressor run mixed --report json=a.json
    fails_with 4
    stressor run mixed --report json=b.json
    fails_with 4
    stressor compare a.json b.json --max-errors 0%
    succeeds
    prints "All tolerances hold"
    stressor compare a.json b.json --only nap --max-p50 -99%
    fails_with 4
    prints "! p50 of nap: "
}
