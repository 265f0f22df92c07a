"""where public cases lie, and their sums by square"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """where public cases lie, and their sums by square"""
    op.create_table(
        "map_case",
        sa.Column("report_id", ID, nullable=False),
        sa.Column("town_id", ID, nullable=True),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("category_code", sa.String(length=30), nullable=False),
        sa.Column("category_id", ID, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lat", sa.Integer(), nullable=True),
        sa.Column("lng", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("column", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_map_case_report_id_report")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["grid.id"], name=op.f("fk_map_case_town_id_grid")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_map_case_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_map_case_category_id_category")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_map_case")),
    )
    for name, columns in (
        ("square", ["row", "column"]),
        ("received", ["received_on"]),
        ("town", ["town_id"]),
        ("department", ["department_id"]),
        ("due", ["due_at"]),
    ):
        op.create_index(f"ix_map_case_{name}", "map_case", columns)
    op.create_table(
        "map_cell",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", ID, autoincrement=False, nullable=False),
        sa.Column("column", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category_code", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ids", sa.BigInteger(), nullable=False),
        sa.Column("lat_sum", sa.BigInteger(), nullable=False),
        sa.Column("lng_sum", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("level", "month", "row", "column", "category_code", "state", "is_late"),
            name=op.f("pk_map_cell"),
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("map_cell")
    op.drop_table("map_case")
