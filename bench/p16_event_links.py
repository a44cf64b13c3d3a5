"""P16: what the real links from an event to its evidence cost.

The same INSERT of an event that shows one snapshot, or three, with all its guards, keys and audit rows: as it
is, and with the trigger off that writes a row with real keys for each snapshot, so that nothing but the array
is left. One statement at a time, as an application sends them, in rounds that take turns; the array's side
loses its link rows and their audit rows, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from bench.database import own_database
from bench.figures import Figure, against, seconds
from core.database.unit import unit
from tests.factories import World, make_snapshot, make_world, open_market

ROUNDS = 7
PER_ROUND = 1000
SHOWN = (1, 3)
LINKING = "event_links_its_evidence"
INSERT = "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids) VALUES (%s, %s, 'It flew.', %s)"


def measure() -> Iterator[Figure]:
    """Compare in rounds that take turns, once for each number of snapshots."""
    with own_database("xm_bench"):
        world = make_world()
        market = open_market(world.proposal, world.grace)
        evidence = [
            make_snapshot(world.scout, url=f"https://example.org/{number}").snapshot_id
            for number in range(max(SHOWN))
        ]
        for shown in SHOWN:
            known = [world.acme.pk, market.pk, evidence[:shown]]
            rounds = [
                (_rate(world, known, links=shown), _rate(world, known, links=0)) for _ in range(ROUNDS + 1)
            ][1:]  # the first one warms up
            name = f"an event with real links vs an array alone, {shown} of them"
            yield against("P16", name, rounds, 1, target=0.5)


def _rate(world: World, known: list[object], *, links: int) -> float:
    """Events per second."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE events {'ENABLE ALWAYS' if links else 'DISABLE'} TRIGGER {LINKING}")
    with unit("owner", tenant=world.acme.pk, actor=world.grace.pk), connection.cursor() as cursor:
        took = seconds(_insert, cursor, known)
        cursor.execute("SELECT count(*) FROM event_snapshots WHERE xmin = pg_current_xact_id()::xid")
        assert cursor.fetchone() == (links * PER_ROUND,)
        # every round finds the tables as the first one did
        transaction.set_rollback(True)
    return PER_ROUND / took


def _insert(cursor: Any, known: list[object]) -> None:
    for _ in range(PER_ROUND):
        cursor.execute(INSERT, known)
