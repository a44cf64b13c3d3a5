"""A load generator: keep-alive connections that each ask again as soon as they are answered.

Run as a process of its own, `python -m bench.load`, with one JSON object on standard input and one on output.
It only counts bytes: what an answer says is checked by whoever starts it.
"""

from __future__ import annotations

import itertools
import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
CONNECTIONS = 16
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD_ENDS = b"\r\n\r\n"
_CHUNK = 1 << 18


@dataclass(frozen=True)
class Load:
    """What to ask, of whom, for how long; a `{n}` in a body or a path is another number each time."""

    port: int
    paths: Sequence[str]
    key: str
    seconds: float
    method: str = "GET"
    body: str = ""
    connections: int = CONNECTIONS

    def run(self) -> float:
        """Requests answered per second, by a generator in its own process.

        :raises AssertionError: when an answer was no success.
        """
        done = subprocess.run(
            [sys.executable, "-m", "bench.load"],
            input=json.dumps(asdict(self)),
            cwd=BASE,
            check=True,
            capture_output=True,
            text=True,
        )
        told = json.loads(done.stdout)
        assert not told["refused"], f"{told['refused']} requests failed: {told['first']}"
        return float(told["answered"]) / float(told["seconds"])


class _Connection:
    def __init__(self, load: Load, numbers: itertools.count[int]) -> None:
        self.load, self.numbers = load, numbers
        self.socket = socket.create_connection((HOST, load.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b""
        self.wanted = 0

    def ask(self) -> None:
        self.got, self.wanted = b"", 0
        n = next(self.numbers)
        path = self.load.paths[n % len(self.load.paths)]
        body = self.load.body.replace("{n}", f"{time.time_ns()}-{n}").encode()
        head = (
            f"{self.load.method} {path} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {self.load.key}\r\n"
            "User-Agent: bench\r\nAccept: application/json\r\n"
        )
        if body:
            head += (
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                f"Idempotency-Key: {time.time_ns()}-{n}\r\n"
            )
        self.socket.sendall(f"{head}\r\n".encode() + body)

    def is_answered(self) -> bool:
        came = self.socket.recv(_CHUNK)
        if not came:
            raise ConnectionError("The server closed a connection.")
        self.got += came
        if not self.wanted and _HEAD_ENDS in self.got:
            length = _LENGTH.search(self.got)
            if length is None:
                raise ConnectionError("The answer has no Content-Length.")
            self.wanted = self.got.index(_HEAD_ENDS) + len(_HEAD_ENDS) + int(length[1])
        return bool(self.wanted) and len(self.got) >= self.wanted

    @property
    def is_a_success(self) -> bool:
        return self.got[9:10] == b"2"


def measure(load: Load) -> dict[str, object]:
    """Keep every connection busy until the time is over."""
    ready = selectors.DefaultSelector()
    numbers = itertools.count()
    for _ in range(load.connections):
        connection = _Connection(load, numbers)
        ready.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask()
    answered = refused = 0
    first = ""
    began = time.perf_counter()
    while time.perf_counter() - began < load.seconds:
        for event, _ in ready.select(1):
            connection = event.data
            if not connection.is_answered():
                continue
            answered += 1
            if not connection.is_a_success:
                refused, first = refused + 1, first or connection.got[:2000].decode("utf-8", "replace")
            connection.ask()
    return {"answered": answered, "refused": refused, "first": first, "seconds": time.perf_counter() - began}


if __name__ == "__main__":
    print(json.dumps(measure(Load(**json.load(sys.stdin)))))
