"""P10: how long a job waits for its worker, which listens: from asking for it until its handler runs.

One worker process of four threads, idle; one job every 20 ms, each in a unit of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import quantiles

from bench import queues
from bench.database import durable
from bench.figures import Figure, median_figure
from core.database import sessions

ROUNDS = 5
JOBS, GAP_MS, THREADS = 300, 20, 4
WAITED = "SELECT (result #>> '{}')::float8 FROM jobs WHERE job_type = 'bench:begin' AND status = 'completed'"


def measure() -> Iterator[Figure]:
    """Measure in rounds, each with a worker of its own."""
    with durable(), queues.ours() as ours:
        rounds = [_waits(ours) for _ in range(ROUNDS)]
    halves, late = [cut[49] for cut in rounds], [cut[98] for cut in rounds]
    yield median_figure("P10", "from enqueueing to the start, half of all", halves, target=5, unit="ms")
    yield median_figure("P10", "from enqueueing to the start, 99 of 100", late, target=50, unit="ms")


def _waits(ours: queues.Queue) -> list[float]:
    ours.clear()
    with ours.worker(THREADS) as process:
        queues.start(process)
        ours.ask("ask", JOBS, GAP_MS)
        with sessions.connect(database=ours.database) as connection:
            waited = [1000 * float(str(row[0])) for row in connection.execute(WAITED).fetchall()]
    assert len(waited) >= JOBS - THREADS, len(waited)
    return quantiles(waited, n=100)
