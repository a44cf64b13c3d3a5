"""The leaves of facts, as the database computes them between two places of the log."""

from __future__ import annotations

from django.db import connection

# epoch, xid and seq
Place = tuple[int, int, int]
LEAVES = """
    SELECT string_agg(audit_leaf(e), ''::bytea ORDER BY e.epoch, e.xid, e.seq) FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) >= (%s, %s::text::xid8, %s)
      AND (e.epoch, e.xid, e.seq) < (%s, %s::text::xid8, %s)
"""


def between(begins: Place, ends: Place) -> bytes:
    """The leaves from a place on, up to another that is not among them, in this unit."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVES, [*begins, *ends])
        (found,) = cursor.fetchone()
    return bytes(found or b"")
