"""P1: what appending one fact costs beside a table that has one key and nothing else.

One fact, one transaction, which the statement opens and ends by itself, on both sides (`bench.appending`).
"""

from __future__ import annotations

from collections.abc import Iterator

from bench import appending
from bench.appending import BARE, CHAIN, OURS
from bench.database import durable
from bench.figures import Figure, against

ROUNDS = 7
SECONDS = 2


def measure() -> Iterator[Figure]:
    """Measure all three in turns, first with one client, then with eight."""
    with durable(), appending.logs() as logs:
        for clients, least in ((1, 0.85), (8, 0.9)):
            rounds = [
                [logs.rate(table, clients=clients, seconds=SECONDS) for table in (OURS, BARE, CHAIN)]
                for _ in range(ROUNDS + 1)
            ][1:]  # the first one warms up
            name = f"append one fact, {clients} client{'s' if clients > 1 else ''},"
            yield against("P1", f"{name} vs a bare INSERT", rounds, 1, target=least)
            # not a figure, and worth knowing
            against("P1", f"{name} vs a locked chain", rounds, 2, target=0)
