"""Turns one row of a resolution set into evidence and a proposed resolution."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.db import connection

from artifacts import snapshots
from artifacts.models import Snapshot
from audit.models import ApprovalRequest
from core.access.models import User
from markets import proposals
from markets.content import Provenance
from markets.life.content import ResolutionContent
from markets.life.resolutions import Resolved
from markets.models import Market, Proposal, Revision

PROVENANCE = Provenance(
    producer="import_resolutions",
    schema_version="v1",
    safety_assertions=("requires-human-approval", "uses-snapshot-ids-for-provenance"),
)
ENDED = ("resolved", "voided")


class Outcome(StrEnum):
    """What importing a row came to, where it was not refused."""

    PROPOSED = "proposed"
    ALREADY_THERE = "already there"
    ASKED_AGAIN = "already there, asked again because the time to decide was over"
    NOT_YET = "not resolved yet, or for another day than the market's"
    UNKNOWN = "of a market that is not here"


def import_resolution(row: Resolved, *, by: User) -> Outcome:
    """Keep the row as a snapshot, and propose how its market ends with that snapshot as evidence.

    A market for which somebody proposed a resolution before, whatever became of that, is left as it is; only
    a proposal of the agent's own that nobody decided in time is put to people again.

    :raises Refusal: whatever keeping or proposing refuses; then the unit has to be rolled back.
    """
    _wait_for_others(row.symbol, by=by)
    market = Market.objects.filter(tenant_id=by.tenant_id, symbol=row.symbol).first()
    if market is None:
        return Outcome.UNKNOWN
    if row.outcome is None or not _is_for(market, row.resolution_date):
        return Outcome.NOT_YET
    reason = f"Imported from {row.resolution_set}."
    earlier = Proposal.objects.filter(market=market, kind="resolve").order_by("-pk").first()
    if earlier is not None or market.status in ENDED:
        return _ask_again(earlier, by=by, reason=reason)

    snapshot = _kept(row, market, by=by, reason=reason)
    content = ResolutionContent(
        market_id=market.pk,
        symbol=market.symbol,
        base_digest=bytes(market.content_digest),
        outcome=row.outcome,
        known_at=row.known_at,
        explanation=f"{row.resolution_set}: {row.source} {row.id} is {row.outcome} on {row.resolution_date}.",
        snapshot_ids=(snapshot.snapshot_id,),
    )
    proposals.propose(content, by=by, reason=reason, provenance=PROVENANCE)

    return Outcome.PROPOSED


def _is_for(market: Market, day: date) -> bool:
    """Whether a market was made for this day: the earliest of its dates, or any where it had none."""
    listed = (market.metadata or {}).get("resolution_dates")
    days = [named for named in listed if isinstance(named, str)] if isinstance(listed, list) else []
    return not days or min(days) == day.isoformat()


def _kept(row: Resolved, market: Market, *, by: User, reason: str) -> Snapshot:
    snapshot, _ = snapshots.ingest(
        f"{_address(market)}-resolved-{row.resolution_date}",
        row.page,
        content_type="application/json",
        by=by,
        reason=reason,
        fetched_at=row.known_at,
    )
    return snapshot


def _address(market: Market) -> str:
    """The address that the market's own evidence was found at."""
    wording = Revision.objects.filter(proposal_id=market.proposal_id).order_by("revision_no")[0]
    evidence = Snapshot.objects.get(tenant_id=market.tenant_id, snapshot_id=wording.snapshot_ids[0])
    return evidence.url


def _ask_again(earlier: Proposal | None, *, by: User, reason: str) -> Outcome:
    if earlier is None or earlier.status != "proposed" or earlier.proposed_by_id != by.pk:
        return Outcome.ALREADY_THERE
    if ApprovalRequest.objects.awaiting_decision().filter(subject_id=earlier.pk).exists():
        return Outcome.ALREADY_THERE
    proposals.resubmit(earlier.pk, by=by, reason=reason)
    return Outcome.ASKED_AGAIN


def _wait_for_others(symbol: str, *, by: User) -> None:
    """Let one import at a time look for this market, so that a second one finds what the first proposed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"resolve:{by.tenant_id}:{symbol}"]
        )
