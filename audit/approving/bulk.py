"""Approving several requests of low risk together: one list, one password, one decision for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from audit import approvals, reauthentications
from audit.approving import delegations
from audit.models import ApprovalDecision, DecisionList, Delegation, Reauthentication
from core.access.models import User
from core.database.rows import insert
from core.database.unit import verb
from core.refusals import NotAllowed, Refusal
from core.web import acting

LONGEST = 50
DECIDE = "approvals:decide"


@dataclass(frozen=True)
class Outcome:
    """What came of one line of a list."""

    request_id: UUID
    decision: ApprovalDecision | None = None
    refusal: Refusal | None = None


@verb("approval:list")
def make_list(seen: Mapping[UUID, bytes], *, by: User, reason: str = "") -> DecisionList:
    """Keep which requests somebody is about to decide on together, and what they saw of each.

    :param seen: 1 to 50 digests of 32 bytes, by request.
    :raises NotAllowed: for whoever decides neither in a role of their own nor in one that they were lent.
    :raises ListIsWellFormed: for fewer or more.
    """
    if not by.has_perm(DECIDE) and not delegations.held_by(by):
        raise NotAllowed(permission=DECIDE)

    return insert(DecisionList, person_id=by.pk, canonical=canonical(seen))


def canonical(seen: Mapping[UUID, bytes]) -> bytes:
    """The lines of a list, as its digest is taken of them."""
    return "".join(f"{request} {bytes(seen[request]).hex()}\n" for request in sorted(seen, key=str)).encode()


def approve(
    seen: Mapping[UUID, bytes],
    password: str,
    *,
    by: User,
    reason: str,
    lent: Mapping[UUID, Delegation] | None = None,
    read_for: timedelta | None = None,
) -> list[Outcome]:
    """Approve every request on a list; what refuses one leaves the others as they are.

    :param seen: as in `make_list`.
    :param lent: by which delegation, of the requests that are not decided in one's own role.
    :param read_for: for how long each of them was before the person, where that is known.
    :returns: what came of each, in the order of the list, which is the order of their locks.
    :raises WrongPassword: before anything is decided.
    """
    reauthentications.check(password, by=by)
    listed = make_list(seen, by=by, reason=reason)
    by_delegation = lent or {}
    return [
        _one(
            request,
            listed,
            by=by,
            reason=reason,
            digest=seen[request],
            delegation=by_delegation.get(request),
            read_for=read_for,
        )
        for request in sorted(seen, key=str)
    ]


def _one(request_id: UUID, listed: DecisionList, *, by: User, reason: str, **word: Any) -> Outcome:
    def decide() -> ApprovalDecision:
        proof = insert(Reauthentication, person_id=by.pk, method="password", list_id=listed.pk)
        return approvals.approve(request_id, reauthentication=proof, by=by, reason=reason, **word)

    said = acting.done(decide)
    if isinstance(said, Refusal):
        return Outcome(request_id, refusal=said)
    return Outcome(request_id, decision=said)
