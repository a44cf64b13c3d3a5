"""P23: the admin's list and search cost the same at ten million rows as at ten thousand.

The audit log's page as a person of staff opens it, through the whole of Django: the first page of the list,
the search for one fact by its whole id, and the search by the beginning of a rare action. Two databases that
differ in nothing but their number of rows, in turns, in one process; page by page, the median.
"""

from __future__ import annotations

import logging
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.test import Client

from bench import filling
from bench.database import own_database
from bench.figures import Figure, median_figure, seconds
from core.database import sessions
from tests.factories import make_world
from tests.staff import browser

ROUNDS = 7
PER_ROUND = 20
FEW, MANY = 10_000, 10_000_000
RARE = "snapshot:"
PAGE = "/admin/audit/auditevent/"
MIDDLE = "SELECT audit_id FROM audit_event WHERE tenant_id = %s ORDER BY audit_id DESC OFFSET 5000 LIMIT 1"


@dataclass
class Side:
    """One database, the person who looks, and the fact they search."""

    database: str
    person: Client
    wanted: str

    def latency(self, what: str) -> float:
        """Seconds for one page, in the median."""
        _turn_to(self.database)
        query = {"list": {}, "search": {"q": self.wanted}, "search by a beginning": {"q": RARE}}[what]
        return statistics.median(seconds(self._open, query) for _ in range(PER_ROUND))

    def _open(self, query: dict[str, str]) -> None:
        answer: Any = self.person.get(PAGE, query, SERVER_NAME="localhost")
        assert answer.status_code == 200, answer.status_code


def measure() -> Iterator[Figure]:
    """Compare page by page, and without a line of log for each of them."""
    logging.disable(logging.INFO)
    with own_database("xm_bench_few") as few:
        small = _filled(few, FEW)
        with own_database("xm_bench_many") as many:
            large = _filled(many, MANY)
            for what in ("list", "search", "search by a beginning"):
                for side in (small, large):
                    side.latency(what)
                ratios = [large.latency(what) / small.latency(what) for _ in range(ROUNDS)]
                yield median_figure(
                    "P23",
                    f"admin {what}, ten million rows vs ten thousand",
                    ratios,
                    target=1.5,
                    unit="x",
                )
            _turn_to(many)


def _filled(database: str, count: int) -> Side:
    world = make_world()
    filling.fill(database, count, [world.acme.pk], world.scout.pk)
    with sessions.connect(database=database) as conn:
        (found,) = conn.execute(MIDDLE, [world.acme.pk]).fetchone() or (None,)
    return Side(database, browser(world.grace), str(found))


def _turn_to(database: str) -> None:
    """Point Django at the other database, over a fresh connection."""
    known = connections["default"].settings_dict
    if known["NAME"] != database:
        connections.close_all()
        known["NAME"] = database
