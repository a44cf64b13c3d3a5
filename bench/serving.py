"""Servers that a bench starts on loopback and ends again, and the environment its peers live in."""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from core.database import clones, sessions
from core.management import children

BASE = Path(settings.BASE_DIR)
PEERS = BASE / ".run" / "peers"
PINS = BASE / "bench" / "peers" / "requirements.txt"
HOST = "127.0.0.1"
WORKERS, THREADS = 2, 4
READY_WITHIN = 60.0


def peers_python() -> str:
    """The interpreter of the peers' own environment, made when it is missing or its pins changed."""
    python, stamp = PEERS / "bin" / "python", PEERS / "installed"
    wanted = hashlib.sha256(PINS.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Installing the peers into {PEERS.relative_to(BASE)} ...", file=sys.stderr, flush=True)
        venv.create(PEERS, clear=True, with_pip=True)
        words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([str(python), *words, "--requirement", str(PINS)], check=True)
        stamp.write_text(wanted)
    return str(python)


@contextmanager
def ours(database: str) -> Iterator[int]:
    """Serve the API as production does, by granian, on a database; yields the port."""
    env = {**clones.addresses(database), "DJANGO_SETTINGS_MODULE": "config.settings", "SERVES": "api"}
    with _granian(
        sys.executable, "wsgi", "config.wsgi:application", env, "--blocking-threads", str(THREADS)
    ) as port:
        yield port


@contextmanager
def stock(database: str) -> Iterator[int]:
    """Serve the list by Django REST framework's stock parts, on the same server."""
    env = {
        **clones.addresses(database, login="postgres"),
        "DJANGO_SETTINGS_MODULE": "bench.peers.stock_settings",
    }
    env["DATABASE_URL"] = env["DATABASE_URL_UNPOOLED"]
    with _granian(
        sys.executable, "wsgi", "bench.peers.stock:application", env, "--blocking-threads", str(THREADS)
    ) as port:
        yield port


@contextmanager
def asynchronous(database: str, *, server: str = "uvicorn") -> Iterator[int]:
    """Serve the same by FastAPI.

    :param server: `uvicorn` or `granian`.
    """
    python, where = peers_python(), "bench.peers.asynchronous:app"
    # its driver hands every option that it does not know to the server
    direct = {**sessions.direct(), "OPTIONS": {}}
    env = {"PEER_DATABASE_URL": sessions.url(direct, database=database)}
    if server == "granian":
        with _granian(python, "asgi", where, env, "--loop", "uvloop") as port:
            yield port
        return
    port = _free_port()
    words = ["-m", "uvicorn", where, "--host", HOST, "--port", str(port), "--workers", str(WORKERS)]
    words += ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    with _serving([python, *words], env, port):
        yield port


@contextmanager
def _granian(python: str, interface: str, where: str, env: Mapping[str, str], *more: str) -> Iterator[int]:
    port = _free_port()
    words = ["-m", "granian", "--interface", interface, "--host", HOST, "--port", str(port), "--no-ws"]
    words += ["--workers", str(WORKERS), "--log-level", "warning", "--working-dir", str(BASE), *more, where]
    with _serving([python, *words], env, port):
        yield port


@contextmanager
def _serving(words: Sequence[str], env: Mapping[str, str], port: int) -> Iterator[None]:
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL_UNPOOLED"}
    log = BASE / ".run" / f"bench-{port}.log"
    with log.open("w") as told:
        # the access log is written, as in production; to a file that goes with the server
        child = children.start(words, {**surroundings, **env}, stdout=told, stderr=told)
        try:
            _wait_until_answered(child, port, log)
            yield
        finally:
            children.end(child)
            log.unlink()


def _wait_until_answered(child: subprocess.Popen[str], port: int, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if child.poll() is not None:
            break
        asking = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            asking.request("GET", "/api/v1/health")
            asking.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            asking.close()
    raise RuntimeError(f"A server did not start:\n{log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
