"""Look-backs planned, the draws that choose among the rest, and the visits that were paid."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.core.text import N_
from portal.domain.casework.onsite import OnSite
from portal.domain.deadlines.clocks import Clock
from portal.domain.reports.models import Photo, Report


class LookBackReason(StrEnum):
    """Why a case is looked at again. The first three always are, the rest by the draw."""

    UNFOUNDED = "unfounded"
    STARRED = "starred"
    REPEATED = "repeated"
    SAMPLED = "sampled"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _REASON_LABELS[self]


_REASON_LABELS = {
    LookBackReason.UNFOUNDED: N_("结论不属实，必看"),
    LookBackReason.STARRED: N_("重点件，必看"),
    LookBackReason.REPEATED: N_("重复举报，必看"),
    LookBackReason.SAMPLED: N_("抽查抽中"),
}


class Outcome(StrEnum):
    """What a visit found. Only the first two settle a look-back; the third asks for another."""

    PASSED = "passed"
    FAILED = "failed"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _OUTCOME_LABELS[self]


_OUTCOME_LABELS = {
    Outcome.PASSED: N_("没有反弹"),
    Outcome.FAILED: N_("又反弹了"),
    Outcome.UNDETERMINED: N_("看不清，要再去一次"),
}


class SampleRate(Base):
    """How many of a hundred cases are drawn, from a month on 抽查比例."""

    __tablename__ = "sample_rate"
    __table_args__ = (CheckConstraint("percent BETWEEN 1 AND 100", name="percent_sensible"),)

    from_month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    percent: Mapped[int]
    set_at: Mapped[datetime | None]  # None: what every city starts from
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Draw(Base):
    """One month's draw 抽查: whoever has the seed and the numbers can draw again and compare."""

    __tablename__ = "look_back_draw"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    month: Mapped[date] = mapped_column(unique=True)  # first day of the month of striking off
    seed: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    percent: Mapped[int]  # the rate then in force
    population: Mapped[int]
    size: Mapped[int]
    numbers: Mapped[list[Any]] = mapped_column(default=list)  # all that could be drawn, sorted


class LookBack(Base):
    """A planned return to the place 回头看.

    `round` is the report's reopened_count when it was planned: one of an earlier round is void.
    `clock` says which of the two it is; `outcome` and `done_at` stay empty until it is settled.
    """

    __tablename__ = "look_back"
    __table_args__ = (
        UniqueConstraint("report_id", "round", "clock"),
        Index("ix_look_back_open", "done_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    round: Mapped[int]
    clock: Mapped[Clock] = mapped_column(stored(Clock))
    reason: Mapped[LookBackReason] = mapped_column(stored(LookBackReason))
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("look_back_draw.id"), index=True)
    planned_at: Mapped[datetime]
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(stored(Outcome))

    report: Mapped[Report] = relationship(lazy="joined")
    draw: Mapped[Draw | None] = relationship(lazy="joined")
    visits: Mapped[list[Visit]] = relationship(order_by="Visit.id", lazy="selectin")


class Visit(OnSite, Base):
    """What somebody saw there 现场复查."""

    __tablename__ = "look_back_visit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    look_back_id: Mapped[int] = mapped_column(ForeignKey("look_back.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(stored(Outcome))

    photos: Mapped[list[Photo]] = relationship(
        secondary="look_back_photo", order_by="Photo.id", lazy="selectin"
    )


class VisitPhoto(Base):
    """A picture taken on a visit."""

    __tablename__ = "look_back_photo"

    visit_id: Mapped[int] = mapped_column(ForeignKey("look_back_visit.id"), primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), primary_key=True)
