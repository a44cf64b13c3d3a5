"""A person may decide in another's role while that other lets them; the two give one word between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from audit.approving import delegations
from audit.models import ApprovalDecision, ApprovalGrant, Delegation
from core.access.models import User
from core.database.unit import unit
from core.refusals import NotAccepted, NotAllowed, NotFound, Refusal, UnknownReference
from tests.audit.voting import Vote, ask, ask_of, bar, by_verb, give_role, lend, proof_of
from tests.factories import (
    REASON,
    World,
    as_staff,
    make_content,
    make_person,
    make_proposal,
    request_for,
)
from tests.raw import RUNTIME, denied, refused, run, untriggered

pytestmark = pytest.mark.django_db

GIVE = (
    "INSERT INTO approval_delegations (from_person_id, to_person_id, role, starts_at, ends_at, reason, "
    "reauthentication_id) VALUES (%s, %s, %s, clock_timestamp() - interval '1 minute', "
    "clock_timestamp() + interval '1 day', %s, %s)"
)
END = "UPDATE approval_delegations SET revoked_at = clock_timestamp()"


def give_by_sql(giver: User, holder: User, role: str = "admin", **changes: Any) -> None:
    proof = changes.get("reauthentication") or proof_of(giver)
    with as_staff(giver):
        run(GIVE, giver.pk, holder.pk, role, changes.get("reason", REASON), proof.pk)


@pytest.fixture(params=[lend, give_by_sql], ids=["by the verb", "by raw SQL"])
def give(request: pytest.FixtureRequest) -> Any:
    return request.param


class TestGiving:
    def test_says_from_whom_to_whom_and_in_which_role(self, world: World, give: Any) -> None:
        give(world.grace, world.edith)

        given = Delegation.objects.get()
        assert (given.from_person, given.to_person, given.role) == (world.grace, world.edith, "admin")
        assert (given.tenant_id, given.revoked_at) == (world.acme.pk, None)

    def test_stays_below_ones_own_role(self, world: World, give: Any) -> None:
        with refused("delegator_holds_the_role"):
            give(world.grace, world.edith, "super-admin")

    def test_of_a_lower_role_than_ones_own_is_fine(self, world: World, give: Any) -> None:
        give(world.alan, world.edith, "admin")

        assert Delegation.objects.get().role == "admin"

    def test_is_not_for_whoever_holds_only_a_lent_role(self, world: World) -> None:
        lend(world.grace, world.edith)

        with refused("delegator_holds_the_role"):
            give_by_sql(world.edith, world.vera)
        with pytest.raises(NotAllowed):
            lend(world.edith, world.vera)

    @pytest.mark.parametrize("role", ["editor", "viewer", "king"])
    def test_is_of_a_role_that_decides(self, world: World, give: Any, role: str) -> None:
        with refused("delegated_role_decides", NotAccepted):
            give(world.grace, world.edith, role)

    def test_is_not_to_oneself(self, world: World, give: Any) -> None:
        with refused("delegation_is_to_another"):
            give(world.grace, world.grace)

    @pytest.mark.parametrize("name", ["scout", "boris", "root"])
    def test_is_to_a_person_of_staff_of_the_same_tenant(self, world: World, give: Any, name: str) -> None:
        with refused("delegate_is_active_staff"):
            give(world.grace, getattr(world, name))

    def test_is_not_to_somebody_disabled(self, world: World, give: Any) -> None:
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.edith.pk)

        with refused("delegate_is_active_staff"):
            give(world.grace, world.edith)

    def test_is_in_nobody_elses_name(self, world: World) -> None:
        proof = proof_of(world.grace)

        with as_staff(world.alan), refused("decision_is_ones_own"):
            run(GIVE, world.grace.pk, world.edith.pk, "admin", REASON, proof.pk)

    def test_says_why(self, world: World, give: Any) -> None:
        with refused("delegation_says_why"):
            give(world.grace, world.edith, reason="leave")

    def test_takes_a_password_of_its_own(self, world: World, give: Any) -> None:
        proof = proof_of(world.grace)
        give(world.grace, world.edith, reauthentication=proof)

        with refused("reauthentication_is_used_once"):
            give(world.grace, world.vera, reauthentication=proof)
        with refused("reauthentication_is_used_once"):
            by_verb(world.request, world.grace, reauthentication=proof)
        with refused("reauthentication_is_fresh"):
            give(world.grace, world.vera, reauthentication=proof_of(world.alan))

    @pytest.mark.parametrize(("starts", "ends"), [(0, 0), (1, 0), (-2, -1)])
    def test_ends_after_it_begins_and_not_in_the_past(self, world: World, starts: int, ends: int) -> None:
        now = datetime.now(UTC)

        with refused("delegation_ends_after_it_begins"):
            lend(
                world.grace,
                world.edith,
                starts_at=now + timedelta(days=starts),
                ends_at=now + timedelta(days=ends),
            )

    @pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
    def test_is_never_a_machines(self, world: World, role: str) -> None:
        proof = proof_of(world.grace)

        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), denied("approval_delegations"):
            run(GIVE, world.grace.pk, world.edith.pk, "admin", REASON, proof.pk)

    @pytest.mark.parametrize("column", ["tenant_id", "created_at", "revoked_at", "id"])
    def test_takes_nothing_else_from_staff(self, world: World, column: str) -> None:
        with as_staff(world.grace), denied("approval_delegations"):
            run(f"INSERT INTO approval_delegations (role, {column}) VALUES ('admin', DEFAULT)")

    @pytest.mark.parametrize(
        ("column", "name", "answer"),
        [
            ("from_person_id", "delegation_is_by_a_known_person", None),
            ("to_person_id", "delegation_is_to_a_known_person", None),
            ("reauthentication_id", "delegation_has_a_known_proof", UnknownReference),
        ],
    )
    def test_points_at_what_there_is_even_without_triggers(
        self, world: World, column: str, name: str, answer: type[Refusal] | None
    ) -> None:
        lend(world.grace, world.edith)

        with untriggered("approval_delegations"), refused(name, answer):
            run(f"UPDATE approval_delegations SET {column} = %s", UUID(int=9))


class TestDeciding:
    def test_happens_in_the_lent_role(self, world: World, vote: Vote) -> None:
        vote(world.request, world.edith, delegation=lend(world.grace, world.edith))

        said = ApprovalDecision.objects.get()
        assert (said.reviewer, said.role_held, said.slot) == (world.edith, "admin", "admin")
        assert said.delegation_id == Delegation.objects.get().pk
        assert ApprovalGrant.objects.count() == 1

    def test_needs_the_delegation_to_be_named(self, world: World, vote: Vote) -> None:
        lend(world.grace, world.edith)

        with refused("reviewer_lacks_the_role"):
            vote(world.request, world.edith)

    @pytest.mark.parametrize(
        "change",
        [
            "ends_at = clock_timestamp()",
            "starts_at = clock_timestamp() + interval '1 hour'",
            "revoked_at = clock_timestamp()",
        ],
    )
    def test_happens_within_its_dates(self, world: World, vote: Vote, change: str) -> None:
        lent = lend(world.grace, world.edith)
        with untriggered("approval_delegations"):
            run(f"UPDATE approval_delegations SET {change}")

        with refused("delegation_is_in_force"):
            vote(world.request, world.edith, delegation=lent)

    def test_is_by_ones_own_delegation(self, world: World, vote: Vote) -> None:
        with refused("delegation_is_in_force"):
            vote(world.request, world.vera, delegation=lend(world.grace, world.edith))

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE users SET status = 'disabled' WHERE id = %s",
            "UPDATE users SET is_staff = false WHERE id = %s",
            "DELETE FROM user_roles WHERE user_id = %s",
        ],
    )
    def test_ends_with_the_delegators_own_standing(self, world: World, vote: Vote, change: str) -> None:
        lent = lend(world.grace, world.edith)
        run(change, world.grace.pk)

        with refused("delegator_holds_the_role"):
            vote(world.request, world.edith, delegation=lent)

    def test_is_not_for_the_proposer(self, world: World, vote: Vote) -> None:
        asked = request_for(make_proposal(world.grace, make_content(world.evidence, symbol="OWN")))

        with refused("delegator_cannot_decide"):
            vote(asked, world.edith, delegation=lend(world.grace, world.edith))

    def test_is_not_for_the_operator(self, world: World, vote: Vote) -> None:
        with refused("delegator_cannot_decide"):
            vote(world.request, world.edith, delegation=lend(world.olga, world.edith))

    def test_is_not_for_whoever_is_barred(self, world: World, vote: Vote) -> None:
        lent = lend(world.grace, world.edith)
        bar(world.grace, world.proposal.pk)

        with refused("delegator_cannot_decide"):
            vote(world.request, world.edith, delegation=lent)

    @pytest.mark.parametrize("name", ["olga", "scout"])
    def test_is_not_by_the_proposer_or_the_operator_either(self, world: World, name: str) -> None:
        asked = request_for(make_proposal(world.olga, make_content(world.evidence, symbol="OWN")))

        with refused("proposer_cannot_decide"):
            by_verb(asked, world.olga, delegation=lend(world.grace, world.olga))

    def test_is_not_by_whoever_is_barred(self, world: World, vote: Vote) -> None:
        lent = lend(world.grace, world.edith)
        bar(world.edith, world.proposal.pk)

        with refused("reviewer_is_barred"):
            vote(world.request, world.edith, delegation=lent)

    def test_in_a_lent_role_that_is_too_low_is_refused(self, world: World, vote: Vote) -> None:
        asked = ask_of(world, super_admin=1)

        with refused("reviewer_lacks_the_role"):
            vote(asked, world.edith, delegation=lend(world.alan, world.edith, "admin"))


class TestDelegatorAndDelegate:
    def test_do_not_fill_two_slots_the_delegate_first(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))
        by_verb(asked, world.edith, delegation=lend(world.grace, world.edith))

        with refused("delegator_and_delegate_speak_once"):
            vote(asked, world.grace)

    def test_do_not_fill_two_slots_the_delegator_first(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))
        by_verb(asked, world.grace)

        with refused("delegator_and_delegate_speak_once"):
            vote(asked, world.edith, delegation=lend(world.grace, world.edith))

    def test_do_not_fill_two_slots_by_two_delegates(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))
        by_verb(asked, world.edith, delegation=lend(world.grace, world.edith))

        with refused("delegator_and_delegate_speak_once"):
            vote(asked, world.vera, delegation=lend(world.grace, world.vera))

    def test_do_not_fill_two_slots_in_a_ring(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))
        by_verb(asked, world.grace, delegation=lend(world.alan, world.grace))

        with refused("delegator_and_delegate_speak_once"):
            vote(asked, world.vera, delegation=lend(world.grace, world.vera))

    def test_speak_once_even_where_the_delegator_abstained(self, world: World, vote: Vote) -> None:
        by_verb(world.request, world.grace, "abstain")

        with refused("delegator_and_delegate_speak_once"):
            vote(world.request, world.edith, delegation=lend(world.grace, world.edith))

    def test_leave_the_other_slot_to_somebody_else(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))
        by_verb(asked, world.edith, delegation=lend(world.grace, world.edith))

        vote(asked, world.alan)

        assert ApprovalGrant.objects.count() == 1

    def test_decide_each_in_their_own_role_where_none_was_used(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))
        lend(world.grace, world.alan)

        by_verb(asked, world.grace)
        vote(asked, world.alan)

        assert ApprovalGrant.objects.count() == 1


class TestEnding:
    @pytest.mark.parametrize("name", ["grace", "edith", "alan"])
    def test_is_for_the_two_and_for_admins(self, world: World, name: str) -> None:
        given, person = lend(world.grace, world.edith), getattr(world, name)

        with as_staff(person):
            ended = delegations.end(given.pk, by=person, reason=REASON)

        assert ended.revoked_at is not None

    def test_is_for_nobody_else(self, world: World) -> None:
        given = lend(world.grace, world.edith)

        with as_staff(world.vera), refused("delegation_is_somebody_elses"):
            delegations.end(given.pk, by=world.vera, reason=REASON)
        with as_staff(world.vera), refused("delegation_is_somebody_elses"):
            run(END)

    def test_of_what_another_tenant_gave_finds_nothing(self, world: World) -> None:
        given = lend(world.grace, world.edith)

        with as_staff(world.boris), pytest.raises(NotFound):
            delegations.end(given.pk, by=world.boris, reason=REASON)
        with as_staff(world.boris):
            assert run(END) == 0

    def test_happens_once_and_is_not_undone(self, world: World) -> None:
        lend(world.grace, world.edith)
        with as_staff(world.grace):
            run(END)

        with as_staff(world.grace), refused("delegation_never_changes"):
            run(END)
        with as_staff(world.grace), refused("delegation_never_changes"):
            run("UPDATE approval_delegations SET revoked_at = NULL")

    def test_is_the_only_change(self, world: World) -> None:
        lend(world.grace, world.edith)

        for statement in (
            "UPDATE approval_delegations SET role = 'super-admin'",
            "DELETE FROM approval_delegations",
            "TRUNCATE approval_delegations CASCADE",
        ):
            with unit("owner", actor=world.grace.pk), refused("delegation_never_changes"):
                run(statement)

    @pytest.mark.parametrize("role", RUNTIME)
    def test_is_no_deletion(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), denied("approval_delegations"):
            run("DELETE FROM approval_delegations")

    def test_leaves_what_was_decided(self, world: World) -> None:
        given = lend(world.grace, world.edith)
        by_verb(world.request, world.edith, delegation=given)
        with as_staff(world.grace):
            delegations.end(given.pk, by=world.grace, reason=REASON)

        assert ApprovalGrant.objects.count() == 1


def test_a_person_of_the_platform_lends_within_the_platform(world: World) -> None:
    platform = world.root.tenant
    colleague = make_person("ruth@platform.example", platform, "viewer")
    given = lend(world.root, colleague, "super-admin")

    by_verb(world.request, colleague, delegation=given)

    assert ApprovalDecision.objects.get().role_held == "super-admin"


def test_a_role_that_was_lowered_lends_the_lower_one_no_more(world: World) -> None:
    given = lend(world.alan, world.edith, "super-admin")
    give_role(world.alan, "admin")

    with refused("delegator_holds_the_role"):
        by_verb(world.request, world.edith, delegation=given)
