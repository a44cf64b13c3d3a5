"""The sealed log as files that anybody checks without the database: records, checkpoints, and the program."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from audit.sealing import keys, shown
from audit.sealing.keeping import name_of
from core.database.unit import unit

# records of one file
AT_ONCE = 65_536
PROGRAM = Path("clients") / "verifier" / "xmarket_verify.py"
RECORDS = """
    SELECT e.epoch, e.xid::text, e.seq, audit_record(e) FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) > (%s, %s::text::xid8, %s)
      AND (e.epoch, e.xid, e.seq) <= (SELECT s.sealed_epoch, s.xid, s.seq FROM audit_seal s)
    ORDER BY e.epoch, e.xid, e.seq LIMIT %s
"""

NOTES = """
    SELECT c.size, c.note || COALESCE(string_agg(a.line, '' ORDER BY a.holder), '')
    FROM audit_checkpoint c LEFT JOIN audit_cosignature a USING (size)
    WHERE c.size <= %s GROUP BY c.size, c.note ORDER BY c.size
"""


def export(folder: Path, *, tell: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write the log, as far as the checkpoint that others are shown, into an empty folder; how many records.

    :param tell: told how many of how many records are written.
    :raises FileExistsError: where the folder holds anything.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty.")
    with unit("auditor"):
        newest = shown.newest()
        total = newest.size if newest else 0
        done, after = 0, ("0", "0", "0")
        # what is sealed meanwhile is of the next export
        while rows := _rows(after, min(AT_ONCE, total - done)):
            parts = [len(record).to_bytes(4, "big") + record for *_, record in rows]
            (folder / f"records-{done // AT_ONCE:06d}.bin").write_bytes(b"".join(parts))
            done, after = done + len(rows), rows[-1][:3]
            tell(done, total)
        (folder / "checkpoints").mkdir()
        for size, note in _notes(total):
            (folder / "checkpoints" / name_of(size)).write_text(note)
    (folder / "key.txt").write_text("".join(f"{verifier}\n" for verifier in keys.verifiers()))
    shutil.copy(Path(settings.BASE_DIR) / PROGRAM, folder)
    return done


def _notes(most: int) -> Iterator[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(NOTES, [most])
        while notes := cursor.fetchmany(1000):
            yield from notes


def _rows(after: tuple[str, str, str], most: int) -> list[tuple[str, str, str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, [*after, most])
        return [(epoch, xid, seq, bytes(record)) for epoch, xid, seq, record in cursor.fetchall()]
