"""The rules that set terms, and the terms that run."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.domain.deadlines.clocks import Clock, Colour, DeadlineClass, EndReason, Unit
from portal.domain.deadlines.terms import Run, Term, colour_of

_ANY_CLASS = text("deadline_class IS NULL")
_OPEN = text("stopped_at IS NULL")


class DeadlineRule(Base):
    """How long a term is from a day on 时限规则. A rule for a class beats one for all classes."""

    __tablename__ = "deadline_rule"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("clock", "deadline_class", "effective_on"),
        # NULLs differ from each other in a unique constraint, so rules for all classes need theirs.
        Index(
            "uq_deadline_rule_any_class",
            "clock",
            "effective_on",
            unique=True,
            sqlite_where=_ANY_CLASS,
            postgresql_where=_ANY_CLASS,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    clock: Mapped[Clock] = mapped_column(stored(Clock))
    deadline_class: Mapped[DeadlineClass | None] = mapped_column(stored(DeadlineClass))
    amount: Mapped[int]
    unit: Mapped[Unit] = mapped_column(stored(Unit))
    effective_on: Mapped[date]


class Deadline(Base):
    """A term of one report, running, paused or over 时限. Rows are kept: figures need them."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_report_id_clock", "report_id", "clock"),
        Index(
            "ix_deadline_open_due_at",
            "clock",
            "due_at",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    clock: Mapped[Clock] = mapped_column(stored(Clock))
    amount: Mapped[int | None]  # None: the end was laid down from outside
    unit: Mapped[Unit] = mapped_column(stored(Unit), default=Unit.CALENDAR_DAYS)
    started_at: Mapped[datetime]
    warn_at: Mapped[datetime]
    due_at: Mapped[datetime]
    red_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    paused_days: Mapped[int] = mapped_column(default=0)  # in the unit; 0 for terms in hours
    stopped_at: Mapped[datetime | None]
    closed_reason: Mapped[EndReason | None] = mapped_column(stored(EndReason))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    uncharged_seconds: Mapped[int] = mapped_column(default=0)  # lost to an upheld return

    @property
    def run(self) -> Run | None:
        """The term as it was set; None when its end was laid down from outside."""
        if self.amount is None:
            return None
        return Run(self.started_at, self.amount, self.unit, self.paused_days)

    @property
    def term(self) -> Term:
        """The moments as they stand."""
        return Term(self.warn_at, self.due_at, self.red_at)

    @property
    def is_open(self) -> bool:
        """Whether the clock has not been stopped; it may be paused."""
        return self.stopped_at is None

    def colour(self, at: datetime) -> Colour:
        """How this term stands at `at`, or stood when it stopped or paused. Windows have none."""
        if self.clock.is_window:
            return Colour.NONE
        seen_at = self.stopped_at or self.paused_at or at
        return colour_of(self.warn_at, self.due_at, self.red_at, min(seen_at, at))
