"""Deciding by the verb and by raw SQL: whatever is promised holds for both."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from audit import approvals, reauthentications
from audit.approving import delegations
from audit.models import ApprovalRequest, Delegation, Reauthentication
from core.access.models import User
from core.database.unit import unit
from markets.models import Proposal
from tests.factories import PASSWORD, REASON, World, as_staff, make_content, make_proposal, request_for
from tests.raw import run, untriggered

VERBS = {
    "approve": approvals.approve,
    "reject": approvals.reject,
    "request_changes": approvals.request_changes,
    "abstain": approvals.abstain,
    "break_glass": approvals.break_glass,
}
DECIDE = (
    "INSERT INTO approval_decisions (request_id, digest, reviewer_id, verdict, reason, reauthentication_id) "
    "VALUES (%s, %s, %s, %s, %s, %s)"
)
DECIDE_FOR = (
    "INSERT INTO approval_decisions (request_id, digest, reviewer_id, verdict, reason, reauthentication_id, "
    "delegation_id) VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


class Vote(Protocol):
    """Say something about a request, as the admin does it or as raw SQL of its database role would."""

    def __call__(self, asked: ApprovalRequest, by: User, verdict: str = ..., **changes: Any) -> None: ...


def by_verb(asked: ApprovalRequest, by: User, verdict: str = "approve", **changes: Any) -> None:
    """Decide through the verb."""
    with as_staff(by, asked.tenant_id):
        VERBS[verdict](asked.pk, by=by, **_said(asked, by, changes))


def by_sql(asked: ApprovalRequest, by: User, verdict: str = "approve", **changes: Any) -> None:
    """Decide by one INSERT, past the verb."""
    with as_staff(by, asked.tenant_id):
        said = _said(asked, by, changes)
        proof, lent = said["reauthentication"], said.get("delegation")
        values = (asked.pk, said["digest"], by.pk, verdict, said["reason"], proof.pk if proof else None)
        if lent:
            run(DECIDE_FOR, *values, lent.pk)
        else:
            run(DECIDE, *values)


def _said(asked: ApprovalRequest, by: User, changes: dict[str, Any]) -> dict[str, Any]:
    if "reauthentication" not in changes:
        changes["reauthentication"] = reauthentications.confirm(PASSWORD, by=by)
    return {"digest": bytes(asked.digest), "reason": REASON, **changes}


def proof_of(by: User) -> Reauthentication:
    """A password typed a moment ago."""
    with as_staff(by):
        return reauthentications.confirm(PASSWORD, by=by)


def lend(giver: User, holder: User, role: str = "admin", **changes: Any) -> Delegation:
    """Let somebody decide in the giver's role for a day."""
    now = datetime.now(UTC)
    said = {
        "starts_at": now - timedelta(minutes=1),
        "ends_at": now + timedelta(days=1),
        "reason": "On leave for a day.",
        "reauthentication": changes.get("reauthentication") or proof_of(giver),
        **changes,
    }
    with as_staff(giver):
        return delegations.give(holder, role, by=giver, **said)


def ask(world: World, symbol: str = "ELECTION-2028", **changes: Any) -> Proposal:
    """A proposal of high risk, unless `changes` say otherwise."""
    content = make_content(world.evidence, **{"symbol": symbol, "type": "political", **changes})
    return make_proposal(world.scout, content)


def ask_of(world: World, **required_roles: int) -> ApprovalRequest:
    """A request that asks for these roles (`admin`, `super_admin`)."""
    wanted = {role.replace("_", "-"): count for role, count in required_roles.items()}
    with untriggered("approval_policies"):
        run(
            "UPDATE approval_policies SET required_roles = %s, quorum = %s WHERE risk = 'high' "
            "AND action <> 'policy:change'",
            json.dumps(wanted),
            sum(wanted.values()),
        )
    return request_for(ask(world))


def expire(asked: ApprovalRequest) -> None:
    """Let the time to decide run out."""
    with untriggered("approval_requests"):
        run("UPDATE approval_requests SET expires_at = clock_timestamp() WHERE id = %s", asked.pk)


def bar(person: User, subject_id: UUID) -> None:
    """Let the owning room say that this person leaves the decision to others."""
    for table in ("approval_subjects", "approval_requests"):
        with untriggered(table):
            run(f"UPDATE {table} SET barred = %s WHERE subject_id = %s", [person.pk], subject_id)


def give_role(person: User, role: str) -> None:
    """Let a person hold this role alone."""
    with unit("platform", tenant=person.tenant_id):
        run("DELETE FROM user_roles WHERE user_id = %s", person.pk)
        run("INSERT INTO user_roles (user_id, role) VALUES (%s, %s)", person.pk, role)
