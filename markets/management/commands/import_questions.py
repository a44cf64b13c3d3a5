"""Loads a question set in ForecastBench's public format as proposals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.access.models import User
from markets import questions
from markets.forecastbench import RefusedRow
from markets.imports import Outcome, import_question
from markets.management.importing import ImportCommand, Tally
from markets.questions import Question, QuestionSet


@dataclass
class Types(Tally):
    """What became of the questions so far, and of which types they are."""

    types: Counter[str] = field(default_factory=Counter)

    def add(self, row: Question | RefusedRow, outcome: str | RefusedRow) -> None:
        """Count one question, by its type if it could be read."""
        if isinstance(row, Question):
            self.types[row.type] += 1
        super().add(row, outcome)

    def lines(self, known: type[StrEnum]) -> list[str]:
        """The summary, the most frequent type first."""
        types = ", ".join(f"{name} {count}" for name, count in self.types.most_common())
        return [*super().lines(known), f"  types: {types or 'none'}"]


class Command(ImportCommand):
    """Import each question as a snapshot and a proposal, in one transaction of its own; safe to repeat."""

    help = "Load a question set in ForecastBench's public format as proposals of an agent."
    noun = "questions"
    outcomes = Outcome

    def read(self, body: bytes) -> QuestionSet:
        """The question set."""
        return questions.read(body)

    def rows(self, whole: QuestionSet) -> Sequence[Any]:
        """Its questions."""
        return whole.questions

    def bring(self, row: Question, *, by: User) -> StrEnum:
        """Keep and propose one question."""
        return import_question(row, by=by)

    def tally(self) -> Tally:
        """Count types too."""
        return Types()
