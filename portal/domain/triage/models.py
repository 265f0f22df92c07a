"""What triage remembers of pairs of reports: those told apart, and those that repeat another."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId


class NotSame(Base):
    """不是同一件: somebody compared two reports and told them apart; the smaller id first."""

    __tablename__ = "not_same"

    one_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True, index=True)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class RepeatRule(Base):
    """How near (metres) and how soon (days after closing) a report repeats one 重复投诉规则.

    Of a category or of all below a level-1 one, from a day on; the empty code stands for all
    others. What nobody set is in repeat_rules.py.
    """

    __tablename__ = "repeat_rule"
    __table_args__ = (UniqueConstraint("category_code", "effective_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    category_code: Mapped[str] = mapped_column(String(40))
    metres: Mapped[int]
    days: Mapped[int]
    effective_on: Mapped[date]
    set_at: Mapped[datetime | None]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class RepeatComplaint(Base):
    """重复投诉: a report of what had been closed at the same place; kept by the worker."""

    __tablename__ = "repeat_complaint"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    distance_m: Mapped[float]
    days: Mapped[int]  # from the earlier one's closing to this one's filing
