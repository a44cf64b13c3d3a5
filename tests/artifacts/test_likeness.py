"""Texts that differ little have simhashes that differ little."""

from __future__ import annotations

import pytest

from artifacts import likeness

CRITERIA = (
    "Resolves YES if a crewed spacecraft completes at least one full orbit of the Moon before the end of the "
    "year 2027 in UTC, as reported by at least two of the space agencies that are named in the description, "
    "and NO in every other case, also where the mission is delayed, cancelled or ended before the orbit."
)


def test_the_same_words_are_the_same_whatever_their_case_and_signs() -> None:
    shouted = CRITERIA.upper().replace(",", " -").replace(" ", "\n  ")

    assert likeness.similarity(CRITERIA, CRITERIA) == 1
    assert likeness.similarity(CRITERIA, shouted) == 1


def test_one_word_changed_in_a_paragraph_is_nearly_the_same() -> None:
    assert likeness.similarity(CRITERIA, CRITERIA.replace("2027", "2028")) >= 0.85


def test_other_words_are_about_half_the_same() -> None:
    other = "Will the central bank raise its rate at the meeting in March, by a quarter of a point or more?"

    assert 0.3 < likeness.similarity(CRITERIA, other) < 0.75


def test_the_order_of_the_words_counts() -> None:
    backwards = " ".join(reversed(CRITERIA.split()))

    assert likeness.similarity(CRITERIA, backwards) < 0.85


@pytest.mark.parametrize("text", ["", "...", "one", "one two", "\u0000", "Ünï cödé ßß"])
def test_every_text_has_a_number_that_postgresql_holds(text: str) -> None:
    assert -(2**63) <= likeness.simhash(text) < 2**63


def test_the_number_of_a_text_stays_for_ever() -> None:
    assert likeness.simhash("agents propose and people decide") == -2553135685888600981


def test_closeness_counts_bits_across_the_sign() -> None:
    assert likeness.closeness(-1, 0) == 0
    assert likeness.closeness(-1, -2) == 63 / 64
    assert likeness.closeness(-(2**63), 0) == 63 / 64
