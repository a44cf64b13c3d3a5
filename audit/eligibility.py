"""Who may still decide on a request, told before they try.

The guards of the database have the last word; this only spares people a form that would be refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from audit import refusals
from audit.models import ApprovalDecision, ApprovalRequest, Delegation
from core.access.models import PLATFORM_TENANT_ID, User
from core.access.permissions import ROLES, allows
from core.access.refusals import WorksInAnotherTenant
from core.database.expressions import ClockNow
from core.refusals import Refusal

Decisions = Iterable[ApprovalDecision]


def why_not(
    request: ApprovalRequest,
    decisions: Decisions,
    *,
    by: User,
    role: str | None,
    works_in: UUID | None,
    now: datetime,
    lent: Sequence[Delegation] = (),
) -> Refusal | None:
    """The refusal this person would meet, in the order in which the database asks; None when they may decide.

    Whoever has no role of their own for it may decide in one that was lent to them.

    :param decisions: those on this request.
    :param role: the highest role `by` holds.
    :param works_in: the tenant in which `by` writes at the moment.
    :param now: aware; after the deadline nobody decides.
    :param lent: the delegations by which `by` may decide at the moment.
    """
    if request.status != "open":
        return refusals.RequestIsClosed(status=request.status)
    if request.expires_at <= now:
        return refusals.RequestHasExpired(expires_at=request.expires_at)
    roles = [role, *(each.role for each in usable(lent, request, decisions))]
    refusal = _who_cannot(request, by=by, roles=roles) or _decided_already(decisions, by=by)
    if refusal is None and works_in != request.tenant_id:
        return WorksInAnotherTenant(tenant_id=request.tenant_id)
    return refusal


def decidable(*, by: User, role: str | None, works_in: UUID | None, lent: Iterable[Delegation] = ()) -> Q:
    """Pick the requests on which `why_not` would find nothing."""
    if by.tenant_id not in {works_in, PLATFORM_TENANT_ID}:
        return Q(pk__in=[])
    reached = Q(pk__in=[])
    if allows("approvals:decide", kind=by.kind, role=role):
        reached |= _asks_for(role)
    for each in lent:
        reached |= _asks_for(each.role) & _is_free(each.from_person_id)
    return Q(status="open", expires_at__gt=ClockNow(), tenant_id=works_in) & reached & _is_free(by.pk)


def _asks_for(role: str | None) -> Q:
    below = ROLES[: ROLES.index(role) + 1] if role in ROLES else ()
    return Q(required_roles__has_any_keys=list(below))


def _is_free(person_id: UUID) -> Q:
    """Pick the requests on which this person could speak, and has not."""
    said = ApprovalDecision.objects.filter(request=OuterRef("pk"), reviewer_id=person_id)
    is_theirs = Q(proposed_by_id=person_id) | Q(operated_by__isnull=False, operated_by_id=person_id)
    return ~is_theirs & ~Q(barred__contains=[person_id]) & ~Q(Exists(said))


def open_slots(request: ApprovalRequest, decisions: Decisions) -> Counter[str]:
    """How many approvals of which role are still missing."""
    wanted = Counter({role: int(count) for role, count in request.required_roles.items()})
    wanted.subtract(decision.slot for decision in decisions if decision.slot)
    return +wanted


def approvals_given(decisions: Decisions) -> int:
    """How many approvals count towards the quorum."""
    return sum(1 for decision in decisions if decision.slot)


def reaches(role: str | None, slots: Iterable[str]) -> bool:
    """Whether this role fills one of these slots; a higher role fills a lower slot."""
    return role in ROLES and any(ROLES.index(role) >= ROLES.index(slot) for slot in slots)


def usable(lent: Iterable[Delegation], request: ApprovalRequest, decisions: Decisions) -> list[Delegation]:
    """Those by which this request can be decided on: not of whoever may not, or has spoken already."""
    excluded = {request.proposed_by_id, request.operated_by_id, *request.barred}
    excluded |= {decision.reviewer_id for decision in decisions}
    return [each for each in lent if each.from_person_id not in excluded]


def first_choice(
    request: ApprovalRequest,
    decisions: Decisions,
    *,
    by: User,
    role: str | None,
    lent: Iterable[Delegation],
) -> Delegation | None:
    """In whose role somebody approves unless they say otherwise: their own, where it reaches a slot."""
    missing = open_slots(request, decisions)
    if reaches(role, missing) and allows("approvals:decide", kind=by.kind, role=role):
        return None
    return next((each for each in usable(lent, request, decisions) if reaches(each.role, missing)), None)


def why_not_approve(
    request: ApprovalRequest,
    decisions: Decisions,
    *,
    by: User,
    role: str | None,
    lent: Iterable[Delegation],
) -> Refusal | None:
    """The refusal that an approval meets of whoever may decide: what is missing takes a higher role."""
    missing = open_slots(request, decisions)
    own = [role] if allows("approvals:decide", kind=by.kind, role=role) else []
    if any(
        reaches(each, missing) for each in (*own, *(each.role for each in usable(lent, request, decisions)))
    ):
        return None
    return refusals.ReviewerLacksTheRole(required_roles=dict(missing))


def _who_cannot(request: ApprovalRequest, *, by: User, roles: Sequence[str | None]) -> Refusal | None:
    if by.pk == request.proposed_by_id:
        return refusals.ProposerCannotDecide()
    if by.pk == request.operated_by_id:
        return refusals.OperatorCannotDecide()
    if by.tenant_id not in {request.tenant_id, PLATFORM_TENANT_ID}:
        return refusals.ReviewerOfAnotherTenant()
    deciding = [role for role in roles if allows("approvals:decide", kind=by.kind, role=role)]
    if not any(reaches(role, request.required_roles) for role in deciding):
        return refusals.ReviewerLacksTheRole(required_roles=request.required_roles)
    return refusals.ReviewerIsBarred() if by.pk in request.barred else None


def _decided_already(decisions: Decisions, *, by: User) -> Refusal | None:
    mine = next((decision for decision in decisions if decision.reviewer_id == by.pk), None)
    return refusals.AlreadyDecided(verdict=mine.verdict) if mine else None
