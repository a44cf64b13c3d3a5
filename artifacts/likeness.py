"""How alike two texts are: a number of 64 bits for each, which differs little where the words differ little.

A simhash (Charikar, 2002) over runs of three words, so that their order counts. Each run is hashed by
blake2b to 64 bits; a bit of the simhash is set where more runs have it set than not.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

BITS, BANDS = 64, 8
RUN = 3
SIGN = 1 << (BITS - 1)
WORD = re.compile(r"\w+")


def simhash(text: str) -> int:
    """The number of a text, as PostgreSQL's bigint holds it: -2^63 to 2^63 - 1; 0 where it has no words."""
    counts = [0] * BITS
    for run in _runs(text):
        number = int.from_bytes(hashlib.blake2b(run.encode(), digest_size=BITS // 8).digest(), "big")
        for bit in range(BITS):
            counts[bit] += 1 if number >> bit & 1 else -1
    unsigned = sum(1 << bit for bit, count in enumerate(counts) if count > 0)
    return unsigned - (1 << BITS) if unsigned & SIGN else unsigned


def similarity(one: str, other: str) -> float:
    """How alike two texts are: 1 where their words are the same, about 0.5 where they share none."""
    return closeness(simhash(one), simhash(other))


def closeness(one: int, other: int) -> float:
    """How alike two simhashes are: the share of bits that are the same."""
    return 1 - ((one ^ other) & ((1 << BITS) - 1)).bit_count() / BITS


def bands(number: int) -> list[int]:
    """The eight bytes of a simhash, each with its place: 0 to 2047.

    Two simhashes that differ in fewer than eight bits share at least one of them.
    """
    octets = (number & ((1 << BITS) - 1)).to_bytes(BITS // 8, "big")
    return [place << 8 | octet for place, octet in enumerate(octets)]


def _runs(text: str) -> Iterator[str]:
    found = WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    for place in range(max(len(found) - RUN + 1, 1) if found else 0):
        yield " ".join(found[place : place + RUN])
