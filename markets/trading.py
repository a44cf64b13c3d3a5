"""A market's life on the trading side: opened by an approval, then paused, resumed and closed by staff."""

from __future__ import annotations

from uuid import UUID

from audit.models import ApprovalGrant
from core.access.models import PLATFORM_TENANT_ID, User
from core.database.rows import insert
from core.database.unit import verb
from core.messaging.outbox import emit
from core.refusals import NotAllowed, NotFound, ReasonTooShort
from markets.models import Market
from markets.refusals import MarketMovesAsItMay

SHORTEST_REASON = 10
# what staff may do by themselves; every other way takes an approval, a dispute or the closing time
MOVES: dict[str, tuple[str, ...]] = {"active": ("paused", "closed"), "paused": ("active", "closed")}


def open_approved(grant: ApprovalGrant) -> Market:
    """Turn an approved proposal into a market; the database fills in the content that was approved.

    Called by the deciding vote, in its transaction.
    """
    market = insert(
        Market,
        human_approval_audit_id=grant.pk,
        proposal_id=grant.subject_id,
        digest=bytes(grant.digest),
    )

    _tell("market.opened", market)

    return market


@verb("market:pause")
def pause(market_id: UUID, *, by: User, reason: str) -> Market:
    """Stop trading for a while."""
    return _move(market_id, "paused", by=by, reason=reason)


@verb("market:resume")
def resume(market_id: UUID, *, by: User, reason: str) -> Market:
    """Let a paused market trade again."""
    return _move(market_id, "active", by=by, reason=reason)


@verb("market:close")
def close(market_id: UUID, *, by: User, reason: str) -> Market:
    """End trading, until people approve that it is opened again."""
    return _move(market_id, "closed", by=by, reason=reason)


def _move(market_id: UUID, status: str, *, by: User, reason: str) -> Market:
    market = Market.objects.select_for_update(no_key=True).filter(pk=market_id).first()

    if market is None or by.tenant_id not in {market.tenant_id, PLATFORM_TENANT_ID}:
        raise NotFound
    if not by.has_perm("markets:operate"):
        raise NotAllowed(permission="markets:operate")
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    if status not in MOVES.get(market.status, ()):
        raise MarketMovesAsItMay(status=market.status, wanted=status)

    market.status = status
    market.save(update_fields=["status"])

    _tell(f"market.{status}", market)

    return market


def _tell(event_type: str, market: Market) -> None:
    emit(
        event_type,
        tenant_id=market.tenant_id,
        entity_type="markets",
        entity_id=str(market.pk),
        payload={"symbol": market.symbol, "status": market.status},
    )
