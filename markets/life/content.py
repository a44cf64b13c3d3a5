"""What a change of a market says: the content that is proposed, approved and then takes effect."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import rfc8785

from markets.content import MarketContent, written_time


@dataclass(frozen=True)
class ChangeContent(ABC):
    """What people approve of a change, and nothing else.

    :param symbol: the market's, which stays.
    :param base_digest: 32 bytes, the market's `content_digest` as the proposer read it.
    """

    kind: ClassVar[str]
    market_id: UUID
    symbol: str
    base_digest: bytes

    def canonical(self) -> bytes:
        """The one way to write this change down: RFC 8785 JSON, whose sha256 people approve."""
        return rfc8785.dumps(
            {
                "symbol": self.symbol,
                "market_id": str(self.market_id),
                "base_digest": self.base_digest.hex(),
                **self.said(),
            }
        )

    @abstractmethod
    def said(self) -> Mapping[str, Any]:
        """What this kind of change says, in what JSON can hold."""


@dataclass(frozen=True)
class AmendedContent(ChangeContent):
    """The whole content that is to stand from now on; its symbol is the market's."""

    kind: ClassVar[str] = "amend"
    content: MarketContent

    def said(self) -> Mapping[str, Any]:
        """All that a market says."""
        said: dict[str, Any] = json.loads(self.content.canonical())
        return said


@dataclass(frozen=True)
class ResolutionContent(ChangeContent):
    """How the market ended, since when that is known, and what shows it.

    :param outcome: `yes` or `no`.
    :param known_at: aware, when the fact was known; not when somebody wrote it down.
    """

    kind: ClassVar[str] = "resolve"
    outcome: str
    known_at: datetime
    explanation: str
    snapshot_ids: tuple[str, ...]

    def said(self) -> Mapping[str, Any]:
        """The outcome with its reasons."""
        return {
            "outcome": self.outcome,
            "known_at": written_time(self.known_at),
            "explanation": self.explanation,
            "snapshot_ids": sorted(self.snapshot_ids),
        }


@dataclass(frozen=True)
class VoidContent(ChangeContent):
    """Why the market can end neither way, and what shows it."""

    kind: ClassVar[str] = "void"
    explanation: str
    snapshot_ids: tuple[str, ...]

    def said(self) -> Mapping[str, Any]:
        """The reasons."""
        return {"explanation": self.explanation, "snapshot_ids": sorted(self.snapshot_ids)}


@dataclass(frozen=True)
class ReopeningContent(ChangeContent):
    """Why trading goes on, and until when.

    :param closes_at: aware, and to come.
    """

    kind: ClassVar[str] = "reopen"
    explanation: str
    closes_at: datetime
    snapshot_ids: tuple[str, ...]

    def said(self) -> Mapping[str, Any]:
        """The reasons and the new end."""
        return {
            "explanation": self.explanation,
            "closes_at": written_time(self.closes_at),
            "snapshot_ids": sorted(self.snapshot_ids),
        }
