"""How two wordings of a proposal are put side by side."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from audit.comparison import MOST_TOKENS, Piece, Row, compare

TEXTS = st.dictionaries(st.sampled_from(["title", "description", "symbol"]), st.text(max_size=60))


def rows(before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Row]:
    return {row.field: row for row in compare(before, after)}


def text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def test_only_the_words_that_changed_are_marked() -> None:
    row = rows({"title": "Will it rain in May?"}, {"title": "Will it snow in May?"})["title"]

    assert row.before == (Piece("Will it "), Piece("rain", "del"), Piece(" in May?"))
    assert row.after == (Piece("Will it "), Piece("snow", "ins"), Piece(" in May?"))


def test_words_changed_side_by_side_are_marked_as_one() -> None:
    row = rows({"title": "a b one two c d"}, {"title": "a b three four c d"})["title"]

    assert row.after == (Piece("a b "), Piece("three four", "ins"), Piece(" c d"))


def test_times_numbers_and_ids_stay_whole() -> None:
    row = rows({"closes_at": "2026-12-31T12:00:00.000000Z"}, {"closes_at": "2026-12-31T22:59:00.000000Z"})[
        "closes_at"
    ]

    assert row.before == (Piece("2026-12-31T12:00:00.000000Z", "del"),)
    assert row.after == (Piece("2026-12-31T22:59:00.000000Z", "ins"),)


def test_a_text_that_is_another_one_is_marked_whole() -> None:
    row = rows({"title": "Will it rain in May?"}, {"title": "Does anybody read this?"})["title"]

    assert [piece.mark for piece in row.before] == ["del"]
    assert [piece.mark for piece in row.after] == ["ins"]


def test_a_very_long_text_is_marked_whole_instead_of_compared_for_minutes() -> None:
    long = "word " * MOST_TOKENS

    row = rows({"title": long}, {"title": long + "more"})["title"]

    assert row.after == (Piece(long + "more", "ins"),)


def test_what_is_new_stands_beside_nothing_and_what_is_gone_too() -> None:
    found = rows({"subtype": "vote", "region": None}, {"subtype": None, "region": "EU"})

    assert (found["subtype"].before, found["subtype"].after) == ((Piece("vote", "del"),), ())
    assert (found["region"].before, found["region"].after) == ((), (Piece("EU", "ins"),))


def test_every_member_of_metadata_is_a_field_of_its_own() -> None:
    found = rows(
        {"metadata": {"unit": "percent", "gone": 1}}, {"metadata": {"unit": "percent", "new": [1, {}]}}
    )

    assert not found["metadata unit"].is_changed
    assert text(found["metadata new"].after) == "[1, {}]"
    assert text(found["metadata gone"].before) == "1"


def test_a_first_wording_marks_nothing_and_separates_what_is_empty() -> None:
    found = rows(None, {"title": "Will it rain?", "region": None})

    assert found["title"].after == (Piece("Will it rain?"),)
    assert found["title"].is_changed
    assert not found["region"].is_changed


def test_a_field_nobody_thought_of_is_shown_all_the_same() -> None:
    assert text(rows(None, {"surprise": True})["surprise"].after) == "true"


def test_characters_that_nobody_sees_are_written_out() -> None:
    found = rows(None, {"title": "safe\u202eetad\u200b\x07"})

    assert text(found["title"].after) == "safe[U+202E]etad[U+200B][U+0007]"


@given(TEXTS, TEXTS)
def test_nothing_is_lost_whatever_changes(before: dict[str, str], after: dict[str, str]) -> None:
    found = rows(before, after)

    for field in {*before, *after}:
        plain = rows(None, {field: after.get(field, "")})[field]
        assert text(found[field].after) == text(plain.after)
        assert found[field].is_changed == (before.get(field, "") != after.get(field, ""))
