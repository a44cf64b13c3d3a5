"""P20: a page of 50 facts of the audit log, with a key, beside two peers (`bench.web`)."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figures import Figure
from bench.web import against, rates_of


def measure() -> Iterator[Figure]:
    """Measure the three in turns."""
    rates = rates_of(("ours", "asynchronous", "stock"), "list")
    yield against(rates, "asynchronous", "P20", "hot list vs FastAPI, asyncpg and pydantic", target=0.85)
    yield against(rates, "stock", "P20", "hot list vs ModelSerializer", target=4)
