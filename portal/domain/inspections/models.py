"""Inspections of a week, their lists, what was found on site, and what everybody may read."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.core.text import N_
from portal.domain.accounts.models import User
from portal.domain.casework.onsite import OnSite
from portal.domain.reports.models import Photo, Report


class ListReason(StrEnum):
    """Why a case is on the list of the week."""

    OVERDUE = "overdue"
    REPEATED = "repeated"
    DRAWN = "drawn"
    ADDED = "added"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _REASON_LABELS[self]


_REASON_LABELS = {
    ListReason.OVERDUE: N_("逾期没办完"),
    ListReason.REPEATED: N_("办结后又被举报"),
    ListReason.DRAWN: N_("抽查抽中"),
    ListReason.ADDED: N_("督办员加入"),
}


class Result(StrEnum):
    """What was found on site 现场结果. The first two fail; the last asks for another visit."""

    AS_REPORTED = "as_reported"
    NOT_PUT_RIGHT = "not_put_right"
    PUT_RIGHT = "put_right"
    NO_ENTRY = "no_entry"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _RESULT_LABELS[self]

    @property
    def fails(self) -> bool:
        """Whether the trouble is still there."""
        return self in {Result.AS_REPORTED, Result.NOT_PUT_RIGHT}


_RESULT_LABELS = {
    Result.AS_REPORTED: N_("和反映的一样"),
    Result.NOT_PUT_RIGHT: N_("没有整改到位"),
    Result.PUT_RIGHT: N_("已经整改"),
    Result.NO_ENTRY: N_("没能进去"),
}


class Stage(StrEnum):
    """Where an inspection stands."""

    DRAFT = "draft"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    Stage.DRAFT: N_("还没开始"),
    Stage.UNDER_WAY: N_("正在督查"),
    Stage.FINISHED: N_("已完成"),
    Stage.CANCELLED: N_("已取消"),
}


class InspectionRule(Base):
    """How next Monday's draft is made by itself, from a day on 督查计划规则. The newest counts.

    `weekday` counts from Monday = 0; `percent` of the cases that could be drawn are; `most_overdue`
    is how many of the overdue ones are listed, the latest first, None for all of them.
    """

    __tablename__ = "inspection_rule"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_sensible"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_sensible"),
    )

    from_day: Mapped[date] = mapped_column(primary_key=True)
    weekday: Mapped[int]
    percent: Mapped[int]
    most_overdue: Mapped[int | None]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


_STANDS = text("cancelled_at IS NULL")


class Inspection(Base):
    """每周一督查: the week of a Monday. Whoever has seed and numbers can draw again and compare.

    `planned_by_id` is None where the portal planned it. `summary` and `demands` are what the
    supervisor signs off with. A draft that was cancelled keeps its seed, its list and the reason;
    its week may have another.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        Index(
            "uq_inspection_week",
            "monday",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    monday: Mapped[date]
    seed: Mapped[str] = mapped_column(String(64))
    draw_size: Mapped[int]
    most_overdue: Mapped[int | None]  # None: every overdue case
    numbers: Mapped[list[Any]] = mapped_column(default=list)  # all that could be drawn, sorted
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    listed_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    summary: Mapped[str] = mapped_column(default="")
    demands: Mapped[str] = mapped_column(default="")
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    cancel_reason: Mapped[str] = mapped_column(default="")

    inspectors: Mapped[list[User]] = relationship(
        secondary="inspection_inspector", order_by="User.id", lazy="selectin"
    )
    lines: Mapped[list[InspectionLine]] = relationship(
        back_populates="inspection", order_by="InspectionLine.id"
    )

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.cancelled_at is not None:
            return Stage.CANCELLED
        if self.closed_at is not None:
            return Stage.FINISHED
        return Stage.DRAFT if self.started_at is None else Stage.UNDER_WAY


class Inspector(Base):
    """Who goes 督查人员."""

    __tablename__ = "inspection_inspector"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)


class InspectionLine(Base):
    """A case on the list 督查清单: why it is there, and what was found in the end.

    `round` is the report's reopened_count when it was listed. `why` are the words of whoever added
    it by hand. What was taken off keeps its row, so that the draw can still be followed.
    """

    __tablename__ = "inspection_line"
    __table_args__ = (
        UniqueConstraint("inspection_id", "report_id"),
        Index("ix_inspection_line_report", "report_id", "result"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    round: Mapped[int]
    reasons: Mapped[list[Any]]  # ListReason values
    overdue_since: Mapped[datetime | None]  # which term had run out
    why: Mapped[str] = mapped_column(default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    removed_why: Mapped[str] = mapped_column(default="")
    result: Mapped[Result | None] = mapped_column(stored(Result))
    result_at: Mapped[datetime | None]

    inspection: Mapped[Inspection] = relationship(back_populates="lines", lazy="joined")
    report: Mapped[Report] = relationship(lazy="joined")
    checks: Mapped[list[InspectionCheck]] = relationship(
        order_by="InspectionCheck.id", lazy="selectin"
    )

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to go there."""
        return self.removed_at is None and self.result in {None, Result.NO_ENTRY}


class InspectionCheck(OnSite, Base):
    """What an inspector saw there 现场督查记录."""

    __tablename__ = "inspection_check"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("inspection_line.id"), index=True)
    result: Mapped[Result] = mapped_column(stored(Result))

    photos: Mapped[list[Photo]] = relationship(
        secondary="inspection_photo", order_by="Photo.id", lazy="selectin"
    )


class InspectionPhoto(Base):
    """A picture an inspector took."""

    __tablename__ = "inspection_photo"

    check_id: Mapped[int] = mapped_column(ForeignKey("inspection_check.id"), primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), primary_key=True)


class PublicInspection(Base):
    """What everybody may read of a finished inspection 督查公开: counts, nobody's name.

    `reasons` and `results` count the listed cases by ListReason and Result ("" for not visited);
    `redrawn` how many drafts of the week were cancelled before, each with a seed of its own.
    """

    __tablename__ = "public_inspection"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    monday: Mapped[date] = mapped_column(index=True)
    closed_at: Mapped[datetime]
    listed: Mapped[int]
    redrawn: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[dict[str, Any]]
    results: Mapped[dict[str, Any]]


class PublicInspectionLine(Base):
    """A case of a finished inspection: shown as far as the case itself is public."""

    __tablename__ = "public_inspection_line"

    inspection_id: Mapped[int] = mapped_column(
        ForeignKey("public_inspection.inspection_id"), primary_key=True
    )
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    result: Mapped[Result | None] = mapped_column(stored(Result))
