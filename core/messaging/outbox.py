"""Messages leave with the change they tell of, or not at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.database.rows import insert
from core.database.unit import current
from core.messaging.models import OutboxEvent


def emit(
    event_type: str, *, tenant_id: UUID, entity_type: str, entity_id: str, payload: dict[str, Any]
) -> OutboxEvent:
    """Write the message into the outbox, in the verb's own transaction; a relay carries it on.

    :param event_type: `<entity>.<what happened>`, such as `market.opened`.
    :param payload: what JSON can hold; no secrets, no bodies.
    :raises OutsideUnit: when no unit is open.
    """
    return insert(
        OutboxEvent,
        tenant_id=tenant_id,
        event_type=event_type,
        correlation_id=current().correlation_id,
        entity_type=entity_type,
        entity_id=entity_id,
        payload=payload,
    )
