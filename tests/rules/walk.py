#!/usr/bin/python3
"""Walks the rules of the scenario language one by one.

Each file of part_a/ lists rules: every row and every sentence of the language's version 0. A rule
without a case fails, and so does a case whose run is not as it says. All are printed.

    walk.py PROGRAM SOURCE [WORD...]    only rules whose id holds one of the words

A rule is "@ ID", a sentence, and at least one of

    covered by FILE: NAME       a test that is there already: FILE below tests/
    waits for PLUGIN: WHAT      the plugin is still to come; counted, and told at the end
    case                        a run of the program, described by the indented lines below it

The lines of a case are "KEY: value", or "KEY:" and a block that is indented further. What is run:

    init, main, end     the activities of these sequences; those that are there are the scenario
    head                sections of the file besides
    scenario            the section `scenario` instead
    sequences           more sequences
    file NAME           another file in the folder; scenario.yaml replaces all of the above
    args, env           more words of the command line; NAME=VALUE...
    command             the words instead of "run scenario.yaml -o base_url:@URL@"

Everywhere @URL@ is the server of the case, which notes what arrives. "- note TEXT" is a request
that it notes as "note TEXT"; "- give TEXT, more: ..." one that it answers with the text, not noted.
Expected:

    exit            the exit code; left out: 0, or 1 where `errors` says so
    errors          how many the verdict counts; left out: none
    sent            all requests in order; "sent sorted" in the order of the alphabet
    says, prints    in the messages, in the output; "says not", "prints not": not there
    hides           neither in messages nor output
    metric NAME     a figure of the summary
"""
import concurrent.futures
import http.server
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import urllib.parse


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.log = []
        self.connections = 0
        self.url = "http://127.0.0.1:%d" % self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=(), kind="text/plain"):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        text = body.decode("utf-8", "replace")
        line = text.replace("\n", "\\n")
        word = url.path.split("/")
        if url.path == "/note":
            self.server.log.append("note " + line)
        elif url.path != "/give":
            self.server.log.append(" ".join(filter(None, (self.command, self.path, line))))
        if url.path == "/give":
            raw = query.get("hex")
            self.answer(int(query.get("status", ["200"])[0]),
                        bytes.fromhex(raw[0]) if raw else body,
                        [h.split(": ", 1) for h in query.get("header", [])],
                        query.get("type", ["text/plain"])[0])
        elif word[1] == "status":
            self.answer(int(word[2]), b"status " + word[2].encode())
        elif word[1] == "wait":
            time.sleep(float(word[2]))
            self.answer(200, b"waited")
        elif word[1] == "redirect":
            self.answer(int(query.get("status", ["302"])[0]), b"",
                        [("Location", query["to"][0])])
        elif word[1] == "loop":
            self.answer(302, b"", [("Location", "/loop")])
        elif word[1] == "hops":
            left = int(word[2])
            self.answer(302 if left else 200, b"", [("Location", "/hops/%d" % (left - 1))] * bool(left))
        elif word[1] == "cookie":
            self.answer(200, b"", [("Set-Cookie", word[2] + "; Path=/")])
        elif word[1] == "protected":
            fine = "Authorization" in self.headers
            self.answer(200 if fine else 401, b"in" if fine else b"out",
                        () if fine else [("WWW-Authenticate", 'Basic realm="x"')])
        else:
            seen = {"method": self.command, "target": self.path, "path": url.path,
                    "query": url.query, "headers": dict(self.headers.items()), "body": text}
            self.answer(200, json.dumps(seen).encode(), kind="application/json")

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)


class Wrong(Exception):
    pass


class Rule:
    def __init__(self, part, name, where):
        self.part, self.name, self.where = part, name, where
        self.text, self.ways = "", []

    def add(self, kind, payload):
        self.ways.append((kind, payload))


REPEATABLE = ("says", "prints", "says not", "prints not", "hides")
KEYS = REPEATABLE + ("init", "main", "end", "head", "scenario", "sequences", "args", "env", "exit",
                     "errors", "sent", "sent sorted", "command")


def read_case(lines, where):
    """[(key, value)] of the indented lines of a case."""
    case, i = {}, 0
    while i < len(lines):
        found = re.match(r"  ([a-z_]+(?: [\w./-]+)?):(?: (.*))?$", lines[i])
        if not found:
            raise Wrong("%s: cannot read %r" % (where, lines[i]))
        key, value = found.group(1), found.group(2)
        i += 1
        block = []
        while i < len(lines) and (not lines[i].strip() or lines[i].startswith("   ")):
            block.append(lines[i])
            i += 1
        if value is None:
            value = textwrap.dedent("\n".join(block)).rstrip("\n") + "\n"
        elif any(b.strip() for b in block):
            raise Wrong("%s: a block and a value for %s" % (where, key))
        if key not in KEYS and not key.startswith(("file ", "metric ")):
            raise Wrong("%s: no such key: %s" % (where, key))
        if key in REPEATABLE:
            case.setdefault(key, []).extend(value.strip("\n").split("\n"))
        elif key in case:
            raise Wrong("%s: twice: %s" % (where, key))
        else:
            case[key] = value
    return case


def read_rules(path):
    rules, part, rule = [], "", None
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    i = 0
    while i < len(lines):
        line, where = lines[i], "%s:%d" % (os.path.basename(path), i + 1)
        i += 1
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("= "):
            part = line[2:]
        elif line.startswith("@ "):
            rule = Rule(part, line[2:].strip(), where)
            rules.append(rule)
        elif line.startswith("covered by "):
            file, name = line[len("covered by "):].split(": ", 1)
            rule.add("covered", (file, name))
        elif line.startswith("waits for "):
            rule.add("waits", line[len("waits for "):])
        elif line == "case":
            body = []
            while i < len(lines) and (not lines[i].strip() or lines[i].startswith("  ")):
                body.append(lines[i])
                i += 1
            while body and not body[-1].strip():
                body.pop()
            rule.add("case", (where, read_case(body, where)))
        elif not rule.ways:
            rule.text += (" " if rule.text else "") + line.strip()
        else:
            raise Wrong("%s: cannot read %r" % (where, line))
    return rules


def shorthand(text):
    text = re.sub(r"^( *)- note (.*)$", r"\1- {activity: PostRequest, url: /note, data: \2}", text,
                  flags=re.M)
    return re.sub(r"^( *)- give (.*)$", r"\1- {activity: PostRequest, url: /give, data: \2}", text,
                  flags=re.M)


def scenario_of(case):
    names = [n for n in ("init", "main", "end") if n in case]
    out = "file_version: stressor#0\n" + case.get("head", "")
    if "scenario" in case:
        out += "scenario: " + case["scenario"].strip() + "\n"
    else:
        out += "scenario: [%s]\n" % ", ".join("{sequence: %s}" % n for n in names)
    out += "sequences:\n"
    for name in names:
        out += "  %s:\n%s" % (name, textwrap.indent(case[name], "    "))
    return out + textwrap.indent(case.get("sequences", ""), "  ")


def write_files(case, folder, url):
    files = {k[5:]: v for k, v in case.items() if k.startswith("file ")}
    if "scenario.yaml" not in files and "command" not in case:
        files["scenario.yaml"] = scenario_of(case)
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(shorthand(text).replace("@URL@", url))


def count_errors(output):
    found = re.search(r"^(?:FAILED|STOPPED by the user): ([\d,]+) errors?", output, re.M)
    return int(found.group(1).replace(",", "")) if found else 0


def check(case, code, output, messages, server):
    """What is not as expected, as a list of texts."""
    wrong = []
    errors = int(case.get("errors", 0))
    want = int(case["exit"]) if "exit" in case else 1 if errors else 0
    if code != want:
        wrong.append("exit code %d instead of %d" % (code, want))
    if want in (0, 1) and count_errors(output) != errors:
        wrong.append("%d errors instead of %d" % (count_errors(output), errors))
    for key in ("sent", "sent sorted"):
        if key in case:
            got = list(server.log) if key == "sent" else sorted(server.log)
            expected = [e for e in case[key].split("\n") if e]
            if got != expected:
                wrong.append("%s: %s instead of %s" % (key, got, expected))
    for key, text in (("says", messages), ("prints", output)):
        wrong += ["%s: not found: %s" % (key, t) for t in case.get(key, ()) if t not in text]
        wrong += ["%s not: found: %s" % (key, t) for t in case.get(key + " not", ()) if t in text]
    wrong += ["hides: found: %s" % t for t in case.get("hides", ()) if t in messages + output]
    for key, value in case.items():
        if key.startswith("metric "):
            found = re.search(r"^ *%s +([\d,]+)" % re.escape(key[7:]), output, re.M)
            got = found.group(1) if found else "none"
            if got != value:
                wrong.append("%s: %s instead of %s" % (key, got, value))
    return wrong


def run_case(program, where, case):
    environment = {k: v for k, v in os.environ.items()
                   if k not in ("STRESSOR_PLUGIN_PATH", "NO_COLOR") and not k.lower().endswith("_proxy")}
    # The leak sanitizer of gcc 12 may crash on the thread-local memory of loaded plugins.
    environment.update(LC_ALL="C.UTF-8", TZ="UTC", ASAN_OPTIONS="intercept_tls_get_addr=0")
    server = Server()
    try:
        with tempfile.TemporaryDirectory() as folder:
            environment["XDG_DATA_HOME"] = os.path.join(folder, ".data")
            resolved = {k: [x.replace("@URL@", server.url) for x in v] if isinstance(v, list)
                        else v.replace("@URL@", server.url) for k, v in case.items()}
            environment.update(w.split("=", 1) for w in shlex.split(resolved.get("env", "")))
            write_files(case, folder, server.url)
            words = shlex.split(resolved.get("command", ""))
            if "command" not in case:
                base = "@URL@" not in str(case)
                words = ["run", "scenario.yaml"] + (["-o", "base_url:" + server.url] if base else [])
            words += shlex.split(resolved.get("args", ""))
            try:
                done = subprocess.run([program] + words, cwd=folder, env=environment, timeout=60,
                                      stdin=subprocess.DEVNULL, capture_output=True)
            except subprocess.TimeoutExpired:
                return ["it did not end"], ""
            output = done.stdout.decode("utf-8", "replace")
            messages = done.stderr.decode("utf-8", "replace")
            return check(resolved, done.returncode, output, messages, server), output + messages
    finally:
        server.shutdown()
        server.server_close()


def is_there(source, file, name):
    try:
        text = open(os.path.join(source, "tests", file), encoding="utf-8").read()
    except OSError as error:
        return str(error)
    if file.endswith(".bats"):
        there = '@test "%s" {' % name in text.replace("\\$", "$")
    elif file.endswith(".py"):
        there = re.search(r"^    def %s\(" % name, text, re.M)
    elif file.endswith("CMakeLists.txt"):
        there = "NAME %s " % name in text
    else:
        there = re.search(r"^static void %s\(" % name, text, re.M)
    return "" if there else "%s has no test %r" % (file, name)


def do(program, source, way):
    """(result, what is wrong, what was printed) of one way of testing."""
    kind, payload = way
    if kind == "covered":
        problem = is_there(source, *payload)
        return ("FAILED" if problem else "covered"), [problem] if problem else [], ""
    if kind == "waits":
        return "waits", [], ""
    wrong, shown = run_case(program, *payload)
    return ("FAILED" if wrong else "ok"), wrong, shown if wrong else ""


def label(way):
    kind, payload = way
    if kind == "covered":
        return "%s: %s" % payload
    return payload if kind == "waits" else payload[0]


def main():
    program, source, words = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
    here = os.path.join(source, "tests", "rules", "part_a")
    rules = [r for f in sorted(os.listdir(here)) for r in read_rules(os.path.join(here, f))]
    names = [r.name for r in rules]
    twice = sorted({n for n in names if names.count(n) > 1})
    rules = [r for r in rules if not words or any(w in r.name for w in words)]
    counts = dict.fromkeys(("ok", "covered", "waits", "FAILED"), 0)
    waiting, part, bare = [], None, []
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        results = [[(w, pool.submit(do, program, source, w)) for w in r.ways] for r in rules]
        for rule, ways in zip(rules, results):
            if rule.part != part:
                part = rule.part
                print("\n%s" % part)
            print("  %s: %s" % (rule.name, rule.text), flush=True)
            if not ways:
                bare.append(rule.name)
                print("    FAILED: nothing tests it")
            for way, future in ways:
                result, wrong, shown = future.result()
                counts[result] += 1
                print("    %-8s%s" % (result, label(way)), flush=True)
                for text in wrong:
                    print("        %s" % text)
                if shown:
                    print(textwrap.indent(shown, "        | "))
            if ways and all(w[0] == "waits" for w, _ in ways):
                waiting.append("%s: %s" % (rule.name, label(ways[0][0])))
    print("\n%d rules: %d cases ok, %d failed; %d tests elsewhere; %d rules wait, %d have none"
          % (len(rules), counts["ok"], counts["FAILED"], counts["covered"], len(waiting), len(bare)))
    for text in waiting:
        print("  waits  %s" % text)
    for name in twice:
        print("  the id %s stands twice" % name)
    return 1 if counts["FAILED"] or bare or twice or not rules else 0


if __name__ == "__main__":
    sys.exit(main())
