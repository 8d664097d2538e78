#!/usr/bin/python3
"""Compares our regexes with Python's re, on the patterns and texts beside this.

    compare.py READER       the program of ../reader.c

Each pattern is searched in each of its texts, searched with MULTILINE, and matched at the start;
all groups must lie where Python's lie. What Python refuses we must refuse, and the other way round.
"""
import ast
import json
import os
import re
import subprocess
import sys
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST = 200
HOW = ((0, lambda p, t: re.compile(p).search(t)),
       (1, lambda p, t: re.compile(p, re.MULTILINE).search(t)),
       (2, lambda p, t: re.compile(p).match(t)))

# What is otherwise: we refuse it, or take it ("fine", where Python refuses), and why.
OTHERWISE = {
    r"\N{DIGIT ONE}": ("error", "PCRE2 has no names of characters"),
    r"(?a:\w)é": ("error", "PCRE2 of Debian 12 has no ASCII classes for a part"),
    r"(a\1)": ("fine", "a group inside itself never matches"),
    r"(?<=a|bc)d": ("fine", "PCRE2 takes branches of several lengths"),
    r"(?i-i:a)": ("fine", "the last one counts"),
}
# Characters that only one of both takes for white space.
SPACES = {r"\s+": ("\x1c\x1d\x1e\x1f", "\u180e")}


def corpus():
    """[(pattern, texts)]: each line is Python, a pattern and then its texts."""
    with open(os.path.join(HERE, "patterns"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                pattern, *texts = ast.literal_eval("(%s,)" % line)
                yield pattern, texts or [""]


def groups_of(pattern):
    try:
        return re.compile(pattern).groups + 1
    except (re.error, OverflowError, RecursionError):
        return 1


def spans(pattern, text, call):
    try:
        found = call(pattern, text)
    except (re.error, OverflowError, RecursionError):
        return "error"
    if not found:
        return []
    out = []
    for i in range(found.re.groups + 1):
        for at in found.span(i):
            out.append(len(text[:at].encode()) if at >= 0 else -1)
    return out


def main():
    warnings.simplefilter("ignore")
    cases = [(p, t, flags, call) for p, texts in corpus() for t in texts for flags, call in HOW]
    lines = [json.dumps([p, t, flags, groups_of(p)]) for p, t, flags, _ in cases]
    done = subprocess.run([sys.argv[1], "regex"], input="\n".join(lines) + "\n",
                          capture_output=True, text=True, encoding="utf-8", check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(answers) != len(cases):
        print("the reader failed: %s" % done.stderr)
        return 1
    differ = 0
    for (pattern, text, flags, call), answer in zip(cases, answers):
        ours = answer.get("spans", "error")
        expected = spans(pattern, text, call)
        if pattern in OTHERWISE:
            ours, expected = "error" if ours == "error" else "fine", OTHERWISE[pattern][0]
        elif text in SPACES.get(pattern, ()):
            continue
        if ours != expected:
            differ += 1
            print("%r in %r, %s:\n    we find  %s %s\n    re finds %s"
                  % (pattern, text, ("searched", "with MULTILINE", "at the start")[flags], ours,
                     answer.get("error", ""), expected))
    patterns = len({p for p, _ in corpus()})
    print("%d patterns, %d comparisons, %d differ" % (patterns, len(cases), differ))
    if patterns < LEAST:
        print("fewer than %d patterns" % LEAST)
    return 1 if differ or patterns < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
