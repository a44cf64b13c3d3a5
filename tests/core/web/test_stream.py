"""Any number of callers wait for an end in one process, and cost it neither threads nor connections."""

from __future__ import annotations

import http.client
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from django.db import connection

from core.access import signing_keys
from core.access.models import ApiKey
from core.database import sessions
from core.database.unit import unit
from core.jobs import queue
from core.jobs.models import Job
from tests.calling import client_of
from tests.core.jobs.asking import ask, body, work
from tests.core.web.waits import answer, asked, get, streaming
from tests.factories import World, acting, make_key, make_world
from tests.raw import every, run
from tests.signing import make_ed25519_key, make_hmac_key

WAITERS = 200
SOON = 5.0


@pytest.fixture
def world(committing_db: str) -> World:
    return make_world()


@pytest.fixture
def served(committing_db: str, world: World) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with streaming(committing_db) as found:
        yield found


@pytest.fixture
def port(served: tuple[subprocess.Popen[str], int]) -> int:
    return served[1]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def made(world: World, **changes: Any) -> str:
    response = ask(client_of(world.scout), body(**changes))
    assert response.status_code == 201, response.content
    return str(response.json()["job_id"])


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def sessions_of_the_process() -> list[str]:
    """What each connection of another login asked last."""
    found = every(
        "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND usename <> session_user "
        "AND backend_type = 'client backend'"
    )
    return [str(query) for (query,) in found]


def listens() -> bool:
    return any("LISTEN" in query for query in sessions_of_the_process())


@pytest.fixture
def waits() -> Iterator[Callable[..., http.client.HTTPConnection]]:
    """Let somebody wait; whoever still does at the end leaves."""
    callers: list[http.client.HTTPConnection] = []

    def waiting(port: int, job: str, key: str, query: str = "?seconds=50") -> http.client.HTTPConnection:
        callers.append(asked(port, f"/api/v1/wait/jobs/{job}{query}", **bearer(key)))
        return callers[-1]

    yield waiting
    for caller in callers:
        caller.close()


def threads_and_connections(served: tuple[subprocess.Popen[str], int]) -> tuple[int, int]:
    family = [psutil.Process(served[0].pid), *psutil.Process(served[0].pid).children(recursive=True)]
    return max(member.num_threads() for member in family), len(sessions_of_the_process())


def test_two_hundred_wait_in_four_threads_and_all_are_answered_at_the_end(
    world: World, served: tuple[subprocess.Popen[str], int], waits: Any
) -> None:
    port = served[1]
    key = make_key(world.scout)
    job = made(world)
    before, _ = threads_and_connections(served)

    waiting = [waits(port, job, key) for _ in range(WAITERS)]
    time.sleep(2.0)
    began = time.monotonic()
    status, _ = get(port, "/api/v1/health")
    took = time.monotonic() - began
    threads, connections = threads_and_connections(served)
    assert work() == {"completed": 1}
    ended = time.monotonic()
    answers = [answer(caller) for caller in waiting]
    print(
        f"\nhealth {took * 1000:.0f} ms, threads {before} -> {threads}, connections {connections}, "
        f"all answered within {time.monotonic() - ended:.2f} s"
    )

    assert (status, took < SOON) == (200, True)
    assert connections <= 6
    assert threads - before <= 12
    assert {(status, said["status"]) for status, said in answers} == {(200, "completed")}
