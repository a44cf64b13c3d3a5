"""Everything at once for somebody who has nothing yet: database, tables, accounts, questions, server."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg import sql

from core.database import embedded, roles, sessions
from core.management import children, kept

HOST = "127.0.0.1"
BASE = Path(settings.BASE_DIR)
RUN = BASE / ".run"
QUESTIONS = BASE / "markets" / "data" / "questions.json"
CLIENT = BASE / "clients" / "python"
WORKERS, THREADS = 2, 4
READY_WITHIN = 60.0
GLANCE = 0.1
Running = dict[str, subprocess.Popen[str]]
HIGHEST_PORT = 65535
# an empty schema says who made the database: unlike a comment on the database it travels with a dump
MARK = "made_by_make_demo"
ANYTHING = """
    SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT starts_with(n.nspname, 'pg_') AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    LIMIT 1
"""


class Command(BaseCommand):
    """Start the demo, and stop all of it again on Ctrl-C."""

    help = "Start the demo on the embedded PostgreSQL, or on an empty database named by DATABASE_URL."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take port, question set, and the wish to start over."""
        parser.add_argument("--port", type=_port, default=8000, help="where to serve (8000)")
        parser.add_argument("--questions", type=Path, default=QUESTIONS, help="a ForecastBench question set")
        parser.add_argument(
            "--reset", action="store_true", help="remove what the demo keeps, and do nothing else"
        )

    def handle(self, *args: Any, port: int, questions: Path, reset: bool, **options: Any) -> None:
        """Run until somebody asks to stop, or until what was started ends by itself."""
        try:
            if reset:
                self._reset()
                return
            _refuse_what_cannot_work(port, questions)
            self.stop = children.Stop()
            with suppress(children.Stopped):
                self._demonstrate(port, questions.resolve())
            self.stdout.write("Stopped.")
        except embedded.FAILURES as failure:
            raise CommandError(str(failure)) from None

    def _reset(self) -> None:
        if os.environ.get("DATABASE_URL"):
            raise CommandError(
                "DATABASE_URL is set: drop that database yourself; this removes the embedded one."
            )
        embedded.remove(RUN, say=self.stdout.write)
        kept.forget()
        self.stdout.write("Removed. The next make demo begins anew.")

    def _demonstrate(self, port: int, questions: Path) -> None:
        began = time.monotonic()
        with self._database() as addresses:
            key = kept.read().get("secret_key") or secrets.token_urlsafe(50)
            env = {**os.environ, **addresses, "ENVIRONMENT": "development", "SECRET_KEY": key}
            self._step("migrate", env, "migrate")
            accounts = json.loads(self._step("accounts", env, "demo_accounts", stdout=subprocess.PIPE))
            kept.write(secret_key=key)
            acting = ("--tenant", accounts["tenant"], "--as", accounts["agent"]["username"])
            self._step("questions", env, "import_questions", str(questions), *acting)
            with self._serving(port, env) as running:
                self._propose(port, env, accounts["agent"])
                evidence = _evidence(port, accounts["agent"]["key"])
                self.stdout.write(f"Ready after {time.monotonic() - began:.1f} s.")
                self.stdout.write(_banner(port, accounts, evidence))
                self.stdout.flush()
                self._watch(running)

    def _propose(self, port: int, env: Mapping[str, str], agent: Mapping[str, str]) -> None:
        """Let the agent come as agents do: over HTTP, with a signature, knowing nothing of the server."""
        known = {
            "PATH": env.get("PATH", os.defpath),
            "PYTHONPATH": str(CLIENT),
            "XMARKET_URL": f"http://{HOST}:{port}",
            "XMARKET_KEY_ID": agent["key_id"],
            "XMARKET_SEED": agent["seed"],
        }
        with self._timed("agent"):
            words = [sys.executable, str(CLIENT / "examples" / "propose.py")]
            child = children.start(words, known, stdout=subprocess.PIPE)
            said = children.finish(child, self.stop)
            if child.returncode != 0:
                raise CommandError("The agent could not propose; all that was started is stopped.")
        self.stdout.write(f"    proposed, signed with Ed25519: {said.strip()}")

    @contextmanager
    def _database(self) -> Iterator[dict[str, str]]:
        if os.environ.get("DATABASE_URL"):
            with self._timed("PostgreSQL of DATABASE_URL"):
                adopt()
            yield {}
            return
        with ExitStack() as held:
            with self._timed("PostgreSQL"):
                server = held.enter_context(embedded.running(RUN, say=self.stdout.write))
                embedded.prepare(server)
            yield embedded.addresses(server)

    def _step(self, name: str, env: Mapping[str, str], *words: str, stdout: int | None = None) -> str:
        with self._timed(name):
            child = children.start([sys.executable, str(BASE / "manage.py"), *words], env, stdout=stdout)
            said = children.finish(child, self.stop)
            if child.returncode != 0:
                raise CommandError(f"manage.py {words[0]} failed; all that was started is stopped.")
            return said

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        self.stdout.write(f"{name} ...")
        self.stdout.flush()
        began = time.monotonic()
        yield
        self.stdout.write(f"    {time.monotonic() - began:.1f} s")

    @contextmanager
    def _serving(self, port: int, env: Mapping[str, str]) -> Iterator[Running]:
        """Run what answers, what waits and what works; the last to begin is the first to end."""
        served = _without_rights(env) | {
            "STREAM_URL": f"http://{HOST}:{port + 1}",
            "BASE_URL": f"http://{HOST}:{port}",
            # the worker's own output is not shown
            "EMAIL_URL": env.get("EMAIL_URL") or f"filemail://{quote(str(BASE / '.run' / 'mail'))}",
        }
        running: Running = {}
        try:
            running["server (granian)"] = children.start(_server(port), served)
            running["stream process (granian)"] = children.start(_stream(port + 1), served)
            running["worker (manage.py work)"] = children.start(_worker(), served, stdout=subprocess.DEVNULL)
            for name, where in (("server", port), ("stream", port + 1)):
                with self._timed(f"{name} on {HOST}:{where}"):
                    self._wait_until_ready(running, where)
            self.stdout.write(f"worker: 1 process, {THREADS} jobs at once")
            yield running
        finally:
            for child in reversed(running.values()):
                children.end(child)

    def _wait_until_ready(self, running: Running, port: int) -> None:
        until = time.monotonic() + READY_WITHIN
        while not _is_ready(port):
            self._look_after(running)
            if time.monotonic() > until:
                raise CommandError(f"What serves {port} did not get ready within {READY_WITHIN:.0f} s.")
            time.sleep(GLANCE)

    def _watch(self, running: Running) -> None:
        while True:
            self._look_after(running)
            time.sleep(GLANCE)

    def _look_after(self, running: Running) -> None:
        self.stop.check()
        for name, child in running.items():
            if child.poll() is not None:
                raise CommandError(f"The {name} ended by itself, exit {child.returncode}; all is stopped.")


def _port(text: str) -> int:
    # the one after it waits
    if not text.isdecimal() or not 0 < int(text) < HIGHEST_PORT:
        raise ArgumentTypeError(f"{text!r} is not a port number")
    return int(text)


def _refuse_what_cannot_work(port: int, questions: Path) -> None:
    if settings.ENVIRONMENT not in {"development", "test"}:
        raise CommandError(f"ENVIRONMENT is {settings.ENVIRONMENT}: the demo is for development.")
    # the server shares a port with another in silence, so it is tried first
    for wanted in (port, port + 1):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, wanted)) == 0:
                raise CommandError(f"Port {wanted} is taken: make demo PORT={_another(port)}")
    if not questions.is_file():
        raise CommandError(f"There is no file {questions}: make demo QUESTIONS=path.json")


def _another(port: int) -> int:
    return port + 1000 if port + 1000 < HIGHEST_PORT else port - 1000


def adopt() -> None:
    """Mark an empty database as the demo's own.

    :raises CommandError: when it is somebody's, or cannot be prepared.
    """
    try:
        with sessions.connect() as conn:
            if conn.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [MARK]).fetchone():
                return
            if conn.execute(ANYTHING).fetchone():
                raise CommandError(
                    "DATABASE_URL names a database that holds something, and make demo did not make it. Use "
                    "manage.py migrate, manage.py createsuperuser and manage.py runserver for your own data."
                )
            roles.ensure(conn, prefix=settings.DB_ROLE_PREFIX)
            names = {"owner": sql.Identifier(f"{settings.DB_ROLE_PREFIX}owner"), "mark": sql.Identifier(MARK)}
            conn.execute(sql.SQL("SET ROLE {owner}").format(**names))
            conn.execute(sql.SQL("CREATE SCHEMA {mark}").format(**names))
    except psycopg.OperationalError as error:
        raise CommandError(f"The database of DATABASE_URL cannot be reached: {error}") from None
    except roles.RolesNotEnsured as refusal:
        raise CommandError(str(refusal)) from None


def _server(port: int) -> list[str]:
    threads = max(1, min(THREADS, settings.DATABASE_CONNECTION_LIMIT // WORKERS))
    many = ("--workers", str(WORKERS), "--blocking-threads", str(threads), "--workers-kill-timeout", "5")
    return _granian(port, "wsgi", *many, "config.wsgi:application")


def _stream(port: int) -> list[str]:
    # who still waits when the demo stops is not waited for
    once = ("--workers", "1", "--workers-kill-timeout", "1")
    return _granian(port, "asginl", *once, "config.asgi:application")


def _granian(port: int, interface: str, *words: str) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", interface, "--working-dir", str(BASE)),
        *("--host", HOST, "--port", str(port), "--no-ws", "--log-level", "warning", *words),
    ]


def _worker() -> list[str]:
    # nobody waits long for a demo to stop
    return [sys.executable, str(BASE / "manage.py"), "work", "--threads", str(THREADS), "--grace", "1"]


def _without_rights(env: Mapping[str, str]) -> dict[str, str]:
    # what is served needs no superuser; the terminal is for the person, so requests are not logged on it
    served = {name: value for name, value in env.items() if name != "DATABASE_URL_UNPOOLED"}
    return {"LOG_LEVEL": "WARNING", **served}


def _is_ready(port: int) -> bool:
    asking = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        asking.request("GET", "/api/v1/ready")
        return asking.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _evidence(port: int, key: str) -> str:
    """The newest snapshot of the agent's tenant."""
    asking = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        asking.request("GET", "/api/v1/snapshots?limit=1", headers={"Authorization": f"Bearer {key}"})
        return str(json.load(asking.getresponse())["results"][0]["snapshot_id"])
    finally:
        asking.close()


def _banner(port: int, accounts: Mapping[str, Any], evidence: str) -> str:
    here, stream = f"http://{HOST}:{port}", f"http://{HOST}:{port + 1}"
    asks = f"curl -s -H 'Authorization: Bearer {accounts['agent']['key']}'"
    people = "\n".join(
        f"    {each['email']}  {each['password']}  {each['may']}" for each in accounts["people"]
    )
    wanted = {
        "job_type": "evidence:verify",
        "idempotency_key": f"verify-{evidence[:12]}",
        "payload": {"snapshot_id": evidence},
    }
    path = """python3 -c 'import json, sys; print(json.load(sys.stdin)["links"]["wait"])'"""
    work = f"{asks} -H 'Content-Type: application/json' -d '{json.dumps(wanted)}' {here}/api/v1/jobs | {path}"
    return f"""
Admin: {here}/admin/
{people}
Agent {accounts["agent"]["username"]}, which may propose and never decide: {accounts["agent"]["key"]}
    {asks} {here}/api/v1/proposals
    {asks} {here}/api/v1/markets
    {asks} {here}/api/v1/audit-events
It asks for work, and waits in the stream process until the work is done:
    {asks} {stream}$({work})
It proposed a market through clients/python, signed with Ed25519 and idempotent: the queue shows it.
Ctrl-C stops everything; what you did is kept. make demo-reset starts over.
"""
