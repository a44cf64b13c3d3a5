"""E12, the last part: ways to let a policy ask fewer people, other people, or nobody."""

from __future__ import annotations

from typing import Any

import rfc8785

from audit.models import ApprovalGrant, PolicyVersion
from core.access.models import User
from tests.audit.policing.people import (
    WHY,
    Platform,
    asked_about,
    make_platform,
    propose,
    standing,
    wanted,
)
from tests.audit.policing.test_changes import HOUR, INSERT, PUT, without_effect
from tests.audit.test_revocations import by_verb as revoke
from tests.audit.voting import by_sql
from tests.experiments.bypass import NO_GRANT, attack, vote, way
from tests.factories import World, open_market
from tests.raw import run, untriggered

LOWER = "quorum = 1, required_roles = '{\"admin\": 1}'"


def _approved(world: World) -> tuple[Platform, ApprovalGrant]:
    """A change that people approved and that is not in force."""
    platform = make_platform(world)
    return platform, without_effect(propose(platform.root), platform)


def _in_force(platform: Platform, hours: int = 2) -> PolicyVersion:
    change = propose(platform.root, wanted(due_after=hours * HOUR))
    for person in (platform.sue, platform.ada):
        by_sql(asked_about(change), person)
    grant = ApprovalGrant.objects.get(subject_id=change.pk)
    _put(grant)
    return PolicyVersion.objects.get(change=change)


def _put(grant: ApprovalGrant) -> None:
    run(PUT, grant.pk, grant.subject_id, bytes(grant.digest))


def _propose(by: User, action: str = "market:create", risk: str = "low", **changes: Any) -> None:
    text = {**wanted(action, risk).written(), "instead_of": None, "explanation": WHY, **changes}
    run(INSERT, rfc8785.dumps(text), by.pk)


@way
def the_owner_lowers_a_quorum(world: World) -> None:
    with attack("owner", world.grace, "policy_change_needs_approval"):
        run(f"UPDATE approval_policies SET {LOWER} WHERE action = 'market:create' AND risk = 'high'")


@way
def the_owner_lowers_a_quorum_by_a_conflict(world: World) -> None:
    with attack("owner", world.grace, "policy_change_needs_approval"):
        run(
            "INSERT INTO approval_policies (action, risk, quorum, required_roles, request_lifetime, grant_lifetime, "
            "due_after) SELECT action, risk, quorum, required_roles, request_lifetime, grant_lifetime, due_after "
            "FROM approval_policies WHERE action = 'market:create' AND risk = 'high' "
            f"ON CONFLICT (action, risk) DO UPDATE SET {LOWER}"
        )


@way
def the_owner_removes_a_policy_to_set_it_anew(world: World) -> None:
    with attack("owner", world.grace, "policy_change_needs_approval"):
        run("DELETE FROM approval_policies WHERE action = 'market:create' AND risk = 'high'")


@way
def the_owner_lets_one_person_change_policies_with_the_guards_off(world: World) -> None:
    with attack("owner", world.grace, "policies_are_changed_by_two_people"), untriggered("approval_policies"):
        run(f"UPDATE approval_policies SET {LOWER} WHERE action = 'policy:change'")


@way
def the_owner_lets_risky_events_out_with_the_guards_off(world: World) -> None:
    with attack("owner", world.grace, "only_events_publish_by_themselves"), untriggered("approval_policies"):
        run("UPDATE approval_policies SET publishes_by_itself = true WHERE action = 'event:publish'")


@way
def the_owner_brings_an_older_policy_back(world: World) -> None:
    platform = make_platform(world)
    older = _in_force(platform)
    _in_force(platform, 3)
    with attack("owner", platform.root, "policy_change_needs_approval"):
        run(
            "UPDATE approval_policies SET set_by_audit_id = %s, due_after = %s WHERE id = %s",
            older.audit_id,
            older.due_after,
            standing().pk,
        )


@way
def the_owner_forges_a_policy_version_with_the_guards_off(world: World) -> None:
    platform = make_platform(world)
    change = propose(platform.root)
    market = open_market(world.proposal, world.grace)
    with (
        attack("owner", platform.root, "policy_version_needs_approval"),
        untriggered("approval_policy_versions"),
    ):
        run(
            "INSERT INTO approval_policy_versions (audit_id, change_id, digest, number, action, risk, quorum, "
            "required_roles, request_lifetime, grant_lifetime, needs_reauthentication, due_after, publishes_by_itself) "
            "SELECT %s, %s, %s, 1, action, risk, quorum, required_roles, request_lifetime, grant_lifetime, false, "
            "due_after, publishes_by_itself FROM approval_policies WHERE action = 'market:create' AND risk = 'low'",
            market.human_approval_audit_id,
            change.pk,
            bytes(change.digest),
        )


@way
def the_owner_rewrites_a_policy_that_was_approved(world: World) -> None:
    _approved(world)
    with attack("owner", world.root, "policy_change_never_changes"):
        run("UPDATE approval_policy_changes SET canonical = canonical || ' '")


@way
def the_owner_rewrites_a_version_in_force(world: World) -> None:
    _in_force(make_platform(world))
    with attack("owner", world.root, "policy_change_never_changes"):
        run("UPDATE approval_policy_versions SET quorum = 1")


@way
def the_platform_puts_a_policy_into_force_that_people_are_still_asked_about(world: World) -> None:
    platform = make_platform(world)
    change = propose(platform.root)
    with attack("platform", platform.root, "policy_change_needs_approval", within="platform"):
        run(PUT, None, change.pk, bytes(change.digest))


@way
def the_platform_changes_a_policy_by_the_approval_of_a_market(world: World) -> None:
    market = open_market(world.proposal, world.grace)
    with attack("platform", world.root, "policy_change_needs_approval", within="platform"):
        run(PUT, market.human_approval_audit_id, market.proposal_id, bytes(market.digest))


@way
def the_platform_uses_the_approval_of_another_policy(world: World) -> None:
    platform, grant = _approved(world)
    other = propose(platform.root, wanted(due_after=3 * HOUR))
    with attack("platform", platform.root, "policy_change_needs_approval", within="platform"):
        run(PUT, grant.pk, other.pk, bytes(other.digest))


@way
def the_platform_puts_a_policy_into_force_twice(world: World) -> None:
    _, grant = _approved(world)
    _put(grant)
    with attack("platform", world.root, "policy_version_has_an_approval_of_its_own", within="platform"):
        _put(grant)


@way
def the_platform_puts_a_policy_into_force_over_a_newer_one(world: World) -> None:
    platform, grant = _approved(world)
    _in_force(platform, 3)
    with attack("platform", platform.root, "policy_has_moved_on", within="platform"):
        _put(grant)


@way
def the_platform_uses_an_approval_of_a_policy_that_was_revoked(world: World) -> None:
    platform, grant = _approved(world)
    revoke(grant.pk, platform.sue)
    with attack("platform", platform.root, "approval_is_revoked", within="platform"):
        _put(grant)


@way
def the_platform_uses_an_approval_of_a_policy_that_has_expired(world: World) -> None:
    platform, grant = _approved(world)
    with untriggered("approval_grants"):
        run("UPDATE approval_grants SET expires_at = clock_timestamp()")
    with attack("platform", platform.root, "approval_has_expired", within="platform"):
        _put(grant)


@way
def the_platform_sends_another_quorum_along(world: World) -> None:
    platform, grant = _approved(world)
    with attack("platform", platform.root, NO_GRANT, within="platform"):
        run(
            "INSERT INTO approval_policy_versions (audit_id, change_id, digest, quorum) VALUES (%s, %s, %s, 1)",
            grant.pk,
            grant.subject_id,
            bytes(grant.digest),
        )


@way
def staff_of_a_tenant_puts_a_policy_into_force(world: World) -> None:
    _, grant = _approved(world)
    with attack("staff", world.alan, NO_GRANT):
        _put(grant)


@way
def a_super_admin_of_a_tenant_proposes_a_policy(world: World) -> None:
    make_platform(world)
    with attack("platform", world.alan, "reviewer_is_of_another_tenant", within="platform"):
        _propose(world.alan)


@way
def the_platform_proposes_that_one_person_changes_policies(world: World) -> None:
    platform = make_platform(world)
    with attack("platform", platform.root, "policy_change_is_well_formed", within="platform"):
        _propose(platform.root, "policy:change", "high", required_roles={"super-admin": 1})


@way
def the_platform_proposes_that_markets_are_let_in_by_themselves(world: World) -> None:
    platform = make_platform(world)
    with attack("platform", platform.root, "policy_change_is_well_formed", within="platform"):
        _propose(platform.root, publishes_by_itself=True)


@way
def whoever_proposed_a_policy_decides_on_it(world: World) -> None:
    platform = make_platform(world)
    asked = asked_about(propose(platform.root))
    with attack("platform", platform.root, "proposer_cannot_decide", within="platform"):
        vote(world, platform.root, asked=asked)


@way
def a_super_admin_of_a_tenant_decides_on_a_policy(world: World) -> None:
    platform = make_platform(world)
    asked = asked_about(propose(platform.root))
    with attack("platform", world.alan, "reviewer_is_of_another_tenant", within="platform"):
        vote(world, world.alan, asked=asked)
