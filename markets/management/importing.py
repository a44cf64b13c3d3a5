"""What the commands that import files have in common: a row is a unit, and the end is a summary."""

from __future__ import annotations

from abc import abstractmethod
from argparse import ArgumentTypeError
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.db import Error as DatabaseFailure

from core.access.models import User
from core.database.commands import UnitCommand
from core.refusals import DatabaseUnavailable, InvalidInput, NotAllowed, Refusal, translate
from markets import forecastbench
from markets.forecastbench import QuestionSetRefused, RefusedRow

EVERY = 100
EXAMPLES = 5
INTERRUPTED = 130
# what would refuse each of the rows that follow in the same way
STOPPING = (DatabaseUnavailable, NotAllowed)


@dataclass
class Tally:
    """What became of the rows so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    refused: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: Any, outcome: str | RefusedRow) -> None:
        """Count one row."""
        if isinstance(outcome, RefusedRow):
            self.refused[outcome.problem].append(outcome.place)
        else:
            self.outcomes[outcome] += 1

    def lines(self, known: type[StrEnum]) -> list[str]:
        """The summary.

        :param known: every end a row can take.
        """
        places = sum(len(places) for places in self.refused.values())
        return [
            *(f"  {outcome}: {self.outcomes[outcome]}" for outcome in known),
            f"  refused: {places}",
            *(_refused_line(problem, at) for problem, at in self.refused.items()),
        ]


class ImportCommand(UnitCommand):
    """Import each row of a file in one transaction of its own; safe to repeat."""

    role = "api"
    noun = "rows"
    outcomes: type[StrEnum]

    @abstractmethod
    def read(self, body: bytes) -> Any:
        """The whole file.

        :raises QuestionSetRefused: where it cannot be read.
        """

    @abstractmethod
    def rows(self, whole: Any) -> Sequence[Any]:
        """The rows of a file, each readable or refused."""

    @abstractmethod
    def bring(self, row: Any, *, by: User) -> StrEnum:
        """Import one row, inside its unit.

        :raises Refusal: whatever refuses it; then the unit is rolled back.
        """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and how much of it."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE", help="the file (JSON)")
        parser.add_argument("--limit", type=_positive, help=f"import only the first {self.noun} of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file's rows and say what became of them.

        :raises CommandError: for a file that cannot be read, naming the place, and for an unknown agent.
        """
        whole = self._read(options["file"])
        tenant, actor = self.acting(options)
        agent = self._proposer(tenant, actor)
        tally = self.tally()
        try:
            self._import(self.rows(whole)[: options["limit"]], tally, tenant, agent)
        except KeyboardInterrupt:
            self._conclude(whole, tally)
            raise CommandError(
                "Interrupted; what was imported is whole. Run it again for the rest.", returncode=INTERRUPTED
            ) from None
        self._conclude(whole, tally)

    def tally(self) -> Tally:
        """What counts."""
        return Tally()

    def _read(self, path: Path) -> Any:
        try:
            with path.open("rb") as file:
                return self.read(file.read(forecastbench.FILE_LIMIT + 1))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        except QuestionSetRefused as refusal:
            raise CommandError(
                f"{path}: {refusal} At {refusal.place or 'the top'}: {refusal.problem}."
            ) from refusal

    def _proposer(self, tenant: UUID, actor: User | None) -> User:
        if actor is None:
            raise CommandError("Somebody has to answer for the proposals: name an agent with --as USERNAME.")
        with self.unit(tenant, actor):
            if not actor.has_perm("proposals:propose"):
                raise CommandError(f"{actor} may not propose: name an agent, or a person who is an editor.")
        return actor

    def _import(self, chosen: Sequence[Any], tally: Tally, tenant: UUID, agent: User) -> None:
        try:
            for count, row in enumerate(chosen, start=1):
                tally.add(row, self._outcome(row, tenant, agent))
                self._show(count, len(chosen))
        finally:
            if self.stdout.isatty():
                self.stdout.write("")  # ends the line that was written over

    def _outcome(self, row: Any, tenant: UUID, agent: User) -> StrEnum | RefusedRow:
        if isinstance(row, RefusedRow):
            return row
        try:
            with self.unit(tenant, agent):
                return self.bring(row, by=agent)
        except (Refusal, DatabaseFailure) as error:
            refusal = translate(error)
            if refusal is None:
                raise
            if isinstance(refusal, STOPPING):
                raise CommandError(f"{row.place}: {refusal} {refusal.hint}") from error
            return RefusedRow(row.place, _problem(refusal))

    def _show(self, count: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{count} of {total} {self.noun}", ending="")
            self.stdout.flush()
        elif count % EVERY == 0:
            self.stdout.write(f"{count} of {total} {self.noun}")

    def _conclude(self, whole: Any, tally: Tally) -> None:
        self.stdout.write(f"{whole.name}, due {whole.forecast_due_date.isoformat()}")
        for line in tally.lines(self.outcomes):
            self.stdout.write(line)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{text!r} is not a number of rows, 1 or more")
    return int(text)


def _problem(refusal: Refusal) -> str:
    faults = refusal.errors if isinstance(refusal, InvalidInput) else []
    return "; ".join([str(refusal), *(f"{fault['pointer']} {fault['detail']}" for fault in faults)])


def _refused_line(problem: str, places: list[str]) -> str:
    named = ", ".join(places[:EXAMPLES])
    return f"    {problem} ({len(places)}): {named}{', ...' if len(places) > EXAMPLES else ''}"
