"""What people approve is written down in one way only, whose sha256 names it."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import rfc8785

from core.refusals import InvalidInput
from markets.content import MarketContent

CONTENT = MarketContent(
    symbol="MOON-2027",
    type="technology",
    title="Will a crewed mission orbit the Moon in 2027?",
    resolution_criteria="Resolves YES if it does.",
    closes_at=datetime(2027, 12, 31, 23, 59, tzinfo=UTC),
    snapshot_ids=("b" * 64, "a" * 64),
)


def test_it_is_rfc_8785_json() -> None:
    written = CONTENT.canonical()

    assert written == rfc8785.dumps(json.loads(written))


def test_it_says_everything_that_is_approved() -> None:
    assert json.loads(CONTENT.canonical()) == {
        "symbol": "MOON-2027",
        "type": "technology",
        "title": "Will a crewed mission orbit the Moon in 2027?",
        "resolution_criteria": "Resolves YES if it does.",
        "closes_at": "2027-12-31T23:59:00.000000Z",
        "snapshot_ids": ["a" * 64, "b" * 64],
        "description": "",
        "subtype": None,
        "region": None,
        "risk_level": None,
        "exposure": "0.0000",
        "metadata": {},
    }


@pytest.mark.parametrize(
    "same",
    [
        {"snapshot_ids": ("a" * 64, "b" * 64)},
        {"closes_at": datetime(2028, 1, 1, 5, 29, tzinfo=timezone(timedelta(hours=5, minutes=30)))},
        {"exposure": Decimal("0.00")},
        {"metadata": {}},
    ],
)
def test_the_same_said_otherwise_is_written_alike(same: dict[str, Any]) -> None:
    assert replace(CONTENT, **same).canonical() == CONTENT.canonical()


@pytest.mark.parametrize(
    "other",
    [
        {"symbol": "MOON-2028"},
        {"type": "sports"},
        {"title": "Will a crewed mission orbit the Moon in 2027 ?"},
        {"resolution_criteria": "Resolves NO if it does."},
        {"closes_at": datetime(2027, 12, 31, 23, 59, 0, 1, tzinfo=UTC)},
        {"snapshot_ids": ("a" * 64,)},
        {"description": "More."},
        {"subtype": "space"},
        {"region": "EU"},
        {"risk_level": "high"},
        {"exposure": Decimal("0.0001")},
        {"metadata": {"a": 1}},
    ],
)
def test_every_difference_is_another_content(other: dict[str, Any]) -> None:
    assert replace(CONTENT, **other).canonical() != CONTENT.canonical()


def test_metadata_is_written_in_one_order() -> None:
    assert (
        replace(CONTENT, metadata={"b": 1, "a": [True, None, "\u00fc"]}).canonical()
        == replace(CONTENT, metadata={"a": [True, None, "\u00fc"], "b": 1}).canonical()
    )


@pytest.mark.parametrize("number", [2**53, -(2**53), float("nan"), float("inf")])
def test_a_number_that_json_cannot_say_exactly_is_refused_by_place(number: float) -> None:
    with pytest.raises(InvalidInput) as caught:
        replace(CONTENT, metadata={"n": number}).canonical()

    assert caught.value.errors[0]["pointer"] == "/metadata"


def test_it_is_not_changed_after_it_was_made() -> None:
    with pytest.raises(FrozenInstanceError):
        CONTENT.title = "Another"  # type: ignore[misc]
