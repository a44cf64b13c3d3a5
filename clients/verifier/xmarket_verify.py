"""Check an exported audit log, or one receipt, without its database: one file, nothing but Python.

    python3 xmarket_verify.py log FOLDER --key KEY [--witness KEY] [--against CHECKPOINT ...]
    python3 xmarket_verify.py receipt FILE --key KEY [--witness KEY]

KEY is the log's verifier key, from whoever runs it and not from the export: name+id+key. Of a log whose key
was changed, give --key KEY for each that it had. --witness KEY, once for each, asks for the cosignature of
a witness; its key is from whoever runs the witness. The log's leaves are hashed as RFC 6962 says, and its
checkpoints are signed notes (C2SP). Exit 0: everything is as it was signed.
Exit 1: a line for each thing that is not. Exit 2: something could not be read.
"""

from __future__ import annotations

import argparse
import base64
import re
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256, sha512
from pathlib import Path

SIZE = 32
TOLD_EVERY = 65_536
NUMBER = re.compile(r"[0-9]{1,19}")
# of a checkpoint: origin, size, root; a receipt has one fewer before its hashes
LEAST_LINES = 3
# the curve of RFC 8032
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
Point = tuple[int, int, int, int]
# name, id and public key
Key = tuple[str, bytes, bytes]
# the first byte of a key says what it signs
LOG, WITNESS = b"\x01", b"\x04"
WHOSE = {LOG: "the key of a log: give it as --key", WITNESS: "the key of a witness: give it as --witness"}


class Broken(ValueError):
    """What was given is not what it should be; `str` says where."""


class CutOff(Broken):
    """An export ends in the middle of a record."""


def _x_of(y: int, is_odd: int) -> int:
    square = (y * y - 1) * pow(D * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and is_odd):
        raise Broken("A key or a signature is no point of the curve.")
    return PRIME - x if x & 1 != is_odd else x


def _point(written: bytes) -> Point:
    y = int.from_bytes(written, "little")
    is_odd, y = y >> 255, y & ((1 << 255) - 1)
    if y >= PRIME:
        raise Broken("A key or a signature is no point of the curve.")
    x = _x_of(y, is_odd)
    return x, y, 1, x * y % PRIME


def _sum(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _times(number: int, p: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _sum(found, p)
        p = _sum(p, p)
        number >>= 1
    return found


BASE_Y = 4 * pow(5, PRIME - 2, PRIME) % PRIME
BASE_X = _x_of(BASE_Y, 0)
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the holder of a key signed a text."""
    if len(public) != SIZE or len(signature) != 2 * SIZE:
        return False
    scalar = int.from_bytes(signature[SIZE:], "little")
    if scalar >= ORDER:
        return False
    digest = int.from_bytes(sha512(signature[:SIZE] + public + text).digest(), "little") % ORDER
    left, right = _times(scalar, BASE), _sum(_point(signature[:SIZE]), _times(digest, _point(public)))
    return (
        (left[0] * right[2] - right[0] * left[2]) % PRIME
        == 0
        == (left[1] * right[2] - right[1] * left[2]) % PRIME
    )


def read_key(written: str, kind: bytes = LOG) -> Key:
    """Name, id and public key of a verifier key."""
    name, _, rest = written.strip().partition("+")
    hex_id, _, encoded = rest.partition("+")
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    identity = sha256(name.encode() + b"\n" + key).digest()[:4]
    if key[:1] not in WHOSE or len(key) != SIZE + 1 or identity.hex() != hex_id:
        raise Broken("This is no verifier key: name+id+key is expected.")
    if key[:1] != kind:
        raise Broken(f"This is {WHOSE[key[:1]]}.")
    return name, identity, key[1:]


def read_note(note: str, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> tuple[int, bytes, list[Key]]:
    """Size and root of a checkpoint that one of the keys has signed, and which witnesses cosigned it."""
    text, parted, signatures = note.rpartition("\n\n")
    if not parted:
        raise Broken("is no signed note")
    signed: list[Key] = []
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        signature = _decoded(encoded, "a signature")
        for key in (*keys, *witnesses):
            if dash == "\u2014" and key[:2] == (name, signature[:4]):
                _refuse_wrong(key, signature[4:], f"{text}\n".encode(), is_witness=key in witnesses)
                signed.append(key)
    lines = text.split("\n")
    if not any(key in keys for key in signed):
        raise Broken("is not signed by this key")
    if len(lines) < LEAST_LINES or not NUMBER.fullmatch(lines[1]):
        raise Broken("has no size on its second line")
    return int(lines[1]), _decoded(lines[2], "a root"), [key for key in signed if key in witnesses]


def _refuse_wrong(key: Key, signature: bytes, body: bytes, *, is_witness: bool) -> None:
    if is_witness:
        # a witness signs the time as well (C2SP tlog-cosignature)
        time, signature = signature[:8], signature[8:]
        body = b"cosignature/v1\ntime %d\n%s" % (int.from_bytes(time, "big"), body)
    if not is_signed(key[2], body, signature):
        raise Broken(f"is cosigned wrongly by {key[0]}" if is_witness else "is signed wrongly")


def _decoded(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Broken(f"holds {what} that is not base64") from None


def parents(row: list[bytes]) -> list[bytes]:
    """One level up, of an even number of hashes."""
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]


class Tree:
    """The levels of the whole tree, from its leaves up."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.levels = [leaves]
        while len(self.levels[-1]) > 1:
            row = self.levels[-1]
            self.levels.append(parents(row[: len(row) // 2 * 2]))

    def root(self, size: int) -> bytes:
        """The root that the first so many leaves have."""
        found, end = b"", size
        for level, row in enumerate(self.levels):
            if size >> level & 1:
                subtree = row[(end >> level) - 1]
                found = sha256(b"\x01" + subtree + found).digest() if found else subtree
                end -= 1 << level
        return found or sha256(b"").digest()


def root_by(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root to which a proof leads (RFC 9162, 2.1.3.2); None where it leads nowhere."""
    place, last, found = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = sha256(b"\x01" + part + found).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + part).digest()
        place, last = place >> 1, last >> 1
    return found if last == 0 and index < size else None


def leaves_of(folder: Path) -> Iterator[bytes]:
    """The leaf of every record, in the order of the log."""
    files = sorted(folder.glob("records-*.bin"))
    if not files:
        raise Broken(f"{folder} holds no records-*.bin: it is no export")
    for file in files:
        data, at = file.read_bytes(), 0
        while at < len(data):
            end = at + 4 + int.from_bytes(data[at : at + 4], "big")
            if end > len(data):
                raise CutOff(f"{file.name} breaks off in a record, at byte {at}")
            yield sha256(b"\x00" + data[at + 4 : end]).digest()
            at = end


def check_log(
    folder: Path, keys: Sequence[Key], witnesses: Sequence[Key], against: Sequence[Path]
) -> Iterator[str]:
    """Everything that is wrong with an export."""
    leaves: list[bytes] = []
    try:
        for leaf in leaves_of(folder):
            leaves.append(leaf)
            if len(leaves) % TOLD_EVERY == 0:
                print(f"\r{len(leaves)} records", end="", file=sys.stderr, flush=True)
    except CutOff as cut:
        yield str(cut)
    notes = [*sorted((folder / "checkpoints").glob("*.note")), *against]
    if not notes:
        yield f"{folder} holds no checkpoint"
    yield from _check_notes(notes, Tree(leaves), keys, witnesses)
    print(f"\r{len(leaves)} records, {len(notes)} checkpoints", file=sys.stderr)


def _check_notes(
    notes: Sequence[Path], tree: Tree, keys: Sequence[Key], witnesses: Sequence[Key]
) -> Iterator[str]:
    count, largest, cosigned = len(tree.levels[0]), 0, dict.fromkeys(witnesses, 0)
    for file in notes:
        try:
            size, root, by = read_note(file.read_text(errors="replace"), keys, witnesses)
        except Broken as broken:
            yield f"{file.name} {broken}"
            continue
        largest = max(largest, size)
        cosigned |= {witness: max(size, cosigned[witness]) for witness in by}
        if size > count:
            yield f"{file.name} has {size} rows, and the export {count}: the tail is missing"
        elif tree.root(size) != root:
            yield f"{file.name} has another root: its {size} rows are not these"
    if largest < count:
        yield f"{count - largest} records stand behind the newest checkpoint"
    for (name, *_), size in cosigned.items():
        if size < count:
            yield f"{name} cosigned {size} records, and the export has {count}"


def check_receipt(file: Path, keys: Sequence[Key], witnesses: Sequence[Key]) -> Iterator[str]:
    """Everything that is wrong with a receipt (C2SP tlog-proof)."""
    proof, parted, note = file.read_text(errors="replace").partition("\n\n")
    head, *lines = proof.split("\n")
    if head != "c2sp.org/tlog-proof@v1" or not parted or len(lines) < LEAST_LINES - 1:
        raise Broken(f"{file.name} is no receipt")
    index = lines[1].removeprefix("index ")
    if not NUMBER.fullmatch(index):
        raise Broken(f"{file.name} has no index on its third line")
    try:
        record = _decoded(lines[0].removeprefix("extra "), "a record")
        path = [_decoded(line, "a hash") for line in lines[2:]]
    except Broken as broken:
        raise Broken(f"{file.name} {broken}") from None
    try:
        size, root, by = read_note(note, keys, witnesses)
    except Broken as broken:
        yield f"the checkpoint of {file.name} {broken}"
        return
    for witness in witnesses:
        if witness not in by:
            yield f"the checkpoint of {file.name} is not cosigned by {witness[0]}"
    if root_by(sha256(b"\x00" + record).digest(), int(index), size, path) != root:
        yield f"{file.name} does not lead to the signed root"


def main(words: Sequence[str] | None = None) -> int:
    """Check what was asked for, and say what is wrong."""
    parser = argparse.ArgumentParser(description="Check an exported audit log or a receipt of it.")
    kinds = parser.add_subparsers(dest="kind", required=True)
    log = kinds.add_parser("log", help="a folder that manage.py audit export wrote")
    log.add_argument("what", type=Path)
    log.add_argument(
        "--against", type=Path, nargs="*", default=[], help="checkpoints that were kept elsewhere"
    )
    receipt = kinds.add_parser("receipt", help="a file that /api/v1/audit-events/ID/receipt answered")
    receipt.add_argument("what", type=Path)
    for kind in (log, receipt):
        kind.add_argument("--key", required=True, action="append", help="a verifier key of the log")
        kind.add_argument(
            "--witness",
            default=[],
            action="append",
            help="the verifier key of a witness that must have cosigned",
        )
    given = parser.parse_args(words)
    try:
        keys = [read_key(key) for key in given.key]
        witnesses = [read_key(key, WITNESS) for key in given.witness]
        if given.kind == "log":
            faults = list(check_log(given.what, keys, witnesses, given.against))
        else:
            faults = list(check_receipt(given.what, keys, witnesses))
    except (Broken, OSError) as broken:
        print(f"Cannot be read: {broken}", file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    if not faults:
        print("Everything is as it was signed.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
