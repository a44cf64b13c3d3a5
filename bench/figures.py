"""A figure, its target, and the line it prints."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Figure:
    """One measured number, and the most (or the least) it may be."""

    id: str
    name: str
    value: float
    target: float
    unit: str
    spread: tuple[float, float]
    is_least: bool = False

    @property
    def passes(self) -> bool:
        """Whether the target is met."""
        return self.value >= self.target if self.is_least else self.value <= self.target

    def __str__(self) -> str:
        low, high = self.spread
        sign = ">=" if self.is_least else "<="
        return (
            f"{self.id} {self.name}: {self.value:.2f} {self.unit} (target {sign} {self.target:g} {self.unit})"
            f" {'PASS' if self.passes else 'FAIL'}  [rounds {low:.2f} to {high:.2f}]"
        )


def median_figure(
    id: str,  # noqa: A002 - what it is
    name: str,
    rounds: Sequence[float],
    *,
    target: float,
    unit: str,
    is_least: bool = False,
) -> Figure:
    """Make a figure of several rounds: their median, with the lowest and the highest beside it.

    :param is_least: the target is the least it may be, not the most.
    """
    return Figure(id, name, statistics.median(rounds), target, unit, (min(rounds), max(rounds)), is_least)


def against(id: str, name: str, rounds: Sequence[Sequence[float]], rival: int, *, target: float) -> Figure:  # noqa: A002
    """Make a figure of rates that were measured in turns: how many times the rival's the first one is.

    :param rounds: one rate for each contestant, ours first.
    :param target: the least it may be.
    """
    ratios = [rates[0] / rates[rival] for rates in rounds]
    said = "  ".join(f"{rates[0]:.0f}/{rates[rival]:.0f}" for rates in rounds)
    print(f"  {id} {name}, per second: {said}", file=sys.stderr, flush=True)
    return median_figure(id, name, ratios, target=target, unit="x", is_least=True)


def seconds(work: Callable[..., object], *args: object) -> float:
    """How long `work` takes, on the clock that only goes forward."""
    began = perf_counter()
    work(*args)
    return perf_counter() - began
