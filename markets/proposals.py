"""Proposing a market or a change of one; people decide elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from audit import approvals
from audit.models import ApprovalRequest
from audit.refusals import ProposalIsSomebodyElses
from core.access.models import User
from core.database.expressions import ClockNow
from core.database.rows import insert
from core.database.unit import verb
from core.messaging.outbox import emit
from core.refusals import NotFound
from markets.content import Proposed, Provenance
from markets.duplicates import simhash_of
from markets.models import KINDS, Proposal, Revision
from markets.refusals import NothingChanged, ProposalIsClosed, StillOpen

CREATE = "market:create"
ACTIONS = tuple(f"market:{kind}" for kind in KINDS)

Check = Callable[[], None]


def nothing_else() -> None:
    """Let the proposal be as it may."""


@verb("proposal:propose", permission="proposals:propose")
def propose(
    content: Proposed, *, by: User, reason: str = "", provenance: Provenance | None = None
) -> Proposal:
    """Put a market, or a change of one, before the people who may approve it.

    :param provenance: what an agent says of its output; agents must, persons need not.
    :raises SymbolTaken: when the tenant has an open or approved proposal of a market of this symbol.
    :raises ChangeIsProposed: when a change of this kind waits for a decision already.
    :raises MarketHasMovedOn: when the market is not what the change was written on.
    :raises UnknownEvidence: when a snapshot does not exist in the tenant.
    :raises AgentStatesItsSafety: when an agent gives no provenance.
    """
    proposal = insert(
        Proposal,
        tenant_id=by.tenant_id,
        kind=content.kind,
        market_id=content.market_id,
        symbol=content.symbol,
        proposed_by_id=by.pk,
    )
    revision = _write(proposal, content.canonical(), by=by, provenance=provenance)
    approvals.request(action_of(proposal), proposal.pk, bytes(revision.digest), by=by, reason=reason)

    _tell("proposal.proposed", proposal, revision)

    return proposal


@verb("proposal:revise", permission="proposals:revise")
def revise(
    proposal_id: UUID,
    content: Proposed,
    *,
    by: User,
    reason: str = "",
    provenance: Provenance | None = None,
    check: Check = nothing_else,
) -> Proposal:
    """Put another wording in the place of the one under review; what was said about the old one is over.

    The same wording again changes nothing: the open request stays open.

    :param check: what else must hold once nothing about the proposal can change any more.
    :raises NothingChanged: when people asked for changes and there are none.
    :raises ProposalIsClosed: when it is decided or withdrawn.
    """
    _lock_newest_request(proposal_id)
    proposal = _own(proposal_id, by=by)
    check()

    canonical = content.canonical()
    if bytes(latest_revision(proposal).canonical) == canonical:
        if proposal.status == "proposed":
            return proposal
        raise (
            NothingChanged
            if proposal.status == "changes_requested"
            else ProposalIsClosed(status=proposal.status)
        )

    revision = _write(proposal, canonical, by=by, provenance=provenance)
    approvals.request(action_of(proposal), proposal.pk, bytes(revision.digest), by=by, reason=reason)

    _tell("proposal.revised", proposal, revision)

    proposal.refresh_from_db()
    return proposal


@verb("proposal:resubmit", permission="proposals:revise")
def resubmit(proposal_id: UUID, *, by: User, reason: str = "", check: Check = nothing_else) -> Proposal:
    """Ask again, after the time to decide ran out.

    :param check: what else must hold once nothing about the proposal can change any more.
    :raises StillOpen: when people can still decide.
    """
    _lock_newest_request(proposal_id)
    proposal = _own(proposal_id, by=by)
    check()
    open_request = _open_request(proposal)
    if proposal.status != "proposed":
        raise ProposalIsClosed(status=proposal.status)
    if open_request is not None:
        raise StillOpen(expires_at=open_request.expires_at.isoformat())

    revision = latest_revision(proposal)
    approvals.request(action_of(proposal), proposal.pk, bytes(revision.digest), by=by, reason=reason)

    _tell("proposal.resubmitted", proposal, revision)

    return proposal


@verb("proposal:withdraw", permission="proposals:withdraw")
def withdraw(proposal_id: UUID, *, by: User, reason: str, check: Check = nothing_else) -> Proposal:
    """Take a proposal back before it is decided.

    :param check: what else must hold once nothing about the proposal can change any more.
    :raises ProposalIsSomebodyElses: unless `by` proposed it or operates the agent that did.
    :raises ProposalIsClosed: when it is decided or withdrawn already.
    """
    _lock_newest_request(proposal_id)
    proposal = _found(proposal_id, by=by)
    if by.pk not in {proposal.proposed_by_id, proposal.operated_by_id}:
        raise ProposalIsSomebodyElses
    check()
    if proposal.status not in {"proposed", "changes_requested"}:
        raise ProposalIsClosed(status=proposal.status)

    approvals.withdraw(latest_request(proposal).pk, by=by, reason=reason)

    _tell("proposal.withdrawn", proposal, latest_revision(proposal))

    proposal.refresh_from_db()
    return proposal


def latest_revision(proposal: Proposal) -> Revision:
    """The wording that counts."""
    return proposal.revisions.order_by("-revision_no")[0]


def latest_request(proposal: Proposal) -> ApprovalRequest:
    """The newest question put to people about this proposal."""
    return ApprovalRequest.objects.filter(action=action_of(proposal), subject_id=proposal.pk).order_by(
        "-requested_at", "-id"
    )[0]


def action_of(proposal: Proposal) -> str:
    """What an approval of this proposal allows."""
    return f"market:{proposal.kind}"


def _found(proposal_id: UUID, *, by: User) -> Proposal:
    found = Proposal.objects.filter(pk=proposal_id, tenant_id=by.tenant_id).first()
    if found is None:
        raise NotFound
    return found


def _own(proposal_id: UUID, *, by: User) -> Proposal:
    proposal = _found(proposal_id, by=by)
    if proposal.proposed_by_id != by.pk:
        raise ProposalIsSomebodyElses
    return proposal


def _lock_newest_request(proposal_id: UUID) -> None:
    # the lock order of every verb: request, subject, market. Whatever happens to a proposal happens to its
    # newest request, so who holds that one meets no other; who waited for it looks whether it still is
    held: set[UUID] = set()
    rows = ApprovalRequest.objects.filter(action__in=ACTIONS, subject_id=proposal_id)
    while True:
        newest = rows.order_by("-requested_at", "-id").values_list("pk", flat=True).first()
        if newest is None or newest in held:
            return
        rows.select_for_update(no_key=True).get(pk=newest)
        held.add(newest)


def _open_request(proposal: Proposal) -> ApprovalRequest | None:
    return ApprovalRequest.objects.filter(
        action=action_of(proposal), subject_id=proposal.pk, status="open", expires_at__gt=ClockNow()
    ).first()


def _write(proposal: Proposal, canonical: bytes, *, by: User, provenance: Provenance | None) -> Revision:
    said = (
        {
            "producer": provenance.producer,
            "schema_version": provenance.schema_version,
            "safety_assertions": list(provenance.safety_assertions),
        }
        if provenance
        else {}
    )
    return insert(
        Revision,
        tenant_id=proposal.tenant_id,
        proposal_id=proposal.pk,
        canonical=canonical,
        proposed_by_id=by.pk,
        simhash=simhash_of(canonical),
        **said,
    )


def _tell(event_type: str, proposal: Proposal, revision: Revision) -> None:
    emit(
        event_type,
        tenant_id=proposal.tenant_id,
        entity_type="market_proposals",
        entity_id=str(proposal.pk),
        payload={
            "symbol": proposal.symbol,
            "kind": proposal.kind,
            "revision_no": revision.revision_no,
            "digest": bytes(revision.digest).hex(),
        },
    )
