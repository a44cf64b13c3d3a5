"""Any number of callers wait for an end in one process, and cost it neither threads nor connections."""

from __future__ import annotations

import asyncio
import http.client
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psutil
import pytest
from django.core.asgi import get_asgi_application
from django.db import connection

from core.access import keys
from core.access.models import ApiKey
from core.database import sessions
from core.database.unit import unit
from core.jobs.models import Job
from core.web.stream import Message, Stream
from tests.bad_input.sending import send
from tests.calling import client_of
from tests.core.jobs.asking import ask, body, work
from tests.core.web.waits import HOST, answer, asked, get, streaming
from tests.factories import World, make_key, make_world
from tests.raw import one, run
from tests.signing import make_ed25519_key, make_hmac_key
from xmarket_client import Client, Credential

Served = tuple[subprocess.Popen[str], int]
Waits = Callable[..., http.client.HTTPConnection]

WAITERS = 200
# it takes milliseconds; what is tested is that it does not wait for anybody
SOON = 5.0


@pytest.fixture
def world(committing_db: str) -> World:
    return make_world()


@pytest.fixture
def served(committing_db: str, world: World) -> Iterator[Served]:
    with streaming(committing_db) as found:
        yield found


@pytest.fixture
def port(served: Served) -> int:
    return served[1]


@pytest.fixture
def waits(port: int) -> Iterator[Waits]:
    """Let somebody wait; whoever still does at the end leaves."""
    callers: list[http.client.HTTPConnection] = []

    def waiting(job: str, key: str, query: str = "?seconds=50") -> http.client.HTTPConnection:
        callers.append(asked(port, f"/api/v1/wait/jobs/{job}{query}", **bearer(key)))
        return callers[-1]

    yield waiting
    for caller in callers:
        caller.close()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def made(world: World, **changes: Any) -> str:
    response = ask(client_of(world.scout), body(**changes))
    assert response.status_code == 201, response.content
    return str(response.json()["job_id"])


def connected(*, listening: bool = False) -> list[int]:
    """The server processes that serve the stream process."""
    with sessions.connect() as conn:
        found = conn.execute(
            "SELECT pid, query LIKE 'LISTEN%' FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename LIKE '%app'"
        )
        return [int(str(pid)) for pid, listens in found.fetchall() if listens or not listening]


def until(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def threads_of(served: Served) -> int:
    family = [psutil.Process(served[0].pid), *psutil.Process(served[0].pid).children(recursive=True)]
    return sum(member.num_threads() for member in family)


def test_two_hundred_wait_in_four_threads_and_all_are_answered_at_the_end(
    world: World, served: Served, waits: Waits
) -> None:
    key, job = make_key(world.scout), made(world)
    before = threads_of(served)

    waiting = [waits(job, key) for _ in range(WAITERS)]
    until(lambda: connected(listening=True))
    began = time.monotonic()
    status, _ = get(served[1], "/api/v1/health")
    took = time.monotonic() - began
    time.sleep(1.0)
    while_waiting = threads_of(served) - before, len(connected())
    assert work() == {"completed": 1}
    ended = time.monotonic()
    answers = [answer(caller) for caller in waiting]

    print(  # noqa: T201 - what was measured
        f"\n{WAITERS} wait: {while_waiting[0]} more threads, {while_waiting[1]} connections, "
        f"health after {took * 1000:.0f} ms, all answered after {time.monotonic() - ended:.2f} s"
    )
    assert (status, took < SOON) == (200, True)
    # four that read, and one for the request that asked for health
    assert while_waiting[0] <= 6
    # four that read, and one that listens
    assert while_waiting[1] <= 5
    assert {(status, said["status"]) for status, said in answers} == {(200, "completed")}


def test_what_has_ended_is_answered_at_once_and_what_has_not_when_the_time_is_over(
    world: World, port: int
) -> None:
    scout = client_of(world.scout)
    key, done = make_key(world.scout), made(world)
    work()
    waiting = made(world, run_after="2999-01-01T00:00:00Z")

    began = time.monotonic()
    at_once = httpx.get(f"http://{HOST}:{port}/api/v1/wait/jobs/{done}", headers=bearer(key))
    between = time.monotonic()
    in_time = httpx.get(f"http://{HOST}:{port}/api/v1/wait/jobs/{waiting}?seconds=1", headers=bearer(key))
    ended = time.monotonic()

    assert between - began < SOON
    assert ended - between >= 1
    for response, job, status in ((at_once, done, "completed"), (in_time, waiting, "pending")):
        detail = scout.get(f"/api/v1/jobs/{job}")
        assert (response.status_code, response.json()["status"]) == (200, status)
        assert (response.content, response.headers["ETag"]) == (detail.content, detail.headers["ETag"])
    spared = httpx.get(
        f"http://{HOST}:{port}/api/v1/wait/jobs/{done}",
        headers={**bearer(key), "If-None-Match": at_once.headers["ETag"]},
    )
    assert (spared.status_code, spared.content) == (304, b"")
    head = httpx.head(f"http://{HOST}:{port}/api/v1/wait/jobs/{done.upper()}", headers=bearer(key))
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", at_once.headers["ETag"])


def test_refusals_are_those_of_any_address(world: World, port: int) -> None:
    key, others, job = make_key(world.scout), make_key(world.boris), made(world)
    owned = str(ask(client_of(world.edith), body(owned=True)).json()["job_id"])
    here = "/api/v1/wait/jobs/"

    said = {
        "no key": get(port, f"{here}{job}"),
        "another key": get(port, f"{here}{job}", **bearer("xm_abcdefgh_nothing")),
        "another tenant": get(port, f"{here}{job}", **bearer(others)),
        "another owner": get(port, f"{here}{owned}", **bearer(key)),
        "no id": get(port, f"{here}nonsense", **bearer(key)),
        "no topic": get(port, f"/api/v1/wait/weather/{job}", **bearer(key)),
        "too long": get(port, f"{here}{job}?seconds=61", **bearer(key)),
        "no number": get(port, f"{here}{job}?seconds=x", **bearer(key)),
        "no parameter": get(port, f"{here}{job}?minutes=1", **bearer(key)),
        "other addresses": get(port, "/api/v1/markets", **bearer(key)),
    }
    posted = httpx.post(f"http://{HOST}:{port}{here}{job}", headers=bearer(key), json={})

    assert {how: status for how, (status, _) in said.items()} == {
        "no key": 401,
        "another key": 401,
        "another tenant": 404,
        "another owner": 404,
        "no id": 404,
        "no topic": 404,
        "too long": 400,
        "no number": 400,
        "no parameter": 400,
        "other addresses": 200,
    }
    assert said["too long"][1]["errors"][0]["parameter"] == "seconds"
    assert (posted.status_code, posted.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("make", [make_ed25519_key, make_hmac_key])
def test_a_signature_is_taken_once_and_asked_about_again_at_the_end(
    world: World, port: int, make: Callable[..., Credential]
) -> None:
    credential, job = make(world.scout), made(world)
    query = "" if make is make_hmac_key else "?seconds=50"
    request = httpx.Request("GET", f"http://{HOST}:{port}/api/v1/wait/jobs/{job}{query}")
    credential.sign(request)
    waiting = asked(port, request.url.raw_path.decode(), **dict(request.headers))
    until(lambda: one("SELECT count(*) FROM request_nonces"))
    until(lambda: connected(listening=True))

    work()

    status, said = answer(waiting)
    waiting.close()
    assert (status, said["status"]) == (200, "completed")
    assert one("SELECT count(*) FROM request_nonces") == 1
    assert get(port, request.url.raw_path.decode(), **dict(request.headers))[0] == 401


def work_and_leave() -> None:
    """Do what is due, in a thread that ends."""
    work()
    connection.close()


@pytest.mark.parametrize("make", [make_ed25519_key, make_hmac_key])
def test_the_client_asks_for_work_and_waits_for_it(
    world: World, port: int, make: Callable[..., Credential]
) -> None:
    with Client(f"http://{HOST}:{port}", make(world.scout)) as client:
        asked_for = client.ask_for_job("evidence:verify", {"snapshot_id": world.evidence.snapshot_id})
        worker = threading.Timer(0.5, work_and_leave)
        worker.start()
        done = client.wait_for_job(asked_for["job_id"], timeout=50)
        worker.join()

    assert (done["status"], done["result"]["verified"]) == ("completed", True)


def test_whoever_lost_the_key_meanwhile_is_told_nothing(world: World, port: int, waits: Waits) -> None:
    job = made(world)
    ed25519 = make_ed25519_key(world.scout)
    request = httpx.Request("GET", f"http://{HOST}:{port}/api/v1/wait/jobs/{job}?seconds=50")
    ed25519.sign(request)
    waiting = [
        waits(job, make_key(world.scout)),
        asked(port, request.url.raw_path.decode(), **dict(request.headers)),
    ]
    until(lambda: one("SELECT count(*) FROM request_nonces"))
    until(lambda: one("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL"))
    time.sleep(1.0)
    run("UPDATE signing_keys SET revoked_at = clock_timestamp()")
    with unit("staff", tenant=world.acme.pk):
        for key in ApiKey.objects.filter(user=world.scout, revoked_at__isnull=True):
            keys.revoke(key, by=None, reason="It was lost.")

    work()

    assert [answer(caller)[0] for caller in waiting] == [401, 401]
    waiting[1].close()


def test_an_end_that_nobody_told_of_is_found(world: World, port: int, waits: Waits) -> None:
    key = make_key(world.scout)
    untold, cancelled, after = (made(world, run_after="2999-01-01T00:00:00Z") for _ in range(3))
    waiting = [waits(job, key) for job in (untold, cancelled, after)]
    until(lambda: connected(listening=True))
    (listener,) = connected(listening=True)
    # by now all of them have read
    time.sleep(1.0)

    # raw SQL tells nobody
    Job.objects.filter(pk=untold).update(status="completed")
    assert answer(waiting[0])[1]["status"] == "completed"
    send(client_of(world.scout), f"jobs/{cancelled}/cancel", {"reason": "It was a mistake."})
    assert answer(waiting[1])[1]["status"] == "cancelled"
    with sessions.connect() as conn:
        conn.execute("SELECT pg_terminate_backend(%s)", [listener])
    Job.objects.filter(pk=after).update(status="failed")
    assert answer(waiting[2])[1]["status"] == "failed"
    until(lambda: connected(listening=True) not in ([], [listener]))


def test_whoever_leaves_is_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # nothing is left open in threads that end with the test
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    key, job = make_key(world.scout), made(world)
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/api/v1/wait/jobs/{job}",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {key}".encode()), (b"host", b"localhost")],
    }
    sent: list[Message] = []

    async def left() -> tuple[int, int]:
        stream, leaving = Stream(get_asgi_application()), asyncio.Event()
        said = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Message:
            for message in said:
                return message
            await leaving.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        waiting = asyncio.ensure_future(stream(scope, receive, send))
        while not stream.hub.wanted():  # noqa: ASYNC110 - nobody is told of who comes
            await asyncio.sleep(0.01)
        before = len(stream.hub.wanted())
        leaving.set()
        await waiting
        await stream.hub.close()
        return before, len(stream.hub.wanted())

    assert asyncio.run(left()) == (1, 0)
    assert sent == []
