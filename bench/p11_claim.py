"""P11: what a claim costs beside a million jobs that ended and 100,000 whose time has not come.

The same claims, one job each, as the engine's own role, on a table that holds nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench import queues
from bench.database import durable
from bench.figures import Figure, median_figure
from core.database import sessions
from core.database.unit import role_name

ROUNDS = 5
CLAIMS = 300
ENDED, LATER, DUE = 1_000_000, 100_000, 3000
FILL = """
    INSERT INTO jobs (tenant_id, job_type, idempotency_key, payload_digest, status, next_attempt_at,
                      attempts, started_at, completed_at, created_at)
    SELECT %(tenant)s, 'bench:one', %(status)s || %(later)s::text || n, sha256('{}'), %(status)s,
           clock_timestamp() + %(later)s * (interval '1 day' + n * interval '1 s') - interval '1 hour',
           %(ended)s, CASE %(ended)s WHEN 1 THEN clock_timestamp() END,
           CASE %(ended)s WHEN 1 THEN clock_timestamp() END, clock_timestamp()
    FROM generate_series(1, %(number)s) n
"""


def measure() -> Iterator[Figure]:
    """Measure in turns, small and large; the claimed jobs are put back between."""
    with durable(), queues.ours() as small, queues.ours("xm_bench_large") as large:
        _fill(small, "pending", DUE)
        _fill(large, "completed", ENDED)
        _fill(large, "pending", LATER, later=1)
        _fill(large, "pending", DUE)
        rounds = [_turn(small, large) for _ in range(ROUNDS + 1)][1:]  # the first one warms up
    name = f"a claim beside {ENDED:,} ended and {LATER:,} future jobs vs a small table"
    yield median_figure("P11", name, rounds, target=1.3, unit="x")


def _turn(small: queues.Queue, large: queues.Queue) -> float:
    for queue in (small, large):
        with sessions.connect(database=queue.database) as connection:
            connection.execute(f"SET ROLE {role_name('owner')}".encode())  # nobody else puts a job back
            connection.execute("UPDATE jobs SET status = 'pending', attempts = 0 WHERE status = 'processing'")
            connection.execute("RESET ROLE")
        queue.settle()
    alone = small.ask("claim", CLAIMS)
    return large.ask("claim", CLAIMS) / alone


def _fill(queue: queues.Queue, status: str, number: int, later: int = 0) -> None:
    known = {"tenant": queue.env["BENCH_TENANT"], "status": status, "number": number, "later": later}
    with sessions.connect(database=queue.database) as connection:
        connection.execute(FILL, {**known, "ended": int(status == "completed")})
