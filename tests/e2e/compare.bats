# What `stressor compare` says of two reports, and of what is no report.

bats_require_minimum_version 1.5.0

setup() {
    load helper
    cd "$BATS_TEST_TMPDIR"
    # As many milliseconds for each figure, in the order p50, p95, p99, max; the mean is the p50.
    row='def row($name; $phase; $count; $errors; $ms): {name: $name, type: "http", phase: $phase,
        monitored: false, ignore_timing: false, called: false, count: $count, errors: $errors,
        per_second: ($count / 10), latency: {sum_ns: 0, min_ns: 0, mean_ns: ($ms[0] * 1000000),
        max_ns: ($ms[3] * 1000000), percentiles_ns: {"50": ($ms[0] * 1000000),
        "95": ($ms[1] * 1000000), "99": ($ms[2] * 1000000)}, histogram: null}};
        def report($rows): {schema: "stressor.results#1", run: {name: "shop", tag: null,
        started: "2024-01-31T12:00:00.123Z", verdict: "passed", dry_run: false},
        trust: {verdict: "trusted"}, totals: {latency: $rows[0].latency}, activities: $rows};'
    report a.json 'row("login"; "main"; 1000; 10; [100, 200, 300, 400]),
        row("cart"; "main"; 1000; 0; [10, 20, 30, 40]), row("old"; "main"; 500; 0; [1, 2, 3, 4]),
        row("login"; "init"; 4; 0; [1, 1, 1, 1])'
    report b.json 'row("login"; "main"; 1000; 10; [100, 220, 300, 400]),
        row("cart"; "main"; 50; 5; [10, 20, 30, 40]), row("new"; "main"; 500; 0; [1, 2, 3, 4]),
        row("login"; "init"; 4; 0; [9, 9, 9, 9])'
}

# report FILE ROWS: writes a report with these activities.
report() {
    jq -n "$row report([$2])" >"$1"
}

@test "activities are set side by side, with what is new and gone, the worst first" {
    stressor compare a.json b.json
    succeeds
    # cart gained 10 points of errors, login lost 10 % of p95, init's is 800 % slower.
    [ "$(awk '{ print $1 }' <<<"$output" | sed -n '5,10p' | tr '\n' ' ')" = \
        "all login cart login new old " ]
    grep -Eq '^login +init +4 .*\+800.0 % .*few samples$' <<<"$output"
    grep -Eq '^cart +1,000 → 50 +0.00 → 10.00 % +-95.0 % .*20.0 ms +20.0 ms +few samples$' <<<"$output"
    grep -Eq '^login +1,000 +1.00 % +0 % +0 % +0 % +\+10.0 % +0 % +0 % +200 ms +220 ms$' <<<"$output"
    grep -Eq '^new .* new$' <<<"$output"
    grep -Eq '^old .* gone$' <<<"$output"
    prints "2 activities rest on fewer than 100 samples"
}

@test "a tolerance that holds is fine, and one that is broken exits with 4 and says by what" {
    stressor compare a.json b.json --only login --max-p95 +800%
    succeeds
    prints "All tolerances hold"
    stressor compare a.json b.json --max-p95 +9%
    fails_with 4
    prints "! p95 of login: 200 ms → 220 ms (+10.0 %), allowed +9%"
    prints "! p95 of old: 2.00 ms → no sample, allowed +9%"
    stressor compare a.json b.json --only login --max-p95 +20ms
    succeeds
    stressor compare a.json b.json --only login --max-p95 +19ms
    fails_with 4
    prints "! p95 of login: 200 ms → 220 ms (+10.0 %), allowed +19ms"
    stressor compare a.json b.json --only login --max-p95 +100%
    fails_with 4
    prints "! p95 of login (init): 1.00 ms → 9.00 ms (+800.0 %), allowed +100%; few samples"
    stressor compare a.json b.json --only cart --max-errors +9%
    fails_with 4
    prints "! errors of cart: 0.00 % → 10.00 %, allowed +9%; few samples"
    stressor compare a.json b.json --only cart --max-errors +10% --min-rate -95%
    succeeds
    stressor compare a.json b.json --only cart --min-rate -94%
    fails_with 4
    prints "! rate of cart: 100/s → 5/s (-95.0 %), allowed -94%; few samples"
}

@test "rows of one name and phase are told apart by what they ignore" {
    local twins='row("ok"; "main"; 200; 0; [1, 2, 3, 4]),
        (row("ok"; "main"; 300; 0; [10, 20, 30, 40]) | .ignore_timing = true),
        (row("ok"; "main"; 400; 0; [5, 6, 7, 8]) | .called = true),
        (row("alone"; "main"; 500; 0; [5, 6, 7, 8]) | .ignore_timing = true),
        (row("nap"; "init"; 500; 0; [5, 6, 7, 8]) | .ignore_timing = true),
        row("nap"; "init"; 600; 0; [5, 6, 7, 8])'
    report one.json "$twins"
    stressor compare one.json one.json
    succeeds
    grep -Eq '^ok +200 +0.00 %' <<<"$output"
    grep -Eq '^ok +untimed +300 +0.00 %' <<<"$output"
    grep -Eq '^ok +called +400 +0.00 %' <<<"$output"
    grep -Eq '^alone +500 +0.00 %' <<<"$output"
    grep -Eq '^nap +init, untimed +500 +0.00 %' <<<"$output"
    grep -Eq '^nap +init +600 +0.00 %' <<<"$output"
    stressor compare one.json one.json --only ok --max-p95 -5% --format markdown
    fails_with 4
    grep -Fq '| ok | untimed | 300 |' <<<"$output"
    prints "p95 of ok (untimed): 20.0 ms → 20.0 ms"
    prints "p95 of ok (called): 6.00 ms → 6.00 ms"
    prints "p95 of ok: 2.00 ms → 2.00 ms"
}

@test "each latency has a tolerance of its own" {
    local figure
    report fast.json 'row("x"; "main"; 1000; 0; [10, 10, 10, 10])'
    for figure in mean p50 p95 p99 max; do
        report slow.json 'row("x"; "main"; 1000; 0; [10, 10, 10, 10])
            | (if "'$figure'" == "max" or "'$figure'" == "mean" then .latency["'$figure'_ns"] = 12000000
            else .latency.percentiles_ns["'${figure#p}'"] = 12000000 end)'
        stressor compare fast.json slow.json "--max-$figure" +20%
        succeeds
        stressor compare fast.json slow.json "--max-$figure" +19%
        fails_with 4
        prints "! $figure of x: 10.0 ms → 12.0 ms (+20.0 %), allowed +19%"
    done
}

@test "a run without any sample breaks every tolerance" {
    report none.json 'row("login"; "main"; 0; 0; [0, 0, 0, 0])'
    stressor compare a.json none.json --max-p99 +1000%
    fails_with 4
    stressor compare none.json none.json --max-p99 +1000%
    fails_with 4
    prints "p99 of all: no sample → no sample"
}

@test "Markdown has a row for each activity, and names cannot break out of it" {
    jq '.activities[0].name = "a|b <img src=x> *x*\n# t"' b.json >evil.json
    stressor compare a.json evil.json --format markdown --max-p95 +9%
    fails_with 4
    grep -Fq '| a\|b &lt;img src=x\> \*x\* \# t |' <<<"$output"
    grep -Fq '**Tolerances are broken:**' <<<"$output"
    # All rows have the same number of cells.
    [ "$(grep '^|' <<<"$output" | sed 's/\\|//g' | tr -cd '|\n' | sort -u | wc -l)" -eq 1 ]
    run ! grep -q '<img' <<<"$output"
}

@test "names with control characters cannot move the cursor" {
    jq '.activities[0].name = "x\u001b[2J\u202e" | .run.tag = "\u001b]0;x\u0007"' b.json >evil.json
    stressor compare a.json evil.json
    succeeds
    [[ "$output" != *$'\e'* && "$output" != *$'\a'* ]]
    prints 'x\x1b[2J'
}

@test "a narrow terminal has fewer columns, and no row is wider than it" {
    local width
    jq '.activities[1].name = "a name that is much longer than any terminal of a few columns"' b.json >long.json
    for width in 40 48 60 80; do
        output=$(TERM=xterm script -qec "stty cols $width; '$STRESSOR' compare a.json long.json" /dev/null </dev/null)
        [ "$(tr -d '\r' <<<"$output" | sed -n '/^Activity/,/^$/p' | LC_ALL=C.UTF-8 wc -L)" -le "$width" ]
        grep -Eq '^Activity .*Errors .*p95' <<<"$output"
        grep -Eq '^login .*1.00 % .*\+10.0 %' <<<"$output"
    done
}

@test "what is no report is refused with the place and the reason" {
    stressor compare missing.json b.json
    fails_with 2
    says "missing.json: cannot be read: No such file or directory"
    stressor compare . b.json
    fails_with 2
    says ".: is a folder"
    echo '{"schema": ' >cut.json
    stressor compare cut.json b.json
    fails_with 2
    says "cut.json: line 2, column 0: is not JSON: "
    echo '{"a": 1}' >other.json
    stressor compare a.json other.json
    fails_with 2
    says 'other.json: is not a report of "stressor run --report json"'
    jq '.schema = "stressor.results#2"' a.json >later.json
    stressor compare a.json later.json
    fails_with 2
    says "later.json: is a report in the format stressor.results#2; this program reads stressor.results#1"
    jq '.activities[1].latency.percentiles_ns["95"] = "x"' a.json >bad.json
    stressor compare a.json bad.json
    fails_with 2
    says "bad.json: activities[1].latency.percentiles_ns.95: expected a whole number that is not negative, found a text"
    jq 'del(.run)' a.json >bad.json
    stressor compare bad.json b.json
    fails_with 2
    says "bad.json: run: expected an object, found nothing"
    jq '.activities[0].errors = 1001' a.json >bad.json
    stressor compare bad.json b.json
    fails_with 2
    says "bad.json: activities[0].errors: more errors than executions"
    jq '.activities = {}' a.json >bad.json
    stressor compare bad.json b.json
    fails_with 2
    says "bad.json: activities: expected a list, found an object"
    printf '%*s' 100000 '' | tr ' ' '[' >deep.json
    stressor compare deep.json b.json
    fails_with 2
    says "deep.json: line 1"
}

@test "the comparison is printed with -q too, as the help says" {
    stressor compare --help
    prints "printed in any case, also with -q"
    stressor compare a.json b.json
    local loud=$output
    stressor -q compare a.json b.json
    [ -n "$output" ]
    [ "$output" = "$loud" ]
}

@test "a tolerance without a sign is refused with both forms of it" {
    stressor compare a.json b.json --min-rate 5%
    fails_with 2
    says "--min-rate 5%: a change has a sign: -5% (B may be lower) or +5% (B must be higher)"
    [ -z "$output" ]
    stressor compare a.json b.json --max-errors 3
    fails_with 2
    says "--max-errors 3: a change has a sign: +3 (B may be higher) or -3 (B must be lower)"
    stressor compare a.json b.json --max-p95 20ms
    fails_with 2
    says "--max-p95 20ms: a change has a sign: +20ms (B may be higher) or -20ms (B must be lower)"
    stressor compare a.json a.json --min-rate 0% --max-errors 0 --max-p95 0ms
    succeeds
    prints "All tolerances hold"
}

@test "wrong usage is explained" {
    stressor compare a.json
    fails_with 2
    says "two reports of --report json are needed, not 1"
    stressor compare a.json b.json --max-p95 10
    fails_with 2
    says "--max-p95 10: expected a change such as +10% or +20ms"
    stressor compare a.json b.json --format html
    fails_with 2
    says "--format html: expected text or markdown"
    stressor compare a.json b.json --only logn
    fails_with 2
    says 'neither run has executed an activity "logn"; did you mean "login"?'
}

@test "what makes a comparison doubtful is said" {
    jq '.trust.verdict = "untrusted" | .run.verdict = "threshold" | .activities[0].phase = "warmup"
        | .run.dry_run = true | .run.name = "other"' b.json >odd.json
    stressor compare a.json odd.json
    succeeds
    prints "B is not to be trusted: the generator was the bottleneck"
    prints "B is a dry run"
    prints "other, 2024-01-31T12:00:00.123Z, failed by a threshold"
    grep -Eq '^login +warm-up .* new$' <<<"$output"
    prints "The runs have different names"
}
