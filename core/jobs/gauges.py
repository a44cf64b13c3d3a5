"""Figures beside those of the jobs: rooms register them in `AppConfig.ready`, and Prometheus reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Gauge:
    """One figure as it is now.

    :ivar name: with its unit at the end, such as `xmarket_log_seal_lag_seconds`.
    :ivar labels: which of several it is of; all of one name have the same labels.
    """

    name: str
    meaning: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


_known: list[Callable[[], Iterable[Gauge]]] = []


def register(look: Callable[[], Iterable[Gauge]]) -> None:
    """Have figures read whenever somebody asks for them, in a unit of the worker."""
    _known.append(look)


def now() -> Iterator[Gauge]:
    """All of them, in the unit that is open."""
    for look in _known:
        yield from look()
