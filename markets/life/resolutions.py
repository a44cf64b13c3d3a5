"""Reads a resolution set in ForecastBench's public format: bytes in, rows and refused rows out.

Nothing here touches the database, the clock or the network. A fault of the file as a whole refuses the file;
a fault inside one row refuses that row alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import rfc8785

from markets.forecastbench import (
    Fault,
    Fields,
    RefusedRow,
    identity,
    opened,
    symbol_of,
)

OUTCOMES = {0: "no", 1: "yes"}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the file says of one question on one day: a number from 0 to 1, and whether that is final."""

    place: str
    source: str
    id: str
    resolution_date: date
    resolved_to: float | None
    is_resolved: bool
    resolution_set: str

    @property
    def symbol(self) -> str:
        """The market of the question."""
        return symbol_of(self.source, self.id)

    @property
    def outcome(self) -> str | None:
        """How the market ends by it; None where it does not yet, or in between."""
        if not self.is_resolved or self.resolved_to not in OUTCOMES:
            return None
        return OUTCOMES[int(self.resolved_to)]

    @property
    def known_at(self) -> datetime:
        """The end of its day in UTC: what a day brought is known when it is over."""
        return datetime.combine(self.resolution_date, time(), UTC) + timedelta(days=1)

    @property
    def page(self) -> bytes:
        """The row as it is kept as evidence: the same row gives the same bytes."""
        return rfc8785.dumps(
            {
                "resolution_set": self.resolution_set,
                "source": self.source,
                "id": self.id,
                "resolution_date": self.resolution_date.isoformat(),
                "resolved": self.is_resolved,
                "resolved_to": self.resolved_to,
            }
        )


@dataclass(frozen=True, slots=True)
class ResolutionSet:
    """A whole file: its rows in their order, each readable or refused."""

    name: str
    forecast_due_date: date
    resolutions: tuple[Resolved | RefusedRow, ...]


def read(body: bytes) -> ResolutionSet:
    """Turn a file into its resolution set.

    :param body: UTF-8 JSON, at most 64 MiB: an object of `question_set`, `forecast_due_date`, `resolutions`.
    :raises QuestionSetRefused: where the file as a whole cannot be read; it names the first fault.
    """
    name, due, listed = opened(body, "resolutions")
    return ResolutionSet(name, due, tuple(_each(listed, name)))


def _each(listed: list[Any], name: str) -> Iterator[Resolved | RefusedRow]:
    for index, raw in enumerate(listed):
        try:
            yield _row(Fields(raw, f"/resolutions/{index}"), name)
        except Fault as fault:
            yield RefusedRow(fault.place, fault.problem)


def _row(fields: Fields, name: str) -> Resolved:
    if fields.raw.get("direction") is not None:
        fields.refuse("direction", "is about several questions at once, and a market is about one")
    source, named = identity(fields)
    return Resolved(
        place=fields.place,
        source=source,
        id=named,
        resolution_date=fields.day("resolution_date"),
        resolved_to=fields.share("resolved_to"),
        is_resolved=fields.truth("resolved"),
        resolution_set=name,
    )
