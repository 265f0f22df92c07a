"""The tree over the seals, read from what is kept: leaves, and the roots of whole blocks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select

from portal.core.db import db
from portal.core.merkle import EMPTY_ROOT, consistency_ranges, inclusion_ranges, leaf_hash, root_of
from portal.domain.openlog.models import LogNode, Seal

BLOCK = 256


class Tree:
    """Roots and proofs. Each block of hashes is read once: make a new one for every question."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[int, int], list[bytes]] = {}

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return self.range_root(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The path that proves leaf `index` in the tree of `size`. Raises ValueError."""
        return [self.range_root(*each) for each in inclusion_ranges(index, size)]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """The path that proves that the tree of `second` adds to that of `first`.

        Raises ValueError unless 0 < first <= second.
        """
        return [self.range_root(*each) for each in consistency_ranges(first, second)]

    def range_root(self, low: int, high: int) -> bytes:
        """The root over leaves low…high, where RFC 9162 splits: `low` is a multiple of the width's
        power of two, so that all whole blocks in it lie in one block of the level above.
        """
        level, width = 0, 1
        while width * BLOCK <= high - low:
            level, width = level + 1, width * BLOCK
        whole, first = (high - low) // width, low // width
        start = first % BLOCK
        hashes = self._block(level, first // BLOCK)[start : start + whole]
        if rest := (high - low) % width:
            hashes = [*hashes, self.range_root(high - rest, high)]
        return root_of(hashes)

    def _block(self, level: int, number: int) -> list[bytes]:
        key = level, number
        if key not in self._blocks:
            self._blocks[key] = _read_block(level, number)
        return self._blocks[key]


def _read_block(level: int, number: int) -> list[bytes]:
    low, high = number * BLOCK, (number + 1) * BLOCK
    if level:
        query = (
            select(LogNode.hash)
            .where(LogNode.level == level, LogNode.pos >= low, LogNode.pos < high)
            .order_by(LogNode.pos)
        )
    else:
        entries = select(Seal.entry).where(Seal.seq >= low, Seal.seq < high).order_by(Seal.seq)
        return [leaf_hash(entry.encode()) for entry in db.session.scalars(entries)]
    return [bytes.fromhex(found) for found in db.session.scalars(query)]


class Blocks:
    """The blocks that become whole while leaves are added behind the first `size`."""

    def __init__(self, size: int) -> None:
        self._whole = [size]  # how many nodes of each level there are
        while self._whole[-1] >= BLOCK:
            self._whole.append(self._whole[-1] // BLOCK)
        self._open = [
            _read_block(level, count // BLOCK)[: count % BLOCK]
            for level, count in enumerate(self._whole)
        ]

    def add(self, leaves: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
        """Add leaf hashes; returns level, number and root of each block that is whole now."""
        found: list[tuple[int, int, bytes]] = []
        level, hashes = 0, list(leaves)
        while hashes:
            if level == len(self._open):
                self._open.append([])
                self._whole.append(0)
            held, first = self._open[level] + hashes, self._whole[level] // BLOCK
            self._whole[level] += len(hashes)
            whole = len(held) // BLOCK * BLOCK
            hashes = [root_of(held[low : low + BLOCK]) for low in range(0, whole, BLOCK)]
            self._open[level] = held[whole:]
            level += 1
            found += [(level, number, root) for number, root in enumerate(hashes, first)]
        return found


def keep_blocks(before: int, after: int) -> None:
    """Keep the roots of the blocks that became whole while the log grew from `before` leaves."""
    level, width = 1, BLOCK
    while after >= width:
        fresh = range(before // width, after // width)
        rows = [{"level": level, "pos": n, "hash": _whole(level, n).hex()} for n in fresh]
        if rows:
            db.session.execute(insert(LogNode), rows)
        level, width = level + 1, width * BLOCK


def _whole(level: int, number: int) -> bytes:
    return root_of(_read_block(level - 1, number))
