"""The API of events: agents and editors propose, everybody of the tenant reads, nobody decides."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audit import approvals
from markets import publishing
from markets.models import Candidate, Event, Market
from tests.calling import client_of, queries_of
from tests.events import asked_about, let_out_by_itself, propose_event, publish_event
from tests.factories import REASON, World, as_staff, decide, make_snapshot, open_market

pytestmark = pytest.mark.django_db
WHERE = "/api/v1/candidate-events"


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def body(world: World, market: Market, **changes: Any) -> dict[str, Any]:
    return {
        "market_id": str(market.pk),
        "summary": "The capsule has launched.",
        "confidence": 0.9,
        "snapshot_ids": [world.evidence.snapshot_id],
        "producer": "scout",
        "schema_version": "v1",
        "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
        **changes,
    }


def post(client: Client, where: str, sent: dict[str, Any], **headers: str) -> Any:
    return client.post(where, sent, content_type="application/json", headers=headers)


class TestProposing:
    def test_answers_with_what_people_are_asked(self, world: World, market: Market) -> None:
        answer = post(client_of(world.scout), WHERE, body(world, market))

        made = answer.json()
        candidate = Candidate.objects.get()
        assert answer.status_code == 201
        assert answer.headers["Location"].endswith(f"{WHERE}/{candidate.pk}")
        assert (made["status"], made["confidence"], made["event_id"]) == ("pending", "0.90", None)
        assert made["canonical"] == bytes(candidate.canonical).decode()
        assert made["open_request"]["id"] == str(asked_about(candidate).pk)
        assert made["open_request"]["quorum"] == 1
        assert made["provenance"]["producer"] == "scout"
        assert made["known_at"] == "2026-11-01T12:00:00.000000Z"

    def test_answers_with_the_event_where_a_policy_lets_it_out(self, world: World, market: Market) -> None:
        let_out_by_itself()

        made = post(client_of(world.scout), WHERE, body(world, market)).json()

        assert (made["status"], made["open_request"]) == ("processed", None)
        assert made["event_id"] == str(Event.objects.get().pk)

    def test_is_done_once_for_one_key(self, world: World, market: Market) -> None:
        scout, key = client_of(world.scout), {"Idempotency-Key": "the-same"}

        first, second = (post(scout, WHERE, body(world, market), **key) for _ in range(2))

        assert (first.json(), second.json()["candidate_id"]) == (
            second.json(),
            str(Candidate.objects.get().pk),
        )

    @pytest.mark.parametrize(
        ("changes", "place"),
        [
            ({"confidence": 1.01}, "/confidence"),
            ({"confidence": 0.905}, "/confidence"),
            ({"confidence": True}, "/confidence"),
            ({"confidence": "likely"}, "/confidence"),
            ({"impact_score": 101}, "/impact_score"),
            ({"summary": "x" * 501}, "/summary"),
            ({"summary": "two\nlines"}, "/summary"),
            ({"known_at": "2026-11-01"}, "/known_at"),
            ({"snapshot_ids": []}, "/snapshot_ids"),
            ({"snapshot_ids": ["x"]}, "/snapshot_ids/0"),
            ({"market_id": "x"}, "/market_id"),
            ({"status": "approved"}, "/status"),
            ({"risk": "low"}, "/risk"),
        ],
    )
    def test_names_the_place_of_a_fault(
        self, world: World, market: Market, changes: dict[str, Any], place: str
    ) -> None:
        answer = post(client_of(world.scout), WHERE, body(world, market, **changes))

        assert answer.status_code == 400
        assert [error["pointer"] for error in answer.json()["errors"]] == [place]
        assert not Candidate.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"market_id": "019aa3f0-0000-7000-8000-000000000000"}, 422, "candidate_has_a_known_market"),
            ({"snapshot_ids": ["0" * 64]}, 422, "evidence_is_a_known_snapshot"),
            ({"known_at": "2100-01-01T00:00:00Z"}, 422, "known_at_is_not_to_come"),
        ],
    )
    def test_names_why_it_is_refused(
        self, world: World, market: Market, changes: dict[str, Any], status: int, code: str
    ) -> None:
        answer = post(client_of(world.scout), WHERE, body(world, market, **changes))

        assert (answer.status_code, answer.json()["code"]) == (status, code)

    def test_says_when_the_event_is_there_already(self, world: World, market: Market) -> None:
        scout = client_of(world.scout)
        post(scout, WHERE, body(world, market))

        answer = post(scout, WHERE, body(world, market))

        assert (answer.status_code, answer.json()["code"]) == (409, "event_is_proposed_once")


class TestReading:
    def test_lists_what_is_asked_for(self, world: World, market: Market) -> None:
        first = propose_event(world, market)
        decide(approvals.reject, asked_about(propose_event(world, market, summary="It fell.")), world.grace)
        vera = client_of(world.vera)

        def summaries(**filters: str) -> list[str]:
            return [row["summary"] for row in vera.get(WHERE, filters).json()["results"]]

        assert summaries() == ["It fell.", first.summary]
        assert summaries(status="rejected") == ["It fell."]
        assert summaries(market_id=str(market.pk), status="pending") == [first.summary]

    def test_costs_the_same_however_many_there_are(self, world: World, market: Market) -> None:
        vera = client_of(world.vera)
        propose_event(world, market)
        few = queries_of(lambda: vera.get(WHERE))
        for number in range(3):
            publish_event(world, market, summary=f"Orbit {number}.")

        assert queries_of(lambda: vera.get(WHERE)) == few
        assert queries_of(lambda: vera.get("/api/v1/events")) <= few

    def test_shows_the_reason_of_a_rejection(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)
        decide(approvals.reject, asked_about(candidate), world.grace, reason="The page is a parody.")

        shown = client_of(world.scout).get(f"{WHERE}/{candidate.pk}").json()

        assert (shown["status"], shown["rejection_reason"]) == ("rejected", "The page is a parody.")
        assert [row["status"] for row in shown["requests"]] == ["rejected"]

    def test_shows_nothing_to_another_tenant(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)

        assert client_of(world.boris).get(f"{WHERE}/{candidate.pk}").status_code == 404


class TestWithdrawing:
    def test_acts_on_the_state_that_was_read(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)
        scout = client_of(world.scout)
        where = f"{WHERE}/{candidate.pk}"
        tag = scout.get(where).headers["ETag"]

        stale = post(scout, f"{where}/withdraw", {"reason": REASON}, **{"If-Match": '"other"'})
        done = post(scout, f"{where}/withdraw", {"reason": REASON}, **{"If-Match": tag})

        assert stale.json()["code"] == "if_match_failed"
        assert (done.status_code, done.json()["status"]) == (200, "withdrawn")

    def test_of_what_is_decided_is_refused(self, world: World, market: Market) -> None:
        event = publish_event(world, market)

        answer = post(client_of(world.scout), f"{WHERE}/{event.candidate_id}/withdraw", {"reason": REASON})

        assert (answer.status_code, answer.json()["code"]) == (409, "candidate_is_closed")

    def test_asking_again_is_refused_while_people_can_decide(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)

        answer = post(client_of(world.scout), f"{WHERE}/{candidate.pk}/resubmit", {})

        assert answer.json()["code"] == "request_is_still_open"


class TestAPublishedEvent:
    def test_says_why_it_is_public(self, world: World, market: Market) -> None:
        event = publish_event(world, market)

        shown = client_of(world.vera).get(f"/api/v1/events/{event.pk}").json()

        assert (shown["basis"], shown["candidate_id"]) == ("approval", str(event.candidate_id))
        assert shown["human_approval_audit_id"] == str(event.human_approval_audit_id)
        assert shown["digest"] == bytes(event.digest or b"").hex()
        assert (shown["retracted_at"], shown["retraction_reason"]) == (None, None)

    def test_says_that_it_was_taken_back(self, world: World, market: Market) -> None:
        event = publish_event(world, market)
        before = client_of(world.vera).get(f"/api/v1/events/{event.pk}").headers["ETag"]
        with as_staff(world.grace):
            made = publishing.retract(event.pk, by=world.grace, reason="It was another capsule.")

        answer = client_of(world.vera).get(f"/api/v1/events/{event.pk}")

        shown = answer.json()
        assert shown["retracted_at"] == made.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        assert shown["retraction_reason"] == "It was another capsule."
        assert answer.headers["ETag"] != before

    def test_is_listed_by_its_basis(self, world: World, market: Market) -> None:
        make_snapshot(world.scout, url="https://example.org/other")
        publish_event(world, market)
        let_out_by_itself()
        propose_event(world, market, summary="It landed.")
        vera = client_of(world.vera)

        found = {
            basis: [row["summary"] for row in vera.get("/api/v1/events", {"basis": basis}).json()["results"]]
            for basis in ("approval", "policy", "hand")
        }

        assert found == {"approval": ["The capsule has launched."], "policy": ["It landed."], "hand": []}
