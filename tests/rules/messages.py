#!/usr/bin/python3
"""Lists every message that a user can get, from the calls in the sources, with where it points to.

    messages.py SOURCE      prints FILE:LINE, where the message says its cause stands, and the text

Fails where a message does not say where: a mistake in a scenario has its place in the file, a
failure its session, activity and place, a line of the log what it is about. Fails too where a text
does not read like the others: they begin with a small letter or a name, and end without a full
stop.
"""
import os
import re
import sys

# Function: (argument that is the place or None, first argument that may hold the text, where).
CALLS = {
    "diag_error": (1, 2, "file:line:column"),
    "diag_warn": (1, 2, "file:line:column"),
    "compile_expected": (1, 2, "file:line:column, found ..."),
    "tell": (None, 1, "file:line:column, argument"),
    "exec_fail": (None, 4, "session, activity, file:line:column"),
    "stressor_fail": (None, 4, "session, activity, file:line:column"),
    "failed": (None, 3, "session, activity, file:line:column"),
    "fail_at": (None, 3, "argument, file:line:column"),
    "report_limit": (None, 2, "the run"),
    "stressor_problem": (None, 2, "file:line:column, argument"),
    "command_wrong": (None, 1, "command line"),
    "console_say": (None, 2, "log"),
    "log_line": (None, 1, "log"),
    "stressor_log": (None, 2, "log"),
}
# Texts that reach a user by way of a table, a variable or a constant: "file: pattern".
TABLES = (
    ("core/base/regex_dialect.c", r'refuse\(r, ("(?:[^"\\]|\\.)*")'),
    ("core/base/path.c", r'\*error = ("(?:[^"\\]|\\.)*")'),
    ("core/config/macro_call.c", r'buf_printf\(why, ("(?:[^"\\]|\\.)*")'),
    ("core/config/schema_coerce.c", r'refuse\(s, v, ("(?:[^"\\]|\\.)*")'),
    ("core/config/schema_coerce.c", r'snprintf\(expected, sizeof expected, ("(?:[^"\\]|\\.)*")'),
    ("core/config/template_expand.c", r'buf_printf\(&?(?:text|out), ("[^"]* (?:[^"\\]|\\.)*")'),
    ("core/config/yaml_hint.c", r'("; (?:[^"\\]|\\.)*")'),
    ("core/run/checks.c", r'buf_(?:puts|printf)\(&(?:why|text), ("(?:[^"\\]|\\.)*")'),
    ("core/config/loader_resolve.c", r'return ("(?:[^"\\]|\\.)*");'),
    ("core/config/schema_text.c", r', ("an? [^"]*"|"text"|"null"|"true or false")\}'),
    ("core/plan/threshold_line.c", r'refuse\(&?s, [^"]*?((?:"(?:[^"\\]|\\.)*"\s*(?:A_METRIC)?\s*)+)'),
    ("core/plan/threshold_line.c", r'buf_(?:puts|printf)\(s->why, ("; (?:[^"\\]|\\.)*")'),
    ("core/plan/watch.c", r'wrong = ("(?:[^"\\]|\\.)*")'),
    ("core/stats/watch_process.c", r'reason, (?:sizeof p->reason, |p->was_found \? )?((?:"(?:[^"\\]|\\.)*"(?: : )?)+)'),
    ("activities/http/failure.c", r'_(?:TARGET|GENERATOR|SCRIPT), "[^"]*",\s*((?:"(?:[^"\\]|\\.)*"\s*)+)'),
    ("activities/http/url.c", r'return ("(?:[^"\\]|\\.)* (?:[^"\\]|\\.)*");'),
)
# A place of its own would say nothing: the machine, or the program's call.
PLACELESS = ("out of memory", "the scenario's path is empty", "cannot open the folder")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def arguments(text, at):
    """The arguments of the call whose parenthesis is at `at`."""
    out, depth, begin, i = [], 0, at + 1, at
    while i < len(text):
        c = text[i]
        if c == '"' or c == "'":
            quote = c
            i += 1
            while text[i] != quote:
                i += 2 if text[i] == "\\" else 1
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                return out + [text[begin:i].strip()]
        elif c == "," and depth == 1:
            out.append(text[begin:i].strip())
            begin = i + 1
        i += 1
    return out


def joined(text):
    """The texts in an expression: adjacent literals are one, those of a choice several."""
    texts, last = [], None
    for found in STRING.finditer(text):
        piece = found.group(0)[1:-1]
        if last is not None and re.fullmatch(r"(?:\s|[A-Z_]+\b|PRI\w+)*", text[last:found.start()]):
            between = text[last:found.start()].strip()
            texts[-1] += ("u" if between.startswith("PRI") else between) + piece
        else:
            texts.append(piece)
        last = found.end()
    rest = text[last:].strip() if last is not None else ""
    if re.fullmatch(r"[A-Z_]+", rest):
        texts[-1] += rest
    return texts


def messages(path, text):
    """[(line, where, text, what is wrong)]"""
    without = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.S)
    for found in re.finditer(r"\b(%s)\(" % "|".join(CALLS), without):
        line = without.count("\n", 0, found.start()) + 1
        before = without[without.rfind("\n", 0, found.start()) + 1:found.start()]
        place, first, where = CALLS[found.group(1)]
        args = arguments(without, found.end() - 1)
        if re.match(r"(?:static |STRESSOR_\w+ )*(?:void|bool|int|int32_t)\s*$", before) or len(args) <= first:
            continue
        texts = joined(args[first])
        if found.group(1) == "compile_expected":
            texts = [t + ", found ..." for t in texts]
        for shown in texts or []:
            wrong = ""
            if place is not None and args[place] == "NULL" and not shown.startswith(PLACELESS):
                wrong = "says no place"
            elif re.search(r"[.!]$", shown) and not shown.endswith("..."):
                wrong = "ends in a full stop"
            elif re.match(r"[A-Z][a-z]", shown) or not shown.strip():
                wrong = "does not begin with a small letter"
            elif where == "log" and "%" not in shown and len(shown.split()) < 2:
                wrong = "does not say what it is about"
            yield line, "the program" if place is not None and args[place] == "NULL" else where, shown, wrong


def main():
    source, wrong, count = sys.argv[1], 0, 0
    files = []
    for top in ("core", "activities"):
        for folder, _, names in os.walk(os.path.join(source, top)):
            files += [os.path.join(folder, n) for n in names if n.endswith(".c")]
    for path in sorted(files):
        name = os.path.relpath(path, source)
        text = open(path, encoding="utf-8").read()
        found = list(messages(name, text))
        for table, pattern in TABLES:
            if table == name:
                for m in re.finditer(pattern, text):
                    found.append((text.count("\n", 0, m.start()) + 1, "part of another",
                                  "".join(joined(m.group(1))), ""))
        for line, where, shown, problem in sorted(found):
            count += 1
            wrong += problem != ""
            print("%s:%d [%s] %s" % (name, line, where, shown))
            if problem:
                print("    WRONG: it %s" % problem)
    print("%d messages, %d wrong" % (count, wrong))
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
