"""P4: how many facts the sealer seals a second, and how long after its COMMIT a fact is sealed.

The rate is over a backlog of the usual facts, in the goes that the worker makes, each with its COMMIT.

The delay is that of a real worker beside writers that now and then append, while sessions idle in a
transaction in which they have read: from the COMMIT until another session sees the fact sealed. Then a writer
besides holds a transaction open for a second, again and again. What was written behind it waits for it, as it
must; so its delay counts from the moment when all that came before it was decided. No fact is lost in either.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from audit.sealing import sealer
from bench import filling, writing
from bench.database import durable, own_database
from bench.figures import Figure, median_figure, seconds
from core.database import sessions
from core.database.unit import unit
from tests.factories import make_world

ROUNDS = 4
# of each round, as many as the worker seals in four goes
GOES = 4
SECONDS = 8.0


def measure() -> Iterator[Figure]:
    """Seal a backlog, then follow writers."""
    with durable():
        rates = list(_rates())
        yield median_figure("P4", "facts sealed", rates, target=150_000, unit="per second", is_least=True)
        most = settings.AUDIT_SEAL_EVERY + 0.1
        with own_database("xm_bench") as database, writing.sealed_by_a_worker(database) as watched:
            tenant = make_world().acme.pk
            for name, holds in (("writers come and go", 0.0), ("one holds its transaction", 1.0)):
                rounds = [watched.delay(tenant, SECONDS, holds=holds) for _ in range(ROUNDS)]
                yield median_figure("P4", f"delay of sealing, 99 %, {name}", rounds, target=most, unit="s")
            watched.refuse_losses()


def _rates() -> Iterator[float]:
    count = GOES * sealer.MOST_AT_ONCE
    with own_database("xm_bench") as database, sessions.connect(database=database) as conn:
        scout = make_world().scout
        filling.fill(database, ROUNDS * count, filling.tenants(conn, 10), scout.pk)
        for _ in range(ROUNDS):
            yield count / seconds(_seal)


def _seal() -> None:
    for _ in range(GOES):
        with unit("worker"):
            done = sealer.seal()
        assert done is not None
        assert done.rows == sealer.MOST_AT_ONCE
