"""Loads a question set in ForecastBench's public format as proposals."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.db import Error as DatabaseFailure

from core.access.models import User
from core.database.commands import UnitCommand
from core.refusals import DatabaseUnavailable, InvalidInput, NotAllowed, Refusal, translate
from markets import questions
from markets.imports import Outcome, import_question
from markets.questions import Question, QuestionSet, QuestionSetRefused, RefusedQuestion

EVERY = 100
EXAMPLES = 5
INTERRUPTED = 130
# what would refuse each of the questions that follow in the same way
STOPPING = (DatabaseUnavailable, NotAllowed)


@dataclass
class Tally:
    """What became of the questions so far."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    refused: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, question: Question | RefusedQuestion, outcome: Outcome | RefusedQuestion) -> None:
        """Count one question, by its type if it could be read."""
        if isinstance(question, Question):
            self.types[question.type] += 1
        if isinstance(outcome, RefusedQuestion):
            self.refused[outcome.problem].append(outcome.place)
        else:
            self.outcomes[outcome] += 1

    def lines(self) -> list[str]:
        """The summary, most frequent first."""
        places = sum(len(places) for places in self.refused.values())
        types = ", ".join(f"{name} {count}" for name, count in self.types.most_common())
        return [
            *(f"  {outcome}: {self.outcomes[outcome]}" for outcome in Outcome),
            f"  refused: {places}",
            *(_refused_line(problem, at) for problem, at in self.refused.items()),
            f"  types: {types or 'none'}",
        ]


class Command(UnitCommand):
    """Import each question as a snapshot and a proposal, in one transaction of its own; safe to repeat."""

    help = "Load a question set in ForecastBench's public format as proposals of an agent."
    role = "api"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE", help="a question set (JSON)")
        parser.add_argument("--limit", type=_positive, help="import only the first questions of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file's questions and say what became of them.

        :raises CommandError: for a file that cannot be read, naming the place, and for an unknown agent.
        """
        question_set = _read(options["file"])
        tenant, actor = self.acting(options)
        agent = self._proposer(tenant, actor)
        chosen = question_set.questions[: options["limit"]]
        tally = Tally()
        try:
            self._import(chosen, tally, tenant, agent)
        except KeyboardInterrupt:
            self._conclude(question_set, tally)
            raise CommandError(
                "Interrupted; what was imported is whole. Run it again for the rest.", returncode=INTERRUPTED
            ) from None
        self._conclude(question_set, tally)

    def _proposer(self, tenant: UUID, actor: User | None) -> User:
        if actor is None:
            raise CommandError("Somebody has to answer for the proposals: name an agent with --as USERNAME.")
        with self.unit(tenant, actor):
            if not actor.has_perm("proposals:propose"):
                raise CommandError(f"{actor} may not propose: name an agent, or a person who is an editor.")
        return actor

    def _import(
        self, chosen: Sequence[Question | RefusedQuestion], tally: Tally, tenant: UUID, agent: User
    ) -> None:
        try:
            for count, question in enumerate(chosen, start=1):
                tally.add(question, self._outcome(question, tenant, agent))
                self._show(count, len(chosen))
        finally:
            if self.stdout.isatty():
                self.stdout.write("")  # ends the line that was written over

    def _outcome(
        self, question: Question | RefusedQuestion, tenant: UUID, agent: User
    ) -> Outcome | RefusedQuestion:
        if isinstance(question, RefusedQuestion):
            return question
        try:
            with self.unit(tenant, agent):
                return import_question(question, by=agent)
        except (Refusal, DatabaseFailure) as error:
            refusal = translate(error)
            if refusal is None:
                raise
            if isinstance(refusal, STOPPING):
                raise CommandError(f"{question.place}: {refusal} {refusal.hint}") from error
            return RefusedQuestion(question.place, _problem(refusal))

    def _show(self, count: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{count} of {total} questions", ending="")
            self.stdout.flush()
        elif count % EVERY == 0:
            self.stdout.write(f"{count} of {total} questions")

    def _conclude(self, question_set: QuestionSet, tally: Tally) -> None:
        self.stdout.write(f"{question_set.name}, due {question_set.forecast_due_date.isoformat()}")
        for line in tally.lines():
            self.stdout.write(line)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{text!r} is not a number of questions, 1 or more")
    return int(text)


def _read(path: Path) -> QuestionSet:
    try:
        with path.open("rb") as file:
            return questions.read(file.read(questions.FILE_LIMIT + 1))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
    except QuestionSetRefused as refusal:
        raise CommandError(
            f"{path}: {refusal} At {refusal.place or 'the top'}: {refusal.problem}."
        ) from refusal


def _problem(refusal: Refusal) -> str:
    faults = refusal.errors if isinstance(refusal, InvalidInput) else []
    return "; ".join([str(refusal), *(f"{fault['pointer']} {fault['detail']}" for fault in faults)])


def _refused_line(problem: str, places: list[str]) -> str:
    named = ", ".join(places[:EXAMPLES])
    return f"    {problem} ({len(places)}): {named}{', ...' if len(places) > EXAMPLES else ''}"
