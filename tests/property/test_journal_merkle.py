"""Proofs of the Merkle log hold for every size and fail when anything in them is altered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carepool.journal import merkle

SIZES = st.integers(1, 70)


def leaves_of(size: int) -> list[bytes]:
    """The leaves of a log of small distinct entries."""
    return [merkle.leaf(str(number).encode()) for number in range(size)]


def plain_root(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962 defines it, word for word: a second, independent implementation."""
    from hashlib import sha256

    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


def altered(proof: tuple[bytes, ...], at: int) -> list[tuple[bytes, ...]]:
    """The proof with one hash changed, one missing, and one too many."""
    if not proof:
        return [(merkle.EMPTY,)]
    at %= len(proof)
    changed = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    return [(*proof[:at], changed, *proof[at + 1 :]), (*proof[:at], *proof[at + 1 :]), (*proof, merkle.EMPTY)]


@pytest.mark.parametrize("size", range(70))
def test_the_root_is_that_of_the_definition(size: int):
    leaves = leaves_of(size)
    growing = merkle.Growing()
    for each in leaves:
        growing.add(each)
    assert growing.root() == merkle.root(leaves) == plain_root(leaves)
    assert growing.size == size


@given(SIZES, st.integers(0, 69), st.integers(0, 20))
@settings(max_examples=150, deadline=None)
def test_an_inclusion_proof_holds_for_its_leaf_and_place_only(size: int, index: int, at: int):
    index %= size
    leaves = leaves_of(size)
    root = merkle.root(leaves)
    proof = merkle.inclusion_proof(leaves, index)
    assert len(proof) <= (size - 1).bit_length()
    assert merkle.included(leaves[index], index, size, proof, root)
    for wrong in altered(proof, at):
        assert not merkle.included(leaves[index], index, size, wrong, root)
    assert not merkle.included(merkle.leaf(b"other"), index, size, proof, root)
    assert not merkle.included(leaves[index], index, size, proof, merkle.leaf(b"other"))
    for other in range(size):
        assert merkle.included(leaves[index], other, size, proof, root) == (other == index)
    assert not merkle.included(leaves[index], size, size, proof, root)
    assert not merkle.included(leaves[index], -1, size, proof, root)
    assert not merkle.included(leaves[index], index, size * 4, proof, root)


def test_many_proofs_in_one_walk_are_those_of_the_definition():
    for size in range(1, 70):
        leaves = leaves_of(size)
        found = merkle.inclusion_proofs(leaves, range(size))
        assert found == {index: merkle.inclusion_proof(leaves, index) for index in range(size)}
    for wrong in (-1, 5):
        with pytest.raises(IndexError):
            merkle.inclusion_proofs(leaves_of(5), [0, wrong])


@given(SIZES, st.integers(0, 69), st.integers(0, 20))
@settings(max_examples=150, deadline=None)
def test_a_consistency_proof_holds_for_its_beginning_only(size: int, earlier: int, at: int):
    earlier = earlier % size + 1
    leaves = leaves_of(size)
    before, root = merkle.root(leaves[:earlier]), merkle.root(leaves)
    proof = merkle.consistency_proof(leaves, earlier)
    assert merkle.consistent(earlier, before, size, proof, root)
    for wrong in altered(proof, at):
        assert not merkle.consistent(earlier, before, size, wrong, root)
    rewritten = [merkle.leaf(b"rewritten"), *leaves[1:]]
    other = merkle.root(rewritten[:earlier])
    assert not merkle.consistent(earlier, other, size, proof, root)
    assert not merkle.consistent(earlier, before, size, proof, merkle.root(rewritten))
    assert not merkle.consistent(earlier, other, size, merkle.consistency_proof(rewritten, earlier), root)
    assert not merkle.consistent(0, before, size, proof, root)
    assert not merkle.consistent(size + 1, before, size, proof, root)
    assert not merkle.consistent(earlier, before, size * 4, proof, root)


def test_there_is_no_proof_of_what_is_not_there():
    for index in (-1, 3):
        with pytest.raises(IndexError):
            merkle.inclusion_proof(leaves_of(3), index)
    for earlier in (0, 4):
        with pytest.raises(IndexError):
            merkle.consistency_proof(leaves_of(3), earlier)
