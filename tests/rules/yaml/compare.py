#!/usr/bin/python3
"""Compares how we read YAML with PyYAML's safe loader, on the scalars and documents beside this.

    compare.py READER       the program of ../reader.c

What PyYAML refuses we must refuse, and the other way round; values must print alike. Keys are
compared by their text, dates as theirs: so the language has it.
"""
import json
import os
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST = 500

# What we read otherwise on purpose: the text, what we do ("error" or a repr), and why.
OTHERWISE = {
    "=": ("'='", "PyYAML has a tag for it and then nothing to make of it"),
    "<<": ("'<<'", "the same"),
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


class Loader(yaml.SafeLoader):
    """The safe loader, with dates as their text and keys as the language has them."""

    def construct_mapping(self, node, deep=False):
        if not isinstance(node, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(None, None, "no map", node.start_mark)
        self.flatten_mapping(node)
        out = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is no scalar",
                                                        key.start_mark)
            typed = self.construct_object(key, deep=True)
            name = key.value
            if typed is None:
                name = "null"
            elif isinstance(typed, bool):
                name = "true" if typed else "false"
            out[name] = self.construct_object(value, deep=True)
        return out


Loader.add_constructor("tag:yaml.org,2002:timestamp",
                       lambda loader, node: loader.construct_scalar(node))
Loader.add_constructor("tag:yaml.org,2002:map",
                       lambda loader, node: loader.construct_mapping(node, deep=True))


def theirs(text):
    try:
        return repr(yaml.load(text, Loader))
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
