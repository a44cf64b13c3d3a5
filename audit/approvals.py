"""Asking people, what they decide, and taking it back: request, decide, withdraw, revoke.

The guards of `audit/sql/` are the law; the verbs here carry the question to them. Each
room registers what happens when one of its actions is granted, and the deciding vote makes it happen in the
same transaction. Every verb locks in one order: request, subject, market.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from audit.models import (
    ApprovalDecision,
    ApprovalGrant,
    ApprovalRequest,
    Delegation,
    Reauthentication,
    Revocation,
)
from core.access.models import User
from core.database.rows import insert
from core.database.unit import verb
from core.messaging.outbox import emit
from core.refusals import NotFound


class Word(TypedDict):
    """What a decision is over, and what makes it the person's own.

    :ivar digest: 32 bytes, what the person saw.
    :ivar reauthentication: the proof of a moment ago; None only where the policy asks for none.
    :ivar delegation: in whose role, where it is not one's own.
    :ivar read_for: for how long the content was before the person, where that is known.
    """

    digest: bytes
    reauthentication: Reauthentication | None
    delegation: NotRequired[Delegation | None]
    read_for: NotRequired[timedelta | None]


Effect = Callable[[ApprovalGrant], Any]
_effects: dict[str, Effect] = {}


def register_effect(action: str, effect: Effect) -> None:
    """Say what a grant of `action` does; called from `AppConfig.ready` of the room that owns the action."""
    _effects[action] = effect


@verb("approval:request")
def request(
    action: str, subject_id: UUID, digest: bytes, *, by: User | None, reason: str = ""
) -> ApprovalRequest:
    """Put a content to people; an older open request for the same subject is superseded.

    :param digest: 32 bytes, the sha256 of what is to be approved.
    :raises NothingToApprove: when no such content was proposed.
    :raises NoPolicy: when no policy says who approves this action at this risk.
    """
    return insert(ApprovalRequest, action=action, subject_id=subject_id, digest=digest)


@verb("approval:approve")
def approve(request_id: UUID, *, by: User, reason: str, **word: Unpack[Word]) -> ApprovalDecision:
    """Say yes to exactly this content; the vote that completes the quorum makes it happen."""
    return _decide(request_id, "approve", by=by, reason=reason, **word)


@verb("approval:reject")
def reject(request_id: UUID, *, by: User, reason: str, **word: Unpack[Word]) -> ApprovalDecision:
    """Say no; the request is closed for good."""
    return _decide(request_id, "reject", by=by, reason=reason, **word)


@verb("approval:request_changes")
def request_changes(request_id: UUID, *, by: User, reason: str, **word: Unpack[Word]) -> ApprovalDecision:
    """Send it back to the proposer, who may revise it; the reason says what is missing."""
    return _decide(request_id, "request_changes", by=by, reason=reason, **word)


@verb("approval:abstain")
def abstain(request_id: UUID, *, by: User, reason: str, **word: Unpack[Word]) -> ApprovalDecision:
    """Leave the decision to others, on the record."""
    return _decide(request_id, "abstain", by=by, reason=reason, **word)


@verb("approval:break_glass")
def break_glass(request_id: UUID, *, by: User, reason: str, **word: Unpack[Word]) -> ApprovalDecision:
    """Say yes for everybody whose approval is still missing, in an emergency; it happens at once.

    At high risk another person has approved it before. Somebody else reviews it within 24 hours, and until
    then `by` breaks no other glass.

    :raises BreakGlassIsForSuperAdmins: for everybody else, and in a lent role.
    :raises OverrideWaitsForReview: while the last one is unreviewed.
    :raises BreakGlassNeedsAnotherPerson: at high risk, as the first.
    """
    return _decide(request_id, "break_glass", by=by, reason=reason, **word)


@verb("approval:withdraw")
def withdraw(request_id: UUID, *, by: User, reason: str) -> ApprovalRequest:
    """Take a request back, before anybody granted or rejected it.

    :raises ProposalIsSomebodyElses: unless `by` proposed it or operates the agent that did.
    :raises RequestIsClosed: when it is decided already.
    """
    found = ApprovalRequest.objects.select_for_update(no_key=True).filter(pk=request_id).first()
    if found is None:
        raise NotFound

    found.status = "withdrawn"
    found.save(update_fields=["status"])

    return found


@verb("approval:revoke", permission="approvals:decide")
def revoke(audit_id: UUID, *, reauthentication: Reauthentication, by: User, reason: str) -> Revocation:
    """End what a grant allows, for good; the room whose effect it had stops that in the same transaction.

    Whoever proposed may revoke as well: it only ever stops something.

    :param audit_id: the grant's.
    :raises UnknownGrant: when there is none.
    :raises AlreadyRevoked: when somebody was faster.
    """
    revocation = insert(
        Revocation,
        grant_id=audit_id,
        revoked_by_id=by.pk,
        reason=reason,
        reauthentication_id=reauthentication.pk,
    )

    tell_revoked(revocation.grant)

    return revocation


def tell_revoked(grant: ApprovalGrant) -> None:
    """Let whoever listens know that a grant allows nothing more."""
    emit(
        "approval.revoked",
        tenant_id=grant.tenant_id,
        entity_type=ApprovalRequest._meta.db_table,
        entity_id=str(grant.request_id),
        payload={
            "action": grant.action,
            "subject_id": str(grant.subject_id),
            "grant_audit_id": str(grant.pk),
        },
    )


def _decide(
    request_id: UUID, verdict: str, *, by: User, reason: str, **word: Unpack[Word]
) -> ApprovalDecision:
    proof, delegation = word["reauthentication"], word.get("delegation")
    decision = insert(
        ApprovalDecision,
        request_id=request_id,
        digest=word["digest"],
        reviewer_id=by.pk,
        verdict=verdict,
        reason=reason,
        reauthentication_id=proof.pk if proof else None,
        delegation_id=delegation.pk if delegation else None,
        read_for=word.get("read_for"),
    )

    grant = ApprovalGrant.objects.filter(request_id=request_id).first()
    if grant and grant.action in _effects:
        _effects[grant.action](grant)

    return decision
