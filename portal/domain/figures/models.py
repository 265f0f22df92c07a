"""One row per report with what it counts as, and the sums over those rows."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId
from portal.core.text import N_


class Kind(StrEnum):
    """By what figures are told apart 统计维度."""

    CITY = "city"
    TOWN = "town"
    DEPARTMENT = "department"
    CATEGORY = "category"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    Kind.CITY: N_("全市"),
    Kind.TOWN: N_("镇街"),
    Kind.DEPARTMENT: N_("单位"),
    Kind.CATEGORY: N_("类型"),
}


class CaseFact(Base):
    """What one report counts as 统计事实. Derived; recomputed by key from report, events and terms.

    `measures` are the bits of measures.Measure.
    """

    __tablename__ = "case_fact"
    __table_args__ = (
        Index("ix_case_fact_next_due", "next_due_at"),
        Index("ix_case_fact_month", "month"),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    month: Mapped[date]  # first day of the local month it was received in
    town_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))  # the lead
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    measures: Mapped[int] = mapped_column(BigInteger)
    days: Mapped[int | None]  # local days from receipt to the first outcome
    received_at: Mapped[datetime]
    next_due_at: Mapped[datetime | None]  # when time alone changes this row
    event_id: Mapped[int] = mapped_column(BigId)  # the newest event it knows of
    computed_at: Mapped[datetime]


class FigureCell(Base):
    """How many reports of a month count as a measure, by kind and key 汇总格.

    `key` is the id of town, department or category; 0 for the city and for none. `bucket` is the
    number of days for the measure `days`, else 0.
    """

    __tablename__ = "figure_cell"
    # In the order pages read: some measures of a kind over a span, for all keys or one.
    __table_args__ = (
        PrimaryKeyConstraint("kind", "measure", "month", "key", "bucket"),
        {"sqlite_with_rowid": False},
    )

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    measure: Mapped[str] = mapped_column(String(20), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class FigureTarget(Base):
    """What a unit is to reach in a year 目标责任书. Rows are only added: the newest counts.

    `value` is in the unit of the figure (percent as 0-100); None withdraws the target.
    """

    __tablename__ = "figure_target"
    __table_args__ = (Index("ix_figure_target_of", "year", "kind", "key", "figure", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[int] = mapped_column(BigId)
    figure: Mapped[str] = mapped_column(String(30))
    value: Mapped[float | None]
    note: Mapped[str] = mapped_column(default="")
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class ScoreWeight(Base):
    """How much a figure weighs in the scorecard 考核权重. Rows are only added.

    Of the rows of one kind and figure the newest in force on a day counts; 0 takes it out.
    """

    __tablename__ = "score_weight"
    __table_args__ = (Index("ix_score_weight_of", "kind", "effective_on", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    figure: Mapped[str] = mapped_column(String(30))
    weight: Mapped[int]
    effective_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
