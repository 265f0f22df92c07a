"""The duty roster, and the alerts that must be acknowledged."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.text import N_
from portal.domain.accounts.models import User
from portal.domain.reports.models import Report


class DutyShift(Base):
    """值班: an officer 值班员 and a leader 带班领导 from a moment until another."""

    __tablename__ = "duty_shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_duty_shift_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    leader_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    officer: Mapped[User] = relationship(foreign_keys=[officer_id], lazy="joined")
    leader: Mapped[User] = relationship(foreign_keys=[leader_id], lazy="joined")


class UrgentWord(Base):
    """紧急词: a word in a report that raises an alert, whatever its category."""

    __tablename__ = "urgent_word"

    word: Mapped[str] = mapped_column(String(20), primary_key=True)


class AlertReason(StrEnum):
    """Why a report is an emergency."""

    CATEGORY = "category"
    WORD = "word"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return N_("紧急类型") if self is AlertReason.CATEGORY else N_("紧急词")


class Alert(Base):
    """紧急提醒: one per report, until somebody on duty acknowledges it."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_open", "acknowledged_at", "raised_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(12))
    word: Mapped[str] = mapped_column(String(20), default="")
    raised_at: Mapped[datetime]  # when the report was filed, not when the worker came to it
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    report: Mapped[Report] = relationship(lazy="joined")
    steps: Mapped[list[AlertStep]] = relationship(
        lazy="selectin", order_by="AlertStep.minute", cascade="all, delete-orphan"
    )


class AlertStep(Base):
    """A step of an alert that was sent: after 0, 15 or 30 minutes, and to whom."""

    __tablename__ = "alert_step"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime]
    # Nobody when the roster has a gap: triage and supervisors still see the alert on the desk.
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
