"""Proposing an event: agents and editors propose and withdraw; people decide elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from django.db.models import QuerySet

from audit import approvals
from audit.models import ApprovalRequest
from core.access.models import User
from core.database.expressions import ClockNow
from core.database.rows import insert
from core.database.unit import verb
from core.messaging.outbox import emit
from core.refusals import NotFound
from markets import publishing
from markets.content import Provenance
from markets.event_content import EventContent
from markets.event_models import PUBLISH
from markets.event_refusals import CandidateIsClosed, CandidateIsSomebodyElses, UnknownMarket
from markets.models import Candidate, Market
from markets.refusals import StillOpen

Check = Callable[[], None]


def nothing_else() -> None:
    """Let the proposed event be as it may."""


@verb("candidate:propose", permission="candidates:propose")
def propose(
    content: EventContent, *, by: User, reason: str = "", provenance: Provenance | None = None
) -> Candidate:
    """Put an event before the people who may approve it; where a policy says so, it is published at once.

    :param provenance: what an agent says of its output; agents must, persons need not.
    :raises UnknownMarket: :raises MarketTakesNoEvents: when there is no market to publish it on.
    :raises UnknownEvidence: when a snapshot does not exist in the tenant.
    :raises EventIsProposedOnce: when the market has it already, unless it was withdrawn.
    :raises AgentStatesItsSafety: when an agent gives no provenance.
    """
    market = Market.objects.filter(pk=content.market_id, tenant_id=by.tenant_id).first()
    if market is None:
        raise UnknownMarket

    candidate = insert(
        Candidate,
        tenant_id=by.tenant_id,
        canonical=content.canonical(market.symbol),
        proposed_by_id=by.pk,
        **(asdict(provenance) if provenance else {}),
    )
    _tell("candidate.proposed", candidate)
    if publishing.publishes_by_itself(candidate):
        publishing.publish_by_policy(candidate)
    else:
        _ask(candidate, by=by, reason=reason)

    candidate.refresh_from_db()
    return candidate


@verb("candidate:resubmit", permission="candidates:propose")
def resubmit(candidate_id: UUID, *, by: User, reason: str = "", check: Check = nothing_else) -> Candidate:
    """Ask again, after the time to decide ran out.

    :param check: what else must hold once nothing about the event can change any more.
    :raises StillOpen: when people can still decide.
    """
    _lock_requests(candidate_id)
    candidate = _own(candidate_id, by=by)
    check()
    if candidate.status != "pending":
        raise CandidateIsClosed(status=candidate.status)
    open_request = _requests(candidate_id).filter(status="open", expires_at__gt=ClockNow()).first()
    if open_request is not None:
        raise StillOpen(expires_at=open_request.expires_at.isoformat())

    _ask(candidate, by=by, reason=reason)

    _tell("candidate.resubmitted", candidate)

    return candidate


@verb("candidate:withdraw", permission="candidates:withdraw")
def withdraw(candidate_id: UUID, *, by: User, reason: str, check: Check = nothing_else) -> Candidate:
    """Take a proposed event back before it is decided.

    :param check: what else must hold once nothing about the event can change any more.
    :raises CandidateIsSomebodyElses: unless `by` proposed it or operates the agent that did.
    :raises CandidateIsClosed: when it is decided, withdrawn or published already.
    """
    _lock_requests(candidate_id)
    candidate = _own(candidate_id, by=by)
    check()
    newest = _requests(candidate_id).order_by("-requested_at", "-id").first()
    if candidate.status != "pending" or newest is None:
        raise CandidateIsClosed(status=candidate.status)

    approvals.withdraw(newest.pk, by=by, reason=reason)

    _tell("candidate.withdrawn", candidate)

    candidate.refresh_from_db()
    return candidate


def _own(candidate_id: UUID, *, by: User) -> Candidate:
    found = Candidate.objects.filter(pk=candidate_id, tenant_id=by.tenant_id).first()
    if found is None:
        raise NotFound
    if by.pk not in {found.proposed_by_id, found.operated_by_id}:
        raise CandidateIsSomebodyElses
    return found


def _requests(candidate_id: UUID) -> QuerySet[ApprovalRequest]:
    return ApprovalRequest.objects.filter(action=PUBLISH, subject_id=candidate_id)


def _lock_requests(candidate_id: UUID) -> None:
    # the lock order of every verb: request, subject, market. The content never changes, so a request that
    # comes while this one waits is met by the guard that lets only one of them be open
    list(_requests(candidate_id).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _ask(candidate: Candidate, *, by: User, reason: str) -> None:
    approvals.request(PUBLISH, candidate.pk, bytes(candidate.digest), by=by, reason=reason)


def _tell(event_type: str, candidate: Candidate) -> None:
    emit(
        event_type,
        tenant_id=candidate.tenant_id,
        entity_type="candidate_events",
        entity_id=str(candidate.pk),
        payload={"market_id": str(candidate.market_id), "digest": bytes(candidate.digest).hex()},
    )
