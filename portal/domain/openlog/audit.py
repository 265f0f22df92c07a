"""Checking the whole log against the database: every seal against its event, one by one.

Reads everything again and trusts nothing it reads; what it finds is named with number and step.
The tree and the heads are checked in tree_audit.py, the reports in case_audit.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.core.merkle import Growing
from portal.domain.openlog.entries import CaseSalt, entry_of, hash_of, mark_of
from portal.domain.openlog.models import LogHead, Seal
from portal.domain.openlog.services import cases_of
from portal.domain.openlog.tree_audit import Branches
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.erasing import KIND as ERASED
from portal.domain.timeline.models import TimelineEvent

_AT_ONCE = 1_000
_LATE = timedelta(days=1)
_MOST_NOTES = 1_000


@dataclass
class Findings:
    """What an audit found: `faults` must not be, `notes` may have a good reason."""

    seals: int = 0
    heads: int = 0
    erased: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    more: int = 0  # notes that were not kept

    def note(self, said: str) -> None:
        """Keep a note, unless there is nothing to say or too much of it already."""
        if said and len(self.notes) < _MOST_NOTES:
            self.notes.append(said)
        elif said:
            self.more += 1


@dataclass(frozen=True)
class _Pair:
    """A seal with what it was made of, as far as it is still there."""

    seal: Any  # as rows: as objects, six million of them take twice the time
    event: Any
    leaf: str
    case: CaseSalt | None

    @property
    def name(self) -> str:
        """Accept of SP…, event 12, sealed as number 3."""
        where = f"event {self.seal.event_id}, sealed as number {self.seal.seq}"
        whose = f" of {self.case.number}" if self.case else ""
        return f"{self.event.kind}{whose}, {where}" if self.event else where


def audit_log() -> Findings:
    """Check every seal against its event, the tree over them, and every head."""
    found, tree, branches = Findings(), Growing(), Branches()
    named, began = _named_erasures(), _first_size()
    for pairs in _pairs():
        for pair in pairs:
            if pair.seal.seq != tree.size:
                found.faults.append(f"number {tree.size} of the log is missing")
                return found
            found.faults += _faults_of(pair, named)
            found.note(_lateness(pair, began))
            found.erased += pair.event is not None and pair.event.nonce is None
            tree.append(bytes.fromhex(pair.leaf))
            branches.follow(tree, pair.leaf)
    found.seals, found.heads = tree.size, branches.heads
    found.faults += branches.faults(tree.size)
    return found


def _pairs() -> Iterator[list[_Pair]]:
    low = 0
    while seals := _seals(low):
        low = seals[-1].seq + 1
        ids = [seal.event_id for seal in seals]
        query = select(*TimelineEvent.__table__.columns).where(TimelineEvent.id.in_(ids))
        events = {event.id: event for event in db.session.execute(query)}
        cases = cases_of({e.subject_id for e in events.values() if e.subject_kind == SUBJECT})
        yield [_pair(seal, events.get(seal.event_id), cases) for seal in seals]


def _seals(low: int) -> Sequence[Any]:
    columns = Seal.__table__.columns
    query = select(*columns).where(Seal.seq >= low).order_by(Seal.seq).limit(_AT_ONCE)
    return db.session.execute(query).all()


def _pair(seal: Any, event: Any, cases: dict[int, CaseSalt]) -> _Pair:
    is_of_case = event is not None and event.subject_kind == SUBJECT
    case = cases.get(event.subject_id) if is_of_case else None
    return _Pair(seal, event, hash_of(seal.entry), case)


def _faults_of(pair: _Pair, named: frozenset[int]) -> Iterator[str]:
    seal, event, case = pair.seal, pair.event, pair.case
    if mark_of(pair.leaf) != seal.mark:
        yield f"{pair.name}: its mark is not that of its entry"
    if event is None:
        yield f"{pair.name}: the event was deleted; the log says {seal.entry}"
        return
    if event.nonce is None and event.id not in named:
        yield f"{pair.name}: erased, and no event says why"
    lost = set() if event.nonce else {"event"}
    lost |= {"case", "content"} if case is not None and not case.nonce else set()
    right = entry_of(event, case)
    if seal.entry != right and _without(lost, seal.entry) != _without(lost, right):
        yield f"{pair.name}: changed after it was sealed"


def _without(lost: set[str], entry: str) -> dict[str, Any]:
    """What an entry says, but for what a destroyed nonce lets nobody make anew."""
    try:
        said: dict[str, Any] = json.loads(entry)
    except ValueError:  # no leaf's data any more
        return {}
    return {name: value for name, value in said.items() if name not in lost}


def _named_erasures() -> frozenset[int]:
    """The events whose erasure another event names."""
    query = select(TimelineEvent.data).where(TimelineEvent.kind == ERASED)
    return frozenset(n for data in db.session.scalars(query) for n in data.get("events", ()))


def _first_size() -> int | None:
    return db.session.scalar(select(LogHead.size).order_by(LogHead.id).limit(1))


def _lateness(pair: _Pair, began: int | None) -> str:
    """An event that gives a time long before the log knew of it; the first head's own are older."""
    event, sealed_at = pair.event, pair.seal.sealed_at
    if event is None or began is None or pair.seal.seq < began or sealed_at - event.at <= _LATE:
        return ""
    days = (sealed_at - event.at).days
    return f"{pair.name}: recorded {days} days after the time it gives"
