"""Whatever people approved says where the receipt of exactly that approval is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from markets.models import Event, Market
from tests.calling import client_of
from tests.events import let_out_by_itself, propose_event, publish_event
from tests.factories import World, open_market
from tests.markets.life.changing import live_through
from tests.raw import one

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


@pytest.fixture
def vera(world: World) -> Client:
    return client_of(world.vera)


def assert_leads_to_its_approval(client: Client, shown: dict[str, Any], action: str) -> None:
    approved = shown["human_approval_audit_id"]
    assert shown["receipt"] == f"/api/v1/audit-events/{approved}/receipt"
    assert one("SELECT action FROM approval_grants WHERE audit_id = %s", approved) == action
    # it is there, and of a transaction that still runs
    answer = client.get(shown["receipt"])
    assert (answer.status_code, answer.json()["code"]) == (409, "not_sealed_yet")


def test_a_market_leads_to_the_receipt_of_its_first_approval(
    world: World, market: Market, vera: Client
) -> None:
    live_through(market, world)

    (listed,) = vera.get("/api/v1/markets").json()["results"]

    assert_leads_to_its_approval(vera, listed, "market:create")
    assert vera.get(f"/api/v1/markets/{market.pk}").json() == listed


def test_an_approved_event_leads_to_its_receipt(world: World, market: Market, vera: Client) -> None:
    event = publish_event(world, market)

    assert_leads_to_its_approval(vera, vera.get(f"/api/v1/events/{event.pk}").json(), "event:publish")


def test_an_event_that_nobody_approved_has_no_receipt(world: World, market: Market, vera: Client) -> None:
    let_out_by_itself()
    candidate = propose_event(world, market)

    shown = vera.get(f"/api/v1/events/{Event.objects.get(candidate_id=candidate.pk).pk}").json()

    assert (shown["basis"], shown["human_approval_audit_id"], shown["receipt"]) == ("policy", None, None)


@pytest.mark.parametrize(
    ("kind", "action"),
    [("amendment", "market:amend"), ("resolution", "market:resolve"), ("reopening", "market:reopen")],
)
def test_a_change_leads_to_the_receipt_of_its_own_approval(
    world: World, market: Market, vera: Client, kind: str, action: str
) -> None:
    live_through(market, world)

    told = vera.get(f"/api/v1/markets/{market.pk}/history").json()["results"]
    (shown,) = (entry[kind] for entry in told if entry["kind"] == kind)

    assert_leads_to_its_approval(vera, shown, action)
