#!/usr/bin/env bats
# What a script cannot reach, and that nothing gets from one session to another.

load helper

@test "what reaches outside is not there" {
    script <<'LUA'
for _, name in ipairs{"io", "package", "debug", "require", "dofile", "loadfile", "load",
                      "loadstring", "collectgarbage", "rawset", "warn"} do
    assert(_ENV[name] == nil, name)
end
for _, name in ipairs{"execute", "exit", "getenv", "remove", "rename", "setlocale", "tmpname"} do
    assert(os[name] == nil, "os." .. name)
end
assert(string.dump == nil and ("").dump == nil)
assert(type(os.time()) == "number" and type(os.clock()) == "number" and os.date("!%Y", 0) == "1970")
LUA
    succeeds
}

@test "calling what is not there is an error that names it" {
    script <<<'os.execute("true")'
    fails "SCRIPT script error" "script:1: attempt to call a nil value (field 'execute')"
    script <<<'io.write("x")'
    fails "SCRIPT script error" "script:1: attempt to index a nil value (global 'io')"
    script <<<'require("os")'
    fails "SCRIPT script error" "(global 'require')"
}

@test "bytecode is not taken" {
    cd "$BATS_TEST_TMPDIR"
    printf '\033LuaT\0\031\223\r\n\032\n' > code.lua
    perform <<'YAML'
- {activity: RunScript, path: code.lua}
YAML
    fails_with 2
    says "code.lua:1: unexpected symbol near '<\\27>'"
}

@test "the library cannot be changed, in no way that Lua has" {
    script <<'LUA'
local function refused(f, ...)
    local good, why = pcall(f, ...)
    assert(not good, "it was not refused")
    return why
end
for _, name in ipairs{"string", "table", "math", "utf8", "coroutine", "os", "json", "regex",
                      "time", "random"} do
    local t = _ENV[name]
    assert(type(t) == "table", name)
    assert(refused(function() t.evil = 1 end):find("cannot be changed"), name)
    refused(table.insert, t, 1)
    refused(function() table.move({1}, 1, 1, 1, t) end)
    refused(setmetatable, t, {})
    assert(getmetatable(t) == false)
    assert(rawget(t, "evil") == nil and next(t) == nil)
end
for k, v in pairs(string) do assert(v ~= nil) end
local step, state, control = pairs(string)
assert(state == nil and control == nil and type(step) == "function")
assert(getmetatable("") == false and getmetatable(_ENV) == false)
assert(getmetatable(session) == false and getmetatable(json.null) == false)
assert(getmetatable(json.list{}) == false)
refused(setmetatable, _ENV, {})
refused(function() session.id = 1 end)
LUA
    succeeds
}

@test "globals of a script are its own: the next one does not see them" {
    HEAD='sessions: {count: 3}'
    perform <<'YAML'
- activity: RunScript
  export: null
  script: |
    assert(x == nil and y == nil and session.user.mark == nil)
    x, _G.y, session.user.mark = 1, 2, 3
    string = {rep = false}
    print = nil
    assert(_G.x == 1 and y == 2 and rawget(_ENV, "x") == 1)
- activity: RunScript
  export: null
  script: |
    assert(x == nil and y == nil and session.user.mark == nil)
    assert(type(string.rep) == "function" and type(print) == "function")
YAML
    succeeds
}

@test "scripts that wait do not see each other" {
    HEAD='sessions: {count: 50}'
    script <<'LUA'
mine = session.id
local user = session.user
user.mark = session.number
for i = 1, 5 do
    assert(Sleep{duration = 0.001 * math.random(0, 5)})
    assert(mine == session.id and mine == session_id and session.user == user)
    assert(user.mark == session.number)
end
LUA
    succeeds
    hides "[SCRIPT"
}

@test "a metatable cannot have a finaliser, and a protected one stays" {
    script <<'LUA'
local good, why = pcall(setmetatable, {}, {__gc = function() end})
assert(not good and why:find("__gc"), why)
local t = setmetatable({}, {__metatable = "mine"})
assert(getmetatable(t) == "mine" and not pcall(setmetatable, t, nil))
assert(setmetatable({}, {__index = {a = 1}}).a == 1)
assert(setmetatable({}, nil))
LUA
    succeeds
}

@test "xpcall hands errors to its handler, and results through" {
    script <<'LUA'
local function handler(e) return "handled: " .. tostring(e) end
local good, text = xpcall(error, handler, "x", 0)
assert(good == false and text == "handled: x", text)
assert(select("#", xpcall(function(...) return ... end, handler, 1, nil, 3)) == 4)
good, text = xpcall(function() assert(Sleep{duration = 0.001}); error("late", 0) end, handler)
assert(not good and text == "handled: late", text)
LUA
    succeeds
}

@test "coroutines of a script work as Lua's" {
    script <<'LUA'
local co = coroutine.create(function(a, b)
    local c = coroutine.yield(a + b)
    local d, e = coroutine.yield(c * 2)
    return d + e
end)
assert(coroutine.status(co) == "suspended")
assert(select(2, coroutine.resume(co, 1, 2)) == 3)
assert(select(2, coroutine.resume(co, 5)) == 10)
assert(select(2, coroutine.resume(co, 3, 4)) == 7)
assert(coroutine.status(co) == "dead")
local good, why = coroutine.resume(co)
assert(not good and why == "cannot resume dead coroutine", why)
local n = 0
for i in coroutine.wrap(function() for i = 1, 10 do coroutine.yield(i) end end) do n = n + i end
assert(n == 55)
good, why = pcall(coroutine.wrap(function() error("inside") end))
assert(not good and why:find("inside"), why)
local closed
co = coroutine.create(function()
    local x <close> = setmetatable({}, {__close = function() closed = true end})
    coroutine.yield()
end)
coroutine.resume(co)
assert(coroutine.close(co) and closed and coroutine.status(co) == "dead")
good, why = coroutine.resume(coroutine.create(function()
    local x <close> = setmetatable({}, {__close = function() error("closing", 0) end})
    error("first", 0)
end))
assert(not good and why == "first")
good, why = pcall(coroutine.wrap(function()
    local x <close> = setmetatable({}, {__close = function() error("closing", 0) end})
    error("first", 0)
end))
assert(not good and why:find("closing"), why)
local main, is_main = coroutine.running()
assert(is_main and not coroutine.isyieldable())
assert(coroutine.wrap(function()
    return coroutine.isyieldable() and not select(2, coroutine.running()) and
        coroutine.status(main) == "normal" and not coroutine.resume(main) and
        not pcall(coroutine.close, main)
end)())
assert(not pcall(coroutine.close, main) and not coroutine.resume(main))
good, why = pcall(coroutine.yield, 1)
assert(not good and why:find("outside a coroutine"), why)
LUA
    succeeds
}

@test "text functions do what Lua's do" {
    script <<'LUA'
assert(("hello world"):find("o w") == 5 and ("hello"):find("l+") == 3)
assert(("key=value"):match("(%w+)=(%w+)") == "key")
assert(("a,b,c"):gsub(",", ";") == "a;b;c")
assert(("x"):rep(3, "-") == "x-x-x" and (""):rep(1 << 60) == "")
local n = 0
for word in ("one two three"):gmatch("%a+") do n = n + #word end
assert(n == 11)
local t = {5, 3, 1}
table.sort(t); table.insert(t, 9); assert(table.concat(t, ",") == "1,3,5,9")
assert(table.remove(t) == 9 and table.unpack(table.move(t, 1, 2, 2)) == 1)
local good, why = pcall(table.insert, 5, 1)
assert(not good)
good, why = pcall(function() string.rep() end)
assert(not good and why:find("bad argument #1 to 'rep'"), why)
LUA
    succeeds
}
