"""Saying how a market is to be read, without changing a word of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.access.models import PLATFORM_TENANT_ID, User
from core.database.rows import insert
from core.database.unit import verb
from core.messaging.outbox import emit
from core.refusals import NotFound
from markets.life.models import Clarification
from markets.models import Market


@verb("market:clarify", permission="markets:operate")
def clarify(market_id: UUID, text: str, *, known_at: datetime, by: User, reason: str = "") -> Clarification:
    """Add a clarification to the public history of a market; it stays for ever.

    :param text: 1 to 4000 characters.
    :param known_at: aware, since when this is so; not later than now.
    """
    market = Market.objects.filter(pk=market_id).first()

    if market is None or by.tenant_id not in {market.tenant_id, PLATFORM_TENANT_ID}:
        raise NotFound

    said = insert(
        Clarification,
        tenant_id=market.tenant_id,
        market_id=market.pk,
        text=text,
        known_at=known_at,
        written_by_id=by.pk,
    )

    emit(
        "market.clarified",
        tenant_id=market.tenant_id,
        entity_type="markets",
        entity_id=str(market.pk),
        payload={"symbol": market.symbol, "clarification_id": str(said.pk)},
    )

    return said
