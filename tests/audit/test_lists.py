"""Several requests of low risk may be decided on together: one list, one password, and one decision for each."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import pytest

from audit.approving import bulk, delegations
from audit.models import (
    ApprovalDecision,
    ApprovalGrant,
    ApprovalRequest,
    DecisionList,
    Reauthentication,
)
from audit.refusals import WrongPassword
from core.access.models import User
from core.database.rows import insert
from core.database.unit import unit
from core.refusals import NotAllowed, UnknownReference
from markets.models import Market
from tests.audit.test_revocations import by_sql
from tests.audit.voting import DECIDE, ask, by_verb, lend
from tests.audit.voting import by_sql as vote_by_sql
from tests.factories import (
    PASSWORD,
    REASON,
    World,
    as_staff,
    make_content,
    make_proposal,
    request_for,
)
from tests.raw import RUNTIME, denied, refused, run, untriggered

pytestmark = pytest.mark.django_db

LIST = "INSERT INTO approval_lists (person_id, canonical) VALUES (%s, %s)"


def three(world: World) -> dict[UUID, bytes]:
    """Three requests of low risk, with their digests."""
    more = [
        request_for(make_proposal(world.scout, make_content(world.evidence, symbol=f"MORE-{number}")))
        for number in range(2)
    ]
    return {asked.pk: bytes(asked.digest) for asked in (world.request, *more)}


def approve(
    world: World, seen: dict[UUID, bytes], by: User | None = None, **changes: Any
) -> list[bulk.Outcome]:
    person = by or world.grace
    with as_staff(person):
        return bulk.approve(
            seen, changes.get("password", PASSWORD), by=person, reason=changes.get("reason", REASON)
        )


def listed(world: World, seen: dict[UUID, bytes], by: User | None = None) -> Reauthentication:
    """A password typed for a list."""
    person = by or world.grace
    with as_staff(person):
        made = bulk.make_list(seen, by=person)
        return insert(Reauthentication, person_id=person.pk, method="password", list_id=made.pk)


def decide(asked: ApprovalRequest, by: User, proof: Reauthentication, **changes: Any) -> None:
    said = {"digest": bytes(asked.digest), "verdict": "approve", **changes}
    with as_staff(by, asked.tenant_id):
        run(DECIDE, asked.pk, said["digest"], by.pk, said["verdict"], REASON, proof.pk)


class TestApprovingAList:
    def test_decides_on_each_by_itself(self, world: World) -> None:
        seen = three(world)

        outcomes = approve(world, seen)

        assert [outcome.request_id for outcome in outcomes] == sorted(seen, key=str)
        assert all(outcome.refusal is None for outcome in outcomes)
        assert (
            Market.objects.count() == ApprovalGrant.objects.count() == ApprovalDecision.objects.count() == 3
        )

    def test_takes_one_password_and_a_proof_for_each(self, world: World) -> None:
        approve(world, three(world))

        proofs = Reauthentication.objects.all()
        assert {proof.list_id for proof in proofs} == {DecisionList.objects.get().pk}
        assert ApprovalDecision.objects.values("reauthentication_id").distinct().count() == 3

    def test_is_over_exactly_those_digests(self, world: World) -> None:
        seen = three(world)

        approve(world, seen)

        made = DecisionList.objects.get()
        lines = "".join(f"{request} {seen[request].hex()}\n" for request in sorted(seen, key=str))
        assert bytes(made.canonical) == lines.encode()
        assert bytes(made.digest) == hashlib.sha256(lines.encode()).digest()

    def test_leaves_out_what_is_refused_and_says_so(self, world: World) -> None:
        seen = three(world)
        stale = request_for(ask(world, "VOTE-1"))
        own = request_for(make_proposal(world.grace, make_content(world.evidence, symbol="OWN")))
        first = min(seen, key=str)
        seen |= {first: bytes(32), stale.pk: bytes(stale.digest), own.pk: bytes(own.digest)}

        outcomes = {outcome.request_id: outcome for outcome in approve(world, seen)}

        codes = {pk: outcome.refusal.code if outcome.refusal else "" for pk, outcome in outcomes.items()}
        assert codes[first] == "digest_is_not_the_one_under_review"
        assert codes[stale.pk] == "bulk_is_for_low_risk"
        assert codes[own.pk] == "proposer_cannot_decide"
        assert sum(not code for code in codes.values()) == Market.objects.count() == 2

    def test_by_a_wrong_password_decides_nothing(self, world: World) -> None:
        seen = three(world)

        with pytest.raises(WrongPassword):
            approve(world, seen, password="wrong")

        assert not ApprovalDecision.objects.exists()
        assert not DecisionList.objects.exists()

    def test_without_a_reason_says_so_on_every_line(self, world: World) -> None:
        outcomes = approve(world, three(world), reason="fine")

        assert {outcome.refusal.code for outcome in outcomes if outcome.refusal} == {"reason_is_given"}
        assert not ApprovalDecision.objects.exists()

    @pytest.mark.parametrize("number", [0, 51])
    def test_is_of_1_to_50(self, world: World, number: int) -> None:
        seen = {UUID(int=each): bytes(32) for each in range(number)}

        with as_staff(world.grace), refused("list_is_well_formed"):
            bulk.make_list(seen, by=world.grace)

    def test_by_a_delegate_is_decided_in_the_lent_role(self, world: World) -> None:
        seen, lent = three(world), lend(world.grace, world.edith)
        of_one = {min(seen, key=str): lent}

        with as_staff(world.edith):
            outcomes = bulk.approve(seen, PASSWORD, by=world.edith, reason=REASON, lent=of_one)

        codes = [outcome.refusal.code if outcome.refusal else "" for outcome in outcomes]
        assert codes == ["", "reviewer_lacks_the_role", "reviewer_lacks_the_role"]
        assert ApprovalDecision.objects.get().delegation_id == lent.pk

    @pytest.mark.parametrize("name", ["vera", "edith"])
    def test_is_not_for_whoever_decides_in_no_role_at_all(self, world: World, name: str) -> None:
        person: User = getattr(world, name)
        before = lend(world.grace, person)
        with as_staff(world.grace):
            delegations.end(before.pk, by=world.grace, reason=REASON)

        with as_staff(person), pytest.raises(NotAllowed):
            bulk.make_list({UUID(int=1): bytes(32)}, by=person)

    def test_of_50_is_fine(self, world: World) -> None:
        seen = {UUID(int=each): bytes(32) for each in range(50)}

        with as_staff(world.grace):
            assert bulk.make_list(seen, by=world.grace).person == world.grace


class TestAPasswordTypedForAList:
    def test_is_good_for_what_the_list_names(self, world: World) -> None:
        asked = world.request

        decide(asked, world.grace, listed(world, {asked.pk: bytes(asked.digest)}))

        assert ApprovalGrant.objects.count() == 1

    def test_is_good_for_a_delegate_who_names_the_delegation(self, world: World) -> None:
        asked, lent = world.request, lend(world.grace, world.edith)
        proof = listed(world, {asked.pk: bytes(asked.digest)}, world.edith)

        with refused("reviewer_lacks_the_role"):
            decide(asked, world.edith, proof)
        vote_by_sql(asked, world.edith, reauthentication=proof, delegation=lent)

        assert ApprovalDecision.objects.get().delegation_id == lent.pk

    def test_is_good_for_nothing_else(self, world: World) -> None:
        asked = world.request
        other = request_for(make_proposal(world.scout, make_content(world.evidence, symbol="OTHER")))
        proof = listed(world, {asked.pk: bytes(asked.digest)})

        with refused("not_on_the_list"):
            decide(other, world.grace, proof)

    def test_is_good_for_the_digest_it_names(self, world: World) -> None:
        asked = world.request
        proof = listed(world, {asked.pk: bytes(32)})

        with refused("not_on_the_list"):
            decide(asked, world.grace, proof)

    def test_is_good_once(self, world: World) -> None:
        asked = world.request
        other = request_for(make_proposal(world.scout, make_content(world.evidence, symbol="OTHER")))
        proof = listed(world, {each.pk: bytes(each.digest) for each in (asked, other)})
        decide(asked, world.grace, proof)

        with refused("reauthentication_is_used_once"):
            decide(other, world.grace, proof)

    @pytest.mark.parametrize("of", ["high", "medium"])
    def test_is_good_at_low_risk_alone(self, world: World, of: str) -> None:
        content = {"type": "political"} if of == "high" else {"risk_level": "medium"}
        asked = request_for(
            make_proposal(world.scout, make_content(world.evidence, symbol="RISKY", **content))
        )
        assert asked.risk == of

        with refused("bulk_is_for_low_risk"):
            decide(asked, world.grace, listed(world, {asked.pk: bytes(asked.digest)}))

    def test_breaks_no_glass(self, world: World) -> None:
        asked = world.request
        proof = listed(world, {asked.pk: bytes(asked.digest)}, world.alan)

        with refused("bulk_is_for_low_risk"):
            decide(asked, world.alan, proof, verdict="break_glass")

    def test_revokes_nothing(self, world: World) -> None:
        asked = world.request
        proof = listed(world, {asked.pk: bytes(asked.digest)})
        by_verb(asked, world.alan)

        with refused("not_on_the_list"):
            by_sql(ApprovalGrant.objects.get().pk, world.grace, reauthentication=proof)

    def test_is_typed_by_the_person_whose_list_it_is(self, world: World) -> None:
        asked = world.request
        with as_staff(world.grace):
            made = bulk.make_list({asked.pk: bytes(asked.digest)}, by=world.grace)

        with as_staff(world.alan), refused("list_is_ones_own"):
            insert(Reauthentication, person_id=world.alan.pk, method="password", list_id=made.pk)


class TestAList:
    @pytest.mark.parametrize(
        "canonical",
        [
            b"",
            b"\n",
            b"nonsense",
            f"{UUID(int=1)} {'0' * 64}".encode(),
            f"{UUID(int=1)} {'0' * 63}\n".encode(),
            f"{UUID(int=2)} {'0' * 64}\n{UUID(int=1)} {'0' * 64}\n".encode(),
            f"{UUID(int=1)} {'0' * 64}\n{UUID(int=1)} {'0' * 64}\n".encode(),
            f"{UUID(int=1)} {'g' * 64}\n".encode(),
            f"{str(UUID(int=10)).upper()} {'0' * 64}\n".encode(),
            b"\xff" * 102,
        ],
    )
    def test_is_written_in_one_way(self, world: World, canonical: bytes) -> None:
        with as_staff(world.grace), refused("list_is_well_formed"):
            run(LIST, world.grace.pk, canonical)

    def test_is_in_nobody_elses_name(self, world: World) -> None:
        with as_staff(world.alan), refused("decision_is_ones_own"):
            run(LIST, world.grace.pk, f"{UUID(int=1)} {'0' * 64}\n".encode())

    @pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
    def test_is_never_a_machines(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), denied("approval_lists"):
            run(LIST, world.grace.pk, b"")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_lists SET canonical = ''",
            "DELETE FROM approval_lists",
            "TRUNCATE approval_lists CASCADE",
        ],
    )
    def test_stays_as_it_was_made(self, world: World, statement: str) -> None:
        with as_staff(world.grace):
            bulk.make_list({UUID(int=1): bytes(32)}, by=world.grace)

        with refused("list_never_changes"):
            run(statement)

    @pytest.mark.parametrize("role", RUNTIME)
    def test_is_removed_by_no_role(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), denied("approval_lists"):
            run("DELETE FROM approval_lists")

    @pytest.mark.parametrize(
        ("column", "name"),
        [("person_id", "list_is_by_a_known_person"), ("tenant_id", "list_has_a_known_tenant")],
    )
    def test_points_at_what_there_is_even_without_triggers(
        self, world: World, column: str, name: str
    ) -> None:
        with as_staff(world.grace):
            bulk.make_list({UUID(int=1): bytes(32)}, by=world.grace)

        with untriggered("approval_lists"), refused(name, UnknownReference):
            run(f"UPDATE approval_lists SET {column} = '00000000-0000-0000-0000-000000000009'")
