#!/usr/bin/python3
"""Keeps the pages of PAGES true: their tables are those of the program, their examples compile.

    docs.py PROGRAM SOURCE            fails where a table differs or an example has a mistake
    docs.py PROGRAM SOURCE --write    writes the tables anew

A table stands between <!-- table NAME --> and <!-- end -->; NAME is what `stressor plugin info
--markdown` is asked for. With a second word it has the rows whose keys begin so; without, all but
those that a page of their own has. An example is a fenced block that begins with ```yaml and a word:

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
PAGES = ("scenario", "har", "pgsql", "redis")
APART = ("pgsql_", "redis_")  # keys of plugins that have a page
TABLE = re.compile(r"(<!-- table (\S+)(?: (\S+))? -->\n).*?(<!-- end -->)", re.S)
EXAMPLE = re.compile(r"^```yaml ?(\S*)\n(.*?)^```$", re.S | re.M)


def rows(text, prefix):
    def is_wanted(key):
        return key.startswith(prefix) if prefix else not key.startswith(APART)

    lines = text.splitlines(keepends=True)
    return "".join(lines[:2] + [line for line in lines[2:] if is_wanted(line[len("| `"):])])


def table(program, name, prefix):
    done = subprocess.run([program, "plugin", "info", "--markdown", name], capture_output=True,
                          text=True, encoding="utf-8", env=ENVIRONMENT, check=False)
    if done.returncode != 0:
        raise SystemExit("docs: %s" % done.stderr)
    return rows(done.stdout, prefix)


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


def check_page(program, path, write):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    fresh = TABLE.sub(lambda m: "%s\n%s\n%s" % (m.group(1), table(program, m.group(2), m.group(3)),
                                               m.group(4)), text)
    if write:
        with open(path, "w", encoding="utf-8") as f:
            f.write(fresh)
        return 0
    wrong = check_examples(program, text)
    if fresh != text:
        wrong += 1
        for old, new in zip(text.split("\n"), fresh.split("\n")):
            if old != new:
                print("the tables of %s differ from the program's, first:\n  %s\n  %s" %
                      (path, old, new))
                break
        print("tests/rules/docs.py PROGRAM SOURCE --write mends them")
    return wrong


def main():
    program, source = os.path.abspath(sys.argv[1]), sys.argv[2]
    pages = [os.path.join(source, "docs", page + ".md") for page in PAGES]
    return 1 if sum(check_page(program, page, "--write" in sys.argv) for page in pages) else 0


if __name__ == "__main__":
    sys.exit(main())
