"""A market closes by itself when its time has come, once, whoever looks."""

from __future__ import annotations

import pytest

from audit.models import AuditEvent
from core.database.unit import unit
from core.jobs import services
from core.messaging.models import OutboxEvent
from markets import trading
from markets.life import closing
from markets.models import Market
from tests.factories import World, make_content, make_proposal, open_market
from tests.markets.life.changing import move
from tests.raw import RUNTIME, denied, run, untriggered

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def let_time_pass() -> None:
    with untriggered("markets"):
        run("UPDATE markets SET closes_at = clock_timestamp()")


def tick() -> str | None:
    with unit("worker"):
        return closing.tick()


def test_a_market_closes_when_its_time_has_come(world: World, market: Market) -> None:
    let_time_pass()

    assert tick() == "closed 1"
    assert Market.objects.get().status == "closed"


def test_a_paused_market_closes_as_well(world: World, market: Market) -> None:
    move(market, trading.pause, world.grace)
    let_time_pass()

    tick()

    assert Market.objects.get().status == "closed"


def test_a_market_stays_open_until_then(world: World, market: Market) -> None:
    assert tick() is None
    assert Market.objects.get().status == "active"


def test_what_is_closed_is_closed_once(world: World, market: Market) -> None:
    let_time_pass()
    tick()

    assert tick() is None
    assert OutboxEvent.objects.filter(event_type="market.closed").count() == 1


def test_it_is_told_and_in_the_log_as_the_systems_own(world: World, market: Market) -> None:
    let_time_pass()
    tick()

    told = OutboxEvent.objects.get(event_type="market.closed")
    fact = AuditEvent.objects.filter(entity_type="markets").latest("audit_id")
    assert (told.tenant_id, told.payload) == (world.acme.pk, {"symbol": market.symbol, "status": "closed"})
    assert (fact.actor_type, fact.action, fact.tenant_id) == ("system", "market:close", world.acme.pk)
    assert (fact.metadata or {})["reason"] == "Its closing time has come."


def test_so_many_are_closed_at_once(world: World, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    open_market(make_proposal(world.scout, make_content(world.evidence, symbol="OTHER")), world.grace)
    monkeypatch.setattr(closing, "AT_ONCE", 1)
    let_time_pass()

    assert (tick(), tick(), tick()) == ("closed 1", "closed 1", None)


@pytest.mark.parametrize("role", sorted(set(RUNTIME) - {"worker"}))
def test_nobody_but_the_worker_closes_what_is_due(world: World, role: str) -> None:
    with unit(role), denied("function"):
        run("SELECT close_due_markets(1)")


def test_the_worker_looks_every_few_seconds() -> None:
    (service,) = (known for known in services.every() if known.name == "closing")

    assert (service.tick, service.every) == (closing.tick, 5)
