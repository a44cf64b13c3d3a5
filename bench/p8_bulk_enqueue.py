"""P8: what asking for 1000 jobs at once costs, beside a hand-written queue and a package.

Each of ours is written as RFC 8785 does and digested, so that the same work is known again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from bench import queues
from bench.database import durable
from bench.figures import Figure, against

ROUNDS = 5
JOBS, AT_ONCE = 10_000, 1000


def measure() -> Iterator[Figure]:
    """Measure all of them in turns."""
    with ExitStack() as held:
        held.enter_context(durable())
        ours = held.enter_context(queues.ours())
        others = [queues.floor(), queues.procrastinate()]
        asked = [ours, *[held.enter_context(other) for other in others]]
        rounds = [[queue.rate("bulk", JOBS, AT_ONCE) for queue in asked] for _ in range(ROUNDS)]
    name = f"enqueue {AT_ONCE} jobs at once"
    yield against("P8", f"{name} vs a hand-written queue", rounds, 1, target=0.4)
    yield against("P8", f"{name} vs procrastinate", rounds, 2, target=4)
