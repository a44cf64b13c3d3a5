"""Markets in the admin: the proof of their approval, and the moves staff can make with a reason."""

from __future__ import annotations

from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from audit.models import AuditEvent
from core.access.models import User
from core.messaging.models import OutboxEvent
from markets import trading
from markets.models import Market
from tests.factories import REASON, World, as_staff, open_market, request_for
from tests.raw import picture
from tests.staff import browser


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def shown(person: User, market: Market) -> str:
    return unescape(browser(person).get(f"/admin/markets/market/{market.pk}/change/").content.decode())


def move(person: User, market: Market, name: str, reason: str = REASON, client: Client | None = None) -> Any:
    where = f"/admin/markets/market/{market.pk}/move/{name}/"
    return (client or browser(person)).post(where, {"reason": reason})


def status(market: Market) -> str:
    return Market.objects.get(pk=market.pk).status


class TestTheProof:
    def test_says_who_approved_what_and_why(self, world: World, market: Market) -> None:
        page = shown(world.vera, market)

        assert str(market.human_approval_audit_id) in page
        assert bytes(market.digest).hex() in page
        assert "<strong>grace</strong> (admin)" in page
        assert REASON in page

    def test_says_how_to_check_it(self, world: World, market: Market) -> None:
        page = shown(world.vera, market)

        assert f"GET /api/v1/markets/{market.pk}/proof" in page
        assert f"/admin/audit/approvalrequest/{request_for(world.proposal).pk}/review/" in page


class TestMoves:
    def test_a_market_is_paused_resumed_and_closed_with_a_reason(self, world: World, market: Market) -> None:
        seen = []
        for name in ("pause", "resume", "close"):
            assert move(world.grace, market, name).status_code == 302
            seen.append(status(market))

        assert seen == ["paused", "active", "closed"]
        told = AuditEvent.objects.filter(entity_type="markets", action__startswith="market:").order_by("seq")
        assert [event.action for event in told] == ["market:pause", "market:resume", "market:close"]
        assert {(event.metadata or {})["reason"] for event in told} == {REASON}
        assert OutboxEvent.objects.filter(event_type="market.closed").count() == 1

    def test_the_form_says_what_will_happen(self, world: World, market: Market) -> None:
        page = browser(world.grace).get(f"/admin/markets/market/{market.pk}/move/close/").content.decode()

        assert "Trading ends; it is opened again only by an approved proposal." in page
        assert market.title in page

    def test_only_moves_that_are_possible_are_offered(self, world: World, market: Market) -> None:
        assert 'move/pause/">Pause' in shown(world.grace, market)
        assert "move/resume/" not in shown(world.grace, market)

        move(world.grace, market, "close")

        assert "/move/" not in shown(world.grace, market)

    def test_a_move_that_is_not_possible_is_refused_in_place(self, world: World, market: Market) -> None:
        with as_staff(world.alan):
            trading.close(market.pk, by=world.alan, reason=REASON)
        client = browser(world.grace)
        before = picture()

        answer = client.post(f"/admin/markets/market/{market.pk}/move/pause/", {"reason": REASON})

        assert answer.status_code == 409
        assert "market_moves_as_it_may" in answer.content.decode()
        assert REASON in answer.content.decode()
        assert picture() == before

    @pytest.mark.parametrize("reason", ["", "short", "          x"])
    def test_a_short_reason_is_refused_in_place(self, world: World, market: Market, reason: str) -> None:
        answer = move(world.grace, market, "pause", reason)

        assert answer.status_code == 422
        assert "A decision carries a reason of at least ten characters." in answer.content.decode()
        assert status(market) == "active"

    @pytest.mark.parametrize("who", ["vera", "edith"])
    def test_others_see_no_moves_and_make_none(self, world: World, market: Market, who: str) -> None:
        person: User = getattr(world, who)

        assert "/move/" not in shown(person, market)
        assert move(person, market, "pause").status_code == 403
        assert status(market) == "active"

    def test_a_foreign_market_and_an_unknown_move_do_not_exist(self, world: World, market: Market) -> None:
        unknown = browser(world.grace).get(f"/admin/markets/market/{uuid4()}/move/pause/")

        assert move(world.boris, market, "pause").status_code == 404
        assert unknown.status_code == 404
        assert move(world.grace, market, "explode").status_code == 404
        assert status(market) == "active"

    def test_the_platform_can_stop_a_market_anywhere(self, world: World, market: Market) -> None:
        root = browser(world.root)
        barred = move(world.root, market, "pause", client=root)
        assert (barred.status_code, status(market)) == (409, "active")
        assert "Work in acme" in barred.content.decode()

        root.post("/admin/tenant/", {"tenant": world.acme.pk})

        assert move(world.root, market, "pause", client=root).status_code == 302
        assert status(market) == "paused"


class TestProposals:
    def test_a_proposals_page_leads_to_its_reviews_and_wordings(self, world: World) -> None:
        page = (
            browser(world.vera).get(f"/admin/markets/proposal/{world.proposal.pk}/change/").content.decode()
        )

        assert f"/admin/audit/approvalrequest/{world.request.pk}/review/" in page
        assert bytes(world.request.digest).hex() in page
        assert "Revision 1" in page

    def test_a_revisions_page_spreads_its_content_out(self, world: World) -> None:
        revision = world.proposal.revisions.get()

        page = browser(world.vera).get(f"/admin/markets/revision/{revision.pk}/change/").content.decode()

        assert "&quot;symbol&quot;: &quot;MOON-2027&quot;" in page
        assert bytes(revision.digest).hex() in page
        assert "requires-human-approval" in page
