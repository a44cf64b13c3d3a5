"""P16: what the real links from an event to its evidence cost.

The same INSERT of an event that shows three snapshots, with all its guards, keys and audit rows: as it is,
and with the trigger off that writes a row with real keys for each snapshot, so that nothing but the array is
left. One statement at a time, as an application sends them, in rounds that take turns; the array's side loses
its link rows and their audit rows, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from bench.database import own_database
from bench.figures import Figure, against, seconds
from core.database.unit import unit
from tests.factories import World, make_snapshot, make_world, open_market

ROUNDS = 7
PER_ROUND = 1000
SHOWN = 3
LINKING = "event_links_its_evidence"
INSERT = "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids) VALUES (%s, %s, 'It flew.', %s)"


def measure() -> Iterator[Figure]:
    """Compare in rounds that take turns."""
    with own_database("xm_bench"):
        world = make_world()
        market = open_market(world.proposal, world.grace)
        shown = [
            make_snapshot(world.scout, url=f"https://example.org/{number}").snapshot_id
            for number in range(SHOWN)
        ]
        known = [world.acme.pk, market.pk, shown]
        rounds = [
            (_rate(world, known, linked=True), _rate(world, known, linked=False)) for _ in range(ROUNDS + 1)
        ][1:]  # the first one warms up
    yield against("P16", "an event with real links vs an array alone", rounds, 1, target=0.5)


def _rate(world: World, known: list[object], *, linked: bool) -> float:
    """Events per second."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE events {'ENABLE ALWAYS' if linked else 'DISABLE'} TRIGGER {LINKING}")
    with unit("owner", tenant=world.acme.pk, actor=world.grace.pk), connection.cursor() as cursor:
        took = seconds(_insert, cursor, known)
        cursor.execute("SELECT count(*) FROM event_snapshots WHERE xmin = pg_current_xact_id()::xid")
        (links,) = cursor.fetchone()
        assert links == (SHOWN * PER_ROUND if linked else 0)
        # every round finds the tables as the first one did
        transaction.set_rollback(True)
    return PER_ROUND / took


def _insert(cursor: object, known: list[object]) -> None:
    for _ in range(PER_ROUND):
        cursor.execute(INSERT, known)  # type: ignore[attr-defined]
