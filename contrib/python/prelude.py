"""What a script in Python sees: its names, the session, calls of activities, and its errors."""

import builtins
import datetime
import io
import json
import linecache
import logging
import os
import random
import re
import sys
import threading
import time
from http import HTTPStatus

import _stressor

CATEGORIES = (None, "target", "assertion", "timeout", "generator", "script", "cancelled",
              "internal")
ASSERTION, SCRIPT = 2, 5
LEVELS = ("critical", "error", "warning", "info", "debug", "trace")
INFO = 3
LINE_MAX = 65536    # of what is printed without a newline
NOTED_MAX = 5       # variables named in the note on what is not exported

library = os.path.dirname(os.__file__)    # a script that has to end does so outside of it
_here = threading.local()    # .script: the one that runs on this thread


# --- calls ----------------------------------------------------------------------------------------

class CallError(Exception):
    """A call of an activity has failed."""

    def __init__(self, activity, category, kind, text, result):
        super().__init__(text if text.startswith(activity) else f"{activity}: {text}")
        self.activity, self.kind, self.text, self.result = activity, kind, text, result
        self.category = CATEGORIES[category] if category < len(CATEGORIES) else "internal"
        self.response = result


class Headers(dict):
    """Names of headers have no case."""

    def __missing__(self, name):
        if isinstance(name, str):
            for key, value in self.items():
                if key.lower() == name.lower():
                    return value
        raise KeyError(name)

    def __contains__(self, name):
        return self.get(name) is not None

    def get(self, name, default=None):
        try:
            return self[name]
        except KeyError:
            return default


# What the library `requests` has beside what a Response has.
NOT_KNOWN = {
    "cookies": "the session keeps them; what an answer sets is in r.headers['Set-Cookie']",
    "history": "r.info['redirects'] tells how many redirects were followed, r.url where they led",
    "iter_content": "the whole answer is in r.content",
    "iter_lines": "the whole answer is in r.text",
    "raw": "the whole answer is in r.content",
    "request": "r.info tells the method, r.url the URL",
}


class Response:
    """What a call gave. Requests can be read as the library `requests` has it."""

    def __init__(self, value, text, info):
        self.value, self.text, self.info = value, text, info or {}
        self.status = self.info.get("status")
        self.url = self.info.get("url")
        headers = self.info.get("headers")
        self.headers = Headers(headers) if isinstance(headers, dict) else Headers()

    def __repr__(self):
        return f"<Response [{self.status}]>"

    @property
    def status_code(self):
        return self.status

    @property
    def content(self):
        return (self.text or "").encode("utf-8", "surrogateescape")

    @property
    def ok(self):
        return self.status is None or self.status < 400

    def __bool__(self):
        return self.ok

    def __getattr__(self, name):
        if name in NOT_KNOWN:
            raise AttributeError(f"a response has no '{name}': {NOT_KNOWN[name]}")
        raise AttributeError(f"a response has no '{name}'")

    @property
    def reason(self):
        """The server's own is not told; HTTP/2 has none."""
        try:
            return HTTPStatus(self.status).phrase
        except ValueError:
            return None

    @property
    def encoding(self):
        """What the answer says itself."""
        found = re.search(r';\s*charset\s*=\s*["\']?([^\s;"\']+)',
                          self.headers.get("Content-Type", ""), re.IGNORECASE)
        return found and found.group(1)

    @encoding.setter
    def encoding(self, value):
        raise AttributeError("the encoding of a response cannot be set: its text is decoded")

    @property
    def elapsed(self):
        phases = self.info.get("phases")
        nanoseconds = phases.get("total", 0) if isinstance(phases, dict) else 0
        return datetime.timedelta(microseconds=nanoseconds / 1000)

    def json(self, **options):
        return json.loads(self.text or "", **options)

    def raise_for_status(self):
        if not self.ok:
            raise CallError("request", ASSERTION, "status",
                            f"expected status below 400, got {self.status} from {self.url}", self)


def call(activity, arguments):
    """The Response, and the CallError or None."""
    category, kind, text, value, body, info = _stressor.call(activity, arguments)
    _here.script.names.copies.clear()
    result = Response(value, body, info)
    if category == 0:
        return result, None
    return result, CallError(activity, category, kind or "unknown", text or "", result)


def perform(activity, arguments):
    result, error = call(activity, arguments)
    if error is not None:
        raise error
    return result


def function_of(activity):
    def function(**arguments):
        return perform(activity, arguments)
    function.__name__ = function.__qualname__ = activity
    return function


_functions = {"CallError": CallError}


def add_types(names):
    for name in names:
        _functions.setdefault(name, function_of(name))


# --- the session ----------------------------------------------------------------------------------

class User(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the session's user has no '{name}'") from None


class Context:
    """The context variables, read anew each time; assigning stores them."""

    def __getitem__(self, name):
        return _stressor.find(name)

    def __setitem__(self, name, value):
        _stressor.store(name, value, f"context variable '{name}'")
        _here.script.names.copies.clear()

    def __getattr__(self, name):
        try:
            return _stressor.find(name)
        except KeyError:
            raise AttributeError(f"there is no context variable '{name}'") from None

    def __setattr__(self, name, value):
        self[name] = value

    def get(self, name, default=None):
        try:
            return _stressor.find(name)
        except KeyError:
            return default

    def keys(self):
        return _stressor.names()

    def __iter__(self):
        return iter(_stressor.names())

    def __len__(self):
        return len(_stressor.names())

    def __contains__(self, name):
        return name in _stressor.names()

    def update(self, *others, **values):
        for name, value in dict(*others, **values).items():
            self[name] = value


METHODS = {"get": "GetRequest", "post": "PostRequest", "put": "PutRequest",
           "patch": "PatchRequest", "delete": "DeleteRequest", "head": "HeadRequest",
           "options": "OptionsRequest"}


# Arguments of the library `requests` that no activity takes, and what stands for them.
NOT_TAKEN = {
    "cert": "client_cert='FILE' and client_key='FILE' do it",
    "cookies": "the session keeps its own; headers={'Cookie': 'a=1'} sends these instead",
    "files": "multipart={'name': {'file': 'PATH'}} sends files",
    "hooks": "what is to follow the request stands behind it",
    "proxies": "proxy='http://HOST:PORT' does it",
}


def adapted(method, arguments):
    """Arguments of the library `requests` as the activities take them. There, None is left out."""
    def refuse(what, instead):
        raise TypeError(f"{method}() takes no {what}: {instead}")
    for name in [n for n in NOT_TAKEN if n in arguments]:
        if arguments.pop(name):
            refuse(f"'{name}'", NOT_TAKEN[name])
    if not arguments.pop("allow_redirects", True):
        refuse("'allow_redirects=False'", "redirects are always followed, and "
               "r.info['redirects'] tells how many")
    if arguments.pop("stream", False):
        refuse("'stream=True'", "an answer is always read whole")
    timeout = arguments.get("timeout")
    if isinstance(timeout, tuple) and len(timeout) == 2:
        # To connect, and for each silence; ours is for all of it.
        arguments["timeout"] = None if None in timeout else sum(timeout)
    for name in ("params", "data", "json", "headers", "timeout"):
        if name in arguments and arguments[name] is None:
            del arguments[name]
    return arguments


class Requests:
    def request(self, method, url, params=None, data=None, headers=None, **arguments):
        arguments.update(method=method, url=url, params=params, data=data, headers=headers)
        return self._perform("HTTPRequest", adapted("request", arguments))


def _asking(name, activity):
    def method(self, url, params=None, **arguments):
        arguments.update(url=url, params=params)
        return self._perform(activity, adapted(name, arguments))
    return method


def _sending(name, activity):
    def method(self, url, data=None, json=None, **arguments):
        arguments.update(url=url, data=data, json=json)
        return self._perform(activity, adapted(name, arguments))
    return method


for _name, _activity in METHODS.items():
    _method = (_sending if _name in ("post", "put", "patch") else _asking)(_name, _activity)
    _method.__name__ = _method.__qualname__ = _name
    setattr(Requests, _name, _method)


# What a session of the library `requests` has beside its methods and headers.
NOT_KEPT = {
    "adapters": "config and sessions of the scenario say how to connect",
    "auth": "auth=(NAME, PASSWORD) goes with each request, or sessions.basic_auth",
    "cert": "client_cert and client_key go with each request, or are keys of config",
    "close": "connections are the session's, and end with it",
    "cookies": "the session keeps them; a request sends others with headers={'Cookie': 'a=1'}",
    "hooks": "what is to follow a request stands behind it",
    "max_redirects": "it is 30",
    "mount": "config and sessions of the scenario say how to connect",
    "params": "params={...} goes with each request",
    "proxies": "proxy goes with each request, or is a key of config",
    "stream": "answers are always read whole",
    "trust_env": "proxies of the environment are used unless config.proxy says otherwise",
    "verify": "verify goes with each request, or sessions.verify_ssl",
}


class Browser(Requests):
    """As version 0's: a status of 400 and above is no error, and `headers` go with each request."""

    def __init__(self):
        self.headers = {}

    def __getattr__(self, name):
        instead = f": {NOT_KEPT[name]}" if name in NOT_KEPT else ""
        raise AttributeError(f"session.browser has no '{name}'{instead}")

    def __setattr__(self, name, value):
        if name in NOT_KEPT:
            getattr(self, name)
        super().__setattr__(name, value)

    def _perform(self, activity, arguments):
        if self.headers:
            arguments["headers"] = {**self.headers, **(arguments.get("headers") or {})}
        result, error = call(activity, arguments)
        if error is not None and error.kind != "status":
            raise error
        return result


class Session(Requests):
    def __init__(self):
        self.id, self.number, self._seed, self.dry_run = _stressor.facts()
        self.context = Context()
        self.browser = Browser()
        self._user = self._random = None

    def _perform(self, activity, arguments):
        return perform(activity, arguments)

    @property
    def user(self):
        if self._user is None:
            found = self.context.get("user")
            self._user = User(found) if isinstance(found, dict) else found
        return self._user

    @property
    def random(self):
        if self._random is None:
            self._random = random.Random(self._seed)
        return self._random

    def log(self, *arguments):
        level, text = arguments if len(arguments) == 2 else (INFO, *arguments)
        if isinstance(level, str):
            if level not in LEVELS:
                raise ValueError(f"expected a level such as 'info', found '{level}'")
            level = LEVELS.index(level)
        _stressor.log(level, str(text))


# --- names ----------------------------------------------------------------------------------------

class Names(dict):
    """Where a name is looked for that the script has not set: the library, the context, and then
    Python's own, which are the entries of the dict."""

    def __init__(self):
        super().__init__(builtins.__dict__)
        self.session = Session()
        self.copies = {}    # the lists and dicts of the context that the script has read

    def __getitem__(self, name):
        if name == "session":
            return self.session
        if name in _functions:
            return _functions[name]
        if name == "result":    # the script's own, not set yet
            raise KeyError(name)
        if name in self.copies:
            return self.copies[name]
        try:
            value = _stressor.look(name)
        except KeyError:
            return super().__getitem__(name)
        if isinstance(value, (dict, list)):
            self.copies[name] = value
        return value


class Script:
    def __init__(self, name):
        self.name = name
        self.names = Names()
        self.own = {"__builtins__": self.names, "__name__": "script", "__file__": name}
        self.pending = {}    # what was printed without a newline yet, by level

    def variables(self):
        return [n for n, v in self.own.items()
                if not n.startswith("__") and n != "result" and not callable(v)
                and not isinstance(v, type(sys))]


class Refusal(Exception):
    """Of what a script gives, once it is over."""


def export(script, names):
    for name in names:
        if name in script.own:
            value = script.own[name]
        elif name in script.names.copies:
            value = script.names.copies[name]
        else:
            raise Refusal(f"export '{name}': the script did not set it")
        try:
            _stressor.store(name, value, f"export '{name}'")
        except (TypeError, ValueError, RecursionError) as error:
            raise Refusal(f"{error}") from None


def unexported(script):
    names = script.variables()
    return ", ".join(names[:NOTED_MAX]) + (", ..." if len(names) > NOTED_MAX else "")


# --- errors ---------------------------------------------------------------------------------------

def place_of(error, name):
    """The script's line where it happened, and the place in a module that it has called."""
    line, inner, trace = 0, "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == name:
            line, inner = trace.tb_lineno, ""
        elif line and code.co_filename != __file__:
            inner = f" (in {code.co_filename}:{trace.tb_lineno})"
        trace = trace.tb_next
    return (f"{name}:{line}: " if line else f"{name}: "), inner


def failure_of(error, name):
    """(category, kind, text)"""
    where, inner = place_of(error, name)
    if isinstance(error, CallError):
        return CATEGORIES.index(error.category), error.kind, f"{where}{error}"
    if isinstance(error, Refusal):
        return SCRIPT, "script error", f"{where}{error}"
    text = str(error)
    if isinstance(error, SyntaxError):    # of what the script imports or compiles
        text = f"{error.msg} ({error.filename}:{error.lineno})"
    elif isinstance(error, KeyError):
        text = f"no key {text}"
    said = f"{where}{type(error).__name__}{': ' if text else ''}{text}{inner}"
    if isinstance(error, AssertionError):
        return ASSERTION, "script assertion", said
    return SCRIPT, "script error", said


def compile_script(text, name):
    """The code, or a text that says what is wrong."""
    try:
        return compile(text, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"{name}:{error.lineno or 1}: {error.msg}"
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return f"{name}: {error or 'it is nested too deeply'}"


def run(code, name, names, tell):
    """(category, kind, text, result, names not exported); category 0: it went well."""
    outer = getattr(_here, "script", None)
    script = _here.script = Script(name)
    try:
        try:
            exec(code, script.own)
        except SystemExit as end:
            if end.code not in (None, 0):
                raise Refusal(f"the script exited with {end.code}") from end
        export(script, names)
        return (0, None, None, script.own.get("result"), unexported(script) if tell else "")
    except _stressor.Stopped:
        raise
    except BaseException as error:
        return (*failure_of(error, name), None, "")
    finally:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, Log):
                stream.end_line()
        _here.script = outer


def nothing():
    """Called where a script was to end, to take what was raised in it too late."""


# --- what is printed ------------------------------------------------------------------------------

class Log(io.TextIOBase):
    """A stream whose lines go to the log."""

    encoding = "utf-8"

    def __init__(self, level):
        self.level = level
        self.other = ""    # of threads that run no script

    def writable(self):
        return True

    def write(self, text):
        script = getattr(_here, "script", None)
        pending = (script.pending.get(self.level, "") if script else self.other) + text
        *lines, pending = pending.split("\n")
        for line in lines:
            _stressor.log(self.level, line)
        if len(pending) > LINE_MAX:
            _stressor.log(self.level, pending)
            pending = ""
        if script:
            script.pending[self.level] = pending
        else:
            self.other = pending
        return len(text)

    def end_line(self):
        script = getattr(_here, "script", None)
        if script and script.pending.get(self.level):
            _stressor.log(self.level, script.pending.pop(self.level))


class Handler(logging.Handler):
    """Records of Python's own logging."""

    def emit(self, record):
        level = (4 if record.levelno < logging.INFO else 3 if record.levelno < logging.WARNING
                 else 2 if record.levelno < logging.ERROR
                 else 1 if record.levelno < logging.CRITICAL else 0)
        if _stressor.log_enabled(level):
            for line in self.format(record).split("\n"):
                _stressor.log(level, line)


_sleep = time.sleep


def sleep(seconds):
    """time.sleep, which a stop can end."""
    if _stressor.runs_script():
        _stressor.sleep(seconds)
    else:
        _sleep(seconds)


def install():
    sys.stdout, sys.stderr = Log(INFO), Log(2)
    time.sleep = sleep
    root = logging.getLogger()
    root.addHandler(Handler())
    root.setLevel(logging.DEBUG if _stressor.log_enabled(4) else logging.INFO)


def add_folder(folder):
    if folder not in sys.path:
        sys.path.insert(0, folder)
        linecache.checkcache()


install()
