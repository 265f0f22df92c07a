"""A typical case named in public."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.text import N_
from portal.domain.reports.models import Report


class Stage(StrEnum):
    """Where an exposure stands; told from its moments, not kept."""

    DRAFT = "draft"
    LIVE = "live"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _LABELS[self]


_LABELS = {
    Stage.DRAFT: N_("待审定"),
    Stage.LIVE: N_("正在曝光"),
    Stage.EXPIRED: N_("到期撤下"),
    Stage.WITHDRAWN: N_("已撤下"),
}


class Exposure(Base):
    """曝光: who did what, on what basis. It is public from its approval until `expires_on`."""

    __tablename__ = "exposure"
    __table_args__ = (
        Index("ix_exposure_report", "report_id"),
        Index("ix_exposure_expires", "expires_on"),
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

    report: Mapped[Report] = relationship(lazy="joined")

    def stage(self, today: date) -> Stage:
        """Where it stands on a local day."""
        if self.withdrawn_at is not None:
            return Stage.WITHDRAWN
        if self.approved_at is None:
            return Stage.DRAFT
        return Stage.LIVE if self.expires_on >= today else Stage.EXPIRED
