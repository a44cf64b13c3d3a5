"""Evidence as a reviewer meets it: each snapshot read again, proved and quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from artifacts import blobs, snapshots
from artifacts.excerpts import excerpt
from artifacts.models import Snapshot
from artifacts.refusals import ContentDamaged, ContentNotHeld
from core.access.models import User
from core.refusals import Refusal


@dataclass(frozen=True)
class Evidence:
    """One snapshot, and what reading it just now came to.

    :ivar problem: why nothing is shown of it; None when the content is what its digest says.
    """

    snapshot: Snapshot
    excerpt: str = ""
    problem: Refusal | None = None

    @property
    def content_sha256(self) -> str:
        """By what the content is known, in hex; empty where it is not known."""
        return bytes(self.snapshot.content_digest or b"").hex()

    @property
    def is_verified(self) -> bool:
        """Whether the content was read and matches its digest."""
        return self.problem is None

    @property
    def is_damaged(self) -> bool:
        """Whether the content is no longer what was stored."""
        return isinstance(self.problem, ContentDamaged)


def examine(snapshot_ids: Sequence[str], *, tenant_id: UUID, by: User) -> list[Evidence]:
    """Read these snapshots of a tenant, in the order given; a damaged content is quarantined."""
    found = {
        row.snapshot_id: row
        for row in Snapshot.objects.filter(tenant_id=tenant_id, snapshot_id__in=snapshot_ids)
    }
    return [_examined(found[wanted], by=by) for wanted in snapshot_ids if wanted in found]


def read(snapshot: Snapshot, *, by: User | None) -> bytes:
    """Hand out the content, proved; one found damaged is quarantined first.

    :raises ContentDamaged: :raises ContentNotHeld: as `snapshots.read`.
    """
    try:
        return snapshots.read(snapshot)
    except ContentDamaged:
        digest = bytes(snapshot.content_digest or b"")
        blobs.quarantine(digest, by=by, reason="Found damaged when it was read as evidence.")
        raise


def _examined(snapshot: Snapshot, *, by: User) -> Evidence:
    try:
        content = read(snapshot, by=by)
    except (ContentDamaged, ContentNotHeld) as problem:
        return Evidence(snapshot, problem=problem)
    return Evidence(snapshot, excerpt=excerpt(content, snapshot.content_type or ""))
