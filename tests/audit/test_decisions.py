"""A decision is one active person's own word, over the digest under review, after typing the password."""

from __future__ import annotations

from uuid import UUID

import pytest

from audit.models import ApprovalDecision, ApprovalRequest
from core.access.models import User, UserRole
from core.database.rows import insert
from core.database.unit import unit
from core.refusals import AlreadyExists, NotAccepted, Refusal, UnknownReference
from tests.audit.voting import DECIDE, VERBS, Vote, ask, bar, expire, give_role, proof_of
from tests.factories import REASON, World, acting, as_staff, make_content, make_proposal, request_for
from tests.raw import RUNTIME, denied, every, one, refused, run, untriggered

pytestmark = pytest.mark.django_db

ASK_NO_PASSWORD = (
    "UPDATE approval_policies SET needs_reauthentication = false WHERE action <> 'policy:change'"
)


class TestWhoDecides:
    def test_not_the_proposer(self, world: World, vote: Vote) -> None:
        asked = request_for(make_proposal(world.grace, make_content(world.evidence, symbol="OWN")))

        with refused("proposer_cannot_decide"):
            vote(asked, world.grace)

    def test_not_the_proposer_even_as_super_admin_of_the_platform(self, world: World, vote: Vote) -> None:
        asked = request_for(make_proposal(world.alan, make_content(world.evidence, symbol="OWN")))

        with refused("proposer_cannot_decide"):
            vote(asked, world.alan)

    def test_not_the_person_who_operates_the_proposing_agent(self, world: World, vote: Vote) -> None:
        with refused("operator_cannot_decide"):
            vote(world.request, world.olga)

    @pytest.mark.parametrize("verdict", VERBS)
    def test_not_who_is_barred_by_an_earlier_step(self, world: World, vote: Vote, verdict: str) -> None:
        bar(world.grace, world.proposal.pk)

        with refused("reviewer_is_barred"):
            vote(world.request, world.grace, verdict)

    def test_but_the_others_when_one_is_barred(self, world: World, vote: Vote) -> None:
        bar(world.grace, world.proposal.pk)

        vote(world.request, world.alan)

        assert ApprovalDecision.objects.get().reviewer == world.alan

    def test_not_the_proposing_agent(self, world: World, vote: Vote) -> None:
        with refused("proposer_cannot_decide"):
            vote(world.request, world.scout, reauthentication=None)

    def test_not_another_agent_whatever_roles_it_was_given(self, world: World, vote: Vote) -> None:
        with unit("staff", tenant=world.acme.pk):
            probe = insert(User, tenant_id=world.acme.pk, kind="agent", username="probe")
        with untriggered("user_roles"):
            insert(UserRole, tenant_id=world.acme.pk, user_id=probe.pk, role="super-admin")

        with refused("reviewer_is_active_staff"):
            vote(world.request, probe, reauthentication=None)

    def test_not_a_disabled_person(self, world: World, vote: Vote) -> None:
        proof = proof_of(world.grace)
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.grace.pk)

        with refused("reviewer_is_active_staff"):
            vote(world.request, world.grace, reauthentication=proof)

    def test_not_a_person_who_is_no_staff(self, world: World, vote: Vote) -> None:
        run("UPDATE users SET is_staff = false WHERE id = %s", world.grace.pk)

        with refused("reviewer_is_active_staff"):
            vote(world.request, world.grace)

    @pytest.mark.parametrize("name", ["vera", "edith"])
    def test_not_whose_role_is_too_low(self, world: World, vote: Vote, name: str) -> None:
        with refused("reviewer_lacks_the_role"):
            vote(world.request, getattr(world, name))

    def test_not_who_holds_no_role(self, world: World, vote: Vote) -> None:
        run("DELETE FROM user_roles WHERE user_id = %s", world.grace.pk)

        with refused("reviewer_lacks_the_role"):
            vote(world.request, world.grace)

    def test_not_who_lost_the_role_since(self, world: World, vote: Vote) -> None:
        proof = proof_of(world.grace)
        give_role(world.grace, "editor")

        with refused("reviewer_lacks_the_role"):
            vote(world.request, world.grace, reauthentication=proof)

    def test_not_an_admin_of_another_tenant(self, world: World, vote: Vote) -> None:
        with refused("reviewer_is_of_another_tenant"):
            vote(world.request, world.boris)

    @pytest.mark.parametrize("verdict", VERBS)
    def test_none_of_them_by_any_verdict(self, world: World, vote: Vote, verdict: str) -> None:
        with refused("operator_cannot_decide"):
            vote(world.request, world.olga, verdict)

        assert not ApprovalDecision.objects.exists()

    def test_not_in_the_name_of_another(self, world: World) -> None:
        asked, proof = world.request, proof_of(world.grace)

        with as_staff(world.alan), refused("decision_is_ones_own"):
            run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)

    def test_not_by_a_unit_that_nobody_acts_in(self, world: World) -> None:
        asked, proof = world.request, proof_of(world.grace)

        with unit("staff", tenant=world.acme.pk), refused("decision_is_ones_own"):
            run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)

    def test_not_somebody_who_does_not_exist(self, world: World) -> None:
        asked = world.request

        with unit("staff", actor=UUID(int=9)), refused("reviewer_is_active_staff"):
            run(DECIDE, asked.pk, bytes(asked.digest), UUID(int=9), "approve", REASON, None)

    @pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
    def test_not_a_machine(self, world: World, role: str) -> None:
        asked, proof = world.request, proof_of(world.grace)

        with acting(world.grace, role), denied("approval_decisions"):
            run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)

    @pytest.mark.parametrize(
        "column", ["role_held", "slot", "reviewer_kind", "decided_at", "tenant_id", "id"]
    )
    @pytest.mark.parametrize("role", ["staff", "platform"])
    def test_what_the_guard_fills_is_named_by_no_role(self, world: World, role: str, column: str) -> None:
        with acting(world.grace, role), denied("approval_decisions"):
            run(
                f"INSERT INTO approval_decisions (request_id, {column}) VALUES (%s, DEFAULT)",
                world.request.pk,
            )


class TestWhatIsDecided:
    def test_exactly_the_digest_under_review(self, world: World, vote: Vote) -> None:
        with refused("digest_is_not_the_one_under_review"):
            vote(world.request, world.grace, digest=b"\0" * 32)

    def test_nothing_that_was_decided_already(self, world: World, vote: Vote) -> None:
        asked = world.request
        vote(asked, world.grace, "reject")

        with refused("request_is_closed"):
            vote(asked, world.alan)

    def test_nothing_whose_time_is_over(self, world: World, vote: Vote) -> None:
        expire(world.request)

        with refused("request_has_expired"):
            vote(world.request, world.grace)

    def test_nothing_that_does_not_exist(self, world: World, vote: Vote) -> None:
        asked = ApprovalRequest(pk=UUID(int=9), digest=b"\0" * 32)

        with refused("decision_has_a_known_request"):
            vote(asked, world.grace)

    @pytest.mark.parametrize("reason", ["", "ok", "   nine ch   ", "123456789"])
    def test_nothing_without_a_reason(self, world: World, vote: Vote, reason: str) -> None:
        with refused("reason_is_given"):
            vote(world.request, world.grace, reason=reason)

    def test_for_a_reason_of_ten_characters(self, world: World, vote: Vote) -> None:
        vote(world.request, world.grace, reason="0123456789")

        assert ApprovalDecision.objects.get().reason == "0123456789"

    def test_by_one_of_four_words(self, world: World) -> None:
        asked, proof = world.request, proof_of(world.grace)

        with as_staff(world.grace), refused("verdict_is_known", NotAccepted):
            run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "perhaps", REASON, proof.pk)

    def test_is_kept_with_role_tenant_and_time(self, world: World, vote: Vote) -> None:
        vote(world.request, world.grace)

        (decision,) = ApprovalDecision.objects.all()
        assert (decision.role_held, decision.slot, decision.tenant_id) == ("admin", "admin", world.acme.pk)
        assert (decision.reviewer_kind, decision.verdict, decision.reason) == ("person", "approve", REASON)
        assert one("SELECT decided_at > now() FROM approval_decisions") is True


class TestTheProofOfWhoDecides:
    def test_is_needed(self, world: World, vote: Vote) -> None:
        with refused("reauthentication_is_fresh"):
            vote(world.request, world.grace, reauthentication=None)

    def test_is_ones_own(self, world: World, vote: Vote) -> None:
        with refused("reauthentication_is_fresh"):
            vote(world.request, world.grace, reauthentication=proof_of(world.alan))

    @pytest.mark.parametrize("age", ["5 minutes 1 second", "-1 minute"])
    def test_is_of_the_last_five_minutes(self, world: World, vote: Vote, age: str) -> None:
        proof = proof_of(world.grace)
        with untriggered("reauthentications"):
            run("UPDATE reauthentications SET created_at = clock_timestamp() - %s::interval", age)

        with refused("reauthentication_is_fresh"):
            vote(world.request, world.grace, reauthentication=proof)

    def test_of_four_minutes_ago_is_fresh(self, world: World, vote: Vote) -> None:
        proof = proof_of(world.grace)
        with untriggered("reauthentications"):
            run(
                "UPDATE reauthentications SET created_at = clock_timestamp() - interval '4 minutes 50 seconds'"
            )

        vote(world.request, world.grace, reauthentication=proof)

        assert ApprovalDecision.objects.get().reauthentication_id == proof.pk

    def test_serves_once(self, world: World, vote: Vote) -> None:
        proof = proof_of(world.grace)
        vote(request_for(ask(world)), world.grace, reauthentication=proof)

        with refused("reauthentication_is_used_once"):
            vote(world.request, world.grace, reauthentication=proof)

    def test_is_not_needed_where_the_policy_says_so(self, world: World, vote: Vote) -> None:
        with untriggered("approval_policies"):
            run(ASK_NO_PASSWORD)
        asked = request_for(ask(world))

        vote(asked, world.grace, reauthentication=None)

        assert ApprovalDecision.objects.get().reauthentication_id is None

    def test_that_is_offered_is_checked_even_where_none_is_needed(self, world: World, vote: Vote) -> None:
        with untriggered("approval_policies"):
            run(ASK_NO_PASSWORD)
        asked = request_for(ask(world))

        with refused("reauthentication_is_fresh"):
            vote(asked, world.grace, reauthentication=proof_of(world.alan))


class TestADecision:
    @pytest.fixture(autouse=True)
    def _decided(self, world: World) -> None:
        asked, proof = world.request, proof_of(world.grace)
        with as_staff(world.grace):
            run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "abstain", REASON, proof.pk)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_decisions SET verdict = 'approve', slot = 'admin'",
            "UPDATE approval_decisions SET reason = reason",
            "DELETE FROM approval_decisions",
            "TRUNCATE approval_decisions CASCADE",
        ],
    )
    def test_never_changes(self, statement: str) -> None:
        with refused("decision_never_changes"):
            run(statement)

    @pytest.mark.parametrize("role", RUNTIME)
    @pytest.mark.parametrize(
        "statement", ["UPDATE approval_decisions SET slot = 'admin'", "DELETE FROM approval_decisions"]
    )
    def test_is_changed_by_no_role(self, world: World, role: str, statement: str) -> None:
        with acting(world.grace, role), denied("approval_decisions"):
            run(statement)

    @pytest.mark.parametrize(
        ("change", "name", "answer"),
        [
            ("request_id = '00000000-0000-0000-0000-000000000009'", "decision_has_a_known_request", None),
            ("tenant_id = '00000000-0000-0000-0000-000000000000'", "decision_has_a_known_request", None),
            ("digest = decode(repeat('00', 32), 'hex')", "decision_is_over_the_requests_digest", None),
            ("reviewer_kind = 'agent'", "decision_is_by_a_person", None),
            ("reviewer_id = '00000000-0000-0000-0000-000000000009'", "decision_is_by_a_known_person", None),
            (
                "reviewer_id = (SELECT id FROM users WHERE username = 'scout')",
                "decision_is_by_a_known_person",
                None,
            ),
            (
                "reauthentication_id = '00000000-0000-0000-0000-000000000009'",
                "decision_has_a_known_reauthentication",
                UnknownReference,
            ),
        ],
    )
    def test_is_a_persons_word_on_a_request_even_without_triggers(
        self, change: str, name: str, answer: type[Refusal] | None
    ) -> None:
        with untriggered("approval_decisions"), refused(name, answer):
            run(f"UPDATE approval_decisions SET {change}")

    def test_is_known_by_its_tenant_and_id(self, world: World) -> None:
        with untriggered("approval_decisions"), refused("decision_belongs_to_its_tenant", AlreadyExists):
            run("ALTER TABLE approval_decisions DROP CONSTRAINT approval_decisions_pkey CASCADE")
            run("ALTER TABLE approval_decisions DROP CONSTRAINT reviewer_decides_once")
            run("ALTER TABLE approval_decisions DROP CONSTRAINT reauthentication_is_used_once")
            run("INSERT INTO approval_decisions SELECT * FROM approval_decisions")


def test_nobody_else_is_told_who_typed_a_password(world: World) -> None:
    proof_of(world.grace)

    for role in ("api", "worker"):
        with unit(role), denied("reauthentications"):
            every("SELECT id FROM reauthentications")
