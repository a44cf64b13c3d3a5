"""What evidence is searched by."""

from __future__ import annotations

from core.web.filters import BornFilter, Filters


class SnapshotFilters(Filters):
    """What snapshots are searched by."""

    created_after = BornFilter("created_at", "after")
    created_before = BornFilter("created_at", "before")
