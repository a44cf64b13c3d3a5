"""What anybody can keep of the log, and check without it: receipts, checkpoints and tiles (C2SP)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q

from audit.refusals import NotSealedYet
from audit.sealing import merkle, shown
from audit.sealing.merkle import SIZE, WIDTH, Proofs, tiles_of
from audit.sealing.models import LogTile
from audit.sealing.notes import Checkpoint, NoteIsBroken, Verifier, read_checkpoint
from core.refusals import NotFound

HEAD = "c2sp.org/tlog-proof@v1"
# after the head: extra and index
LEAST_LINES = 2


@dataclass(frozen=True)
class Receipt:
    """One fact of the log, where it stands, and the way from it to a signed root.

    :ivar record: the fact's bytes, whose hash is the leaf.
    """

    record: bytes
    index: int
    proof: Sequence[bytes]
    note: str

    def text(self) -> str:
        """As C2SP tlog-proof writes it, the record as the extra."""
        hashes = "".join(f"{base64.b64encode(part).decode()}\n" for part in self.proof)
        extra = base64.b64encode(self.record).decode()
        return f"{HEAD}\nextra {extra}\nindex {self.index}\n{hashes}\n{self.note}"

    def check(self, trusted: Sequence[Verifier]) -> Checkpoint:
        """The checkpoint that this fact is under.

        :raises NoteIsBroken: where nobody trusted signed it, or the proof leads elsewhere.
        """
        signed = read_checkpoint(self.note, trusted)
        leaf = merkle.leaf_hash(self.record)
        if not merkle.is_included(leaf, self.index, signed.size, list(self.proof), signed.root):
            raise NoteIsBroken("The proof does not lead from this fact to the signed root.")
        return signed


def receipt(audit_id: UUID | str) -> Receipt:
    """The receipt of a fact of this unit's tenant, under the newest checkpoint that witnesses cosigned.

    :raises NotSealedYet: while the sealer has not come to it.
    :raises NotFound: where there is no such fact.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT record, place FROM sealed_place(%s)", [audit_id])
        found = cursor.fetchone()
    if found is None:
        raise NotFound
    record, index = found
    under = None if index is None else shown.over(index)
    if under is None:
        raise NotSealedYet
    return Receipt(bytes(record), index, inclusion(index, under.size), under.note)


def inclusion(index: int, size: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root of the tree of this size, from tiles read at once."""
    tiles = tiles_of(index, size)
    places = Q(*[Q(level=level, position=position) for level, position in tiles], _connector=Q.OR)
    found = LogTile.objects.filter(places).values_list("level", "position", "hashes")
    hashes = {(level, position): bytes(row) for level, position, row in found}
    return Proofs(lambda level, position: hashes[level, position], size).inclusion(index)


def read(text: str) -> Receipt:
    """Read a receipt as it was written.

    :raises NoteIsBroken: saying what is wrong.
    """
    proof, parted, note = text.partition("\n\n")
    head, *lines = proof.split("\n")
    if head != HEAD or not parted or len(lines) < LEAST_LINES:
        raise NoteIsBroken("This is no receipt: a head, extra, index, hashes, and a checkpoint are expected.")
    extra, index, *hashes = lines
    try:
        decoded = [base64.b64decode(part, validate=True) for part in (extra.removeprefix("extra "), *hashes)]
        place = int(index.removeprefix("index "))
    except ValueError:
        raise NoteIsBroken("The receipt holds a line that is neither base64 nor a number.") from None
    return Receipt(decoded[0], place, decoded[1:], note)


def tile(level: int, position: int, width: int) -> bytes:
    """The first hashes of a tile.

    :raises NotFound: where it has not so many.
    """
    found = LogTile.objects.filter(level=level, position=position).first()
    if found is None or len(found.hashes) < width * SIZE:
        raise NotFound
    return bytes(found.hashes)[: width * SIZE]


def path_of(level: int, position: int, width: int = WIDTH) -> str:
    """The path of a tile (C2SP tlog-tiles): groups of three digits, all but the last with an x."""
    digits = f"{position:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    named = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{named}" + ("" if width == WIDTH else f".p/{width}")
