from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from markets import questions
from markets.forecastbench import RefusedRow
from markets.questions import Question

SHIPPED = Path(questions.__file__).parent / "data" / "questions.json"


@pytest.fixture(scope="module")
def shipped() -> list[Question]:
    return [q for q in questions.read(SHIPPED.read_bytes()).questions if isinstance(q, Question)]


def test_every_question_of_it_can_be_read(shipped: list[Question]) -> None:
    read = questions.read(SHIPPED.read_bytes()).questions

    assert [question for question in read if isinstance(question, RefusedRow)] == []
    assert len(shipped) >= 24


def test_it_has_three_questions_or_more_of_each_type(shipped: list[Question]) -> None:
    counts = Counter(question.type for question in shipped)

    assert set(counts) == {"political", "economic", "social", "technology", "finance", "culture", "sports"}
    assert min(counts.values()) >= 3


def test_it_shows_what_the_format_can_hold(shipped: list[Question]) -> None:
    assert len({question.url for question in shipped}) < len(shipped)
    assert max(question.closes_at.year for question in shipped) > 2100
    assert {bool(question.resolution_dates) for question in shipped} == {True, False}


def test_its_addresses_are_public_and_track_nobody(shipped: list[Question]) -> None:
    assert all(question.url.startswith("https://") and "?" not in question.url for question in shipped)
