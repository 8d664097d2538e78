"""Does what a page of the documentation tells: tutorial.py PAGE, in the current folder.

Blocks with a name beside their language become files of that name. Blocks in sh are run, one after the
other, in one shell; blocks in diff are applied to the files of the folder that the shell is in; each
line of a block `output` must be in what the last sh printed. Other blocks are left alone. Ends with 1,
and says where it stopped, when one of them fails.
"""

import re
import subprocess
import sys


def blocks(page):
    fence = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    with open(page, encoding="utf-8") as file:
        text = file.read()
    return [(m[1], m[2], m[3], text.count("\n", 0, m.start()) + 1) for m in fence.finditer(text)]


def script(found):
    lines = ["set -eu"]
    for kind, name, text, line in found:
        if name:
            lines.append(f"echo '== {line}'\ncat >'{name}' <<'FILE'\n{text}FILE")
        elif kind == "sh":
            lines.append(f"echo '== {line}'\n{text}")
        elif kind == "diff":
            lines.append(f"echo '== {line}'\ngit apply -p0 <<'DIFF'\n{text}DIFF")
    return "\n".join(lines + ["echo '== end'"])


def main():
    found = blocks(sys.argv[1])
    done = subprocess.run(["bash", "-c", script(found)], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    said = {}
    line = 0
    for text in done.stdout.splitlines():
        if text.startswith("== "):
            line = text[3:]
            said[line] = []
        elif line:
            said[line].append(text)
    if done.returncode != 0:
        sys.exit(f"the block at line {line} ended with {done.returncode}:\n" + "\n".join(said.get(line, [])))
    before = None
    checked = 0
    for kind, _, text, at in found:
        if kind == "sh":
            before = str(at)
        for expected in text.splitlines() if kind == "output" else []:
            checked += 1
            if not any(expected in one for one in said[before]):
                sys.exit(f"line {at}: '{expected}' was not printed, but:\n" + "\n".join(said[before]))
    print(f"{len(said) - 1} blocks were run, {checked} lines of output compared")


main()
