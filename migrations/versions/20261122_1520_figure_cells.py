"""figure cells in the order pages read them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
READ_ORDER = ("kind", "measure", "month", "key", "bucket")
OLD_ORDER = ("kind", "measure", "key", "month", "bucket")


def upgrade() -> None:
    """figure cells in the order pages read them"""
    _remake(READ_ORDER, sqlite_with_rowid=False)


def downgrade() -> None:
    """Undo it."""
    _remake(OLD_ORDER)


def _remake(order: tuple[str, ...], **more: bool) -> None:
    """Move the cells that hold something into a table with another key."""
    op.rename_table("figure_cell", "figure_cell_old")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_figure_cell RENAME TO pk_figure_cell_old")
    op.create_table(
        "figure_cell",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("key", ID, autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*order, name=op.f("pk_figure_cell")),
        **more,
    )
    columns = "kind, measure, key, month, bucket, count"
    op.execute(
        f"INSERT INTO figure_cell ({columns}) "  # noqa: S608 - fixed names
        f"SELECT {columns} FROM figure_cell_old WHERE count <> 0"
    )
    op.drop_table("figure_cell_old")
