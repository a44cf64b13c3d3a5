"""What an event says: the content that is proposed, approved and then published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import rfc8785

from core.refusals import InvalidInput
from markets.content import written_time


@dataclass(frozen=True)
class EventContent:
    """Everything that people approve, and nothing else.

    :param summary: 1 to 500 characters.
    :param snapshot_ids: the evidence, ids of existing snapshots; at least one.
    :param known_at: aware; when the fact was known. None: when its newest evidence was fetched.
    :param confidence: 0 to 1, two decimals.
    :param impact_score: -100 to 100, two decimals.
    :param llm_reasoning: why the producer thinks so; for those who decide, not published.
    :param variable_name: what of the world it changes, with `variable_description`.
    """

    market_id: UUID
    summary: str
    snapshot_ids: tuple[str, ...]
    event_type: str | None = None
    confidence: Decimal | None = None
    known_at: datetime | None = None
    impact_score: Decimal | None = None
    llm_reasoning: str | None = None
    variable_name: str | None = None
    variable_description: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def canonical(self, symbol: str) -> bytes:
        """The one way to write this content down: RFC 8785 JSON, whose sha256 people approve.

        :param symbol: the market's, for whoever reads the text.
        :raises InvalidInput: when `metadata` holds what canonical JSON cannot (a number beyond 2^53).
        """
        written = {
            "market_id": str(self.market_id),
            "symbol": symbol,
            "summary": self.summary,
            "snapshot_ids": sorted(self.snapshot_ids),
            "event_type": self.event_type,
            "confidence": _written_amount(self.confidence),
            "known_at": written_time(self.known_at) if self.known_at else None,
            "impact_score": _written_amount(self.impact_score),
            "llm_reasoning": self.llm_reasoning,
            "variable_name": self.variable_name,
            "variable_description": self.variable_description,
            "metadata": dict(self.metadata),
        }
        try:
            return rfc8785.dumps(written)
        except rfc8785.CanonicalizationError as error:
            raise InvalidInput(errors=[{"pointer": "/metadata", "detail": str(error)}]) from None


def _written_amount(amount: Decimal | None) -> str | None:
    # minus nothing is nothing, and PostgreSQL writes it so
    return None if amount is None else f"{amount + 0:.2f}"
