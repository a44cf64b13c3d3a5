"""How the body of a request becomes what is proposed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from markets.content import MarketContent, Provenance
from markets.event_content import EventContent

C = TypeVar("C", MarketContent, EventContent)


def content_of(kind: type[C], given: dict[str, Any]) -> C:
    """The content that a body proposes, of a market or of an event."""
    said = {field.name: given[field.name] for field in fields(kind) if field.name in given}
    return kind(**{**said, "snapshot_ids": tuple(given["snapshot_ids"])})


def provenance_of(given: dict[str, Any]) -> Provenance | None:
    """What a body says of itself, if anything."""
    if "producer" not in given:
        return None
    return Provenance(given["producer"], given["schema_version"], tuple(given["safety_assertions"]))
