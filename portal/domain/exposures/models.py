"""A typical case named in public."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.text import N_
from portal.domain.reports.models import Report


class Stage(StrEnum):
    """Where an exposure stands; told from its moments, not kept."""

    DRAFT = "draft"
    LIVE = "live"
    HIDDEN = "hidden"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _LABELS[self]


_LABELS = {
    Stage.DRAFT: N_("待审定"),
    Stage.LIVE: N_("正在曝光"),
    Stage.HIDDEN: N_("有异议，先撤下"),
    Stage.EXPIRED: N_("到期撤下"),
    Stage.WITHDRAWN: N_("已撤下"),
}


class Exposure(Base):
    """曝光: who did what, on what basis. It is public from its approval until `expires_on`.

    `ended_at` is when the portal took down what had expired; `hidden_at` since when it is not shown
    because an objection is looked into.
    """

    __tablename__ = "exposure"
    __table_args__ = (
        Index("ix_exposure_report", "report_id"),
        Index("ix_exposure_expires", "expires_on"),
        Index("ix_exposure_due", "ended_at", "withdrawn_at", "expires_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    title: Mapped[str] = mapped_column(String(60))
    party: Mapped[str] = mapped_column(String(100))  # whom it names
    text: Mapped[str]
    basis: Mapped[str] = mapped_column(String(200))  # the decision, or the fact and who approved it
    expires_on: Mapped[date]  # the last local day
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdraw_reason: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    corrected_at: Mapped[datetime | None]

    report: Mapped[Report] = relationship(lazy="joined")

    def stage(self, today: date) -> Stage:
        """Where it stands on a local day."""
        if self.withdrawn_at is not None:
            return Stage.WITHDRAWN
        if self.approved_at is None:
            return Stage.DRAFT
        if self.ended_at is not None or self.expires_on < today:
            return Stage.EXPIRED
        return Stage.LIVE if self.hidden_at is None else Stage.HIDDEN


class ExposureCorrection(Base):
    """曝光更正: other words for an exposure, drafted by one, let hold or sent back by another.

    `before` are the words it took the place of, kept from the moment it held.
    """

    __tablename__ = "exposure_correction"
    __table_args__ = (Index("ix_exposure_correction_exposure", "exposure_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    exposure_id: Mapped[int] = mapped_column(ForeignKey("exposure.id"))
    words: Mapped[dict[str, Any]]  # {title, party, text, basis}
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str]
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    holds: Mapped[bool] = mapped_column(default=False)
