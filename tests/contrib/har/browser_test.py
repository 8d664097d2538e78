#!/usr/bin/python3
"""A recording that a real Chromium made of a real site is imported and replayed.

ctest sets the variables; by hand, after .ci/setup npm:

    export STRESSOR=build/debug/bin/stressor STRESSOR_SOURCE=$PWD STRESSOR_NPM=$PWD/build/npm/node_modules
    /usr/bin/python3 tests/contrib/har/browser_test.py
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
STRESSOR = os.environ["STRESSOR"]
PASSWORD = "autumn-leaves"


class Site:
    """site.py, with the lines of its log from where it was asked last."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "site.log")
        self.seen = 0
        self.process = subprocess.Popen([sys.executable, os.path.join(HERE, "site.py"), self.path],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]

    def requests(self):
        with open(self.path, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        fresh, self.seen = lines[self.seen:], len(lines)
        return fresh

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def normal(requests):
    """Statics are requested side by side, so that their order is chance: each burst is sorted. The
    headers that an activity has go along with redirects; a browser's Origin ends with a POST."""
    out, burst = [], []
    for request in requests:
        if request["method"] == "GET":
            request["headers"].pop("origin", None)
    for request in requests + [None]:
        if request and request["path"].startswith("/static/"):
            burst.append(request)
            continue
        out += sorted(burst, key=lambda r: r["path"])
        burst = []
        if request:
            out.append(request)
    return out


class Recording(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="har.")
        cls.folder = cls.temporary.name
        cls.site = Site(cls.folder)
        cls.har = os.path.join(cls.folder, "recording.har")
        environment = {**os.environ, "TMPDIR": cls.folder}
        done = subprocess.run(["setpriv", "--pdeathsig", "TERM", "node", os.path.join(HERE, "record.js"),
                               cls.site.url, cls.har, os.path.join(cls.folder, "profile")],
                              env=environment, capture_output=True, text=True, timeout=240)
        cls.recorded = cls.site.requests()
        if done.returncode:
            cls.tearDownClass()
            raise AssertionError("cannot record (.ci/setup npm?): " + done.stderr + done.stdout)

    @classmethod
    def tearDownClass(cls):
        cls.site.close()
        cls.temporary.cleanup()

    def stressor(self, *words, password=PASSWORD, code=0):
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        environment.update(STRESSOR_PASSWORD=password, XDG_DATA_HOME=os.path.join(self.folder, "data"),
                           LC_ALL="C.UTF-8")
        done = subprocess.run([STRESSOR, *words], env=environment, capture_output=True, text=True,
                              timeout=240)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def imported(self, name, *words):
        target = os.path.join(self.folder, name)
        self.stressor("init", target, "--import", self.har, *words)
        text = ""
        for file in sorted(os.listdir(target)):
            with open(os.path.join(target, file), encoding="utf-8") as f:
                text += f.read()
        return target, text

    def test_the_browser_did_all_that_is_to_be_replayed(self):
        what = [r["method"] + " " + r["path"] for r in self.recorded]
        for part in ("GET /welcome", "POST /login", "POST /api/items", "PUT /api/items/NUMBER",
                     "POST /upload", "DELETE /api/items/ITEM/", "GET /static/one.svg"):
            self.assertIn(part, what)

    def test_the_server_sees_the_requests_of_the_browser_again(self):
        target, _ = self.imported("replay")
        self.site.requests()
        self.stressor("run", target)
        self.assertEqual(normal(self.site.requests()), normal(self.recorded))

    def test_many_sessions_replay_it_each_with_values_of_its_own(self):
        target, _ = self.imported("many")
        with open(os.path.join(target, "scenario.yaml"), encoding="utf-8") as file:
            text = file.read().replace("count: 1", "count: 5")
        with open(os.path.join(target, "scenario.yaml"), "w", encoding="utf-8") as file:
            file.write(text)
        self.site.requests()
        self.stressor("run", target)
        self.assertEqual(len(self.site.requests()), 5 * len(self.recorded))

    def test_a_wrong_password_does_not_replay(self):
        target, _ = self.imported("wrong")
        self.stressor("run", target, password="wrong", code=1)

    def test_it_runs_dry_without_the_site(self):
        target, _ = self.imported("dry")
        self.site.requests()
        self.stressor("run", "-n", target)
        self.assertEqual(self.site.requests(), [])

    def test_no_secret_of_the_recording_is_written(self):
        with open(self.har, encoding="utf-8") as file:
            recording = file.read()
        self.assertIn(PASSWORD, recording)
        _, text = self.imported("secret")
        self.assertNotIn(PASSWORD, text)
        self.assertIn("$env(STRESSOR_PASSWORD", text)
        self.assertIn("store_json", text)
        self.assertIn("store_header", text)

    def test_secrets_that_are_kept_need_no_environment(self):
        target, text = self.imported("kept", "--keep-secrets")
        self.assertIn(PASSWORD, text)
        self.stressor("run", target, password="wrong")


if __name__ == "__main__":
    unittest.main(verbosity=2)
