"""The client sends a request once however often it tries, and says what went wrong by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from audit import approvals
from tests.factories import World, decide, request_for
from tests.raw import one
from tests.signing import client_with, make_ed25519_key, make_hmac_key
from xmarket_client import (
    ApiKey,
    Client,
    Conflict,
    InvalidRequest,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    ServerFault,
    TooManyRequests,
    Unavailable,
    Unreachable,
)
from xmarket_client.errors import Refused

Answer = httpx.Response | Exception
PROPOSAL = "/api/v1/proposals/1"


class Server:
    """Answers in order, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, **changes: Any) -> Client:
        given = {"transport": httpx.MockTransport(self), "sleep": self.slept.append, **changes}
        return Client("https://xmarket.example.org", ApiKey("xm_key"), **given)

    def headers(self, name: str) -> list[str]:
        return [request.headers.get(name, "") for request in self.asked]


def ok(**body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def refused(status: int, retry_after: str = "", **problem: Any) -> httpx.Response:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return httpx.Response(status, json=problem, headers=headers)


LOST = httpx.ConnectError("Connection refused")


def test_an_event_is_proposed_under_one_key() -> None:
    server = Server(LOST, ok(candidate_id="1", status="pending"))

    assert server.client().propose_event({"summary": "It flew."})["status"] == "pending"
    first, second = server.headers("Idempotency-Key")
    assert first == second != ""
    assert server.asked[1].url.path == "/api/v1/candidate-events"


@pytest.mark.parametrize("failure", [LOST, httpx.ReadTimeout("slow"), refused(503), refused(429)])
def test_a_write_is_tried_again_under_the_same_key(failure: Answer) -> None:
    server = Server(failure, ok(id="1"))

    assert server.client().propose({"symbol": "MOON"}) == {"id": "1"}
    first, second = server.headers("Idempotency-Key")
    assert first == second != ""
    assert server.asked[0].content == server.asked[1].content == b'{"symbol": "MOON"}'
    assert len(server.slept) == 1


def test_a_change_of_a_market_and_a_dispute_are_written_once_too() -> None:
    server = Server(ok(id="1"), LOST, ok(id="2"))
    client = server.client()

    assert client.propose_change("9", "resolutions", {"outcome": "yes"}) == {"id": "1"}
    assert client.dispute("9", {"reason": "No."}) == {"id": "2"}

    paths = [asked.url.path for asked in server.asked]
    assert paths == ["/api/v1/markets/9/resolutions", *["/api/v1/markets/9/disputes"] * 2]
    assert len(set(server.headers("Idempotency-Key"))) == 2


def test_ones_own_earlier_attempt_is_waited_for_and_another_conflict_is_not() -> None:
    busy = refused(409, "1", code="request_is_in_flight")
    server = Server(busy, ok(id="1"), refused(409, code="symbol_is_taken"))

    assert server.client().propose({}) == {"id": "1"}
    with pytest.raises(Conflict):
        server.client().propose({})
    assert server.slept == [1.0]


def test_two_writes_have_two_keys_unless_one_says_otherwise() -> None:
    server = Server(ok(), ok(), ok())
    client = server.client()

    client.post("/a", {})
    client.post("/a", {})
    client.post("/a", {}, idempotency_key="mine")

    keys = server.headers("Idempotency-Key")
    assert len(set(keys)) == 3
    assert keys[2] == "mine"


def test_what_carries_no_key_and_is_no_reading_is_sent_once() -> None:
    server = Server(LOST, ok())

    with pytest.raises(Unreachable, match="POST /a: Connection refused"):
        server.client().send("POST", "/a", body={})
    assert len(server.asked) == 1


def test_it_gives_up_after_as_many_attempts_as_it_was_given() -> None:
    server = Server(*[LOST] * 3)

    with pytest.raises(Unreachable):
        server.client(attempts=3).get("/a")
    assert len(server.asked) == 3
    assert server.slept == [0.5, 1.0]


@pytest.mark.parametrize(
    ("said", "waited"), [("7", 7.0), ("0", 0.0), ("86400", 30.0), ("soon", 0.5), ("-1", 0.5), ("\u0667", 0.5)]
)
def test_it_waits_as_long_as_it_is_asked_to_within_reason(said: str, waited: float) -> None:
    busy = httpx.Response(429, json={}, headers=[(b"Retry-After", said.encode())])
    server = Server(busy, ok())

    server.client().get("/a")

    assert server.slept == [waited]


def test_it_understands_a_date_to_wait_for() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=20)
    server = Server(refused(503, format_datetime(soon, usegmt=True)), ok())

    server.client().get("/a")

    assert 15 < server.slept[0] <= 20


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequest), (401, NotAuthenticated), (403, NotAllowed), (404, NotFound), (409, Conflict),
        (412, Conflict), (413, InvalidRequest), (415, InvalidRequest), (422, InvalidRequest), (428, Conflict),
        (500, ServerFault), (502, ServerFault),
    ],
)  # fmt: skip
def test_a_refusal_has_a_name_and_says_what_to_do(status: int, kind: type[Refused]) -> None:
    problem: dict[str, Any] = {
        "code": "a_code",
        "detail": "It is so.",
        "hint": "Do that.",
        "instance": "i",
        "errors": [{"pointer": "/a"}],
    }
    server = Server(refused(status, **problem))

    with pytest.raises(kind) as caught:
        server.client().get("/a")

    error = caught.value
    assert (str(error), error.code, error.status, error.instance) == (
        "It is so. Do that.",
        "a_code",
        status,
        "i",
    )
    assert error.errors == [{"pointer": "/a"}]
    assert server.slept == []


@pytest.mark.parametrize(("status", "kind"), [(429, TooManyRequests), (503, Unavailable)])
def test_a_refusal_that_waiting_did_not_help_is_raised(status: int, kind: type[Refused]) -> None:
    server = Server(*[refused(status)] * 4)

    with pytest.raises(kind):
        server.client().get("/a")


@pytest.mark.parametrize("content", [b"<html>", b"[1]", b""])
def test_an_answer_that_is_no_problem_document_is_an_error_all_the_same(content: bytes) -> None:
    with pytest.raises(ServerFault, match="The server answered 500"):
        Server(httpx.Response(500, content=content)).client().get("/a")


def test_it_asks_for_work_once_under_the_key_of_the_body() -> None:
    server = Server(LOST, ok(job_id="7"))

    made = server.client().ask_for_job("evidence:verify", {"a": 1}, idempotency_key="mine", owned=True)

    assert made == {"job_id": "7"}
    assert server.headers("Idempotency-Key") == ["mine", "mine"]
    assert json.loads(server.asked[1].content) == {
        "job_type": "evidence:verify",
        "idempotency_key": "mine",
        "payload": {"a": 1},
        "owned": True,
    }


def test_it_shows_no_secret_of_its_own() -> None:
    shown = repr([ApiKey("xm_key_secret"), Client("https://x.example", ApiKey("xm_key_secret")).credential])

    assert "xm_key_secret" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_hmac_key, make_ed25519_key])
def test_an_agent_proposes_and_waits_until_grace_approves(world: World, make: Callable[..., Any]) -> None:
    def grace_decides(_: float) -> None:
        decide(approvals.approve, request_for(proposal_row()), world.grace)

    def proposal_row() -> Any:
        return type(world.proposal).objects.get(pk=made["id"])

    with client_with(make(world.scout), sleep=grace_decides) as client:
        evidence = client.post(
            "/api/v1/snapshots",
            {"url": "https://example.org/e", "content_type": "text/plain", "body": "Evidence."},
        )
        content = {
            "symbol": "AGENT-1",
            "type": "technology",
            "title": "Will it?",
            "resolution_criteria": "YES if it does.",
            "closes_at": "2029-01-01T00:00:00Z",
            "snapshot_ids": [evidence["snapshot_id"]],
            "producer": "test",
            "schema_version": "v1",
            "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
        }
        made = client.propose(content)
        decided = client.wait_for_approval(made["id"], timeout=60)

    assert decided["status"] == "approved"
    assert one("SELECT count(*) FROM markets WHERE symbol = 'AGENT-1'") == 1
    assert json.loads(json.dumps(decided))["market_id"]
