"""The verdict on a checkpoint: cosigned, or refused with the status of C2SP tlog-witness."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xmarket_witness.notes import SIZE, Broken, Checkpoint, Cosigner, LogKey, decoded
from xmarket_witness.proofs import is_consistent
from xmarket_witness.state import State

PLAIN = "text/plain; charset=utf-8"
TREE_SIZE = "text/x.tlog.size"
MOST_HASHES = 63
HASH = 32


@dataclass(frozen=True)
class Answer:
    """What is answered.

    :ivar said: for the operator, where it is a refusal.
    """

    status: int
    body: str = ""
    content_type: str = PLAIN
    said: str = ""


@dataclass(frozen=True)
class Asked:
    """A checkpoint, and the proof that it follows an earlier one."""

    old: int
    proof: Sequence[bytes]
    checkpoint: Checkpoint

    @classmethod
    def read(cls, body: bytes) -> Asked:
        """Read the body of a request.

        :raises Broken: saying what is wrong.
        """
        try:
            head, parted, note = body.decode().partition("\n\n")
        except UnicodeDecodeError:
            raise Broken("the request is not in UTF-8") from None
        first, *hashes = head.split("\n")
        old = first.removeprefix("old ")
        if not parted or old == first or not SIZE.fullmatch(old) or len(hashes) > MOST_HASHES:
            raise Broken("the request has no old size, or more than 63 hashes")
        proof = [decoded(line) for line in hashes]
        if any(len(part) != HASH for part in proof):
            raise Broken("a line of the proof is no hash")
        return cls(int(old), proof, Checkpoint.read(note))


class Witness:
    """Cosigns what follows from what it saw before; asked by several at once, it answers one after another.

    :param logs: the keys that it trusts; a log's origin is the name of its keys.
    """

    def __init__(
        self, signer: Cosigner, logs: Sequence[LogKey], state: State, clock: Callable[[], float] = time.time
    ) -> None:
        self._signer, self._state, self._clock = signer, state, clock
        self._logs = {key.name: [each for each in logs if each.name == key.name] for key in logs}
        self._one_at_a_time = threading.Lock()

    def add_checkpoint(self, body: bytes) -> Answer:
        """Cosign the checkpoint of a request, or refuse it."""
        try:
            asked = Asked.read(body)
        except Broken as broken:
            return _refused(400, str(broken))
        keys = self._logs.get(asked.checkpoint.origin)
        if keys is None:
            return _refused(404, "the origin is not known")
        if not asked.checkpoint.is_signed(keys):
            return _refused(403, "no key that is trusted signed it, or one of them signed it wrongly")
        if asked.old > asked.checkpoint.size:
            return _refused(400, "the old size is larger than the checkpoint")
        with self._one_at_a_time:
            return self._judged(asked)

    def _judged(self, asked: Asked) -> Answer:
        new, seen = asked.checkpoint, self._state.seen(asked.checkpoint.origin)
        if asked.old != seen.size:
            said = f"{new.origin}: {asked.old} is not {seen.size}, which was seen last"
            return Answer(409, f"{seen.size}\n", TREE_SIZE, said)
        if seen.size == new.size and seen.size and seen.root != new.root:
            said = f"{new.origin} FORKED: another tree of {new.size} was seen"
            return Answer(409, f"{seen.size}\n", TREE_SIZE, said)
        if not is_consistent(seen.size, seen.root, new.size, new.root, asked.proof):
            said = (
                f"{new.origin}: {new.size} does not follow from {seen.size}; it FORKED, or the proof is wrong"
            )
            return _refused(422, said)
        try:
            self._state.remember(new)
        except OSError as error:
            return _refused(500, f"the state cannot be written: {error.strerror}")
        return Answer(200, self._signer.cosign(new.text, int(self._clock())))


def _refused(status: int, said: str) -> Answer:
    return Answer(status, f"{said}\n", said=said)
