"""People read a proposed event, decide on it, and take a published one back, in the admin."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from audit import approvals
from audit.models import ApprovalDecision
from core.access.models import User
from markets import event_reading
from markets.models import Candidate, Event, Market, Retraction
from tests.events import asked_about, open_political, propose_event, publish_event
from tests.factories import REASON, World, as_staff, decide, open_market
from tests.markets.reviewing import read, send
from tests.raw import run, untriggered
from tests.staff import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def shown(person: User, path: str) -> str:
    answer: Any = browser(person).get(f"/admin/markets/{path}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


class TestTheReviewPage:
    def test_shows_the_event_its_market_and_its_evidence(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market, llm_reasoning="Three agencies say so.")

        page = read(asked_about(candidate), world.grace)

        assert candidate.summary in page
        assert market.symbol in page
        assert "Event on a technology market" in page
        assert "Three agencies say so." in page
        assert world.evidence.url in page
        assert bytes(candidate.digest).hex() in page
        assert "publishes the event at once" in page

    def test_publishes_on_approval(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)

        answer = send(asked_about(candidate), world.grace)

        assert answer.status_code == 302
        assert Event.objects.get().candidate_id == candidate.pk

    def test_leads_to_the_event_afterwards(self, world: World, market: Market) -> None:
        event = publish_event(world, market)
        candidate = Candidate.objects.get()

        assert f"/admin/markets/event/{event.pk}/change/" in read(asked_about(candidate), world.grace)

    def test_rejects_with_the_reason(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)

        send(asked_about(candidate), world.grace, verdict="reject", reason="The page is a parody.")

        candidate.refresh_from_db()
        assert (candidate.status, candidate.rejection_reason) == ("rejected", "The page is a parody.")
        assert ApprovalDecision.objects.filter(verdict="reject").count() == 1

    def test_names_what_else_rests_on_the_same_evidence(self, world: World, market: Market) -> None:
        other = propose_event(world, market, summary="It has flown.")
        propose_event(world, open_political(world), summary="It has flown.")
        asked = asked_about(propose_event(world, market))

        with as_staff(world.grace):
            reading = event_reading.read(asked, [asked], by=world.grace)

        assert [(like.title, like.standing) for like in reading.likes or ()] == [("It has flown.", "pending")]
        assert str(other.pk) in (reading.likes or ())[0].address

    def test_is_found_by_type_and_by_symbol(self, world: World, market: Market) -> None:
        propose_event(world, market)
        propose_event(world, open_political(world), summary="The votes are counted.")
        queue = "/admin/audit/approvalrequest/"
        grace = browser(world.grace)

        by_type = unescape(grace.get(queue, {"type": "political"}).content.decode())
        with untriggered("markets"):
            run("UPDATE markets SET symbol = 'SET-1a2b' WHERE market_id = %s", market.pk)
        by_symbol = unescape(grace.get(queue, {"q": "set-1A2"}).content.decode())

        assert "The votes are counted." in by_type
        assert "The capsule has launched." not in by_type
        assert "The capsule has launched." in by_symbol
        assert "The votes are counted." not in by_symbol


class TestThePages:
    def test_list_what_was_proposed_and_what_became_of_it(self, world: World, market: Market) -> None:
        event = publish_event(world, market)
        decide(
            approvals.reject,
            asked_about(propose_event(world, market, summary="It fell.")),
            world.grace,
            reason="Nothing of the kind is said.",
        )

        page = shown(world.grace, "candidate/")
        rejected = Candidate.objects.get(status="rejected")

        assert "It fell." in page
        assert event.summary in page
        assert "Nothing of the kind is said." in shown(world.grace, f"candidate/{rejected.pk}/change/")
        assert str(event.pk) in shown(world.grace, f"candidate/{event.candidate_id}/change/")

    def test_show_a_published_event_with_its_proof(self, world: World, market: Market) -> None:
        event = publish_event(world, market)

        page = shown(world.grace, f"event/{event.pk}/change/")

        assert bytes(event.digest or b"").hex() in page
        assert str(event.human_approval_audit_id) in page
        assert "Take back" in page


class TestTakingBack:
    def test_asks_for_the_reason_and_keeps_it(self, world: World, market: Market) -> None:
        event = publish_event(world, market)
        grace = browser(world.grace)
        where = f"/admin/markets/event/{event.pk}/retract/"

        assert grace.get(where).status_code == 200
        assert grace.post(where, {"reason": "Short."}).status_code == 422
        assert not Retraction.objects.exists()
        assert grace.post(where, {"reason": "It was another capsule."}).status_code == 302

        assert Retraction.objects.get().retracted_by_id == world.grace.pk
        page = shown(world.grace, f"event/{event.pk}/change/")
        assert "It was another capsule." in page
        assert "Take back" not in page

    def test_twice_is_refused_and_says_so(self, world: World, market: Market) -> None:
        event = publish_event(world, market)
        grace = browser(world.grace)
        where = f"/admin/markets/event/{event.pk}/retract/"
        grace.post(where, {"reason": REASON})

        answer = grace.post(where, {"reason": REASON})

        assert answer.status_code == 409
        assert "event_is_retracted_once" in answer.content.decode()

    def test_is_not_offered_to_editors(self, world: World, market: Market) -> None:
        event = publish_event(world, market)
        edith = browser(world.edith)

        assert edith.get(f"/admin/markets/event/{event.pk}/retract/").status_code == 403
        assert "Take back" not in edith.get(f"/admin/markets/event/{event.pk}/change/").content.decode()

    def test_from_another_tenant_finds_nothing(self, world: World, market: Market) -> None:
        event = publish_event(world, market)

        assert browser(world.boris).get(f"/admin/markets/event/{event.pk}/retract/").status_code == 404
        asked = browser(world.root).post(
            f"/admin/markets/event/{event.pk}/retract/", {"reason": "Out of place."}
        )
        assert b"works_in_another_tenant" in asked.content
        assert not Retraction.objects.exists()
