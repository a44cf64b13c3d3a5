"""What a market says: the content that is proposed, approved and then stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar, Protocol
from uuid import UUID

import rfc8785

from core.refusals import InvalidInput

SAFETY_ASSERTIONS = (
    "no-production-write",
    "no-seed-data",
    "requires-human-approval",
    "uses-snapshot-ids-for-provenance",
)


class Proposed(Protocol):
    """Whatever can be proposed: a market, or a change of one."""

    @property
    def kind(self) -> str: ...

    @property
    def market_id(self) -> UUID | None: ...

    @property
    def symbol(self) -> str: ...

    def canonical(self) -> bytes: ...


@dataclass(frozen=True)
class MarketContent:
    """Everything that people approve, and nothing else.

    :param symbol: at most 50 characters of `A-Z a-z 0-9 . _ -`; never changes.
    :param type: one of `markets.models.MARKET_TYPES`.
    :param closes_at: aware.
    :param snapshot_ids: the evidence, ids of existing snapshots; at least one.
    :param risk_level: what the proposer states; it can only raise the risk the type has.
    :param exposure: money, at most four decimal places.
    """

    kind: ClassVar[str] = "create"
    market_id: ClassVar[UUID | None] = None
    symbol: str
    type: str
    title: str
    resolution_criteria: str
    closes_at: datetime
    snapshot_ids: tuple[str, ...]
    description: str = ""
    subtype: str | None = None
    region: str | None = None
    risk_level: str | None = None
    exposure: Decimal = Decimal(0)
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def canonical(self) -> bytes:
        """The one way to write this content down: RFC 8785 JSON, whose sha256 people approve.

        :raises InvalidInput: when `metadata` holds what canonical JSON cannot (a number beyond 2^53).
        """
        written = {
            "symbol": self.symbol,
            "type": self.type,
            "title": self.title,
            "resolution_criteria": self.resolution_criteria,
            "closes_at": written_time(self.closes_at),
            "snapshot_ids": sorted(self.snapshot_ids),
            "description": self.description,
            "subtype": self.subtype,
            "region": self.region,
            "risk_level": self.risk_level,
            "exposure": f"{self.exposure:.4f}",
            "metadata": dict(self.metadata),
        }
        try:
            return rfc8785.dumps(written)
        except rfc8785.CanonicalizationError as error:
            raise InvalidInput(errors=[{"pointer": "/metadata", "detail": str(error)}]) from None


@dataclass(frozen=True)
class Provenance:
    """What an agent says of its own output (Xmarket's duty of agents).

    :param safety_assertions: at least two of `SAFETY_ASSERTIONS`.
    """

    producer: str
    schema_version: str
    safety_assertions: tuple[str, ...]


def written_time(moment: datetime) -> str:
    """The one way to write a time down: UTC, microseconds, a year of four digits."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
