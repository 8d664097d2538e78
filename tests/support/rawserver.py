#!/usr/bin/python3
"""A server of bad answers, one kind for each path; GET / lists them.

It listens on a free port of 127.0.0.1, prints "listening on http://127.0.0.1:PORT/", and ends on
SIGTERM, after MAX_LIFE_S seconds or, with --until-eof, when its standard input ends. What is
endless ends when the client goes away or the server ends. Each connection has its thread.
"""

import fcntl
import os
import select
import signal
import socket
import struct
import sys
import termios
import threading
import time
import zlib

MAX_LIFE_S = 120
REQUEST_MAX = 1 << 20
MIB = 1 << 20
BOMB_MIB = 10 * 1024
BOMB_CRC = 0xF41D912F  # the CRC-32 of BOMB_MIB MiB of zeros

MODES = {}


def mode(function):
    """Makes a function the answer to /its-name; it returns True to keep the connection."""
    MODES["/" + function.__name__.replace("_", "-")] = function
    return function


def head(*lines, status="200 OK"):
    return "\r\n".join((f"HTTP/1.1 {status}",) + lines + ("", "")).encode("latin-1")


def answer(c, body, *lines, status="200 OK"):
    c.sendall(head(f"Content-Length: {len(body)}", *lines, status=status) + body)
    return True


def wait_for_close(c, seconds=MAX_LIFE_S):
    """Waits; True when the client has closed in the meantime."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if not select.select([c], [], [], left)[0]:
            return False
        if not c.recv(65536):
            return True
    return False


@mode
def ok(c):
    """A good answer, with keep-alive."""
    return answer(c, b'{"ok":true,"id":42}', "Content-Type: application/json")


@mode
def silent(c):
    """Takes the request and never answers."""
    wait_for_close(c)


@mode
def close(c):
    """Closes without an answer."""


@mode
def reset(c):
    """Resets the connection instead of answering."""
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@mode
def reset_body(c):
    """Resets the connection in the middle of the body, once the client has read the first half."""
    c.sendall(head("Content-Length: 1000") + b"x" * 500)
    unsent = struct.Struct("i")
    while unsent.unpack(fcntl.ioctl(c, termios.TIOCOUTQ, unsent.pack(0)))[0]:
        time.sleep(0.001)
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@mode
def half_close(c):
    """A body that ends where the server's side of the connection does; the other side stays open."""
    c.sendall(head("Content-Type: application/json") + b'{"half":"closed"}')
    c.shutdown(socket.SHUT_WR)
    wait_for_close(c)


def trickle(c, text):
    for i in range(len(text)):
        c.sendall(text[i : i + 1])
        if wait_for_close(c, 1):
            return


@mode
def slow(c):
    """A good head, then one byte of the body a second."""
    c.sendall(head("Content-Length: 1000"))
    trickle(c, b"x" * 1000)


@mode
def slow_head(c):
    """One byte of the head a second."""
    trickle(c, head("Content-Length: 0"))


@mode
def short_body(c):
    """Ten bytes of a hundred, then the end."""
    c.sendall(head("Content-Length: 100") + b"0123456789")


@mode
def bad_length(c):
    """A Content-Length that is no number."""
    c.sendall(head("Content-Length: many") + b"hello")


@mode
def two_lengths(c):
    """Two headers Content-Length that disagree."""
    c.sendall(head("Content-Length: 5", "Content-Length: 7") + b"hello")


@mode
def bad_chunk(c):
    """A chunk whose size is no number."""
    c.sendall(head("Transfer-Encoding: chunked") + b"5\r\nhello\r\nzz\r\nworld\r\n0\r\n\r\n")


@mode
def cut_chunk(c):
    """The end in the middle of a chunk."""
    c.sendall(head("Transfer-Encoding: chunked") + b"5\r\nhello\r\n64\r\nwor")


@mode
def endless_chunks(c):
    """Chunks without end."""
    c.sendall(head("Transfer-Encoding: chunked"))
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    while True:
        c.sendall(chunk)


@mode
def endless_head(c):
    """Headers without end."""
    c.sendall(head()[:-2])
    while True:
        c.sendall(b"X-More: and more\r\n" * 100)


@mode
def huge_header(c):
    """One header of 10 MB."""
    c.sendall(head("X-Huge: " + "x" * 10_000_000, "Content-Length: 2") + b"ok")


@mode
def folded_first(c):
    """The first header begins with a space, as only the continuation of one does."""
    c.sendall(head(" folded: x", "Content-Length: 0"))
    return True


@mode
def endless_1xx(c):
    """Interim answers without end."""
    while True:
        c.sendall(head(status="103 Early Hints") * 100)


@mode
def redirect_loop(c):
    """Redirects to itself."""
    return answer(c, b"", "Location: /redirect-loop", status="302 Found")


@mode
def redirect_elsewhere(c):
    """Redirects to what is no HTTP."""
    return answer(c, b"", "Location: ftp://ann:pw@127.0.0.1/x", status="302 Found")


@mode
def garbage(c):
    """A status line that is none."""
    c.sendall(b"\x00\xff\x16\x03 this is not HTTP\r\n\r\n")


@mode
def bad_version(c):
    """A version of HTTP that there is not."""
    c.sendall(b"HTTP/7.3 200 OK\r\nContent-Length: 2\r\n\r\nok")


@mode
def bad_status(c):
    """A status that is no number."""
    c.sendall(head("Content-Length: 2", status="fine OK") + b"ok")


@mode
def bad_gzip(c):
    """Says gzip and sends something else."""
    return answer(c, b"this is not gzip", "Content-Encoding: gzip")


def gzipped(text):
    return zlib.compress(text, 9, 31)


@mode
def cut_gzip(c):
    """The first half of what is gzipped, with the length of that half."""
    whole = gzipped(b'{"number":"%x"}' % 7**20000)
    return answer(c, whole[: len(whole) // 2], "Content-Encoding: gzip")


@mode
def cut_gzip_trailer(c):
    """All that is gzipped but the last byte of its trailer."""
    return answer(c, gzipped(b'{"ok":true}')[:-1], "Content-Encoding: gzip")


@mode
def cut_deflate(c):
    """One byte of what is compressed."""
    return answer(c, zlib.compress(b'{"ok":true}')[:1], "Content-Encoding: deflate")


@mode
def wrong_gzip(c):
    """Gzip whose checksum is wrong."""
    return answer(c, gzipped(b'{"ok":true}')[:-8] + bytes(8), "Content-Encoding: gzip")


@mode
def unasked_coding(c):
    """Compressed in a way that nobody asked for."""
    return answer(c, b"x", "Content-Encoding: compress")


def in_bytes(c, body, coding):
    """Sends a body in chunks of one byte."""
    c.sendall(head("Transfer-Encoding: chunked", f"Content-Encoding: {coding}"))
    for i in range(len(body)):
        c.sendall(b"1\r\n" + body[i : i + 1] + b"\r\n")
    c.sendall(b"0\r\n\r\n")
    return True


@mode
def many_gzips(c):
    """One answer in two gzip streams and something behind them, byte by byte."""
    return in_bytes(c, gzipped(b'{"ok":true,') + gzipped(b'"id":42}') + bytes(4), "x-gzip")


@mode
def zlib_deflate(c):
    """Deflate as it should be, byte by byte."""
    return in_bytes(c, zlib.compress(b'{"ok":true,"id":42}'), "deflate")


@mode
def bare_deflate(c):
    """Deflate without the header of zlib, byte by byte."""
    return in_bytes(c, zlib.compress(b'{"ok":true,"id":42}')[2:-4], "Deflate")


@mode
def empty_gzip(c):
    """Says gzip and sends nothing."""
    return answer(c, b"", "Content-Encoding: gzip")


@mode
def identity(c):
    """Says that it is not compressed."""
    return answer(c, b'{"ok":true,"id":42}', "Content-Encoding: identity")


@mode
def gzip_bomb(c):
    """10 GiB of zeros, gzipped to about 10 MiB."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeeze.compress(bytes(MIB)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    end = b"\x03\x00" + struct.pack("<II", BOMB_CRC, BOMB_MIB * MIB & 0xFFFFFFFF)
    start = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    size = len(start) + BOMB_MIB * len(block) + len(end)
    c.sendall(head("Content-Encoding: gzip", f"Content-Length: {size}") + start)
    for _ in range(BOMB_MIB):
        c.sendall(block)
    c.sendall(end)
    return True


@mode
def deep_json(c):
    """JSON of 100,000 lists inside each other."""
    return answer(c, b"[" * 100_000 + b"]" * 100_000, "Content-Type: application/json")


@mode
def nul_body(c):
    """A body that holds NUL bytes and what is not UTF-8."""
    return answer(c, b"a\x00b\xff\xfec", "Content-Type: text/plain; charset=utf-8")


def index(c):
    lines = (f"{path}\t{function.__doc__.splitlines()[0]}\n" for path, function in MODES.items())
    return answer(c, "".join(lines).encode(), "Content-Type: text/plain")


def read_request(c, rest):
    """The path of the next request and what was read beyond it; None at the end."""
    while b"\r\n\r\n" not in rest:
        more = c.recv(65536)
        if not more or len(rest) > REQUEST_MAX:
            return None, b""
        rest += more
    top, rest = rest.split(b"\r\n\r\n", 1)
    lines = top.decode("latin-1").split("\r\n")
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length" and value.strip().isdigit():
            length = min(int(value), REQUEST_MAX)
            while len(rest) < length and (more := c.recv(65536)):
                rest += more
            rest = rest[length:]
    words = lines[0].split(" ")
    return (words[1] if len(words) > 1 else ""), rest


def serve(c):
    rest = b""
    with c:
        try:
            while True:
                path, rest = read_request(c, rest)
                if path is None:
                    return
                path = path.partition("?")[0]
                function = index if path == "/" else MODES.get(path)
                if not function:
                    answer(c, b"no such mode\n", status="404 Not Found")
                elif not function(c):
                    return
        except OSError:
            pass  # the client went away


def accept(listener):
    while True:
        c, _ = listener.accept()
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(c,), daemon=True).start()


def main():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    end = time.monotonic() + MAX_LIFE_S
    watched = [0] if "--until-eof" in sys.argv[1:] else []
    while (left := end - time.monotonic()) > 0:
        if select.select(watched, [], [], left)[0] and not os.read(0, 4096):
            break
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
