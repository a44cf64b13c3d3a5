"""What became of a market, for everybody who may read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit.models import AuditEvent
from markets.models import Market

MOST = 200


@dataclass(frozen=True)
class Moved:
    """One way from one state to another, as the log tells it."""

    before: str
    after: str
    action: str
    reason: str
    actor_id: UUID | None
    audit_id: UUID
    created_at: datetime


def history(market: Market) -> dict[str, Any]:
    """All that became of a market, newest first; at most 200 of each kind."""
    return {
        "market_id": market.pk,
        "amendments": _of(market, market.amendments.order_by("-number")),
        "resolutions": _of(market, market.resolutions.order_by("-number")),
        "reopenings": _of(market, market.reopenings.order_by("-number")),
        "disputes": _of(market, market.disputes.order_by("-pk")),
        "clarifications": _of(market, market.clarifications.order_by("-pk")),
        "moves": list(_moves(market)),
    }


def _of(market: Market, rows: QuerySet[Any]) -> list[Any]:
    # the tenant named, so that the index is led by what the wall asks for
    return list(rows.filter(tenant_id=market.tenant_id)[:MOST])


def _moves(market: Market) -> Iterator[Moved]:
    rows = AuditEvent.objects.filter(
        tenant_id=market.tenant_id,
        entity_type="markets",
        entity_id=str(market.pk),
        new_value__has_key="status",
        old_value__has_key="status",
    )
    for row in rows.order_by("-audit_id")[:MOST]:
        yield Moved(
            (row.old_value or {})["status"],
            (row.new_value or {})["status"],
            row.action,
            str((row.metadata or {}).get("reason", "")),
            row.actor_id,
            row.audit_id,
            row.created_at,
        )
