"""A super-admin may break the glass in an emergency; somebody else reviews it, and until then not again."""

from __future__ import annotations

from typing import Any

import pytest

from audit import approvals
from audit.approving import overrides
from audit.models import (
    ApprovalGrant,
    ApprovalRequest,
    AuditEvent,
    Override,
    Revocation,
)
from core.access.models import User
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from core.refusals import NotAccepted, NotAllowed, NotFound, Refusal, UnknownReference
from markets.models import Market
from tests.audit.traces import break_glass, review, turn
from tests.audit.voting import Vote, ask, ask_of, bar, by_verb, lend, proof_of
from tests.factories import (
    REASON,
    World,
    as_staff,
    make_content,
    make_proposal,
    request_for,
)
from tests.raw import RUNTIME, denied, grant, refused, run, untriggered

pytestmark = pytest.mark.django_db

REVIEW = "UPDATE approval_overrides SET outcome = %s, reviewed_by = %s, review_reason = %s, reauthentication_id = %s"


def another(world: World, symbol: str = "SECOND") -> ApprovalRequest:
    return request_for(make_proposal(world.scout, make_content(world.evidence, symbol=symbol)))


class TestBreakingTheGlass:
    def test_grants_at_once(self, world: World) -> None:
        by_verb(world.request, world.alan, "break_glass")

        assert Market.objects.get().symbol == "MOON-2027"
        assert world.request.status == "granted"

    def test_fills_every_slot_that_is_missing(self, world: World, vote: Vote) -> None:
        with untriggered("approval_policies"):
            run(
                "UPDATE approval_policies SET quorum = 3, required_roles = '{\"admin\": 3}' WHERE risk = 'low'"
            )
        asked = another(world)

        vote(asked, world.alan, "break_glass")

        assert ApprovalGrant.objects.get().request_id == asked.pk

    def test_opens_a_debt_that_is_due_in_a_day(self, world: World, vote: Vote) -> None:
        vote(world.request, world.alan, "break_glass")

        debt = Override.objects.get()
        assert (debt.kind, debt.person, debt.reason, debt.request) == (
            "break_glass",
            world.alan,
            REASON,
            world.request,
        )
        assert (debt.review_due_at - debt.opened_at).total_seconds() == 24 * 3600
        assert (debt.outcome, debt.reviewed_at, debt.tenant_id) == (None, None, world.acme.pk)

    def test_is_said_in_the_grants_own_row_of_the_log(self, world: World) -> None:
        by_verb(world.request, world.alan, "break_glass")

        told = AuditEvent.objects.get(action="approval:grant").new_value or {}
        assert [each["verdict"] for each in told["decisions"]] == ["break_glass"]

    def test_is_for_super_admins(self, world: World, vote: Vote) -> None:
        with refused("break_glass_is_for_super_admins"):
            vote(world.request, world.grace, "break_glass")

    def test_is_not_for_a_lent_role(self, world: World, vote: Vote) -> None:
        lent = lend(world.alan, world.grace, "super-admin")

        with refused("break_glass_is_for_super_admins"):
            vote(world.request, world.grace, "break_glass", delegation=lent)

    def test_is_not_for_the_proposer(self, world: World, vote: Vote) -> None:
        asked = request_for(make_proposal(world.alan, make_content(world.evidence, symbol="OWN")))

        with refused("proposer_cannot_decide"):
            vote(asked, world.alan, "break_glass")

    def test_is_not_for_the_operator(self, world: World, vote: Vote) -> None:
        run("UPDATE user_roles SET role = 'super-admin' WHERE user_id = %s", world.olga.pk)

        with refused("operator_cannot_decide"):
            vote(world.request, world.olga, "break_glass")

    def test_is_not_for_whoever_is_barred(self, world: World, vote: Vote) -> None:
        bar(world.alan, world.proposal.pk)

        with refused("reviewer_is_barred"):
            vote(world.request, world.alan, "break_glass")

    def test_takes_a_password_even_where_the_policy_asks_for_none(self, world: World, vote: Vote) -> None:
        with untriggered("approval_policies"):
            run("UPDATE approval_policies SET needs_reauthentication = false WHERE action = 'market:create'")

        with refused("reauthentication_is_fresh"):
            vote(another(world), world.alan, "break_glass", reauthentication=None)

    def test_is_not_done_again_before_somebody_looked_at_it(self, world: World, vote: Vote) -> None:
        break_glass(world)

        with refused("override_waits_for_review"):
            vote(another(world), world.alan, "break_glass")

    def test_is_not_done_again_even_without_triggers(self, world: World) -> None:
        break_glass(world)
        asked = another(world)

        with refused("one_unreviewed_break_glass"):
            run(
                "INSERT INTO approval_overrides (tenant_id, kind, about_id, request_id, person_id, reason, "
                "review_due_at) VALUES (%s, 'break_glass', %s, %s, %s, 'Again, at once.', now())",
                *(world.acme.pk, asked.pk, asked.pk, world.alan.pk),
            )

    @pytest.mark.parametrize("outcome", ["confirmed", "reversed"])
    def test_may_be_done_again_once_somebody_did(self, world: World, vote: Vote, outcome: str) -> None:
        break_glass(world)
        review(world, outcome)

        vote(another(world), world.alan, "break_glass")

        assert ApprovalGrant.objects.count() == 2

    def test_leaves_the_usual_way_open_meanwhile(self, world: World, vote: Vote) -> None:
        break_glass(world)

        vote(another(world), world.alan)

        assert ApprovalGrant.objects.count() == 2

    def test_by_one_person_leaves_another_free(self, world: World, vote: Vote) -> None:
        break_glass(world)

        vote(another(world), world.root, "break_glass")

        assert ApprovalGrant.objects.count() == 2


class TestAtHighRisk:
    def test_it_takes_the_approval_of_another_person_first(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))

        with refused("break_glass_needs_another_person"):
            vote(asked, world.alan, "break_glass")

    def test_an_abstention_is_no_approval(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))
        by_verb(asked, world.grace, "abstain")

        with refused("break_glass_needs_another_person"):
            vote(asked, world.alan, "break_glass")

    def test_it_fills_the_rest_beside_that_approval(self, world: World, vote: Vote) -> None:
        asked = ask_of(world, admin=2, super_admin=1)
        by_verb(asked, world.grace)

        vote(asked, world.alan, "break_glass")

        assert ApprovalGrant.objects.count() == 1


def review_by_sql(world: World, outcome: str = "confirmed", by: User | None = None, **changes: Any) -> None:
    person = by or world.grace
    proof = changes.get("reauthentication") or proof_of(person)
    with as_staff(person, world.acme.pk):
        run(REVIEW, outcome, person.pk, changes.get("reason", REASON), proof.pk)


@pytest.fixture(params=[review, review_by_sql], ids=["by the verb", "by raw SQL"])
def look(request: pytest.FixtureRequest) -> Any:
    return request.param


class TestTheReview:
    def test_confirms_with_a_reason(self, world: World, look: Any) -> None:
        break_glass(world)

        look(world)

        seen = Override.objects.get()
        assert (seen.outcome, seen.reviewed_by, seen.review_reason) == ("confirmed", world.grace, REASON)
        assert seen.reviewed_at is not None
        assert not Revocation.objects.exists()

    def test_that_reverses_revokes_what_was_granted(self, world: World, look: Any) -> None:
        break_glass(world)

        look(world, "reversed")

        revoked = Revocation.objects.get()
        assert (revoked.grant, revoked.revoked_by, revoked.reason) == (
            ApprovalGrant.objects.get(),
            world.grace,
            REASON,
        )

    def test_that_reverses_is_told_to_whoever_listens(self, world: World) -> None:
        break_glass(world)
        review(world, "reversed")

        assert OutboxEvent.objects.filter(event_type="approval.revoked").count() == 1

    def test_reverses_what_was_revoked_already(self, world: World, look: Any) -> None:
        break_glass(world)
        proof = proof_of(world.olga)
        with as_staff(world.olga):
            approvals.revoke(
                ApprovalGrant.objects.get().pk, reauthentication=proof, by=world.olga, reason=REASON
            )

        look(world, "reversed")

        assert Override.objects.get().outcome == "reversed"
        assert Revocation.objects.count() == 1

    def test_is_not_by_whoever_did_it(self, world: World, look: Any) -> None:
        break_glass(world)

        with refused("override_is_reviewed_by_another"):
            look(world, by=world.alan)

    def test_is_not_by_the_operator(self, world: World, look: Any) -> None:
        break_glass(world)

        with refused("override_is_reviewed_by_another"):
            look(world, by=world.olga)

    def test_is_not_by_whoever_decided_on_it(self, world: World, look: Any) -> None:
        by_verb(world.request, world.grace, "abstain")
        break_glass(world)

        with refused("override_is_reviewed_by_another"):
            look(world, by=world.grace)

    def test_is_an_admins(self, world: World) -> None:
        break_glass(world)

        with refused("reviewer_lacks_the_role"):
            review_by_sql(world, by=world.edith)
        with pytest.raises(NotAllowed):
            review(world, by=world.edith)

    def test_is_in_nobody_elses_name(self, world: World) -> None:
        break_glass(world)
        proof = proof_of(world.grace)

        with as_staff(world.alan), refused("decision_is_ones_own"):
            run(REVIEW, "confirmed", world.grace.pk, REASON, proof.pk)

    def test_happens_once(self, world: World, look: Any) -> None:
        break_glass(world)
        look(world)

        with refused("override_is_reviewed_once"):
            look(world, "reversed", by=world.root)

    def test_says_why(self, world: World, look: Any) -> None:
        break_glass(world)

        with refused("review_says_why"):
            look(world, reason="fine")

    @pytest.mark.parametrize("outcome", ["maybe", ""])
    def test_comes_to_one_of_two_ends(self, world: World, look: Any, outcome: str) -> None:
        break_glass(world)

        with refused("review_says_who_when_and_why", NotAccepted):
            look(world, outcome)

    @pytest.mark.parametrize("outcome", ["confirmed", "reversed"])
    def test_takes_a_password_of_its_own(self, world: World, look: Any, outcome: str) -> None:
        proof = proof_of(world.grace)
        by_verb(another(world), world.grace, reauthentication=proof)
        break_glass(world)

        with refused("reauthentication_is_used_once"):
            look(world, outcome, reauthentication=proof)

    def test_leaves_nothing_of_its_password_for_a_decision(self, world: World) -> None:
        proof = proof_of(world.grace)
        break_glass(world)
        review(world, reauthentication=proof)

        with refused("reauthentication_is_used_once"):
            by_verb(another(world), world.grace, reauthentication=proof)

    def test_of_what_there_is_not_finds_nothing(self, world: World) -> None:
        break_glass(world)
        found, proof = Override.objects.get().pk, proof_of(world.boris)

        with as_staff(world.boris), pytest.raises(NotFound):
            overrides.review(found, "confirmed", reauthentication=proof, by=world.boris, reason=REASON)


class TestAnOverride:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_overrides SET reason = 'Another.'",
            "UPDATE approval_overrides SET review_due_at = 'infinity'",
            "UPDATE approval_overrides SET overdue_at = clock_timestamp()",
            "DELETE FROM approval_overrides",
            "TRUNCATE approval_overrides",
        ],
    )
    def test_stays_as_it_was_made(self, world: World, statement: str) -> None:
        break_glass(world)

        with unit("owner", actor=world.grace.pk), refused("override_is_reviewed_once"):
            run(statement)

    @pytest.mark.parametrize("role", ["staff", "platform", "owner"])
    def test_that_is_overdue_takes_no_password_but_with_its_review(self, world: World, role: str) -> None:
        break_glass(world)
        with untriggered("approval_overrides"):
            run("UPDATE approval_overrides SET review_due_at = clock_timestamp()")
        with unit("worker"):
            overrides.become_overdue(10, by=None)
        proof = proof_of(world.grace)

        with unit(role, tenant=world.acme.pk, actor=world.alan.pk), refused("override_is_reviewed_once"):
            run("UPDATE approval_overrides SET reauthentication_id = %s", proof.pk)
        review(world, reauthentication=proof)

        assert Override.objects.get().reauthentication_id == proof.pk

    @pytest.mark.parametrize("role", RUNTIME)
    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO approval_overrides (kind) VALUES ('switch')",
            "UPDATE approval_overrides SET reviewed_at = now()",
            "DELETE FROM approval_overrides",
        ],
    )
    def test_is_made_moved_or_removed_by_no_role(self, world: World, role: str, statement: str) -> None:
        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), denied("approval_overrides"):
            run(statement)

    @pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
    def test_is_reviewed_by_no_machine(self, world: World, role: str) -> None:
        proof = proof_of(world.grace)

        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), denied("approval_overrides"):
            run(REVIEW, "confirmed", world.grace.pk, REASON, proof.pk)

    def test_is_reviewed_as_it_must_be_even_by_a_role_that_was_given_the_right(self, world: World) -> None:
        break_glass(world)
        grant("UPDATE", "approval_overrides", "worker")

        with unit("worker", tenant=world.acme.pk, actor=world.alan.pk), refused("override_is_reviewed_once"):
            run("UPDATE approval_overrides SET reviewed_at = now()")

    @pytest.mark.parametrize(
        ("column", "name", "answer"),
        [
            ("request_id", "override_has_a_known_request", UnknownReference),
            ("tenant_id", "override_has_a_known_tenant", UnknownReference),
            ("person_id", "override_is_by_a_known_person", UnknownReference),
            ("reviewed_by", "review_is_by_a_known_person", UnknownReference),
            ("reauthentication_id", "review_has_a_known_proof", UnknownReference),
        ],
    )
    def test_points_at_what_there_is_even_without_triggers(
        self, world: World, column: str, name: str, answer: type[Refusal]
    ) -> None:
        turn(world) if column == "tenant_id" else break_glass(world)
        if column == "reviewed_by":
            review(world)

        with untriggered("approval_overrides"), refused(name, answer):
            run(f"UPDATE approval_overrides SET {column} = '00000000-0000-0000-0000-000000000009'")
