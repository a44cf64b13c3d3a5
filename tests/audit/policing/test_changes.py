"""A policy changes only by people's approval of exactly what it will say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import rfc8785
from django.db import IntegrityError

from audit import approvals, policies
from audit.models import (
    ApprovalGrant,
    ApprovalSubject,
    AuditEvent,
    PolicyChange,
    PolicyVersion,
)
from audit.refusals import PolicyMovedOn
from core.access.models import PLATFORM_TENANT_ID, User
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from core.refusals import NotAccepted, NotAllowed, ReasonTooShort, translate
from tests.audit.policing.people import (
    WHY,
    Platform,
    asked_about,
    make_platform,
    propose,
    standing,
    wanted,
)
from tests.audit.voting import DECIDE, Vote, ask, by_verb, give_role, proof_of
from tests.factories import World, acting, as_staff, request_for
from tests.raw import RUNTIME, denied, every, grant, refused, run, untriggered

pytestmark = pytest.mark.django_db

INSERT = "INSERT INTO approval_policy_changes (canonical, proposed_by) VALUES (%s, %s)"
PUT = "INSERT INTO approval_policy_versions (audit_id, change_id, digest) VALUES (%s, %s, %s)"
HOUR = timedelta(hours=1)


@pytest.fixture
def platform(world: World) -> Platform:
    return make_platform(world)


def write(by: User, **changes: Any) -> int:
    """Propose by raw SQL, as the platform's role could."""
    text = {**wanted().written(), "instead_of": None, "explanation": WHY, **changes}
    text = {name: value for name, value in text.items() if value is not ...}
    with as_staff(by, PLATFORM_TENANT_ID):
        return run(INSERT, rfc8785.dumps(text), by.pk)


def without_effect(change: PolicyChange, platform: Platform) -> ApprovalGrant:
    """People approve, and whoever would put it into force does not."""
    effect = approvals._effects.pop("policy:change")
    try:
        for person in (platform.sue, platform.ada):
            by_verb(asked_about(change), person)
    finally:
        approvals._effects["policy:change"] = effect
    return ApprovalGrant.objects.get(action="policy:change", subject_id=change.pk)


class TestProposing:
    def test_a_proposal_is_put_to_people_and_changes_nothing(self, platform: Platform) -> None:
        before = every("SELECT * FROM approval_policies ORDER BY id")

        change = propose(platform.root)

        asked, subject = asked_about(change), ApprovalSubject.objects.get(subject_id=change.pk)
        assert (asked.status, asked.risk, asked.required_roles) == (
            "open",
            "high",
            {"admin": 1, "super-admin": 1},
        )
        assert (asked.tenant_id, subject.digest) == (PLATFORM_TENANT_ID, change.digest)
        assert (change.action, change.risk) == ("market:create", "low")
        said = json.loads(bytes(change.canonical))
        assert (said["explanation"], said["instead_of"], said["due_after_seconds"]) == (WHY, None, 7200)
        assert every("SELECT * FROM approval_policies ORDER BY id") == before

    def test_the_log_has_it_without_the_text(self, platform: Platform) -> None:
        change = propose(platform.root)

        fact = AuditEvent.objects.get(entity_type="approval_policy_changes")
        assert (fact.action, fact.entity_id, fact.actor_id) == (
            "policy:propose",
            str(change.pk),
            platform.root.pk,
        )
        assert "canonical" not in (fact.new_value or {})

    def test_policies_are_the_platforms(self, world: World, platform: Platform) -> None:
        with as_staff(world.alan), pytest.raises(NotAllowed):
            policies.propose_change(wanted(), by=world.alan, reason=WHY)
        with as_staff(world.alan), denied("approval_policy_changes"):
            run(INSERT, b"{}", world.alan.pk)

    def test_whoever_is_no_admin_proposes_none(self, platform: Platform) -> None:
        give_role(platform.ada, "editor")

        with as_staff(platform.ada), pytest.raises(NotAllowed):
            policies.propose_change(wanted(), by=platform.ada, reason=WHY)
        with refused("reviewer_lacks_the_role"):
            write(platform.ada)

    def test_nobody_proposes_in_the_name_of_another(self, platform: Platform) -> None:
        text = wanted().canonical(instead_of=None, explanation=WHY)

        with as_staff(platform.ada), refused("decision_is_ones_own"):
            run(INSERT, text, platform.root.pk)

    def test_it_says_why(self, platform: Platform) -> None:
        with as_staff(platform.root), pytest.raises(ReasonTooShort):
            policies.propose_change(wanted(), by=platform.root, reason="Because.")
        with refused("policy_change_is_well_formed"):
            write(platform.root, explanation="Because.")

    @pytest.mark.parametrize(
        "changes",
        [
            {"action": "market:sell"},
            {"risk": "none"},
            {"required_roles": {}},
            {"required_roles": {"viewer": 1}},
            {"required_roles": {"admin": 10}},
            {"required_roles": {"admin": -1}},
            {"required_roles": {"admin": "many"}},
            {"required_roles": [1]},
            {"required_roles": None},
            {"request_lifetime_seconds": 3599},
            {"request_lifetime_seconds": 30 * 86400 + 1},
            {"due_after_seconds": 86401},
            {"due_after_seconds": 0},
            {"due_after_seconds": "soon"},
            {"grant_lifetime_seconds": 59},
            {"grant_lifetime_seconds": 30 * 86400 + 1},
            {"needs_reauthentication": None},
            {"needs_reauthentication": "perhaps"},
            {"publishes_by_itself": None},
            {"publishes_by_itself": True},
            {"publishes_by_itself": True, "action": "event:publish", "risk": "high"},
            {"action": "policy:change", "risk": "high", "required_roles": {"super-admin": 1}},
            {"action": "policy:change", "risk": "high", "needs_reauthentication": False},
            {"instead_of": "nothing"},
            {"more": 1},
            {"explanation": ...},
            {"instead_of": ...},
        ],
    )
    def test_what_no_policy_can_say_is_refused(self, platform: Platform, changes: dict[str, Any]) -> None:
        with refused("policy_change_is_well_formed"):
            write(platform.root, **changes)

        assert not PolicyChange.objects.exists()

    @pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"1", b"\xff", b'"\\u0000"'])
    def test_so_is_what_is_no_json(self, platform: Platform, text: bytes) -> None:
        with as_staff(platform.root), refused("policy_change_is_well_formed"):
            run(INSERT, text, platform.root.pk)

    def test_what_stands_already_is_no_change(self, platform: Platform) -> None:
        same: dict[str, Any] = {"required_roles": {"admin": 1}, "due_after": 12 * HOUR}

        with refused("policy_is_so_already"):
            propose(platform.root, wanted(**same))
        with refused("policy_is_so_already"):
            write(platform.root, required_roles={"admin": 1}, due_after_seconds=12 * 3600)

    def test_a_change_that_builds_on_another_policy_is_refused(self, platform: Platform) -> None:
        with refused("policy_has_moved_on"):
            write(platform.root, instead_of=str(uuid4()))

    @pytest.mark.parametrize("role", RUNTIME)
    @pytest.mark.parametrize("column", ["digest", "action", "risk", "created_at", "id"])
    def test_nobody_says_what_follows_from_the_text(self, platform: Platform, role: str, column: str) -> None:
        with acting(platform.root, role), denied("approval_policy_changes"):
            run(f"INSERT INTO approval_policy_changes ({column}) VALUES (DEFAULT)")

    @pytest.mark.parametrize("table", ["approval_policy_changes", "approval_policy_versions"])
    @pytest.mark.parametrize(
        "statement", ["UPDATE {} SET risk = 'low'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
    )
    def test_what_was_proposed_and_approved_never_changes(
        self, platform: Platform, table: str, statement: str
    ) -> None:
        change = propose(platform.root)
        for person in (platform.sue, platform.ada):
            by_verb(asked_about(change), person)

        with refused("policy_change_never_changes"):
            run(statement.format(table))


class TestApproving:
    def test_two_people_put_it_into_force_and_what_was_asked_before_stays(
        self, world: World, platform: Platform
    ) -> None:
        before = world.request
        change = propose(platform.root)
        asked = asked_about(change)
        by_verb(asked, platform.sue)
        first = standing()

        by_verb(asked, platform.ada)

        policy, granted = standing(), ApprovalGrant.objects.get(request=asked)
        assert first.set_by_audit_id is None
        assert (policy.pk, policy.quorum, policy.required_roles) == (
            first.pk,
            2,
            {"admin": 1, "super-admin": 1},
        )
        assert (policy.due_after, policy.set_by_audit_id) == (2 * HOUR, granted.pk)
        before.refresh_from_db()
        assert before.quorum == 1
        version = PolicyVersion.objects.get()
        assert (version.number, version.change_id, bytes(version.digest)) == (
            1,
            change.pk,
            bytes(change.digest),
        )
        message = OutboxEvent.objects.get(event_type="policy.changed")
        assert message.payload == {"action": "market:create", "risk": "low", "number": 1}

    def test_from_then_on_it_counts(self, world: World, platform: Platform) -> None:
        change = propose(platform.root, wanted(risk="high", required_roles={"admin": 3}))
        for person in (platform.sue, platform.ada):
            by_verb(asked_about(change), person)

        assert request_for(ask(world)).required_roles == {"admin": 3}

    @pytest.mark.parametrize(
        ("person", "before", "name"),
        [("root", 0, "proposer_cannot_decide"), ("sue", 1, "reviewer_decides_once")],
    )
    def test_nobody_changes_a_policy_alone(
        self, platform: Platform, vote: Vote, person: str, before: int, name: str
    ) -> None:
        asked = asked_about(propose(platform.root))
        for _ in range(before):
            by_verb(asked, getattr(platform, person))

        with refused(name):
            vote(asked, getattr(platform, person))

        assert standing().set_by_audit_id is None

    def test_two_admins_are_not_enough(self, platform: Platform, vote: Vote) -> None:
        asked = asked_about(propose(platform.sue))
        give_role(platform.root, "admin")
        by_verb(asked, platform.ada)

        with refused("open_slot_needs_a_higher_role"):
            vote(asked, platform.root)

        assert standing().set_by_audit_id is None

    def test_nobody_of_a_tenant_decides_on_policies(self, world: World, platform: Platform) -> None:
        asked, proof = asked_about(propose(platform.root)), proof_of(world.alan)

        elsewhere = unit("platform", tenant=PLATFORM_TENANT_ID, actor=world.alan.pk)
        with elsewhere, refused("reviewer_is_of_another_tenant"):
            run(DECIDE, asked.pk, bytes(asked.digest), world.alan.pk, "approve", WHY, proof.pk)

    def test_of_two_changes_the_second_is_refused_once_the_first_stands(self, platform: Platform) -> None:
        one, other = propose(platform.root), propose(platform.root, wanted(due_after=3 * HOUR))
        for person in (platform.sue, platform.ada):
            by_verb(asked_about(one), person)
        by_verb(asked_about(other), platform.sue)

        with pytest.raises(IntegrityError) as caught:
            by_verb(asked_about(other), platform.ada)

        assert isinstance(translate(caught.value), PolicyMovedOn)
        assert (standing().due_after, asked_about(other).status) == (2 * HOUR, "open")

    def test_a_second_change_builds_on_the_first(self, platform: Platform) -> None:
        for hours in (2, 3):
            change = propose(platform.root, wanted(due_after=hours * HOUR))
            for person in (platform.sue, platform.ada):
                by_verb(asked_about(change), person)

        versions = PolicyVersion.objects.order_by("number")
        assert [(version.number, version.due_after) for version in versions] == [(1, 2 * HOUR), (2, 3 * HOUR)]
        assert standing().set_by_audit_id == versions[1].audit_id

    def test_a_risk_without_a_policy_can_get_one(self, platform: Platform) -> None:
        content = replace(wanted("snapshot:redact", "high"), risk="low")

        change = propose(platform.root, content)
        for person in (platform.sue, platform.ada):
            by_verb(asked_about(change), person)

        assert standing("snapshot:redact", "low").quorum == 2


class TestThePlatformsRawSql:
    def test_puts_nothing_into_force_without_a_grant(self, platform: Platform) -> None:
        change = propose(platform.root)

        with as_staff(platform.root), refused("policy_change_needs_approval"):
            run(PUT, uuid4(), change.pk, bytes(change.digest))
        with as_staff(platform.root), refused("policy_change_needs_approval"):
            run(PUT, AuditEvent.objects.filter(tenant=PLATFORM_TENANT_ID)[0].pk, change.pk, b"x" * 32)

    def test_puts_nothing_else_into_force_than_what_was_approved(self, platform: Platform) -> None:
        one, other = propose(platform.root), propose(platform.root, wanted(due_after=3 * HOUR))
        granted = without_effect(one, platform)

        with as_staff(platform.root), refused("policy_change_needs_approval"):
            run(PUT, granted.pk, other.pk, bytes(other.digest))

    def test_puts_an_approved_change_into_force_once_and_in_time(self, platform: Platform) -> None:
        change = propose(platform.root)
        granted = without_effect(change, platform)
        with untriggered("approval_grants"):
            run("UPDATE approval_grants SET expires_at = clock_timestamp() WHERE audit_id = %s", granted.pk)
        with as_staff(platform.root), refused("approval_has_expired"):
            run(PUT, granted.pk, change.pk, bytes(change.digest))
        with untriggered("approval_grants"):
            run("UPDATE approval_grants SET expires_at = expires_at + interval '1 day'")

        with as_staff(platform.root):
            assert run(PUT, granted.pk, change.pk, bytes(change.digest)) == 1
        with as_staff(platform.root), refused("policy_version_has_an_approval_of_its_own"):
            run(PUT, granted.pk, change.pk, bytes(change.digest))

    def test_uses_no_grant_that_was_revoked(self, platform: Platform) -> None:
        change = propose(platform.root)
        granted = without_effect(change, platform)
        proof = proof_of(platform.sue)
        with as_staff(platform.sue):
            approvals.revoke(granted.pk, reauthentication=proof, by=platform.sue, reason=WHY)

        with as_staff(platform.root), refused("approval_is_revoked"):
            run(PUT, granted.pk, change.pk, bytes(change.digest))

    @pytest.mark.parametrize("role", RUNTIME)
    @pytest.mark.parametrize("column", ["quorum", "required_roles", "number", "action"])
    def test_says_nothing_of_what_was_approved(self, platform: Platform, role: str, column: str) -> None:
        with acting(platform.root, role), denied("approval_policy_versions"):
            run(f"INSERT INTO approval_policy_versions ({column}) VALUES (DEFAULT)")

    def test_not_even_the_owner_changes_what_people_approved(self, platform: Platform) -> None:
        change = propose(platform.root)
        for person in (platform.sue, platform.ada):
            by_verb(asked_about(change), person)

        for changed in (
            "quorum = 1, required_roles = '{\"admin\": 1}'",
            "set_by_audit_id = NULL",
            "risk = 'high'",
        ):
            with refused("policy_change_needs_approval"):
                run(f"UPDATE approval_policies SET {changed} WHERE set_by_audit_id IS NOT NULL")

    def test_not_even_the_owner_brings_an_older_version_back(self, platform: Platform) -> None:
        for hours in (2, 3):
            change = propose(platform.root, wanted(due_after=hours * HOUR))
            for person in (platform.sue, platform.ada):
                by_verb(asked_about(change), person)
        older = PolicyVersion.objects.get(number=1)

        with refused("policy_change_needs_approval"):
            run(
                "UPDATE approval_policies SET set_by_audit_id = %s, due_after = %s WHERE id = %s",
                older.audit_id,
                older.due_after,
                standing().pk,
            )

    def test_a_role_that_was_given_every_right_changes_no_policy(self, platform: Platform) -> None:
        grant("ALL", "approval_policies", "platform")

        with as_staff(platform.root), refused("policy_change_needs_approval"):
            run("UPDATE approval_policies SET quorum = 1")

    @pytest.mark.parametrize(
        "changed", ["quorum = 1, required_roles = '{\"admin\": 1}'", "needs_reauthentication = false"]
    )
    def test_changing_policies_takes_two_people_and_their_passwords_for_ever(
        self, platform: Platform, changed: str
    ) -> None:
        with untriggered("approval_policies"), refused("policies_are_changed_by_two_people", NotAccepted):
            run(f"UPDATE approval_policies SET {changed} WHERE action = 'policy:change'")
