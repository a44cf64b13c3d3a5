"""The sealer: what was written and is decided becomes leaves of the tree, in one order, under a signed root.

One at a time, by an advisory lock that nobody waits for. Whatever stops it, the next one goes on where the
transaction of the last one ended: no row is lost, and none is sealed twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from audit import log
from audit.refusals import EpochIsOver, LogCannotBeSigned, LogIsNotInUtf8
from audit.sealing import keys, leaves
from audit.sealing.leaves import Place
from audit.sealing.merkle import HEIGHT, SIZE, WIDTH, Growth
from audit.sealing.models import LogCheckpoint, LogTile, Seal
from audit.sealing.notes import Checkpoint
from audit.truth.models import TruthHead
from core.access.models import PLATFORM_TENANT_ID
from core.database.rows import insert
from core.database.unit import current, hold, unit

# the number of the advisory lock that the sealer takes
LOCK = 0x5EA1
MOST_AT_ONCE = 65_536
# rows whose leaves one statement computes, and how many do so at once
SPAN, READERS = 16_384, 4
LEVELS = 8
GROW = """
    INSERT INTO audit_tile (level, position, hashes, epoch, xid, seq)
    VALUES (%s, %s, %s, %s, %s::text::xid8, %s)
    ON CONFLICT ON CONSTRAINT one_tile_of_each_place DO UPDATE SET hashes = EXCLUDED.hashes
"""
# only the lowest tiles say where they begin
NOWHERE = (None, None, None)


@dataclass(frozen=True)
class Sealed:
    """What one go of the sealer did.

    :ivar rows: how many rows it sealed.
    :ivar size: how many are sealed now.
    """

    rows: int
    size: int


def seal(most: int = MOST_AT_ONCE) -> Sealed | None:
    """Seal what can be sealed now, in this unit; None where another sealer is at it.

    :raises LogCannotBeSigned: without a key; the rows wait.
    :raises EpochIsOver: where the database moved to another cluster, whose transactions count anew.
    """
    if not _is_alone():
        return None
    at, signers = Seal.objects.get(), keys.signers()
    if not signers:
        raise LogCannotBeSigned
    _refuse_another_cluster(at)
    _tell_the_truth(at)
    due = _unsealed(most)
    if not due:
        return Sealed(0, at.size)

    count, last = due[-1].number + 1 - at.size, due[-1].place
    growth = _grown(at.size)
    changed = growth.append(_leaves(at, due, count))
    firsts = {row.number >> HEIGHT: row.place for row in due if row.number % WIDTH == 0}
    with connection.cursor() as cursor:
        cursor.executemany(
            GROW,
            [
                (level, position, hashes, *(NOWHERE if level else firsts.get(position, NOWHERE)))
                for (level, position), hashes in sorted(changed.items())
            ],
        )
    checkpoint = Checkpoint(keys.origin(), growth.size, growth.root(), f"epoch {at.epoch}\n")
    insert(
        LogCheckpoint,
        size=growth.size,
        root=checkpoint.root,
        epoch=at.epoch,
        note=checkpoint.signed(signers),
    )
    Seal.objects.update(size=growth.size, sealed_epoch=last[0], xid=str(last[1]), seq=last[2])

    return Sealed(count, growth.size)


def tick(most: int = MOST_AT_ONCE) -> str | None:
    """Seal until nothing is left that can be sealed, in units of its own; what was sealed, for the log."""
    rows = 0
    while True:
        with unit("worker"):
            done = seal(most)
        rows += done.rows if done else 0
        if done is None or done.rows < most:
            return f"{rows} rows, {done.size} in all" if done and rows else None


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (is_alone,) = cursor.fetchone()
    _refuse_another_encoding()
    return bool(is_alone)


def _refuse_another_encoding() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('client_encoding')")
        (encoding,) = cursor.fetchone()
    if encoding != "UTF8":
        raise LogIsNotInUtf8(encoding=encoding)


def _refuse_another_cluster(at: Seal) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::numeric")
        (next_one,) = cursor.fetchone()
    if at.sealed_epoch == at.epoch and int(next_one) <= int(at.xid or 0):
        raise EpochIsOver(epoch=at.epoch)


def _tell_the_truth(at: Seal) -> None:
    """Let the log know the newest entry of the truth chain; the next seal covers it."""
    head = TruthHead.objects.get()
    if head.sequence_number == at.truth_sequence:
        return
    before = current().tenant
    hold(tenant=PLATFORM_TENANT_ID)
    log.record(
        "truth_chain:head",
        by=None,
        entity_type="truth_chain",
        entity_id=str(head.sequence_number),
        new_value={"sequence_number": head.sequence_number, "hash": head.hash},
    )
    hold(tenant=before)
    Seal.objects.update(truth_sequence=head.sequence_number)


@dataclass(frozen=True)
class _Row:
    """One row that is to be sealed, and the number that it will have in the tree."""

    number: int
    place: Place


def _unsealed(most: int) -> list[_Row]:
    """What can be sealed: the first row of each tile, and the last one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, epoch, xid::text, seq FROM unsealed_places(%s)", [most])
        return [_Row(number, (epoch, int(xid), seq)) for number, epoch, xid, seq in cursor.fetchall()]


def _leaves(at: Seal, due: Sequence[_Row], count: int) -> bytes:
    """The leaves of all of them; of many, each part by a statement of its own, at once.

    Nobody writes between rows that are decided, so it does not matter that these read later.
    """
    cuts = [row.place for row in due[:-1] if row.number % SPAN == 0 and row.number > at.size]
    begins = (at.sealed_epoch, int(at.xid or 0), at.seq + 1)
    epoch, xid, seq = due[-1].place
    spans = list(pairwise([begins, *cuts, (epoch, xid, seq + 1)]))
    if len(spans) == 1:
        found = leaves.between(*spans[0])
    else:
        with ThreadPoolExecutor(READERS) as readers:
            found = b"".join(readers.map(_read, spans))
    if len(found) != count * SIZE:
        raise RuntimeError(f"{count} rows were to be sealed, and {len(found) // SIZE} are there.")
    return found


def _read(span: tuple[Place, Place]) -> bytes:
    try:
        with unit("worker"):
            _refuse_another_encoding()
            return leaves.between(*span)
    finally:
        # a thread of its own has a connection of its own
        connection.close()


def _grown(size: int) -> Growth:
    """The tree as it is, from the tiles at its right edge."""
    edges = {}
    for level in range(LEVELS):
        count, position = size >> HEIGHT * level, size >> HEIGHT * (level + 1)
        width = count - (position << HEIGHT)
        if width:
            tile = LogTile.objects.get(level=level, position=position)
            edges[level] = bytes(tile.hashes)[: width * SIZE]
    return Growth(size, edges)
