"""Who may file over Open311, what they filed, and what they told of it later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId
from portal.domain.reports.models import Channel

# By which a system may file; people use the others.
CHANNELS = (Channel.OPEN311, Channel.SENSOR, Channel.HOTLINE, Channel.WECHAT, Channel.PATROL)


class ApiKey(Base):
    """A system that may write 接入系统, by its key. Only a digest of the key is kept.

    What it files within `window_minutes` of the same place, kind and words is one report.
    """

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    key_mac: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(20))  # portal.domain.reports.models.Channel
    per_hour: Mapped[int]
    window_minutes: Mapped[int]
    gives_token: Mapped[bool] = mapped_column(default=False)  # answers with a token, not a number
    is_demo: Mapped[bool] = mapped_column(default=False)  # good in a demo only
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(60))
    revoked_at: Mapped[datetime | None]


class ApiFiling(Base):
    """Which system filed a report, and the digest that its twins are known by."""

    __tablename__ = "api_filing"
    __table_args__ = (Index("ix_api_filing_twin", "api_key_id", "twin_mac", "at"),)

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"))
    at: Mapped[datetime]
    twin_mac: Mapped[str] = mapped_column(String(64))
    token: Mapped[str | None] = mapped_column(String(32), unique=True)


class ApiUpdate(Base):
    """A message of a system about a report of its own, known by the system's id for it."""

    __tablename__ = "api_update"

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    update_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime]
