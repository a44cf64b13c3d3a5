"""The sealed log as files that anybody checks without the database: records, checkpoints, and the program."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from audit.sealing import keys
from audit.sealing.models import LogCheckpoint, Seal
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


def export(folder: Path, *, tell: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write the sealed log into an empty folder; how many records that were.

    :param tell: told how many of how many records are written.
    :raises FileExistsError: where the folder holds anything.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty.")
    with unit("auditor"):
        total = int(Seal.objects.get().size)
        done, after = 0, ("0", "0", "0")
        while rows := _rows(after):
            parts = [len(record).to_bytes(4, "big") + record for *_, record in rows]
            (folder / f"records-{done // AT_ONCE:06d}.bin").write_bytes(b"".join(parts))
            done, after = done + len(rows), rows[-1][:3]
            tell(done, total)
        (folder / "checkpoints").mkdir()
        for row in LogCheckpoint.objects.order_by("size").iterator(chunk_size=1000):
            (folder / "checkpoints" / f"{row.size:015d}.note").write_text(row.note)
    (folder / "key.txt").write_text("".join(f"{verifier}\n" for verifier in keys.verifiers()))
    shutil.copy(Path(settings.BASE_DIR) / PROGRAM, folder)
    return done


def _rows(after: tuple[str, str, str]) -> list[tuple[str, str, str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, [*after, AT_ONCE])
        return [(epoch, xid, seq, bytes(record)) for epoch, xid, seq, record in cursor.fetchall()]
