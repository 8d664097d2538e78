#!/usr/bin/env bats
# `plugin info` and `plugin list` of a plugin that offers something of every kind.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR"
    mkdir -m 755 more
    install -m 755 "$STRESSOR_BUILD/tests/plugins/rich.so" more/
}

rich() {
    stressor plugin "$@" --plugin-path more
}

@test "an activity is described with its notes, the limits of its arguments, and their groups" {
    rich info Paint
    succeeds
    [ "${output%%  arguments of every*}" = "activity Paint: Paint a wall
  blocks, and so runs on a thread of the pool
  runs in a dry run too
  arguments:
    colour: string, without macros
        of the paint, matt|gloss
        default: red
        one of: red, green
    code: string, macros are left as they stand
        must be: [a-z]+
    site: string, never shown
        must be: a https:// URL
    exactly one of code, site
    at most one of colour, code
" ]
    rich info Idle
    succeeds
    prints "no arguments of its own"
}

@test "a macro is described with its arguments and when it is expanded" {
    rich info '$dice'
    succeeds
    [ "$output" = 'macro $dice(low, [high]): Throws a die
  expanded anew for each execution
  of the plugin rich 2.0' ]
    rich info '$include'
    succeeds
    [ "$output" = 'macro $include(): Takes in a file
  expanded once, when the scenario is loaded; must be the whole value
  of the plugin rich 2.0' ]
}

@test "a plugin is described with its author, settings, reporters and script engines" {
    rich info rich
    succeeds
    prints "plugin rich 2.0: Paint of all kinds
  from $BATS_TEST_TMPDIR/more/rich.so
  author Ann
  license MIT"
    prints "settings in the scenario file
    sessions.coats: whole number
        from 1 to 3"
    prints "reporter --report poster[=WALL]: Paints the figures"
    prints "script engine brush (.brush files) of RunScript: Strokes"
    rich info sessions
    prints "    coats: whole number"
}

@test "a kind of report is described, and suggested" {
    rich info poster
    succeeds
    prints "reporter --report poster[=WALL]: Paints the figures"
    prints "  of the plugin rich 2.0"
    rich info postr
    fails_with 2
    says 'did you mean "poster"?'
    stressor plugin info json
    succeeds
    prints "reporter --report json[=FILE]: "
    prints "  goes to results.json where no path is given"
    prints "  of the plugin reports "
}

@test "all that it offers is listed" {
    rich list
    succeeds
    prints "rich 2.0"
    prints "Paint, Idle"
    prints '$dice, $include'
    prints "poster"
}

@test "in Markdown a bar does not end the cell, and no arguments are said to be none" {
    rich info --markdown Paint
    succeeds
    prints 'of the paint, matt\|gloss'
    rich info --markdown Idle
    succeeds
    prints "It has no arguments of its own."
    rich info --markdown '$dice'
    succeeds
    prints 'Throws a die'
}

@test "help takes one subcommand, and without any it is the overview" {
    stressor help
    succeeds
    prints "run"
    stressor help run plugin
    fails_with 2
    says 'one subcommand at a time; "plugin" is too many'
}
