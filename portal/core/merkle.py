"""Merkle trees as RFC 9162 (section 2.1) defines them, over SHA-256: roots, proofs, checking both.

Nothing here knows where hashes are kept: proofs are lists of leaf ranges whose roots the caller
looks up. Indexes count from 0, ranges are half open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256().digest()
Range = tuple[int, int]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of 0x00 and its data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """The root of a tree that only grows, in as many hashes as its size has bits set."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf's hash: as many subtrees become whole as the size ends in binary ones."""
        whole = self.size
        while whole & 1:
            leaf = node_hash(self._peaks.pop(), leaf)
            whole >>= 1
        self._peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over everything added so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes; also over whole subtrees of one size and a last part."""
    tree = Growing()
    for each in hashes:
        tree.append(each)
    return tree.root()


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose roots prove leaf `index` in the tree of `size` leaves, lowest first (2.1.3).

    Raises ValueError when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    low, high, found = 0, size, []
    while high - low > 1:
        middle = low + _left(high - low)
        if index < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return found[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """The ranges whose roots prove that the tree of `second` leaves holds that of `first` (2.1.4).

    Raises ValueError unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError("the first tree is not the smaller one")
    low, high, found = 0, second, []
    while first < high:
        middle = low + _left(high - low)
        if first <= middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    # The last range is the first tree itself when nothing stands left of it: its root is known.
    return found[::-1] if low == 0 else [(low, high), *found[::-1]]


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that `path` leads to from a leaf's hash (2.1.3.2); None when it does not fit."""
    if not 0 <= index < size:
        return None
    turns = _turns(index, size - 1, len(path))
    return None if turns is None else _climb(leaf, path, turns)


def is_consistent(
    first: tuple[int, bytes], second: tuple[int, bytes], path: Sequence[bytes]
) -> bool:
    """Whether `path` proves that the second tree (size, root) only adds to the first (2.1.4.2)."""
    (small, small_root), (large, large_root) = first, second
    if small == large:
        return small > 0 and not path and small_root == large_root
    steps = list(path) if small & (small - 1) else [small_root, *path]
    if not 0 < small < large or not steps:
        return False
    at, last = small - 1, large - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    turns = _turns(at, last, len(steps) - 1)
    if turns is None:
        return False
    # What stands left of the way is in both trees, what stands right of it only in the larger.
    left = [step for step, is_left in zip(steps[1:], turns, strict=True) if is_left]
    old = _climb(steps[0], left, [True] * len(left))
    return old == small_root and _climb(steps[0], steps[1:], turns) == large_root


def _turns(at: int, last: int, steps: int) -> list[bool] | None:
    """For each step up from node `at` (of `last` + 1), whether its sibling stands left of it.

    None when it is not `steps` steps to the root.
    """
    turns = []
    while last:
        is_left = bool(at & 1) or at == last
        turns.append(is_left)
        if is_left:
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return turns if len(turns) == steps else None


def _climb(start: bytes, steps: Sequence[bytes], turns: Sequence[bool]) -> bytes:
    node = start
    for step, is_left in zip(steps, turns, strict=True):
        node = node_hash(step, node) if is_left else node_hash(node, step)
    return node


def _left(width: int) -> int:
    """How many leaves stand left: the largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1
