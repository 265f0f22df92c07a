"""Reading what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.timeline.models import Delivery, DeliveryState, TimelineEvent


def events_of(subject_kind: str, subject_id: int) -> list[TimelineEvent]:
    """Everything that happened to one subject, oldest first."""
    query = (
        select(TimelineEvent)
        .where(
            TimelineEvent.subject_kind == subject_kind,
            TimelineEvent.subject_id == subject_id,
        )
        .order_by(TimelineEvent.id)
    )
    return list(db.session.scalars(query))


def last_event(subject_kind: str, subject_id: int, *kinds: str) -> TimelineEvent | None:
    """The newest event of one of `kinds`."""
    query = (
        select(TimelineEvent)
        .where(
            TimelineEvent.subject_kind == subject_kind,
            TimelineEvent.subject_id == subject_id,
            TimelineEvent.kind.in_(kinds),
        )
        .order_by(TimelineEvent.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def event_count(subject_kind: str, subject_id: int, kind: str) -> int:
    """How often `kind` happened to one subject."""
    query = select(func.count()).where(
        TimelineEvent.subject_kind == subject_kind,
        TimelineEvent.subject_id == subject_id,
        TimelineEvent.kind == kind,
    )
    return db.session.scalar(query) or 0


def event_count_since(since: datetime) -> int:
    """How much happened from a moment on, to anything."""
    return db.session.scalar(select(func.count()).where(TimelineEvent.at >= since)) or 0


def event_by_id(event_id: int) -> TimelineEvent:
    """One event. Raises NoResultFound."""
    return db.session.get_one(TimelineEvent, event_id)


@dataclass(frozen=True)
class Owed:
    """A delivery in three words."""

    id: int
    subscriber: str
    event_id: int


def owed_deliveries(ids: Sequence[int]) -> list[Owed]:
    """Those of `ids` that exist, the deliveries of one event side by side."""
    query = (
        select(Delivery.id, Delivery.subscriber, Delivery.event_id)
        .where(Delivery.id.in_(ids))
        .order_by(Delivery.event_id, Delivery.id)
    )
    return [Owed(*row) for row in db.session.execute(query)]


def delivery_counts() -> dict[str, int]:
    """How many deliveries stand in each state."""
    rows = db.session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return dict(rows.all())


def oldest_waiting(at: datetime, subscriber: str = "") -> datetime | None:
    """Since when the longest-waiting due delivery has been due; None when nothing waits."""
    query = select(func.min(Delivery.next_at)).where(
        Delivery.state == DeliveryState.PENDING, Delivery.next_at <= at
    )
    if subscriber:
        query = query.where(Delivery.subscriber == subscriber)
    return db.session.scalar(query)


def subjects_owed(subject_kind: str, subscriber: str) -> frozenset[int]:
    """The subjects of which `subscriber` has not heard everything yet; what died is not owed."""
    query = (
        select(TimelineEvent.subject_id)
        .join(Delivery, Delivery.event_id == TimelineEvent.id)
        .where(
            TimelineEvent.subject_kind == subject_kind,
            Delivery.subscriber == subscriber,
            Delivery.state.in_((DeliveryState.PENDING, DeliveryState.CLAIMED)),
        )
    )
    return frozenset(db.session.scalars(query))
