"""P6: the proof that one fact is in a log of a million: how large it is, to make it, and to check it.

It is made from the tiles in the database, none of which is in the process yet, in the unit of an API request,
and checked as whoever keeps a receipt does: the hashes from the leaf up to the signed root.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from time import perf_counter

from audit.sealing import merkle, receipts
from audit.sealing.merkle import SIZE
from audit.sealing.models import LogCheckpoint
from bench import filling
from bench.figures import Figure, median_figure
from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import unit

ROUNDS = 5
PER_ROUND = 200
COUNT = 1_000_000


def measure() -> Iterator[Figure]:
    """Prove facts here and there."""
    with filling.sealed_log(COUNT):
        newest = LogCheckpoint.objects.latest("size")
        chance = random.Random(6)  # noqa: S311 - chance, not secrecy
        rounds = [
            [_proved(newest, chance.randrange(newest.size)) for _ in range(PER_ROUND)]
            for _ in range(ROUNDS + 1)
        ][1:]  # the first one warms up
    sizes, makings, checkings = zip(*[zip(*proofs, strict=True) for proofs in rounds], strict=True)
    name = f"inclusion proof in {COUNT:,} facts"
    largest = [max(found) for found in sizes]
    yield median_figure("P6", f"{name}, size", largest, target=640, unit="bytes")
    made = [1000 * statistics.median(took) for took in makings]
    yield median_figure("P6", f"{name}, making it", made, target=2, unit="ms")
    checked = [1_000_000 * statistics.median(took) for took in checkings]
    yield median_figure("P6", f"{name}, checking it", checked, target=50, unit="us")


def _proved(newest: LogCheckpoint, index: int) -> tuple[float, float, float]:
    """How many bytes it has, and how many seconds making and checking it took."""
    with unit("api", tenant=PLATFORM_TENANT_ID):
        leaf = receipts.tile(0, index // merkle.WIDTH, index % merkle.WIDTH + 1)[-SIZE:]
        began = perf_counter()
        proof = receipts.inclusion(index, newest.size)
        made = perf_counter() - began
    began = perf_counter()
    is_proved = merkle.is_included(leaf, index, newest.size, proof, bytes(newest.root))
    checked = perf_counter() - began
    assert is_proved
    return len(proof) * SIZE, made, checked
