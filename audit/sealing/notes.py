"""Signed notes and checkpoints: what the log says of itself (C2SP signed-note, tlog-checkpoint).

A key is `name+<id>+<base64 of the algorithm's byte and the key>`; every text ends with a newline.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = b"\x01", b"\x04"
ID_BYTES, KEY_BYTES = 4, 32
# of a cosignature: the time before the signature
TIME_BYTES, SIGNATURE_BYTES = 8, 64
# origin, size, root, and what follows the last newline
LEAST_LINES = 4
DASH = "\u2014"
SIGNED_BY = re.compile(rf"{DASH} (\S+) (\S+)\n")
# a name has no white space and no plus
NAME = re.compile(r"[^\s+]{1,255}")


class NoteIsBroken(ValueError):
    """A text is no note, or none that is signed by a key one trusts; `str` says where it breaks."""


@dataclass(frozen=True)
class Verifier:
    """A name and the public key that signs for it.

    :ivar algorithm: `ED25519` for a log, `COSIGNATURE` for a witness.
    """

    name: str
    public: bytes
    algorithm: bytes = ED25519

    @classmethod
    def read(cls, written: str) -> Verifier:
        """Read a verifier key.

        :raises NoteIsBroken: for anything else.
        """
        name, _, rest = written.strip().partition("+")
        hex_id, _, encoded = rest.partition("+")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        found = cls(name, key[1:], key[:1])
        is_known = key[:1] in {ED25519, COSIGNATURE} and len(key) == 1 + KEY_BYTES
        if not (NAME.fullmatch(name) and is_known and hex_id == found.id.hex()):
            raise NoteIsBroken("This is no verifier key: name+id+key is expected.")
        return found

    @property
    def id(self) -> bytes:
        """What tells keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + self.algorithm + self.public).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.algorithm + self.public).decode()}"

    def accepts(self, signature: bytes, text: bytes) -> bool:
        """Whether this key made the signature over exactly this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A name and the private key that signs for it."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """What others check it with."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The line that stands below the text."""
        signature = self.verifier.id + self.key.sign(text.encode())
        return f"{DASH} {self.name} {base64.b64encode(signature).decode()}\n"


@dataclass(frozen=True)
class Checkpoint:
    """How large the log was, and its root.

    :ivar extension: further lines, each ending in a newline; such as `epoch 2`.
    """

    origin: str
    size: int
    root: bytes
    extension: str = ""

    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{self.extension}"

    def signed(self, signers: Iterable[Signer]) -> str:
        """The note: the text, an empty line, and a line of each signer."""
        text = self.text()
        return f"{text}\n{''.join(signer.sign(text) for signer in signers)}"


def opened(note: str, trusted: Sequence[Verifier]) -> tuple[str, list[Verifier]]:
    """The text of a note, and who of those one trusts has signed it.

    :raises NoteIsBroken: where it is no note, nobody trusted signed it, or one of theirs is wrong.
    """
    text, parted, signatures = note.rpartition("\n\n")
    lines = SIGNED_BY.findall(signatures)
    if not parted or not lines or "".join(f"{DASH} {a} {b}\n" for a, b in lines) != signatures:
        raise NoteIsBroken("This is no signed note: a text, an empty line and signatures are expected.")
    body, by_key = f"{text}\n", {(each.name, each.id): each for each in trusted}
    found = list(_signed_by(body, lines, by_key))
    if not found:
        raise NoteIsBroken("Nobody who is trusted has signed this note.")
    return body, found


def read_checkpoint(note: str, trusted: Sequence[Verifier]) -> Checkpoint:
    """Read a checkpoint that somebody trusted has signed.

    :raises NoteIsBroken: saying what is wrong.
    """
    return parsed(opened(note, trusted)[0])


@dataclass(frozen=True)
class Cosigned:
    """What a witness signed.

    :ivar line: the signature line, to put below the checkpoint.
    :ivar at: when, by its clock, in seconds since 1970.
    """

    line: str
    at: int


def text_of(note: str) -> str:
    """What those who signed a note have signed."""
    return note.rpartition("\n\n")[0] + "\n"


def cosigned(text: str, lines: str, witness: Verifier) -> Cosigned | None:
    """What a witness signed of a checkpoint (C2SP tlog-cosignature); None where no line is by its key.

    :param lines: where the cosignature is looked for; those of others are passed over.
    :raises NoteIsBroken: where the line that is by its key is wrong.
    """
    for name, encoded in SIGNED_BY.findall(lines):
        blob = _signature(encoded)
        if (name, blob[:ID_BYTES]) != (witness.name, witness.id):
            continue
        at = int.from_bytes(blob[ID_BYTES : ID_BYTES + TIME_BYTES], "big")
        signature, said = blob[ID_BYTES + TIME_BYTES :], f"cosignature/v1\ntime {at}\n{text}"
        if len(signature) != SIGNATURE_BYTES or not witness.accepts(signature, said.encode()):
            raise NoteIsBroken(f"The cosignature of {name[:100]} is wrong.")
        return Cosigned(f"{DASH} {name} {encoded}\n", at)
    return None


def parsed(text: str) -> Checkpoint:
    """Read the text of a checkpoint, whoever signed it.

    :raises NoteIsBroken: saying which line is wrong.
    """
    lines = text.split("\n")
    if len(lines) < LEAST_LINES or lines[-1]:
        raise NoteIsBroken("A checkpoint has an origin, a size and a root, each on a line.")
    origin, size, root = lines[:3]
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
        raise NoteIsBroken(f"The size of the checkpoint is {size[:40]!r}, line 2.")
    try:
        decoded = base64.b64decode(root, validate=True)
    except ValueError:
        decoded = b""
    if len(decoded) != KEY_BYTES:
        raise NoteIsBroken("The root of the checkpoint is not 32 bytes in base64, line 3.")
    return Checkpoint(origin, int(size), decoded, "".join(f"{line}\n" for line in lines[3:-1]))


def _signed_by(
    body: str, lines: Sequence[tuple[str, str]], by_key: Mapping[tuple[str, bytes], Verifier]
) -> Iterable[Verifier]:
    for name, encoded in lines:
        try:
            signature = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise NoteIsBroken(f"The signature of {name[:100]} is not base64.") from None
        known = by_key.get((name, signature[:ID_BYTES]))
        if known is None:
            continue
        if not known.accepts(signature[ID_BYTES:], body.encode()):
            raise NoteIsBroken(f"The signature of {name[:100]} is wrong.")
        yield known


def _signature(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        return b""
