#!/usr/bin/env bats
# `plugin new`, and the whole way of what it writes: built, tested, installed, run. And what else
# `plugin install` builds: source folders and archives.

load helper
load plugins

setup_file() {
    load plugins
    install_and_move
}

setup() {
    umask 022
    build_as_this_one
    tree=$BATS_FILE_TMPDIR/moved
    PATH=$tree/bin:$PATH
    place=$XDG_DATA_HOME/stressor/plugins
    mkdir "$BATS_TEST_TMPDIR/tmp" "$BATS_TEST_TMPDIR/here"
    cd "$BATS_TEST_TMPDIR/here"
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
}

# installed ARGUMENT...: as `stressor`, but the one that was installed and moved.
installed() {
    run --separate-stderr "$tree/bin/stressor" "$@"
}

# nothing_left: neither among the installed plugins nor among temporary files.
nothing_left() {
    [ -z "$(ls -A "$place" 2> /dev/null)" ]
    [ -z "$(ls -A "$TMPDIR")" ]
}

@test "a new plugin is built, tested, installed, and its example runs" {
    installed plugin new my-greeter
    succeeds
    prints "my-greeter: a plugin with the activity type MyGreeter. Next:"
    [ "$(ls -A my-greeter)" = ".gitignore
CMakeLists.txt
LICENSE
README.md
example.yaml
my-greeter.c
my-greeter_test.c" ]
    [ "$(ls -A)" = my-greeter ]
    ! grep -r @ my-greeter
    cd my-greeter
    cmake -B build > log
    cmake --build build > log
    ctest --test-dir build --output-on-failure > log
    grep -q '100% tests passed, 0 tests failed out of 1' log
    installed plugin install .
    succeeds
    prints "my-greeter 0.1.0: Greets
    activities MyGreeter
    in         $place/my-greeter.so
installed"
    installed run example
    succeeds
    prints "PASSED"
    installed plugin info MyGreeter
    succeeds
    prints "    whom: string"
    installed plugin remove my-greeter
    succeeds
    installed run example
    fails_with 2
    says "my-greeter"
    nothing_left
}

@test "the test of a new plugin fails when the plugin does something else" {
    installed plugin new hello
    cd hello
    sed -i 's/"Hello, %/"Goodbye, %/' hello.c
    cmake -B build > log
    cmake --build build > log
    run ctest --test-dir build --output-on-failure
    [ "$status" -ne 0 ]
    [[ "$output" == *'"Goodbye, Ann!" != "Hello, Ann!"'* ]]
}

@test "the activity type of a new plugin can be chosen" {
    installed plugin new mail --activity SendMail
    succeeds
    grep -q '.name = "SendMail"' mail/mail.c
    grep -q 'activity: SendMail' mail/example.yaml
}

@test "names that cannot be are refused, and nothing is written" {
    local name
    for name in Hello 1st my.plugin my/plugin ../up -- '' 'a b' -x \
        abcdefghijabcdefghijabcdefghijabcdefghijabcdefghija; do
        installed plugin new -- "$name"
        fails_with 2
        says "\"$name\" is no NAME for a plugin: a lower-case letter, then lower-case letters, digits, '-' and '_', at most 50"
    done
    for name in mail 2Mail Send-Mail ''; do
        installed plugin new mail --activity "$name"
        fails_with 2
        says "\"$name\" is no TYPE of activity: an upper-case letter, then letters and digits"
    done
    installed plugin new
    fails_with 2
    says "it wants a NAME for the plugin"
    installed plugin new a b
    fails_with 2
    says '"b" is too many'
    [ -z "$(ls -A)" ]
}

@test "names that others have taken are refused" {
    installed plugin new http
    fails_with 2
    says "there is a plugin http already: $tree/lib/stressor/plugins/http.so; choose another NAME"
    installed plugin new pause --activity Sleep
    fails_with 2
    says "the plugin sleep offers an activity type Sleep already; choose another with --activity"
    [ -z "$(ls -A)" ]
}

@test "what is there already is not overwritten" {
    mkdir folder
    echo mine > file
    ln -s nowhere link
    local name
    for name in folder file link; do
        installed plugin new $name
        fails_with 1
        says "$name is there already; nothing was written"
    done
    [ -z "$(ls -A folder)" ]
    [ "$(cat file)" = mine ]
    [ "$(ls -A)" = $'file\nfolder\nlink' ]
}

@test "where a file cannot be written nothing is left, and without a template that is said" {
    local other=$BATS_TEST_TMPDIR/other
    mkdir -p "$other/share/stressor"
    cp -R "$tree/bin" "$tree/lib" "$other/"
    run --separate-stderr "$other/bin/stressor" plugin new hello
    fails_with 1
    says "cannot read the template $other/share/stressor/template: No such file or directory"
    cp -R "$tree/share/stressor/template" "$other/share/stressor/"
    mkdir "$other/share/stressor/template/no_file.in"
    run --separate-stderr "$other/bin/stressor" plugin new hello
    fails_with 1
    says "cannot write hello/no_file: Invalid argument"
    [ -z "$(ls -A)" ]
}

@test "a source folder that does not build is refused with what the compiler says" {
    installed plugin new hello
    sed -i 's/return STRESSOR_DONE;/return STRESSOR_DUNE;/' hello/hello.c
    installed plugin install hello
    fails_with 1
    says "STRESSOR_DUNE"
    says "stressor: building the plugin failed: cmake "
    nothing_left
    echo 'message(FATAL_ERROR "not today")' >> hello/CMakeLists.txt
    installed plugin install hello
    fails_with 1
    says "not today"
    says "stressor: configuring the plugin failed: cmake "
    nothing_left
}

@test "a source folder that builds no plugin is refused" {
    mkdir none
    printf 'cmake_minimum_required(VERSION 3.19)\nproject(none NONE)\n' > none/CMakeLists.txt
    installed plugin install none
    fails_with 1
    says "none builds no plugin: there is no .so; see stressor_add_plugin"
    nothing_left
}

@test "an archive of a source folder is unpacked, built and installed" {
    installed plugin new hello
    tar -czf hello-0.1.0.tar.gz hello
    rm -r hello
    installed plugin install hello-0.1.0.tar.gz
    succeeds
    prints "hello 0.1.0: Greets"
    prints "installed"
    [ "$(ls -A)" = hello-0.1.0.tar.gz ]
    [ -z "$(ls -A "$TMPDIR")" ]
    installed plugin install hello-0.1.0.tar.gz
    succeeds
    prints "installed"
}

@test "an archive that would write outside of its folder, or holds links, is refused" {
    mkdir evil
    echo 'cmake_minimum_required(VERSION 3.19)' > evil/CMakeLists.txt
    tar -czf dots.tar.gz --transform 's,evil/CMake,evil/../../CMake,' evil
    installed plugin install dots.tar.gz
    fails_with 1
    says "dots.tar.gz is refused: it holds a name that leaves its folder: evil/../../CMakeLists.txt"
    tar -czPf above.tar.gz --transform 's,evil/CMake,../CMake,' evil/CMakeLists.txt
    installed plugin install above.tar.gz
    fails_with 1
    says "above.tar.gz is refused: it holds a name that leaves its folder: ../CMakeLists.txt"
    tar -czPf absolute.tar.gz --transform "s,evil/CMake,$PWD/CMake," evil
    installed plugin install absolute.tar.gz
    fails_with 1
    says "absolute.tar.gz is refused: it holds an absolute path: $PWD/CMakeLists.txt"
    ln -s /etc evil/link
    tar -czf link.tar.gz evil
    installed plugin install link.tar.gz
    fails_with 1
    says "link.tar.gz is refused: it holds a link: "
    rm evil/link
    ln evil/CMakeLists.txt evil/hard
    tar -czf hard.tar.gz evil
    installed plugin install hard.tar.gz
    fails_with 1
    says "hard.tar.gz is refused: it holds a link: "
    rm evil/hard
    mkfifo evil/pipe
    tar -czf pipe.tar.gz evil
    installed plugin install pipe.tar.gz
    fails_with 1
    says "pipe.tar.gz is refused: it holds neither a file nor a folder: "
    nothing_left
    [ ! -e CMakeLists.txt ]
}

@test "an archive that is none, cut off, empty or too large is refused" {
    echo text > text.tar.gz
    installed plugin install text.tar.gz
    fails_with 1
    says "stressor: reading the archive failed: tar ended the process (exit code 2)"
    mkdir hello
    head -c 300000 /dev/urandom > hello/data
    tar -czf whole.tar.gz hello
    head -c 100000 whole.tar.gz > cut.tar.gz
    installed plugin install cut.tar.gz
    fails_with 1
    says "reading the archive failed"
    installed plugin install whole.tar.gz
    fails_with 1
    says "whole.tar.gz holds no CMakeLists.txt, neither at its top nor in its only folder"
    truncate -s 300M hello/data
    tar -cSzf large.tar.gz hello
    installed plugin install large.tar.gz
    fails_with 1
    says "it is larger than 256 MiB or has more than 20000 entries"
    tar -czf empty.tar.gz -T /dev/null
    installed plugin install empty.tar.gz
    fails_with 1
    [ "$stderr" = "stressor: empty.tar.gz is refused: it holds nothing" ]
    echo small > hello/data
    local deep=hello
    for _ in {1..20}; do
        deep+=/$(printf 'd%.0s' {1..250})
    done
    tar -czf deep.tar.gz --transform "s,hello/data,$deep," hello
    installed plugin install deep.tar.gz
    fails_with 1
    says "File name too long"
    [ "$(wc -L <<<"$stderr")" -le 200 ]
    tar -czPf deep.tar.gz --transform "s,hello/data,/$deep," hello
    installed plugin install deep.tar.gz
    fails_with 1
    says "deep.tar.gz is refused: it holds an absolute path: /hello/ddd"
    [ "$(wc -L <<<"$stderr")" -le 300 ]
    nothing_left
}

@test "what docs/plugins.md tells an author to do works" {
    run python3 "$STRESSOR_SOURCE/tests/e2e/tutorial.py" "$STRESSOR_SOURCE/docs/plugins.md"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" =~ ^1[0-9]" blocks were run, 1"[0-9]" lines of output compared"$ ]]
    [ "$(ls -A)" = $'greet\ngreet-0.3.0.tar.gz' ]
    [ -z "$(ls -A "$TMPDIR")" ]
}
