"""P9: how fast jobs that do nothing are done, each with its event and its message, by 1 and by 4 workers.

Ours is the engine's own worker: a unit for each job, claimed 50 at a time as its type says. The floor claims
one job and ends it in a transaction of its own, with its event and its message; what it does when it claims
50 as well is told beside. The peers do one job at a time in each of their processes, as they claim. Jobs are
there before the workers; the time is from the moment when all workers are ready to the last end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from bench import queues
from bench.database import durable
from bench.figures import Figure, against

ROUNDS = 3
BATCH = 50
# so many that each takes a second or two
OURS, PEERS, CELERY = 1500, 300, 500


def measure() -> Iterator[Figure]:
    """Measure all of them in turns, first with one worker, then with four."""
    with ExitStack() as held:
        held.enter_context(durable())
        ours = held.enter_context(queues.ours())
        others = [queues.floor(), queues.procrastinate(), queues.django_tasks()]
        floor, procrastinate, django_tasks = [held.enter_context(other) for other in others]
        celery = held.enter_context(queues.celery())

        def turn(workers: int) -> list[float]:
            jobs = OURS * workers
            rates = [ours.drain(jobs, workers), floor.drain(jobs, workers), floor.drain(jobs, workers, BATCH)]
            rates += [peer.drain(PEERS * workers, workers) for peer in (procrastinate, django_tasks)]
            if celery:
                rates += [celery.drain(CELERY, workers), celery.drain_carelessly(CELERY * workers, workers)]
            return rates

        for workers, least in ((1, 1.0), (4, 2.0)):
            rounds = [turn(workers) for _ in range(ROUNDS)]
            name = f"drain, {workers} worker{'s' if workers > 1 else ''},"
            yield against("P9", f"{name} vs a hand-written queue", rounds, 1, target=0.75)
            yield against("P9", f"{name} vs procrastinate", rounds, 3, target=1.7)
            yield against("P9", f"{name} vs django-tasks-db", rounds, 4, target=2.2)
            if celery:
                yield against("P9", f"{name} vs Celery on Redis", rounds, 5, target=least)
            # not figures, and worth knowing
            against("P9", f"{name} vs the hand-written queue claiming {BATCH} at once", rounds, 2, target=0)
            if celery:
                against("P9", f"{name} vs Celery where jobs may be lost", rounds, 6, target=0)
