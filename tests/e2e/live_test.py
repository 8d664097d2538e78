#!/usr/bin/python3
"""The live block on a terminal: the program on a pseudo-terminal, whose bytes a small emulator
(pyte) turns into a screen. Nothing waits for a time: bytes are read until the screen is as it is
expected, or a deadline that only a hanging program meets.

    STRESSOR=build/debug/bin/stressor /usr/bin/python3 tests/e2e/live_test.py
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unicodedata
import unittest

import pyte

PROGRAM = os.environ["STRESSOR"]
DEADLINE = 60  # s
ROWS = 24

# Sessions that log a line each, then go on until they are stopped.
LOUD = """\
file_version: stressor#0
config: {name: loud}
sessions: {count: 3}
scenario:
  - {sequence: first}
  - {sequence: main, duration: 600}
sequences:
  first:
    - {activity: RunScript, name: speaks, script: "error('line of ' .. session.id)"}
  main:
    - {activity: RunScript, name: "検索結果 ページ", script: "local x = 1"}
    - {activity: Sleep, duration: 0.01, name: nap}
"""

QUIET = """\
file_version: stressor#0
config: {name: quiet}
sessions: {count: 3, duration: 600}
scenario:
  - {sequence: main, duration: 600}
sequences:
  main:
    - {activity: RunScript, name: "検索結果 ページ", script: "local x = 1"}
    - {activity: Sleep, duration: 0.01, name: nap}
"""

# A line of log for each of a few hundred activities.
FLOOD = """\
file_version: stressor#0
config: {name: flood}
context: {n: 0}
scenario:
  - {sequence: main, repeat: 400}
sequences:
  main:
    - {activity: RunScript, name: counts, script: "n = (n or 0) + 1", export: n}
    - activity: $debug()
"""


class Reflowing(pyte.HistoryScreen):
    """As many terminals do: when it becomes narrower, lines are broken anew."""

    def resize(self, lines=None, columns=None):
        columns = columns or self.columns
        if columns >= self.columns:
            super().resize(lines, columns)
            return
        rows, at = [], 0
        for y in range(self.lines):
            cells = [self.buffer[y][x] for x in range(self.columns)]
            used = max((x + 1 for x, c in enumerate(cells) if c.data not in (" ", "")), default=0)
            if y == self.cursor.y:
                at = len(rows)
            if y > self.cursor.y and used == 0:
                continue
            parts = [cells[i:i + columns] for i in range(0, max(used, 1), columns)]
            rows.extend(parts)
        super().resize(lines, columns)
        over = max(0, max(at + 1, len(rows)) - self.lines)
        for row in rows[:over]:
            self.history.top.append(dict(enumerate(row)))
        self.buffer.clear()
        for y, row in enumerate(rows[over:]):
            for x, cell in enumerate(row):
                self.buffer[y][x] = cell
        self.cursor.y = at - over
        self.cursor.x = min(self.cursor.x, columns - 1)


class Run:
    """A `stressor run` on a terminal of its own."""

    def __init__(self, scenario, *options, columns=80, screen=pyte.HistoryScreen, environ=None):
        self.folder = tempfile.TemporaryDirectory()
        with open(os.path.join(self.folder.name, "scenario.yaml"), "w", encoding="utf-8") as f:
            f.write(scenario)
        self.screen = screen(columns, ROWS, history=10000)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.status = None
        go, self.go = os.pipe()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm", "LC_ALL": "C.UTF-8", "TZ": "UTC"}, **(environ or {}))
            os.environ.pop("NO_COLOR", None)
            os.chdir(self.folder.name)
            os.read(go, 1)  # the size is set by then
            os.execv(PROGRAM, [PROGRAM, "run", *options])
        os.close(go)
        self.size(columns)
        os.write(self.go, b"x")
        os.close(self.go)

    def size(self, columns, rows=ROWS):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns):
        """All that was written before the terminal changed belongs to the old size."""
        while select.select([self.terminal], [], [], 0)[0]:
            self.read()
        self.screen.resize(ROWS, columns)
        self.size(columns)

    def read(self):
        """False: the program has closed its terminal."""
        if not select.select([self.terminal], [], [], DEADLINE)[0]:
            raise AssertionError("nothing comes any more:\n" + self.text())
        try:
            some = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.bytes += some
        self.stream.feed(some)
        return some != b""

    def until(self, holds, what):
        """Reads on until `holds` of the lines of the screen is true; returns them."""
        deadline = time.monotonic() + DEADLINE
        while not holds(self.lines()):
            if time.monotonic() > deadline or not self.read():
                raise AssertionError("never came: %s\n%s" % (what, self.text()))
        return self.lines()

    def finish(self):
        """Reads to the end. Returns the exit code."""
        while self.read():
            pass
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def stop(self):
        os.kill(self.pid, signal.SIGINT)
        return self.finish()

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)
        self.folder.cleanup()

    def lines(self):
        """Of the screen, down to the last that is not empty."""
        lines = [line.rstrip() for line in self.screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def history(self):
        """What has scrolled away, and the screen."""
        above = ["".join(row[x].data for x in sorted(row)).rstrip() for row in self.screen.history.top]
        return above + self.lines()

    def text(self):
        return "\n".join(self.history())


def block(lines):
    """The block at the bottom, as lines; empty: there is none."""
    for i, line in enumerate(lines):
        if re.match(r"(starting|running|stopping|finishing|warming up) ", line):
            return lines[i:]
    return []


def has_figures(lines):
    """A block that has seen a second of the run."""
    return any("/s" in line for line in block(lines)) and "検索結果" in "".join(lines)


def is_whole(lines):
    """Nothing stands below the block, and it is there once."""
    heads = [line for line in lines if re.match(r"(starting|running) ", line)]
    return len(heads) == 1 and re.match(r"  (slowest|       )  p95 ", lines[-1]) is not None


class LiveBlock(unittest.TestCase):
    def start(self, *args, **more):
        run = Run(*args, **more)
        self.addCleanup(run.close)
        return run

    def assert_clean(self, run):
        """No piece of a block is left, on the screen or above it."""
        for line in run.history():
            self.assertNotRegex(line, r"^(starting|running|stopping|finishing) |slowest  p95|of 3 sessions   ")

    def test_block_stands_at_the_bottom_below_the_log_and_is_gone_before_the_summary(self):
        run = self.start(LOUD)
        lines = run.until(lambda lines: has_figures(lines) and is_whole(lines), "figures")
        shown = block(lines)
        # A busy machine says so on a line of its own.
        figures = [line for line in shown if line != "  not to be trusted"]
        log = "\n".join(lines[:len(lines) - len(shown)])
        self.assertIn("INFO running loud: 3 sessions", log)
        for session in ("t01", "t02", "t03"):
            self.assertIn("ERROR %s first/1/speaks" % session, log)
        self.assertRegex(shown[0], r"^running    \[=*> *\] +\d+ % +\d+ s of 10m00s$")
        self.assertRegex(figures[1], r"^  3 of 3 sessions   [\d,.]+/s   p95 [\d.]+ .s   [\d,]+ activities   3 errors$")
        self.assertRegex("\n".join(figures[2:]), r"^  slowest  p95 +[\d.]+ .s  (speaks|検索結果 ページ)\n"
                         r"           p95 +[\d.]+ .s  (speaks|検索結果 ページ)$")
        self.assertEqual(run.stop(), 3)
        self.assert_clean(run)
        self.assertIn("STOPPED by the user: 3 errors in ", run.text())

    def test_elapsed_time_goes_on_between_the_seconds(self):
        run = self.start(QUIET)
        seen = set()
        deadline = time.monotonic() + DEADLINE
        while not {"1 s", "2 s"} <= seen:
            self.assertLess(time.monotonic(), deadline, seen)
            self.assertTrue(run.read())
            for line in block(run.lines())[:1]:
                seen.update(re.findall(r"\d+ s(?= of)", line))
        self.assertEqual(run.stop(), 3)

    def test_forty_columns_are_never_left(self):
        run = self.start(LOUD, columns=40)
        lines = run.until(lambda lines: has_figures(lines) and is_whole(lines), "figures")
        shown = block(lines)
        self.assertRegex(shown[0], r"^running +\d+ s of 10m00s$")
        self.assertRegex(shown[1], r"^  \[=*> *\] +\d+ %$")
        self.assertRegex(shown[2], r"^  3 of 3 sessions")
        self.assertEqual(run.stop(), 3)
        self.assert_clean(run)

    def test_the_summary_fits_forty_columns(self):
        run = self.start(LOUD, "--max-time", "1.2", columns=40)
        self.assertEqual(run.finish(), 1)
        summary = re.sub("\x1b\\[[0-9;]*m", "", run.bytes.decode().rpartition("\x1b[J")[2])
        for part in ("  generator", "\n  Resources", "  Activity", "\nErrors, the most frequent"):
            self.assertIn(part, summary)
        for line in summary[summary.index("FAILED: "):].splitlines():
            wide = sum(unicodedata.east_asian_width(c) == "W" for c in line)
            self.assertLessEqual(len(line) + wide, 40, line)

    def resized(self, screen):
        run = self.start(LOUD, screen=screen)
        run.until(lambda lines: has_figures(lines) and is_whole(lines), "figures at 80 columns")
        run.resize(40)
        lines = run.until(
            lambda lines: is_whole(lines) and any(re.match(r"  \[=*> *\] +\d+ %$", l) for l in lines),
            "a block for 40 columns")
        self.assertTrue(all(len(l) < 40 for l in block(lines)))
        run.resize(100)
        lines = run.until(
            lambda lines: is_whole(lines) and any(re.match(r"running    \[=*> *\]", l) for l in lines),
            "a block for 100 columns")
        self.assertEqual(run.stop(), 3)
        self.assert_clean(run)
        return run

    def test_a_resize_leaves_no_rubble_where_the_terminal_breaks_lines_anew(self):
        run = self.resized(Reflowing)
        text = "".join(line + " " for line in run.history()).replace("  ", " ")
        for session in ("t01", "t02", "t03"):
            self.assertIn(session, text)

    def test_a_resize_leaves_no_rubble_where_the_terminal_cuts_lines(self):
        self.resized(pyte.HistoryScreen)

    def test_a_flood_of_log_loses_no_line_and_keeps_its_order(self):
        run = self.start(FLOOD, "--no-color", columns=120)
        self.assertEqual(run.finish(), 0)
        said = [int(n) for n in re.findall(r" INFO t01 n = (\d+)$", run.text(), re.M)]
        self.assertEqual(said, list(range(1, 401)))
        self.assert_clean(run)

    def test_nothing_else_than_colours_and_moves_reaches_the_terminal(self):
        run = self.start(LOUD, "--max-time", "1.5", "--no-color")
        self.assertEqual(run.finish(), 1)
        for escape in re.findall(rb"\x1b\[?[0-9;?]*.", run.bytes):
            self.assertRegex(escape, rb"^\x1b\[(\d+A|J)$")
        self.assertNotIn(b"\x1b[?25l", run.bytes)

    def test_q_and_a_dumb_terminal_have_no_block(self):
        run = self.start(LOUD, "-q", "--max-time", "1.2")
        self.assertEqual(run.finish(), 1)
        self.assertNotIn(b"\x1b[J", run.bytes)
        run = self.start(LOUD, "--max-time", "1.2", environ={"TERM": "dumb"})
        self.assertEqual(run.finish(), 1)
        self.assertNotIn(b"\x1b", run.bytes)

    def test_a_stop_is_shown_as_a_stage(self):
        run = self.start(QUIET.replace("sequences:", "  - {sequence: end}\nsequences:\n"
                                       "  end:\n    - {activity: Sleep, duration: 600}"))
        run.until(has_figures, "figures")
        os.kill(run.pid, signal.SIGINT)
        run.until(lambda lines: block(lines)[:1] and block(lines)[0].startswith("stopping "), "the stage")
        self.assertEqual(run.stop(), 3)
        self.assert_clean(run)


class WithoutTerminal(unittest.TestCase):
    def test_a_line_comes_every_ten_seconds_and_nothing_moves(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "scenario.yaml"), "w", encoding="utf-8") as f:
                f.write(QUIET)
            done = subprocess.run([PROGRAM, "run", folder, "--max-time", "10.5"], text=True,
                                  capture_output=True, timeout=DEADLINE, check=False,
                                  env={**os.environ, "TERM": "xterm"})
        self.assertEqual(done.returncode, 1)
        lines = [line for line in done.stderr.splitlines() if " INFO running 1" in line]
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertRegex(lines[0], r" INFO running 1\d s: 3 of 3 sessions, [\d,]+ activities, now "
                                   r"[\d,.]+/s, p95 [\d.]+ .s, no errors$")
        self.assertNotIn("\x1b", done.stderr + done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
