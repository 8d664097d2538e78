#!/usr/bin/python3
"""Compares how we read YAML with PyYAML's safe loader, on the scalars and documents beside this.

    compare.py READER       the program of ../reader.c

What PyYAML refuses we must refuse, and the other way round; values must print alike. Keys are
compared by their text; dates, '=' and '<<' are theirs: so the language has it (scenario_yaml.py).
"""
import json
import os
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))
import scenario_yaml  # noqa: E402

LEAST = 500

# What we read otherwise on purpose: the text, what we do ("error" or a repr), and why.
OTHERWISE = {
    '"\\ud83d\\ude00"': ("error", "surrogates are no characters"),
    "tab\there": ("'tab\\there'", "a tab may stand in a text"),
    "a:\tb\n": ("{'a': 'b'}", "and before it"),
    "{a: http://h/?x=1&y=2}": ("{'a': 'http://h/?x=1&y=2'}", "a '?' may stand in a text"),
    "&a [*a]": ("error", "a value that holds itself"),
    "9223372036854775808": ("error", "an integer beyond 64 bits"),
    "-9223372036854775809": ("error", "an integer beyond 64 bits"),
    "0x10000000000000000": ("error", "an integer beyond 64 bits"),
    "!!binary aGk=": ("error", "no core tag"),
    "!!timestamp 2020-01-01": ("error", "no core tag"),
    "!!set {a, b}": ("error", "no core tag"),
    "!!omap [a: 1]": ("error", "no core tag"),
    "!!pairs [a: 1]": ("error", "no core tag"),
}


def theirs(text):
    try:
        return repr(scenario_yaml.load(text))
    except (yaml.YAMLError, ValueError, TypeError, IndexError, RecursionError):
        return "error"


def main():
    with open(os.path.join(HERE, "scalars"), encoding="utf-8") as f:
        texts = [line for line in f.read().split("\n") if line]
    with open(os.path.join(HERE, "documents"), encoding="utf-8") as f:
        texts += f.read().split("%%%%\n")
    done = subprocess.run([sys.argv[1], "yaml"], input="".join(json.dumps(t) + "\n" for t in texts),
                          capture_output=True, text=True, encoding="utf-8", check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(answers) != len(texts):
        print("the reader failed: %s" % done.stderr)
        return 1
    differ = 0
    for text, answer in zip(texts, answers):
        ours = answer.get("value", "error")
        expected = OTHERWISE[text][0] if text in OTHERWISE else theirs(text)
        if ours != expected:
            differ += 1
            print("%r:\n    we read   %s%s\n    PyYAML    %s"
                  % (text, ours, " (%s)" % answer["error"] if "error" in answer else "", expected))
    print("%d scalars and documents, %d differ" % (len(texts), differ))
    if len(set(texts)) < LEAST:
        print("fewer than %d: %d" % (LEAST, len(set(texts))))
    return 1 if differ or len(set(texts)) < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
