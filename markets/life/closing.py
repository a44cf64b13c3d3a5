"""Markets close by themselves when their time has come."""

from __future__ import annotations

from django.db import connection

from core.access.models import User
from core.database.unit import verb
from core.messaging.outbox import emit

AT_ONCE = 100
EVERY = 5


@verb("market:close")
def close_due(*, by: User | None, reason: str) -> int:
    """Close every market whose `closes_at` has come, in whatever tenant; how many, at most 100 at once.

    Only the worker may; two of them never close the same one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT closed_id, of_tenant, called FROM close_due_markets(%s)", [AT_ONCE])
        closed = cursor.fetchall()

    for market_id, tenant_id, symbol in closed:
        emit(
            "market.closed",
            tenant_id=tenant_id,
            entity_type="markets",
            entity_id=str(market_id),
            payload={"symbol": symbol, "status": "closed"},
        )

    return len(closed)


def tick() -> str | None:
    """Close what is due, as a service of the worker."""
    count = close_due(by=None, reason="Its closing time has come.")
    return f"closed {count}" if count else None
