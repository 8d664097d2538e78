#!/usr/bin/python3
"""A site to record: a form that logs in, an API in JSON, redirects, statics, an upload.

    site.py LOG

What it gives out (CSRF token, request token, ids) is another one for each session, and it takes
nothing else: who repeats recorded values gets 403. Each request is a line of JSON in LOG, in which
what was given out is replaced by its name. It prints "listening on URL", and ends with its input.
"""
import http.server
import json
import re
import secrets
import sys
import threading
import urllib.parse

PAGE = """<!DOCTYPE html><html><head><title>%s</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/style.css"><script src="/static/app.js?v=3" defer></script>
</head><body><img src="/static/one.svg"><img src="/static/two.svg">%s</body></html>"""
LOGIN = """<form id="login" method="post" action="/login?next=%2Fhome">
<input name="username"><input name="password" type="password">
<input name="csrf_token" type="hidden"><input name="tag" value="a b"><input name="tag" value="&#252;=$(x)">
<button>Log in</button></form>"""
SCRIPT = """
async function api(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(path + ': ' + answer.status);
  return answer;
}
async function login() {
  const answer = await (await api('/api/csrf')).json();
  document.forms.login.csrf_token.value = answer.form.csrf_token;
  document.title = 'ready';
}
async function home() {
  const session = await api('/api/session');
  const headers = {'X-Request-Token': session.headers.get('X-Request-Token'),
                   'X-Requested-With': 'XMLHttpRequest', 'Content-Type': 'application/json'};
  const items = (await (await api('/api/items?sort=name&tag=a&tag=b%20c&q=%C3%BC%2B')).json()).items;
  const made = await (await api('/api/items', {method: 'POST', headers, body: JSON.stringify(
      {parent: items[1].id, 'yes': 'no', n: 1e21, t: '12:30', list: [1, [null, true], {}], text: 'a: #\\nb'})})).json();
  await api('/api/items/' + made.number, {method: 'PUT', headers, body: JSON.stringify({number: made.number})});
  const form = new FormData();
  form.append('title', 'An upload: \\u00fc');
  form.append('item', items[1].id);
  form.append('file', new Blob(['line 1\\r\\nline 2'], {type: 'text/csv'}), 'data file.csv');
  await api('/upload', {method: 'POST', body: form, headers: {'X-Request-Token': headers['X-Request-Token']}});
  await api('/api/items/' + items[1].id + '/', {method: 'DELETE', headers: {'X-Request-Token': headers['X-Request-Token']}});
  document.title = 'done';
}
addEventListener('load', () => (document.forms.login ? login() : home()).catch((e) => document.title = 'failed ' + e));
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
HEADERS = ("x-request-token", "x-requested-with", "origin")


class Session:
    def __init__(self):
        self.names = {}
        self.user = None

    def give(self, name, value=None):
        """What has the name, made when it is first asked for."""
        for given, known in self.names.items():
            if known == name:
                return given
        value = value or secrets.token_hex(12)
        self.names[value] = name
        return value


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sessions = {}
    lock = threading.Lock()
    log = None

    def log_message(self, *_):
        pass

    def answer(self, status, body="", kind="text/html; charset=utf-8", headers=()):
        data = body.encode()
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def as_json(self, value, headers=()):
        self.answer(200, json.dumps(value), "application/json", headers)

    def body_of(self, raw):
        kind = self.headers.get_content_type()
        if kind == "application/x-www-form-urlencoded":
            return urllib.parse.parse_qsl(raw.decode(), keep_blank_values=True)
        if kind == "application/json" and raw:
            return json.loads(raw)
        if kind == "multipart/form-data":
            mark = ("--" + self.headers.get_param("boundary")).encode()
            return [p.decode().strip("\r\n") for p in raw.split(mark)[1:-1]]
        return raw.decode()

    def note(self, session, url, body):
        line = json.dumps({
            "method": self.command, "path": url.path,
            "query": urllib.parse.parse_qsl(url.query, keep_blank_values=True),
            "type": self.headers.get_content_type() if "Content-Type" in self.headers else None,
            "headers": {h: self.headers[h] for h in HEADERS if h in self.headers}, "body": body},
            ensure_ascii=False, sort_keys=True)
        for value, name in session.names.items():
            line = re.sub(r"(?<=: )%s\b" % value, '"the number %s"' % name, line)
            line = line.replace(value, name)
        line = line.replace(self.server.url, "ORIGIN")
        with self.lock:
            self.log.write(line + "\n")
            self.log.flush()

    def handle_any(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urllib.parse.urlsplit(self.path)
        found = re.search(r"\bsession=(\w+)", self.headers.get("Cookie", ""))
        key = found.group(1) if found and found.group(1) in self.sessions else None
        fresh = key is None
        key = key or secrets.token_hex(8)
        with self.lock:
            session = self.sessions.setdefault(key, Session())
        body = self.body_of(raw)
        self.note(session, url, body)
        cookie = [("Set-Cookie", "session=%s; Path=/; HttpOnly" % key)] if fresh else []
        self.route(session, self.command + " " + url.path, body, cookie)

    def route(self, s, what, body, cookie):
        token, item, number = s.give("TOKEN"), s.give("ITEM"), s.give(
            "NUMBER", str(secrets.randbelow(10**9) + 10**9))
        trusted = self.headers.get("X-Request-Token") == token
        if what == "GET /":
            self.answer(302, headers=[("Location", "login"), *cookie])
        elif what == "GET /login":
            self.answer(200, PAGE % ("Log in", LOGIN), headers=cookie)
        elif what == "GET /static/app.js":
            self.answer(200, SCRIPT, "text/javascript")
        elif what == "GET /static/style.css":
            self.answer(200, "body { color: #222 }", "text/css")
        elif what.startswith("GET /static/"):
            self.answer(200, PICTURE, "image/svg+xml")
        elif what == "GET /api/csrf":
            self.as_json({"form": {"csrf_token": s.give("CSRF")}})
        elif what == "POST /login":
            form = dict(body)
            fine = form.get("csrf_token") == s.give("CSRF") and form.get("password") == "autumn-leaves"
            s.user = form.get("username") if fine else None
            self.answer(303 if fine else 403, headers=[("Location", "/welcome")])
        elif s.user is None:
            self.answer(403, "log in first")
        elif what == "GET /welcome":
            self.answer(302, headers=[("Location", "home?from=welcome#top")])
        elif what == "GET /home":
            self.answer(200, PAGE % ("Home", "Hello"))
        elif what == "GET /api/session":
            self.as_json({"user": s.user}, [("X-Request-Token", token)])
        elif what == "GET /api/items":
            self.as_json({"items": [{"id": "first"}, {"id": item}]})
        elif not trusted:
            self.answer(403, "no token")
        elif what == "POST /api/items":
            fine = body["parent"] == item
            self.answer(201 if fine else 403, json.dumps({"number": int(number)}), "application/json")
        elif what == "PUT /api/items/" + number:
            self.answer(200 if body["number"] == int(number) else 403)
        elif what == "POST /upload":
            self.answer(200 if any(item in part for part in body) else 403)
        elif what == "DELETE /api/items/" + item + "/":
            self.answer(204)
        else:
            self.answer(404, "nothing here")

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


def main():
    Handler.log = open(sys.argv[1], "a", encoding="utf-8")
    server = Server(("127.0.0.1", 0), Handler)
    server.url = "http://127.0.0.1:%d" % server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening on " + server.url + "/", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
