# Completion of stressor for fish.
#
# Subcommands, options and names are asked of the program itself, the one that is being called, which
# takes milliseconds: so they are those of its version and its plugins.

# __stressor_ask ARGUMENT...: what the program says.
function __stressor_ask
    set -l program (string replace -r '^~/' "$HOME/" -- (commandline -opc)[1])
    command -q $program
    and command $program $argv 2>/dev/null </dev/null
end

# __stressor_parts [SUBCOMMAND]: the subcommands, or the parts of one, with their help.
function __stressor_parts
    set -l within
    for line in (__stressor_ask help $argv)
        if string match -qr '^(Subcommands|What it does:)' -- $line
            set within yes
        else if test -z "$line"
            set within
        else if test -n "$within"
            string replace -rf '^  ([a-z0-9-]+) *(.*)$' '$1\t$2' -- $line
        end
    end
end

# __stressor_options [SUBCOMMAND [PART]]: each form of an option, with its help.
function __stressor_options
    for line in (__stressor_ask help $argv)
        set -l m (string match -r '^ +(-[A-Za-z]|)(?:, )?(--[a-z0-9-]+)(\[?=[^ ]*| [A-Z][^ ]*|)(?: +|$)(.*)$' -- $line)
        or continue
        printf '%s\t%s\n' $m[3] "$m[5]"
        test -n "$m[2]"
        and printf '%s\t%s\n' $m[2] "$m[5]"
    end
end

# __stressor_takes [SUBCOMMAND [PART]]: the forms of options that a value follows.
function __stressor_takes
    for m in (__stressor_ask help $argv | string match -r '^ +(?:-[A-Za-z], )?--[a-z0-9-]+ [A-Z]')
        string match -ra -- '--?[A-Za-z0-9-]+(?=[, ])' $m
    end
end

# __stressor_files [SUFFIX]...: files with such an end, and folders; without any, folders only.
function __stressor_files
    set -l token (commandline -ct | string replace -r '^.*=' '')
    for file in (complete -C "__stressor_none $token" | string replace -r '\t.*' '')
        if string match -q '*/' -- $file
            echo $file
            continue
        end
        for suffix in $argv
            string match -q "*$suffix" -- $file
            and echo $file
        end
    end
end

# What `plugin remove` can remove, with --system on the line from the folder for all users.
function __stressor_installed
    set -l folder $HOME/.local/share/stressor/plugins
    string match -q '/*' -- "$XDG_DATA_HOME"
    and set folder $XDG_DATA_HOME/stressor/plugins
    if contains -- --system (commandline -opc)
        set folder (__stressor_ask plugin list --verbose)[-1]
        set folder (string trim -- $folder)
    end
    for file in $folder/*.so
        string replace -r '.*/(.*)\.so$' '$1' -- $file
    end
end

# __stressor_value OPTION: what it may be given.
function __stressor_value
    switch $argv[1]
        case --report
            set -l kind (commandline -ct | string match -r '^(?!--)[^=]+=|^--report=[^=]+=' | string replace -- --report= '')
            if test -n "$kind"
                printf "$kind%s\n" (__stressor_files '')
            else
                __stressor_ask plugin list --names=reporters
            end
        case --names
            printf '%s\n' plugins activities macros reporters settings
        case --format
            printf '%s\n' text markdown
        case --import
            __stressor_files .har
        case --opts
            __stressor_files .yaml
        case --log
            __stressor_files ''
        case --plugin-path
            __stressor_files
    end
end

# __stressor_argument SUBCOMMAND [PART]: what may stand behind it.
function __stressor_argument
    switch "$argv"
        case help
            __stressor_parts
        case run check show
            __stressor_files .yaml
        case compare
            __stressor_files .json
        case schema
            printf '%s\n' scenario sequence users
        case init
            __stressor_files
        case 'plugin info'
            __stressor_ask plugin list --names
        case 'plugin install'
            __stressor_files .so .tar.gz
        case 'plugin remove'
            __stressor_installed
        case 'plugin check'
            __stressor_ask plugin list --names=plugins
            __stressor_files .so
        case 'plugin manifest'
            __stressor_files .so
    end
end

function __stressor_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l takes (__stressor_takes)
    set -l command
    set -l parts
    set -l rest
    set -l before
    for word in $words[2..-1]
        if test -n "$before"
            set before
        else if string match -q -- '-*' $word
            contains -- $word $takes
            and set before $word
        else if not set -q command[1]
            set command $word
            set parts (__stressor_parts $word)
            set takes (__stressor_takes $word)
        else if not set -q command[2]; and set -q parts[1]
            set -a command $word
            set takes (__stressor_takes $command)
        else
            set -a rest $word
        end
    end
    if test -n "$before"
        __stressor_value $before
    else if string match -q -- '--*=*' $current
        set -l option (string replace -r '=.*' '' -- $current)
        printf "$option=%s\n" (__stressor_value $option)
    else if string match -q -- '-*' $current
        __stressor_options $command
    else if not set -q command[1]
        __stressor_parts
    else if test "$command" = help; and set -q rest[1]
        set -q rest[2]
        or __stressor_parts $rest[1]
    else if set -q parts[1]; and not set -q command[2]
        printf '%s\n' $parts
    else
        __stressor_argument $command
    end
end

complete -c stressor -f -a '(__stressor_complete)'
