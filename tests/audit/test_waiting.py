"""Whoever waits for people's answer has it with the COMMIT that makes it so."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from django.db import connection

from audit import approvals
from audit.models import ApprovalRequest
from core.access.models import User
from core.database import sessions
from markets import proposals
from tests.audit.voting import Vote, ask, by_verb, expire
from tests.calling import client_of
from tests.core.web.waits import HOST, answer, asked, get, streaming
from tests.factories import REASON, World, acting, make_key, make_world, request_for
from tests.raw import one, run
from tests.signing import make_ed25519_key, make_hmac_key
from xmarket_client import ApiKey, Client, Credential

WAITERS = 200
# a decision is answered in milliseconds; whoever only looks finds it after three seconds
AT_ONCE = 2.5
WITHDRAW = "UPDATE approval_requests SET status = 'withdrawn' WHERE id = %s"

Said = Callable[[], list[str]]


@pytest.fixture
def world(committing_db: str) -> World:
    return make_world()


@pytest.fixture
def port(committing_db: str, world: World) -> Iterator[int]:
    with streaming(committing_db) as (_, found):
        yield found


@pytest.fixture
def said(world: World) -> Iterator[Said]:
    """What the database says of approvals, since it was last asked."""
    with closing(sessions.connect()) as conn:
        conn.execute("LISTEN xm_approval")

        def heard() -> list[str]:
            return [notice.payload for notice in conn.notifies(timeout=0.5)]

        yield heard


def waits(port: int, request: ApprovalRequest, key: str, **headers: str) -> http.client.HTTPConnection:
    path = f"/api/v1/wait/approvals/{request.pk}?seconds=50"
    return asked(port, path, Authorization=f"Bearer {key}", **headers)


def has_read(key: str) -> None:
    """Go on when every reading of this key is over, and its waiter only waits."""
    used = "SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL AND prefix = %s"
    until = time.monotonic() + 20
    while not one(used, key.split("_")[1]):
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.5)


def test_two_hundred_hear_of_the_decision_and_none_before_it(world: World, port: int) -> None:
    key, request = make_key(world.scout), world.request
    waiting = [waits(port, request, key) for _ in range(WAITERS)]
    has_read(key)
    began = time.monotonic()

    by_verb(request, world.grace)

    answers = [answer(caller) for caller in waiting]
    took = time.monotonic() - began
    shown = client_of(world.scout).get(f"/api/v1/approvals/{request.pk}").json()
    for caller in waiting:
        caller.close()
    print(f"\n{WAITERS} wait for one decision: all answered after {took:.2f} s")  # noqa: T201 - measured
    assert answers == [(200, shown)] * WAITERS
    assert (shown["status"], shown["grant_audit_id"] is not None) == ("granted", True)


def test_nobody_decided_in_time_and_that_means_no(world: World, port: int) -> None:
    key, request = make_key(world.scout), world.request
    here = f"http://{HOST}:{port}/api/v1/wait/approvals/{request.pk}?seconds=1"
    bearer = {"Authorization": f"Bearer {key}"}

    began = time.monotonic()
    found = httpx.get(here, headers=bearer)
    took = time.monotonic() - began
    same = httpx.get(here, headers={**bearer, "If-None-Match": found.headers["ETag"]})

    detail = client_of(world.scout).get(f"/api/v1/approvals/{request.pk}")
    assert took >= 1
    assert (found.status_code, found.json()["status"]) == (200, "open")
    assert (found.content, found.headers["ETag"]) == (detail.content, detail.headers["ETag"])
    assert (same.status_code, same.content) == (304, b"")


def test_whoever_says_what_they_have_hears_of_the_first_of_two_votes(world: World, port: int) -> None:
    keys = [make_key(world.scout), make_key(world.edith)]
    request = request_for(ask(world))
    seen = client_of(world.scout).get(f"/api/v1/approvals/{request.pk}").headers["ETag"]
    for_a_change = waits(port, request, keys[0], **{"If-None-Match": seen})
    for_the_end = waits(port, request, keys[1])
    for key in keys:
        has_read(key)

    began = time.monotonic()
    by_verb(request, world.grace)
    status, changed = answer(for_a_change)
    took = time.monotonic() - began
    outdated = get(
        port,
        f"/api/v1/wait/approvals/{request.pk}",
        **{"Authorization": f"Bearer {keys[0]}", "If-None-Match": seen},
    )
    by_verb(request, world.alan)
    end = answer(for_the_end)

    assert took < AT_ONCE
    assert (status, changed["status"], len(changed["decisions"])) == (200, "open", 1)
    assert outdated == (200, changed)
    assert (end[0], end[1]["status"], len(end[1]["decisions"])) == (200, "granted", 2)
    for caller in (for_a_change, for_the_end):
        caller.close()


def test_the_end_of_the_time_to_decide_is_found_by_looking(world: World, port: int) -> None:
    key, request = make_key(world.scout), world.request
    waiting = waits(port, request, key)
    has_read(key)

    expire(request)

    status, found = answer(waiting)
    waiting.close()
    assert (status, found["status"], found["has_expired"]) == (200, "open", True)


def test_what_is_closed_is_answered_at_once(world: World, port: int) -> None:
    key, request = make_key(world.scout), world.request
    with acting(world.scout):
        proposals.withdraw(world.proposal.pk, by=world.scout, reason=REASON)

    began = time.monotonic()
    status, found = get(port, f"/api/v1/wait/approvals/{request.pk}", Authorization=f"Bearer {key}")

    assert (status, found["status"]) == (200, "withdrawn")
    assert time.monotonic() - began < AT_ONCE


class Watched(httpx.HTTPTransport):
    """Remembers how each wait was asked and answered, and lets somebody vote after some of them."""

    def __init__(self, votes: dict[int, Callable[[], None]]) -> None:
        super().__init__()
        self.votes = votes
        self.waits: list[tuple[bool, int]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if "/wait/" in request.url.path:
            self.waits.append(("If-None-Match" in request.headers, answer.status_code))
            self.votes.get(len(self.waits), lambda: None)()
        return answer


def vote_and_leave(request: ApprovalRequest, by: User) -> None:
    """Approve, in a thread that ends."""
    by_verb(request, by)
    connection.close()


def never(seconds: float) -> None:
    raise AssertionError(f"It slept for {seconds} s instead of waiting.")


@pytest.mark.parametrize("make", [make_ed25519_key, make_hmac_key])
def test_the_client_is_told_the_moment_people_decide(
    world: World, port: int, make: Callable[..., Credential]
) -> None:
    request, proposal = world.request, str(world.proposal.pk)
    with Client(f"http://{HOST}:{port}", make(world.scout), sleep=never) as client:
        voting = threading.Timer(0.5, vote_and_leave, (request, world.grace))
        began = time.monotonic()
        voting.start()
        found = client.wait_for_approval(proposal, timeout=50)
        took = time.monotonic() - began
        voting.join()

    assert found["status"] == "approved"
    assert took < 0.5 + AT_ONCE


def test_the_client_waits_on_with_what_it_knows(
    world: World, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xmarket_client.client.LONGEST_WAIT", 1)
    proposal, key = ask(world), ApiKey(make_key(world.scout))
    request = request_for(proposal)
    sent = Watched({1: lambda: by_verb(request, world.grace), 3: lambda: by_verb(request, world.alan)})
    with Client(f"http://{HOST}:{port}", key, sleep=never, transport=sent) as client:
        found = client.wait_for_approval(str(proposal.pk), timeout=50)

    assert found["status"] == "approved"
    # nobody yet, the first of two votes, nothing new, the second
    assert sent.waits == [(False, 200), (True, 200), (True, 304), (True, 200)]


def test_nobody_waits_for_what_they_may_not_see(world: World, port: int) -> None:
    here = f"/api/v1/wait/approvals/{world.request.pk}"
    boris = make_key(world.boris)

    assert get(port, here)[0] == 401
    assert get(port, here, Authorization=f"Bearer {boris}")[0] == 404
    assert get(port, "/api/v1/wait/approvals/nonsense", Authorization=f"Bearer {boris}")[0] == 404
    assert get(port, here, Authorization=f"Bearer {boris}", **{"If-None-Match": "x"})[0] == 404
    grace = make_key(world.grace)
    refused = get(port, here, Authorization=f"Bearer {grace}", **{"If-None-Match": "x"})
    assert (refused[0], refused[1]["code"]) == (400, "invalid_input")


def test_every_decision_is_told_once(world: World, said: Said, vote: Vote) -> None:
    request = request_for(ask(world))

    vote(request, world.grace)
    first = said()
    vote(request, world.alan)

    # the vote, the grant and the end of the request are one transaction
    assert (first, said()) == ([str(request.pk)], [str(request.pk)])


@pytest.mark.parametrize("verdict", ["reject", "request_changes", "abstain"])
def test_so_is_a_no_and_a_word_that_moves_nothing(world: World, said: Said, vote: Vote, verdict: str) -> None:
    vote(world.request, world.grace, verdict)

    assert said() == [str(world.request.pk)]


def test_a_request_that_is_taken_back_or_replaced_is_told(world: World, said: Said) -> None:
    first = world.request
    with acting(world.scout):
        run(WITHDRAW, first.pk)
    withdrawn = said()
    proposal = ask(world)
    second = request_for(proposal)
    quiet = said()
    with acting(world.scout):
        approvals.request(
            second.action, second.subject_id, bytes(second.digest), by=world.scout, reason=REASON
        )

    assert (withdrawn, quiet, said()) == ([str(first.pk)], [], [str(second.pk)])


def test_what_is_rolled_back_is_told_to_nobody(world: World, said: Said) -> None:
    def tried() -> Any:
        with acting(world.scout):
            run(WITHDRAW, world.request.pk)
            raise TimeoutError

    with pytest.raises(TimeoutError):
        tried()

    assert said() == []
    assert world.request.status == "open"
