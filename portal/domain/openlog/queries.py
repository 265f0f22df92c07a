"""Reading the public log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from portal.core.db import db
from portal.domain.openlog.entries import mark_of
from portal.domain.openlog.models import LogHead, LogKey, LogSealer, Seal
from portal.domain.timeline.models import TimelineEvent

LATE = timedelta(seconds=60)
# Without anything new a head is signed all the same: who keeps heads sees that the log lives.
AT_LEAST_EVERY = timedelta(days=1)
# On PostgreSQL an event may become visible after younger ones: so far back every pass looks.
STRAGGLERS = 2_000


def sealed_count() -> int:
    """How many leaves the log has, published or not."""
    last = db.session.scalar(select(func.max(Seal.seq)))
    return 0 if last is None else last + 1


def sealed_at(seq: int) -> datetime:
    """When the leaf with this number was sealed. Raises NoResultFound where there is none."""
    return db.session.scalars(select(Seal.sealed_at).where(Seal.seq == seq)).one()


def latest_head() -> LogHead | None:
    """The newest head: everything below its size is public."""
    return db.session.scalar(select(LogHead).order_by(LogHead.id.desc()).limit(1))


def is_head_due(at: datetime, every: timedelta) -> bool:
    """Whether to sign how the log stands: it grew and `every` has passed, or a day has."""
    last, size = latest_head(), sealed_count()
    if last is None:
        return size > 0
    return at >= last.at + (every if size > last.size else AT_LEAST_EVERY)


def heads(first: int, most: int) -> Sequence[LogHead]:
    """Heads in the order they were signed, leaving out the first `first`."""
    query = select(LogHead).order_by(LogHead.id).offset(first).limit(most)
    return list(db.session.scalars(query))


def newest_heads(most: int) -> Sequence[LogHead]:
    """The newest heads first."""
    return list(db.session.scalars(select(LogHead).order_by(LogHead.id.desc()).limit(most)))


def sizes_before(moments: Sequence[datetime]) -> list[int]:
    """How many leaves were under a head before each moment; one statement."""
    each = [func.max(case((LogHead.at < moment, LogHead.size), else_=0)) for moment in moments]
    return [size or 0 for size in db.session.execute(select(*each)).one()]


def head_count() -> int:
    """How many heads were signed."""
    return db.session.scalar(select(func.count()).select_from(LogHead)) or 0


def head_of_size(size: int) -> LogHead | None:
    """The first head with exactly `size` leaves."""
    query = select(LogHead).where(LogHead.size == size).order_by(LogHead.id).limit(1)
    return db.session.scalar(query)


def log_keys() -> Sequence[LogKey]:
    """Every key that ever signed, oldest first."""
    return list(db.session.scalars(select(LogKey).order_by(LogKey.since, LogKey.key_id)))


def key_named(key_id: str) -> LogKey | None:
    """The key of that name."""
    return db.session.get(LogKey, key_id)


def entries(low: int, high: int) -> Sequence[str]:
    """The data of the leaves low…high, in order."""
    query = select(Seal.entry).where(Seal.seq >= low, Seal.seq < high).order_by(Seal.seq)
    return list(db.session.scalars(query))


def seal_of_event(event_id: int) -> Seal | None:
    """The seal of one event."""
    return db.session.scalar(select(Seal).where(Seal.event_id == event_id))


def seals_by_leaf(beginning: str, most: int = 2) -> Sequence[Seal]:
    """Seals whose leaf hash begins so, in order; lower-case hexadecimal, at least 16 digits."""
    query = select(Seal).where(Seal.mark == mark_of(beginning)).order_by(Seal.seq)
    found = [seal for seal in db.session.scalars(query) if seal.leaf.startswith(beginning)]
    return found[:most]


def unsealed_events(limit: int, *, everywhere: bool, by_time: bool = False) -> list[TimelineEvent]:
    """Events without a seal, in the order they were recorded (or, `by_time`, in which they were).

    Looks at what is new and a little further back; `everywhere` at everything.
    """
    sealed = select(Seal.seq).where(Seal.event_id == TimelineEvent.id).exists()
    query = select(TimelineEvent).where(~sealed).limit(limit)
    if not everywhere:
        query = query.where(TimelineEvent.id > _looked_from())
    order = (TimelineEvent.at, TimelineEvent.id) if by_time else (TimelineEvent.id,)
    return list(db.session.scalars(query.order_by(*order)))


def has_unsealed(*, everywhere: bool = False) -> bool:
    """Whether something waits to be sealed; a look at what is new costs nothing when nothing does.

    `everywhere` goes through all events, seconds in a large city: not while others wait to write.
    """
    sealed = select(Seal.seq).where(Seal.event_id == TimelineEvent.id).exists()
    query = select(TimelineEvent.id).where(~sealed).limit(1)
    if not everywhere:
        query = query.where(TimelineEvent.id > _looked_from())
    return db.session.scalar(query) is not None


def _looked_from() -> int:
    newest = db.session.scalar(select(func.max(Seal.event_id)))
    return max(0, (newest or 0) - STRAGGLERS) if newest else 0


@dataclass(frozen=True)
class Tail:
    """What happened and is not sealed yet."""

    waiting: int  # at most STRAGGLERS are counted
    is_late: bool  # the oldest has waited longer than LATE, and nobody is at it


def unsealed_tail(at: datetime) -> Tail:
    """How much waits to be sealed, and whether it waits too long."""
    sealed = select(Seal.seq).where(Seal.event_id == TimelineEvent.id).exists()
    waits = select(TimelineEvent.at).where(~sealed, TimelineEvent.id > _looked_from())
    each = waits.limit(STRAGGLERS).subquery()
    count, oldest = db.session.execute(select(func.count(), func.min(each.c.at))).one()
    if not count or oldest > at - LATE:
        return Tail(count, is_late=False)
    return Tail(count, is_late=not _is_at_work(at))


def _is_at_work(at: datetime) -> bool:
    """Whether somebody holds the lease or sealed just now: what is old may be recorded late."""
    lease = db.session.scalar(select(LogSealer.lease_until).where(LogSealer.id == 1))
    if lease is not None and lease > at:
        return True
    newest = db.session.scalar(select(Seal.sealed_at).order_by(Seal.seq.desc()).limit(1))
    return newest is not None and newest > at - LATE
