"""A grant appears when the people whom the policy asks for have said yes to exactly this content."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from audit.models import ApprovalDecision, ApprovalGrant, AuditEvent
from core.database.unit import unit
from core.refusals import AlreadyExists, UnknownReference
from markets.models import Market
from tests.audit.voting import DECIDE, Vote, ask, ask_of, by_verb, give_role, proof_of
from tests.factories import REASON, World, as_staff, make_person, request_for
from tests.raw import RUNTIME, denied, every, grant, one, refused, run, untriggered

pytestmark = pytest.mark.django_db


def slots(asked_id: UUID) -> list[tuple[object, ...]]:
    return every(
        "SELECT role_held, slot FROM approval_decisions WHERE request_id = %s ORDER BY decided_at", asked_id
    )


class TestAQuorumOfOne:
    def test_is_met_by_one_admin(self, world: World, vote: Vote) -> None:
        asked = world.request

        vote(asked, world.grace)

        asked.refresh_from_db()
        world.proposal.refresh_from_db()
        assert (asked.status, world.proposal.status) == ("granted", "approved")
        assert slots(asked.pk) == [("admin", "admin")]
        assert ApprovalGrant.objects.filter(request=asked).exists()

    def test_is_met_by_one_super_admin(self, world: World, vote: Vote) -> None:
        asked = world.request

        vote(asked, world.alan)

        assert slots(asked.pk) == [("super-admin", "admin")]

    def test_is_met_by_a_person_of_the_platform(self, world: World, vote: Vote) -> None:
        asked = world.request

        vote(asked, world.root)

        asked.refresh_from_db()
        assert asked.status == "granted"

    def test_opens_the_market_in_the_same_transaction(self, world: World) -> None:
        by_verb(world.request, world.grace)

        market = Market.objects.get()
        assert market.human_approval_audit_id == ApprovalGrant.objects.get().pk

    def test_closes_the_request_to_others(self, world: World, vote: Vote) -> None:
        asked = world.request
        vote(asked, world.grace)

        with refused("request_is_closed"):
            vote(asked, world.alan)

    def test_met_by_raw_sql_alone_opens_no_market(self, world: World) -> None:
        with as_staff(world.grace):
            proof = proof_in_unit(world)
            asked = world.request
            run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof)

        assert not Market.objects.exists()


def proof_in_unit(world: World) -> object:
    return one(
        "INSERT INTO reauthentications (tenant_id, person_id, method) VALUES (%s, %s, 'password') RETURNING id",
        world.acme.pk,
        world.grace.pk,
    )


class TestAQuorumOfTwo:
    def test_is_not_met_by_one(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))

        vote(asked, world.grace)

        asked.refresh_from_db()
        assert asked.status == "open"
        assert not ApprovalGrant.objects.exists()

    def test_is_met_by_two(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))

        vote(asked, world.grace)
        vote(asked, world.alan)

        asked.refresh_from_db()
        assert asked.status == "granted"
        assert slots(asked.pk) == [("admin", "admin"), ("super-admin", "admin")]

    def test_is_not_met_by_one_who_votes_twice(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))
        vote(asked, world.grace)

        with refused("reviewer_decides_once"):
            vote(asked, world.grace)

    def test_is_not_met_by_a_vote_and_an_abstention(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))

        vote(asked, world.grace)
        vote(asked, world.alan, "abstain")

        asked.refresh_from_db()
        assert asked.status == "open"

    def test_is_not_met_when_one_of_two_rejects(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))

        vote(asked, world.grace)
        vote(asked, world.alan, "reject")

        asked.refresh_from_db()
        assert asked.status == "rejected"
        assert not ApprovalGrant.objects.exists()


class TestAnAdminAndASuperAdmin:
    def test_are_enough_in_this_order(self, world: World, vote: Vote) -> None:
        asked = ask_of(world, admin=1, super_admin=1)

        vote(asked, world.grace)
        vote(asked, world.alan)

        asked.refresh_from_db()
        assert asked.status == "granted"
        assert slots(asked.pk) == [("admin", "admin"), ("super-admin", "super-admin")]

    def test_are_enough_in_the_other_order(self, world: World, vote: Vote) -> None:
        asked = ask_of(world, admin=1, super_admin=1)

        vote(asked, world.alan)
        vote(asked, world.grace)

        assert slots(asked.pk) == [("super-admin", "super-admin"), ("admin", "admin")]

    def test_may_be_two_super_admins(self, world: World, vote: Vote) -> None:
        asked = ask_of(world, admin=1, super_admin=1)

        vote(asked, world.alan)
        vote(asked, world.root)

        asked.refresh_from_db()
        assert asked.status == "granted"
        assert slots(asked.pk) == [("super-admin", "super-admin"), ("super-admin", "admin")]

    def test_are_not_two_admins(self, world: World, vote: Vote) -> None:
        asked = ask_of(world, admin=1, super_admin=1)
        other = make_person("ada@acme.example", world.acme)
        vote(asked, world.grace)

        with refused("open_slot_needs_a_higher_role"):
            vote(asked, other)

    def test_count_the_role_held_when_deciding(self, world: World, vote: Vote) -> None:
        asked = ask_of(world, admin=1, super_admin=1)
        vote(asked, world.grace)
        give_role(world.grace, "viewer")

        vote(asked, world.alan)

        asked.refresh_from_db()
        assert asked.status == "granted"


def test_a_super_admin_alone_is_asked_where_the_policy_asks_only_for_one(world: World, vote: Vote) -> None:
    asked = ask_of(world, super_admin=1)

    with refused("reviewer_lacks_the_role"):
        vote(asked, world.grace)


class TestAnAbstention:
    def test_fills_no_slot_and_leaves_the_request_open(self, world: World, vote: Vote) -> None:
        asked = world.request

        vote(asked, world.grace, "abstain")

        asked.refresh_from_db()
        assert asked.status == "open"
        assert slots(asked.pk) == [("admin", None)]

    def test_is_the_last_word_of_who_abstained(self, world: World, vote: Vote) -> None:
        asked = world.request
        vote(asked, world.grace, "abstain")

        with refused("reviewer_decides_once"):
            vote(asked, world.grace)

    def test_leaves_the_decision_to_others(self, world: World, vote: Vote) -> None:
        asked = world.request
        vote(asked, world.grace, "abstain")

        vote(asked, world.alan)

        asked.refresh_from_db()
        assert asked.status == "granted"


class TestARejection:
    def test_closes_request_and_proposal(self, world: World, vote: Vote) -> None:
        asked = world.request

        vote(asked, world.grace, "reject")

        asked.refresh_from_db()
        world.proposal.refresh_from_db()
        assert (asked.status, world.proposal.status) == ("rejected", "rejected")
        assert asked.closed_at is not None

    def test_is_final(self, world: World, vote: Vote) -> None:
        asked = world.request
        vote(asked, world.grace, "reject")

        with refused("request_is_closed"):
            vote(asked, world.alan)


class TestAWishForChanges:
    def test_closes_the_request_and_gives_the_proposal_back(self, world: World, vote: Vote) -> None:
        asked = world.request

        vote(asked, world.grace, "request_changes")

        asked.refresh_from_db()
        world.proposal.refresh_from_db()
        assert (asked.status, world.proposal.status) == ("changes_requested", "changes_requested")


class TestAGrant:
    @pytest.fixture
    def granted(self, world: World) -> ApprovalGrant:
        by_verb(world.request, world.grace)
        return ApprovalGrant.objects.get()

    def test_names_what_was_approved(self, world: World, granted: ApprovalGrant) -> None:
        asked = world.request

        assert (granted.request_id, granted.action, granted.subject_id) == (
            asked.pk,
            "market:create",
            world.proposal.pk,
        )
        assert bytes(granted.digest) == bytes(asked.digest)
        assert granted.tenant_id == world.acme.pk

    def test_is_good_for_the_time_its_policy_gives(self, granted: ApprovalGrant) -> None:
        assert granted.expires_at - granted.granted_at == timedelta(hours=24)

    def test_is_the_row_of_the_log_that_says_who_decided(self, world: World, granted: ApprovalGrant) -> None:
        event = AuditEvent.objects.get(pk=granted.pk)

        assert (event.action, event.actor_id, event.actor_type) == ("approval:grant", world.grace.pk, "human")
        assert (event.entity_type, event.entity_id) == ("approval_grants", str(granted.request_id))
        assert event.payload_hash == bytes(granted.digest).hex() == (event.new_value or {})["digest"]
        assert (event.new_value or {})["quorum"] == 1
        (decided,) = (event.new_value or {})["decisions"]
        assert (decided["reviewer_id"], decided["role"], decided["slot"], decided["reason"]) == (
            str(world.grace.pk),
            "admin",
            "admin",
            REASON,
        )

    @pytest.mark.parametrize("role", RUNTIME)
    def test_is_made_by_no_role(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), denied("approval_grants"):
            run("INSERT INTO approval_grants (request_id) VALUES (%s)", world.request.pk)

    @pytest.mark.parametrize("role", ["api", "staff", "worker", "platform"])
    def test_is_not_made_by_a_role_that_was_given_the_right(self, world: World, role: str) -> None:
        grant("INSERT", "approval_grants", role)

        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), refused("approval_needs_its_quorum"):
            run("INSERT INTO approval_grants (request_id) VALUES (%s)", world.request.pk)

    def test_is_not_made_by_the_owner_without_votes(self, world: World) -> None:
        with refused("approval_needs_its_quorum"):
            run("INSERT INTO approval_grants (request_id) VALUES (%s)", world.request.pk)

    def test_is_not_made_for_a_request_that_is_closed(self, granted: ApprovalGrant) -> None:
        with refused("approval_needs_its_quorum"):
            run("INSERT INTO approval_grants (request_id) VALUES (%s)", granted.request_id)

    def test_is_not_made_for_no_request(self) -> None:
        with refused("approval_needs_its_quorum"):
            run("INSERT INTO approval_grants (request_id) VALUES (%s)", UUID(int=9))

    def test_is_not_made_when_the_time_is_over(self, world: World) -> None:
        voted_without_effect(world)
        with untriggered("approval_requests"):
            run("UPDATE approval_requests SET expires_at = clock_timestamp()")

        with refused("approval_needs_its_quorum"):
            run("INSERT INTO approval_grants (request_id) VALUES (%s)", world.request.pk)

    def test_says_what_its_request_says_whatever_the_owner_sends(self, world: World) -> None:
        voted_without_effect(world)

        run(
            "INSERT INTO approval_grants (audit_id, tenant_id, request_id, action, subject_id, digest, expires_at) "
            "VALUES (%s, %s, %s, 'policy:change', %s, 'x', 'infinity')",
            UUID(int=1),
            world.beta.pk,
            world.request.pk,
            UUID(int=2),
        )

        made = ApprovalGrant.objects.get()
        assert (made.tenant_id, made.action, made.subject_id) == (
            world.acme.pk,
            "market:create",
            world.proposal.pk,
        )
        assert bytes(made.digest) == bytes(world.request.digest)
        assert made.expires_at - made.granted_at == timedelta(hours=24)
        assert made.pk.version == 7

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_grants SET expires_at = 'infinity'",
            "DELETE FROM approval_grants",
            "TRUNCATE approval_grants CASCADE",
        ],
    )
    def test_never_changes(self, granted: ApprovalGrant, statement: str) -> None:
        with refused("grant_never_changes"):
            run(statement)

    @pytest.mark.parametrize(
        ("column", "value", "name", "answer"),
        [
            ("audit_id", UUID(int=1), "grant_is_in_the_log", UnknownReference),
            ("request_id", UUID(int=1), "grant_has_a_known_request", UnknownReference),
            ("tenant_id", UUID(int=0), "grant_is_in_the_log", UnknownReference),
        ],
    )
    def test_points_at_the_log_and_its_request_even_without_triggers(
        self, granted: ApprovalGrant, column: str, value: UUID, name: str, answer: type
    ) -> None:
        run("ALTER TABLE markets DROP CONSTRAINT market_needs_human_approval")

        with untriggered("approval_grants"), refused(name, answer):
            run(f"UPDATE approval_grants SET {column} = %s", value)

    def test_is_one_for_each_request_even_without_triggers(self, granted: ApprovalGrant) -> None:
        with untriggered("approval_grants"), refused("request_is_granted_once", AlreadyExists):
            run(
                "INSERT INTO approval_grants (audit_id, tenant_id, request_id, action, subject_id, digest, expires_at) "
                "SELECT (SELECT audit_id FROM audit_event WHERE tenant_id = g.tenant_id AND audit_id <> g.audit_id LIMIT 1), "
                "tenant_id, request_id, action, subject_id, digest, expires_at FROM approval_grants g"
            )


def voted_without_effect(world: World) -> None:
    proof = proof_of(world.grace)
    run("ALTER TABLE approval_decisions DISABLE TRIGGER decision_takes_effect")
    with as_staff(world.grace):
        run(
            DECIDE, world.request.pk, bytes(world.request.digest), world.grace.pk, "approve", REASON, proof.pk
        )
    run("ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER decision_takes_effect")
    assert ApprovalDecision.objects.count() == 1
