"""The sealer: what was written and is decided becomes leaves of the tree, in one order, under a signed root.

One at a time, by an advisory lock that nobody waits for. Whatever stops it, the next one goes on where the
transaction of the last one ended: no row is lost, and none is sealed twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from audit import log
from audit.refusals import EpochIsOver, LogCannotBeSigned, LogIsNotInUtf8
from audit.sealing import keys
from audit.sealing.merkle import HEIGHT, SIZE, Growth
from audit.sealing.models import LogCheckpoint, LogTile, Seal
from audit.sealing.notes import Checkpoint
from audit.truth.models import TruthHead
from core.access.models import PLATFORM_TENANT_ID
from core.database.rows import insert
from core.database.unit import current, hold

# the number of the advisory lock that the sealer takes
LOCK = 0x5EA1
MOST_AT_ONCE = 65_536
LEVELS = 8
GROW = """
    INSERT INTO audit_tile (level, position, hashes, epoch, xid, seq) VALUES (%s, %s, %s, %s, %s, %s)
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
    leaves, count, *last, epochs, xids, seqs = _unsealed(most)
    if not count:
        return Sealed(0, at.size)

    growth = _grown(at.size)
    changed = growth.append(bytes(leaves))
    places = zip(epochs or [], xids or [], seqs or [], strict=True)
    firsts = dict(zip(_first_tiles(at.size, count), places, strict=True))
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
    Seal.objects.update(size=growth.size, sealed_epoch=last[0], xid=last[1], seq=last[2])

    return Sealed(count, growth.size)


def tick() -> str | None:
    """Seal until nothing is left that can be sealed; what was sealed, for the log."""
    done = seal()
    return f"{done.rows} rows, {done.size} in all" if done and done.rows else None


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s), current_setting('client_encoding')", [LOCK])
        is_alone, encoding = cursor.fetchone()
    if encoding != "UTF8":
        raise LogIsNotInUtf8(encoding=encoding)
    return bool(is_alone)


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


def _unsealed(most: int) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM unsealed_events(%s)", [most])
        row: Sequence[Any] = cursor.fetchone()
    return row


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


def _first_tiles(size: int, count: int) -> range:
    """The lowest tiles whose first leaf is among these."""
    return range(-(-size >> HEIGHT), (size + count - 1 >> HEIGHT) + 1)
