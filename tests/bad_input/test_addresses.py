"""Ids, keys and questions that lead nowhere are refused alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.access import keys
from core.access.models import ApiKey, User
from core.database.rows import insert
from core.database.unit import unit
from markets.models import Event
from tests.bad_input.sending import counted, refused, send, without_instance
from tests.calling import client_of
from tests.experiments.matrix import ask_for_nothing
from tests.factories import (
    World,
    open_market,
)

pytestmark = pytest.mark.django_db


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
        "jobs/{id}",
        "jobs/{id}/events",
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
        "jobs": ask_for_nothing(world.scout),
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


def key_that_is(state: str, world: World) -> str:
    with unit("staff", tenant=world.acme.pk):
        past = datetime(2020, 1, 1, tzinfo=UTC) if state == "expired" else None
        key, written = keys.issue(world.scout, label="test", scopes=["*"], by=None, expires_at=past)
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
