"""How the body of a request becomes what is proposed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from markets.content import MarketContent, Provenance


def content_of(given: dict[str, Any]) -> MarketContent:
    """The content that a body proposes."""
    said = {field.name: given[field.name] for field in fields(MarketContent) if field.name in given}
    return MarketContent(**{**said, "snapshot_ids": tuple(given["snapshot_ids"])})


def provenance_of(given: dict[str, Any]) -> Provenance | None:
    """What a body says of itself, if anything."""
    if "producer" not in given:
        return None
    return Provenance(given["producer"], given["schema_version"], tuple(given["safety_assertions"]))
