"""The Merkle log of RFC 6962: one root over all facts in order, and short proofs that it holds a fact or only grew."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from carepool.basics.canonical import Digest

EMPTY = sha256(b"").digest()
"""The root of a log with no entries."""


def leaf(entry: bytes) -> bytes:
    """The hash of one entry. RFC 6962, 2.1."""
    return sha256(b"\x00" + entry).digest()


def leaf_of(digest: Digest) -> bytes:
    """The leaf of a fact: the hash of the 32 bytes of its digest."""
    return leaf(bytes.fromhex(digest))


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


class Growing:
    """The root of a log that is read once from its beginning: memory grows with the logarithm of its size."""

    def __init__(self) -> None:
        self.size = 0
        # The roots of the complete subtrees, the largest first: one for each 1 in the size's binary form.
        self._subtrees: list[bytes] = []

    def add(self, leaf_hash: bytes) -> None:
        """Add the next leaf."""
        carried, size = leaf_hash, self.size
        while size & 1:
            carried, size = node(self._subtrees.pop(), carried), size >> 1
        self._subtrees.append(carried)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._subtrees:
            return EMPTY
        *rest, found = self._subtrees
        for subtree in reversed(rest):
            found = node(subtree, found)
        return found


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    growing = Growing()
    for each in leaves:
        growing.add(each)
    return growing.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of the leaf at ``index`` (from 0), lowest first. RFC 6962, 2.1.1. IndexError when there is none."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"the log has {len(leaves)} entries, and none at {index}")
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), root(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), root(leaves[:split]))


def inclusion_proofs(leaves: Sequence[bytes], indexes: Iterable[int]) -> dict[int, tuple[bytes, ...]]:
    """``inclusion_proof`` of several leaves in one walk over the log. IndexError when one of them is not there."""
    at = {index: index for index in indexes}
    if any(not 0 <= index < len(leaves) for index in at):
        raise IndexError(f"the log has {len(leaves)} entries, and not all of those asked for")
    found: dict[int, list[bytes]] = {index: [] for index in at}
    level = list(leaves)
    while len(level) > 1:
        for index, here in at.items():
            if here ^ 1 < len(level):  # the last of an odd number has nothing beside it and goes up as it is
                found[index].append(level[here ^ 1])
            at[index] = here >> 1
        pairs = [node(level[each], level[each + 1]) for each in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return {index: tuple(path) for index, path in found.items()}


def included(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether the proof shows the leaf at ``index`` (from 0) in the log of this size and root. RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf_hash
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node(each, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, each)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root_hash


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> tuple[bytes, ...]:
    """The proof that the log over the first ``earlier`` leaves is a beginning of this one. RFC 6962, 2.1.2.

    ``earlier`` is from 1 to the size of the log; IndexError otherwise.
    """
    if not 1 <= earlier <= len(leaves):
        raise IndexError(f"the log has {len(leaves)} entries, and no beginning of {earlier}")
    return tuple(_consistency(leaves, earlier, whole=True))


def _consistency(leaves: Sequence[bytes], earlier: int, *, whole: bool) -> Iterator[bytes]:
    if earlier == len(leaves):
        if not whole:
            yield root(leaves)
        return
    split = _split(len(leaves))
    if earlier <= split:
        yield from _consistency(leaves[:split], earlier, whole=whole)
        yield root(leaves[split:])
    else:
        yield from _consistency(leaves[split:], earlier - split, whole=False)
        yield root(leaves[:split])


def consistent(
    earlier: int, earlier_root: bytes, size: int, proof: Sequence[bytes], root_hash: bytes
) -> bool:
    """Whether the proof shows that the log of this size and root begins with the earlier one. RFC 9162, 2.1.4.2."""
    if not 1 <= earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root_hash
    path = [earlier_root, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = earlier - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = node(each, older), node(each, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node(newer, each)
        at, last = at >> 1, last >> 1
    return last == 0 and older == earlier_root and newer == root_hash


def _split(size: int) -> int:
    """The largest power of two that is smaller than the size."""
    return 1 << (size - 1).bit_length() - 1
