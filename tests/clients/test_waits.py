"""The client waits where the server waits, and where it does not it asks ever more rarely."""

from __future__ import annotations

import httpx
import pytest

from tests.clients.test_client import LOST, PROPOSAL, Answer, Server, ok, refused
from xmarket_client import (
    ApprovalTimedOut,
    Client,
    JobTimedOut,
    NotAuthenticated,
    NotFound,
    Unavailable,
)


class Clock:
    """Goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def waiting(*statuses: str) -> tuple[Server, Clock, Client]:
    server, clock = Server(*(ok(status=status) for status in statuses)), Clock()
    return server, clock, server.client(sleep=clock.sleep, clock=clock)


@pytest.mark.parametrize("decided", ["approved", "rejected", "changes_requested", "withdrawn"])
def test_it_waits_until_people_have_decided(decided: str) -> None:
    server, clock, client = waiting("proposed", "proposed", decided)

    assert client.wait_for_approval("1", timeout=60)["status"] == decided
    assert clock.slept == [1.0, 1.5]
    assert server.asked[0].url.path == PROPOSAL


def test_it_asks_ever_more_rarely_and_in_the_end_no_answer_means_no() -> None:
    _, clock, client = waiting(*["proposed"] * 40)

    with pytest.raises(ApprovalTimedOut, match="within 120 s"):
        client.wait_for_approval("1", timeout=120)

    assert clock.slept == sorted(clock.slept[:-1]) + clock.slept[-1:]
    assert max(clock.slept) == 15.0
    assert sum(clock.slept) == pytest.approx(120)


WAITED = "https://xmarket.example.org/api/v1/wait/approvals"


def undecided(request_id: str = "9") -> httpx.Response:
    return ok(status="proposed", open_request={"id": request_id})


def told(status: str, *, has_expired: bool = False, etag: str = "") -> httpx.Response:
    return httpx.Response(200, json={"status": status, "has_expired": has_expired}, headers={"ETag": etag})


def test_it_waits_where_the_server_waits_until_people_have_decided() -> None:
    there = "https://stream.example.org/api/v1/wait/approvals/9?seconds=60"
    away = httpx.Response(307, headers={"Location": there})
    answers = [told("open", etag='"a"'), httpx.Response(304), told("open", etag='"b"'), told("granted")]
    by_way = [each for answer in answers for each in (away, answer)]
    server = Server(undecided(), *by_way, ok(status="approved"))

    assert server.client(clock=Clock()).wait_for_approval("1", timeout=90)["status"] == "approved"

    assert [str(request.url) for request in server.asked[1:-1]] == [f"{WAITED}/9?seconds=60", there] * 4
    assert server.headers("If-None-Match")[1:-1] == ["", "", '"a"', '"a"', '"a"', '"a"', '"b"', '"b"']
    assert server.headers("Authorization") == ["Bearer xm_key"] * 10
    assert server.slept == []


@pytest.mark.parametrize(
    "answers",
    [
        [refused(503, code="waiting_is_not_served")],
        [LOST],
        [httpx.Response(307, headers={"Location": "/here"})] * 2,
        [refused(404)],
        [refused(403)],
    ],
    ids=["not served", "not reachable", "sent in a circle", "not known", "not for this key"],
)
def test_where_nobody_waits_for_people_it_asks_ever_more_rarely(answers: list[Answer]) -> None:
    clock = Clock()
    server = Server(undecided(), *answers, undecided(), *answers, ok(status="rejected"))
    client = server.client(clock=clock, sleep=clock.sleep, attempts=1)

    assert client.wait_for_approval("1", timeout=90)["status"] == "rejected"
    assert clock.slept == [1.0, 1.5]


def test_it_waits_on_for_the_request_that_took_the_place_of_another() -> None:
    server = Server(
        undecided("8"), told("superseded"), undecided("9"), told("granted"), ok(status="approved")
    )

    assert server.client(clock=Clock()).wait_for_approval("1", timeout=9)["status"] == "approved"
    assert [str(server.asked[place].url) for place in (1, 3)] == [
        f"{WAITED}/8?seconds=9",
        f"{WAITED}/9?seconds=9",
    ]


def test_where_nobody_can_answer_any_more_it_asks_whether_it_was_put_again() -> None:
    clock = Clock()
    late = told("open", has_expired=True)
    server = Server(undecided(), late, undecided(), late, ok(status="withdrawn"))
    client = server.client(clock=clock, sleep=clock.sleep)

    assert client.wait_for_approval("1", timeout=90)["status"] == "withdrawn"
    assert clock.slept == [1.0, 1.5]


def test_nobody_decided_while_it_waited_and_that_means_no() -> None:
    class Passing(Clock):
        """Goes on by itself."""

        def __call__(self) -> float:
            self.now += 10
            return self.now

    server = Server(undecided(), told("open", etag='"a"'), *[httpx.Response(304)] * 3, undecided())

    with pytest.raises(ApprovalTimedOut, match="within 90 s"):
        server.client(clock=Passing()).wait_for_approval("1", timeout=90)
    assert server.slept == []


def test_what_the_server_that_waits_for_people_refuses_is_raised() -> None:
    with pytest.raises(NotAuthenticated):
        Server(undecided(), refused(401)).client().wait_for_approval("1", timeout=1)
    with pytest.raises(Unavailable):
        Server(undecided(), *[refused(503)] * 4).client().wait_for_approval("1", timeout=1)


@pytest.mark.parametrize("ended", ["completed", "failed", "dlq", "cancelled"])
def test_it_waits_where_the_server_waits_until_the_work_has_ended(ended: str) -> None:
    there = "https://stream.example.org/api/v1/wait/jobs/7?seconds=60"
    away = httpx.Response(307, headers={"Location": there})
    server = Server(away, ok(status="processing"), away, ok(status=ended))

    assert server.client(clock=Clock()).wait_for_job("7", timeout=90)["status"] == ended

    assert [str(request.url) for request in server.asked] == [
        "https://xmarket.example.org/api/v1/wait/jobs/7?seconds=60",
        there,
    ] * 2
    assert server.headers("Authorization") == ["Bearer xm_key"] * 4
    assert [request.extensions["timeout"]["read"] for request in server.asked] == [75.0] * 4
    assert server.slept == []


@pytest.mark.parametrize("answers", [[refused(503, code="waiting_is_not_served")], [LOST]])
def test_where_nobody_waits_it_asks_ever_more_rarely(answers: list[Answer]) -> None:
    clock = Clock()
    server = Server(*answers, ok(status="pending"), *answers, ok(status="completed"))
    client = server.client(clock=clock, sleep=clock.sleep, attempts=1)

    assert client.wait_for_job("7", timeout=90)["status"] == "completed"
    assert clock.slept == [1.0]
    assert server.asked[1].url.path == "/api/v1/jobs/7"


def test_work_that_does_not_end_in_time_is_no_failure_of_the_work() -> None:
    clock = Clock()
    nobody = refused(503, code="waiting_is_not_served")
    server = Server(*[nobody, ok(status="retry")] * 20)

    with pytest.raises(JobTimedOut, match="Job 7 did not end within 30 s"):
        server.client(clock=clock, sleep=clock.sleep).wait_for_job("7", timeout=30)
    assert sum(clock.slept) == pytest.approx(30)


def test_what_the_waiting_server_refuses_is_raised() -> None:
    with pytest.raises(NotFound):
        Server(refused(404)).client().wait_for_job("7", timeout=1)
    with pytest.raises(Unavailable):
        Server(*[refused(503)] * 4).client().wait_for_job("7", timeout=1)
