"""The tree is RFC 6962's, as another implementation sees it; a proof of anything else is no proof."""

from __future__ import annotations

from hashlib import sha256

import pytest
from pymerkle import InmemoryTree, verify_inclusion

from audit.sealing import merkle
from audit.sealing.merkle import FULL, SIZE, Growth, Proofs

SIZES = [0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 1000]


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def grown(count: int, step: int = 0) -> tuple[Growth, dict[tuple[int, int], bytes]]:
    """A tree grown in steps, and its tiles."""
    growth, tiles, row = Growth(), {}, leaves(count)
    for at in range(0, count, step or max(1, count)):
        tiles.update(growth.append(b"".join(row[at : at + (step or count)])))
    return growth, tiles


def naive(row: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not row:
        return sha256(b"").digest()
    if len(row) == 1:
        return row[0]
    half = 1 << (len(row) - 1).bit_length() - 1
    return merkle.node_hash(naive(row[:half]), naive(row[half:]))


def proofs(count: int) -> Proofs:
    tiles = grown(count)[1]
    return Proofs(lambda level, position: tiles[level, position], count)


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("step", [0, 1, 100, 256])
def test_the_root_is_that_of_the_standard_however_it_grew(count: int, step: int) -> None:
    growth, _ = grown(count, step)

    assert growth.root() == naive(leaves(count))
    assert growth.size == count


def test_a_tile_only_grows() -> None:
    seen: dict[tuple[int, int], bytes] = {}
    growth = Growth()
    for leaf in leaves(600):
        for place, hashes in growth.append(leaf).items():
            assert hashes.startswith(seen.get(place, b""))
            assert 0 < len(hashes) <= FULL
            seen[place] = hashes

    assert [len(seen[0, position]) // SIZE for position in range(3)] == [256, 256, 88]
    assert len(seen[1, 0]) // SIZE == 2


@pytest.mark.parametrize("count", SIZES[1:])
def test_another_implementation_accepts_every_proof_of_a_place(count: int) -> None:
    made, row, root = proofs(count), leaves(count), naive(leaves(count))
    for index in {0, 1, count // 2, count - 1} & set(range(count)):
        proof = made.inclusion(index)

        assert merkle.is_included(row[index], index, count, proof, root)
        asked = theirs(count).prove_inclusion(index + 1, count)
        asked.path = [row[index], *proof]
        verify_inclusion(row[index], root, asked, index=index + 1, size=count)


def theirs(count: int) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for number in range(count):
        tree.append_entry(str(number).encode())
    return tree


@pytest.mark.parametrize("count", [*SIZES[1:], 65_536, 65_793])
def test_a_proof_is_made_from_few_tiles_that_are_known_before(count: int) -> None:
    tiles = grown(count)[1]

    for index in {0, count // 3, count // 2, count - 1}:
        known = merkle.tiles_of(index, count)
        few = {place: tiles[place] for place in known}
        proof = Proofs(lambda level, position, few=few: few[level, position], count).inclusion(index)  # type: ignore[misc]
        assert len(known) <= 6
        assert proof == Proofs(lambda level, position: tiles[level, position], count).inclusion(index)


@pytest.mark.parametrize("count", [1, 2, 8, 257, 600])
def test_another_implementation_has_the_same_root(count: int) -> None:
    assert theirs(count).get_root() == naive(leaves(count))


def test_a_proof_fits_one_leaf_one_place_one_size_and_one_root() -> None:
    count, index = 300, 123
    row, root = leaves(count), naive(leaves(count))
    proof = proofs(count).inclusion(index)
    other = merkle.leaf_hash(b"other")

    assert merkle.is_included(row[index], index, count, proof, root)
    assert not merkle.is_included(other, index, count, proof, root)
    assert not merkle.is_included(row[index], index + 1, count, proof, root)
    assert not merkle.is_included(row[index], index, count + 300, proof, root)
    assert not merkle.is_included(row[index], index, count, proof, other)
    assert not merkle.is_included(row[index], index, count, proof[:-1], root)
    assert not merkle.is_included(row[index], index, count, [*proof, other], root)
    assert not merkle.is_included(row[index], count, count, proof, root)
    for at in range(len(proof)):
        assert not merkle.is_included(row[index], index, count, [*proof[:at], other, *proof[at + 1 :]], root)


@pytest.mark.parametrize("count", SIZES)
def test_every_earlier_tree_is_a_beginning_of_a_later_one(count: int) -> None:
    made, row = proofs(count), leaves(count)
    for earlier in {0, 1, 2, 3, 64, 255, 256, count - 1, count} & set(range(count + 1)):
        before, root = naive(row[:earlier]), naive(row)
        proof = made.consistency(earlier)

        assert merkle.is_consistent(earlier, count, before, root, proof)
        if 0 < earlier < count:
            assert not merkle.is_consistent(earlier, count, merkle.leaf_hash(b"x"), root, proof)
            assert not merkle.is_consistent(earlier, count, before, merkle.leaf_hash(b"x"), proof)
            assert not merkle.is_consistent(earlier, count, before, root, proof[:-1])
            assert not merkle.is_consistent(earlier - 1, count, before, root, proof)


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_there_is_no_proof_of_what_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        proofs(5).inclusion(index)
    with pytest.raises(IndexError):
        proofs(5).consistency(6)
