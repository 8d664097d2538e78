#!/usr/bin/python3
"""Keeps docs/scenario.md true: its tables are those of the program, its examples compile.

    docs.py PROGRAM SOURCE            fails where a table differs or an example has a mistake
    docs.py PROGRAM SOURCE --write    writes the tables anew

A table stands between <!-- table NAME --> and <!-- end -->; NAME is what `stressor plugin info
--markdown` is asked for. An example is a fenced block that begins with ```yaml and a word:

    file          a whole scenario.yaml
    sections      sections beside the two that have to be there
    activities    the sequence `main`
    NAME.yaml     a file that the examples behind it, up to the next heading, may load
"""
import os
import re
import subprocess
import sys
import tempfile
import textwrap

# The leak sanitizer of gcc 12 may crash on the thread-local memory of loaded plugins.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "intercept_tls_get_addr=0", "BASE_URL": "http://h/"}
TABLE = re.compile(r"(<!-- table (\S+) -->\n).*?(<!-- end -->)", re.S)
EXAMPLE = re.compile(r"^```yaml ?(\S*)\n(.*?)^```$", re.S | re.M)


def table(program, name):
    done = subprocess.run([program, "plugin", "info", "--markdown", name], capture_output=True,
                          text=True, encoding="utf-8", env=ENVIRONMENT, check=False)
    if done.returncode != 0:
        raise SystemExit("docs: %s" % done.stderr)
    return done.stdout


def scenario(kind, text):
    if kind == "file":
        return text
    sections, main = ("", "[]") if kind == "activities" else (text, "[]")
    if kind == "activities":
        main = "\n" + textwrap.indent(text, "    ")
    out = "file_version: stressor#0\n" + sections
    if not re.search(r"^scenario:", sections, re.M):
        out += "scenario: [{sequence: main}]\n"
    if not re.search(r"^sequences:", sections, re.M):
        out += "sequences:\n  main: %s\n" % main
    return out


def compiles(program, kind, text, files):
    """What is wrong with an example: a dry run tells mistakes and warnings."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in list(files.items()) + [("scenario.yaml", scenario(kind, text))]:
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(content)
        done = subprocess.run([program, "run", "scenario.yaml", "--dry-run", "--single",
                               "--max-time", "20"], cwd=folder, capture_output=True, text=True,
                              encoding="utf-8", env=ENVIRONMENT, check=False)
        return done.stderr if done.returncode not in (0, 1) or "warning:" in done.stderr else ""


def check_examples(program, text):
    wrong, count, files = 0, 0, {}
    for part in re.split(r"^(?=#)", text, flags=re.M):
        files = {}
        for found in EXAMPLE.finditer(part):
            kind, body = found.group(1), found.group(2)
            count += 1
            if kind.endswith(".yaml"):
                files[kind] = body
                continue
            if kind not in ("file", "sections", "activities"):
                problem = "no kind of example: %r" % kind
            else:
                problem = compiles(program, kind, body, files)
            print("%s example of %d lines in %s" % ("WRONG" if problem else "ok", body.count("\n"),
                                                    part.split("\n", 1)[0]))
            if problem:
                wrong += 1
                print(textwrap.indent(body + problem, "    "))
    return wrong if count else 1


def main():
    program, source = os.path.abspath(sys.argv[1]), sys.argv[2]
    path = os.path.join(source, "docs", "scenario.md")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    fresh = TABLE.sub(lambda m: m.group(1) + "\n" + table(program, m.group(2)) + "\n" + m.group(3), text)
    if "--write" in sys.argv:
        with open(path, "w", encoding="utf-8") as f:
            f.write(fresh)
        return 0
    wrong = check_examples(program, text)
    if fresh != text:
        wrong += 1
        for old, new in zip(text.split("\n"), fresh.split("\n")):
            if old != new:
                print("the tables differ from the program's, first:\n  %s\n  %s" % (old, new))
                break
        print("tests/rules/docs.py PROGRAM SOURCE --write mends them")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
