"""Staff pause, resume and close a market; every other way is not theirs to go."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from core.access.models import User
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from core.refusals import NotAllowed, NotFound, ReasonTooShort
from markets import trading
from markets.models import MARKET_STATUSES, Market
from markets.refusals import MarketMovesAsItMay
from tests.factories import REASON, World, acting, as_staff, open_market
from tests.raw import denied, refused, run, untriggered

pytestmark = pytest.mark.django_db

Move = Callable[..., Market]
TO = {"paused": trading.pause, "active": trading.resume, "closed": trading.close}
ALLOWED = {("active", "paused"), ("paused", "active"), ("active", "closed"), ("paused", "closed")}
REFUSED = [(now, to) for now in MARKET_STATUSES for to in MARKET_STATUSES if (now, to) not in ALLOWED]
BY_STAFF = [(now, to) for now, to in REFUSED if to in TO]


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def put(market: Market, status: str) -> None:
    with untriggered("markets"):
        run("UPDATE markets SET status = %s WHERE market_id = %s", status, market.pk)


def move(market: Market, to: str, by: User, reason: str = REASON) -> Market:
    with as_staff(by, market.tenant_id):
        return TO[to](market.pk, by=by, reason=reason)


@pytest.mark.parametrize(("now", "to"), sorted(ALLOWED))
def test_a_market_moves_as_it_may(world: World, market: Market, now: str, to: str) -> None:
    put(market, now)

    moved = move(market, to, world.grace)

    market.refresh_from_db()
    assert moved.status == market.status == to


@pytest.mark.parametrize(("now", "to"), BY_STAFF)
def test_a_market_moves_in_no_other_way(world: World, market: Market, now: str, to: str) -> None:
    put(market, now)

    with pytest.raises(MarketMovesAsItMay) as caught:
        move(market, to, world.grace)

    assert caught.value.facts == {"status": now, "wanted": to}


@pytest.mark.parametrize(("now", "to"), [(now, to) for now, to in REFUSED if now != to])
@pytest.mark.parametrize("role", ["staff", "platform", "owner"])
def test_a_market_moves_in_no_other_way_by_raw_sql(
    world: World, market: Market, role: str, now: str, to: str
) -> None:
    put(market, now)

    with acting(world.grace, role), refused("market_moves_as_it_may"):
        run("UPDATE markets SET status = %s", to)


@pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
def test_a_market_is_moved_by_no_machine(world: World, market: Market, role: str) -> None:
    with acting(world.grace, role), denied("markets"):
        run("UPDATE markets SET status = 'closed'")


@pytest.mark.parametrize("to", ["paused", "closed"])
@pytest.mark.parametrize("name", ["vera", "edith", "scout"])
def test_a_market_is_moved_by_nobody_without_the_permission(
    world: World, market: Market, name: str, to: str
) -> None:
    with pytest.raises(NotAllowed):
        move(market, to, getattr(world, name))


@pytest.mark.parametrize("name", ["grace", "alan", "olga", "root"])
def test_a_market_is_moved_by_admins_of_the_tenant_and_of_the_platform(
    world: World, market: Market, name: str
) -> None:
    assert move(market, "paused", getattr(world, name)).status == "paused"


@pytest.mark.parametrize("to", TO)
def test_a_market_of_another_tenant_is_not_found(world: World, market: Market, to: str) -> None:
    with pytest.raises(NotFound):
        move(market, to, world.boris)


@pytest.mark.parametrize("to", TO)
def test_a_market_that_does_not_exist_is_not_found(world: World, to: str) -> None:
    with as_staff(world.grace), pytest.raises(NotFound):
        TO[to](UUID(int=9), by=world.grace, reason=REASON)


@pytest.mark.parametrize("reason", ["", "ok", "    short     "])
def test_a_move_is_given_a_reason(world: World, market: Market, reason: str) -> None:
    with pytest.raises(ReasonTooShort):
        move(market, "paused", world.grace, reason)


@pytest.mark.parametrize("to", ["paused", "closed"])
def test_a_move_is_told(world: World, market: Market, to: str) -> None:
    move(market, to, world.grace)

    told = OutboxEvent.objects.get(event_type=f"market.{to}")
    assert (told.entity_id, told.payload) == (str(market.pk), {"symbol": "MOON-2027", "status": to})


def test_a_market_that_was_closed_keeps_everything_else(world: World, market: Market) -> None:
    move(market, "closed", world.grace)

    closed = Market.objects.get()
    assert (closed.title, bytes(closed.digest)) == (market.title, bytes(market.digest))


def test_a_market_is_paused_once_by_two_at_once(world: World, market: Market) -> None:
    move(market, "paused", world.grace)

    with pytest.raises(MarketMovesAsItMay):
        move(market, "paused", world.alan)


def test_a_market_is_not_removed_by_staff() -> None:
    with unit("staff"), denied("markets"):
        run("DELETE FROM markets")
