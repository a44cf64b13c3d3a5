"""Evidence comes in as snapshots: one for each fetch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from artifacts import blobs
from artifacts.models import Snapshot
from artifacts.refusals import ContentNotHeld, SnapshotDiffers
from core.access.models import User
from core.database.rows import insert
from core.database.unit import verb


@verb("snapshot:ingest", permission="snapshots:ingest")
def ingest(
    url: str,
    body: bytes,
    *,
    content_type: str,
    by: User,
    reason: str = "",
    fetched_at: datetime | None = None,
) -> tuple[Snapshot, bool]:
    """Keep what an address answered.

    :param fetched_at: aware; only an import gives it, everybody else gets the server's clock.
    :returns: the snapshot, and whether it is new: the same address, time and content is the existing row.
    :raises SnapshotDiffers: the same address and time with another content.
    :raises ContentTooLarge: over 1 MiB.
    """
    digest = blobs.store(body)
    if fetched_at is not None:
        existing = Snapshot.objects.filter(tenant_id=by.tenant_id, url=url, fetched_at=fetched_at).first()
        if existing and existing.content_digest is not None and bytes(existing.content_digest) == digest:
            return existing, False
        if existing:
            raise SnapshotDiffers(snapshot_id=existing.snapshot_id)

    given: dict[str, Any] = {"fetched_at": fetched_at} if fetched_at else {}
    made = insert(
        Snapshot,
        tenant_id=by.tenant_id,
        url=url,
        object_store_path=f"db:sha256/{digest.hex()}",
        content_digest=digest,
        content_type=content_type,
        size_bytes=len(body),
        **given,
    )
    return made, True


def read(snapshot: Snapshot) -> bytes:
    """Hand out the content, proved against its digest.

    :raises ContentNotHeld: when only the address of the content is known.
    :raises ContentDamaged: when the bytes are not what was stored; see `blobs.quarantine`.
    """
    if snapshot.content_digest is None:
        raise ContentNotHeld(object_store_path=snapshot.object_store_path)
    return blobs.read(bytes(snapshot.content_digest))
