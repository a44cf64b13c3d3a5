"""The API of events."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from core.database.rows import insert
from markets.models import Event, Market, Proposal
from tests.calling import client_of
from tests.factories import World, make_content, make_proposal, open_market

pytestmark = pytest.mark.django_db


def make_others(world: World, count: int) -> list[Proposal]:
    return [
        make_proposal(world.scout, make_content(world.evidence, symbol=f"OTHER-{number}"))
        for number in range(count)
    ]


def make_event(market: Market, world: World, summary: str = "The capsule has launched.") -> Event:
    return insert(
        Event,
        tenant_id=market.tenant_id,
        market_id=market.pk,
        summary=summary,
        confidence=Decimal("0.90"),
        snapshot_ids=[world.evidence.snapshot_id],
    )


def test_events_are_read_with_their_evidence(world: World) -> None:
    event = make_event(open_market(world.proposal, world.grace), world)

    shown = client_of(world.vera).get(f"/api/v1/events/{event.pk}").json()

    assert shown["event_id"] == str(event.pk)
    assert (shown["summary"], shown["confidence"]) == ("The capsule has launched.", "0.90")
    assert shown["snapshot_ids"] == [world.evidence.snapshot_id]


def test_events_are_listed_by_their_market(world: World) -> None:
    (other,) = make_others(world, 1)
    moon = open_market(world.proposal, world.grace)
    make_event(moon, world, "First.")
    make_event(open_market(other, world.grace), world, "Elsewhere.")
    make_event(moon, world, "Second.")
    vera = client_of(world.vera)

    def summaries(**filters: str) -> list[str]:
        return [row["summary"] for row in vera.get("/api/v1/events", filters).json()["results"]]

    assert summaries() == ["Second.", "Elsewhere.", "First."]
    assert summaries(market_id=str(moon.pk)) == ["Second.", "First."]
    assert summaries(market_id=str(uuid4())) == []
