"""Events and the deliveries that carry them to their subscribers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId, Hex
from portal.core.ids import random_key


class TimelineEvent(Base):
    """One thing that happened 事件. Inserted, never changed: triggers refuse UPDATE and DELETE.

    They let one change through: `data` emptied together with the nonce (timeline/erasing.py).
    """

    __tablename__ = "timeline_event"
    __table_args__ = (Index("ix_timeline_event_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    is_public: Mapped[bool] = mapped_column(default=False)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # What the public log commits to the event under; None once the payload has been erased.
    nonce: Mapped[str | None] = mapped_column(Hex(), default=random_key)


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    CLAIMED = "claimed"
    DONE = "done"
    DEAD = "dead"


class Delivery(Base):
    """One event owed to one subscriber 待送达: the outbox."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber"),
        Index("ix_delivery_due", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("timeline_event.id"))
    subscriber: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.PENDING)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    last_error: Mapped[str | None]

    event: Mapped[TimelineEvent] = relationship()
