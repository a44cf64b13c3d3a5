"""Evidence as data for a page of the room below: read again, quoted, and compared with later fetches."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from artifacts import evidence
from artifacts.evidence import Evidence
from artifacts.models import Snapshot
from audit.reading import Exhibit, Since
from core.access.models import User


def show(snapshot_ids: Sequence[str], *, tenant_id: UUID, by: User) -> list[Exhibit]:
    """Read these snapshots of a tenant, in the order given; a damaged content is quarantined."""
    found = evidence.examine(snapshot_ids, tenant_id=tenant_id, by=by)
    latest = _latest([item.snapshot for item in found], tenant_id=tenant_id)
    return [_exhibit(item, latest.get(item.snapshot.url)) for item in found]


def _latest(snapshots: Sequence[Snapshot], *, tenant_id: UUID) -> dict[str, Snapshot]:
    """The last fetch of each of their addresses."""
    rows = Snapshot.objects.filter(tenant_id=tenant_id, url__in={row.url for row in snapshots})
    newest = rows.order_by("url", "-fetched_at", "-id").distinct("url")
    return {row.url: row for row in newest.only("url", "fetched_at", "content_digest")}


def _exhibit(item: Evidence, latest: Snapshot | None) -> Exhibit:
    row = item.snapshot
    return Exhibit(
        name=row.url,
        snapshot_id=row.snapshot_id,
        fetched_at=row.fetched_at,
        size_bytes=row.size_bytes,
        content_sha256=item.content_sha256,
        excerpt=item.excerpt,
        problem=item.problem,
        is_damaged=item.is_damaged,
        address=_page(row),
        content_address=reverse("admin:artifacts_snapshot_content", args=[row.pk]),
        since=_since(row, latest),
    )


def _since(row: Snapshot, latest: Snapshot | None) -> Since | None:
    if latest is None or latest.fetched_at <= row.fetched_at:
        return None
    is_other = bytes(latest.content_digest or b"") != bytes(row.content_digest or b"")
    return Since(latest.fetched_at, is_other, _page(latest))


def _page(row: Snapshot) -> str:
    return reverse("admin:artifacts_snapshot_change", args=[row.pk])
