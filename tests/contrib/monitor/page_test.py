"""The monitor's page in a real browser, over real runs.

    STRESSOR=… STRESSOR_BUILD=… STRESSOR_SOURCE=… /usr/bin/python3 page_test.py [TEST…]

With STRESSOR_PICTURES=FOLDER it leaves pictures of the page there, to be looked at.
"""
import contextlib
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

sys.path.insert(0, os.path.join(os.environ["STRESSOR_SOURCE"], "tests", "support"))
import browser

PROGRAM = os.environ["STRESSOR"]
TARGET = os.path.join(os.environ["STRESSOR_BUILD"], "libexec", "stressor", "stressor-target")
SANITIZED = os.environ.get("STRESSOR_SANITIZE", "") != ""
ENVIRONMENT = {**os.environ, "STRESSOR_NO_BROWSER": "1", "ASAN_OPTIONS": "intercept_tls_get_addr=0"}
PATIENCE_S = 60
BACKWARDS = "from \u202eright to left"
HOSTILE = """<img src=x onerror="document.title='hit'"><script>document.title='hit'</script>"""

TABLE = """
const [section] = arguments;
return [...document.querySelectorAll(`#${section} tbody tr`)].map((row) => ({
  name: row.querySelector('.name')?.textContent ?? row.cells[0].textContent,
  phase: row.querySelector('.phase:not([hidden])')?.textContent ?? 'main',
  cells: [...row.cells].map((cell) => ({text: cell.textContent, value: cell.dataset.value ?? null})),
}));
"""
HEADS = "return [...document.querySelectorAll(`#${arguments[0]} thead th`)].map((th) => th.textContent);"


def time_text(ns):
    """As people read it: three digits and a unit."""
    for factor, unit in (1, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s"):
        if ns / factor < 999.5 or unit == "s":
            break
    if ns == 0:
        return "0 s"
    x = ns / factor
    digits = 0 if unit == "ns" or x >= 99.95 else 1 if x >= 9.995 else 2
    return f"{x:,.{digits}f} {unit}"


class Run:
    """stressor run FILE with a monitor, which ends with the block."""

    def __init__(self, folder, scenario, port=0, options=()):
        path = os.path.join(folder, "scenario.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scenario if isinstance(scenario, str) else json.dumps(scenario))
        self.messages = os.path.join(folder, "messages")
        command = ["setpriv", "--pdeathsig", "KILL", PROGRAM, "run", path, f"--report=monitor={port}",
                   *options]
        with open(self.messages, "w", encoding="utf-8") as messages:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=ENVIRONMENT,
                                            stdout=subprocess.DEVNULL, stderr=messages)
        self.url = None

    def __enter__(self):
        WebDriverWait(None, PATIENCE_S, 0.02).until(lambda _: self.find_url())
        return self

    def said(self):
        with open(self.messages, encoding="utf-8") as messages:
            return messages.read()

    def find_url(self):
        text = self.said()
        found = re.search(r"monitor: (http://\S+/)\n", text)
        self.url = found and found.group(1)
        if self.url is None and self.process.poll() is not None:
            raise AssertionError(text)
        return self.url

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def interrupt(self):
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)


@contextlib.contextmanager
def target():
    with subprocess.Popen(["setpriv", "--pdeathsig", "KILL", TARGET, "--port", "0"],
                          stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.kill()


class Rude(http.server.BaseHTTPRequestHandler):
    """Says HOSTILE wherever it can."""

    server_version = HOSTILE
    sys_version = ""

    def do_GET(self):
        body = json.dumps({"name": HOSTILE}).encode()
        self.send_response(200)
        self.send_header("X-Name", HOSTILE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def rude():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Rude)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sleepers(count, **more):
    return {"file_version": "stressor#0", "config": {"name": "sleepers"}, "sessions": {"count": count},
            "scenario": [{"sequence": "main"}],
            "sequences": {"main": [{"activity": "Sleep", "duration": 1000, "name": "long pause"}]}, **more}


class Page(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.page = cls.stack.enter_context(browser.open())
        cls.page.execute_cdp_cmd("Page.enable", {})

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        browser.screen(self.page, 1280, 900)
        browser.complaints(self.page)
        self.addCleanup(self.page.get, "about:blank")

    # --- helpers -------------------------------------------------------------------------------

    def until(self, condition, what="the condition"):
        return WebDriverWait(self.page, PATIENCE_S, 0.05).until(lambda _: condition(), what)

    @contextlib.contextmanager
    def watch(self, scenario):
        """A run, and the page of it; the browser has nothing to complain about."""
        with Run(self.folder, scenario) as run:
            self.page.get(run.url)
            yield run
            if run.process.poll() is None:
                self.leave()

    def leave(self):
        self.assertEqual(browser.complaints(self.page), [])
        self.page.get("about:blank")

    def ends_with(self, run, code):
        self.leave()
        self.assertEqual(run.interrupt(), code)

    def until_state(self, *states):
        self.until(lambda: self.state() in states, f"state {states}")

    def state(self):
        return self.page.execute_script("return document.body.dataset.state")

    def text(self, id_):
        return self.page.execute_script("return document.getElementById(arguments[0]).textContent", id_)

    def value(self, id_):
        """The exact figure; None: it is not there yet."""
        return self.page.execute_script(
            "const v = document.getElementById(arguments[0]).dataset.value; "
            "return v === undefined ? null : Number(v)", id_)

    def find(self, selector):
        return self.page.find_element(By.CSS_SELECTOR, selector)

    def show(self, section):
        self.page.execute_script("document.getElementById(arguments[0]).scrollIntoView()", section)

    def rows(self, section):
        return self.page.execute_script(TABLE, section)

    def where(self, section):
        return self.find(f"#{section} .tools .where").text

    def report(self):
        """The JSON report, by the link of the page."""
        return self.page.execute_async_script("""
            const [done] = arguments;
            fetch(document.getElementById('download-json').href).then((r) => r.json()).then(done);""")

    def icon(self):
        link = self.find("#icon")
        self.assertTrue(link.get_attribute("href").startswith("data:image/svg+xml,"))
        return link.get_attribute("data-state")

    def picture(self, name):
        folder = os.environ.get("STRESSOR_PICTURES")
        if folder:
            browser.picture(self.page, os.path.join(folder, name + ".png"))

    # --- figures -------------------------------------------------------------------------------

    SHOP = """
file_version: stressor#0
config: {name: Shop, tag: nightly, base_url: '%s', warmup: 1.5}
sessions: {count: 6, users: [{name: ann, password: x}, {name: bob, password: y}]}
scenario: [{sequence: init}, {sequence: main, duration: 4}, {sequence: end}]
sequences:
  init: [{activity: Sleep, duration: 0.01, name: set up}]
  main:
    - {activity: GetRequest, url: /json, name: items}
    - {activity: GetRequest, url: /delay/20ms, name: search, monitor: true}
    - {activity: GetRequest, url: /status/503, name: flaky}
    - {activity: $sleep(0.02)}
  end: [{activity: Sleep, duration: 0.01}]
thresholds: ['p95 of search < 10s', 'errors < 1%%', 'count of items > 1', p99 > 1ms, p95 < 1000s]
"""

    def differences(self, section, wanted, figures):
        """What is not as in the report: (row, column, what is shown, what it should be)."""
        heads = self.page.execute_script(HEADS, section)
        shown = self.rows(section)
        found = [] if len(shown) == len(wanted) else [(section, "rows", len(shown), len(wanted))]
        for one in shown:
            phase = {"warm-up": "warmup"}.get(one["phase"], one["phase"])
            row = next(w for w in wanted if w["name"] == one["name"] and w["phase"] == phase)
            cells = dict(zip(heads, one["cells"]))
            pairs = [(title, float(cells[title]["value"]), figure(row)) for title, figure in figures.items()]
            times = (row.get("latency") or row["duration"])["percentiles_ns"]
            pairs.append(("text of p95", cells["p95"]["text"], time_text(times["95"]) if times else "–"))
            found += [(row["name"], *pair) for pair in pairs if pair[1] != pair[2]]
        return found

    def compare_rows(self, section, wanted, figures):
        self.show(section)
        with contextlib.suppress(TimeoutException):
            self.until(lambda: self.differences(section, wanted, figures) == [])
        self.assertEqual(self.differences(section, wanted, figures), [])

    def test_the_figures_are_those_of_the_json_report(self):
        with target() as url, self.watch(self.SHOP % url) as run:
            self.until_state("failed")
            report = self.report()
            self.assertEqual(report["run"]["stage"], "done")
            totals = report["totals"]
            self.assertEqual(self.value("tile-activities"), totals["activities"])
            self.assertEqual(self.text("tile-activities"), f"{totals['activities']:,}")
            self.assertEqual(self.value("tile-errors"), totals["errors"])
            self.assertEqual(self.value("tile-rate"), totals["per_second"])
            self.assertEqual(self.text("tile-rate-note"), "without the warm-up")
            self.assertEqual(self.text("tile-activities-note"),
                             f"{totals['activities_all']:,} with pauses and warm-up; {totals['passes']:,} passes")
            self.assertEqual(self.value("tile-p95"), totals["latency"]["percentiles_ns"]["95"])
            self.assertEqual(self.text("tile-p95"), time_text(totals["latency"]["percentiles_ns"]["95"]))
            self.assertEqual(self.value("tile-sessions"), 0)
            activities = [a for a in report["activities"]
                          if a["count"] > 0 or not (a["called"] or a["phase"] == "warmup")]
            self.assertGreater(len(activities), 8)
            self.compare_rows("activities", activities, {
                "Count": lambda a: a["count"], "Errors": lambda a: a["errors"],
                "Rate /s": lambda a: a["per_second"], "Min": lambda a: a["latency"]["min_ns"],
                "Mean": lambda a: a["latency"]["mean_ns"], "Max": lambda a: a["latency"]["max_ns"],
                **{f"p{p}": lambda a, p=p: (a["latency"]["percentiles_ns"] or {p: 0})[p]
                   for p in ("50", "90", "95", "99")}})
            self.compare_rows("sequences", report["sequences"], {
                "Passes": lambda s: s["passes"], "Activities": lambda s: s["activities"],
                "Errors": lambda s: s["errors"], "Rate /s": lambda s: s["per_second"],
                "Sum": lambda s: s["duration"]["sum_ns"], "Net sum": lambda s: s["net_ns"],
                "Mean": lambda s: s["duration"]["mean_ns"], "Max": lambda s: s["duration"]["max_ns"],
                "p95": lambda s: (s["duration"]["percentiles_ns"] or {"95": 0})["95"]})
            self.compare_others(report)
            self.assertEqual(self.rows("activities")[0]["name"], "search")
            self.assertTrue(self.page.title.startswith("✗ Failed"), self.page.title)
            self.assertEqual(self.icon(), "failed")
            self.ends_with(run, 4)

    def compare_others(self, report):
        facts = dict(zip(*[iter(self.page.execute_script(
            "return [...document.querySelectorAll('#facts > *')].map((e) => e.textContent)"))] * 2))
        self.assertEqual(facts["Name"], "Shop")
        self.assertEqual(facts["Tag"], "nightly")
        self.assertEqual(facts["Base URL"], report["run"]["base_url"])
        self.assertEqual(facts["Seed"], report["run"]["seed"])
        thresholds = self.page.execute_script(
            "return [...document.querySelectorAll('#thresholds li')].map((li) => "
            "[li.className, li.querySelector('code').textContent])")
        self.assertEqual(thresholds, [[t["state"], t["text"]] for t in report["thresholds"]])
        self.assertEqual([state for state, _ in thresholds], ["passed", "failed", "passed", "passed", "passed"])
        self.assertEqual(self.page.execute_script("return Chart.getChart('chart-latency').limits"),
                         [{"value": 1e6, "text": "p99 > 1ms", "failed": False}])
        self.assertEqual(self.text("trust"), report["trust"]["verdict"])
        errors = self.page.execute_script(
            "return [...document.querySelectorAll('#errors li')].map((li) => "
            "[Number(li.querySelector('.times').dataset.value), li.querySelector('.where').textContent, "
            "li.querySelector('.phase').textContent, li.querySelector('code').textContent])")
        phases = {"main": "", "warmup": "warm-up"}
        self.assertEqual(errors, [[g["count"], g["activity"], phases[g["phase"]], g["example"]]
                                  for g in report["error_groups"]])
        self.assertEqual({phase for _, _, phase, _ in errors}, {"", "warm-up"})
        charts = self.page.execute_script(
            "return ['throughput', 'latency', 'sessions', 'cpu', 'memory'].map((id) => "
            "Chart.getChart(`chart-${id}`).data.datasets.map((d) => d.data.map((p) => p.y)))")
        # Each third activity fails: as many errors as these are on the axis of the activities.
        self.assertEqual(self.page.execute_script(
            "return Chart.getChart('chart-throughput').getDatasetMeta(1).yScale.id"), "y")
        points = report["points"]
        seconds = [(p["to_ns"] - p["from_ns"]) / 1e9 for p in points]
        for shown, p, s in zip(charts[0][0], points, seconds):
            self.assertAlmostEqual(shown, p["activities"] / s, 6)
        for shown, p, s in zip(charts[0][1], points, seconds):
            self.assertAlmostEqual(shown, p["errors"] / s, 6)
        for i, key in enumerate(("p50_ns", "p95_ns", "p99_ns")):
            self.assertEqual(charts[1][i], [p[key] if p["activities"] else None for p in points])
        self.assertEqual(charts[2][0], [p["sessions"] for p in points])
        self.assertEqual(charts[3][0], [p["processes"][0]["cpu"] for p in points])
        self.assertEqual(charts[3][1], [p["machine_cpu"] for p in points])
        self.assertEqual(charts[4][0], [p["processes"][0]["memory_bytes"] for p in points])
        process = self.rows("processes")[0]
        self.assertEqual(float(process["cells"][3]["value"]), report["processes"][0]["memory_bytes"])

    def test_the_page_fits_phone_and_desktop_in_light_and_dark(self):
        with target() as url, self.watch((self.SHOP % url).replace("duration: 4", "duration: 1000")):
            self.until_state("running")
            self.until(lambda: "warm-up" not in self.text("tile-rate") and (self.value("tile-activities") or 0) > 0)
            for width, height, size in (1280, 900, "desktop"), (375, 812, "phone"):
                for dark in False, True:
                    browser.screen(self.page, width, height, dark)
                    for section in "sequences", "activities", "sessions":
                        self.show(section)
                        self.until(lambda: self.rows(section), section)
                    self.assertEqual(self.page.execute_script(
                        "return document.documentElement.scrollWidth"), width)
                    self.assertEqual(browser.weak_contrasts(self.page), [], (size, dark))
                    self.page.execute_script("window.scrollTo(0, 0)")
                    self.picture(f"{size}-{'dark' if dark else 'light'}")
                self.hints_at_more(width < 600)
            self.assertEqual(self.rows("sessions")[1]["cells"][1]["text"], "bob")

    def hints_at_more(self, has_more):
        """A table that goes on to the right fades there until one has scrolled to its end."""
        for section in "sequences", "activities":
            box = f"document.querySelector('#{section} .scroll')"
            fades = f"return getComputedStyle({box}).maskImage !== 'none'"
            self.until(lambda: self.page.execute_script(fades) == has_more, f"the hint at more {section}")
            if has_more:
                self.page.execute_script(f"{box}.scrollLeft = 9999")
                self.until(lambda: not self.page.execute_script(fades), f"the end of {section}")
                self.page.execute_script(f"{box}.scrollLeft = 0")
                self.until(lambda: self.page.execute_script(fades), f"the beginning of {section}")

    # --- texts that are not ours ---------------------------------------------------------------

    def test_hostile_names_stay_text(self):
        with rude() as url:
            scenario = {
                "file_version": "stressor#0",
                "config": {"name": HOSTILE, "tag": HOSTILE, "details": HOSTILE, "base_url": url + HOSTILE,
                           "watch": [HOSTILE]},
                "sessions": {"count": 2, "users": [{"name": HOSTILE, "password": "x"}]},
                "scenario": [{"sequence": HOSTILE}],
                "sequences": {HOSTILE: [
                    {"activity": "GetRequest", "url": url, "name": HOSTILE, "monitor": True,
                     "assert_json": {"name": "something else"}},
                    {"activity": "GetRequest", "url": url, "name": "headers",
                     "assert_match_headers": "something else"},
                    {"activity": "Sleep", "duration": 0, "name": BACKWARDS},
                    {"activity": "Sleep", "duration": 1000, "name": "pause " + HOSTILE}]},
                "thresholds": [f"count of '{HOSTILE}' > 5" if "'" not in HOSTILE else "count > 5"],
            }
            with self.watch(scenario) as run:
                self.until(lambda: self.text("errors-total") == "4")
                for section in "sequences", "activities", "sessions":
                    self.show(section)
                    self.until(lambda: self.rows(section), section)
                self.until(lambda: HOSTILE in self.text("sessions"))
                self.assertEqual(self.text("name"), HOSTILE)
                self.assertEqual(self.text("tag"), HOSTILE)
                self.assertIn(HOSTILE, self.text("facts"))
                self.assertEqual(self.rows("sequences")[0]["name"], HOSTILE)
                self.assertEqual(self.rows("activities")[0]["name"], HOSTILE)
                self.assertEqual(self.rows("sessions")[0]["cells"][1]["text"], HOSTILE)
                self.assertIn("onerror", self.text("errors"))
                self.assertIn("<img", self.text("errors"))
                self.assertEqual(self.page.execute_script("""
                    const name = [...document.querySelectorAll('#activities .name')]
                        .find((e) => e.textContent === arguments[0]);
                    const kind = name.parentElement.querySelector('.kind');
                    return kind.getBoundingClientRect().left >= name.getBoundingClientRect().right;
                    """, BACKWARDS), True)
                self.assertIn(HOSTILE, self.text("processes"))
                self.assertEqual({cell["text"] for cell in self.rows("processes")[1]["cells"][1:]}, {"–"})
                self.assertEqual(self.page.execute_script(
                    "return Chart.getChart('chart-memory').data.datasets.map((d) => d.label)"), ["stressor"])
                self.assertIn(HOSTILE, self.page.title)
                self.assertNotEqual(self.page.title, "hit")
                self.assertEqual(self.page.execute_script(
                    "return document.querySelectorAll('body img, body script, body iframe, body svg, "
                    "body style, [onerror], [onload]').length"), 0)

    # --- orders --------------------------------------------------------------------------------

    def test_the_stop_button_stops_the_run(self):
        with self.watch(sleepers(3)) as run:
            self.until_state("running")
            self.assertTrue(self.page.title.startswith("▶"), self.page.title)
            self.assertEqual(self.icon(), "running")
            self.find("#stop").click()
            self.assertIn("3 sessions are running", self.find("#confirm-text").text)
            self.find("#confirm-no").click()
            self.assertFalse(self.page.execute_script("return document.getElementById('confirm').open"))
            self.assertEqual(self.state(), "running")
            self.find("#stop").click()
            self.find("#confirm-yes").click()
            self.until_state("stopped")
            self.assertEqual(self.icon(), "stopped")
            self.assertTrue(self.page.title.startswith("■ Stopped"), self.page.title)
            self.assertFalse(self.find("#stop").is_displayed())
            self.assertEqual(self.text("tile-sessions"), "0")
            self.ends_with(run, 3)

    def test_the_abort_button_does_not_wait_for_end(self):
        scenario = sleepers(2)
        scenario["scenario"].append({"sequence": "end"})
        scenario["sequences"]["end"] = [{"activity": "Sleep", "duration": 1000}]
        with self.watch(scenario) as run:
            self.until_state("running")
            self.find("#stop").click()
            self.find("#confirm-yes").click()
            self.until_state("stopping")
            self.until(lambda: not self.find("#stop").is_enabled())
            self.find("#abort").click()
            self.find("#confirm-yes").click()
            self.until_state("stopped")
            self.ends_with(run, 3)

    def test_everything_can_be_done_with_the_keyboard(self):
        with self.watch(sleepers(2)) as run:
            self.until_state("running")
            keys = self.page.switch_to
            for expected in "skip", "stop":
                keys.active_element.send_keys(Keys.TAB)
                element = keys.active_element
                self.assertIn(expected, (element.get_attribute("class"), element.get_attribute("id")))
            keys.active_element.send_keys(Keys.ENTER)
            self.until(lambda: keys.active_element.get_attribute("id") == "confirm-no")
            keys.active_element.send_keys(Keys.ESCAPE)
            self.assertEqual(keys.active_element.get_attribute("id"), "stop")
            keys.active_element.send_keys(Keys.ENTER)
            keys.active_element.send_keys(Keys.TAB)
            self.assertEqual(keys.active_element.get_attribute("id"), "confirm-yes")
            keys.active_element.send_keys(Keys.ENTER)
            self.until_state("stopped")

    # --- the connection ------------------------------------------------------------------------

    def test_a_lost_connection_is_said_and_mends_itself(self):
        with Run(self.folder, sleepers(2)) as run:
            self.page.get(run.url)
            self.until_state("running")
            port = run.url.rstrip("/").split(":")[-1]
            token = self.find("meta[name=stressor-token]").get_attribute("content")
            run.process.kill()
            self.until(lambda: self.find("#lost").is_displayed(), "the notice")
            self.assertIn("connection is lost", self.text("lost"))
            self.assertEqual(self.icon(), "lost")
            self.assertIn("connection lost", self.page.title)
            self.assertFalse(self.find("#stop").is_enabled())
            self.assertEqual(self.text("tile-sessions"), "2")
        with Run(self.folder, sleepers(5, config={"name": "another run"}), port) as run:
            self.until(lambda: self.text("name") == "another run" and self.text("tile-sessions") == "5")
            self.assertFalse(self.find("#lost").is_displayed())
            browser.complaints(self.page)  # those about connections that failed are gone
            self.assertNotEqual(self.find("meta[name=stressor-token]").get_attribute("content"), token)
            self.until_state("running")
            self.find("#stop").click()
            self.find("#confirm-yes").click()
            self.until_state("stopped")
            self.ends_with(run, 3)

    def test_the_final_state_stays_for_who_comes_late(self):
        scenario = sleepers(2)
        scenario["sequences"]["main"][0]["duration"] = 0.01
        with Run(self.folder, scenario) as run:
            self.until(lambda: "the monitor stays" in run.said())
            self.page.get(run.url)
            self.until_state("passed")
            self.assertEqual(self.icon(), "passed")
            self.assertTrue(self.page.title.startswith("✓ Passed"), self.page.title)
            self.ends_with(run, 0)

    # --- many ----------------------------------------------------------------------------------

    def type_filter(self, section, text):
        field = self.find(f"#{section} input")
        field.clear()
        field.send_keys(text)

    def test_100_000_sessions_are_paged_and_filtered(self):
        count = 5_000 if SANITIZED else 100_000
        with self.watch(sleepers(count)) as run:
            self.until(lambda: self.value("tile-sessions") == count, "all sessions")
            self.show("sessions")
            self.until(lambda: self.where("sessions") == f"1–25 of {count:,}")
            self.find("#sessions .last").click()
            self.until(lambda: self.where("sessions") == f"{count - 24:,}–{count:,} of {count:,}")
            self.assertEqual(self.rows("sessions")[-1]["name"], f"t{count}")
            self.assertFalse(self.find("#sessions .next").is_enabled())
            self.find("#sessions .previous").click()
            self.until(lambda: self.rows("sessions")[-1]["name"] == f"t{count - 25}")
            self.type_filter("sessions", f"T{count - 1}")
            self.until(lambda: self.where("sessions") == "1")
            self.assertEqual([r["name"] for r in self.rows("sessions")], [f"t{count - 1}"])
            self.assertEqual(self.rows("sessions")[0]["cells"][2]["text"], "main/1/long pause")
            self.type_filter("sessions", "nobody")
            self.until(lambda: "Nothing matches" in self.text("sessions"))
            self.type_filter("sessions", "long pause")
            self.until(lambda: self.where("sessions") == f"1–25 of {count:,}")
            self.assertEqual(len(self.rows("sessions")), 25)
            self.find("#abort").click()
            self.find("#confirm-yes").click()
            self.until_state("stopped")
            self.ends_with(run, 3)

    def test_10_000_activities_are_paged_filtered_and_sorted(self):
        scenario = sleepers(1)
        scenario["sequences"]["main"] = [
            {"activity": "Sleep", "duration": 0.0002 if i == 7777 else 0, "name": f"step {i:05}",
             "monitor": i == 5000} for i in range(10_000)] + scenario["sequences"]["main"]
        with self.watch(scenario) as run:
            self.show("activities")
            self.until(lambda: self.where("activities") == "1–25 of 10,001")
            self.until(lambda: self.text("tile-activities-note").startswith("10,000"))
            self.assertEqual([r["name"] for r in self.rows("activities")[:2]], ["step 05000", "step 00000"])
            self.assertEqual(len(self.rows("activities")), 25)
            head = next(th for th in self.page.find_elements(By.CSS_SELECTOR, "#activities th")
                        if th.text == "Count")
            head.find_element(By.TAG_NAME, "button").click()
            self.until(lambda: head.get_attribute("aria-sort") == "descending")
            head.find_element(By.TAG_NAME, "button").click()
            self.until(lambda: self.rows("activities")[0]["name"] == "long pause")
            self.assertEqual(head.get_attribute("aria-sort"), "ascending")
            self.type_filter("activities", "step 0777")
            self.until(lambda: self.where("activities") == "10")
            self.assertEqual(self.rows("activities")[9]["name"], "step 07779")


if __name__ == "__main__":
    unittest.main(verbosity=2)
