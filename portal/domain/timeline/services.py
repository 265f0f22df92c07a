"""Recording events and moving their deliveries along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, or_, select, update

from portal.core.db import after_commit, db
from portal.domain.timeline.models import Delivery, DeliveryState, TimelineEvent

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 12
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Happening:
    """What an event says: its subject, kind, moment, who caused it and facts worth keeping.

    `data` must be JSON and must never hold a reporter's name, phone, mail or position.
    """

    subject_kind: str
    subject_id: int
    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None = None
    department_id: int | None = None
    is_public: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)


class _Wiring:
    """Which subscribers each event kind has; filled once by portal.wiring."""

    def __init__(self) -> None:
        self.subscriptions: Mapping[str, tuple[str, ...]] = {}
        self.wake: Callable[[], None] = _nothing


def _nothing() -> None:
    """Until a worker is wired nobody needs waking."""


_wiring = _Wiring()


def connect(subscriptions: Mapping[str, tuple[str, ...]], wake: Callable[[], None]) -> None:
    """Tell the timeline who subscribes to which event kind and how to wake the worker."""
    _wiring.subscriptions, _wiring.wake = subscriptions, wake


def record_event(happening: Happening) -> TimelineEvent:
    """Insert the event and one delivery per subscriber, in the caller's transaction."""
    event = TimelineEvent(
        subject_kind=happening.subject_kind,
        subject_id=happening.subject_id,
        kind=happening.kind,
        at=happening.at,
        actor_kind=happening.actor_kind,
        actor_id=happening.actor_id,
        department_id=happening.department_id,
        is_public=happening.is_public,
        data=dict(happening.data),
    )
    db.session.add(event)
    db.session.flush()
    subscribers = _wiring.subscriptions.get(happening.kind, ())
    if subscribers:
        owed = {"event_id": event.id, "next_at": happening.at}
        rows = [{**owed, "subscriber": name} for name in subscribers]
        # Their ids are of no use here: without reading them back all go in as one statement.
        db.session.execute(insert(Delivery), rows)
        after_commit(_wiring.wake)
    return event


def claim_deliveries(at: datetime, limit: int) -> list[int]:
    """Lease up to `limit` due deliveries, and those whose holder vanished; returns their ids.

    A lease lasts LEASE. On PostgreSQL rows locked by another worker are skipped.
    """
    abandoned = (Delivery.state == DeliveryState.CLAIMED) & (Delivery.lease_until < at)
    waiting = (Delivery.state == DeliveryState.PENDING) & (Delivery.next_at <= at)
    due = (
        select(Delivery.id)
        .where(or_(waiting, abandoned))
        .order_by(Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(db.session.scalars(due))
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(
            state=DeliveryState.CLAIMED,
            lease_until=at + LEASE,
            attempts=Delivery.attempts + 1,
        )
    )
    return ids


def finish_deliveries(ids: Sequence[int]) -> None:
    """Mark deliveries done; call it in the transaction that wrote what the subscribers write."""
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(state=DeliveryState.DONE, lease_until=None, last_error=None)
    )


def fail_delivery(delivery_id: int, reason: str, at: datetime) -> None:
    """Put a delivery back with a growing wait; after MAX_ATTEMPTS it is dead and shown to admins.

    `reason` must not carry personal data: it is kept and displayed.
    """
    delivery = db.session.get_one(Delivery, delivery_id)
    wait = min(_FIRST_WAIT * 2 ** (delivery.attempts - 1), _LONGEST_WAIT)
    is_dead = delivery.attempts >= MAX_ATTEMPTS
    delivery.state = DeliveryState.DEAD if is_dead else DeliveryState.PENDING
    delivery.lease_until, delivery.next_at, delivery.last_error = None, at + wait, reason[:500]
