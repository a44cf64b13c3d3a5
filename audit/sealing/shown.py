"""The checkpoints that others are shown: with what witnesses signed below what the log signed (C2SP)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

# seconds that a cosigned checkpoint may be older than the newest one, and is shown in its place
PATIENCE = 60
# among so many cosignatures, the newest ones, the checkpoint is looked for that most witnesses cosigned
AMONG = 16
SHOWN = """
    WITH newest AS (SELECT c.size, c.sealed_at FROM audit_checkpoint c ORDER BY c.size DESC LIMIT 1),
    lately AS (
      SELECT a.size FROM audit_cosignature a WHERE a.size > %(above)s ORDER BY a.size DESC LIMIT %(among)s),
    cosigned AS (SELECT l.size FROM lately l GROUP BY l.size ORDER BY count(*) DESC, l.size DESC LIMIT 1)
    SELECT c.size, c.note || COALESCE((SELECT string_agg(a.line, '' ORDER BY a.holder)
                                       FROM audit_cosignature a WHERE a.size = c.size), '')
    FROM (SELECT n.size FROM newest n UNION SELECT s.size FROM cosigned s) either
    JOIN audit_checkpoint c USING (size) CROSS JOIN newest n
    WHERE c.size > %(above)s
      AND (%(age)s::float IS NULL OR c.sealed_at >= n.sealed_at - make_interval(secs => %(age)s))
    ORDER BY c.size LIMIT 1
"""


@dataclass(frozen=True)
class Shown:
    """A checkpoint as others get it.

    :ivar note: signed by the log, and by every witness that cosigned it.
    """

    size: int
    note: str


def newest() -> Shown | None:
    """The newest checkpoint that witnesses cosigned, or where they are late for longer, the newest of all."""
    return _found(above=-1, age=PATIENCE)


def over(index: int) -> Shown | None:
    """The newest checkpoint over the fact at an index that witnesses cosigned, or the newest of all.

    However old: what is proved under it stays proved.
    """
    return _found(above=index, age=None)


def _found(*, above: int, age: int | None) -> Shown | None:
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, {"above": above, "age": age, "among": AMONG})
        found = cursor.fetchone()
    return Shown(*found) if found else None
