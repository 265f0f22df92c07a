"""Sealing events 封存 and signing how the log stands; one at a time, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from portal.core.db import db
from portal.core.signing import Signer, head_text, key_id
from portal.domain.openlog.entries import CaseSalt, entry_of, hash_of, mark_of
from portal.domain.openlog.models import LogHead, LogKey, LogSealer, Seal
from portal.domain.openlog.queries import (
    latest_head,
    log_keys,
    sealed_at,
    sealed_count,
    unsealed_events,
)
from portal.domain.openlog.tree import Tree, keep_blocks
from portal.domain.reports.models import Report
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.models import TimelineEvent

LEASE = timedelta(seconds=10)
BATCH = 500


def take_lease(holder: str, at: datetime, lasts: timedelta = LEASE) -> bool:
    """Be the only sealer for a while from `at` on; False when another one is.

    The row stays locked until the transaction ends, so that two can never write at once.
    """
    query = select(LogSealer).where(LogSealer.id == 1).with_for_update(skip_locked=True)
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        return False
    if row.holder != holder and row.lease_until is not None and row.lease_until > at:
        return False
    row.holder, row.lease_until = holder, at + lasts
    db.session.flush()
    return True


def give_back_lease(holder: str) -> None:
    """Let the next one seal at once."""
    row = db.session.get(LogSealer, 1)
    if row is not None and row.holder == holder:
        row.lease_until = None


def seal_events(
    holder: str, at: datetime, *, everywhere: bool = False, by_time: bool = False
) -> int:
    """Give up to BATCH new events their place in the log; returns how many, 0 without the lease.

    `by_time`: a history told afterwards (the demo's) is sealed in the order and at the times it
    tells, but none before the last one that is sealed already. Seals, and the roots of blocks that
    became whole, stand or fall with the transaction.
    """
    if not take_lease(holder, at):
        return 0
    events = unsealed_events(BATCH, everywhere=everywhere, by_time=by_time)
    if not events:
        return 0
    cases = _cases(events)
    before = sealed_count()
    rows = []
    earliest = sealed_at(before - 1) if by_time and before else None
    for seq, event in enumerate(events, before):
        entry = entry_of(event, cases.get(event.subject_id))
        row = {"seq": seq, "event_id": event.id, "entry": entry, "mark": mark_of(hash_of(entry))}
        told = max(event.at, earliest or event.at)
        rows.append({**row, "sealed_at": told if by_time else at})
    db.session.execute(insert(Seal), rows)
    keep_blocks(before, before + len(rows))
    return len(rows)


def _cases(events: Sequence[TimelineEvent]) -> dict[int, CaseSalt]:
    """The salts of the reports these events belong to; others look up none of them."""
    ids = {event.subject_id for event in events if event.subject_kind == SUBJECT}
    return cases_of(ids)


def cases_of(report_ids: set[int]) -> dict[int, CaseSalt]:
    """What the leaves of these reports are salted with, by report."""
    query = select(
        Report.id,
        Report.number,
        Report.content_nonce,
        Report.content_commitment,
        Report.parent_id.is_not(None),
    ).where(Report.id.in_(report_ids))
    return {row[0]: CaseSalt(*row[1:]) for row in db.session.execute(query)}


def sign_head(
    signers: Sequence[Signer], origin: str, at: datetime, size: int | None = None
) -> LogHead:
    """Sign the log's present root, or that of its first `size` leaves, and publish it.

    The first of `signers` signs; a new one is entered with the endorsement of the one before, when
    that is among them. Never earlier or smaller than the head before: raises ValueError.
    """
    last, size = latest_head(), sealed_count() if size is None else size
    moment = at.replace(microsecond=0)
    if last is not None and (moment < last.at or size < last.size):
        raise ValueError("a head cannot stand before the last one")
    signer = _enter_key(signers, moment)
    root = Tree().root(size)
    signature = signer.sign(head_text(origin, size, root, moment))
    head = LogHead(
        size=size,
        root=root.hex(),
        at=moment,
        origin=origin,
        key_id=key_id(signer.public),
        signature=signature.hex(),
    )
    db.session.add(head)
    db.session.flush()
    return head


def endorsement_text(public: bytes) -> str:
    """What an old key signs to say who comes after it."""
    return f"public log key\n{public.hex()}\n"


def _enter_key(signers: Sequence[Signer], at: datetime) -> Signer:
    """Enter the signing key in the list that anybody can read, the first time it signs."""
    signer, name = signers[0], key_id(signers[0].public)
    known = log_keys()
    if any(key.key_id == name for key in known):
        return signer
    by_id = {key_id(each.public): each for each in signers[1:]}
    before = by_id.get(known[-1].key_id) if known else None
    text = endorsement_text(signer.public)
    row = LogKey(
        key_id=name,
        public=signer.public.hex(),
        since=at,
        endorsed_by=known[-1].key_id if before else None,
        endorsement=before.sign(text).hex() if before else None,
    )
    db.session.add(row)
    db.session.flush()
    return signer
