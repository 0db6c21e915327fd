"""A `parley serve` to be measured, and a client that keeps some connections busy. For bench/outreach and bench/leads."""

import http.client
import os
import re
import selectors
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Server:
    """`parley serve` on a directory, until the block ends."""

    def __init__(self, program, directory, settings=None, headers=None):
        command = [program, "serve", "--data", directory, "--listen", "127.0.0.1:0"]
        self.headers = headers or {}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **(settings or {})})
        line = self.process.stdout.readline()
        found = re.search(r"http://([\d.]+):(\d+)", line)
        if not found:
            raise SystemExit(f"parley did not start: {line}")
        self.host, self.port = found[1], int(found[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(60)

    def ask(self, method, path, body=None):
        """The answer, of any length, still to be read."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=600)
        connection.request(method, path, body, self.headers)
        return connection.getresponse()

    def call(self, method, path, body=None):
        answer = self.ask(method, path, body)
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:300]}")
        return text

    def request(self, method, path, body):
        """The bytes of a request with this body."""
        lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}",
                 *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def resident_bytes(self, which="VmRSS"):
        """What of its memory is resident now; with "VmHWM" the most that ever was."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{which}:\s+(\d+) kB", status)[1]) * 1024


def pump(server, requests, connections, seconds):
    """Sends the next of `requests` over each connection as soon as the one before was answered; how many were answered
    in a second, and how long each took, in milliseconds. An answer must fit into one segment, and be a 200 or 201."""
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        client = socket.create_connection((server.host, server.port))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        client.sendall(next(requests))
        selector.register(client, selectors.EVENT_READ, began)
    took, begin = [], time.perf_counter()
    while time.perf_counter() - begin < seconds:
        for key, _ in selector.select(1):
            answer = key.fileobj.recv(65536)
            if answer[:12] not in (b"HTTP/1.1 200", b"HTTP/1.1 201"):
                raise SystemExit(f"an answer was: {answer[:300]}")
            took.append((time.perf_counter() - key.data) * 1000)
            began = time.perf_counter()
            key.fileobj.sendall(next(requests))
            selector.modify(key.fileobj, selectors.EVENT_READ, began)
    rate = len(took) / (time.perf_counter() - begin)
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return rate, took
