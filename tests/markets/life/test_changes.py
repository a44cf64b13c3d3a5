"""A market changes only by people's approval of exactly that change."""

from __future__ import annotations

import pytest

from markets import trading
from markets.models import Amendment, Market, Reopening, Resolution
from tests.factories import World, open_market
from tests.markets.life.changing import KNOWN, LATER, amended, carry, move, reopened, resolved, voided

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def test_an_approved_resolution_ends_its_market(world: World, market: Market) -> None:
    ended = carry(resolved(market, world), world)

    resolution = Resolution.objects.get()
    assert (ended.status, ended.outcome, ended.known_at) == ("resolved", "yes", KNOWN)
    assert (ended.resolved_at, ended.challenge_until) == (resolution.recorded_at, resolution.challenge_until)


def test_an_approved_amendment_is_what_the_market_says(world: World, market: Market) -> None:
    content = amended(market, world)

    now = carry(content, world)

    assert (now.title, now.version) == (content.content.title, 2)
    assert bytes(now.digest) == bytes(market.digest) == bytes(Amendment.objects.get().previous_digest)


def test_an_approved_void_ends_its_market_at_once(world: World, market: Market) -> None:
    ended = carry(voided(market, world), world)

    assert (ended.status, ended.outcome, ended.challenge_until) == ("voided", "void", None)


def test_an_approved_reopening_opens_a_closed_market_again(world: World, market: Market) -> None:
    closed = move(market, trading.close, world.grace)

    opened = carry(reopened(closed, world), world)

    assert (opened.status, opened.closes_at, opened.reopened) == ("active", LATER, 1)
    assert Reopening.objects.get().closes_at == LATER
