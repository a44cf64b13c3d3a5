from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artifacts.models import Blob, Snapshot
from audit import approvals
from audit.models import ApprovalDecision, ApprovalRequest, ApprovalSubject, AuditEvent
from core.access import keys
from core.access.models import ApiKey, User
from core.database.rows import insert
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from markets import proposals
from markets.models import Event, Market, Proposal, Revision
from tests.factories import (
    World,
    acting,
    decide,
    make_agent,
    make_key,
    make_snapshot,
    open_market,
    request_for,
)

GOVERNED = (
    AuditEvent,
    OutboxEvent,
    Proposal,
    Revision,
    Market,
    ApprovalSubject,
    ApprovalRequest,
    ApprovalDecision,
    Snapshot,
    Blob,
)
GONE = "leave this field out"
MARKET = {
    "symbol": "MARS-2031",
    "type": "technology",
    "title": "Will a spacecraft land on Mars in 2031?",
    "resolution_criteria": "Resolves YES if a spacecraft lands softly on Mars in 2031 (UTC).",
    "closes_at": "2031-12-31T23:59:00Z",
    "producer": "scout",
    "schema_version": "v1",
    "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
}
PAGE = {"url": "https://example.org/rocket", "content_type": "text/html", "body": "<p>It landed.</p>"}


def client_of(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_key(user)}"})


def counted() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in GOVERNED}


@pytest.fixture
def scout(world: World) -> Client:
    return client_of(world.scout)


@pytest.fixture
def market(world: World) -> dict[str, Any]:
    """A body that would be accepted."""
    return {**MARKET, "snapshot_ids": [world.evidence.snapshot_id]}


@pytest.fixture
def page() -> dict[str, Any]:
    """A body that would be accepted."""
    return dict(PAGE)


def changed(body: dict[str, Any], /, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**body, **changes}.items() if value is not GONE}


def send(client: Client, path: str, body: Any, **how: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.generic("POST", f"/api/v1/{path}", data, **{"content_type": "application/json", **how})


def refused(response: Any, status: int, code: str, pointer: str | None = None) -> None:
    assert (response.status_code, response.json().get("code")) == (status, code), response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    if pointer is not None:
        assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer], response.content


def test_what_the_other_tests_spoil_is_accepted_as_it_stands(
    scout: Client, market: dict[str, Any], page: dict[str, Any]
) -> None:
    assert send(scout, "proposals", market).status_code == 201
    assert send(scout, "snapshots", page).status_code == 201


@pytest.mark.parametrize("path", ["proposals", "snapshots"])
def test_every_wrong_field_is_refused_by_its_place(
    scout: Client, market: dict[str, Any], page: dict[str, Any], path: str
) -> None:
    good = market if path == "proposals" else page
    before = counted()

    unfit: tuple[Any, ...] = (None, 5, True, {}, GONE)
    for name in good:
        for wrong in unfit:
            response = send(scout, path, changed(good, **{name: wrong}))
            refused(response, 400, "invalid_input")
    refused(send(scout, path, {**good, "tenant_id": str(uuid4())}), 400, "invalid_input", "/tenant_id")

    assert counted() == before


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"snapshot_ids": ["a" * 64, "A" * 64]}, "/snapshot_ids/1"),
        ({"snapshot_ids": ["a" * 64, "b" * 64, "a" * 64]}, "/snapshot_ids/2"),
        ({"safety_assertions": ["no-seed-data", "harmless"]}, "/safety_assertions/1"),
        ({"safety_assertions": ["no-seed-data", "no-seed-data"]}, "/safety_assertions/1"),
        ({"metadata": {"a": {"b/c": [0, 2**53]}}}, "/metadata/a/b~1c/1"),
        ({"metadata": {"a": {"b": [0, 1e300]}}}, "/metadata/a/b/1"),
        ({"metadata": {"a": -(10**400)}}, "/metadata/a"),
        ({"exposure": 10**16}, "/exposure"),
        ({"a/b": 1}, "/a~1b"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_fault_deep_inside_is_refused_by_its_place(
    scout: Client, market: dict[str, Any], changes: dict[str, Any], pointer: str
) -> None:
    before = counted()

    refused(send(scout, "proposals", {**market, **changes}), 400, "invalid_input", pointer)

    assert counted() == before


def test_every_fault_of_a_body_is_named_at_once(scout: Client, market: dict[str, Any]) -> None:
    response = send(scout, "proposals", changed(market, title=5, type=GONE, status="approved"))

    refused(response, 400, "invalid_input")
    assert {fault["pointer"] for fault in response.json()["errors"]} == {"/title", "/type", "/status"}


def nested(depth: int) -> bytes:
    return b'{"metadata":' * depth + b"1" + b"}" * depth


BODIES = {
    "nothing": (b"", 400),
    "a list": (b"[]", 400),
    "null": (b"null", 400),
    "half an object": (b'{"symbol": "M', 400),
    "two objects": (b"{}{}", 400),
    "latin-1": ('{"title": "\u00e9"}'.encode("latin-1"), 400),
    "utf-16": ('{"title": "x"}'.encode("utf-16"), 400),
    "a byte order mark": (b"\xef\xbb\xbf{}", 400),
    "NUL in a text": (b'{"title": "a\\u0000b"}', 400),
    "NUL in a name": (b'{"a\\u0000b": 1}', 400),
    "half a surrogate pair": (b'{"title": "\\ud800"}', 400),
    "half a surrogate pair in a name": (b'{"metadata": {"\\udfff": 1}}', 400),
    "not a number": (b'{"metadata": {"a": NaN}}', 400),
    "infinity": (b'{"metadata": {"a": -Infinity}}', 400),
    "more than a double": (b'{"metadata": {"a": 1e999}}', 400),
    "a number of a million digits": (b'{"metadata": ' + b"9" * 1_000_000 + b"}", 400),
    "a name given twice": (b'{"symbol": "A", "symbol": "B"}', 400),
    "65 levels": (nested(65), 400),
    "100000 levels": (nested(100_000), 400),
    "100000 open lists": (b"[" * 100_000, 400),
    "3 MiB": (b'{"title": "' + b"x" * 3 * 1024 * 1024 + b'"}', 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_cannot_be_read_is_refused(scout: Client, name: str) -> None:
    body, status = BODIES[name]
    before = counted()

    response = send(scout, "proposals", body)

    refused(response, status, "too_large" if status == 413 else "invalid_input")
    assert counted() == before


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "nonsense",
    ],
)
def test_another_content_type_is_refused(scout: Client, market: dict[str, Any], content_type: str) -> None:
    refused(send(scout, "proposals", market, content_type=content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "proposals", {"GET", "POST"}),
        ("DELETE", "proposals/{id}", {"GET"}),
        ("PATCH", "proposals/{id}", {"GET"}),
        ("GET", "proposals/{id}/withdraw", {"POST"}),
        ("POST", "approvals", {"GET"}),
        ("POST", "approvals/{id}", {"GET"}),
        ("POST", "markets", {"GET"}),
        ("POST", "events", {"GET"}),
        ("DELETE", "audit-events", {"GET"}),
        ("OPTIONS", "markets", {"GET"}),
        ("TRACE", "markets", {"GET"}),
    ],
)
def test_another_method_is_refused(
    scout: Client, world: World, method: str, path: str, allowed: set[str]
) -> None:
    response = scout.generic(method, f"/api/v1/{path.format(id=world.proposal.pk)}")

    refused(response, 405, "method_not_allowed")
    assert allowed <= set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["proposals/", "nonsense", "markets/x/y/z", "approvals/{id}/approve"])
def test_an_unknown_address_is_not_found(scout: Client, world: World, path: str) -> None:
    refused(scout.get(f"/api/v1/{path.format(id=world.request.pk)}"), 404, "not_found")


def test_an_agent_without_safety_assertions_is_refused(scout: Client, market: dict[str, Any]) -> None:
    before = counted()
    silent = changed(market, producer=GONE, schema_version=GONE, safety_assertions=GONE)

    refused(send(scout, "proposals", silent), 422, "agent_states_its_safety")
    refused(send(scout, "proposals", changed(market, safety_assertions=[])), 422, "agent_states_its_safety")
    one = changed(market, safety_assertions=["no-seed-data"])
    refused(send(scout, "proposals", one), 422, "agent_states_its_safety")

    assert counted() == before


def test_unknown_and_foreign_evidence_are_refused_alike(
    scout: Client, world: World, market: dict[str, Any]
) -> None:
    foreign = make_snapshot(make_agent("spy", world.boris), url="https://example.org/secret").snapshot_id
    before = counted()

    answers = [send(scout, "proposals", {**market, "snapshot_ids": [each]}) for each in ("0" * 64, foreign)]

    for response in answers:
        refused(response, 422, "evidence_is_a_known_snapshot")
    assert without_instance(answers[0]) == without_instance(answers[1])
    assert counted() == before


def test_a_symbol_is_taken_once(scout: Client, market: dict[str, Any]) -> None:
    before = counted()

    refused(send(scout, "proposals", {**market, "symbol": "MOON-2027"}), 409, "symbol_is_taken")

    assert counted() == before


def test_somebody_elses_proposal_is_neither_revised_nor_withdrawn_nor_put_again(
    world: World, market: dict[str, Any]
) -> None:
    edith = client_of(world.edith)
    before = counted()

    for verb, body in (
        ("revisions", {**market, "symbol": "MOON-2027"}),
        ("withdraw", {"reason": "It is not mine."}),
        ("resubmit", {}),
    ):
        response = send(edith, f"proposals/{world.proposal.pk}/{verb}", body)
        refused(response, 403, "proposal_is_somebody_elses")

    assert counted() == before


def test_the_operator_of_an_agent_does_not_revise_for_it(world: World, market: dict[str, Any]) -> None:
    revised = {**market, "symbol": "MOON-2027"}

    response = send(client_of(world.olga), f"proposals/{world.proposal.pk}/revisions", revised)

    refused(response, 403, "proposal_is_somebody_elses")


@pytest.mark.parametrize("end", ["withdrawn", "rejected", "approved"])
def test_a_closed_proposal_stays_closed(
    scout: Client, world: World, market: dict[str, Any], end: str
) -> None:
    if end == "withdrawn":
        with acting(world.scout):
            proposals.withdraw(world.proposal.pk, by=world.scout, reason="A mistake.")
    else:
        decide(approvals.reject if end == "rejected" else approvals.approve, world.request, world.grace)
    before = counted()

    for verb, body in (
        ("revisions", {**market, "symbol": "MOON-2027"}),
        ("withdraw", {"reason": "Once more."}),
        ("resubmit", {}),
    ):
        refused(send(scout, f"proposals/{world.proposal.pk}/{verb}", body), 409, "proposal_is_closed")

    assert counted() == before


def test_a_revision_keeps_the_symbol(scout: Client, world: World, market: dict[str, Any]) -> None:
    before = counted()

    refused(send(scout, f"proposals/{world.proposal.pk}/revisions", market), 422, "symbol_never_changes")

    assert counted() == before


def test_the_same_wording_is_no_answer_to_a_request_for_changes(
    scout: Client, market: dict[str, Any]
) -> None:
    made = send(scout, "proposals", market).json()
    found = Proposal.objects.get(pk=made["id"])
    grace = User.objects.get(email="grace@acme.example")
    decide(approvals.request_changes, request_for(found), grace)

    refused(send(scout, f"proposals/{found.pk}/revisions", market), 409, "nothing_changed")


def test_a_proposal_that_is_still_open_is_not_put_again(scout: Client, world: World) -> None:
    refused(send(scout, f"proposals/{world.proposal.pk}/resubmit", {}), 409, "request_is_still_open")


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": 5}, {"reason": "x" * 2_001}]
)
def test_a_withdrawal_says_why(scout: Client, world: World, body: dict[str, Any]) -> None:
    refused(send(scout, f"proposals/{world.proposal.pk}/withdraw", body), 400, "invalid_input", "/reason")


def without_instance(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.json().items() if name != "instance"}


ILL_FORMED = (
    "nonsense",
    "0",
    "..",
    "x" * 3000,
    "%00",
    "%ED%A0%80",
    "{0}",
    "urn:uuid:" + "0" * 32,
    "0" * 64,
    "'--",
)


@pytest.mark.parametrize(
    "path",
    [
        "proposals/{id}",
        "markets/{id}",
        "markets/{id}/proof",
        "events/{id}",
        "approvals/{id}",
        "audit-events/{id}",
        "snapshots/{id}",
        "snapshots/{id}/content",
    ],
)
def test_ill_formed_unknown_and_foreign_ids_are_not_found_alike(world: World, path: str) -> None:
    market = open_market(world.proposal, world.grace)
    event = insert(
        Event,
        tenant_id=world.acme.pk,
        market_id=market.pk,
        summary="The capsule has launched.",
        snapshot_ids=[world.evidence.snapshot_id],
    )
    own = {
        "proposals": world.proposal.pk,
        "events": event.pk,
        "markets": market.pk,
        "approvals": world.request.pk,
        "audit-events": market.human_approval_audit_id,
        "snapshots": world.evidence.snapshot_id,
    }
    foreign = str(own[path.partition("/")[0]])
    boris = client_of(world.boris)

    answers = [
        boris.get(f"/api/v1/{path.replace('{id}', wanted)}")
        for wanted in (foreign, str(uuid4()), *ILL_FORMED)
    ]

    for response in answers:
        refused(response, 404, "not_found")
        assert without_instance(response) == without_instance(answers[0])


@pytest.mark.parametrize("verb", ["revisions", "withdraw", "resubmit"])
def test_writes_to_ill_formed_unknown_and_foreign_ids_are_not_found_alike(
    world: World, market: dict[str, Any], verb: str
) -> None:
    boris = client_of(world.boris)
    body = market if verb == "revisions" else {"reason": "Because."}
    before = counted()

    answers = [
        send(boris, f"proposals/{wanted}/{verb}", body)
        for wanted in (str(world.proposal.pk), str(uuid4()), *ILL_FORMED)
    ]

    for response in answers:
        refused(response, 404, "not_found")
        assert without_instance(response) == without_instance(answers[0])
    assert counted() == before


def test_a_body_over_the_limit_of_evidence_is_refused_unread(scout: Client) -> None:
    response = send(scout, "snapshots", b'{"body": "' + b"x" * 5 * 1024 * 1024 + b'"}')

    refused(response, 413, "too_large")
    assert response.json()["limit"] == 4 * 1024 * 1024


def test_a_length_that_lies_is_refused(scout: Client) -> None:
    refused(send(scout, "proposals", b"{}", headers={"Content-Length": str(2**40)}), 413, "too_large")


def key_that_is(state: str, world: World) -> str:
    with unit("staff", tenant=world.acme.pk):
        past = datetime(2020, 1, 1, tzinfo=UTC) if state == "expired" else None
        key, written = keys.issue(world.scout, label="test", by=None, expires_at=past)
        if state == "revoked":
            keys.revoke(ApiKey.objects.get(pk=key.pk), by=world.grace, reason="Lost.")
        if state == "of a disabled user":
            User.objects.filter(pk=world.scout.pk).update(status="disabled")
    return written


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("expired", "key_expired"),
        ("revoked", "key_revoked"),
        ("of a disabled user", "not_authenticated"),
    ],
)
def test_a_key_that_is_not_live_opens_nothing(
    world: World, market: dict[str, Any], state: str, code: str
) -> None:
    dead = Client(headers={"Authorization": f"Bearer {key_that_is(state, world)}"})
    before = counted()

    refused(dead.get("/api/v1/markets"), 401, code)
    refused(send(dead, "proposals", market), 401, code)

    assert counted() == before


def test_an_unknown_key_opens_nothing(market: dict[str, Any]) -> None:
    unknown = Client(headers={"Authorization": f"Bearer xm_{'0' * 12}_{'a' * 43}"})

    refused(send(unknown, "proposals", market), 401, "not_authenticated")


def test_a_viewer_writes_nothing(world: World, market: dict[str, Any], page: dict[str, Any]) -> None:
    vera = client_of(world.vera)
    before = counted()

    for path, body in (
        ("proposals", market),
        ("snapshots", page),
        (f"proposals/{world.proposal.pk}/revisions", market),
        (f"proposals/{world.proposal.pk}/withdraw", {"reason": "Because."}),
        (f"proposals/{world.proposal.pk}/resubmit", {}),
    ):
        refused(send(vera, path, body), 403, "not_allowed")

    assert counted() == before


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("proposals?status=open", "status"),
        ("proposals?symbol=", "symbol"),
        ("proposals?symbol=" + "x" * 51, "symbol"),
        ("proposals?symbol=A&symbol=B", "symbol"),
        ("proposals?sybmol=A", "sybmol"),
        ("approvals?status=pending", "status"),
        ("approvals?risk=extreme", "risk"),
        ("markets?type=weather", "type"),
        ("markets?status=%00", "status"),
        ("markets?symbol=%00", "symbol"),
        ("markets?tenant_id=00000000-0000-0000-0000-000000000000", "tenant_id"),
        ("markets?status__in=active", "status__in"),
        ("events?market_id=MOON", "market_id"),
        ("audit-events?actor_id=scout", "actor_id"),
        ("audit-events?correlation_id=5", "correlation_id"),
        ("audit-events?entity_id=" + "x" * 256, "entity_id"),
        ("snapshots?url=https://example.org/", "url"),
        ("markets?limit=0", "limit"),
        ("markets?limit=101", "limit"),
        ("markets?limit=-1", "limit"),
        ("markets?limit=ten", "limit"),
        ("markets?limit=%D9%A1", "limit"),
        ("markets?cursor=", "cursor"),
        ("markets?cursor=nonsense", "cursor"),
        ("markets?cursor=%00", "cursor"),
        ("markets?cursor=" + "A" * 5000, "cursor"),
        ("markets?cursor=AAAAAAAAAAAAAAAAAAAAAAA", "cursor"),
        ("markets?page=2", "page"),
    ],
    ids=lambda value: str(value)[:45],
)
def test_a_question_that_is_not_understood_is_refused(scout: Client, asked: str, parameter: str) -> None:
    response = scout.get(f"/api/v1/{asked}")

    refused(response, 400, "invalid_input")
    assert [fault["parameter"] for fault in response.json()["errors"]] == [parameter]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
FIELDS = [
    *MARKET,
    "snapshot_ids",
    "subtype",
    "region",
    "description",
    "risk_level",
    "exposure",
    "metadata",
    "reason",
]
SPOILED = st.dictionaries(
    st.sampled_from([*FIELDS, *PAGE, "body_base64"]) | st.text(max_size=10), JSON, min_size=1, max_size=3
)
OFTEN = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@OFTEN
@given(spoiled=SPOILED, kept=st.booleans())
def test_no_body_whatever_it_says_breaks_the_server(
    scout: Client, world: World, market: dict[str, Any], spoiled: dict[str, Any], kept: bool
) -> None:
    for path, good in (
        ("proposals", market),
        (f"proposals/{world.proposal.pk}/revisions", {**market, "symbol": "MOON-2027"}),
        (f"proposals/{world.proposal.pk}/resubmit", {}),
        ("snapshots", PAGE),
    ):
        before = counted()
        response = send(scout, path, {**good, **spoiled} if kept else spoiled)
        assert response.status_code < 500
        if response.status_code >= 400:
            assert response.headers["Content-Type"] == "application/problem+json"
            assert counted() == before


@OFTEN
@given(body=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: json.dumps(text).encode()))
def test_no_bytes_break_the_server(scout: Client, body: bytes) -> None:
    for path in ("proposals", "snapshots"):
        response = send(scout, path, body)
        assert 400 <= response.status_code < 500
