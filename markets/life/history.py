"""What became of a market, for everybody who may read it, newest first and page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request

from audit.models import AuditEvent
from core.web.pagination import Cursor, CursorPagination, read_cursor, read_limit
from markets.models import Market


@dataclass(frozen=True)
class Entry:
    """One thing that became of a market.

    :ivar row: the change, dispute or clarification; of a move, what the log tells of it.
    """

    kind: str
    id: UUID
    row: Any

    @property
    def recorded_at(self) -> datetime:
        """When it was recorded here."""
        when: datetime = getattr(self.row, "recorded_at", None) or self.row.created_at
        return when


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


@dataclass(frozen=True)
class Page:
    """As much of a history as is shown at once, and where the pages after and before it are."""

    entries: list[Entry]
    next: str | None
    previous: str | None


def page_of(market: Market, request: Request) -> Page:
    """One page of what became of a market, by the `limit` and the `cursor` of the request.

    :raises InvalidInput: for a limit or a cursor that nobody here wrote.
    """
    limit, cursor = read_limit(request), read_cursor(request)
    found = _from(market, cursor, limit + 1)
    following, before = CursorPagination().links(request, cursor, [entry.id for entry in found], limit)
    is_backward = cursor is not None and cursor.backward
    return Page(found[:limit][::-1] if is_backward else found[:limit], following, before)


def _from(market: Market, cursor: Cursor | None, at_most: int) -> list[Entry]:
    # ids of every kind are born of one clock and are never the same, so an entry's id is its place
    is_backward = cursor is not None and cursor.backward
    found: list[Entry] = []
    for kind, rows_of in KINDS.items():
        # the tenant named, so that the index is led by what the wall asks for
        rows = rows_of(market).filter(tenant_id=market.tenant_id)
        if cursor is not None:
            rows = rows.filter(**{"pk__gt" if is_backward else "pk__lt": cursor.id})
        ordered = rows.order_by("pk" if is_backward else "-pk")[:at_most]
        found += [Entry(kind, row.pk, _told(row)) for row in ordered]
    return sorted(found, key=attrgetter("id"), reverse=not is_backward)[:at_most]


def _moves(market: Market) -> QuerySet[Any]:
    return AuditEvent.objects.filter(
        entity_type="markets",
        entity_id=str(market.pk),
        new_value__has_key="status",
        old_value__has_key="status",
    )


def _told(row: Any) -> Any:
    if not isinstance(row, AuditEvent):
        return row
    return Moved(
        (row.old_value or {})["status"],
        (row.new_value or {})["status"],
        row.action,
        str((row.metadata or {}).get("reason", "")),
        row.actor_id,
        row.audit_id,
        row.created_at,
    )


KINDS: dict[str, Callable[[Market], QuerySet[Any]]] = {
    "amendment": lambda market: market.amendments.all(),
    "resolution": lambda market: market.resolutions.all(),
    "reopening": lambda market: market.reopenings.all(),
    "dispute": lambda market: market.disputes.all(),
    "clarification": lambda market: market.clarifications.all(),
    "move": _moves,
}
