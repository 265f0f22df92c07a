"""air and water readings by month, and the limits they are held against"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """air and water readings by month, and the limits they are held against"""
    op.create_table(
        "quality_import",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_quality_import_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_import")),
    )
    op.create_table(
        "quality_limit",
        sa.Column("id", ID, nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("least", sa.Double(), nullable=True),
        sa.Column("most", sa.Double(), nullable=True),
        sa.Column("standard", sa.String(length=60), nullable=False),
        sa.Column("basis", sa.String(length=60), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_limit")),
    )
    op.create_index("ix_quality_limit_of", "quality_limit", ["indicator", "effective_on", "id"])
    op.create_table(
        "quality_reading",
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("is_below", sa.Boolean(), nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["quality_import.id"],
            name=op.f("fk_quality_reading_import_id_quality_import"),
        ),
        sa.PrimaryKeyConstraint("station", "indicator", "month", name=op.f("pk_quality_reading")),
    )
    op.create_index("ix_quality_reading_month", "quality_reading", ["month"])


def downgrade() -> None:
    """Undo it."""
    op.drop_table("quality_reading")
    op.drop_table("quality_limit")
    op.drop_table("quality_import")
