"""Reading the whole log again: every row, every tile, every checkpoint, and what others kept.

Roots alone would say that something is wrong; this says what: the row that was changed, the place where one
is missing, the row that was put in, and the tail that was cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connection

from audit import approved
from audit.sealing import leaves, merkle, witnessed
from audit.sealing.leaves import Place
from audit.sealing.merkle import FULL, HEIGHT, SIZE, Proofs
from audit.sealing.models import LogCheckpoint, LogTile, Seal
from audit.sealing.notes import Checkpoint, NoteIsBroken, Verifier, read_checkpoint
from audit.truth import chain
from core.database.unit import unit

# tiles whose rows one statement reads
CHUNK = 64
ROWS = """
    SELECT e.audit_id, audit_leaf(e) FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) >= (%s, %s::text::xid8, %s)
      AND (e.epoch, e.xid, e.seq) < (%s, %s::text::xid8, %s)
    ORDER BY e.epoch, e.xid, e.seq
"""
BEGINNING: Place = (0, 0, 0)
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    :ivar what: `changed`, `missing`, `extra`, `tile`, `checkpoint`, `cut`, `truth`, `unapproved` or
        `witness`.
    """

    what: str
    said: str

    def __str__(self) -> str:
        return f"{self.what}: {self.said}"


def verify(
    trusted: Sequence[Verifier],
    *,
    witnesses: Sequence[Verifier] = (),
    kept: Mapping[str, str] | None = None,
    jobs: int = 1,
    tell: Tell = lambda done, total: None,
) -> list[Fault]:
    """Everything that is wrong with the log and what stands on it; nothing where all is as it was sealed.

    :param witnesses: who must have cosigned it.
    :param kept: checkpoints that somebody keeps outside the database, by what they are called.
    :param jobs: how many statements read at once.
    :param tell: told how many tiles of how many are read.
    """
    with unit("auditor"):
        at = Seal.objects.get()
        total = LogTile.objects.filter(level=0).count()
        chunks = list(_chunks(at, total))
    faults = []
    with ThreadPoolExecutor(jobs) as readers:
        for done, found in enumerate(readers.map(_read, chunks), start=1):
            faults += found
            tell(min(done * CHUNK, total), total)
    with unit("auditor"):
        faults += [*_tree_faults(at, trusted, kept or {}), *_truth_faults()]
        faults += [Fault("unapproved", str(row)) for row in approved.faults()]
        faults += [Fault("witness", said) for witness in witnesses for said in witnessed.faults(witness)]
    return faults


@dataclass(frozen=True)
class _Chunk:
    """Some tiles of the lowest level, and the places between which their rows are."""

    first: int
    last: int
    size: int
    begins: Place
    ends: Place


def _chunks(at: Seal, total: int) -> Iterator[_Chunk]:
    after_the_last = (int(at.sealed_epoch), int(at.xid or 0), int(at.seq) + 1)
    for first in range(0, total, CHUNK):
        last = min(first + CHUNK, total)
        begins = BEGINNING if first == 0 else _beginning(first)
        ends = after_the_last if last == total else _beginning(last)
        yield _Chunk(first, last, int(at.size), begins, ends)


def _beginning(position: int) -> Place:
    tile = LogTile.objects.get(level=0, position=position)
    return int(tile.epoch or 0), int(tile.xid or 0), int(tile.seq or 0)


def _read(chunk: _Chunk) -> list[Fault]:
    try:
        with unit("auditor"):
            return list(_row_faults(chunk))
    finally:
        # a thread of its own has a connection of its own
        connection.close()


def _row_faults(chunk: _Chunk) -> Iterator[Fault]:
    tiles = LogTile.objects.filter(level=0, position__gte=chunk.first, position__lt=chunk.last)
    sealed = b"".join(bytes(tile.hashes) for tile in tiles.order_by("position"))
    if leaves.between(chunk.begins, chunk.ends) == sealed:
        return
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [*chunk.begins, *chunk.ends])
        rows = [(audit_id, bytes(leaf)) for audit_id, leaf in cursor.fetchall()]
    yield from _differences(chunk.first << HEIGHT, sealed, rows)


def _differences(start: int, sealed: bytes, rows: Sequence[tuple[Any, bytes]]) -> Iterator[Fault]:
    wanted = [sealed[at : at + SIZE] for at in range(0, len(sealed), SIZE)]
    there, known = {leaf for _, leaf in rows}, set(wanted)
    places = {leaf: place for place, leaf in enumerate(wanted)}
    before: tuple[int, Any] = (-1, None)
    strangers: list[Any] = []
    for audit_id, leaf in [*rows, (None, b"")]:
        if leaf in known:
            after = places[leaf]
        elif audit_id is not None:
            strangers.append(audit_id)
            continue
        else:
            after = len(wanted)
        gap = [place for place in range(before[0] + 1, after) if wanted[place] not in there]
        yield from _of_a_gap(start, gap, strangers, before[1], audit_id)
        if leaf in known and after < before[0]:
            yield Fault("changed", f"{audit_id} is out of its order: it was sealed at {start + after}")
        before, strangers = (max(before[0], after), audit_id), []


def _of_a_gap(
    start: int, gap: Sequence[int], strangers: Sequence[Any], before: Any, after: Any
) -> Iterator[Fault]:
    """What stands between two rows that are as they were sealed, and what should."""
    for place, audit_id in zip(gap, strangers, strict=False):
        yield Fault("changed", f"{audit_id} at {start + place} is not what was sealed there")
    for place in gap[len(strangers) :]:
        yield Fault(
            "missing", f"the row at {start + place}, after {before or 'the beginning'}, before {after}"
        )
    for audit_id in strangers[len(gap) :]:
        yield Fault("extra", f"{audit_id} was never sealed, and stands among rows that were")


def _tree_faults(at: Seal, trusted: Sequence[Verifier], kept: Mapping[str, str]) -> Iterator[Fault]:
    size = int(at.size)
    yield from _tile_faults(size)
    proofs = Proofs(_tile, size)
    newest = 0
    for row in LogCheckpoint.objects.order_by("size").iterator(chunk_size=1000):
        newest = int(row.size)
        yield from _checkpoint_faults(row.note, trusted, proofs, size, f"the checkpoint at {row.size}")
    if newest != size:
        yield Fault("checkpoint", f"the newest is of {newest} rows, and {size} are sealed")
    for name, note in kept.items():
        yield from _checkpoint_faults(note, trusted, proofs, size, name)


def _tile_faults(size: int) -> Iterator[Fault]:
    """Tiles that are not made of the ones below them, or not as wide as the log is long."""
    for level in range(8):
        count = size >> HEIGHT * level
        tiles = {row.position: bytes(row.hashes) for row in LogTile.objects.filter(level=level)}
        for position in range(-(-count >> HEIGHT)):
            width = min(1 << HEIGHT, count - (position << HEIGHT))
            if len(tiles.get(position, b"")) != width * SIZE:
                yield Fault("tile", f"{level}/{position} has not its {width} hashes")
            elif level and not _is_made_of_its_tiles(level, position, tiles[position]):
                yield Fault("tile", f"{level}/{position} is not made of the tiles below it")


def _is_made_of_its_tiles(level: int, position: int, hashes: bytes) -> bool:
    first = position << HEIGHT
    below = LogTile.objects.filter(
        level=level - 1, position__gte=first, position__lt=first + len(hashes) // SIZE
    )
    tops = [merkle.top(bytes(row.hashes)) for row in below.order_by("position") if len(row.hashes) == FULL]
    return b"".join(tops) == hashes


def _checkpoint_faults(
    note: str, trusted: Sequence[Verifier], proofs: Proofs, size: int, named: str
) -> Iterator[Fault]:
    try:
        said: Checkpoint = read_checkpoint(note, trusted)
    except NoteIsBroken as broken:
        yield Fault("checkpoint", f"{named}: {broken}")
        return
    if said.size > size:
        yield Fault("cut", f"{named} has {said.size} rows, and the log has {size}: the tail was cut off")
    elif proofs.root_at(said.size) != said.root:
        yield Fault("checkpoint", f"{named} has another root: its {said.size} rows are not these")


def _truth_faults() -> Iterator[Fault]:
    for link in chain.verify():
        if not link.is_valid:
            said = f"entry {link.sequence_number} is {link.actual_hash}, and should be {link.expected_hash}"
            yield Fault("truth", said)


def _tile(level: int, position: int) -> bytes:
    row = LogTile.objects.filter(level=level, position=position).first()
    return bytes(row.hashes) if row else b""
