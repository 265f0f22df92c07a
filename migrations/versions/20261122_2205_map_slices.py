"""sums of the map by department, town and level-2 category"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ("part", "level", "row", "column", "category_code", "state", "is_late")
PARTS = {"d": "department_id", "t": "town_id", "c": "category_id"}
# As of this migration: the finest squares are those of level 20, the sums of towns are level -1.
FINEST = 20
LEVELS = (11, 13, 15)
TOWNS = ("COALESCE(town_id, 0)", 'CASE WHEN "row" IS NULL THEN 0 ELSE 1 END')
SUMS = "COUNT(*), SUM(report_id), SUM(COALESCE(lat, 0)), SUM(COALESCE(lng, 0))"
INDEXES = {
    "square": (
        ("row", "column"),
        ("row", "column", "category_code", "is_late", "state", "month", "lat", "lng"),
    ),
    "received": (
        ("received_on",),
        ("received_on", "row", "column", "category_code", "is_late", "lat", "lng", "town_id"),
    ),
    "town": (("town_id",), ("town_id", "received_on")),
    "department": (("department_id",), ("department_id", "received_on")),
}


def upgrade() -> None:
    """sums of the map by department, town and level-2 category, and indexes that hold a view"""
    op.create_table(
        "map_slice",
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", ID, autoincrement=False, nullable=False),
        sa.Column("column", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category_code", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ids", sa.BigInteger(), nullable=False),
        sa.Column("lat_sum", sa.BigInteger(), nullable=False),
        sa.Column("lng_sum", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_map_slice")),
        sqlite_with_rowid=False,
    )
    for mark, column in PARTS.items():
        _sum(mark, column, -1, TOWNS)
        for level in LEVELS:
            shift = FINEST - level
            _sum(mark, column, level, (f'"row" >> {shift}', f'"column" >> {shift}'))
    for name, (_old, new) in INDEXES.items():
        op.drop_index(f"ix_map_case_{name}", "map_case")
        op.create_index(f"ix_map_case_{name}", "map_case", list(new))
    op.create_index("ix_map_case_category", "map_case", ["category_id", "received_on"])


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_map_case_category", "map_case")
    for name, (old, _new) in INDEXES.items():
        op.drop_index(f"ix_map_case_{name}", "map_case")
        op.create_index(f"ix_map_case_{name}", "map_case", list(old))
    op.drop_table("map_slice")


def _sum(mark: str, whose: str, level: int, square: tuple[str, str]) -> None:
    place = ", ".join(square)
    known = f"{whose} IS NOT NULL" + ("" if level < 0 else ' AND "row" IS NOT NULL')
    op.execute(
        f"INSERT INTO map_slice SELECT '{mark}' || {whose}, {level}, {place},"  # noqa: S608
        f" category_code, state, is_late, {SUMS} FROM map_case WHERE {known}"
        f" GROUP BY {whose}, {place}, category_code, state, is_late"
    )
