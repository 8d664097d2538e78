#!/usr/bin/env bats
# What bash, zsh and fish complete: each shell is asked the same.

load helper
load plugins

setup_file() {
    load helper
    cmake --install "$STRESSOR_BUILD" --prefix "$BATS_FILE_TMPDIR/prefix" > "$BATS_FILE_TMPDIR/log"
    # shellcheck disable=SC2016
    zsh -f -c 'fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -d "$2"' zsh \
        "$BATS_FILE_TMPDIR/prefix/share/zsh/site-functions" "$BATS_FILE_TMPDIR/zsh"
}

setup() {
    prefix=$BATS_FILE_TMPDIR/prefix
    export PATH=$prefix/bin:$PATH
    export HOME=$BATS_TEST_TMPDIR TMPDIR=$BATS_TEST_TMPDIR
    export COMPLETION_DUMP=$BATS_FILE_TMPDIR/zsh
    export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
    unset PYTHONPATH
    umask 022
    mkdir "$BATS_TEST_TMPDIR/here"
    cd "$BATS_TEST_TMPDIR/here"
}

bash_file() {
    echo "$prefix/share/bash-completion/completions/stressor"
}

# typed SHELL LINE: what is offered there in $offers, sorted, one a line; what TAB made of the line in
# $became (not of fish, which is asked without a terminal).
typed() {
    case $1 in
    bash) run -0 python3 "$BATS_TEST_DIRNAME/complete.py" bash "$(bash_file)" "$2" ;;
    zsh) run -0 python3 "$BATS_TEST_DIRNAME/complete.py" zsh "$prefix/share/zsh/site-functions/_stressor" "$2" ;;
    fish)
        # shellcheck disable=SC2016
        run -0 fish --no-config -c 'source $argv[1]; complete -C $argv[2]' -- \
            "$prefix/share/fish/vendor_completions.d/stressor.fish" "$2"
        ;;
    esac
    became=${output##*LINE: }
    # Descriptions of fish; the stroke behind folders; the last word for an option with its value.
    offers=$(sed -e '/^LINE: /d' -e 's/\t.*//' -e 's:/$::' -e 's/^--[a-z]*=//' <<< "$output" | LC_ALL=C sort -u)
    if [ "$1" = fish ]; then
        # Where nothing begins so, fish offers what has it within.
        local begun=${2##*[ =\']}
        offers=$(while IFS= read -r offer; do
            [[ ${offer##*=} != "${begun//\\/}"* ]] || printf '%s\n' "$offer"
        done <<< "$offers")
    fi
}

# offer LINE OFFER...: each shell offers just these.
offer() {
    local line=$1 shell expected
    shift
    expected=$(printf '%s\n' "$@" | LC_ALL=C sort -u)
    for shell in bash zsh fish; do
        typed "$shell" "$line"
        # zsh may leave out the beginning of a path that is there already.
        offers=$(sed 's:^\./::' <<< "$offers" | LC_ALL=C sort -u)
        if [ "$offers" != "$expected" ]; then
            printf '%s: "%s" offers\n%s\ninstead of\n%s\n' "$shell" "$line" "$offers" "$expected" >&2
            return 1
        fi
    done
}

# becomes LINE LINE: what TAB makes of it in bash and zsh.
becomes() {
    local shell
    for shell in bash zsh; do
        typed "$shell" "$1"
        if [ "$became" != "$2" ]; then
            printf '%s: "%s" became "%s" instead of "%s"\n' "$shell" "$1" "$became" "$2" >&2
            return 1
        fi
    done
}

# names [OPTION]: as the program lists them.
names() {
    stressor plugin list "--names$1"
    succeeds
}

# forms HELP...: the options that this help tells of.
forms() {
    stressor help "$@"
    succeeds
    grep -oE '^ +(-[A-Za-z], )?--[a-z0-9-]+' <<< "$output" | tr -d ' ' | tr ',' '\n'
}

@test "subcommands are offered, also those that are programs of their own" {
    offer 'stressor ' check compare help init plugin run schema show target
    offer 'stressor s' schema show
    offer 'stressor --log x -v s' schema show
    offer 'stressor help s' schema show
    becomes 'stressor tar' 'stressor target '
}

@test "a program that is added to libexec is offered as well" {
    cp -r "$prefix" more
    printf '#!/bin/sh\necho "      --far KIND  how far"\n' > more/libexec/stressor/stressor-faraway
    chmod 755 more/libexec/stressor/stressor-faraway
    PATH=$PWD/more/bin:$PATH
    offer 'stressor f' faraway
    offer 'stressor faraway --f' --far
    # The program that is called counts, not the first of the path.
    PATH=$prefix/bin:$PATH
    offer 'stressor f' ''
    offer 'more/bin/stressor f' faraway
}

@test "parts of plugin are offered, and nothing behind a part that takes nothing" {
    offer 'stressor plugin ' check info install list new remove
    offer 'stressor plugin in' info install
    offer 'stressor -v plugin --log x re' remove
    offer 'stressor help plugin in' info install
    offer 'stressor plugin list ' ''
    offer 'stressor help plugin info ' ''
    becomes 'stressor plugin rem' 'stressor plugin remove '
}

@test "the options of each subcommand and part are those of its help" {
    local words found
    for words in run compare init target plugin 'plugin list' 'plugin check' 'plugin manifest'; do
        # shellcheck disable=SC2086
        mapfile -t found < <(forms $words)
        [ "${#found[@]}" -ge 3 ]
        offer "stressor $words -" "${found[@]}"
    done
    mapfile -t found < <(forms)
    offer 'stressor -' "${found[@]}"
    offer 'stressor run --max' --max-errors --max-time
    offer 'stressor compare a.json --max-p' --max-p50 --max-p95 --max-p99
    becomes 'stressor run --repo' 'stressor run --report '
}

@test "scenarios are offered, files and folders" {
    mkdir shop empty
    touch a.yaml 'my scenario.yaml' b.txt c.json shop/scenario.yaml
    for command in run show 'run --single' 'check -o a:b a.yaml'; do
        typed fish "stressor $command "
        [ "$offers" = $'a.yaml\nempty\nmy scenario.yaml\nshop' ]
        typed bash "stressor $command "
        [ "$offers" = $'a.yaml\nempty\nmy scenario.yaml\nshop' ]
        typed zsh "stressor $command "
        [ "$offers" = $'a.yaml\nempty\nmy\\ scenario.yaml\nshop' ]
    done
    becomes 'stressor run a' 'stressor run a.yaml '
    becomes 'stressor run sh' 'stressor run shop/'
    becomes 'stressor run shop/' 'stressor run shop/scenario.yaml '
    becomes 'stressor run my' 'stressor run my\ scenario.yaml '
    becomes 'stressor run my\ sc' 'stressor run my\ scenario.yaml '
    offer 'stressor run nothing' ''
}

@test "kinds of reports are offered, and then files" {
    mkdir shop
    touch result.json
    names =reporters
    # shellcheck disable=SC2086
    offer 'stressor run --report ' $output
    offer 'stressor run a.yaml --report j' json junit
    offer 'stressor run --report=j' json junit
    becomes 'stressor run --report=js' 'stressor run --report=json '
    becomes 'stressor run --report json=r' 'stressor run --report json=result.json '
    becomes 'stressor run --report json=s' 'stressor run --report json=shop/'
    typed fish 'stressor run --report json=r'
    [ "$offers" = json=result.json ]
    typed fish 'stressor run --report=json=r'
    [ "$offers" = json=result.json ]
}

@test "names of plugins, types, macros and kinds are offered to plugin info" {
    names ''
    [ "$(wc -l <<< "$output")" -ge 20 ]
    mapfile -t all <<< "$output"
    typed fish 'stressor plugin info '
    [ "$offers" = "$(printf '%s\n' "${all[@]}")" ]
    typed zsh 'stressor plugin info '
    [ "$offers" = "$(printf '%s\n' "${all[@]}")" ]
    typed bash 'stressor plugin info '
    [ "$(tr -d '\\' <<< "$offers" | LC_ALL=C sort)" = "$(printf '%s\n' "${all[@]}")" ]
    offer 'stressor plugin info GetR' GetRequest
    offer 'stressor plugin info htt' http
    offer 'stressor plugin info --markdown js' json
    offer "stressor plugin info '\$sl" '$sleep'
    becomes "stressor plugin info '\$sl" "stressor plugin info '\$sleep' "
    becomes 'stressor plugin info \$sl' 'stressor plugin info \$sleep '
}

@test "plugins of the user are offered as soon as they are there, and may be removed" {
    plugin zebra 1.0 Stripes
    mkdir -p -m 700 "$XDG_DATA_HOME/stressor/plugins"
    offer 'stressor plugin info Str' ''
    offer 'stressor plugin remove ' ''
    mv zebra.so "$XDG_DATA_HOME/stressor/plugins/"
    rm zebra.c # zsh offers any file where none of the right kind is there
    offer 'stressor plugin info Str' Stripes
    offer 'stressor plugin check ze' zebra
    offer 'stressor plugin remove ' zebra
    offer 'stressor plugin remove --system htt' http
    offer 'stressor plugin remove --system ze' ''
    # One that is refused can be removed, too.
    chmod 666 "$XDG_DATA_HOME/stressor/plugins/zebra.so"
    offer 'stressor plugin remove ' zebra
}

@test "files are offered by what a subcommand takes" {
    mkdir shop
    touch a.yaml b.json c.har d.so e.tar.gz f.txt
    offer 'stressor compare ' b.json shop
    offer 'stressor compare b.json ' b.json shop
    offer 'stressor init --import ' c.har shop
    offer 'stressor init --import c.har --opts ' a.yaml shop
    offer 'stressor init ' shop
    offer 'stressor plugin install ' d.so e.tar.gz shop
    offer 'stressor plugin check ./' d.so shop
    offer 'stressor run --log f' f.txt
    offer 'stressor --plugin-path ' shop
    offer 'stressor plugin new ' ''
    offer 'stressor target ' ''
    offer 'stressor target --port ' ''
}

@test "words are offered where only some are right" {
    offer 'stressor schema ' scenario sequence users
    offer 'stressor schema se' sequence
    offer 'stressor compare --format ' markdown text
    offer 'stressor plugin list --names=m' macros
    offer 'stressor run --seed ' ''
}

@test "nothing is said where the program cannot be run" {
    mkdir empty
    PATH=/usr/bin:/bin
    [ -z "$(type -P stressor)" ]
    offer 'stressor ' ''
    offer 'stressor plugin info ' ''
    typed bash 'stressor plugin '
    [ "$became" = 'stressor plugin ' ]
}

@test "the shells find the files where they are installed" {
    # shellcheck disable=SC2016
    XDG_DATA_DIRS=$prefix/share run -0 bash -c '. /usr/share/bash-completion/bash_completion
        _completion_loader stressor || [ $? -eq 124 ] && complete -p stressor'
    [ "$output" = 'complete -F _stressor stressor' ]
    # shellcheck disable=SC2016
    run -0 zsh -f -c 'fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[stressor]' \
        zsh "$prefix/share/zsh/site-functions"
    [ "$output" = _stressor ]
    XDG_DATA_DIRS=$prefix/share run -0 fish -c 'complete -C "stressor sch"'
    [[ "$output" == schema* ]]
}
