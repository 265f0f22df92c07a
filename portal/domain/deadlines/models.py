"""The rules that set terms, and the terms that run."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.core.text import N_
from portal.domain.deadlines.clocks import Clock, Colour, DeadlineClass, EndReason, Unit
from portal.domain.deadlines.terms import Run, Term, colour_of

_ANY_CLASS = text("deadline_class IS NULL")
_OPEN = text("stopped_at IS NULL")
_WATCHED = text("next_cross_at IS NOT NULL")
_UNSETTLED = text("settled_at IS NULL")
_STANDING = text("state <> 'refused'")


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
    set_at: Mapped[datetime | None]  # None: the default every city starts from
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Deadline(Base):
    """A term of one report, running, paused or over 时限. Rows are kept: figures need them."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_report_id", "report_id"),
        Index(
            "ix_deadline_open_department",
            "department_id",
            "due_at",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_deadline_open_due_at",
            "clock",
            "due_at",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_deadline_next_cross_at",
            "next_cross_at",
            sqlite_where=_WATCHED,
            postgresql_where=_WATCHED,
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
    red_from: Mapped[datetime | None]  # red at once, however much time is left: it came back
    paused_at: Mapped[datetime | None]
    paused_days: Mapped[int] = mapped_column(default=0)  # in the unit; 0 for terms in hours
    paused_seconds: Mapped[int] = mapped_column(default=0)  # office time, if that is the unit
    extended_days: Mapped[int] = mapped_column(default=0)  # calendar days granted on top
    stopped_at: Mapped[datetime | None]
    closed_reason: Mapped[EndReason | None] = mapped_column(stored(EndReason))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    uncharged_seconds: Mapped[int] = mapped_column(default=0)  # lost to an upheld return
    next_cross_at: Mapped[datetime | None]  # when it comes to its next colour; crossings.py

    @property
    def run(self) -> Run | None:
        """The term as it was set; None when its end was laid down from outside."""
        if self.amount is None:
            return None
        return Run(
            self.started_at,
            self.amount,
            self.unit,
            self.paused_days,
            timedelta(seconds=self.paused_seconds),
            self.extended_days,
        )

    @property
    def term(self) -> Term:
        """The moments as they stand."""
        return Term(self.warn_at, self.due_at, self.red_at)

    def set_term(self, term: Term) -> None:
        """Take over the three moments; one that is red at once stays red."""
        self.warn_at, self.due_at = term.warn_at, term.due_at
        self.red_at = self.red_from or term.red_at

    @property
    def charged_due_at(self) -> datetime:
        """When the department it is charged to is late: what others lost is added to its time."""
        return self.due_at + timedelta(seconds=self.uncharged_seconds)

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


class Crossing(Base):
    """A term came to a colour 触线. Written once, whoever looks when; pressure follows from it.

    `term_at` is the moment of the term (warn, due or red, as charged), `at` when it counted: later
    where the term was moved or taken up again behind that moment. `due_at` is the end it had then.
    """

    __tablename__ = "crossing"
    __table_args__ = (
        UniqueConstraint("deadline_id", "colour", "term_at"),
        Index(
            "ix_crossing_unsettled",
            "at",
            "id",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    clock: Mapped[Clock] = mapped_column(stored(Clock))
    colour: Mapped[Colour] = mapped_column(stored(Colour))
    term_at: Mapped[datetime]
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # when what the rules demand for it was done


class ExtensionReason(StrEnum):
    """Why a case needs longer 延期理由; told to the reporter, the clerk's own words are not."""

    COMPLEX = "complex"
    TESTING = "testing"
    JOINT = "joint"
    WORKS = "works"
    WEATHER = "weather"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _REASON_LABELS[self]


_REASON_LABELS = {
    ExtensionReason.COMPLEX: N_("情况复杂，要再查"),
    ExtensionReason.TESTING: N_("要等监测或鉴定结果"),
    ExtensionReason.JOINT: N_("要几个部门一起办"),
    ExtensionReason.WORKS: N_("整改要施工，工期不够"),
    ExtensionReason.WEATHER: N_("天气或汛期，做不了"),
}


class ExtensionState(StrEnum):
    """Where a request for more time stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return {
            ExtensionState.ASKED: N_("待批"),
            ExtensionState.GRANTED: N_("已批准"),
            ExtensionState.REFUSED: N_("没有批准"),
        }[self]


class Extension(Base):
    """A request for more time 延期. A term has one request in hand or granted, never a second.

    `due_before` is the end the term had when it was asked for; it stays when the term moves.
    """

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("days BETWEEN 1 AND 30", name="days_within_law"),
        Index("ix_extension_report", "report_id", "id"),
        Index(
            "uq_extension_standing",
            "deadline_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    days: Mapped[int]  # calendar days
    reason: Mapped[ExtensionReason] = mapped_column(stored(ExtensionReason))
    note: Mapped[str]  # the clerk's words, inside only
    state: Mapped[ExtensionState] = mapped_column(
        stored(ExtensionState), default=ExtensionState.ASKED
    )
    due_before: Mapped[datetime]
    due_after: Mapped[datetime | None]  # once granted
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decision_note: Mapped[str] = mapped_column(String(500), default="")
