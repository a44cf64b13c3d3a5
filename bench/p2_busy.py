"""P2: what appending costs many who have more to do before they COMMIT.

Thirty-two clients append one fact and are busy for 2 ms in the same transaction. Ours and the bare INSERT
lock nothing that others wait for; a chain of hashes holds its head until COMMIT (`bench.appending`).
"""

from __future__ import annotations

from collections.abc import Iterator

from bench import appending
from bench.appending import BARE, CHAIN, OURS
from bench.database import durable
from bench.figures import Figure, against

ROUNDS = 5
SECONDS = 2
CLIENTS, BUSY_MS = 32, 2


def measure() -> Iterator[Figure]:
    """Measure all three in turns."""
    with durable(), appending.logs() as logs:
        rounds = [
            [
                logs.rate(table, clients=CLIENTS, seconds=SECONDS, busy_ms=BUSY_MS)
                for table in (OURS, BARE, CHAIN)
            ]
            for _ in range(ROUNDS + 1)
        ][1:]  # the first one warms up
    name = f"append with {BUSY_MS} ms of work, {CLIENTS} clients,"
    yield against("P2", f"{name} vs a bare INSERT", rounds, 1, target=0.95)
    yield against("P2", f"{name} vs a locked chain", rounds, 2, target=20)
