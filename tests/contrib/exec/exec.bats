#!/usr/bin/env bats
# RunCommand: programs of this machine.

load "$STRESSOR_SOURCE/tests/activities/helper"

teardown() {
    end_child
}

# leftovers WORD: processes whose command line holds the word.
leftovers() {
    local name
    for name in /proc/[0-9]*/cmdline; do
        if tr '\0' ' ' < "$name" 2> /dev/null | grep -q -- "$1"; then
            printf '%s ' "${name//[^0-9]/}"
        fi
    done
}

@test "the output of a command is the result, and JSON is read as such" {
    perform <<'YAML'
- {activity: RunCommand, command: [echo, hello, 5, 1.5], assert_match: '^hello 5 1\.5$'}
- {activity: RunCommand, command: [echo, '{"a": [1, 2]}'], store_json: {second: 'a[1]'}}
- {activity: RunCommand, command: [echo, "n=$(second)"], assert_match: '^n=2$'}
YAML
    succeeds
}

@test "newlines at the end are left out unless they are wanted" {
    perform <<'YAML'
- activity: RunScript
  script: |
    assert(assert(RunCommand{command = {"printf", "a\n\n"}}).text == "a")
    assert(assert(RunCommand{command = {"printf", "a\n\n"}, strip = false}).text == "a\n\n")
    assert(assert(RunCommand{command = {"printf", "\n"}}).text == "")
    assert(assert(RunCommand{command = {"true"}}).text == "")
YAML
    succeeds
}

@test "a text is run by a shell only when that is said" {
    perform <<<"- {activity: RunCommand, command: 'echo a | tr a b', shell: true, assert_match: '^b$'}"
    succeeds
    perform <<<"- {activity: RunCommand, command: 'echo a'}"
    fails_with 2
    says "scenario.yaml:6:39: error: argument 'command' of RunCommand: expected a list, such as [ls, -l]; a text is run by a shell only with \`shell: true\`"
    perform <<<"- {activity: RunCommand, command: [echo], shell: true}"
    fails_with 2
    says "with \`shell: true\` expected a text"
    perform <<<"- {activity: RunCommand, command: []}"
    fails_with 2
    says "expected at least the name of a program"
    HEAD='context: {c: echo a}' perform <<<"- {activity: RunCommand, command: \$(c)}"
    fails "SCRIPT bad argument" "expected a list, such as [ls, -l]"
}

@test "constants that can never work are all told before the run, and values when they come" {
    perform <<'YAML'
- {activity: RunCommand, command: ['', -x]}
- {activity: RunCommand, command: [echo, "a\0b"]}
- {activity: RunCommand, command: "echo \0", shell: true}
- {activity: RunCommand, command: [env], environment: {'': x}}
- {activity: RunCommand, command: [env], environment: {x: "\0"}}
- {activity: RunCommand, command: ['true'], assert_exit: []}
- {activity: RunCommand, command: [''], environment: {'': x}, assert_exit: [], folder: ..}
YAML
    fails_with 2
    says "scenario.yaml:6:39: error: argument 'command' of RunCommand: the name of the program is empty"
    says "scenario.yaml:7:39: error: argument 'command' of RunCommand: a word of a command, or a variable"
    says "scenario.yaml:8:39: error: argument 'command' of RunCommand: a word of a command, or a variable"
    says "scenario.yaml:9:59: error: argument 'environment' of RunCommand: the name of a variable is not empty"
    says "scenario.yaml:10:59: error: argument 'environment' of RunCommand: a word of a command, or a variable"
    says "scenario.yaml:11:62: error: argument 'assert_exit' of RunCommand: the list is empty, so that no exit code is right"
    says "10 errors in"
    HEAD='context: {none: ""}' perform <<<"- {activity: RunCommand, command: [\$(none), -x]}"
    fails "SCRIPT bad argument" "argument 'command': the name of the program is empty"
    HEAD='context: {none: []}' perform <<<"- {activity: RunCommand, command: [touch, made], assert_exit: \$(none)}"
    fails "SCRIPT bad argument" "argument 'assert_exit': the list is empty, so that no exit code is right"
    [ ! -e "$BATS_TEST_TMPDIR/made" ]
}

@test "words are words, whatever is in them" {
    HEAD="context: {evil: '; echo \$HOME \"*'}"
    perform <<'YAML'
- {activity: RunCommand, command: [printf, '<%s>', $(evil), ''], assert_match: '^<; echo \$HOME "\*><>$'}
YAML
    succeeds
}

@test "the environment is stressor's own, with what is set and without what is null" {
    export STAYS=yes GOES=no
    perform <<'YAML'
- activity: RunCommand
  command: 'echo "$STAYS $NUMBER $TEXT ${GOES-none}"'
  shell: true
  environment: {NUMBER: 5, TEXT: a b, GOES: null}
  assert_match: '^yes 5 a b none$'
YAML
    succeeds
    perform <<<"- {activity: RunCommand, command: [env], environment: {'a=b': c}}"
    fails_with 2
    says "argument 'environment' of RunCommand: the name of a variable is not empty and holds neither '=' nor NUL"
    HEAD='context: {c: c}' perform <<<"- {activity: RunCommand, command: [env], environment: {'a=b': \$(c)}}"
    fails "SCRIPT bad argument" "the name of a variable is not empty and holds neither '=' nor NUL"
}

@test "it works in the scenario's folder, or one below" {
    mkdir -p "$BATS_TEST_TMPDIR/below"
    ln -s / "$BATS_TEST_TMPDIR/out"
    cd /
    perform <<YAML
- {activity: RunCommand, command: [pwd], assert_match: '^$BATS_TEST_TMPDIR\$'}
- {activity: RunCommand, command: [pwd], folder: below, assert_match: '^$BATS_TEST_TMPDIR/below\$'}
YAML
    succeeds
    for folder in .. /tmp out; do
        perform <<<"- {activity: RunCommand, command: [pwd], folder: $folder}"
        fails_with 2
        says "argument 'folder' of RunCommand: it has to be in the scenario's folder or below"
        HEAD="context: {f: $folder}" perform <<<"- {activity: RunCommand, command: [pwd], folder: \$(f)}"
        fails "SCRIPT bad argument" "argument 'folder': it has to be in the scenario's folder or below"
    done
    perform <<<"- {activity: RunCommand, command: [pwd], folder: none}"
    fails "SCRIPT bad argument" "argument 'folder': No such file or directory"
}

@test "a command reads its standard input, and its end at once where there is none" {
    perform <<'YAML'
- {activity: RunCommand, command: [cat], assert_match: '^$'}
- {activity: RunCommand, command: [cat], stdin: "a\nb", assert_match: '^a\nb$'}
- activity: RunScript
  script: |
    local r = assert(RunCommand{command = {"wc", "-c"}, stdin = ("x"):rep(3000000)})
    assert(r.text == "3000000")
    assert(RunCommand{command = {"true"}, stdin = ("x"):rep(3000000)})
YAML
    succeeds
}

@test "an exit code other than 0 is an error, unless others are expected" {
    perform <<<"- {activity: RunCommand, command: 'echo first >&2; echo why >&2; exit 3', shell: true}"
    fails "ASSERTION exit code" "expected exit code 0, got 3 from the shell: why"
    perform <<'YAML'
- {activity: RunCommand, command: 'exit 3', shell: true, assert_exit: 3}
- {activity: RunCommand, command: 'exit 3', shell: true, assert_exit: [1, 3]}
- {activity: RunCommand, command: 'exit 3', shell: true, assert_exit: null}
- {activity: RunCommand, command: 'kill -9 $$', shell: true, assert_exit: null}
YAML
    succeeds
    perform <<<"- {activity: RunCommand, command: ['false'], assert_exit: [1, 256]}"
    fails_with 2
    says "item 2: expected an integer from 0 to 255, found the integer 256"
    perform <<<"- {activity: RunCommand, command: 'exit 0', shell: true, assert_exit: [1, 3]}"
    fails "ASSERTION exit code" "expected exit code [1, 3], got 0 from the shell"
    perform <<<"- {activity: RunCommand, command: 'kill -SEGV \$\$', shell: true}"
    fails "TARGET signal" "the shell was ended by SIGSEGV"
}

@test "what it tells besides: exit code, signal, standard error, times and memory" {
    perform <<'YAML'
- activity: RunScript
  script: |
    local r = assert(RunCommand{command = "echo out; echo err >&2; exit 4", shell = true, assert_exit = 4})
    assert(r.value == "out" and r.info.exit_code == 4 and r.info.signal == nil or json.null)
    assert(r.info.stderr == "err\n" and r.info.stderr_cut == false)
    r = assert(RunCommand{command = "kill -TERM $$", shell = true, assert_exit = json.null})
    assert(r.info.signal == "SIGTERM" and r.info.exit_code == json.null)
    r = assert(RunCommand{command = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done", shell = true})
    assert(r.info.cpu_time > 0 and r.info.cpu_time >= r.info.user_time)
    assert(math.abs(r.info.cpu_time - r.info.user_time - r.info.system_time) < 1e-6)
    r = assert(RunCommand{command = {"python3", "-c", "x = b'x' * 700000000"}})
    assert(r.info.peak_memory > 700000000, r.info.peak_memory)
    local _, err = RunCommand{command = "echo a; exit 1", shell = true}
    assert(err.kind == "exit code" and err.result.text == "a" and err.result.info.exit_code == 1)
    r = assert(RunCommand{command = "head -c 100000 /dev/zero >&2", shell = true})
    assert(#r.info.stderr == 65536 and r.info.stderr_cut == true)
YAML
    succeeds
}

@test "a program that is not there is told, and a file that is none" {
    echo text > "$BATS_TEST_TMPDIR/file"
    perform <<<"- {activity: RunCommand, command: [no-such-program, -x]}"
    fails "SCRIPT start" "cannot start no-such-program: No such file or directory"
    perform <<<"- {activity: RunCommand, command: [./file]}"
    fails "SCRIPT start" "cannot start ./file: Permission denied"
}

@test "a command over its time is ended, and killed if it does not heed that" {
    perform <<<"- {activity: RunCommand, command: [sleep, 1000.111], timeout: 0.05}"
    fails "TIMEOUT timeout" "expected sleep to end within 0.05 s; it was ended"
    perform <<'YAML'
- activity: RunCommand
  command: "trap '' TERM; echo $$ > pid; while :; do sleep 1000.112; done"
  shell: true
  timeout: 0.3
  grace: 0.05
YAML
    fails "TIMEOUT timeout" "expected the shell to end within 0.3 s"
    [ ! -e "/proc/$(cat "$BATS_TEST_TMPDIR/pid")" ]
    [ -z "$(leftovers '^sleep 1000.11')" ]
}

@test "a command that is stopped is ended too" {
    perform <<<"- {activity: RunCommand, command: 'kill -STOP \$\$', shell: true, timeout: 0.2}"
    fails "TIMEOUT timeout" "expected the shell to end within 0.2 s"
}

@test "more output than allowed ends the command" {
    perform <<<"- {activity: RunCommand, command: ['yes']}"
    fails "TARGET too much output" "expected at most 1048576 bytes of output from yes (max_output)"
    perform <<<"- {activity: RunCommand, command: [echo, abc], max_output: 3}"
    fails "TARGET too much output" "expected at most 3 bytes"
    perform <<<"- {activity: RunCommand, command: [echo, abc], max_output: 4, assert_match: '^abc$'}"
    succeeds
    [ -z "$(leftovers '^yes $')" ]
}

@test "a command that closes its output and lives on is waited for" {
    perform <<'YAML'
- activity: RunCommand
  command: 'echo out; exec >&- 2>&-; sleep 0.3; echo done > file; exit 5'
  shell: true
  assert_exit: 5
  assert_match: '^out$'
- {activity: RunCommand, command: [cat, file], assert_match: done}
YAML
    succeeds
}

@test "what a command leaves behind with its output open is not waited for, but ended" {
    perform <<'YAML'
- {activity: RunCommand, command: 'sleep 1000.221 & echo out', shell: true, assert_match: '^out$'}
- {activity: RunCommand, command: '(yes 1000.222 &) ; echo out', shell: true, assert_match: '^(out|1000.222)'}
YAML
    fails_with "$status"
    [ -z "$(leftovers '1000.22')" ]
}

@test "200 sessions run commands at once and leave nothing behind" {
    HEAD='sessions: {count: 200}'
    perform <<'YAML'
- {activity: RunCommand, command: 'sleep 0.2; echo $$', shell: true, assert_match: '^\d+$'}
- {activity: RunCommand, command: [echo, $(session_id)], assert_match: '^t\d+$'}
- activity: RunCommand
  command: 'ls /proc/$PPID/fd | wc -l; ps -o stat= --ppid $PPID | grep -c Z || true'
  shell: true
YAML
    succeeds
    prints "PASSED"
}

@test "a command has no descriptors but its three, and stressor keeps none" {
    exec 9< /dev/null
    HEAD='sessions: {count: 3}'
    perform <<'YAML'
- {activity: RunCommand, command: [ls, /proc/self/fd], assert_match: '\A0\n1\n2\n3\Z'}
YAML
    succeeds
    HEAD=
    perform <<'YAML'
- activity: RunScript
  script: |
    local count = {command = "ls /proc/$PPID/fd | wc -l", shell = true}
    local before = assert(RunCommand(count)).value
    for i = 1, 50 do
        assert(RunCommand{command = {"echo", i}})
        assert(not RunCommand{command = {"no-such-program"}})
        assert(not RunCommand{command = {"yes"}, max_output = 10})
        assert(not RunCommand{command = {"echo"}, folder = "none"})
    end
    local after = assert(RunCommand(count)).value
    -- Not exactly: stressor looks at files of /proc once a second.
    assert(math.abs(after - before) < 10, before .. " became " .. after)
    local zombies = assert(RunCommand{command = "cat /proc/[0-9]*/stat 2>/dev/null | awk -v p=$PPID '$3 == \"Z\" && $4 == p' | wc -l", shell = true})
    assert(zombies.value == 0, zombies.text)
YAML
    succeeds
}

# The C library ignores two of its own, 32 and 33, in what it starts.
@test "its signals are as from a terminal" {
    perform <<'YAML'
- {activity: RunCommand, command: [grep, -E, 'Sig(Blk|Ign)', /proc/self/status], assert_match: '\ASigBlk:\s0+\nSigIgn:\s0+(18)?0+\Z'}
YAML
    succeeds
}

@test "a stop ends commands, also those that do not heed it" {
    cd "$BATS_TEST_TMPDIR"
    cat > s.yaml <<'YAML'
file_version: stressor#0
sessions: {count: 3}
scenario: [{sequence: main}]
sequences:
  main:
    - {activity: RunCommand, command: 'echo $$ >> pids; sleep 1000.331; sleep 1000.332', shell: true, timeout: null}
    - {activity: RunCommand, command: "trap '' TERM; echo $$ >> pids; sleep 1000.333", shell: true, timeout: null, grace: 0.1}
YAML
    start run s.yaml
    until [ "$(cat pids 2> /dev/null | wc -l)" -eq 3 ]; do :; done
    kill -INT "$child"
    finish
    fails_with 3
    while read -r pid; do
        [ ! -e "/proc/$pid" ]
    done < pids
    [ -z "$(leftovers '^sleep 1000.33')" ]
}

@test "in a dry run nothing is started" {
    perform --dry-run <<'YAML'
- {activity: RunCommand, command: [touch, made]}
- {activity: RunCommand, command: [touch, made], mock_result: mocked, assert_match: mocked}
YAML
    succeeds
    [ ! -e "$BATS_TEST_TMPDIR/made" ]
}

@test "a secret that a command was given is not in messages" {
    HEAD='sessions: {users: [{name: ann, password: hush-hush}]}'
    perform <<'YAML'
- {activity: RunCommand, command: [$(user.password)]}
YAML
    fails "SCRIPT start" "cannot start ***"
    hides hush-hush
    perform <<'YAML'
- {activity: RunCommand, command: 'echo "no: $PASSWORD" >&2; exit 1', shell: true, environment: {PASSWORD: $(user.password)}}
YAML
    fails "ASSERTION exit code" "got 1 from the shell"
    hides hush-hush
}

@test "out of descriptors is the generator's trouble" {
    HEAD='sessions: {count: 40}'
    ulimit -n 64
    perform <<<"- {activity: RunCommand, command: [sleep, 0.2]}"
    fails_with 1
    says "[GENERATOR descriptors]"
}

@test "the examples of docs/exec.md run as they stand" {
    awk -v folder="$BATS_TEST_TMPDIR" '
        $0 == "```yaml" { n++; inside = 1; file = folder "/example-" n; next }
        $0 == "```" { inside = 0 }
        inside { print > file }' "$STRESSOR_SOURCE/docs/exec.md"
    [ -s "$BATS_TEST_TMPDIR/example-1" ]
    for file in "$BATS_TEST_TMPDIR"/example-*; do
        perform < "$file"
        succeeds
    done
}
