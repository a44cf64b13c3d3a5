"""Keys, signed checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature)."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = b"\x01", b"\x04"
PRIVATE = "PRIVATE+KEY+"
ID_BYTES, KEY_BYTES = 4, 32
# origin, size and root
LEAST_LINES = 3
DASH = "\u2014"
SIGNED_BY = re.compile(rf"{DASH} (\S+) (\S+)")
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
NAME = re.compile(r"[^\s+]{1,255}")


class Broken(ValueError):
    """A text is not what it should be; `str` says what is wrong."""


def decoded(text: str) -> bytes:
    """The bytes of a base64 text.

    :raises Broken: for anything else.
    """
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Broken("something is not base64") from None


def key_id(name: str, key: bytes) -> bytes:
    """What tells keys of one name apart.

    :param key: the algorithm's byte and the public key.
    """
    return sha256(name.encode() + b"\n" + key).digest()[:ID_BYTES]


@dataclass(frozen=True)
class LogKey:
    """The name and the public key of a log."""

    name: str
    public: bytes

    @classmethod
    def read(cls, written: str) -> LogKey:
        """Read a verifier key of a log.

        :raises Broken: for anything else.
        """
        name, _, rest = written.strip().partition("+")
        hex_id, _, encoded = rest.partition("+")
        key = decoded(encoded)
        is_known = key[:1] == ED25519 and len(key) == 1 + KEY_BYTES
        if not (NAME.fullmatch(name) and is_known and key_id(name, key).hex() == hex_id):
            raise Broken("this is no verifier key of a log: name+id+key is expected")
        return cls(name, key[1:])

    @property
    def id(self) -> bytes:
        """As it stands before its signatures."""
        return key_id(self.name, ED25519 + self.public)

    def accepts(self, signature: bytes, text: str) -> bool:
        """Whether this key made the signature over exactly this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Cosigner:
    """The name and the private key of a witness."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def read(cls, written: str) -> Cosigner:
        """Read the line that `written` made.

        :raises Broken: for anything else.
        """
        name, _, rest = written.strip().removeprefix(PRIVATE).partition("+")
        hex_id, _, encoded = rest.partition("+")
        key = decoded(encoded)
        if not (NAME.fullmatch(name) and key[:1] == COSIGNATURE and len(key) == 1 + KEY_BYTES):
            raise Broken("this is no private key of a witness")
        found = cls(name, Ed25519PrivateKey.from_private_bytes(key[1:]))
        if found.id.hex() != hex_id:
            raise Broken("this is no private key of a witness")
        return found

    @property
    def public(self) -> bytes:
        """The algorithm's byte and the public key."""
        return COSIGNATURE + self.key.public_key().public_bytes_raw()

    @property
    def id(self) -> bytes:
        """As it stands before its signatures."""
        return key_id(self.name, self.public)

    def written(self) -> str:
        """The private key as a line, to keep."""
        key = base64.b64encode(COSIGNATURE + self.key.private_bytes_raw()).decode()
        return f"{PRIVATE}{self.name}+{self.id.hex()}+{key}\n"

    def verifier(self) -> str:
        """The verifier key, for whoever checks what it signs."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.public).decode()}"

    def cosign(self, text: str, at: int) -> str:
        """The line that says: at this time, this was the largest tree of this log that I saw."""
        signature = self.key.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
        blob = base64.b64encode(self.id + at.to_bytes(8, "big") + signature).decode()
        return f"{DASH} {self.name} {blob}\n"


@dataclass(frozen=True)
class Checkpoint:
    """How large a log says that it is, and its root.

    :ivar text: what was signed.
    """

    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[tuple[str, bytes], ...]

    @classmethod
    def read(cls, note: str) -> Checkpoint:
        """Read a signed checkpoint, whoever signed it.

        :raises Broken: saying what is wrong.
        """
        text, parted, rest = note.rpartition("\n\n")
        lines, found = text.split("\n"), [SIGNED_BY.fullmatch(line) for line in rest.split("\n")[:-1]]
        if not parted or not found or not note.endswith("\n") or len(lines) < LEAST_LINES or not lines[0]:
            raise Broken("this is no signed checkpoint")
        if not SIZE.fullmatch(lines[1]) or len(decoded(lines[2])) != KEY_BYTES:
            raise Broken("the checkpoint has no size or no root")
        signatures = tuple((each[1], decoded(each[2])) for each in found if each)
        if len(signatures) != len(found):
            raise Broken("a line below the checkpoint is no signature")
        return cls(lines[0], int(lines[1]), decoded(lines[2]), f"{text}\n", signatures)

    def is_signed(self, keys: Sequence[LogKey]) -> bool:
        """Whether one of these keys signed it, and none of them wrongly; others are not looked at."""
        known = {(key.name, key.id): key for key in keys}
        verdicts = [
            known[name, signature[:ID_BYTES]].accepts(signature[ID_BYTES:], self.text)
            for name, signature in self.signatures
            if (name, signature[:ID_BYTES]) in known
        ]
        return bool(verdicts) and all(verdicts)
