"""Who must say yes before anything governed happens: the first policies, and how people change them."""

from __future__ import annotations

import json

from django.db import connections

from audit import approvals
from audit.models import ApprovalGrant, ApprovalPolicy, PolicyChange, PolicyVersion
from audit.policing.content import PolicyContent
from core.access.models import PLATFORM_TENANT_ID, User
from core.database.rows import insert
from core.database.unit import verb
from core.messaging.outbox import emit
from core.refusals import NotAllowed, ReasonTooShort

CHANGE = "policy:change"
PROPOSE = "policies:propose"
SHORTEST_REASON = 10
ONE_ADMIN, TWO_ADMINS = {"admin": 1}, {"admin": 2}
DECIDED_BY_ADMINS = (
    "market:create",
    "market:amend",
    "market:resolve",
    "market:void",
    "market:reopen",
    "event:publish",
)
FIRST_POLICIES: tuple[tuple[str, str, dict[str, int]], ...] = (
    *((action, "low", ONE_ADMIN) for action in DECIDED_BY_ADMINS),
    *((action, "medium", ONE_ADMIN) for action in DECIDED_BY_ADMINS),
    *((action, "high", TWO_ADMINS) for action in DECIDED_BY_ADMINS),
    ("policy:change", "high", {"admin": 1, "super-admin": 1}),
    ("snapshot:redact", "high", TWO_ADMINS),
)


def first_policies(using: str) -> None:
    """Set the first policies: one admin for low and medium risk, two people for high, and a day to decide."""
    with connections[using].cursor() as cursor:
        for action, risk, roles in FIRST_POLICIES:
            cursor.execute(
                """
                INSERT INTO approval_policies
                  (action, risk, quorum, required_roles, request_lifetime, grant_lifetime)
                SELECT %(action)s, %(risk)s, %(quorum)s, %(roles)s, interval '24 hours', interval '24 hours'
                WHERE NOT EXISTS (
                  SELECT FROM approval_policies WHERE action = %(action)s AND risk = %(risk)s)
                """,
                {"action": action, "risk": risk, "quorum": sum(roles.values()), "roles": json.dumps(roles)},
            )


@verb("policy:propose", permission=PROPOSE)
def propose_change(wanted: PolicyContent, *, by: User, reason: str) -> PolicyChange:
    """Put another policy before the people who may approve it; until then the standing one counts.

    :param reason: why; part of what is approved.
    :raises NotAllowed: for whoever is not of the platform, whose policies they are.
    :raises PolicyIsMalformed: for what no policy can say.
    :raises PolicyIsSoAlready: when the standing policy says the same.
    """
    if by.tenant_id != PLATFORM_TENANT_ID:
        raise NotAllowed(permission=PROPOSE)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    standing = ApprovalPolicy.objects.filter(action=wanted.action, risk=wanted.risk).first()
    canonical = wanted.canonical(
        instead_of=standing.set_by_audit_id if standing else None, explanation=reason.strip()
    )

    change = insert(PolicyChange, canonical=canonical, proposed_by_id=by.pk)
    approvals.request(CHANGE, change.pk, bytes(change.digest), by=by, reason=reason)

    return change


def put_into_force(grant: ApprovalGrant) -> PolicyVersion:
    """Let an approved policy count from now on; the database fills in what was approved.

    Called by the deciding vote, in its transaction.
    """
    version = insert(PolicyVersion, audit_id=grant.pk, change_id=grant.subject_id, digest=bytes(grant.digest))

    emit(
        "policy.changed",
        tenant_id=grant.tenant_id,
        entity_type=ApprovalPolicy._meta.db_table,
        entity_id=str(version.pk),
        payload={"action": version.action, "risk": version.risk, "number": version.number},
    )

    return version
