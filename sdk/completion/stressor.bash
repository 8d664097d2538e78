# Completion of stressor for bash.
#
# Subcommands, options and names are asked of the program itself, the one that is being called, which
# takes milliseconds: so they are those of its version and its plugins.

# _stressor_ask ARGUMENT...: what the program says.
_stressor_ask() {
    local program=${COMP_WORDS[0]}
    "${program/#\~\//$HOME/}" "$@" 2>/dev/null </dev/null
}

# _stressor_parts [SUBCOMMAND]: the subcommands, or the parts of one.
_stressor_parts() {
    local line within=
    while IFS= read -r line; do
        case $line in
        Subcommands* | 'What it does:') within=1 ;;
        '') within= ;;
        *) [[ -n $within && $line =~ ^\ \ ([a-z0-9-]+) ]] && echo "${BASH_REMATCH[1]}" ;;
        esac
    done < <(_stressor_ask help "$@")
}

# _stressor_options [SUBCOMMAND [PART]]: a line for each form of an option, with " +" where a value
# follows.
_stressor_options() {
    local line form='^ +((-[A-Za-z]), )?(--[a-z0-9-]+)(\[?=[^ ]*| [A-Z][^ ]*)?( |$)'
    while IFS= read -r line; do
        [[ $line =~ $form ]] || continue
        local short=${BASH_REMATCH[2]} long=${BASH_REMATCH[3]} value=
        [[ ${BASH_REMATCH[4]} == ' '* ]] && value=' +'
        printf '%s\n' "$long$value" ${short:+"$short$value"}
    done < <(_stressor_ask help "$@")
}

# _stressor_offer [WORD]...: those that begin as what is there.
_stressor_offer() {
    local word
    for word in "$@"; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
    done
}

# _stressor_files [SUFFIX]...: files with such an end, and folders; without any, folders only.
_stressor_files() {
    local IFS=$'\n' suffix
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -d -- "$cur"))
    for suffix in "$@"; do
        COMPREPLY+=($(compgen -f -X "!*$suffix" -- "$cur"))
    done
}

# Names of plugins and of what they offer. A "$" has to be quoted, unless a "'" stands before it.
_stressor_names() {
    local name dollar='\$'
    case $cur in
    \'*) cur=${cur:1} dollar='$' ;;
    \"*) cur=${cur:1} ;;
    esac
    cur=${cur//\\/}
    for name in $(_stressor_ask plugin list --names); do
        [[ $name == "$cur"* ]] && COMPREPLY+=("${name/#\$/$dollar}")
    done
}

# What `plugin remove` can remove, with --system among the words from the folder for all users.
_stressor_installed() {
    local folder file
    case ${XDG_DATA_HOME-} in
    /*) folder=$XDG_DATA_HOME/stressor/plugins ;;
    *) folder=$HOME/.local/share/stressor/plugins ;;
    esac
    if [[ " ${words[*]} " == *' --system '* ]]; then
        folder=$(_stressor_ask plugin list --verbose)
        folder=${folder##*$'\n  '}
    fi
    for file in "$folder"/*.so; do
        file=${file##*/}
        [[ $file == '*.so' ]] || _stressor_offer "${file%.so}"
    done
}

# _stressor_value OPTION: what it may be given.
_stressor_value() {
    case $1 in
    --report) _stressor_offer $(_stressor_ask plugin list --names=reporters) ;;
    --names) _stressor_offer plugins activities macros reporters settings ;;
    --format) _stressor_offer text markdown ;;
    --import) _stressor_files .har ;;
    --opts) _stressor_files .yaml ;;
    --log) _stressor_files '' ;;
    --plugin-path) _stressor_files ;;
    esac
}

# _stressor_argument SUBCOMMAND [PART]: what may stand behind it.
_stressor_argument() {
    case $* in
    help) _stressor_offer $(_stressor_parts) ;;
    run | check | show) _stressor_files .yaml ;;
    compare) _stressor_files .json ;;
    schema) _stressor_offer scenario sequence users ;;
    init) _stressor_files ;;
    'plugin info') _stressor_names ;;
    'plugin install') _stressor_files .so .tar.gz ;;
    'plugin remove') _stressor_installed ;;
    'plugin check')
        _stressor_files .so
        _stressor_offer $(_stressor_ask plugin list --names=plugins)
        ;;
    'plugin manifest') _stressor_files .so ;;
    esac
}

# _stressor_walk: sets `command` to the subcommand and its part among the words that are finished,
# `parts` to those that the subcommand has, `rest` to how many words follow, `before` to the option
# that waits for its value.
_stressor_walk() {
    local word takes
    takes=$(_stressor_options)
    for word in "${words[@]:1:${#words[@]}-2}"; do
        if [[ -n $before ]]; then
            before=
        elif [[ $word == -* ]]; then
            [[ $'\n'$takes$'\n' == *$'\n'"$word +"$'\n'* ]] && before=$word
        elif [[ ${#command[@]} -eq 0 ]]; then
            command=("$word")
            parts=$(_stressor_parts "$word")
            takes=$(_stressor_options "$word")
        elif [[ ${#command[@]} -eq 1 && -n $parts ]]; then
            command+=("$word")
            takes=$(_stressor_options "${command[@]}")
        else
            rest=$((rest + 1))
        fi
    done
}

_stressor() {
    local cur=${COMP_WORDS[COMP_CWORD]} before= parts= rest=0 last options
    local -a words command=()
    local line=${COMP_LINE:0:COMP_POINT}
    COMPREPLY=()
    # COMP_WORDS are split at "=" and ":" too.
    read -r -a words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=('')
    last=${words[${#words[@]} - 1]}
    [[ $cur == '=' ]] && cur=
    _stressor_walk
    if [[ -n $before ]]; then
        if [[ $last == *=* ]]; then
            _stressor_files '' # --report KIND=PATH
        else
            _stressor_value "$before"
        fi
    elif [[ $last == --*=*=* ]]; then
        _stressor_files ''
    elif [[ $last == --*=* ]]; then
        _stressor_value "${last%%=*}"
    elif [[ $last == -* ]]; then
        options=$(_stressor_options "${command[@]}")
        _stressor_offer ${options// +/}
    elif [[ ${#command[@]} -eq 0 ]]; then
        _stressor_offer $(_stressor_parts)
    elif [[ ${#command[@]} -eq 1 && ${command[0]} == help && $rest -gt 0 ]]; then
        [[ $rest -gt 1 ]] || _stressor_offer $(_stressor_parts "${words[${#words[@]} - 2]}")
    elif [[ ${#command[@]} -eq 1 && -n $parts ]]; then
        _stressor_offer $parts
    else
        _stressor_argument "${command[@]}"
    fi
}

complete -F _stressor stressor
