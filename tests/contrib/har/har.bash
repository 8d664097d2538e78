# Recordings made by hand: entries "$(get …)" "$(post …)" >FILE.har

# get PATH [KEY=VALUE]...: an entry. Keys: origin, status, to (of a redirect), type, body, header,
# at (milliseconds), time.
get() {
    local path=$1 origin=http://site.example status=200 to= type=text/html body='<html/>' header= at= time=30
    shift
    [ $# -eq 0 ] || local "$@"
    jq -cn --arg url "$origin$path" --argjson status "$status" --arg to "$to" --arg type "$type" \
        --arg body "$body" --arg header "$header" --arg at "$at" --argjson time "$time" '
        {startedDateTime: (if $at == "" then null
                           else "2026-01-02T03:0\($at | tonumber / 60000 | floor):\(
                               ($at | tonumber % 60000 / 1000 | floor) as $s | if $s < 10 then "0\($s)" else $s end).\(
                               ($at | tonumber % 1000 + 1000 | tostring)[1:])Z" end),
         time: $time,
         request: {method: "GET", url: $url, headers: []},
         response: {status: $status, redirectURL: $to,
                    headers: (if $header == "" then [] else [{name: ($header / ": ")[0], value: ($header / ": ")[1]}] end),
                    content: {mimeType: $type, size: ($body | length), text: $body}}}'
}

# post PATH TYPE BODY [ENCODING]
post() {
    get "$1" | jq -c --arg type "$2" --arg body "$3" --arg encoding "${4:-}" '
        .request.method = "POST" | .request.postData = {mimeType: $type, text: $body, encoding: $encoding}'
}

entries() {
    printf '%s\n' "$@" | jq -cs '{log: {version: "1.2", entries: .}}'
}

# lines TEXT...: they stand in out/main_sequence.yaml, in this order.
lines() {
    local rest want
    rest=$(cat out/main_sequence.yaml)
    for want in "$@"; do
        if [[ "$rest" != *"$want"$'\n'* && "$rest" != *"$want" ]]; then
            printf 'missing, or in another place: %s\n%s\n' "$want" "$(cat out/main_sequence.yaml)" >&2
            return 1
        fi
        rest=${rest#*"$want"}
    done
}

# What was made in out compiles.
compiles() {
    stressor -q run out -n
    succeeds
}
