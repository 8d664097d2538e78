#!/usr/bin/python3
"""A server that tells what it was sent, for the tests of bodies and of polling.

It listens on a free port of 127.0.0.1, prints "listening on http://127.0.0.1:PORT/", and ends on
SIGTERM or after MAX_LIFE_S seconds.

    /body        any method: {"type", "encoding", "length", "text"} of the body, decompressed
    /parts       POST: the parts of a multipart body, [{"field", "name", "type", "length", "text"}]
    /after/N     the first N requests for it are answered with 503, then {"state": "done", "asked": N + 1}
    /states/N    the same with 200 and {"state": "working"}
    /silent/N    the same with silence
    /asked       {path: how often it was asked for}, and "times": seconds between the requests to
                 /after, /states and /silent
    /page        what was last PUT there, as HTML; ?type=… as another type
    /cookies     {"sent": the headers Cookie}; ?set=… (any number of it) sets cookies, ?to=… redirects
    /blank       headers without a value: X-None, X-Blank (spaces), X-Last
"""

import email.parser
import email.policy
import gzip
import http.server
import json
import os
import signal
import sys
import threading
import time
import urllib.parse

MAX_LIFE_S = 120

lock = threading.Lock()
asked = {}
times = []
page = b""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one piece

    def log_message(self, *args):
        pass

    def body(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        encoded = self.headers.get("Content-Encoding") == "gzip"
        return raw, gzip.decompress(raw) if encoded else raw

    def answer(self, value, status=200, content_type="application/json", headers=()):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        for name, text in headers:
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def parts(self):
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parser = email.parser.BytesParser(policy=email.policy.HTTP)
        found = []
        for part in parser.parsebytes(head + self.body()[1]).iter_parts():
            content = part.get_payload(decode=True)
            found.append({
                "field": part.get_param("name", header="Content-Disposition"),
                "name": part.get_filename(),
                "type": part["Content-Type"],
                "length": len(content),
                "text": content[:100].decode("utf-8", "replace"),
            })
        return found

    def wait(self, kind, count):
        with lock:
            asked[self.path] = number = asked.get(self.path, 0) + 1
            times.append(time.monotonic())
        if number > count:
            return self.answer({"state": "done", "asked": number})
        if kind == "silent":
            time.sleep(MAX_LIFE_S)
        return self.answer({"state": "working"}, 503 if kind == "after" else 200)

    def handle_all(self):
        global page
        url = urllib.parse.urlsplit(self.path)
        kind, _, rest = url.path[1:].partition("/")
        if kind in ("after", "states", "silent"):
            return self.wait(kind, int(rest))
        if kind == "parts":
            return self.answer({"parts": self.parts()})
        if kind == "asked":
            gaps = [b - a for a, b in zip(times, times[1:])]
            return self.answer({**asked, "times": gaps})
        if kind == "page" and self.command == "PUT":
            page = self.body()[1]
            return self.answer(b"", 204)
        if kind == "page":
            query = urllib.parse.parse_qs(url.query)
            return self.answer(page, content_type=query.get("type", ["text/html"])[0])
        raw, plain = self.body()
        if kind == "cookies":
            query = urllib.parse.parse_qs(url.query)
            headers = [("Set-Cookie", text) for text in query.get("set", [])]
            headers += [("Location", to) for to in query.get("to", [])]
            sent = self.headers.get_all("Cookie", [])
            return self.answer({"sent": sent}, 302 if "to" in query else 200, headers=headers)
        if kind == "blank":
            headers = (("X-None", ""), ("X-Blank", "   "), ("X-Last", ""))
            return self.answer({}, headers=headers)
        return self.answer({
            "method": self.command,
            "type": self.headers.get("Content-Type"),
            "encoding": self.headers.get("Content-Encoding"),
            "length": len(raw),
            "text": plain[:1000].decode("utf-8", "replace"),
            "size": len(plain),
        })

    do_GET = do_POST = do_PUT = do_HEAD = handle_all


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024


def main():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server = Server(("127.0.0.1", 0), Handler)
    print(f"listening on http://127.0.0.1:{server.server_address[1]}/", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    time.sleep(MAX_LIFE_S)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
