#!/usr/bin/env python3
"""The rules of the plugin interface that no compiler checks, over the public headers.

    rules.py FOLDER    prints what breaks a rule; exit code 1 if anything does

Every struct that crosses begins with `uint32_t size`; enum members carry their numbers; members are
of types of fixed width, and none is a bool; nothing is included but what the design allows; no
function takes a variable number of arguments but the formatting helpers of log.h.
"""
import pathlib
import re
import sys

# Frozen whole, or part of a struct that has a size.
WITHOUT_SIZE = {"stressor_value", "stressor_failure"}
ALLOWED = {"stddef.h", "stdint.h"}
ALLOWED_IN = {"log.h": {"stdio.h", "stdarg.h"}, "equal.h": {"stdlib.h", "string.h"}}
VARIADIC_IN = {"log.h"}
UNFIXED = re.compile(r"\b(bool|_Bool|char|short|long|unsigned|signed|float|size_t|ssize_t)\b(?!\s*\*)")
ENUM_MEMBER = re.compile(r"[A-Z][A-Z0-9_]* = (0x[0-9a-f]+|-?[0-9]+)$")


def without_comments(text):
    """The text with comments blanked, so that lines keep their numbers."""
    blank = lambda match: re.sub(r"[^\n]", " ", match.group())
    return re.sub(r"/\*.*?\*/|//[^\n]*", blank, text, flags=re.S)


def blocks(text, word):
    """(name, body, line) of each `struct NAME { … }` or `enum NAME { … }` at the top level."""
    for start in re.finditer(rf"^(?:typedef )?{word} (\w+)\s*\{{", text, flags=re.M):
        depth, end = 1, start.end()
        while depth > 0:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        line = text.count("\n", 0, start.start()) + 1
        yield start.group(1), text[start.end():end - 1], line


def outside_parentheses(body):
    while "(" in body:
        body, count = re.subn(r"\([^()]*\)", "", body)
        if count == 0:
            break
    return body


def check_struct(name, body):
    members = [" ".join(m.split()) for m in body.split(";")]
    if name not in WITHOUT_SIZE and members[0] != "uint32_t size":
        yield f"struct {name} does not begin with 'uint32_t size'"
    for member in outside_parentheses(body).split(";"):
        found = UNFIXED.search(member)
        if found:
            yield f"struct {name} has a member of type {found.group()}: {' '.join(member.split())}"
    if "..." in body:
        yield f"struct {name} has a function with variable arguments"


def check_enum(name, body):
    for member in body.split(","):
        member = " ".join(member.split())
        if member and not ENUM_MEMBER.match(member):
            yield f"enum {name}: '{member}' has no number of its own"


def check(path):
    text = without_comments(path.read_text(encoding="utf-8"))
    for match in re.finditer(r"^#\s*include\s*[<\"]([^>\"]+)", text, flags=re.M):
        name, line = match.group(1), text.count("\n", 0, match.start()) + 1
        if not name.startswith("stressor/") and name not in ALLOWED | ALLOWED_IN.get(path.name, set()):
            yield line, f"includes <{name}>"
    for name, body, line in blocks(text, "struct"):
        for problem in check_struct(name, body):
            yield line, problem
    for name, body, line in blocks(text, "enum"):
        for problem in check_enum(name, body):
            yield line, problem
    if "..." in text and path.name not in VARIADIC_IN:
        yield text.count("\n", 0, text.index("...")) + 1, "variable arguments cross the boundary"


def main():
    headers = sorted(pathlib.Path(sys.argv[1]).glob("*.h"))
    problems = [(path, line, text) for path in headers for line, text in check(path)]
    for path, line, text in problems:
        print(f"{path}:{line}: {text}")
    print(f"{len(headers)} headers, {len(problems)} problems")
    return 1 if problems or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
