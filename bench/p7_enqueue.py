"""P7: what asking for one job costs through the public call, beside a hand-written queue and two packages.

Ours is `enqueue()` in the unit of an API request: a login without rights takes its role, its tenant and its
actor, and the job is there with the COMMIT. The floor is one prepared INSERT that commits by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from bench import queues
from bench.database import durable
from bench.figures import Figure, against

ROUNDS = 5
JOBS = 600


def measure() -> Iterator[Figure]:
    """Measure all of them in turns."""
    with ExitStack() as held:
        held.enter_context(durable())
        ours = held.enter_context(queues.ours())
        others = [queues.floor(), queues.procrastinate(), queues.django_tasks()]
        asked = [ours, *[held.enter_context(other) for other in others]]
        rounds = [[queue.rate("enqueue", JOBS) for queue in asked] for _ in range(ROUNDS)]
    name = "enqueue one job"
    yield against("P7", f"{name} vs a hand-written queue", rounds, 1, target=0.6)
    yield against("P7", f"{name} vs procrastinate", rounds, 2, target=2)
    yield against("P7", f"{name} vs django-tasks-db", rounds, 3, target=1.4)
