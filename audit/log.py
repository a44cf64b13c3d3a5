"""Facts that change no governed row are recorded here; a governed row's change records itself."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection

from core.access.models import PLATFORM_TENANT_ID, User
from core.database.unit import current

INSERT = """
    INSERT INTO audit_event (tenant_id, actor_id, actor_type, action, entity_type, entity_id, new_value,
                             payload_hash, signature, job_id, correlation_id, ip_address, user_agent,
                             metadata)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING audit_id
"""


def record(
    action: str,
    *,
    by: User | None,
    entity_type: str,
    entity_id: str,
    reason: str = "",
    new_value: dict[str, Any] | None = None,
) -> UUID:
    """Append one fact to the audit log, in the unit's own transaction, and return its audit id.

    One INSERT that names only what a runtime role may write: time and order are the database's word.

    :param by: who did it; None only for the system itself.
    :raises OutsideUnit: when no unit is open.
    """
    now = current()
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [
                now.tenant or PLATFORM_TENANT_ID,
                by.pk if by else None,
                _type_of(by),
                action,
                entity_type,
                entity_id,
                None if new_value is None else json.dumps(new_value),
                now.payload_hash or None,
                now.signature or None,
                now.job,
                now.correlation_id,
                now.ip or None,
                now.user_agent or None,
                json.dumps({"reason": reason} if reason else {}),
            ],
        )
        audit_id: UUID = cursor.fetchone()[0]
    return audit_id


def _type_of(actor: User | None) -> str:
    return {"person": "human", "agent": "agent"}.get(actor.kind, "system") if actor else "system"
