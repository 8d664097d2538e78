#!/usr/bin/env bats
# Scripts that never end, or want everything: each stops only its own activity.

load helper

setup() {
    HEAD='config: {script_timeout: 200ms, script_memory: 16000000}'
}

# ends KIND: the Lua from standard input is ended so, and the script after it runs.
ends() {
    cat > "$BATS_TEST_TMPDIR/lua"
    {
        printf -- '- activity: RunScript\n  export: null\n  script: |2\n'
        sed 's/^/    /' "$BATS_TEST_TMPDIR/lua"
        printf -- '- {activity: RunScript, script: "result = session.id", assert_match: t01}\n'
    } > "$BATS_TEST_TMPDIR/activity"
    SECONDS=0
    perform < "$BATS_TEST_TMPDIR/activity"
    if [[ $output != *"FAILED: 1 error in 2 activities"* || $SECONDS -ge 20 ]]; then
        printf '%s s\n%s\n%s\n' "$SECONDS" "$(cat "$BATS_TEST_TMPDIR/lua")" "$output$stderr" >&2
        return 1
    fi
    fails "SCRIPT script $1" "${2:-}"
}

@test "an endless loop" {
    ends timeout "script:2: expected the script to compute for at most 0.2 s at a time (config.script_timeout)" <<'LUA'
local n = 0
while true do n = n + 1 end
LUA
    ends timeout <<<'goto again ::again:: goto again'
    ends timeout <<<'repeat until false'
    ends timeout <<<'for i = 1, math.huge do end'
}

@test "an endless loop around pcall and xpcall" {
    ends timeout <<<'while true do pcall(function() while true do end end) end'
    ends timeout <<<'while true do xpcall(function() while true do end end, function() while true do end end) end'
    ends timeout <<<'local function f() return pcall(f) end while true do f() end'
}

@test "an endless loop where Lua cannot wait: in a comparison, a replacement, a metamethod" {
    ends timeout <<<'table.sort({3, 2, 1}, function() while true do end end)'
    ends timeout <<<'while true do pcall(table.sort, {3, 2, 1}, function() while true do end end) end'
    ends timeout <<<'xpcall(table.sort, function() while true do end end, {3, 2, 1}, function() while true do end end)'
    ends timeout <<<'("x"):gsub("x", function() while true do end end)'
    ends timeout <<<'tostring(setmetatable({}, {__tostring = function() while true do end end}))'
    ends timeout <<<'local t = setmetatable({}, {__index = function() while true do end end}); return t.x'
}

@test "an endless loop in a handler that closes" {
    ends timeout <<'LUA'
local forever = {__close = function() while true do end end}
local x <close> = setmetatable({}, forever)
while true do end
LUA
    ends timeout <<'LUA'
local forever = {__close = function() while true do end end}
local f = coroutine.wrap(function()
    local x <close> = setmetatable({}, forever)
    while true do end
end)
while true do pcall(f) end
LUA
    ends timeout <<'LUA'
local forever = {__close = function() while true do end end}
local co = coroutine.create(function()
    local x <close> = setmetatable({}, forever)
    table.sort({3, 2, 1}, function() while true do end end)
end)
coroutine.resume(co)
coroutine.close(co)
LUA
    ends timeout <<'LUA'
local forever = {__close = function() while true do end end}
local co = coroutine.create(function()
    local x <close>, y = setmetatable({}, forever)
    local z <close> = setmetatable({}, forever)
    coroutine.yield()
end)
coroutine.resume(co)
while true do pcall(coroutine.close, co) end
LUA
}

@test "an endless loop in coroutines in coroutines" {
    ends timeout <<'LUA'
local function f()
    while true do coroutine.resume(coroutine.create(f)) end
end
f()
LUA
    ends timeout <<'LUA'
local function nest(n)
    while true do
        local f = coroutine.wrap(n > 0 and function() nest(n - 1) end or function() while true do end end)
        pcall(f)
    end
end
nest(50)
LUA
    ends timeout <<<'local f = coroutine.wrap(function() while true do coroutine.yield() end end) while true do f() end'
}

@test "functions in C that would run for ever" {
    ends timeout <<<'("a"):rep(50000):find(("a-"):rep(20) .. "b")'
    ends timeout <<<'("a"):rep(5000):match(".-.-.-.-.-.-b")'
    ends timeout <<<'for w in ("a"):rep(50000):gmatch(".-.-.-.-b") do end'
    ends timeout <<<'("a"):rep(5000):gsub(".*.*.*.*b", "")'
    ends timeout <<<'("("):rep(1000000):gsub("%b()", "")'
    ends error "too many elements to move" <<<'table.move({}, 1, 1 << 60, 2, {})'
    ends error "__len" <<<'table.insert(setmetatable({}, {__len = function() return 1 << 60 end}), 1, 1)'
    ends error "__len" <<<'table.remove(setmetatable({}, {__len = function() return 1 << 60 end}), 1)'
}

@test "recursion without an end" {
    HEAD='config: {script_timeout: 5s}'
    ends error "stack overflow" <<<'local function f() return 1 + f() end f()'
    ends error "C stack overflow" <<<'local function f() return ("x"):gsub("x", f) end f()'
    ends error "script:1: script:1: " <<<'local function f() return coroutine.wrap(f)() end f()'
    ends error "too many coroutines closed" <<'LUA'
local cos = {}
for i = 1, 5000 do
    cos[i] = coroutine.create(function()
        local x <close> = setmetatable({}, {__close = function()
            if cos[i + 1] then assert(coroutine.close(cos[i + 1])) end
        end})
        coroutine.yield()
    end)
    coroutine.resume(cos[i])
end
local good, why = coroutine.close(cos[1])
why = why:gsub("script:%d+: ", "")
error(why)
LUA
    ends error "pattern too complex" <<<'("a"):rep(1000):find(("a?"):rep(1000))'
}

@test "more memory than there is for scripts" {
    ends memory "script:1: the scripts of this worker use up their memory of 16000000 bytes (config.script_memory)" <<<'result = ("a"):rep(1e9)'
    ends memory <<<'local s = "x" while true do s = s .. s end'
    ends memory <<<'local t = {} while true do t[#t + 1] = {t} end'
    ends memory <<<'local t = {} while true do pcall(function() while true do t[#t + 1] = {} end end) end'
    ends memory <<<'while true do pcall(string.rep, "x", 1e9) end'
    ends memory <<<'local t = {} for i = 1, 1e9 do t[i] = coroutine.create(print) end'
    ends memory <<<'local s = ("x"):rep(1000000) local t = {} for i = 1, 1000 do t[i] = s end result = table.concat(t)'
    ends memory <<<'coroutine.wrap(function() pcall(string.rep, "x", 1e9) while true do end end)()'
}

@test "a text that is larger than any may be" {
    script <<<'result = ("a"):rep(1e10)'
    fails "SCRIPT script error" "script:1: resulting string too large"
}

@test "garbage is no use of memory" {
    HEAD='config: {script_timeout: 20s, script_memory: 16000000}'
    script <<'LUA'
for i = 1, 100 do local s = ("x"):rep(5000000 + i) end
LUA
    succeeds
}

@test "values that are too large or too deep to leave a script" {
    ends error "variable 'result': tables are nested too deeply; does one hold itself?" <<<'result = {} result.x = result'
    HEAD='config: {script_timeout: 20s}'
    ends error "variable 'result': it holds too many values" <<'LUA'
local t = {1}
for i = 1, 60 do t = {t, t} end
result = t
LUA
}

@test "sorting what is long is ended in time, and right" {
    HEAD='config: {script_timeout: 300ms}'
    ends timeout <<'LUA'
local t = {}
for i = 1, 1000000 do t[i] = (i * 7919) % 1000003 end
while true do table.sort(t) end
LUA
    HEAD='config: {script_timeout: 20s}'
    script <<'LUA'
local t = {}
for i = 1, 20000 do t[i] = (i * 7919) % 20011 end
table.sort(t)
for i = 2, #t do assert(t[i - 1] <= t[i]) end
LUA
    succeeds
}

@test "the time to compute begins anew with each wait" {
    HEAD='config: {script_timeout: 400ms}'
    script <<'LUA'
local function compute(seconds)
    local start = os.clock()
    while os.clock() - start < seconds do end
end
for i = 1, 5 do
    compute(0.05)
    Sleep{duration = 0.12}
end
LUA
    succeeds
}

@test "one session's endless script does not stop another's" {
    HEAD='sessions: {count: 4}
config: {script_timeout: 100ms}'
    script <<'LUA'
if session.number == 1 then while true do end end
for i = 1, 3 do assert(Sleep{duration = 0.01}) end
LUA
    fails "SCRIPT script timeout" "t01 main/1/RunScript"
    prints "FAILED: 1 error in 4 activities"
}

@test "limits that make no sense are told" {
    HEAD='config: {script_timeout: 0}'
    script <<<'x = 1'
    fails_with 2
    says "script_timeout"
    HEAD='config: {script_memory: 1000}'
    script <<<'x = 1'
    fails_with 2
    says "script_memory"
}
