"""P24: a page by cursor costs the same at the start, in the middle and at the end of two million facts.

Asked of the API over HTTP, with a key, sixteen connections, in turns; the worst place against the best.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench import filling, serving
from bench.database import own_database
from bench.figures import Figure, median_figure
from bench.load import Load
from bench.web import LIST
from core.database import sessions
from core.web.pagination import Cursor
from tests.factories import make_key, make_world

ROUNDS = 5
SECONDS = 1.0
COUNT = 2_000_000
PLACES = {"start": 0.0, "middle": 0.5, "end": 0.9999}
AT = "SELECT audit_id FROM audit_event WHERE tenant_id = %s ORDER BY audit_id DESC OFFSET %s LIMIT 1"


def measure() -> Iterator[Figure]:
    """Compare the places."""
    with own_database("xm_bench") as database:
        world = make_world()
        key = make_key(world.scout)
        filling.fill(database, COUNT, [world.acme.pk], world.scout.pk)
        with sessions.connect(database=database) as conn:
            ids = [
                conn.execute(AT, [world.acme.pk, int(COUNT * place)]).fetchone() for place in PLACES.values()
            ]
        paths = [f"{LIST}?cursor={Cursor(found[0])}" for found in ids if found]  # type: ignore[arg-type]
        with serving.ours(database) as port:
            loads = [Load(port, [path], key, SECONDS) for path in paths]
            for load in loads:
                load.run()
            rounds = [[load.run() for load in loads] for _ in range(ROUNDS)]
    ratios = [max(rates) / min(rates) for rates in rounds]
    yield median_figure("P24", "a page by cursor, worst place vs best", ratios, target=2, unit="x")
