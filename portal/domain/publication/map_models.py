"""The public map: one narrow row per public case, and the sums over those rows by square."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId

_SQUARE, _MARKS, _POINT = ("row", "column"), ("category_code", "is_late"), ("lat", "lng")


class MapCase(Base):
    """Where and as what a public case is counted on the map 地图点. Derived from its public row.

    A case without a public point has neither degrees nor square: it counts in its town only.
    """

    __tablename__ = "map_case"
    __table_args__ = (
        # Views finer than the sums, and days beside whole months, are summed up from these alone.
        Index("ix_map_case_square", *_SQUARE, *_MARKS, "state", "month", *_POINT),
        Index("ix_map_case_received", "received_on", *_SQUARE, *_MARKS, *_POINT, "town_id"),
        Index("ix_map_case_town", "town_id", "received_on"),
        Index("ix_map_case_department", "department_id", "received_on"),
        Index("ix_map_case_category", "category_id", "received_on"),
        Index("ix_map_case_due", "due_at"),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    town_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    category_code: Mapped[str] = mapped_column(String(30))  # level 1
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    state: Mapped[str] = mapped_column(String(20))
    month: Mapped[int]  # 202611: the local month it was received in
    received_on: Mapped[date]
    is_late: Mapped[bool]
    due_at: Mapped[datetime | None]  # when it becomes late by itself; None once it is, or never
    lat: Mapped[int | None]  # hundred-thousandths of a degree, as coarse as the public point
    lng: Mapped[int | None]
    row: Mapped[int | None]  # square of the finest level
    column: Mapped[int | None]


class _Sums:
    """What both kinds of sums hold of a square or a town."""

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    column: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category_code: Mapped[str] = mapped_column(String(30), primary_key=True)
    state: Mapped[str] = mapped_column(String(20), primary_key=True)
    is_late: Mapped[bool] = mapped_column(primary_key=True)
    count: Mapped[int]
    ids: Mapped[int] = mapped_column(BigInteger)
    lat_sum: Mapped[int] = mapped_column(BigInteger)
    lng_sum: Mapped[int] = mapped_column(BigInteger)


class MapCell(_Sums, Base):
    """How many cases a square or a town holds, by the public filters that are cheap 地图格.

    `month` is 0 in the sum over all months. Below TOWN_LEVEL a "row" is a town's id (0: none) and
    the "column" tells cases with a point (1) from those without (0). The other sums are over the
    same cases: `ids` names the one case where the count is 1, the degrees give their middle.
    """

    __tablename__ = "map_cell"
    # In the order views read: one level and month, some rows, and a run of columns in each.
    __table_args__ = (
        PrimaryKeyConstraint(
            "level", "month", "row", "column", "category_code", "state", "is_late"
        ),
        {"sqlite_with_rowid": False},
    )

    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class MapSlice(_Sums, Base):
    """地图分格: the same sums for one department, town or level-2 category, over all months.

    `part` says whose: `d3`, `t5`, `c12`, by id. On TOWN_LEVEL as in MapCell.
    """

    __tablename__ = "map_slice"
    __table_args__ = (
        PrimaryKeyConstraint("part", "level", "row", "column", "category_code", "state", "is_late"),
        {"sqlite_with_rowid": False},
    )

    part: Mapped[str] = mapped_column(String(24), primary_key=True)
