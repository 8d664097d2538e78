#!/usr/bin/python3
"""The expectations of the scenario in a folder, a line FILE:LINE for each.

    expectations.py FOLDER

What an activity expects, by its arguments assert_..., store_json and export (each entry of a map or
a list counts); the status below 400 of a request that names none, which stands for its `url`; each
assert() and error() of a script. An expectation has a line of its own: two in one are an error.
"""

import pathlib
import re
import sys

import yaml

FAILS = re.compile(r"\b(assert|error)\b\s*[({]")


def line(node):
    return node.start_mark.line + 1


def of_script(text, first):
    return [first + i for i, t in enumerate(text.splitlines()) if FAILS.search(t.split("--")[0])]


def of_activity(node):
    items = {key.value: (key, value) for key, value in node.value}
    found = []
    for name, (key, value) in items.items():
        if isinstance(value, yaml.MappingNode) and re.match("assert_|store_", name):
            found += [line(k) for k, _ in value.value]
        elif isinstance(value, yaml.SequenceNode) and name == "export":
            found += [line(v) for v in value.value]
        elif re.match("assert_|store_|export$", name):
            found.append(line(key))
        elif name == "script":
            # A block begins beneath its key.
            found += of_script(value.value, line(value) + (value.style in ("|", ">")))
    if "url" in items and "assert_status" not in items:
        found.append(line(items["url"][0]))
    return found


def of_node(node):
    found = []
    if isinstance(node, yaml.MappingNode):
        if any(key.value == "activity" for key, _ in node.value):
            return of_activity(node)
        for _, value in node.value:
            found += of_node(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += of_node(value)
    return found


def main():
    twice = False
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        if path.suffix == ".yaml":
            lines = of_node(yaml.compose(path.read_text(), yaml.SafeLoader))
        elif path.suffix == ".lua":
            lines = of_script(path.read_text(), 1)
        else:
            continue
        for n in sorted(lines):
            print(f"{path.name}:{n}")
            if lines.count(n) > 1:
                print(f"{path.name}:{n}: more than one expectation", file=sys.stderr)
                twice = True
    return twice


sys.exit(main())
