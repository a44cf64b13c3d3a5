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
WORKERS, THREADS = 2, 2
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
def ours(database: str, *, workers: int = WORKERS) -> Iterator[int]:
    """Serve the API as production does, by granian, on a database; yields the port."""
    env = {**clones.addresses(database), "DJANGO_SETTINGS_MODULE": "config.settings", "SERVE": "api"}
    # one key asks as often as it can
    env["API_REQUESTS_PER_MINUTE"] = "0"
    with _granian("config.wsgi:application", env, workers) as port:
        yield port


@contextmanager
def stock(database: str) -> Iterator[int]:
    """Serve the list by Django REST framework's stock parts, on the same server."""
    address = clones.addresses(database)["DATABASE_URL_UNPOOLED"]
    env = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "bench.peers.stock_settings"}
    with _granian("bench.peers.stock:application", env, WORKERS) as port:
        yield port


@contextmanager
def asynchronous(database: str) -> Iterator[int]:
    """Serve the same by FastAPI on uvicorn, as its own documentation starts it."""
    port = _free_port()
    # its driver hands every option that it does not know to the server
    direct = {**sessions.direct(), "OPTIONS": {}}
    env = {"PEER_DATABASE_URL": sessions.url(direct, database=database)}
    words = [peers_python(), "-m", "uvicorn", "bench.peers.asynchronous:app", "--host", HOST]
    words += ["--port", str(port), "--workers", str(WORKERS), "--loop", "uvloop", "--http", "httptools"]
    with _serving([*words, "--no-access-log", "--log-level", "warning"], env, port):
        yield port


@contextmanager
def _granian(where: str, env: Mapping[str, str], workers: int) -> Iterator[int]:
    port = _free_port()
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    words += ["--no-ws", "--workers", str(workers), "--blocking-threads", str(THREADS)]
    words += ["--log-level", "warning", "--working-dir", str(BASE), where]
    with _serving(words, env, port):
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
