"""Days that differ from the week, the years that are known, and office hours."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Time
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.core.text import N_


class DayKind(StrEnum):
    """What a day that differs from its weekday is."""

    WORKING = "working"
    HOLIDAY = "holiday"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return {DayKind.WORKING: N_("上班"), DayKind.HOLIDAY: N_("放假")}[self]


class CalendarDay(Base):
    """A day whose kind is laid down 特殊日: a public holiday, or a weekend worked 调休."""

    __tablename__ = "calendar_day"

    on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(stored(DayKind))
    name: Mapped[str] = mapped_column(String(40), default="")


class CalendarYear(Base):
    """A year whose holidays were announced 已公布年度; for the others terms are only estimates."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(40))  # chinesecalendar or import


class OfficeHours(Base):
    """One stretch of office hours 办公时间. The rows of the newest date in force make up a day."""

    __tablename__ = "office_hours"
    __table_args__ = (CheckConstraint("opens < closes", name="opens_before_closes"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    effective_from: Mapped[date] = mapped_column(index=True)
    opens: Mapped[time] = mapped_column(Time)  # local time
    closes: Mapped[time] = mapped_column(Time)
    set_at: Mapped[datetime | None]  # None: the default every city starts from
    # A user; accounts stand above the calendar.
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
