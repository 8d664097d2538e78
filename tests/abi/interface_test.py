#!/usr/bin/python3
"""Today's headers and library against those of each release, by abidiff: only additions.

    interface_test.py HEADERS LIBRARY      the folder that holds stressor/, libstressor.so

Allowed are new functions, new structs and enums, members behind the end of a struct that begins with
its size, and new members of enums. Every vN.M/interface.abi is what ./interface made of that release.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = LIBRARY = None
FROZEN = {"stressor_value", "stressor_failure"}


def interface(headers, out):
    subprocess.run([HERE / "interface", headers, LIBRARY, out], check=True)
    return out


def block_is_addition(head, lines):
    """Does a part of abidiff's report, on one type, tell of nothing but additions?"""
    kind, name = re.match(r"'(struct|enum) (\w+)' changed:", head).groups()
    size = None
    for line in lines:
        grown = re.fullmatch(r"type size changed from (\d+) to \d+ \(in bits\)", line)
        member = re.fullmatch(r"'.*', at offset (\d+) \(in bits\)", line)
        if grown:
            size = int(grown.group(1))
        elif member and kind == "struct":
            if size is None or int(member.group(1)) < size or name in FROZEN:
                return False
        elif not (re.fullmatch(r"\d+ (data member|enumerator) insertions?:", line)
                  or kind == "enum" and (line == "type size hasn't changed"
                                         or re.fullmatch(r"'\w+::\w+' value '-?\d+'", line))):
            return False
    return True


def breaks(old, new):
    """What abidiff tells that is no addition; "" if there is nothing."""
    said = subprocess.run(["abidiff", "--leaf-changes-only", "--harmless", "--no-show-locs",
                           "--no-added-syms", old, new], capture_output=True, text=True)
    if said.returncode & 3:
        raise RuntimeError(said.stdout + said.stderr)
    kept = []
    for block in re.split(r"\n\n+|\n(?=')", said.stdout.strip()):  # types may lack a blank line between
        head, *lines = block.split("\n")
        if head.startswith("Leaf changes summary"):
            if any(re.match(r"Removed/Changed/Added", line) and not re.search(
                    r": 0 Removed, 0 Changed", line) for line in lines):
                kept.append(block)
        elif not (re.match(r"'(struct|enum) \w+' changed:", head)
                  and block_is_addition(head, [line.strip() for line in lines])):
            kept.append(block)
    return "\n\n".join(kept)


class Releases(unittest.TestCase):
    def test_today_only_adds_to_each_release(self):
        today = interface(HEADERS, pathlib.Path(WORK.name) / "today.abi")
        releases = sorted(HERE.glob("v*/interface.abi"))
        self.assertTrue(releases, "no release is recorded")
        for release in releases:
            with self.subTest(release=release.parent.name):
                self.assertEqual(breaks(release, today), "")


class Check(unittest.TestCase):
    """That the check sees what breaks programs and plugins, and nothing else."""

    @classmethod
    def setUpClass(cls):
        cls.today = interface(HEADERS, pathlib.Path(WORK.name) / "before.abi")

    def after(self, *changes):
        """What the check says once `old` was replaced by `new` in a header; HEADER, OLD, NEW and so on."""
        with tempfile.TemporaryDirectory(dir=WORK.name) as folder:
            shutil.copytree(HEADERS / "stressor", pathlib.Path(folder) / "stressor")
            for header, old, new in zip(*[iter(changes)] * 3):
                path = pathlib.Path(folder) / "stressor" / header
                text = path.read_text()
                self.assertIn(old, text)
                path.write_text(text.replace(old, new, 1))
            return breaks(self.today, interface(folder, pathlib.Path(folder) / "after.abi"))

    def test_additions(self):
        self.assertEqual(self.after("loop.h", "} stressor_loop_api;",
                                    "    void (*more)(void);\n} stressor_loop_api;"), "")
        self.assertEqual(self.after("activity.h", "STRESSOR_INTERNAL = 7",
                                    "STRESSOR_INTERNAL = 7, STRESSOR_MORE = 8"), "")
        self.assertEqual(self.after("loop.h", "enum stressor_event {",
                                    "struct stressor_new { uint32_t size; };\nenum stressor_event {"), "")

    def test_several_additions(self):
        more = ("activity.h", "STRESSOR_INTERNAL = 7", "STRESSOR_INTERNAL = 7, STRESSOR_MORE = 8",
                "stressor.h", "} stressor_load_options;", "    uint64_t more;\n} stressor_load_options;")
        self.assertEqual(self.after(*more), "")
        self.assertIn("stressor_point", self.after(*more, "snapshot.h", "    int64_t p95_ns;\n    int64_t p99_ns;",
                                                   "    int32_t p95_ns;\n    int64_t p99_ns;"))

    def test_a_member_in_the_middle(self):
        self.assertIn("stressor_loop_api", self.after(
            "loop.h", "    void (*timer_stop)", "    void (*more)(void);\n    void (*timer_stop)"))

    def test_a_member_that_is_gone(self):
        self.assertIn("stressor_session_info", self.after("plugin.h", "    uint64_t number;  /*", "    /*"))

    def test_a_member_of_another_width(self):
        self.assertIn("stressor_recent", self.after(
            "snapshot.h", "    int64_t p95_ns;\n    int64_t p99_ns;\n} stressor_recent",
            "    int32_t p95_ns;\n    int64_t p99_ns;\n} stressor_recent"))

    def test_a_member_in_the_padding_at_the_end(self):
        # The size stays: whoever asks STRESSOR_HAS for it is told that an old writer has it.
        self.assertIn("stressor_fact", self.after("snapshot.h", "    uint32_t reserved;\n    const char *section;",
                                                  "    const char *section; uint32_t a;"))

    def test_a_struct_that_is_frozen_whole(self):
        self.assertIn("stressor_failure", self.after(
            "activity.h", "} stressor_failure;", "    uint64_t more;\n} stressor_failure;"))

    def test_an_enum_member_of_another_number(self):
        self.assertIn("stressor_category", self.after("activity.h", "STRESSOR_TIMEOUT = 3", "STRESSOR_TIMEOUT = 30"))

    def test_another_argument_of_a_member(self):
        self.assertIn("stressor_loop_api", self.after(
            "loop.h", "void (*timer_stop)(stressor_timer *timer)", "void (*timer_stop)(stressor_timer *timer, int how)"))

    def test_another_argument_of_a_function(self):
        self.assertIn("stressor_run_wait", self.after(
            "stressor.h", "stressor_run_wait(stressor_run *run, int64_t", "stressor_run_wait(stressor_run *run, int32_t"))


if __name__ == "__main__":
    HEADERS, LIBRARY = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        WORK = type("Work", (), {"name": folder})
        unittest.main(argv=sys.argv[:1])
