"""Staff say how a market is to be read; what they said stays."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.messaging.models import OutboxEvent
from core.refusals import NotAllowed, NotFound
from markets.life.clarifications import clarify
from markets.models import Clarification, Market
from tests.factories import World, acting, as_staff, open_market
from tests.markets.life.changing import KNOWN
from tests.raw import denied, refused, run
from tests.staff import browser

pytestmark = pytest.mark.django_db

TEXT = "An orbit counts when perigee is above 0 km."
RAW = "INSERT INTO market_clarifications (tenant_id, market_id, text, known_at, written_by) VALUES (%s, %s, %s, %s, %s)"


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def test_a_clarification_keeps_when_it_was_known_and_when_it_was_recorded(
    world: World, market: Market
) -> None:
    with as_staff(world.grace):
        said = clarify(market.pk, TEXT, known_at=KNOWN, by=world.grace)

    assert (said.text, said.known_at, said.written_by_id) == (TEXT, KNOWN, world.grace.pk)
    assert said.created_at > KNOWN
    assert OutboxEvent.objects.get(event_type="market.clarified").entity_id == str(market.pk)


@pytest.mark.parametrize("name", ["vera", "edith", "scout"])
def test_a_market_is_clarified_by_nobody_without_the_permission(
    world: World, market: Market, name: str
) -> None:
    person = getattr(world, name)
    with as_staff(person), pytest.raises(NotAllowed):
        clarify(market.pk, TEXT, known_at=KNOWN, by=person)


def test_a_market_of_another_tenant_is_not_found(world: World, market: Market) -> None:
    with as_staff(world.boris), pytest.raises(NotFound):
        clarify(market.pk, TEXT, known_at=KNOWN, by=world.boris)


@pytest.mark.parametrize(
    ("text", "known_at", "name"),
    [
        (" ", KNOWN, "clarification_is_1_to_4000_long"),
        ("x" * 4001, KNOWN, "clarification_is_1_to_4000_long"),
        (TEXT, datetime(2099, 1, 1, tzinfo=UTC), "clarification_was_known_before"),
    ],
)
def test_a_clarification_says_something_that_is_known(
    world: World, market: Market, text: str, known_at: datetime, name: str
) -> None:
    with as_staff(world.grace), refused(name):
        clarify(market.pk, text, known_at=known_at, by=world.grace)


@pytest.mark.parametrize("writer", ["alan", "scout"])
def test_a_clarification_is_ones_own(world: World, market: Market, writer: str) -> None:
    with as_staff(world.grace), refused("clarification_is_ones_own"):
        run(RAW, world.acme.pk, market.pk, TEXT, KNOWN, getattr(world, writer).pk)


@pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
def test_no_machine_clarifies(world: World, market: Market, role: str) -> None:
    with acting(world.grace, role), denied("market_clarifications"):
        run(RAW, world.acme.pk, market.pk, TEXT, KNOWN, world.grace.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE market_clarifications SET text = 'Other.'",
        "DELETE FROM market_clarifications",
        "TRUNCATE market_clarifications",
    ],
)
def test_what_was_said_stays(world: World, market: Market, statement: str) -> None:
    with as_staff(world.grace):
        clarify(market.pk, TEXT, known_at=KNOWN, by=world.grace)

    with refused("clarification_never_changes"):
        run(statement)


class TestThePage:
    def where(self, market_id: object) -> str:
        return f"/admin/markets/market/{market_id}/clarify/"

    def test_adds_what_staff_write(self, world: World, market: Market) -> None:
        sent = {"text": TEXT, "known_at": "2026-11-02 08:00"}

        answer = browser(world.grace).post(self.where(market.pk), sent, follow=True)

        assert Clarification.objects.get().known_at == KNOWN
        page = answer.content.decode()
        assert "is clarified" in page
        assert TEXT in page

    def test_says_in_place_what_was_refused(self, world: World, market: Market) -> None:
        sent = {"text": TEXT, "known_at": "2099-01-01 08:00"}

        answer = browser(world.grace).post(self.where(market.pk), sent)

        assert answer.status_code == 422
        assert "clarification_was_known_before" in answer.content.decode() or "not known yet" in (
            answer.content.decode()
        )

    def test_is_for_those_who_may(self, world: World, market: Market) -> None:
        assert browser(world.vera).get(self.where(market.pk)).status_code == 403
        assert browser(world.grace).get(self.where(UUID(int=9))).status_code in {302, 404}
        assert browser(world.grace).get(self.where(market.pk)).status_code == 200
