"""What proposals and markets are searched by."""

from __future__ import annotations

from core.web.filters import BornFilter, Filters, IdFilter, TextFilter, WordFilter
from markets.models import KINDS, MARKET_STATUSES, MARKET_TYPES, PROPOSAL_STATUSES


class ProposalFilters(Filters):
    """What proposals are searched by."""

    status = WordFilter("status", PROPOSAL_STATUSES)
    kind = WordFilter("kind", KINDS)
    market_id = IdFilter("market_id")
    symbol = TextFilter("symbol", max_length=50)
    created_after = BornFilter("created_at", "after")
    created_before = BornFilter("created_at", "before")


class MarketFilters(Filters):
    """What markets are searched by."""

    status = WordFilter("status", MARKET_STATUSES)
    type = WordFilter("type", MARKET_TYPES)
    symbol = TextFilter("symbol", max_length=50)
    created_after = BornFilter("created_at", "after")
    created_before = BornFilter("created_at", "before")
