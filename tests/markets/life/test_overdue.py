"""Whoever breaks the glass is reviewed within a day, or what they let through stops."""

from __future__ import annotations

import pytest

from audit import approvals
from audit.approving import overrides
from audit.models import Override
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from markets import trading
from markets.models import Market
from tests.audit import traces
from tests.factories import World, acting, as_staff, decide, open_market, request_for
from tests.markets.life.changing import amended, carry, move, put
from tests.raw import denied, refused, run, untriggered

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    traces.break_glass(world)
    return Market.objects.get()


def run_out() -> None:
    with untriggered("approval_overrides"):
        run("UPDATE approval_overrides SET review_due_at = clock_timestamp()")


def look() -> list[Override]:
    with unit("worker"):
        return overrides.become_overdue(10, by=None)


def status() -> str:
    return Market.objects.get().status


def test_what_is_not_due_yet_goes_on(market: Market) -> None:
    assert look() == []
    assert status() == "active"


def test_what_nobody_reviewed_in_time_is_overdue_once_and_stops(market: Market) -> None:
    run_out()

    assert [override.kind for override in look()] == ["break_glass"]

    assert look() == []
    assert status() == "paused"
    told = OutboxEvent.objects.filter(event_type__in=["override.overdue", "market.paused"])
    assert sorted(told.values_list("event_type", flat=True)) == ["market.paused", "override.overdue"]


def test_it_goes_on_only_once_it_was_reviewed(world: World, market: Market) -> None:
    run_out()
    look()

    with refused("market_waits_for_review"):
        move(market, trading.resume, world.grace)
    with as_staff(world.grace), refused("market_waits_for_review"):
        run("UPDATE markets SET status = 'active'")

    traces.review(world)
    assert move(market, trading.resume, world.grace).status == "active"


def test_what_was_reviewed_in_time_is_never_overdue(world: World, market: Market) -> None:
    traces.review(world)
    run_out()

    assert look() == []
    assert status() == "active"


def test_an_amendment_let_through_alone_stops_its_market_too(world: World) -> None:
    market = open_market(world.proposal, world.grace)
    decide(approvals.break_glass, request_for(put(amended(market, world), world.scout)), world.alan)
    run_out()

    look()

    assert status() == "paused"


def test_an_amendment_that_follows_ends_no_wait_for_the_review(world: World) -> None:
    market = open_market(world.proposal, world.grace)
    decide(approvals.break_glass, request_for(put(amended(market, world), world.scout)), world.alan)
    run_out()
    look()
    carry(amended(Market.objects.get(), world, title="Will a crew orbit the Moon in 2027 at all?"), world)

    with refused("market_waits_for_review"):
        move(market, trading.resume, world.grace)
    with as_staff(world.grace), refused("market_waits_for_review"):
        run("UPDATE markets SET status = 'active'")


def test_what_an_amendment_took_the_place_of_in_time_is_waited_for_by_nobody(world: World) -> None:
    market = open_market(world.proposal, world.grace)
    decide(approvals.break_glass, request_for(put(amended(market, world), world.scout)), world.alan)
    carry(amended(Market.objects.get(), world, title="Will a crew orbit the Moon in 2027 at all?"), world)
    run_out()

    look()

    assert status() == "active"
    move(market, trading.pause, world.grace)
    assert move(market, trading.resume, world.grace).status == "active"


@pytest.mark.parametrize("role", ["api", "staff", "platform", "auditor"])
def test_nobody_but_the_worker_looks(world: World, market: Market, role: str) -> None:
    with acting(world.grace, role), denied("overrides_become_overdue"):
        run("SELECT overrides_become_overdue(10)")
