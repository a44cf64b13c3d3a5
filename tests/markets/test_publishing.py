"""An event is public by people's approval of exactly its content, or by a policy."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from audit import approvals
from audit.models import ApprovalGrant, AuditEvent
from core.access import switches
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from markets import publishing
from markets.models import Candidate, Event, EventSnapshot, Market, Retraction
from tests.audit.voting import proof_of
from tests.events import (
    NOON,
    asked_about,
    let_out_by_itself,
    open_political,
    propose_event,
    propose_raw,
    publish_event,
    raw_event,
    void,
    written_event,
)
from tests.factories import REASON, World, as_staff, decide, open_market
from tests.markets.life.changing import amended, approve, carry, put
from tests.raw import denied, every, grant, one, refused, run, untriggered, unwritable_log

pytestmark = pytest.mark.django_db

BY_HAND = "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids) VALUES (%s, %s, 'By hand.', %s)"
RETRACT = "INSERT INTO event_retractions (event_id, retracted_by, reason) VALUES (%s, %s, %s)"


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def granted(world: World, candidate: Candidate) -> ApprovalGrant:
    """Approve an event, and leave it to the test to use the grant."""
    before = approvals._effects.pop("event:publish")
    try:
        decide(approvals.approve, asked_about(candidate), world.grace)
    finally:
        approvals._effects["event:publish"] = before
    return ApprovalGrant.objects.get(subject_id=candidate.pk)


class TestAnApprovedEvent:
    def test_is_public_with_exactly_the_content_that_was_approved(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market, metadata={"orbit": 1})
        decide(approvals.approve, asked_about(candidate), world.grace)

        event = Event.objects.get()
        assert (event.market_id, event.summary, event.event_type) == (market.pk, candidate.summary, "launch")
        assert (event.confidence, event.metadata) == (candidate.confidence, {"orbit": 1})
        assert (event.known_at, event.snapshot_ids) == (NOON, [world.evidence.snapshot_id])
        assert (event.basis, event.candidate_id, bytes(event.digest or b"")) == (
            "approval",
            candidate.pk,
            bytes(candidate.digest),
        )
        assert event.published_at - timezone.now() < timedelta(minutes=1)

    def test_points_at_the_grant_that_lets_it_out(self, world: World, market: Market) -> None:
        event = publish_event(world, market)

        grant_of_it = ApprovalGrant.objects.get(action="event:publish")
        assert grant_of_it.subject_id == event.candidate_id
        assert grant_of_it.pk == event.human_approval_audit_id
        assert AuditEvent.objects.get(pk=grant_of_it.pk).action == "approval:grant"

    def test_ends_its_candidate_and_links_its_evidence(self, world: World, market: Market) -> None:
        event = publish_event(world, market)

        assert Candidate.objects.get().status == "processed"
        assert EventSnapshot.objects.get().event_id == event.pk

    def test_is_told_in_the_outbox_and_in_the_log(self, world: World, market: Market) -> None:
        event = publish_event(world, market)

        told = OutboxEvent.objects.get(event_type="event.published")
        assert (told.entity_id, told.payload["symbol"], told.payload["basis"]) == (
            str(event.pk),
            market.symbol,
            "approval",
        )
        assert AuditEvent.objects.filter(entity_type="events", entity_id=str(event.pk)).count() == 1

    def test_is_not_there_where_its_audit_row_fails(self, world: World, market: Market) -> None:
        asked = asked_about(propose_event(world, market))

        with unwritable_log():
            decide(approvals.approve, asked, world.grace)

    def test_on_a_political_market_needs_two_people(self, world: World) -> None:
        candidate = propose_event(world, open_political(world))

        decide(approvals.approve, asked_about(candidate), world.grace)
        assert not Event.objects.exists()
        decide(approvals.approve, asked_about(candidate), world.alan)

        assert Event.objects.get().basis == "approval"

    def test_stays_approved_and_unpublished_where_its_market_was_voided_meanwhile(
        self, world: World, market: Market
    ) -> None:
        candidate = propose_event(world, market)
        void(market)

        with refused("market_takes_no_events"):
            decide(approvals.approve, asked_about(candidate), world.grace)

    @pytest.mark.parametrize("raised", [{"type": "political"}, {"risk_level": "high"}])
    def test_is_not_let_out_where_more_is_at_stake_than_people_were_asked_about(
        self, world: World, market: Market, raised: dict[str, str]
    ) -> None:
        candidate = propose_event(world, market)
        approve(put(amended(market, world, **raised), world.scout), world.grace, world.alan)

        with refused("market_has_moved_on"):
            decide(approvals.approve, asked_about(candidate), world.grace)
        proof = granted(world, candidate)
        with refused("market_has_moved_on"):
            raw_event(candidate, world.grace, "staff", human_approval_audit_id=proof.pk)

        assert not Event.objects.exists()

    def test_is_let_out_where_the_market_says_something_else_at_the_same_risk(
        self, world: World, market: Market
    ) -> None:
        candidate = propose_event(world, market)
        carry(amended(market, world), world)

        decide(approvals.approve, asked_about(candidate), world.grace)

        assert Event.objects.get().candidate_id == candidate.pk


class TestAnApprovalOfAnEvent:
    def test_is_used_by_raw_sql_for_its_own_event_alone(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)
        proof = granted(world, candidate)
        other = propose_event(world, market, summary="It landed.")

        with refused("event_needs_human_approval"):
            raw_event(other, world.grace, "staff", human_approval_audit_id=proof.pk)
        raw_event(candidate, world.grace, "staff", human_approval_audit_id=proof.pk)

        assert Event.objects.get().summary == candidate.summary

    @pytest.mark.parametrize("of", ["nothing", "a market", "any row of the log"])
    def test_is_nothing_else(self, world: World, market: Market, of: str) -> None:
        candidate = propose_event(world, market)
        borrowed = {
            "nothing": uuid4(),
            "a market": market.human_approval_audit_id,
            "any row of the log": AuditEvent.objects.order_by("-seq")[0].pk,
        }

        with refused("event_needs_human_approval"):
            raw_event(candidate, world.grace, "staff", human_approval_audit_id=borrowed[of])

    @pytest.mark.parametrize("of", ["a market", "any row of the log"])
    def test_is_nothing_else_even_without_triggers(self, world: World, market: Market, of: str) -> None:
        candidate = propose_event(world, market)
        borrowed = {
            "a market": market.human_approval_audit_id,
            "any row of the log": AuditEvent.objects.order_by("-seq")[0].pk,
        }

        with untriggered("events"), refused("event_needs_human_approval"):
            run(
                "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids, candidate_id, digest, basis, "
                "human_approval_audit_id) VALUES (%s, %s, 's', %s, %s, %s, 'approval', %s)",
                world.acme.pk,
                market.pk,
                [world.evidence.snapshot_id],
                candidate.pk,
                bytes(candidate.digest),
                borrowed[of],
            )

    def test_runs_out(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)
        proof = granted(world, candidate)
        with untriggered("approval_grants"):
            run("UPDATE approval_grants SET expires_at = clock_timestamp()")

        with refused("approval_has_expired"):
            raw_event(candidate, world.grace, "staff", human_approval_audit_id=proof.pk)

    def test_publishes_once(self, world: World, market: Market) -> None:
        event = publish_event(world, market)

        with refused("candidate_is_published_once"):
            raw_event(
                Candidate.objects.get(),
                world.grace,
                "staff",
                human_approval_audit_id=event.human_approval_audit_id,
            )
        with untriggered("events"), refused("candidate_is_published_once"):
            run(
                "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids, candidate_id, digest, basis) "
                "SELECT tenant_id, market_id, summary, snapshot_ids, candidate_id, digest, 'policy' FROM events"
            )

    @pytest.mark.parametrize("role", ["api", "worker"])
    def test_is_not_used_by_those_who_cannot_decide(self, world: World, market: Market, role: str) -> None:
        candidate = propose_event(world, market)
        proof = granted(world, candidate)

        with denied("events"):
            raw_event(candidate, world.scout, role, human_approval_audit_id=proof.pk)


class TestAPolicy:
    @pytest.mark.parametrize("role", ["api", "staff", "worker", "platform"])
    def test_that_asks_people_lets_nothing_out_by_itself(
        self, world: World, market: Market, role: str
    ) -> None:
        candidate = propose_event(world, market)

        with refused("event_needs_human_approval"):
            raw_event(candidate, world.scout, role)

    def test_may_let_events_out_at_once_and_the_row_says_so(self, world: World, market: Market) -> None:
        let_out_by_itself()

        candidate = propose_event(world, market)

        event = Event.objects.get()
        assert (candidate.status, event.candidate_id) == ("processed", candidate.pk)
        assert (event.basis, event.human_approval_audit_id, event.approval_action) == ("policy", None, None)
        assert event.summary == candidate.summary
        assert OutboxEvent.objects.get(event_type="event.published").payload["basis"] == "policy"
        assert one("SELECT count(*) FROM approval_requests WHERE action = 'event:publish'") == 0

    @pytest.mark.parametrize("market_type", ["political", "economic"])
    def test_never_lets_out_a_political_or_economic_one(
        self, world: World, market: Market, market_type: str
    ) -> None:
        let_out_by_itself()
        # as if their risk were low, which it never is
        with untriggered("markets"):
            run("UPDATE markets SET type = %s WHERE market_id = %s", market_type, market.pk)

        candidate = propose_event(world, market)

        assert (candidate.status, asked_about(candidate).status) == ("pending", "open")
        with refused("event_needs_human_approval"):
            raw_event(candidate, world.scout)

    def test_never_lets_out_one_of_high_risk(self, world: World, market: Market) -> None:
        run("ALTER TABLE approval_policies DROP CONSTRAINT IF EXISTS only_small_events_publish_by_themselves")
        with untriggered("markets"):
            run("UPDATE markets SET risk_level = 'high' WHERE market_id = %s", market.pk)

        assert one("SELECT event_publishes_by_itself('sports', 'high')") is False

    def test_lets_out_nothing_on_a_market_whose_risk_was_raised_since(
        self, world: World, market: Market
    ) -> None:
        let_out_by_itself()
        propose_raw(world, written_event(world, market))
        approve(put(amended(market, world, risk_level="high"), world.scout), world.grace, world.alan)

        with refused("event_needs_human_approval"):
            raw_event(Candidate.objects.get(), world.scout)

    def test_lets_out_nothing_at_the_hand_of_an_agent_that_is_stopped(
        self, world: World, market: Market
    ) -> None:
        let_out_by_itself()
        propose_raw(world, written_event(world, market))
        with as_staff(world.alan):
            switches.turn("paused", tenant=world.acme, by=world.alan, reason=REASON)

        with refused("agents_are_paused"):
            raw_event(Candidate.objects.get(), world.scout)

    def test_comes_too_late_for_what_people_were_asked_about(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)
        let_out_by_itself()

        with refused("event_needs_human_approval"):
            raw_event(candidate, world.scout)

    def test_lets_nobody_publish_for_another(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)
        with untriggered("approval_requests"), untriggered("approval_notices"):
            run("DELETE FROM approval_notices")
            run("DELETE FROM approval_requests WHERE subject_id = %s", candidate.pk)
        let_out_by_itself()

        with refused("proposal_is_ones_own"):
            raw_event(candidate, world.edith)
        raw_event(candidate, world.scout)

        assert Event.objects.get().basis == "policy"


class TestByHand:
    @pytest.mark.parametrize("role", ["api", "staff", "worker", "platform"])
    def test_nobody_publishes_but_the_owner(self, world: World, market: Market, role: str) -> None:
        grant("INSERT", "events", role)

        with (
            unit(role, tenant=world.acme.pk, actor=world.grace.pk),
            refused("event_needs_human_approval"),
        ):
            run(BY_HAND, world.acme.pk, market.pk, [world.evidence.snapshot_id])

    def test_the_owners_own_row_says_so(self, world: World, market: Market) -> None:
        run(BY_HAND, world.acme.pk, market.pk, [world.evidence.snapshot_id])

        assert Event.objects.get().basis == "hand"

    def test_the_owner_publishes_nothing_political(self, world: World) -> None:
        political = open_political(world)

        with refused("event_needs_human_approval"):
            run(BY_HAND, world.acme.pk, political.pk, [world.evidence.snapshot_id])

    @pytest.mark.parametrize("basis", ["approval", "policy", "rumour"])
    def test_nothing_claims_what_it_does_not_have(self, world: World, market: Market, basis: str) -> None:
        with untriggered("events"), refused("event_says_why_it_is_public"):
            run(
                "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids, basis) VALUES (%s, %s, 's', %s, %s)",
                world.acme.pk,
                market.pk,
                [world.evidence.snapshot_id],
                basis,
            )

    def test_of_an_unknown_candidate_is_refused(self, world: World, market: Market) -> None:
        with refused("event_has_a_known_candidate"), unit("owner"):
            run("INSERT INTO events (candidate_id) VALUES (%s)", UUID(int=9))


class TestRevokingTheApproval:
    def revoke(self, world: World, proof: ApprovalGrant) -> None:
        typed = proof_of(world.alan)
        with as_staff(world.alan):
            approvals.revoke(proof.pk, reauthentication=typed, by=world.alan, reason="The page was forged.")

    def test_takes_the_event_back_in_the_same_transaction(self, world: World, market: Market) -> None:
        event = publish_event(world, market)

        self.revoke(world, ApprovalGrant.objects.get(action="event:publish"))

        made = Retraction.objects.get()
        assert (made.event_id, made.retracted_by_id, made.reason) == (
            event.pk,
            world.alan.pk,
            "The page was forged.",
        )

    def test_leaves_what_was_taken_back_before_as_it_is(self, world: World, market: Market) -> None:
        event = publish_event(world, market)
        with as_staff(world.grace):
            publishing.retract(event.pk, by=world.grace, reason=REASON)

        self.revoke(world, ApprovalGrant.objects.get(action="event:publish"))

        assert Retraction.objects.get().retracted_by_id == world.grace.pk

    def test_lets_nothing_be_published_with_it(self, world: World, market: Market) -> None:
        candidate = propose_event(world, market)
        proof = granted(world, candidate)
        self.revoke(world, proof)

        with refused("approval_is_revoked"):
            raw_event(candidate, world.grace, "staff", human_approval_audit_id=proof.pk)


def test_two_ways_of_publishing_leave_exactly_their_rows(world: World, market: Market) -> None:
    let_out_by_itself()
    before = int(str(one("SELECT max(seq) FROM audit_event")))

    propose_event(world, market)

    found = every("SELECT entity_type, action FROM audit_event WHERE seq > %s ORDER BY seq", before)
    assert sorted(found) == [
        ("approval_subjects", "candidate:propose"),
        ("candidate_events", "candidate:propose"),
        ("candidate_events", "candidate:propose"),
        ("event_snapshots", "candidate:propose"),
        ("events", "candidate:propose"),
    ]
