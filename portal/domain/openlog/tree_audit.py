"""Checking what was built over the seals: the roots of blocks, the heads, the keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import select

from portal.core.db import db
from portal.core.merkle import EMPTY_ROOT, Growing
from portal.core.signing import head_text, is_signed, key_id
from portal.domain.openlog.models import LogHead, LogKey, LogNode
from portal.domain.openlog.queries import log_keys
from portal.domain.openlog.services import endorsement_text
from portal.domain.openlog.tree import BLOCK


class Branches:
    """Follows the tree as it grows and holds what was kept and signed against it."""

    def __init__(self) -> None:
        self._heads = _heads_by_size()
        self._keys = {key.key_id: key for key in log_keys()}
        self._blocks = [Growing()]
        self._kept: set[tuple[int, int]] = set()
        self._said: list[str] = []
        self.heads = 0
        for head in self._heads.get(0, ()):
            self._check_head(head, EMPTY_ROOT)

    def follow(self, tree: Growing, leaf: str) -> None:
        """One more leaf stands in `tree`: check every block and head that ends here."""
        self._close_blocks(tree.size, bytes.fromhex(leaf))
        if tree.size in self._heads:
            root = tree.root()
            for head in self._heads[tree.size]:
                self._check_head(head, root)

    def faults(self, size: int) -> Iterator[str]:
        """Everything found, at the end of a log of `size` leaves."""
        yield from self._said
        yield from (
            f"head {head.id} tells of {head.size} leaves, but there are {size}"
            for count, heads in self._heads.items()
            if count > size
            for head in heads
        )
        yield from _order(self._heads)
        yield from _strange_keys(self._keys)
        kept = {(row.level, row.pos) for row in db.session.execute(_ALL_BLOCKS)}
        yield from (f"block {n} of level {level} is too much" for level, n in kept - self._kept)

    def _close_blocks(self, size: int, leaf: bytes) -> None:
        """Each level collects BLOCK roots of the level below."""
        level, root = 0, leaf
        while True:
            self._blocks[level].append(root)
            if self._blocks[level].size < BLOCK:
                return
            root = self._blocks[level].root()
            self._blocks[level] = Growing()
            level += 1
            if level == len(self._blocks):
                self._blocks.append(Growing())
            self._check_block(level, size // BLOCK**level - 1, root)

    def _check_block(self, level: int, pos: int, root: bytes) -> None:
        self._kept.add((level, pos))
        kept = db.session.get(LogNode, (level, pos))
        if kept is None or kept.hash != root.hex():
            fault = "missing" if kept is None else "not the root of its leaves"
            self._said.append(f"block {pos} of level {level} is {fault}")

    def _check_head(self, head: LogHead, root: bytes) -> None:
        self.heads += 1
        if head.root != root.hex():
            self._said.append(f"head {head.id} of {head.at.isoformat()}: another root")
        key = self._keys.get(head.key_id)
        text = head_text(head.origin, head.size, bytes.fromhex(head.root), head.at)
        if key is None:
            self._said.append(f"head {head.id}: signed by a key that nobody entered")
        elif not is_signed(text, bytes.fromhex(head.signature), bytes.fromhex(key.public)):
            self._said.append(f"head {head.id} of {head.at.isoformat()}: its signature is false")


_ALL_BLOCKS = select(LogNode.level, LogNode.pos)


def _heads_by_size() -> dict[int, list[LogHead]]:
    found = defaultdict(list)
    for head in db.session.scalars(select(LogHead).order_by(LogHead.id)):
        found[head.size].append(head)
        db.session.expunge(head)
    return dict(found)


def _order(by_size: dict[int, list[LogHead]]) -> Iterator[str]:
    """Heads grow with time; an earlier one signed later is a second history."""
    heads = sorted((head for group in by_size.values() for head in group), key=lambda h: h.id)
    for before, after in pairwise(heads):
        if after.size < before.size or after.at < before.at:
            yield f"head {after.id} stands before head {before.id}, which was signed first"


def _strange_keys(entered: dict[str, LogKey]) -> Iterator[str]:
    for key in entered.values():
        public = bytes.fromhex(key.public)
        if key_id(public) != key.key_id:
            yield f"key {key.key_id} is not what it is called"
        before = entered.get(key.endorsed_by or "")
        if key.endorsed_by and not (
            before
            and is_signed(
                endorsement_text(public),
                bytes.fromhex(key.endorsement or ""),
                bytes.fromhex(before.public),
            )
        ):
            yield f"key {key.key_id}: the endorsement by {key.endorsed_by} is false"
