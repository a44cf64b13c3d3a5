"""A figure, its target, and the line it prints."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Figure:
    """One measured number and the most it may be."""

    id: str
    name: str
    value: float
    target: float
    unit: str
    spread: tuple[float, float]

    @property
    def passes(self) -> bool:
        """Whether the target is met."""
        return self.value <= self.target

    def __str__(self) -> str:
        low, high = self.spread
        return (
            f"{self.id} {self.name}: {self.value:.2f} {self.unit} (target <= {self.target:g} {self.unit})"
            f" {'PASS' if self.passes else 'FAIL'}  [rounds {low:.2f} to {high:.2f}]"
        )


def median_figure(id: str, name: str, rounds: Sequence[float], *, target: float, unit: str) -> Figure:  # noqa: A002
    """Make a figure of several rounds: their median, with the lowest and the highest beside it."""
    return Figure(id, name, statistics.median(rounds), target, unit, (min(rounds), max(rounds)))


def seconds(work: Callable[..., object], *args: object) -> float:
    """How long `work` takes, on the clock that only goes forward."""
    began = perf_counter()
    work(*args)
    return perf_counter() - began
