"""Disputing a resolution while there is time; people settle it by the resolution that follows."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.access.models import User
from core.database.rows import insert
from core.database.unit import verb
from core.messaging.outbox import emit
from markets.life.models import Dispute
from markets.models import Market


@verb("market:dispute", permission="disputes:raise")
def dispute(market_id: UUID, *, by: User, reason: str, snapshot_ids: Sequence[str]) -> Dispute:
    """Say with evidence that a market was resolved wrongly; it is disputed from this moment.

    :param snapshot_ids: ids of existing snapshots; at least one.
    :raises NothingToDispute: unless the market is resolved.
    :raises ResolutionIsFinal: when the time to dispute it is over.
    :raises DisputedAlready: when `by` disputed this resolution before.
    """
    raised = insert(
        Dispute,
        tenant_id=by.tenant_id,
        market_id=market_id,
        raised_by_id=by.pk,
        reason=reason,
        snapshot_ids=list(snapshot_ids),
    )

    emit(
        "market.disputed",
        tenant_id=raised.tenant_id,
        entity_type="markets",
        entity_id=str(market_id),
        payload={
            "symbol": Market.objects.get(pk=market_id).symbol,
            "resolution_id": str(raised.resolution_id),
        },
    )

    return raised
