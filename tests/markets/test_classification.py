from __future__ import annotations

from collections import Counter

import pytest

from markets.classification import OF_WORDS, type_of


@pytest.mark.parametrize(
    ("source", "expected"), [("acled", "political"), ("fred", "economic"), ("yfinance", "finance")]
)
def test_a_source_of_one_subject_decides_before_any_word(source: str, expected: str) -> None:
    assert type_of(source, "Will the film win the World Cup?", "") == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Will the Senate confirm the nominee?", "political"),
        ("Will annual inflation in Turkey stay above 25%?", "economic"),
        ("Will Bitcoin reach a new all-time high?", "finance"),
        ("Will a humanoid robot be sold for less than $20,000?", "technology"),
        ("Will Inter Miami CF win the 2027 MLS Cup?", "sports"),
        ("Will the movie be nominated for Best Picture?", "culture"),
        ("Will a vaccine have been developed for norovirus?", "social"),
    ],
)
def test_the_words_of_the_title_find_the_type(title: str, expected: str) -> None:
    assert type_of("pollhouse", title, "") == expected


def test_the_type_with_more_different_words_wins() -> None:
    assert type_of("pollhouse", "Will an AI song with an AI singer win Eurovision?", "") == "culture"


def test_between_equals_the_type_that_needs_more_approval_wins() -> None:
    assert type_of("pollhouse", "Will the president attend the tennis?", "") == "political"


def test_a_word_in_capitals_is_found_only_as_written() -> None:
    assert type_of("pollhouse", "Will the dam be fed by the river?", "") == "social"


def test_a_word_inside_another_word_is_not_found() -> None:
    assert type_of("pollhouse", "Will it be said in the bookkeeper's awardless warehouse?", "") == "social"


def test_plurals_are_found() -> None:
    assert type_of("pollhouse", "Will there be more tariffs?", "") == "economic"


def test_the_background_speaks_only_where_the_title_is_silent() -> None:
    background = "The tennis tournament at Wimbledon is the oldest."

    assert type_of("pollhouse", "Will she win?", background) == "sports"
    assert type_of("pollhouse", "Will she win the election?", background) == "political"


def test_one_word_of_the_background_is_not_enough() -> None:
    assert type_of("pollhouse", "Will she win?", "She once wrote a book.") == "social"


def test_a_question_without_any_known_word_is_social() -> None:
    assert type_of("pollhouse", "Will it happen?", "") == "social"


def test_the_words_are_those_of_the_seven_types_and_each_stands_once() -> None:
    words = Counter(word for listed in OF_WORDS.values() for word in " ".join(listed.split()).split(", "))

    assert set(OF_WORDS) == {"political", "economic", "social", "technology", "finance", "culture", "sports"}
    assert [word for word, count in words.items() if count > 1] == []
