"""Readings by month, the limits they are held against, and the files they came in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId


class QualityImport(Base):
    """A file of readings that was taken 数据批次. `by_id` None: an operator's command."""

    __tablename__ = "quality_import"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(200))  # of the file
    readings: Mapped[int]
    changed: Mapped[int]  # of them: told otherwise before


class QualityReading(Base):
    """What a station measured of an indicator in a month 监测值. A later file corrects it.

    `value` is in the indicator's unit. `is_below`: under what the method can tell, `value` is that.
    """

    __tablename__ = "quality_reading"
    __table_args__ = (
        PrimaryKeyConstraint("station", "indicator", "month"),
        Index("ix_quality_reading_month", "month"),
    )

    station: Mapped[str] = mapped_column(String(60))
    indicator: Mapped[str] = mapped_column(String(20))
    month: Mapped[date]  # its first day
    value: Mapped[float]
    is_below: Mapped[bool] = mapped_column(default=False)
    import_id: Mapped[int] = mapped_column(ForeignKey("quality_import.id"))


class QualityLimit(Base):
    """Between what an indicator must lie 限值, from a day on. Rows are only added."""

    __tablename__ = "quality_limit"
    __table_args__ = (Index("ix_quality_limit_of", "indicator", "effective_on", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    indicator: Mapped[str] = mapped_column(String(20))
    least: Mapped[float | None]  # in the indicator's unit; None: as little as it likes
    most: Mapped[float | None]
    standard: Mapped[str] = mapped_column(String(60))  # GB 3095-2012 二级
    basis: Mapped[str] = mapped_column(String(60))  # 年平均
    effective_on: Mapped[date]
