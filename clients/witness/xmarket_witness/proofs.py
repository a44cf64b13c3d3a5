"""Whether a tree begins with an earlier one (RFC 6962; RFC 9162, 2.1.4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def is_consistent(earlier: int, before: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `earlier` leaves and root `before` is where the one of `size` and `root` began."""
    if earlier == 0:
        return not proof and (size > 0 or root == EMPTY_ROOT)
    if earlier == size:
        return not proof and before == root
    if earlier > size or not proof:
        return False
    return _leads(earlier, before, size, root, proof)


def _leads(earlier: int, before: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    parts = proof if earlier & (earlier - 1) else [before, *proof]
    place, last = earlier - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = _node(part, old), _node(part, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = _node(new, part)
        place, last = place >> 1, last >> 1
    return last == 0 and old == before and new == root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
