"""Agents and editors propose, in their own name and tenant, and take back what is their own."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest

from audit.models import ApprovalRequest, ApprovalSubject
from audit.refusals import ProposalIsSomebodyElses
from core.access.models import User
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from core.refusals import AlreadyExists, NotAccepted, NotFound, OutsideUnit, Refusal, UnknownReference
from markets import proposals
from markets.models import Proposal, Revision
from markets.refusals import NothingChanged, ProposalIsClosed, StillOpen
from tests.audit.voting import by_verb, expire
from tests.factories import (
    PROVENANCE,
    REASON,
    World,
    acting,
    as_staff,
    make_content,
    make_proposal,
    make_snapshot,
    open_market,
)
from tests.raw import RUNTIME, WRITERS, denied, grant, refused, run, untriggered

pytestmark = pytest.mark.django_db

RAW = "INSERT INTO market_proposals (tenant_id, symbol, proposed_by) VALUES (%s, 'RAW-1', %s)"


def revise(world: World, by: User | None = None, **changes: object) -> Proposal:
    person = by or world.scout
    with acting(person):
        content = make_content(world.evidence, **changes)
        return proposals.revise(world.proposal.pk, content, by=person, provenance=PROVENANCE)


def withdraw(world: World, by: User) -> Proposal:
    with acting(by):
        return proposals.withdraw(world.proposal.pk, by=by, reason=REASON)


def messages(proposal: Proposal) -> list[str]:
    found = OutboxEvent.objects.filter(entity_id=str(proposal.pk)).order_by("id")
    return list(found.values_list("event_type", flat=True))


class TestProposing:
    def test_waits_for_people_with_its_content_and_evidence(self, world: World) -> None:
        made = make_proposal(world.scout, content := make_content(world.evidence, symbol="MARS-2030"))

        revision = Revision.objects.get(proposal=made)
        assert (made.status, made.symbol, made.tenant_id) == ("proposed", "MARS-2030", world.acme.pk)
        assert (made.proposed_by_id, made.operated_by_id) == (world.scout.pk, world.olga.pk)
        assert bytes(revision.canonical) == content.canonical()
        assert (revision.revision_no, revision.title, revision.snapshot_ids) == (
            1,
            content.title,
            list(content.snapshot_ids),
        )
        assert proposals.latest_request(made).status == "open"

    def test_is_known_by_the_sha256_of_its_content(self, world: World) -> None:
        expected = hashlib.sha256(make_content(world.evidence).canonical()).digest()

        assert bytes(Revision.objects.get().digest) == expected
        assert bytes(ApprovalSubject.objects.get().digest) == expected
        assert bytes(world.request.digest) == expected

    def test_tells_the_outside_world(self, world: World) -> None:
        told = OutboxEvent.objects.get(event_type="proposal.proposed")

        assert (told.entity_type, told.entity_id, told.tenant_id) == (
            "market_proposals",
            str(world.proposal.pk),
            world.acme.pk,
        )
        assert told.payload == {
            "symbol": "MOON-2027",
            "kind": "create",
            "revision_no": 1,
            "digest": bytes(world.request.digest).hex(),
        }

    def test_is_open_to_an_editor_without_provenance(self, world: World) -> None:
        with acting(world.edith):
            made = proposals.propose(make_content(world.evidence, symbol="EDITH-1"), by=world.edith)

        assert (made.proposed_by_id, made.operated_by_id) == (world.edith.pk, None)

    def test_needs_a_unit(self, world: World) -> None:
        with pytest.raises(OutsideUnit):
            proposals.propose(make_content(world.evidence), by=world.scout, provenance=PROVENANCE)

    def test_happens_whole_or_not_at_all(self, world: World) -> None:
        before = Proposal.objects.count()

        with refused("evidence_is_a_known_snapshot"):
            make_proposal(world.scout, make_content(world.evidence, symbol="HALF", snapshot_ids=("0" * 64,)))

        assert Proposal.objects.count() == before
        assert not Proposal.objects.filter(symbol="HALF").exists()


class TestTheProposer:
    @pytest.mark.parametrize("role", WRITERS)
    def test_is_whoever_acts(self, world: World, role: str) -> None:
        with acting(world.scout, role), refused("proposal_is_ones_own"):
            run(RAW, world.acme.pk, world.edith.pk)

    def test_is_somebody(self, world: World) -> None:
        with unit("worker", tenant=world.acme.pk), refused("proposal_is_ones_own"):
            run(RAW, world.acme.pk, world.scout.pk)

    def test_exists(self, world: World) -> None:
        with unit("api", actor=UUID(int=9)), refused("proposal_has_a_known_proposer"):
            run(RAW, world.acme.pk, UUID(int=9))

    def test_is_active(self, world: World) -> None:
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.scout.pk)

        with refused("proposal_has_a_known_proposer"):
            make_proposal(world.scout, make_content(world.evidence, symbol="LATE"))

    def test_is_of_the_tenant(self, world: World) -> None:
        with acting(world.boris, "staff", world.acme.pk), refused("proposer_is_of_another_tenant"):
            run(RAW, world.acme.pk, world.boris.pk)

    def test_may_be_of_the_platform(self, world: World) -> None:
        with acting(world.root, "platform", world.acme.pk):
            run(RAW, world.acme.pk, world.root.pk)

        assert Proposal.objects.get(symbol="RAW-1").tenant_id == world.acme.pk

    def test_brings_the_operator_whatever_the_owner_says(self, world: World) -> None:
        with unit("owner", actor=world.scout.pk):
            run(
                "INSERT INTO market_proposals (tenant_id, symbol, proposed_by, operated_by, status) "
                "VALUES (%s, 'RAW-1', %s, NULL, 'approved')",
                world.acme.pk,
                world.scout.pk,
            )

        made = Proposal.objects.get(symbol="RAW-1")
        assert (made.operated_by_id, made.status) == (world.olga.pk, "proposed")

    @pytest.mark.parametrize("column", ["operated_by", "status", "id", "created_at"])
    def test_says_nothing_of_what_the_database_fills(self, world: World, column: str) -> None:
        for role in WRITERS:
            with acting(world.scout, role), denied("market_proposals"):
                run(f"INSERT INTO market_proposals (symbol, {column}) VALUES ('RAW-1', DEFAULT)")


class TestTheSymbol:
    @pytest.mark.parametrize("verdict", [None, "request_changes", "approve"])
    def test_of_a_live_proposal_is_taken(self, world: World, verdict: str | None) -> None:
        if verdict:
            by_verb(world.request, world.grace, verdict)

        with refused("symbol_is_taken"):
            make_proposal(world.edith, make_content(world.evidence))

    def test_is_free_again_after_a_rejection(self, world: World) -> None:
        by_verb(world.request, world.grace, "reject")

        again = make_proposal(world.edith, make_content(world.evidence))

        assert again.status == "proposed"

    def test_is_free_again_after_a_withdrawal(self, world: World) -> None:
        withdraw(world, world.scout)

        assert make_proposal(world.edith, make_content(world.evidence)).status == "proposed"

    def test_may_be_another_tenants_too(self, world: World) -> None:
        evidence = make_snapshot(world.boris)

        made = make_proposal(world.boris, make_content(evidence))

        assert (made.symbol, made.tenant_id) == (world.proposal.symbol, world.beta.pk)

    def test_never_changes(self, world: World) -> None:
        with refused("symbol_never_changes"):
            revise(world, symbol="MOON-2028")


class TestRevising:
    def test_puts_another_wording_in_the_place_of_the_one_under_review(self, world: World) -> None:
        older = world.request

        proposal = revise(world, title="Will anybody orbit the Moon in 2027?")

        older.refresh_from_db()
        newest = proposals.latest_revision(proposal)
        assert (newest.revision_no, newest.title) == (2, "Will anybody orbit the Moon in 2027?")
        assert (older.status, world.request.status) == ("superseded", "open")
        assert bytes(world.request.digest) == bytes(newest.digest)
        assert messages(proposal) == ["proposal.proposed", "proposal.revised"]

    def test_keeps_the_older_wording(self, world: World) -> None:
        revise(world, title="Another?")

        assert list(
            world.proposal.revisions.order_by("revision_no").values_list("revision_no", flat=True)
        ) == [1, 2]

    def test_in_the_same_words_changes_nothing(self, world: World) -> None:
        asked = world.request

        revise(world)

        assert world.request.pk == asked.pk
        assert (Revision.objects.count(), ApprovalRequest.objects.count()) == (1, 1)
        assert messages(world.proposal) == ["proposal.proposed"]

    def test_answers_a_wish_for_changes(self, world: World) -> None:
        by_verb(world.request, world.grace, "request_changes")

        proposal = revise(world, title="Clearer?")

        assert (proposal.status, world.request.status) == ("proposed", "open")

    def test_in_the_same_words_does_not_answer_a_wish_for_changes(self, world: World) -> None:
        by_verb(world.request, world.grace, "request_changes")

        with pytest.raises(NothingChanged):
            revise(world)

    @pytest.mark.parametrize("verdict", ["approve", "reject"])
    def test_is_over_when_it_is_decided(self, world: World, verdict: str) -> None:
        by_verb(world.request, world.grace, verdict)

        with refused("proposal_is_closed"):
            revise(world, title="Another?")

    @pytest.mark.parametrize("verdict", ["approve", "reject"])
    def test_in_the_same_words_is_over_when_it_is_decided(self, world: World, verdict: str) -> None:
        by_verb(world.request, world.grace, verdict)

        with pytest.raises(ProposalIsClosed):
            revise(world)

    @pytest.mark.parametrize("name", ["edith", "olga", "grace"])
    def test_is_the_proposers_alone(self, world: World, name: str) -> None:
        with pytest.raises(ProposalIsSomebodyElses):
            revise(world, by=getattr(world, name), title="Another?")

    @pytest.mark.parametrize("proposal_id", [UUID(int=9), None])
    def test_of_what_is_not_here_is_not_found(self, world: World, proposal_id: UUID | None) -> None:
        by = world.boris if proposal_id is None else world.scout

        with acting(by), pytest.raises(NotFound):
            proposals.revise(proposal_id or world.proposal.pk, make_content(world.evidence), by=by)


class TestAskingAgain:
    def test_opens_a_new_request_when_time_ran_out(self, world: World) -> None:
        older = world.request
        expire(older)

        with acting(world.scout):
            proposals.resubmit(world.proposal.pk, by=world.scout)

        older.refresh_from_db()
        assert (older.status, world.request.status) == ("superseded", "open")
        assert bytes(older.digest) == bytes(world.request.digest)
        assert messages(world.proposal)[-1] == "proposal.resubmitted"

    def test_is_refused_while_people_can_decide(self, world: World) -> None:
        with acting(world.scout), pytest.raises(StillOpen):
            proposals.resubmit(world.proposal.pk, by=world.scout)

    def test_is_refused_when_it_is_decided(self, world: World) -> None:
        by_verb(world.request, world.grace, "reject")

        with acting(world.scout), pytest.raises(ProposalIsClosed):
            proposals.resubmit(world.proposal.pk, by=world.scout)

    def test_is_the_proposers_alone(self, world: World) -> None:
        expire(world.request)

        with acting(world.olga), pytest.raises(ProposalIsSomebodyElses):
            proposals.resubmit(world.proposal.pk, by=world.olga)


class TestWithdrawing:
    @pytest.mark.parametrize("name", ["scout", "olga"])
    def test_is_for_the_proposer_and_the_operator(self, world: World, name: str) -> None:
        proposal = withdraw(world, getattr(world, name))

        assert (proposal.status, world.request.status) == ("withdrawn", "withdrawn")
        assert messages(proposal)[-1] == "proposal.withdrawn"

    @pytest.mark.parametrize("name", ["edith", "grace"])
    def test_is_for_nobody_else(self, world: World, name: str) -> None:
        with pytest.raises(ProposalIsSomebodyElses):
            withdraw(world, getattr(world, name))

    def test_is_for_nobody_of_another_tenant(self, world: World) -> None:
        with pytest.raises(NotFound):
            withdraw(world, world.boris)

    def test_after_a_wish_for_changes_is_possible(self, world: World) -> None:
        by_verb(world.request, world.grace, "request_changes")

        assert withdraw(world, world.scout).status == "withdrawn"

    def test_after_the_decision_is_too_late(self, world: World) -> None:
        open_market(world.proposal, world.grace)

        with pytest.raises(ProposalIsClosed):
            withdraw(world, world.scout)


class TestAProposal:
    @pytest.mark.parametrize("status", ["approved", "withdrawn", "rejected"])
    def test_moves_by_its_request_not_by_hand(self, world: World, status: str) -> None:
        for role in WRITERS:
            grant("UPDATE", "market_proposals", role)
            with acting(world.scout, role), refused("proposal_follows_its_request"):
                run("UPDATE market_proposals SET status = %s", status)

    def test_is_changed_by_no_role(self) -> None:
        for role in RUNTIME:
            for statement in (
                "UPDATE market_proposals SET status = 'approved'",
                "DELETE FROM market_proposals",
            ):
                with unit(role), denied("market_proposals"):
                    run(statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE market_proposals SET symbol = 'OTHER'",
            "UPDATE market_proposals SET proposed_by = operated_by",
            "UPDATE market_proposals SET operated_by = NULL",
            "UPDATE market_proposals SET created_at = now()",
            "DELETE FROM market_proposals",
            "TRUNCATE market_proposals CASCADE",
        ],
    )
    def test_never_changes_otherwise(self, world: World, statement: str) -> None:
        with refused("proposal_never_changes"):
            run(statement)

    @pytest.mark.parametrize(
        ("change", "name", "answer"),
        [
            ("status = 'maybe'", "proposal_status_is_known", NotAccepted),
            (
                "tenant_id = '00000000-0000-0000-0000-000000000009'",
                "proposal_has_a_known_tenant",
                UnknownReference,
            ),
            ("proposed_by = '00000000-0000-0000-0000-000000000009'", "proposal_has_a_known_proposer", None),
            (
                "operated_by = '00000000-0000-0000-0000-000000000009'",
                "proposal_has_a_known_operator",
                UnknownReference,
            ),
        ],
    )
    def test_is_of_known_people_even_without_triggers(
        self, world: World, change: str, name: str, answer: type[Refusal] | None
    ) -> None:
        run("ALTER TABLE market_revisions DROP CONSTRAINT revision_has_a_known_proposal")

        with untriggered("market_proposals"), refused(name, answer):
            run(f"UPDATE market_proposals SET {change}")

    def test_knows_when_it_moved(self, world: World) -> None:
        by_verb(world.request, world.grace, "reject")

        world.proposal.refresh_from_db()
        assert run("SELECT 1 FROM market_proposals WHERE updated_at >= now() AND status = 'rejected'") == 1

    def test_has_an_id_of_its_own(self, world: World) -> None:
        with unit("owner", actor=world.scout.pk), refused("market_proposals_pkey", AlreadyExists):
            run(
                "INSERT INTO market_proposals (id, tenant_id, symbol, proposed_by) VALUES (%s, %s, 'RAW-1', %s)",
                world.proposal.pk,
                world.acme.pk,
                world.scout.pk,
            )


def test_staff_may_propose_for_the_tenant_they_work_in(world: World) -> None:
    with as_staff(world.grace):
        made = proposals.propose(make_content(world.evidence, symbol="GRACE-1"), by=world.grace)

    assert made.tenant_id == world.acme.pk
