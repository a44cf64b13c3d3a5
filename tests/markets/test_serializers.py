from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.web.problems import places
from markets.serializers import ProposalForm

GONE = "leave this field out"
GOOD = {
    "symbol": "MARS-2031",
    "type": "technology",
    "title": "Will a spacecraft land on Mars in 2031?",
    "resolution_criteria": "Resolves YES if a spacecraft lands softly on Mars in 2031 (UTC).",
    "closes_at": "2031-12-31T23:59:00Z",
    "snapshot_ids": ["a" * 64],
    "producer": "scout",
    "schema_version": "v1",
    "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
}
NEEDED = ("symbol", "type", "title", "resolution_criteria", "closes_at", "snapshot_ids")
NO_TEXT: tuple[Any, ...] = (GONE, None, 5, True, {}, {"a": 1}, [None], "", "  \t")
WRONG: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(NEEDED, NO_TEXT),
    "symbol": (*NO_TEXT, "X" * 51, "MARS 2031", "MARS\n", "\u041cARS", "MARS/2031", "\u0661"),
    "type": (*NO_TEXT, "weather", "Technology", "technology "),
    "title": (*NO_TEXT, "two\nlines", "x" * 1001, "turned \u202e round", "\x1b[2J", "a\u2028b"),
    "subtype": (5, "x" * 51, "", "a\nb"),
    "region": (5, "x" * 51, "", []),
    "description": (None, 5, "x" * 50_001),
    "resolution_criteria": (*NO_TEXT, " \n ", "x" * 50_001),
    "risk_level": ("extreme", "LOW", 1, "", []),
    "metadata": (None, [], "x", 5, {"a": "x" * 65_536}, {"a": 1e300}),
    "reason": (None, 5, [], "x" * 2_001),
    "producer": (GONE, None, "", 5, "x" * 256, "a\nb"),
    "schema_version": (GONE, None, "", 5, "x" * 21),
    "safety_assertions": (GONE, None, "no-seed-data", 5, {}, ["harmless"], ["no-seed-data"] * 2),
    **dict.fromkeys(
        ("id", "status", "tenant_id", "proposed_by", "human_approval_audit_id", "digest", ""), ("x",)
    ),
}


def form(**changes: Any) -> ProposalForm:
    given = {name: value for name, value in {**GOOD, **changes}.items() if value is not GONE}
    return ProposalForm(data=given)


def test_what_the_other_tests_spoil_is_good_as_it_stands() -> None:
    assert form().is_valid()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_by_its_place(name: str) -> None:
    for value in WRONG[name]:
        spoiled = form(**{name: value})

        assert not spoiled.is_valid(), value
        faults = list(places(spoiled.errors))
        assert {fault["pointer"].split("/")[1] for fault in faults} == {name}, value
        assert all(len(fault["detail"]) < 200 for fault in faults), value


@pytest.mark.parametrize(
    "written",
    [
        "tomorrow",
        "2031-12-31",
        "2031-12-31T23:59:00",
        "2031-12-31 23:59:00Z",
        "2031-02-30T00:00:00Z",
        "2031-12-31T24:01:00Z",
        "2031-12-31T23:59:60Z",
        "2031-12-31T23:59:00.1234567Z",
        "2031-12-31T23:59:00+99:99",
        "0001-01-01T00:00:00Z",
        "1000-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-23:59",
        "\u0662031-12-31T23:59:00Z",
        1956528000,
    ],
)
def test_a_time_is_written_whole_with_its_offset(written: Any) -> None:
    spoiled = form(closes_at=written)

    assert not spoiled.is_valid()
    assert [fault["pointer"] for fault in places(spoiled.errors)] == ["/closes_at"]


def test_a_time_is_the_same_in_every_offset() -> None:
    here, there = form(closes_at="2031-12-31T23:59:00Z"), form(closes_at="2032-01-01T01:59:00+02:00")

    assert here.is_valid()
    assert there.is_valid()
    assert here.validated_data["closes_at"] == there.validated_data["closes_at"]


@pytest.mark.parametrize(
    "written",
    [
        1.5,
        "-1",
        -1,
        "1e3",
        "NaN",
        "Infinity",
        "1" * 17,
        "1.00001",
        True,
        "",
        "\u0661",
        "1_0",
        [],
        None,
        10**16,
    ],
)
def test_an_amount_that_is_not_exact_is_refused(written: Any) -> None:
    spoiled = form(exposure=written)

    assert not spoiled.is_valid()
    assert [fault["pointer"] for fault in places(spoiled.errors)] == ["/exposure"]


@pytest.mark.parametrize("written", ["1000.5", "1000.5000", "0", 1000, "9999999999999999.9999"])
def test_an_amount_is_kept_exactly(written: Any) -> None:
    given = form(exposure=written)

    assert given.is_valid()
    assert given.validated_data["exposure"] == Decimal(written)


def test_texts_are_kept_as_they_were_sent() -> None:
    given = form(description="  indented\n", resolution_criteria=" first\n\tsecond ")

    assert given.is_valid()
    assert given.validated_data["description"] == "  indented\n"
    assert given.validated_data["resolution_criteria"] == " first\n\tsecond "


def test_every_piece_of_evidence_is_named_once() -> None:
    spoiled = form(snapshot_ids=["a" * 64, "b" * 64, "a" * 64])

    assert not spoiled.is_valid()
    assert list(places(spoiled.errors)) == [{"pointer": "/snapshot_ids/2", "detail": "Named twice."}]


def test_there_is_a_limit_to_evidence() -> None:
    assert form(snapshot_ids=[f"{number:064x}" for number in range(100)]).is_valid()
    assert not form(snapshot_ids=[f"{number:064x}" for number in range(101)]).is_valid()


def test_an_output_is_described_whole_or_not_at_all() -> None:
    assert form(producer=GONE, schema_version=GONE, safety_assertions=GONE).is_valid()

    half = form(producer=GONE, schema_version=GONE)

    assert not half.is_valid()
    assert {fault["pointer"] for fault in places(half.errors)} == {"/producer", "/schema_version"}
