#!/bin/bash
# How long a scenario of many activities takes to be read and compiled. They stand in a sequence that
# does not run. Only reports.
#
#   tests/bench/compile.sh [BUILD] [ACTIVITIES]     BUILD: default build/release; 10000 activities
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/release}/bin/stressor
count=${2:-10000}
[ -x "$program" ] || { echo "$program is not there" >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

printf 'file_version: stressor#0\nscenario: []\nsequences: {}\n' >"$dir/empty.yaml"
{
    printf 'file_version: stressor#0\nconfig: {base_url: "http://127.0.0.1:9/"}\n'
    printf 'context: {token: abc}\nscenario: []\nsequences:\n  many:\n'
    awk -v count="$count" 'BEGIN {
        for (i = 1; i <= count / 2; i++) {
            printf "    - activity: GetRequest\n      name: page %d\n      url: /item/%d\n", i, i
            printf "      params: {page: %d, token: $(token)}\n", i
            printf "      headers: {X-Number: \"%d of $(user.name)\"}\n", i
            printf "      assert_status: [200, 304]\n      assert_match: \"(?i)item +%d\"\n", i
            printf "      assert_json: {\"result.id\": %d}\n", i
            printf "      store_json: {next: \"result.items[0].id\"}\n"
            printf "    - activity: $sleep(0.5, %d)\n", i
        }
    }'
} >"$dir/many.yaml"

# best FILE: milliseconds of the quickest of five
best() {
    local least=1000000000 from took
    for _ in 1 2 3 4 5; do
        from=$(date +%s%N)
        "$program" -qq run "$dir/$1.yaml"
        took=$((($(date +%s%N) - from) / 1000))
        if [ "$took" -lt "$least" ]; then least=$took; fi
    done
    awk "BEGIN { printf \"%.1f\", $least / 1000 }"
}

many=$(best many)
empty=$(best empty)
kilobytes=$(($(stat -c %s "$dir/many.yaml") / 1024))
echo "$count activities ($kilobytes KB of YAML): $many ms, best of 5 (goal 500 for 10000); an empty scenario: $empty ms"
