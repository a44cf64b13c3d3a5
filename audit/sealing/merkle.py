"""The tree over the log's leaves (RFC 6962), kept in tiles of 256 hashes (C2SP tlog-tiles), and its proofs.

Hashes travel joined together, 32 bytes each: a tile, a row of leaves and a proof are `bytes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

SIZE = 32
# a tile holds the hashes of one level below a common ancestor eight levels up
HEIGHT = 8
WIDTH = 1 << HEIGHT
FULL = WIDTH * SIZE
EMPTY_ROOT = sha256(b"").digest()

Tile = tuple[int, int]


def leaf_hash(record: bytes) -> bytes:
    """The hash of one record (RFC 6962, 2.1)."""
    return sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees (RFC 6962, 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: bytes) -> bytes:
    """The hashes one level up, of an even number of hashes."""
    return b"".join(
        [sha256(b"\x01" + hashes[at : at + 2 * SIZE]).digest() for at in range(0, len(hashes), 2 * SIZE)]
    )


@dataclass
class Growth:
    """A tree that grows at its right edge, and the tiles that grow with it.

    :ivar size: how many leaves there are.
    :ivar edges: of each tile level the hashes of its last, unfinished tile.
    """

    size: int = 0
    edges: dict[int, bytes] = field(default_factory=dict)

    def append(self, leaves: bytes) -> dict[Tile, bytes]:
        """Put leaves at the end; every tile that changed, by level and position."""
        changed: dict[Tile, bytes] = {}
        before, self.size = self.size, self.size + len(leaves) // SIZE
        level, new, first = 0, leaves, before
        while new:
            row, start = self.edges.get(level, b"") + new, first - first % WIDTH
            for at in range(0, len(row), FULL):
                changed[level, (start + at // SIZE) // WIDTH] = row[at : at + FULL]
            whole = len(row) // FULL * FULL
            self.edges[level] = row[whole:]
            first = start // WIDTH
            new = b"".join([top(row[at : at + FULL]) for at in range(0, whole, FULL)])
            level += 1
        return changed

    def root(self) -> bytes:
        """The root of the whole tree."""
        found: bytes | None = None
        for level in sorted(self.edges):
            for subtree in peaks(self.edges[level]):
                found = subtree if found is None else node_hash(subtree, found)
        return found or EMPTY_ROOT


def top(hashes: bytes) -> bytes:
    """The root of a perfect subtree."""
    while len(hashes) > SIZE:
        hashes = parents(hashes)
    return hashes


def peaks(hashes: bytes) -> Iterator[bytes]:
    """The roots of the perfect subtrees that a row is made of, the smallest and rightmost first."""
    count, end = len(hashes) // SIZE, len(hashes)
    while count:
        width = count & -count
        yield top(hashes[end - width * SIZE : end])
        end -= width * SIZE
        count -= width


class Proofs:
    """Proofs about a tree of some size, from its tiles.

    :param tile: reads a tile by level and position; it may be wider than the tree of this size.
    """

    def __init__(self, tile: Callable[[int, int], bytes], size: int) -> None:
        self._tile = tile
        self._kept: dict[Tile, bytes] = {}
        self.size = size

    def root_at(self, size: int) -> bytes:
        """The root that the tree had at this size."""
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int) -> list[bytes]:
        """The hashes that lead from a leaf to the root (RFC 9162, 2.1.3.1).

        :raises IndexError: where the tree has no such leaf.
        """
        if not 0 <= index < self.size:
            raise IndexError(index)
        low, high, found = 0, self.size, []
        while high - low > 1:
            middle = low + _half(high - low)
            if index < middle:
                found.append(self._subtree(middle, high))
                high = middle
            else:
                found.append(self._subtree(low, middle))
                low = middle
        return found[::-1]

    def consistency(self, earlier: int) -> list[bytes]:
        """The hashes that show an earlier tree as the beginning of this one (RFC 9162, 2.1.4.1).

        :raises IndexError: where it was larger.
        """
        if not 0 <= earlier <= self.size:
            raise IndexError(earlier)
        if earlier in {0, self.size}:
            return []
        found: list[bytes] = []
        low, high, is_whole = 0, self.size, True
        while earlier != high:
            middle = low + _half(high - low)
            if earlier <= middle:
                found.append(self._subtree(middle, high))
                high = middle
            else:
                found.append(self._subtree(low, middle))
                low, is_whole = middle, False
        return ([] if is_whole else [self._subtree(low, high)]) + found[::-1]

    def _subtree(self, low: int, high: int) -> bytes:
        count = high - low
        if count & (count - 1) == 0 and low % count == 0:
            return self._perfect(count.bit_length() - 1, low // count)
        middle = low + _half(count)
        return node_hash(self._subtree(low, middle), self._subtree(middle, high))

    def _perfect(self, height: int, position: int) -> bytes:
        level, above = divmod(height, HEIGHT)
        place = position << above
        key = level, place // WIDTH
        if key not in self._kept:
            self._kept[key] = self._tile(*key)
        start = place % WIDTH * SIZE
        return top(self._kept[key][start : start + (SIZE << above)])


def tiles_of(index: int, size: int) -> set[Tile]:
    """The tiles that a proof of inclusion is made from: above the leaf, and at the right edge."""
    found: set[Tile] = set()
    level, place, row = 0, index, size
    while row:
        # a tile that is not full has no hash above it yet
        found |= {(level, min(place, row - 1) >> HEIGHT), (level, row - 1 >> HEIGHT)}
        level, place, row = level + 1, place >> HEIGHT, row >> HEIGHT
    return found


def is_included(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Whether a leaf is at this place of the tree of this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(part, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, part)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(earlier: int, size: int, before: bytes, root: bytes, proof: list[bytes]) -> bool:
    """Whether a tree of `earlier` leaves and root `before` is where this one began (RFC 9162, 2.1.4.2)."""
    if earlier == size:
        return not proof and before == root
    if earlier == 0 or not proof or earlier > size:
        return earlier == 0 and not proof
    parts = proof if earlier & (earlier - 1) else [before, *proof]
    place, last = earlier - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(part, old), node_hash(part, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, part)
        place, last = place >> 1, last >> 1
    return last == 0 and old == before and new == root


def _half(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1
