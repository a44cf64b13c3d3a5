"""What events are searched by, proposed and published."""

from __future__ import annotations

from core.web.filters import BornFilter, Filters, IdFilter, WordFilter
from markets.models import BASES, CANDIDATE_STATUSES


class CandidateFilters(Filters):
    """What proposed events are searched by."""

    status = WordFilter("status", CANDIDATE_STATUSES)
    market_id = IdFilter("market_id")
    created_after = BornFilter("created_at", "after")
    created_before = BornFilter("created_at", "before")


class EventFilters(Filters):
    """What events are searched by."""

    market_id = IdFilter("market_id")
    basis = WordFilter("basis", BASES)
    created_after = BornFilter("created_at", "after")
    created_before = BornFilter("created_at", "before")
