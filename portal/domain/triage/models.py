"""What triage remembers of pairs of reports: those told apart, and those that repeat another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class NotSame(Base):
    """不是同一件: somebody compared two reports and told them apart; the smaller id first."""

    __tablename__ = "not_same"

    one_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True, index=True)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class RepeatReach(Base):
    """How far apart two reports of one kind count as one place 重复投诉距离, metres.

    Of a category or of all below a level-1 one; the empty code stands for all others.
    """

    __tablename__ = "repeat_reach"

    category_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    metres: Mapped[int]


class RepeatComplaint(Base):
    """重复投诉: a report of what had been closed at the same place; kept by the worker."""

    __tablename__ = "repeat_complaint"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    distance_m: Mapped[float]
    days: Mapped[int]  # from the earlier one's closing to this one's filing
