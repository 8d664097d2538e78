# The documents of the plugin "reports", made from samples, read by programs that are not ours.

bats_require_minimum_version 1.5.0

setup() {
    render=$STRESSOR_BUILD/tests/render_reports
    folder=$STRESSOR_SOURCE/tests/contrib/reports
    cd "$BATS_TEST_TMPDIR"
}

# Validates standard input against the schema, in which no further members are allowed, so that
# each is documented.
validate() {
    /usr/bin/python3 -c '
import json, sys
from jsonschema import Draft202012Validator

def close(part):
    if isinstance(part, dict):
        if "properties" in part:
            part["additionalProperties"] = False
        for value in part.values():
            close(value)
    elif isinstance(part, list):
        for value in part:
            close(value)

schema = json.load(open(sys.argv[1]))
close(schema)
Draft202012Validator.check_schema(schema)
errors = list(Draft202012Validator(schema).iter_errors(json.load(sys.stdin)))
for error in errors[:5]:
    print(list(error.absolute_path), error.message)
sys.exit(bool(errors))' "$STRESSOR_SOURCE/docs/results.schema.json"
}

@test "the JSON report keeps its schema, and has no member that the schema does not tell of" {
    local sample
    for sample in plain hostile empty; do
        "$render" json $sample >$sample.json
        validate <$sample.json
    done
    jq 'del(.totals.errors)' plain.json >less.json
    run -1 validate <less.json
    jq '.more = 1' plain.json >more.json
    run -1 validate <more.json
}

@test "the JSON report holds the figures of the snapshot" {
    "$render" json plain >plain.json
    jq -e '.schema == "stressor.results#1"
        and .run.name == "Shop" and .run.seed == "18446744073709551615"
        and .run.started == "2024-01-31T12:00:00.123Z" and .run.verdict == "threshold"
        and .totals.activities == 20000 and .totals.per_second == 2000
        and .totals.latency.min_ns == .activities[0].latency.min_ns
        and (.activities | length) == 5
        and (.activities[0] | .name == "login" and .monitored and .errors == 12
            and .latency.mean_ns == (.latency.sum_ns / 20000 | floor))
        and (.activities[2] | .count == 0 and .latency.histogram == null)
        and .error_groups[0].count == 9 and .error_groups[0].phase == "main"
        and .error_groups[1].count == 3 and .error_groups[1].phase == "warmup"
        and .error_groups[2].phase == null and .thresholds[2].value == null
        and .trust.verdict == "untrusted" and .processes[0].descriptors_limit == null
        and .points[1].p99_ns == 312000001 and .machine.cpu == 1 / 3' plain.json
}

@test "hostile texts come through JSON as they are, but for what is no text" {
    "$render" json hostile | /usr/bin/python3 -c '
import json, sys
text = json.load(sys.stdin)["run"]["name"]
expected = ("<img src=x onerror=alert(1)>\"\x27&]]>\n\\\t\r\x01\x1b[31m\ufffd\ufffd(\u202e "
            "größe 漢 😀")
assert text == expected, text'
    run -1 grep -q '<img' <("$render" json hostile)
}

@test "10,000 activities make a report that can be read" {
    [ "$("$render" json many | jq '.activities | length')" -eq 10000 ]
}

@test "another decoder of HdrHistogram reads the same buckets, counts and percentiles" {
    "$render" hdr plain >ours
    head -n 1 ours | grep -q '^HISTFAAA'
    tail -n +2 ours >buckets
    head -n 1 ours | env -u JAVA_TOOL_OPTIONS java -XX:TieredStopAtLevel=1 \
        -cp /usr/share/java/hdrhistogram.jar "$folder/Decode.java" >theirs
    diff buckets <(sed '/^count /,$d' theirs)
    grep -qx 'count 20000' theirs
    "$render" json plain >plain.json
    local percent value
    while read -r percent value; do
        jq -e --arg p "$percent" --argjson theirs "$value" '.activities[0].latency
            | (.percentiles_ns + {"100": .max_ns})[$p]
            | (. - $theirs) / $theirs | fabs < 0.001' plain.json
    done < <(sed '1,/^count /d' theirs)
    [ "$(sed '1,/^count /d' theirs | wc -l)" -eq 8 ]
}

@test "the JUnit report has the form that readers expect" {
    local sample
    for sample in plain hostile empty; do
        "$render" junit $sample >$sample.xml
        xmllint --noout --schema "$folder/junit.xsd" $sample.xml
    done
}

# What an XPath expression on plain.xml gives.
junit() {
    xmllint --xpath "$1" plain.xml
}

@test "thresholds and monitored activities are test cases that pass or fail" {
    "$render" junit plain >plain.xml
    [ "$(junit 'count(//testcase)')" = "$(junit 'string(//testsuite/@tests)')" ]
    [ "$(junit 'count(//failure)')" = "$(junit 'string(//testsuite/@failures)')" ]
    [ "$(junit 'count(//skipped)')" = "$(junit 'string(//testsuite/@skipped)')" ]
    [ "$(junit 'count(//testcase)')" = 6 ]
    [ "$(junit 'count(//testcase[@name="p95 of login < 1s"]/*)')" = 0 ]
    [ "$(junit 'string(//testcase[@name="p99 of ghost < 1s"]/failure/@message)')" = "no sample" ]
    [ "$(junit 'string(//testcase[@name="login"]/failure/@message)')" = "12 of 20000 failed" ]
    [[ "$(junit 'string(//testcase[@name="login"]/failure)')" == *"9 × TIMEOUT response: t01"* ]]
    # Its row is that of the main phase, and so are the errors.
    [[ "$(junit 'string(//testcase[@name="login"]/failure)')" != *"warming up"* ]]
    [ "$(junit 'string(//testcase[@name="never"]/skipped/@message)')" = "never executed" ]
    [ "$(junit 'string(//testcase[@name="run"]/failure/@type)')" = threshold ]
    [ "$(junit 'string(//property[@name="base_url"]/@value)')" = "http://127.0.0.1:8080" ]
    [ "$(junit 'string(//property[@name="seed"]/@value)')" = 18446744073709551615 ]
}

@test "a run that is failed because it is not to be trusted fails in JUnit, with the reasons" {
    "$render" junit strict >plain.xml
    xmllint --noout --schema "$folder/junit.xsd" plain.xml
    "$render" json strict | validate
    [ "$(junit 'count(//failure)')" = "$(junit 'string(//testsuite/@failures)')" ]
    [ "$(junit 'string(//testcase[@name="run"]/failure/@type)')" = untrusted ]
    [ "$(junit 'string(//testcase[@name="run"]/failure/@message)')" = "the figures are not to be trusted" ]
    [[ "$(junit 'string(//testcase[@name="run"]/failure)')" == $'\n'"The generator was 61 ms late (p99): use more CPUs." ]]
}

@test "markup in names and errors stays text in the JUnit report" {
    "$render" junit hostile >plain.xml
    [ "$(junit 'count(//img)')" = 0 ]
    [[ "$(junit 'string(//testsuite/@name)')" == '<img src=x onerror=alert(1)>"'"'"'&]]>'* ]]
}
