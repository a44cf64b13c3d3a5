"""P21: one fact of the audit log, with a key, beside an asynchronous server (`bench.web`)."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figures import Figure
from bench.web import against, rates_of


def measure() -> Iterator[Figure]:
    """Measure the two in turns."""
    rates = rates_of(("ours", "asynchronous"), "detail")
    yield against(rates, "asynchronous", "P21", "hot detail vs FastAPI, asyncpg and pydantic", target=0.65)
