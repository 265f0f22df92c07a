"""The public log of a large city: every event is sealed while it is made, in the order of time.

The leaves are those that openlog/services.seal_events would give the same events, by time
(`flask audit verify` computes each of them anew); the worker has nothing left to seal.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from portal.cli.demo.bulk.writing import insert_rows
from portal.core.clock import now
from portal.core.merkle import leaf_hash
from portal.domain.openlog.entries import CaseSalt, case_pseudonym, entry_of
from portal.domain.openlog.models import MARK
from portal.domain.openlog.packing import pack
from portal.domain.openlog.queries import sealed_count, unsealed_events
from portal.domain.openlog.services import cases_of
from portal.domain.openlog.tree import Blocks
from portal.domain.reports.workflow import SUBJECT

_DAY_US = 86_400_000_000
_AT_ONCE = 5_000
Leaf = tuple[int, int, bytes, bytes]
"""When its event was, in microseconds since 1970, the event's id, the packed entry, its hash."""


class Step(Protocol):
    """What of an event is told in clear."""

    kind: str | None
    day: str
    is_filing: bool


@dataclass(frozen=True)
class Case:
    """What the leaves of one report are salted with."""

    pseudonym: str
    commitment: str

    @classmethod
    def of(cls, number: str, nonce: str, commitment: str) -> Case:
        """Of a report's number, nonce and commitment."""
        return cls(case_pseudonym(number, nonce), commitment)


def leaf_of(said: str, nonce: bytes, step: Step, case: Case) -> tuple[bytes, bytes]:
    """The packed entry of an event that says `said`, and the hash of its leaf (entries.py)."""
    event = hmac.digest(nonce, said.encode(), hashlib.sha256).hex()
    entry = f'{{"event":"{event}","v":1}}'
    if step.kind is not None:
        content = f'"content":"{case.commitment}",' if step.is_filing else ""
        entry = (
            f'{{"case":"{case.pseudonym}",{content}"event":"{event}",'
            f'"kind":"{step.kind}","on":"{step.day}","v":1}}'
        )
    return pack(entry), leaf_hash(entry.encode())


@dataclass
class Waiting:
    """Leaves whose turn has not come: an earlier event may still be made."""

    days: defaultdict[int, list[Leaf]] = field(default_factory=lambda: defaultdict(list))

    def add(self, at_us: int, event_id: int, packed: bytes, leaf: bytes) -> None:
        """Keep one until its day is over."""
        self.days[at_us // _DAY_US].append((at_us, event_id, packed, leaf))

    def before(self, at: datetime | None) -> Iterator[list[Leaf]]:
        """Take the days away that end before `at` (None: all), each in the order of time."""
        last = None if at is None else int(at.timestamp()) // 86_400
        for day in sorted(self.days):
            if last is not None and day >= last:
                return
            yield sorted(self.days.pop(day))


class BulkSealer:
    """Writes seals and the roots of whole blocks behind what the log has already."""

    def __init__(self) -> None:
        self.size = sealed_count()
        self.is_first = self.size == 0
        self._blocks = Blocks(self.size)

    def wait_for_old(self, waiting: Waiting) -> None:
        """What the database holds unsealed waits like the rest."""
        for event in unsealed_events(_ALL, everywhere=True):
            is_case = event.subject_kind == SUBJECT
            cases = cases_of({event.subject_id}) if is_case else dict[int, CaseSalt]()
            entry = entry_of(event, cases.get(event.subject_id))
            at_us = int(event.at.timestamp()) * 1_000_000 + event.at.microsecond
            waiting.add(at_us, event.id, pack(entry), leaf_hash(entry.encode()))

    def seal(self, leaves: list[Leaf]) -> None:
        """Seal these in the caller's transaction: at the times they tell, if the log is new."""
        at = int(now().timestamp())
        insert_rows(
            "seal",
            (
                (seq, event_id, packed, leaf[:MARK], at_us // 1_000_000 if self.is_first else at)
                for seq, (at_us, event_id, packed, leaf) in enumerate(leaves, self.size)
            ),
        )
        self.size += len(leaves)
        whole = self._blocks.add([leaf for *_, leaf in leaves])
        if whole:
            insert_rows("log_node", ((level, n, root.hex()) for level, n, root in whole))


_ALL = 1_000_000_000
