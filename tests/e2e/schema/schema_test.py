#!/usr/bin/python3
"""What `stressor schema` writes, in a validator of JSON Schema: it is a schema, it admits whatever
compiles, and refuses each file of broken/, which `stressor check` refuses too.

A file of broken/ begins with "# says: TEXT", a part of what `stressor check` says to it.
"""
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import unittest

import jsonschema

SOURCE = os.environ["STRESSOR_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "support"))
sys.path.insert(0, os.path.join(SOURCE, "tests", "rules"))
import docs  # noqa: E402
import scenario_yaml  # noqa: E402
import walk  # noqa: E402

PROGRAM = os.environ["STRESSOR"]
HERE = os.path.join(SOURCE, "tests", "e2e", "schema")
LEAST_BROKEN = 20
ENVIRONMENT = {**docs.ENVIRONMENT, "LC_ALL": "C.UTF-8", "XDG_DATA_HOME": "/nonexistent"}
ENVIRONMENT.pop("STRESSOR_PLUGIN_PATH", None)


def stressor(*words, folder=None, more=None):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, encoding="utf-8",
                          errors="replace", cwd=folder, env={**ENVIRONMENT, **(more or {})},
                          check=False)


def validator(*part):
    done = stressor("schema", *part)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    schema = json.loads(done.stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def documents():
    """Each example of docs/ as (what it is, its part, its text, the files that it may load)."""
    for path in sorted(glob.glob(os.path.join(SOURCE, "docs", "*.md"))):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        for section in re.split(r"^(?=#)", text, flags=re.M):
            files = {}
            for found in docs.EXAMPLE.finditer(section):
                kind, body = found.group(1), found.group(2)
                if kind == "" and body.startswith("- "):
                    kind = "activities"
                name = "%s: %s" % (os.path.basename(path), section.split("\n", 1)[0])
                if re.search(r"^file_version:", body, re.M):
                    yield name, "scenario", body, dict(files)
                elif kind.endswith(".yaml"):
                    files[kind] = body
                    part = "users" if "users" in kind else "sequence"
                    yield name, part, body, {}
                elif kind in ("sections", "activities"):
                    yield name, "scenario", docs.scenario(kind, body), dict(files)
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as f:
        for block in re.findall(r"^(?:(?:    .*)?\n)+", f.read(), re.M):
            if re.search(r"^    file_version:", block, re.M):
                yield "README.md", "scenario", textwrap.dedent(block).strip("\n") + "\n", {}


def rules():
    """(where, case) of each rule of the language that is a scenario.yaml of its own."""
    for path in sorted(glob.glob(os.path.join(SOURCE, "tests", "rules", "part_a", "*.rules"))):
        for rule in walk.read_rules(path):
            for kind, payload in rule.ways:
                if kind == "case" and "command" not in payload[1]:
                    yield payload


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.parts = {part: validator(part) for part in ("scenario", "sequence", "users")}

    def admits(self, part, text, what):
        value = scenario_yaml.load(text)
        wrong = ["%s: %s" % ("/".join(map(str, e.path)), e.message[:300])
                 for e in self.parts[part].iter_errors(value)]
        self.assertEqual(wrong, [], "%s is refused:\n%s" % (what, text))

    def refuses(self, text, what):
        self.assertFalse(self.parts["scenario"].is_valid(scenario_yaml.load(text)),
                         "%s is admitted:\n%s" % (what, text))

    def test_without_a_part_it_is_the_schema_of_a_scenario(self):
        self.assertEqual(validator().schema, self.parts["scenario"].schema)

    def test_the_examples_are_admitted_and_compile(self):
        bundled = ("quickstart", "webdav")
        found = 0
        for name in ("examples/*/scenario.yaml", "tests/e2e/scenarios/*/scenario.yaml"):
            for path in glob.glob(os.path.join(SOURCE, name)):
                found += 1
                with self.subTest(path):
                    with open(path, encoding="utf-8") as f:
                        self.admits("scenario", f.read(), path)
                    done = stressor("check", path)
                    self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(found, len(bundled))

    def test_the_files_that_examples_load_are_admitted_as_their_parts(self):
        for folder in ("examples/*", "tests/e2e/scenarios/*"):
            for part, name in (("sequence", "main_sequence.yaml"), ("users", "users.yaml")):
                for path in glob.glob(os.path.join(SOURCE, folder, name)):
                    with self.subTest(path), open(path, encoding="utf-8") as f:
                        self.admits(part, f.read(), path)

    def test_the_examples_of_the_documents_are_admitted_and_compile(self):
        count = 0
        for name, part, text, files in documents():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                count += 1
                self.admits(part, text, name)
                if part != "scenario":
                    continue
                for path, content in [*files.items(), ("scenario.yaml", text)]:
                    with open(os.path.join(folder, path), "w", encoding="utf-8") as f:
                        f.write(content)
                for path in re.findall(r"^\s*(?:- )?path: ([\w.]+)$", text, re.M):
                    if not os.path.exists(os.path.join(folder, path)):
                        with open(os.path.join(folder, path), "w", encoding="utf-8"):
                            pass
                done = stressor("check", "scenario.yaml", folder=folder)
                self.assertEqual((done.returncode, "warning:" in done.stderr), (0, False),
                                 "%s\n%s" % (text, done.stderr))
        self.assertGreater(count, 20)

    def test_whatever_compiles_of_the_rules_of_the_language_is_admitted(self):
        count = 0
        for where, case in rules():
            with self.subTest(where), tempfile.TemporaryDirectory() as folder:
                walk.write_files(case, folder, "http://127.0.0.1:1")
                more = dict(w.split("=", 1) for w in shlex.split(case.get("env", "")))
                path = os.path.join(folder, "scenario.yaml")
                done = stressor("check", path, "-o", "base_url:http://h/", more=more)
                if done.returncode != 0 or "warning:" in done.stderr:
                    continue
                count += 1
                with open(path, encoding="utf-8") as f:
                    self.admits("scenario", f.read(), where)
        self.assertGreater(count, 100)

    def test_what_is_broken_is_refused_and_does_not_compile(self):
        paths = sorted(glob.glob(os.path.join(HERE, "broken", "*.yaml")))
        self.assertGreaterEqual(len(paths), LEAST_BROKEN)
        for path in paths:
            with self.subTest(os.path.basename(path)):
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                says = re.match("# says: (.*)\n", text).group(1)
                self.refuses(text, path)
                done = stressor("check", path)
                self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                self.assertIn(says, done.stderr)

    def test_what_may_be_written_in_several_ways_is_admitted_and_compiles(self):
        with open(os.path.join(HERE, "ways.yaml"), encoding="utf-8") as f:
            text = f.read()
        self.admits("scenario", text, "ways.yaml")
        done = stressor("check", os.path.join(HERE, "ways.yaml"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_an_editor_finds_help_defaults_and_choices(self):
        schema = self.parts["scenario"].schema
        config = schema["properties"]["config"]["else"]["properties"]
        self.assertEqual(config["max_body_size"]["default"], 67108864)
        self.assertIn("bytes that the body", config["max_body_size"]["description"])
        self.assertEqual(config["connection_reuse"]["default"], "session")
        self.assertIn({"enum": ["session", "request"]},
                      config["connection_reuse"]["anyOf"][0]["anyOf"])
        self.assertIn({"type": "integer", "minimum": 0, "maximum": 5}, config["verbose"]["anyOf"])
        get = schema["definitions"]["activity.GetRequest"]
        self.assertEqual(get["required"], ["activity", "url"])
        self.assertIs(get["additionalProperties"], False)
        self.assertIn("GetRequest", schema["definitions"]["activity"]["else"]["properties"][
            "activity"]["anyOf"][0]["enum"])

    def test_what_a_plugin_offers_is_in_it_where_the_plugin_is_found(self):
        folder = os.path.join(os.environ["STRESSOR_BUILD"], "tests", "plugins")
        with tempfile.TemporaryDirectory() as own:
            target = os.path.join(own, "rich.so")
            with open(os.path.join(folder, "rich.so"), "rb") as f, open(target, "wb") as out:
                out.write(f.read())
            os.chmod(own, 0o755)
            os.chmod(target, 0o755)
            done = stressor("schema", "--plugin-path", own)
        self.assertEqual(done.returncode, 0, done.stderr)
        schema = json.loads(done.stdout)
        jsonschema.Draft7Validator.check_schema(schema)
        valid = jsonschema.Draft7Validator(schema).is_valid
        self.assertNotIn("activity.Paint", self.parts["scenario"].schema["definitions"])

        def paint(more):
            return {"file_version": "stressor#0", "scenario": [],
                    "sequences": {"main": [{"activity": "Paint", **more}]}}

        self.assertTrue(valid(paint({"code": "abc"})))
        self.assertTrue(valid(paint({"code": "abc", "site": None})))
        self.assertTrue(valid(paint({"site": "https://h/", "colour": "GREEN"})))
        self.assertFalse(valid(paint({"site": "https://h/", "colour": "blue"})), "no choice")
        self.assertFalse(valid(paint({})), "exactly one is to be given")
        self.assertFalse(valid(paint({"code": "abc", "site": "https://h/"})), "exactly one")
        self.assertFalse(valid(paint({"code": "abc", "colour": "red"})), "at most one")
        self.assertFalse(valid(paint({"code": "123"})), "its pattern")

    def test_unknown_parts_are_told(self):
        done = stressor("schema", "user")
        self.assertEqual(done.returncode, 2)
        self.assertIn('did you mean "users"?', done.stderr)
        self.assertEqual(stressor("schema", "users", "sequence").returncode, 2)


if __name__ == "__main__":
    unittest.main()
