from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.database import embedded, sessions
from core.management.commands import demo

NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "docs", "tests", "bench")
UNSET = ("DATABASE_URL", "DATABASE_URL_UNPOOLED", "ENVIRONMENT")
LAST_LINE = "Ctrl-C stops everything"


@dataclass
class Demo:
    process: subprocess.Popen[str]
    tree: Path
    port: int
    printed: str

    @property
    def accounts(self) -> dict[str, Any]:
        return dict(json.loads((self.tree / ".run" / "demo.json").read_text())["accounts"])

    def get(self, path: str) -> dict[str, Any]:
        key = self.accounts["agent"]["key"]
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as asking:
            asking.request("GET", path, headers={"Authorization": f"Bearer {key}"})
            return dict(json.load(asking.getresponse()))

    def signed_proposals(self) -> list[str]:
        """What the agent proposed through the client."""
        return [found["id"] for found in self.get("/api/v1/proposals?symbol=AGENT-FIRST-LIGHT")["results"]]

    def child(self, word: str) -> psutil.Process:
        """What it runs with this word in its command."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if word in child.cmdline())

    def server(self) -> psutil.Process:
        return self.child("config.wsgi:application")

    def family(self) -> list[psutil.Process]:
        """Everything it runs, down to the last process, but PostgreSQL."""
        words = ("config.wsgi:application", "config.asgi:application", "work")
        found = [self.child(word) for word in words]
        return [*found, *(inner for child in found for inner in child.children(recursive=True))]

    def ended(self) -> tuple[int, str]:
        """Its exit code, and what it said last."""
        said = self.process.communicate(timeout=30)[0]
        return self.process.returncode, said.splitlines()[-1]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, so that nobody's own demo is touched."""
    return Path(
        shutil.copytree(settings.BASE_DIR, tmp_path_factory.mktemp("demo") / "project", ignore=NOT_COPIED)
    )


@pytest.fixture
def started(tree: Path) -> Iterator[Demo]:
    port = free_port()
    with run(tree, "--port", str(port)) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith(LAST_LINE):
                break
        yield Demo(process, tree, port, "".join(lines))
        process.terminate()


def run(tree: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", *words],
        cwd=tree,
        env={name: value for name, value in os.environ.items() if name not in UNSET},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def free_port() -> int:
    """A port that is free, as the next one is."""
    while True:
        with socket.socket() as probe, socket.socket() as following:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            with suppress(OSError):
                following.bind(("127.0.0.1", port + 1))
                return port


def is_alive(process: psutil.Process) -> bool:
    # what nobody waited for stays in the list of processes
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def test_one_command_serves_waiting_proposals_and_ctrl_c_stops_all_of_it(started: Demo) -> None:
    family = started.family()
    waiting = started.get("/api/v1/proposals")["results"]
    signed = started.signed_proposals()
    second = run(started.tree, "--port", str(free_port()))
    refused = second.communicate(timeout=30)[0]
    (verifying,) = (line for line in started.printed.splitlines() if "evidence:verify" in line)
    if shutil.which("curl"):
        done = subprocess.run(["/bin/sh", "-c", verifying], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout)["result"]["verified"] is True

    started.process.send_signal(signal.SIGINT)
    code, last = started.ended()

    assert waiting
    assert signed == [waiting[0]["id"]]
    assert "proposed, signed with Ed25519: AGENT-FIRST-LIGHT" in started.printed
    assert f"http://127.0.0.1:{started.port}/admin/" in started.printed
    assert all(person["password"] in started.printed for person in started.accounts["people"])
    assert len(re.findall(r"^ +curl .*Bearer xm_", started.printed, re.MULTILINE)) == 4
    assert f"stream on 127.0.0.1:{started.port + 1} ..." in started.printed
    assert "worker: 1 process" in started.printed
    assert (second.returncode, "Another process is using" in refused) == (1, True)
    assert (code, last) == (0, "Stopped.")
    assert len(family) > 5
    assert not any(is_alive(process) for process in family)
    assert embedded.listening(started.tree / ".run" / "pgdata") is None


def test_the_second_run_keeps_the_accounts_and_a_dead_server_ends_it(started: Demo) -> None:
    kept = started.tree / ".run" / "demo.json"
    key = json.loads(kept.read_text())["secret_key"]
    family = started.family()
    signed = started.signed_proposals()

    started.server().kill()
    code, last = started.ended()

    assert all(person["password"] in started.printed for person in started.accounts["people"])
    assert json.loads(kept.read_text())["secret_key"] == key
    assert len(signed) == 1
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert code == 1
    assert "granian" in last
    assert not any(is_alive(process) for process in family)
    assert embedded.listening(started.tree / ".run" / "pgdata") is None


def test_a_reset_forgets_everything(tree: Path) -> None:
    with run(tree, "--reset") as resetting:
        said = resetting.communicate(timeout=30)[0]

    assert "Removed." in said
    assert not (tree / ".run" / "pgdata").exists()
    assert not (tree / ".run" / "demo.json").exists()


def test_a_taken_port_is_refused_with_another_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} is taken: make demo PORT="):
            call_command("demo", port=port)


def test_a_taken_port_for_the_stream_is_refused_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} is taken: make demo PORT="):
            call_command("demo", port=port - 1)


def test_a_missing_question_set_is_named() -> None:
    with pytest.raises(CommandError, match=r"There is no file nowhere\.json"):
        call_command("demo", port=free_port(), questions=Path("nowhere.json"))


@pytest.mark.parametrize("port", ["0", "65535", "65536", "http"])
def test_a_number_that_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(CommandError, match="is not a port number"):
        call_command("demo", "--port", port)


@pytest.mark.parametrize("environment", ["preview", "staging", "production"])
def test_the_demo_is_refused_where_others_are_served(environment: str, settings: Any) -> None:
    settings.ENVIRONMENT = environment

    with pytest.raises(CommandError, match="the demo is for development"):
        call_command("demo", port=free_port())


def test_a_reset_leaves_a_database_of_ones_own_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@somewhere/something")

    with pytest.raises(CommandError, match="drop that database yourself"):
        call_command("demo", reset=True)


def test_a_database_that_holds_something_is_refused_with_the_commands_to_use(committing_db: str) -> None:
    with pytest.raises(CommandError, match=r"manage\.py migrate, .*createsuperuser and .*runserver"):
        demo.adopt()


def test_an_empty_database_is_adopted_and_known_again(committing_db: str) -> None:
    empty = f"{committing_db}_empty"
    known = sessions.direct()
    with sessions.connect(database="postgres") as conn:
        embedded.create_database(conn, empty)
    known["NAME"] = empty

    demo.adopt()
    with sessions.connect() as conn:
        conn.execute("CREATE TABLE from_the_first_run ()")
    demo.adopt()

    known["NAME"] = committing_db
    with sessions.connect(database="postgres") as conn:
        conn.execute(f"DROP DATABASE {empty} WITH (FORCE)".encode())
