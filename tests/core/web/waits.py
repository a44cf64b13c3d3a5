"""A stream process of a test's own, and callers who wait in it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.conf import settings

from core.database import clones
from core.management import children

UP_WITHIN = 30.0
HOST = "127.0.0.1"


@contextmanager
def streaming(database: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve the stream process on a free port, by the login that production has."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    env = {
        **os.environ,
        "DATABASE_URL": clones.addresses(database)["DATABASE_URL"],
        "LOG_LEVEL": "WARNING",
        "API_REQUESTS_PER_MINUTE": "0",
    }
    env.pop("DATABASE_URL_UNPOOLED", None)
    server = children.start(
        [
            *(sys.executable, "-m", "granian", "--interface", "asginl", "--host", HOST, "--port", str(port)),
            *("--working-dir", str(settings.BASE_DIR), "--no-ws", "--log-level", "warning"),
            *("--workers-kill-timeout", "3", "config.asgi:application"),
        ],
        env,
    )
    try:
        until = time.monotonic() + UP_WITHIN
        while not is_up(port):
            assert server.poll() is None, "the server ended by itself"
            assert time.monotonic() < until, f"the server was not up within {UP_WITHIN:.0f} s"
            time.sleep(0.05)
        yield server, port
    finally:
        children.end(server)


def is_up(port: int) -> bool:
    """Whether it answers."""
    try:
        return get(port, "/api/v1/live")[0] == http.HTTPStatus.OK
    except OSError:
        return False


def get(port: int, path: str, **headers: str) -> tuple[int, Any]:
    """Ask, and wait for the answer."""
    with closing(asked(port, path, **headers)) as asking:
        return answer(asking)


def asked(port: int, path: str, **headers: str) -> http.client.HTTPConnection:
    """Ask, and do not wait for the answer."""
    asking = http.client.HTTPConnection(HOST, port, timeout=60)
    asking.request("GET", path, headers=headers)
    return asking


def answer(asking: http.client.HTTPConnection) -> tuple[int, Any]:
    """The answer to what was asked."""
    found = asking.getresponse()
    return found.status, json.loads(found.read() or b"null")
