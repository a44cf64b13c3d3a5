"""An event is proposed with its evidence, stays as it was proposed, and follows what people decide."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from audit import approvals
from core.access import entitlements, switches
from core.management.commands.demo_accounts import PLENTY
from core.messaging.models import OutboxEvent
from core.refusals import InvalidInput, NotFound
from markets import candidates
from markets.event_models import PUBLISH
from markets.event_refusals import CandidateIsClosed, CandidateIsSomebodyElses, UnknownMarket
from markets.models import Candidate, Market
from markets.refusals import StillOpen
from tests.audit.voting import expire
from tests.events import (
    ASK,
    NOON,
    RAW,
    asked_about,
    event_content,
    let_out_by_itself,
    open_political,
    propose_event,
    propose_raw,
    void,
    written_event,
)
from tests.factories import PROVENANCE, REASON, World, acting, as_staff, decide, make_snapshot, open_market
from tests.raw import every, refused, run, untriggered

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


@pytest.fixture
def candidate(world: World, market: Market) -> Candidate:
    return propose_event(world, market)


class TestProposing:
    def test_puts_exactly_this_content_before_people(self, world: World, candidate: Candidate) -> None:
        asked = asked_about(candidate)

        assert (candidate.status, candidate.risk) == ("pending", "low")
        assert bytes(candidate.digest) == hashlib.sha256(bytes(candidate.canonical)).digest()
        assert bytes(asked.digest) == bytes(candidate.digest)
        assert (asked.action, asked.risk, asked.quorum, asked.status) == ("event:publish", "low", 1, "open")
        assert (asked.proposed_by_id, asked.operated_by_id) == (world.scout.pk, world.olga.pk)

    def test_is_told_in_the_outbox(self, candidate: Candidate) -> None:
        told = OutboxEvent.objects.get(entity_id=str(candidate.pk))

        assert told.event_type == "candidate.proposed"
        assert told.payload["digest"] == bytes(candidate.digest).hex()

    def test_reads_every_column_out_of_the_canonical_text(self, world: World, market: Market) -> None:
        made = propose_event(
            world,
            market,
            impact_score=Decimal(-12),
            llm_reasoning="Three agencies say so.",
            variable_name="launches",
            variable_description="Crewed launches this year.",
            known_at=datetime(2026, 11, 1, 11, 30, tzinfo=UTC),
            metadata={"orbit": 1},
        )

        found = Candidate.objects.get(pk=made.pk)
        assert (found.market_id, found.summary, found.event_type) == (market.pk, made.summary, "launch")
        assert (found.confidence, found.impact_score) == (Decimal("0.90"), Decimal("-12.00"))
        assert (found.llm_reasoning, found.variable_name) == ("Three agencies say so.", "launches")
        assert found.variable_description == "Crewed launches this year."
        assert found.known_at == datetime(2026, 11, 1, 11, 30, tzinfo=UTC)
        assert (found.metadata, found.snapshot_ids) == ({"orbit": 1}, [world.evidence.snapshot_id])

    def test_was_known_when_its_newest_evidence_was_fetched_unless_it_says_otherwise(
        self, candidate: Candidate
    ) -> None:
        assert candidate.known_at == NOON

    def test_is_of_the_risk_that_its_market_has(self, world: World) -> None:
        candidate = propose_event(world, open_political(world))

        assert (candidate.risk, asked_about(candidate).quorum) == ("high", 2)

    def test_of_a_person_needs_no_statements(self, world: World, market: Market) -> None:
        with acting(world.edith):
            made = candidates.propose(event_content(world, market), by=world.edith)

        assert (made.producer, made.operated_by_id) == (None, None)

    def test_on_an_unknown_market_or_another_tenants_is_refused(self, world: World, market: Market) -> None:
        elsewhere = make_snapshot(world.boris)
        with acting(world.boris), pytest.raises(UnknownMarket):
            candidates.propose(
                event_content(world, market, snapshot_ids=(elsewhere.snapshot_id,)), by=world.boris
            )

        with acting(world.boris), refused("candidate_has_a_known_market"):
            run(RAW, world.beta.pk, written_event(world, market), world.boris.pk)
        with refused("candidate_has_a_known_market"):
            propose_raw(world, written_event(world, market, market_id=str(UUID(int=9))))
        with refused("candidate_has_a_known_market"):
            propose_raw(world, written_event(world, market, symbol="ELSE"))

    def test_on_a_void_market_is_refused(self, world: World, market: Market) -> None:
        void(market)

        with refused("market_takes_no_events"):
            propose_event(world, market)

    def test_by_evidence_that_is_not_there_is_refused(self, world: World, market: Market) -> None:
        with refused("evidence_is_a_known_snapshot"):
            propose_event(world, market, snapshot_ids=("0" * 64,))

    @pytest.mark.parametrize("shown", [[], ["same", "same"]])
    def test_shows_evidence_each_once(self, world: World, market: Market, shown: list[str]) -> None:
        with refused("candidate_shows_evidence"):
            propose_raw(
                world, written_event(world, market, snapshot_ids=[world.evidence.snapshot_id] * len(shown))
            )

    def test_without_an_agents_statements_is_refused(self, world: World, market: Market) -> None:
        with acting(world.scout), refused("agent_states_its_safety"):
            candidates.propose(event_content(world, market), by=world.scout)

    @pytest.mark.parametrize(
        "assertions", ["{no-seed-data}", "{no-seed-data,no-seed-data}", "{no-seed-data,trust-me}"]
    )
    def test_needs_two_known_statements(self, world: World, market: Market, assertions: str) -> None:
        statement = RAW.replace("{no-seed-data,requires-human-approval}", assertions)

        with acting(world.scout), refused("agent_states_its_safety"):
            run(statement, world.acme.pk, written_event(world, market), world.scout.pk)

    def test_in_the_name_of_another_is_refused(self, world: World, market: Market) -> None:
        with acting(world.edith), refused("proposal_is_ones_own"):
            run(RAW, world.acme.pk, written_event(world, market), world.scout.pk)

    def test_by_a_disabled_user_is_refused(self, world: World, market: Market) -> None:
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.scout.pk)

        with refused("proposal_has_a_known_proposer"):
            propose_raw(world, written_event(world, market))

    def test_known_only_tomorrow_is_refused(self, world: World, market: Market) -> None:
        with refused("known_at_is_not_to_come"):
            propose_event(world, market, known_at=datetime(2100, 1, 1, tzinfo=UTC))

    def test_keeps_metadata_that_canonical_json_can_hold(self, world: World, market: Market) -> None:
        with pytest.raises(InvalidInput), acting(world.scout):
            content = event_content(world, market, metadata={"size": 2**60})
            candidates.propose(content, by=world.scout, provenance=PROVENANCE)

    def test_is_refused_while_agents_are_stopped(self, world: World, market: Market) -> None:
        with as_staff(world.alan):
            switches.turn("paused", tenant=world.acme, by=world.alan, reason=REASON)

        with refused("agents_are_paused"):
            propose_raw(world, written_event(world, market))


class TestTheSameEvent:
    def test_is_proposed_once_by_the_same_evidence(self, world: World, market: Market) -> None:
        made = propose_event(world, market)

        with refused("event_is_proposed_once"):
            propose_event(world, market, confidence=Decimal("0.10"))

        said = f"{made.summary}{world.evidence.snapshot_id}".encode()
        assert made.dedupe_hash == hashlib.sha256(said).hexdigest()

    def test_stays_rejected(self, world: World, market: Market) -> None:
        decide(approvals.reject, asked_about(propose_event(world, market)), world.grace)

        with refused("event_is_proposed_once"):
            propose_event(world, market)

    def test_comes_again_once_it_was_withdrawn_or_by_other_evidence_or_elsewhere(
        self, world: World, market: Market, candidate: Candidate
    ) -> None:
        other = make_snapshot(world.scout, url="https://example.org/other")
        propose_event(world, market, snapshot_ids=(other.snapshot_id,))
        propose_event(world, open_political(world))
        with acting(world.scout):
            candidates.withdraw(candidate.pk, by=world.scout, reason=REASON)

        assert propose_event(world, market).status == "pending"


class TestWhatPeopleDecide:
    def test_rejects_the_event_with_the_reason(self, world: World, candidate: Candidate) -> None:
        decide(approvals.reject, asked_about(candidate), world.grace, reason="The page says another day.")

        candidate.refresh_from_db()
        assert (candidate.status, candidate.rejection_reason) == ("rejected", "The page says another day.")

    def test_rejects_what_is_sent_back_because_an_event_has_no_revisions(
        self, world: World, candidate: Candidate
    ) -> None:
        decide(approvals.request_changes, asked_about(candidate), world.grace, reason="Name the launch site.")

        candidate.refresh_from_db()
        assert (candidate.status, candidate.rejection_reason) == ("rejected", "Name the launch site.")

    def test_leaves_it_pending_when_somebody_abstains(self, world: World, candidate: Candidate) -> None:
        decide(approvals.abstain, asked_about(candidate), world.grace)

        candidate.refresh_from_db()
        assert candidate.status == "pending"


class TestWithdrawing:
    @pytest.mark.parametrize("who", ["scout", "olga"])
    def test_is_for_its_proposer_and_whoever_operates_it(
        self, world: World, candidate: Candidate, who: str
    ) -> None:
        by = getattr(world, who)

        with acting(by, "api"):
            candidates.withdraw(candidate.pk, by=by, reason=REASON)

        candidate.refresh_from_db()
        assert (candidate.status, asked_about(candidate).status) == ("withdrawn", "withdrawn")
        assert OutboxEvent.objects.filter(event_type="candidate.withdrawn").count() == 1

    def test_is_not_for_others(self, world: World, candidate: Candidate) -> None:
        with acting(world.edith), pytest.raises(CandidateIsSomebodyElses):
            candidates.withdraw(candidate.pk, by=world.edith, reason=REASON)

        with acting(world.edith), refused("proposal_is_somebody_elses"):
            run("UPDATE approval_requests SET status = 'withdrawn' WHERE subject_id = %s", candidate.pk)

    def test_finds_nothing_of_another_tenant(self, world: World, candidate: Candidate) -> None:
        with acting(world.boris), pytest.raises(NotFound):
            candidates.withdraw(candidate.pk, by=world.boris, reason=REASON)

    def test_ends_with_the_decision(self, world: World, candidate: Candidate) -> None:
        decide(approvals.reject, asked_about(candidate), world.grace)

        with acting(world.scout), pytest.raises(CandidateIsClosed):
            candidates.withdraw(candidate.pk, by=world.scout, reason=REASON)

    def test_leaves_what_was_sent_back_rejected(self, world: World, candidate: Candidate) -> None:
        asked = asked_about(candidate)
        decide(approvals.request_changes, asked, world.grace)

        with acting(world.scout):
            approvals.withdraw(asked.pk, by=world.scout, reason=REASON)

        candidate.refresh_from_db()
        assert candidate.status == "rejected"


class TestAskingAgain:
    def test_puts_the_same_digest_to_people_once_the_time_ran_out(
        self, world: World, candidate: Candidate
    ) -> None:
        expire(asked_about(candidate))

        with acting(world.scout):
            candidates.resubmit(candidate.pk, by=world.scout)

        assert [
            str(status)
            for (status,) in every(
                "SELECT status FROM approval_requests WHERE subject_id = %s ORDER BY requested_at",
                candidate.pk,
            )
        ] == ["superseded", "open"]

    def test_is_not_needed_while_people_can_decide(self, world: World, candidate: Candidate) -> None:
        with acting(world.scout), pytest.raises(StillOpen):
            candidates.resubmit(candidate.pk, by=world.scout)

    def test_is_over_once_they_did(self, world: World, candidate: Candidate) -> None:
        decide(approvals.reject, asked_about(candidate), world.grace)

        with acting(world.scout), pytest.raises(CandidateIsClosed):
            candidates.resubmit(candidate.pk, by=world.scout)

    @pytest.mark.parametrize("who", ["scout", "olga"])
    def test_is_over_once_it_was_sent_back(self, world: World, candidate: Candidate, who: str) -> None:
        by, digest = getattr(world, who), bytes(candidate.digest)
        decide(approvals.request_changes, asked_about(candidate), world.grace)

        with acting(by), pytest.raises(CandidateIsClosed):
            candidates.resubmit(candidate.pk, by=by)
        with acting(by), refused("candidate_is_closed"):
            approvals.request(PUBLISH, candidate.pk, digest, by=by)
        for role in ("api", "staff", "worker", "platform", "owner"):
            with acting(by, role), refused("candidate_is_closed"):
                run(ASK, candidate.pk, digest)

        assert asked_about(candidate).status == "changes_requested"

    def test_is_not_for_what_a_policy_let_out(self, world: World, market: Market) -> None:
        let_out_by_itself()
        published = propose_event(world, market)

        with acting(world.scout), refused("candidate_is_closed"):
            run(ASK, published.pk, bytes(published.digest))


class TestEntitlements:
    @pytest.mark.parametrize(
        ("held", "name"),
        [
            ({"asset_classes": ["sports"]}, "not_entitled_to_this_type"),
            ({"instruments": ["FRED-*"]}, "not_entitled_to_this_symbol"),
            ({"open_proposals": 0}, "open_proposals_are_within_the_limit"),
        ],
    )
    def test_of_the_proposer_cover_the_market(
        self, world: World, market: Market, held: dict[str, Any], name: str
    ) -> None:
        with as_staff(world.grace):
            entitlements.entitle(world.scout, by=world.grace, reason=REASON, **{**PLENTY, **held})

        with refused(name):
            propose_event(world, market)

    def test_of_the_proposer_cover_its_region(self, world: World, market: Market) -> None:
        with untriggered("markets"):
            run("UPDATE markets SET region = 'EU'")
        with as_staff(world.grace):
            entitlements.entitle(world.scout, by=world.grace, reason=REASON, **{**PLENTY, "venues": ["US"]})

        with refused("not_entitled_to_this_region"):
            propose_event(world, market)
