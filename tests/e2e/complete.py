"""What a shell completes: complete.py bash|zsh FILE LINE, in the current folder.

COMPLETION_DUMP is a file in which zsh keeps what it has found. FILE is the shell's file of completions. In a terminal, LINE is typed and then TAB; printed are the
offers, one a line, and at last "LINE: " with what the line became.
"""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios

PROMPT = "\x1d"
MARK = "\x1e"
SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}
SETUP = {
    "bash": r"""
shopt -u progcomp_alias
HISTFILE=
. "$COMPLETION_FILE"
offers=()
recorded() { _stressor "$@"; offers=("${COMPREPLY[@]}"); }
complete -F recorded stressor
show() { printf '\036'; printf '%s\n' "${offers[@]}"; printf '\036%s\036' "$READLINE_LINE"; }
bind 'set bell-style none'; bind 'set completion-query-items 0'; bind 'set page-completions off'
bind 'set show-all-if-ambiguous on'
bind -x '"\C-g": show'
""",
    "zsh": r"""
fpath=("${COMPLETION_FILE:h}" $fpath)
autoload -Uz compinit && compinit -C -d "$COMPLETION_DUMP"
LISTMAX=100000
typeset -ga offers
compadd() {
    local -a found
    if [[ ${@[1,(i)(-|--)]} != *-[OAD]\ * ]]; then
        builtin compadd -O found "$@"
        offers+=("$found[@]")
    fi
    builtin compadd "$@"
}
show() { print -n -- '\036'; print -rl -- "$offers[@]"; print -n -- '\036'; print -rn -- "$BUFFER"; print -n -- '\036' }
zle -N show
bindkey '^G' show
bindkey '^I' complete-word
""",
}


class Terminal:
    def __init__(self, shell, file):
        self.text = ""
        self.end, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 200, 250, 0, 0))
        environment = dict(os.environ, TERM="dumb", INPUTRC="/dev/null", COMPLETION_FILE=file, LC_ALL="C.UTF-8")
        self.child = subprocess.Popen(SHELLS[shell], stdin=other, stdout=other, stderr=other, env=environment,
                                      start_new_session=True,
                                      preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(other)

    def type(self, text):
        os.write(self.end, text.encode())

    def parts(self, count, mark=MARK):
        """Waits for so many marks, and takes what is between them."""
        while self.text.count(mark) < count:
            if not select.select([self.end], [], [], 60)[0]:
                sys.exit(f"the shell says no more than {self.text!r}")
            try:
                read = os.read(self.end, 65536)
            except OSError:
                read = b""
            if not read:
                sys.exit(f"the shell has ended with {self.text!r}")
            self.text += read.decode(errors="replace")
        found = self.text.split(mark, count)
        self.text = found[count]
        return found[1:count]

    def finish(self):
        self.child.kill()
        self.child.wait()
        os.close(self.end)


def main():
    shell, file, line = sys.argv[1:]
    setup = os.path.join(os.environ["TMPDIR"], "complete-setup")
    with open(setup, "w", encoding="utf-8") as out:
        out.write(SETUP[shell] + "PS1=$'\\035'\n")
    terminal = Terminal(shell, file)
    try:
        terminal.type(f". {setup}\n")
        terminal.parts(1, PROMPT)
        terminal.type(line + "\t\x07")
        offers, became = terminal.parts(3)
    finally:
        terminal.finish()
    for offer in sorted(set(offers.replace("\r", "").split("\n")) - {""}):
        print(offer)
    print("LINE: " + became)


main()
